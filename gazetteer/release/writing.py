"""The one writer: a file is written beside its place, synced and moved there, whole or not at all.

What holds anything of the county leaves by `leave` or `leave_all`, with its manifest; `put` and
`whole` are what they, and the few that hand on nothing of the county, write with.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from gazetteer.common import plain_names
from gazetteer.common.errors import GazetteerError, WriteError
from gazetteer.release.gate import Released, manifest

T = TypeVar("T")
Made = bytes | Callable[[Path], Any]

MANIFEST = "清单.json"
"""Name of the manifest of a folder whose files leave together."""
BESIDE = ".manifest.json"
"""What the name of a file ends with that is the manifest of one other."""
_REMEDIES = {
    errno.ENOSPC: "Free some space, or choose another folder.",
    errno.ENOENT: "Choose a folder that exists.",
    errno.ENOTDIR: "Choose a folder that exists.",
    errno.EISDIR: "Name a file: this is a folder.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.EROFS: "Choose a folder that you may write to.",
}
_REMEDY = "Close it in other programs, or choose a folder that you may write to."


def refusal(error: OSError, path: Path) -> WriteError:
    """Return what is said where a file cannot be written: which, why, and what helps.

    Examples
    --------
    >>> print(refusal(OSError(errno.ENOSPC, "No space left on device"), Path("石首.xlsx")))
    石首.xlsx: cannot be written (No space left on device). Free some space, or choose another...
    """
    why = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, _REMEDY)
    return WriteError(f"cannot be written ({why})", place=str(path), remedy=remedy)


def put(path: Path, content: bytes, *, folder: bool = False) -> Path:
    """Write bytes to a file; return its path.

    Parameters
    ----------
    path
        File; one that is there is replaced, and keeps who may read and write it.
    content
        All of it.
    folder
        Make its folder if absent.

    Raises
    ------
    WriteError
        When it cannot be written; what was there before stays.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as room:
    ...     put(Path(room) / "图" / "a.txt", b"1", folder=True).read_bytes()
    b'1'
    """
    try:
        if folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        if _is_stream(path):
            path.write_bytes(content)
            return path
    except OSError as error:
        raise refusal(error, path) from error
    whole(path, lambda target: target.write_bytes(content))
    return path


def whole(path: Path, write_to: Callable[[Path], T]) -> tuple[tuple[Path, ...], T]:
    """Have a file written beside its place and move it there, so that no half file is ever seen.

    Parameters
    ----------
    path
        File to be.
    write_to
        Writes it, and its parts beside it, to the path that it is given.

    Returns
    -------
    The files, the one asked for first, and what `write_to` returned.

    Raises
    ------
    WriteError
        When it cannot be written; what was there before stays.
    """
    try:
        _refuse_kept(path)
        room = Path(tempfile.mkdtemp(prefix=".writing-", dir=_place(path).parent))
    except OSError as error:
        raise refusal(error, path) from error
    try:
        with plain_names.writing(room / path.name) as target:
            returned = write_to(target)
        drafts = sorted(room.iterdir(), key=lambda each: (each.name != path.name, each.name))
        return tuple(_moved(each, path.parent / each.name) for each in drafts), returned
    except OSError as error:
        if isinstance(error, GazetteerError):
            raise
        raise refusal(error, path) from error
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _place(path: Path) -> Path:
    """Return where a file lies: a link stays, what it leads to is replaced."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _is_stream(path: Path) -> bool:
    """Tell whether a path is a pipe or a device (/dev/stdout), which nothing may take the place of.

    >>> _is_stream(Path("none"))
    False
    """
    return path.exists() and not stat.S_ISREG(path.stat().st_mode) and not path.is_dir()


def _refuse_kept(path: Path) -> None:
    """Refuse what somebody has made read-only: moving over it would not ask."""
    if path.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not os.access(path, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _moved(draft: Path, path: Path) -> Path:
    place = _place(path)
    if place.exists():
        shutil.copymode(place, draft)
    _synced(draft)
    draft.replace(place)
    return path


def _synced(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def leave(path: Path, content: bytes, *, released: Released, folder: bool = False) -> Path:
    """Write a file that has passed the gate, and its manifest beside it; return its path.

    Parameters
    ----------
    path, content, folder
        As for `put`.
    released
        What the gate returned for what is in it.

    Raises
    ------
    WriteError
        When one of the two cannot be written.

    Examples
    --------
    >>> from gazetteer.release import gate
    >>> with tempfile.TemporaryDirectory() as room:
    ...     made = leave(Path(room) / "a.pdf", b"%PDF", released=gate({}))
    ...     sorted(each.name for each in Path(room).iterdir())
    ['a.pdf', 'a.pdf.manifest.json']
    """
    put(path, content, folder=folder)
    put(beside(path), as_file(manifest({path.name: content}, released=released)))
    return path


def leave_all(
    folder: Path, made: Mapping[str, Made], *, released: Released, name: str = MANIFEST
) -> list[Path]:
    """Write files that have passed the gate, and their manifest after them; return the paths.

    Parameters
    ----------
    folder
        Made if absent.
    made
        Content by the name of the file, or what writes it to the path that it is given; a name
        with ``/`` lies in a folder below.
    released
        What the gate returned for what is in them.
    name
        Of the manifest.

    Raises
    ------
    WriteError
        When a file cannot be written.
    """
    paths = [_made(folder / each, content) for each, content in made.items()]
    contents = {
        each: content if isinstance(content, bytes) else path.read_bytes()
        for (each, content), path in zip(made.items(), paths, strict=True)
    }
    told = as_file(manifest(contents, released=released))
    return [*paths, put(folder / name, told, folder=True)]


def _made(path: Path, content: Made) -> Path:
    if isinstance(content, bytes):
        return put(path, content, folder=True)
    make_folder(path.parent)
    return whole(path, content)[0][0]


def leave_copies(
    folder: Path, made: Mapping[str, bytes], kept: Mapping[str, Path], *, names: Sequence[str]
) -> list[Path]:
    """Write folders of the same files, one after the other; none is seen before it is complete.

    Parameters
    ----------
    folder
        Gets them; made if absent.
    made
        Content by name, their manifest among it.
    kept
        Files that are copied as they lie, by name.
    names
        Of the folders.

    Raises
    ------
    WriteError
        When one cannot be written; then none is left.
    """
    make_folder(folder)
    written: list[Path] = []
    draft = None
    try:
        for name in names:
            draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
            _fill(draft, made, kept)
            written.append(draft.replace(folder / name))
    except OSError as error:
        for each in [*written, *([draft] if draft else [])]:
            shutil.rmtree(each, ignore_errors=True)
        raise refusal(error, folder) from error
    return written


def _fill(draft: Path, made: Mapping[str, bytes], kept: Mapping[str, Path]) -> None:
    for name in (*made, *kept):
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (draft / name).write_bytes(content)
    for name, source in kept.items():
        shutil.copyfile(source, draft / name)
    for name in (*made, *kept):
        _synced(draft / name)
    draft.chmod(0o755)


def make_folder(folder: Path, *, above: bool = True) -> Path:
    """Make a folder where it is not there, with those above it or in one that is; return it.

    Raises
    ------
    WriteError
        When it cannot be made.
    """
    try:
        folder.mkdir(parents=above, exist_ok=True)
    except OSError as error:
        raise refusal(error, folder) from error
    return folder


def beside(path: Path) -> Path:
    """Return where the manifest of one file lies.

    >>> beside(Path("石首.xlsx")).name
    '石首.xlsx.manifest.json'
    """
    return path.with_name(f"{path.name}{BESIDE}")


def as_file(told: Mapping[str, Any]) -> bytes:
    """Return a manifest as the content of its file."""
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()

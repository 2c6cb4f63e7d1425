"""The one writer: a file is written beside its place, synced and moved there, whole or not at all.

What holds anything of the county leaves by `leave` or `leave_all`, with its manifest; `put` and
`whole` are for what hands nothing on: `tests/test_house_writing.py` names each who calls them.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from gazetteer.common import durable, leaving, plain_names, rehearsal
from gazetteer.common.errors import GazetteerError, unwritable
from gazetteer.common.hashing import fingerprint
from gazetteer.release.gate import Released
from gazetteer.release.manifests import Digest, manifest

T = TypeVar("T")
Made = bytes | Callable[[Path], Any]
"""Content of a file, or what writes it (and its parts beside it) to the path that it is given."""

MANIFEST = "清单.json"  # of a folder whose files leave together
DRAFT = ".writing-"  # begins the name of a folder in which a file is written beside its place
BESIDE = ".manifest.json"  # ends the name of the manifest of one file


def put(path: Path, content: bytes) -> Path:
    """Write bytes to a file.

    Parameters
    ----------
    path
        File; one that is there is replaced, and keeps who may read and write it.
    content
        All of it.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    WriteError
        When it cannot be written; what was there before stays.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as room:
    ...     put(Path(room) / "a.txt", b"1").read_bytes()
    b'1'
    """
    leaving.permit(path)
    try:
        if _is_stream(path):
            path.write_bytes(content)
        else:
            whole(path, lambda target: target.write_bytes(content))
    except OSError as error:
        raise unwritable(error, path) from error
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
    tuple[tuple[Path, ...], T]
        The files, the one asked for first, and what `write_to` returned.

    Raises
    ------
    WriteError
        When it cannot be written; what was there before stays.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as room:
    ...     files, size = whole(Path(room) / "a.txt", lambda draft: draft.write_bytes(b"12"))
    ...     [each.name for each in files], size
    (['a.txt'], 2)
    """
    leaving.permit(path)
    try:
        _refuse_kept(path)
        room = Path(tempfile.mkdtemp(prefix=DRAFT, dir=rehearsal.within(_place(path).parent)))
    except OSError as error:
        raise unwritable(error, path) from error
    try:
        with plain_names.writing(room / path.name) as target:
            returned = write_to(target)
        drafts = sorted(room.iterdir(), key=lambda each: (each.name != path.name, each.name))
        return tuple(_moved(each, path.parent / each.name) for each in drafts), returned
    except OSError as error:
        if isinstance(error, GazetteerError):
            raise
        raise unwritable(error, path) from error
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
    place = rehearsal.at(_place(path))
    if place.exists():
        shutil.copymode(place, draft)
    durable.sync(draft)
    draft.replace(place)
    durable.sync_folder(place.parent)
    return path


def leave(
    path: Path,
    made: Made,
    *,
    released: Released,
    folder: bool = False,
    further: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write a file that has passed the gate, and its manifest beside it.

    Parameters
    ----------
    path
        File; one that is there is replaced. Beside a pipe or a device (``/dev/stdout``) no
        manifest can lie: none is written.
    made
        Its content, or what writes it (and its parts) to the path that it is given.
    released
        What the gate returned for what is in it.
    folder
        Make its folder if absent.
    further
        What the manifest tells besides.

    Returns
    -------
    list[Path]
        The file, its parts, and the manifest as the last.

    Raises
    ------
    WriteError
        When one of them cannot be written.

    Examples
    --------
    >>> from gazetteer.release import gate
    >>> with tempfile.TemporaryDirectory() as room:
    ...     files = leave(Path(room) / "a.pdf", b"%PDF", released=gate({}))
    ...     [each.name for each in files]
    ['a.pdf', 'a.pdf.manifest.json']
    """
    if folder:
        make_folder(path.parent)
    if isinstance(made, bytes) and _is_stream(path):
        return [put(path, made)]
    name = beside(path).name
    return _left(path.parent, {path.name: made}, released=released, name=name, further=further)


def leave_all(
    folder: Path,
    made: Mapping[str, Made],
    *,
    name: str = MANIFEST,
    released: Released,
    further: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write files that have passed the gate, and one manifest after them.

    Parameters
    ----------
    folder
        Made if absent.
    made
        Content by the name of the file, or what writes it to the path that it is given; a name
        with ``/`` lies in a folder below.
    name
        Of the manifest.
    released, further
        As for `leave`.

    Returns
    -------
    list[Path]
        The files in their order, and the manifest as the last.

    Raises
    ------
    WriteError
        When a file cannot be written.

    Examples
    --------
    >>> from gazetteer.release import gate
    >>> with tempfile.TemporaryDirectory() as room:
    ...     made = {"a.pdf": b"%PDF", "b.txt": lambda draft: draft.write_bytes(b"1")}
    ...     [each.name for each in leave_all(Path(room) / "new", made, released=gate({}))]
    ['a.pdf', 'b.txt', '清单.json']
    """
    for room in dict.fromkeys([folder, *((folder / each).parent for each in made)]):
        make_folder(room)
    return _left(folder, made, released=released, name=name, further=further)


def _left(
    folder: Path, made: Mapping[str, Made], *, name: str, released: Released, further: Any
) -> list[Path]:
    durable.sweep(rehearsal.within(folder), f"{DRAFT}*")
    contents: dict[str, bytes | Digest] = {}
    for each, content in made.items():
        contents |= _made(folder, each, content)
    told = {**manifest(contents, released=released), **(further or {})}
    path = put(folder / name, as_file(told))
    leaving.note(path, told)
    return [*(folder / each for each in contents), path]


def _made(folder: Path, name: str, content: Made) -> Mapping[str, bytes | Digest]:
    """Write a file, and return it and its parts by name with what is in them."""
    if isinstance(content, bytes):
        put(folder / name, content)
        return {name: content}
    files, _ = whole(folder / name, content)
    return {each.relative_to(folder).as_posix(): _digest(rehearsal.lies(each)) for each in files}


def _digest(path: Path) -> Digest:
    return Digest(path.stat().st_size, fingerprint(path))


def make_folder(folder: Path, *, above: bool = True) -> Path:
    """Make a folder where it is not there.

    Parameters
    ----------
    folder
        To be; one that is there stays as it is.
    above
        Make those above it as well; without it they must be there.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    WriteError
        When it cannot be made.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as room:
    ...     make_folder(Path(room) / "图集" / "2026").is_dir()
    True
    """
    try:
        rehearsal.make_folder(folder, above=above)
    except OSError as error:
        raise unwritable(error, folder) from error
    return folder


def beside(path: Path) -> Path:
    """Return where the manifest of one file lies.

    Parameters
    ----------
    path
        The file, or its name.

    Returns
    -------
    Path
        In the same folder.

    Examples
    --------
    >>> beside(Path("石首.xlsx")).name
    '石首.xlsx.manifest.json'
    """
    return path.with_name(f"{path.name}{BESIDE}")


def as_file(told: Mapping[str, Any]) -> bytes:
    """Return a manifest as the content of its file.

    Parameters
    ----------
    told
        As `gazetteer.release.manifest` returns it.

    Returns
    -------
    bytes
        JSON in UTF-8, indented, with a line end.

    Examples
    --------
    >>> json.loads(as_file({"profile": "public"}))
    {'profile': 'public'}
    """
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()

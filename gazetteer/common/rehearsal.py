"""A rehearsal: a command does all that it would do, and nothing of it lasts (`--dry-run`).

What it writes lies meanwhile in a room of its own, in folders as those it is meant for, and is
gone with it. Whoever writes asks here where to: `within` for a folder, `at` for a file; whoever
reads what the same run may have written asks `lies`. Outside of a rehearsal all three give back
what they are given.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOM = ".gazetteer-room-"
"""How the names of temporary folders begin: of no folder that a person makes."""
_ROOTS = "root"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Where a rehearsal writes.

    Parameters
    ----------
    room
        Its temporary folder.
    copies
        Files that were copied into it to be changed there: where they lie, and the copies.
    gone
        Files that would have been given another name.
    """

    room: Path
    copies: dict[Path, Path] = field(default_factory=dict)
    gone: set[Path] = field(default_factory=set)

    def written(self) -> list[Path]:
        """Return the files that would have been written, those changed in a copy left out."""
        root, kept = self.room / _ROOTS, set(self.copies.values())
        found = sorted(each for each in root.rglob("*") if each.is_file() and each not in kept)
        return [_meant(each, root) for each in found]


_going: list[Rehearsal] = []
"""The rehearsal that is going on, of all threads: a worker that did not know of it would write."""


@contextmanager
def rehearsed() -> Iterator[Rehearsal]:
    """Let all that is written in the block lie in a room that is gone after it.

    Examples
    --------
    >>> with rehearsed() as rehearsal:
    ...     files = [at(Path.cwd() / "none.txt").write_bytes(b"1"), rehearsal.written()[0].name]
    >>> files, going(), Path("none.txt").exists()
    ([1, 'none.txt'], False, False)
    """
    with tempfile.TemporaryDirectory(prefix=ROOM, ignore_cleanup_errors=True) as room:
        _going.append(Rehearsal(Path(room).resolve()))
        try:
            yield _going[-1]
        finally:
            _going.pop()


def going() -> bool:
    """Tell whether nothing that is written is to last."""
    return bool(_going)


def _here() -> Rehearsal | None:
    return _going[-1] if _going else None


def within(folder: Path) -> Path:
    """Return where to write what is to lie in a folder.

    Raises
    ------
    OSError
        When nothing could be written there.
    """
    here = _here()
    if here is None or _is_room(folder):
        return folder
    mirrored = _mirrored(here, folder)
    if not mirrored.is_dir():
        _refuse_unfit(folder)
        mirrored.mkdir(parents=True)
    return mirrored


def at(path: Path) -> Path:
    """Return where to write what is to be a file."""
    return within(path.parent) / path.name if going() else path


def lies(path: Path) -> Path:
    """Return where the content of a file or folder lies: what this run has written counts."""
    here = _here()
    if here is None or _is_room(path):
        return path
    mirrored = _mirrored(here, path)
    return mirrored if mirrored.exists() else path


def exists(path: Path) -> bool:
    """Tell whether something is there, or would be."""
    here = _here()
    if here is None:
        return path.exists()
    return lies(path).exists() and (lies(path) != path or path not in here.gone)


def make_folder(folder: Path, *, above: bool) -> None:
    """Make a folder where it is not there; with `above` those above it, too."""
    here = _here()
    if here is None or _is_room(folder):
        folder.mkdir(parents=above, exist_ok=True)
    elif not folder.is_dir():
        if folder.exists():
            raise _refused(errno.EEXIST, folder)
        if above:
            make_folder(folder.parent, above=True)
        within(folder.parent)
        _mirrored(here, folder).mkdir(parents=True, exist_ok=True)


def rename(path: Path, target: Path) -> None:
    """Give a file another name; in a rehearsal it is only not there any more."""
    here = _here()
    if here is None:
        path.rename(target)
    else:
        here.gone.add(path)


def copied(path: Path) -> Path | None:
    """Return where a copy of a file is to be made, so that the copy is changed in its place.

    None where there is no rehearsal, or the run has the file already.
    """
    here = _here()
    if here is None or lies(path) != path or _is_room(path):
        return None
    here.copies[path.resolve()] = at(path.resolve())
    return here.copies[path.resolve()]


def _mirrored(here: Rehearsal, path: Path) -> Path:
    whole = path.resolve()
    drive = "".join(each for each in whole.drive if each.isalnum())
    return here.room.joinpath(_ROOTS, drive or "_", *whole.parts[1:])


def _meant(mirrored: Path, root: Path) -> Path:
    drive, *parts = mirrored.relative_to(root).parts
    top = Path(Path.cwd().anchor) if drive == "_" else Path(f"{drive}:{os.sep}")
    return top.joinpath(*parts)


def _is_room(path: Path) -> bool:
    """Tell whether a path lies in a temporary folder of the program, the rehearsal's included."""
    return any(each.startswith(ROOM) for each in path.parts)


def _refuse_unfit(folder: Path) -> None:
    if not folder.exists():
        raise _refused(errno.ENOENT, folder)
    if not folder.is_dir():
        raise _refused(errno.ENOTDIR, folder)
    if not os.access(folder, os.W_OK):
        raise _refused(errno.EACCES, folder)


def _refused(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))

"""What a power cut or a kill must not take: files synced with their folder, left drafts swept."""

from __future__ import annotations

import logging
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gazetteer.common.rehearsal import ROOM

_log = logging.getLogger(__name__)

DRAFT_SECONDS = 3600
"""A draft that nobody has written to for so long belongs to a run that was killed."""
ROOM_SECONDS = 24 * 3600
"""A temporary folder, which a long run may only read, is left when untouched for so long."""


def sync(path: Path) -> None:
    """Have the disk hold what was written to a file; on Windows it has to be open for writing."""
    opened = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_folder(folder: Path) -> None:
    """Have the disk hold the names in a folder; where a system cannot (Windows), it does itself."""
    if os.name == "nt":
        return
    with suppress(OSError):  # some shares refuse it
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def sweep(folder: Path, pattern: str, *, seconds: float = DRAFT_SECONDS) -> list[Path]:
    """Take away what killed runs have left in a folder; return what it was.

    Parameters
    ----------
    folder
        Looked in, not below.
    pattern
        What drafts are called, as a glob.
    seconds
        Untouched for so long. What is younger may be somebody's who is at work.

    Returns
    -------
    Files and folders taken away: our own account's alone, and never what a link leads to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room:
    ...     (Path(room) / ".writing-a").mkdir()
    ...     young = sweep(Path(room), ".writing-*")
    ...     os.utime(Path(room) / ".writing-a", (0, 0))
    ...     young, [each.name for each in sweep(Path(room), ".writing-*")]
    ([], ['.writing-a'])
    """
    before = time.time() - seconds
    found = [each for each in _matching(folder, pattern) if _left(each, before)]
    for each in found:
        _log.info("%s: left by a run that was killed, taken away", each)
        if each.is_dir():
            shutil.rmtree(each, ignore_errors=True)
        else:
            with suppress(OSError):
                each.unlink()
    return [each for each in found if not each.exists()]


def sweep_rooms() -> list[Path]:
    """Take away temporary folders that killed runs have left, which may hold a whole county.

    Returns
    -------
    list[Path]
        The folders.

    Examples
    --------
    >>> import tempfile
    >>> room = Path(tempfile.mkdtemp(prefix=ROOM))
    >>> os.utime(room, (0, 0))
    >>> room in sweep_rooms()
    True
    """
    return sweep(Path(tempfile.gettempdir()), f"{ROOM}*", seconds=ROOM_SECONDS)


def _matching(folder: Path, pattern: str) -> list[Path]:
    with suppress(OSError):
        return sorted(folder.glob(pattern))
    return []


def _left(path: Path, before: float) -> bool:
    try:
        own = path.lstat()
        if stat.S_ISLNK(own.st_mode) or own.st_uid != _account():
            return False
        return all(each < before for each in _touched(path))
    except OSError:
        return False


def _account() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _touched(path: Path) -> Iterator[float]:
    """Yield when a file, or a folder and all that is in it, was last written."""
    yield path.lstat().st_mtime
    if path.is_dir():
        yield from (each.lstat().st_mtime for each in path.rglob("*"))

"""What Windows refuses, watched wherever tests run: a file in use is not renamed or deleted.

Linux lets both happen. Python's audit events tell of every rename and removal, and ``/proc`` which
files this process holds open then, those of SQLite and GDAL, too.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

HELD = Path("/proc/self/fd")
EVENTS = {"os.rename": (0, 1), "os.remove": (0,)}
"""Event -> which of its arguments are paths; the folders they are told from come after them."""

_refused: list[str] = []
_watching = False


def _held_open() -> set[tuple[int, int]]:
    """Return device and number of each regular file that is open in this process."""
    found = set()
    for each in HELD.iterdir():
        with suppress(OSError):
            told = each.stat()
            if stat.S_ISREG(told.st_mode):
                found.add((told.st_dev, told.st_ino))
    return found


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching or event not in EVENTS:
        return
    count = len(EVENTS[event])
    for at in EVENTS[event]:
        path, folder = arguments[at], arguments[count + at]
        with suppress(OSError, ValueError, TypeError):
            told = os.stat(path, dir_fd=None if folder == -1 else folder, follow_symlinks=False)
            if (told.st_dev, told.st_ino) in _held_open():
                _refused.append(f"{event} of {os.fsdecode(path)}, which is open")


if HELD.is_dir():
    sys.addaudithook(_watch)


@contextmanager
def refusals() -> Iterator[list[str]]:
    """Yield the list into which goes what Windows would have refused meanwhile."""
    global _watching  # noqa: PLW0603 - an audit hook cannot be taken away again
    before, _watching = _watching, True
    _refused.clear()
    try:
        yield _refused
    finally:
        _watching = before

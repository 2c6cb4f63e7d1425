"""Paths that GDAL and calamine can open in a locale whose file names are not UTF-8.

Both are given paths as UTF-8. Where the system's file names are in another encoding
(LANG=zh_CN.GBK) a Chinese path means another file to them: they find none, or write one that
nobody finds again. Such a file is read through a link with a plain name, and written under one and
then moved.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gazetteer.common import rehearsal

STEM = "layer"


def needed(path: Path) -> bool:
    """Tell whether such a library would look for another file than is meant.

    Examples
    --------
    >>> needed(Path("county.gpkg"))
    False
    """
    plain = sys.getfilesystemencoding().lower() in ("utf-8", "utf8") or os.name == "nt"
    return not plain and not str(path).isascii()


@contextmanager
def reading(path: Path) -> Iterator[Path]:
    """Give a path under which every library finds a file and its parts (of the same stem)."""
    if not needed(path) or not path.exists():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix=rehearsal.ROOM) as folder:
        for each in path.parent.iterdir():
            if each.stem == path.stem and each.is_file():
                (Path(folder) / f"{STEM}{each.suffix}").symlink_to(each.absolute())
        yield Path(folder) / f"{STEM}{path.suffix}"


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a path under which any library writes a file; it and its parts move into place.

    Nothing moves where writing fails.
    """
    if not needed(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix=rehearsal.ROOM) as folder:
        yield Path(folder) / f"{STEM}{path.suffix}"
        for each in sorted(Path(folder).iterdir()):
            shutil.move(each, path.with_name(path.stem + each.name.removeprefix(STEM)))

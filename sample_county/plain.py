"""Files that GDAL writes in a locale whose file names are not UTF-8 (LANG=zh_CN.GBK).

GDAL takes every path for UTF-8; under such a locale a Chinese name would be another file. The file
is then written under a plain name, with what was there before, and put in its place.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def plainly(path: Path) -> Iterator[Path]:
    """Give a path under which GDAL writes a file, or on in a file that is there."""
    utf8 = sys.getfilesystemencoding().lower() in ("utf-8", "utf8") or os.name == "nt"
    if utf8 or str(path).isascii():
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        for part in path.parent.glob("*"):
            if part.stem == path.stem and part.is_file():
                shutil.copy(part, Path(folder) / f"plain{part.suffix}")
        yield Path(folder) / f"plain{path.suffix}"
        for part in sorted(Path(folder).iterdir()):
            shutil.move(part, path.with_suffix(part.suffix))


def table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as CSV in UTF-8 with byte order mark, as spreadsheets know it."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])

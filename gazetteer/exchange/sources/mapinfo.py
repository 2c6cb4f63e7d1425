"""MapInfo files with their own word on their encoding taken off, so that it can be proved."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gazetteer.common import rehearsal
from gazetteer.exchange.sources import shapefile

_CHARSET = {
    "tab": re.compile(rb'(?i)^(\s*!charset\s+)"?(\w+)"?', re.MULTILINE),
    "mif": re.compile(rb'(?i)^(\s*charset\s+)"(\w+)"', re.MULTILINE),
}
_HEAD = 1 << 12
_PLAIN = {"tab": b"Neutral", "mif": b'"Neutral"'}


@contextmanager
def plain(path: Path, form: str) -> Iterator[tuple[Path, str]]:
    """Give a copy whose texts GDAL leaves as their bytes, and the charset that the file states."""
    data = path.read_bytes()
    match = _CHARSET[form].search(data[:_HEAD])
    if not match or match[2].lower() == b"neutral":
        yield path, ""
        return
    with TemporaryDirectory(prefix=rehearsal.ROOM) as folder:
        target = Path(folder, path.name)
        for each in shapefile.parts(path):
            if each != path:
                shutil.copyfile(each, target.with_suffix(each.suffix))
        target.write_bytes(data[: match.start()] + match[1] + _PLAIN[form] + data[match.end() :])
        yield target, match[2].decode("ascii", "replace")

"""CAD drawings (DXF): the encoding of their texts told by all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyogrio
import shapely

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.sources import encodings
from gazetteer.exchange.sources.raw import Objects

_CODE_PAGE = re.compile(rb"\$DWGCODEPAGE\s+3\s+(\S+)")
_VERSION = re.compile(rb"\$ACADVER\s+1\s+AC(\d+)")
_HEAD = 1 << 16
_FIRST_UTF_8 = 1021
"""Version of drawings (AutoCAD 2007) from which on texts are UTF-8 whatever the code page."""


@contextmanager
def decoding(path: Path, asked: str | None, *, place: str) -> Iterator[None]:
    """Have GDAL read texts in the encoding that was asked for, or that all of them are in.

    Raises
    ------
    InputError
        When they are in none that can be told.
    """
    name = asked or _decided(path.read_bytes(), place)
    pyogrio.set_gdal_config_options({"DXF_ENCODING": name})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"DXF_ENCODING": None})


OPEN = Text(
    "图中有不闭合的线，不能作为面：在 CAD 中闭合（PEDIT、BOUNDARY）或在 QGIS 中“线转面”后再导入",
    "Lines that are not closed are no areas: close them in CAD (PEDIT, BOUNDARY) or make polygons "
    "of them in QGIS (Polygonize), then import again",
)
_FEWEST = 4
"""Vertices of a closed line that has an area, the first one twice."""


def areas(shapes: Objects) -> tuple[Objects, int, int]:
    """Return shapes with closed lines as polygons, and how many lines were closed and were not.

    Examples
    --------
    >>> wkt = ["LINESTRING (0 0, 1 0, 1 1, 0 0)", "LINESTRING (0 0, 1 0)"]
    >>> found, closed, open_ = areas(shapely.from_wkt(wkt))
    >>> [each.geom_type for each in found], closed, open_
    (['Polygon', 'LineString'], 1, 1)
    """
    lines = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    closed = lines & shapely.is_closed(shapes) & (shapely.get_num_points(shapes) >= _FEWEST)
    found = shapes.copy()
    rings = shapely.remove_repeated_points(shapes[closed])  # where an arc begins, GDAL has two
    found[closed] = [
        shapely.Polygon(xy) if len(xy := shapely.get_coordinates(each)) >= _FEWEST else line
        for each, line in zip(rings, shapes[closed], strict=True)
    ]
    return found, int(closed.sum()), int((lines & ~closed).sum())


def _decided(data: bytes, place: str) -> str:
    head = data[:_HEAD]
    version = _VERSION.search(head)
    page = _CODE_PAGE.search(head)
    modern = version is not None and int(version[1]) >= _FIRST_UTF_8
    stated = "UTF-8" if modern else page[1].decode("ascii", "replace") if page else ""
    texts = {line for line in data.splitlines() if not line.isascii()}
    found = encodings.decide(texts, stated=stated, where="$DWGCODEPAGE")
    if found is None:
        raise InputError(
            Sentence("its text is of no encoding that can be told"),
            place=place,
            remedy=Sentence("Say what it is with --encoding."),
        )
    return {encodings.GB18030: "CP936"}.get(found.name, found.name)

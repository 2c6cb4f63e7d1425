"""KML without GDAL, which makes underscores of Chinese keys, so that they overwrite each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.sources import encodings, markup
from gazetteer.exchange.sources.raw import Raw, unique_names

FOLDER = "Folder"
"""Column of the folders that a placemark lies in, from the outermost down."""
_BESIDE = ("name", "description", "address", "phoneNumber")
_TIMES = ("when", "begin", "end")
Coordinates = list[tuple[float, ...]]
Row = list[tuple[str, str]]


def read(
    path: Path, *, place: str, layer: str | None = None, encoding: str | None = None
) -> list[Raw]:
    """Read the placemarks of a file, or those of the folder that is named.

    Raises
    ------
    InputError
        When it is no XML, or has no such folder.
    """
    text, name = encodings.decode(path.read_bytes(), place=place, encoding=encoding)
    root = markup.parsed(encodings.shown(text), place=place)
    damaged = encodings.garbled(text)
    marks = list(_placemarks(root, ()))
    if layer is not None:
        marks = [(where, each) for where, each in marks if layer in (*where, "/".join(where))]
        if not marks:
            folders = {"/".join(where) for where, _ in _placemarks(root, ()) if where}
            msg = Sentence("no layer {layer!r}", layer=layer)
            raise InputError(
                msg,
                place=place,
                remedy=Sentence("Folders: {listed}.", listed=tuple(sorted(folders))),
            )
    if not marks:
        return []
    return [_raw(marks, encoding=name, damaged=damaged)]


def _tag(element: Any) -> str:
    """Return the name of an element without its namespace; a comment has none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _placemarks(element: Any, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each placemark with the folders it lies in; deep nesting takes no stack."""
    waiting = [(element, where)]
    while waiting:
        each, inside = waiting.pop()
        if _tag(each) == "Placemark":
            yield inside, each
            continue
        if _tag(each) == "Folder":
            inside = (*inside, _text(_child(each, "name")) or "?")
        waiting += [(child, inside) for child in reversed(each)]


def _child(element: Any, name: str) -> Any:
    if element is None:
        return None
    return next((each for each in element if _tag(each) == name), None)


def _text(element: Any) -> str:
    return "" if element is None else "".join(element.itertext()).strip()


def _raw(marks: list[tuple[tuple[str, ...], Any]], *, encoding: str, damaged: bool) -> Raw:
    broken: dict[int, Text] = {}
    garbled: dict[int, str | int] = {}
    shapes = np.full(len(marks), None, dtype=object)
    rows: list[Row] = []
    for at, (where, mark) in enumerate(marks):
        row = list(_values(mark))
        rows.append([*row, (FOLDER, "/".join(where))])
        bad = next((key for key, value in row if "\ufffd" in value), None) if damaged else None
        if bad:
            garbled[at] = bad
        try:
            shapes[at] = _geometry(mark)
        except (ValueError, IndexError, shapely.errors.GEOSException):
            broken[at] = Text("图形无法读取", "Geometry unreadable")
    return Raw(
        cells=_cells(rows),
        rows=np.arange(1, len(marks) + 1),
        named=True,
        shapes=shapes,
        broken=broken,
        garbled=garbled,
        crs=pyproj.CRS("OGC:CRS84"),
        encoding=encoding,
    )


def _values(mark: Any) -> Iterator[tuple[str, str]]:
    """Yield name and value of everything that a placemark says."""
    for each in mark:
        if _tag(each) in _BESIDE:
            yield _tag(each), _text(each)
        elif _tag(each) in ("TimeStamp", "TimeSpan"):
            yield from ((_tag(time), _text(time)) for time in each if _tag(time) in _TIMES)
        elif _tag(each) == "ExtendedData":
            yield from _extended(each)


def _extended(element: Any) -> Iterator[tuple[str, str]]:
    for each in element.iter("{*}Data", "{*}SimpleData"):
        held = _child(each, "value") if _tag(each) == "Data" else each
        yield each.get("name") or _text(_child(each, "displayName")), _text(held)


def _cells(rows: list[Row]) -> pd.DataFrame:
    """Return values under their own keys; a key that a placemark has twice has two columns."""
    columns: dict[tuple[str, int], dict[int, str]] = {}
    for at, row in enumerate(rows):
        seen: dict[str, int] = {}
        for key, value in row:
            seen[key] = seen.get(key, 0) + 1
            if value:
                columns.setdefault((key, seen[key]), {})[at] = value
    names = unique_names([key for key, _ in columns])
    held = [[column.get(at) for at in range(len(rows))] for column in columns.values()]
    pairs = dict(zip(names, held, strict=True))
    return pd.DataFrame(pairs, index=range(len(rows)), columns=names, dtype=object)


def _geometry(mark: Any) -> Any:
    """Return the geometry of a placemark, `None` where it has none."""
    return next((_BUILDERS[_tag(each)](each) for each in mark if _tag(each) in _BUILDERS), None)


def _xy(element: Any) -> Coordinates:
    """Return the pairs of an element; heights are left out."""
    positions = _text(_child(element, "coordinates")).split()
    return [tuple(float(each) for each in pair.rstrip(",").split(",")[:2]) for pair in positions]


def _ring(element: Any) -> Coordinates:
    return _xy(_child(element, "LinearRing"))


def _polygon(element: Any) -> Any:
    outer = _child(element, "outerBoundaryIs")
    inner = [_ring(each) for each in element if _tag(each) == "innerBoundaryIs"]
    return shapely.Polygon() if outer is None else shapely.Polygon(_ring(outer), inner)


def _several(element: Any) -> Any:
    """Return the parts of a MultiGeometry, of one type where they are."""
    parts = [_BUILDERS[_tag(each)](each) for each in element if _tag(each) in _BUILDERS]
    types = {each.geom_type for each in parts}
    together = _TOGETHER.get(types.pop()) if len(types) == 1 else None
    return together(parts) if together else shapely.GeometryCollection(parts)


def _track(element: Any) -> Any:
    positions = [_text(each).split()[:2] for each in element if _tag(each) == "coord"]
    return shapely.LineString([tuple(map(float, each)) for each in positions])


_TOGETHER: dict[str, Callable[..., Any]] = {
    "Point": shapely.MultiPoint,
    "LineString": shapely.MultiLineString,
    "Polygon": shapely.MultiPolygon,
}
_BUILDERS: dict[str, Callable[[Any], Any]] = {
    "Point": lambda each: shapely.Point(_xy(each)[0]) if _xy(each) else shapely.Point(),
    "LineString": lambda each: shapely.LineString(_xy(each)),
    "LinearRing": lambda each: shapely.LineString(_xy(each)),
    "Polygon": _polygon,
    "MultiGeometry": _several,
    "Track": _track,
    "MultiTrack": _several,
}

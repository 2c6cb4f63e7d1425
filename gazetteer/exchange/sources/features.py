"""GeoJSON, as one document or a feature a line, without GDAL: every feature is seen and counted.

JSON that is no GeoJSON is a list of records (see `gazetteer.exchange.sources.records`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.exceptions import CRSError

from gazetteer.common.errors import CrsError, InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.sources import encodings, records
from gazetteer.exchange.sources.raw import (
    Objects,
    Raw,
    flat,
    objects,
    text_column,
    unique_names,
)

_RECORD_SEPARATOR = "\x1e"
_REMEDY = Sentence("Export it again; GeoJSON is a FeatureCollection or a feature a line.")


class Unreadable(str):
    """What stands in the place of a geometry that is none: the reason."""

    __slots__ = ()


def read(path: Path, *, place: str, encoding: str | None = None) -> list[Raw]:
    """Read a GeoJSON file, of one document or a feature a line, or a list of records.

    Raises
    ------
    InputError
        When it is not JSON, or JSON of something else.
    """
    text, name = encodings.decode(path.read_bytes(), place=place, encoding=encoding)
    document = _document(text, place)
    found = _lines(text) if document is None else document
    if not _are_features(found):
        return _listed(found, name, place)
    features = found if isinstance(found, list) else _features(found, place)
    crs, stated = _crs(found if isinstance(found, dict) else {}, place)
    if not features:
        raise InputError(Sentence("it holds no feature"), place=place, remedy=_REMEDY)
    return [_raw(features, crs=crs, stated=stated, encoding=name)]


def _are_features(found: Any) -> bool:
    """Tell whether JSON is GeoJSON, or a bare list of features."""
    if isinstance(found, dict):
        return found.get("type") in ("FeatureCollection", "Feature")
    return isinstance(found, list) and any(
        isinstance(each, dict) and each.get("type") == "Feature" for each in found
    )


def _listed(found: Any, encoding: str, place: str) -> list[Raw]:
    """Return the records of JSON that is no GeoJSON as a table."""
    rows = records.rows(found)
    if not rows:
        kind = found.get("type") if isinstance(found, dict) else None
        msg = (
            Sentence("it is {kind}, not a FeatureCollection", kind=kind[:60])
            if isinstance(kind, str)
            else Sentence("it is JSON but not GeoJSON, and no list of records")
        )
        raise InputError(msg, place=place, remedy=_REMEDY)
    broken = {at: _no_record(each) for at, each in enumerate(rows) if not isinstance(each, dict)}
    cells, garbled = _cells([each if isinstance(each, dict) else {} for each in rows])
    return [
        Raw(
            cells=cells,
            rows=np.arange(1, len(rows) + 1),
            named=True,
            broken=broken,
            garbled=garbled,
            encoding=encoding,
        )
    ]


def _no_record(found: Any) -> Text:
    shown = encodings.shown(str(found))[:60]
    return Text(f"不是一条记录：{shown}", f"It is no record: {shown}")


def _document(text: str, place: str) -> Any:
    """Return the one JSON value of a file; ``None`` when it has a feature or record a line."""
    first, _, rest = text.lstrip().partition("\n")
    if first.startswith(_RECORD_SEPARATOR) or (rest.strip() and _is_record(first)):
        return None
    try:
        return json.loads(text, object_hook=_hook)
    except RecursionError as error:
        raise InputError(
            Sentence("its JSON is nested too deeply"), place=place, remedy=_REMEDY
        ) from error
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        msg = Sentence("it is not JSON from line {line} on", line=line)
        raise InputError(
            msg, place=place, remedy=Sentence("The copy is incomplete: copy it again.")
        ) from error


def _is_record(line: str) -> bool:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "features" not in found


def _lines(text: str) -> list[Any]:
    """Return a feature a line; a line that is no JSON becomes what is wrong with it."""
    found: list[Any] = []
    for line in text.replace(_RECORD_SEPARATOR, "").splitlines():
        if line.strip():
            try:
                found.append(json.loads(line, object_hook=_hook))
            except (ValueError, RecursionError):
                found.append(Unreadable(line))
    return found


def _features(document: dict[str, Any], place: str) -> list[Any]:
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return list(document["features"])
    if kind == "Feature":
        return [document]
    what = kind[:60] if isinstance(kind, str) else "JSON"
    raise InputError(
        Sentence("it is {kind}, not a FeatureCollection", kind=what), place=place, remedy=_REMEDY
    )


def _crs(document: dict[str, Any], place: str) -> tuple[pyproj.CRS | None, bool]:
    """Return the CRS of the old ``crs`` member, else the format's own, and whether it is stated."""
    if "crs" not in document:
        return pyproj.CRS("OGC:CRS84"), False
    member = document["crs"]
    if member is None:
        return None, True
    try:
        return pyproj.CRS.from_user_input(member["properties"]["name"]), True
    except (CRSError, KeyError, TypeError) as error:
        raise CrsError(
            Sentence("its crs member names no known system"),
            place=place,
            remedy=Sentence("Take the crs member out, and state the CRS."),
        ) from error


def _hook(found: dict[str, Any]) -> Any:
    """Turn a geometry into a shape as soon as it is parsed, so that no lists pile up."""
    if "coordinates" in found and isinstance(found.get("type"), str) and _bare(found):
        return _shape(found["type"], found["coordinates"])
    if found.get("type") == "GeometryCollection" and isinstance(found.get("geometries"), list):
        parts = found["geometries"]
        whole = all(isinstance(each, shapely.Geometry) for each in parts)
        return shapely.GeometryCollection(parts) if whole else Unreadable("a part is unreadable")
    return found


def _bare(found: dict[str, Any]) -> bool:
    """Tell a geometry from a record that has coordinates among other things."""
    return found["type"] in _BUILDERS or set(found) <= {"type", "coordinates", "bbox", "crs"}


def _shape(kind: str, coordinates: Any) -> Any:
    if kind not in _BUILDERS:
        return Unreadable(f"no geometry type {kind[:40]!r}")
    try:
        return _BUILDERS[kind](coordinates)
    except (ValueError, TypeError, IndexError, OverflowError, shapely.errors.GEOSException):
        return Unreadable(f"{kind} with coordinates that are none")


def _polygon(rings: Any) -> Any:
    return (
        shapely.Polygon(_pairs(rings[0]), [_pairs(each) for each in rings[1:]])
        if rings
        else (shapely.Polygon())
    )


def _position(coordinates: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return x, y of a point and its height, where it has one."""
    found = np.asarray(coordinates, dtype=np.float64)
    if found.ndim != 1 or len(found) < 2:
        raise ValueError
    return found[:3]


def _pairs(coordinates: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return x, y rows; heights are left out."""
    if not coordinates:
        return np.zeros((0, 2))
    found = np.asarray(coordinates, dtype=np.float64)
    if found.ndim != 2 or found.shape[1] < 2:
        raise ValueError
    return found[:, :2]


_BUILDERS: dict[str, Callable[[Any], Any]] = {
    "Point": lambda xyz: shapely.Point(_position(xyz)) if xyz else shapely.Point(),
    "MultiPoint": lambda xy: shapely.MultiPoint(_pairs(xy)),
    "LineString": lambda xy: shapely.LineString(_pairs(xy)),
    "MultiLineString": lambda lines: shapely.MultiLineString([_pairs(each) for each in lines]),
    "Polygon": _polygon,
    "MultiPolygon": lambda parts: shapely.MultiPolygon([_polygon(each) for each in parts]),
}


def _raw(features: list[Any], *, crs: pyproj.CRS | None, stated: bool, encoding: str) -> Raw:
    """Return features as cells and shapes; what is no feature is broken, and keeps its row."""
    broken: dict[int, Text] = {}
    shapes = np.full(len(features), None, dtype=object)
    properties: list[dict[str, Any]] = []
    for place, feature in enumerate(features):
        whole = isinstance(feature, dict) and feature.get("type") == "Feature"
        attributes = feature.get("properties") if whole else None
        properties.append(attributes if isinstance(attributes, dict) else {})
        shape = feature.get("geometry") if whole else None
        if not whole:
            broken[place] = Text("不是 GeoJSON 要素", "It is no GeoJSON feature")
        elif isinstance(shape, shapely.Geometry):
            shapes[place] = shape
        elif shape is not None:
            broken[place] = Text(
                f"图形无法读取：{_why(shape)}", f"Geometry unreadable: {_why(shape)}"
            )
    cells, garbled = _cells(properties)
    flattened, heights = flat(shapes)
    return Raw(
        cells=cells,
        garbled=garbled,
        rows=np.arange(1, len(features) + 1),
        named=True,
        shapes=flattened,
        heights=heights,
        broken=broken,
        crs=crs,
        stated=stated,
        encoding=encoding,
    )


def _why(shape: Any) -> str:
    return str(shape) if isinstance(shape, Unreadable) else "not an object"


def _cells(properties: list[dict[str, Any]]) -> tuple[pd.DataFrame, dict[int, str | int]]:
    """Return properties as cells, and the rows with bytes that are no text."""
    names = list(dict.fromkeys(name for each in properties for name in each))
    columns = [_texts(each.get(name) for each in properties) for name in names]
    garbled: dict[int, str | int] = {}
    for name, column in zip(names, columns, strict=True):
        for at, text in enumerate(column.tolist()):
            if text and encodings.garbled(text):
                garbled.setdefault(at, encodings.shown(name))
                column[at] = encodings.shown(text)
    headers = unique_names([encodings.shown(name) for name in names])
    table = pd.DataFrame(
        dict(zip(headers, columns, strict=True)),
        index=range(len(properties)),
        columns=headers,
        dtype=object,
    )
    return table, garbled


def _texts(values: Iterable[Any]) -> Objects:
    texts = (
        shapely.to_wkt(each, output_dimension=2) if isinstance(each, shapely.Geometry) else each
        for each in values
    )
    return text_column(objects(texts))

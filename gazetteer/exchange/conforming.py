"""Geometries become what their kind wants: one part or several, a point, one line, polygons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from gazetteer.common.language import Text
from gazetteer.exchange.rejects import Problems
from gazetteer.exchange.sources.raw import Objects
from gazetteer.kinds import Kind

_WANTED = {
    "point": (("Point",), "点", "point"),
    "line": (("LineString", "MultiLineString"), "线", "line"),
    "polygon": (("Polygon", "MultiPolygon"), "面", "polygon"),
    "line or polygon": (
        ("LineString", "MultiLineString", "Polygon", "MultiPolygon"),
        "线或面",
        "line or polygon",
    ),
}


def gathered(shapes: Objects, kind: Kind) -> tuple[Objects, int]:
    """Return collections as the one geometry that a kind wants, and how many parts were left out.

    Programs that know no polygon of several parts write a town with an exclave as a collection.

    Examples
    --------
    >>> from gazetteer.kinds import kind_of
    >>> parts = [shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1), shapely.Point(5, 5)]
    >>> shapes = np.array([shapely.GeometryCollection(parts)], dtype=object)
    >>> found, left_out = gathered(shapes, kind_of("boundaries"))
    >>> found[0].geom_type, len(found[0].geoms), left_out
    ('MultiPolygon', 2, 1)
    """
    wanted = {"polygon": 2, "line": 1, "point": 0}.get(kind.shape)
    collected = np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION)
    found, left_out = shapes.copy() if len(collected) else shapes, 0
    for at in collected.tolist() if wanted is not None else ():
        parts = _single_parts(shapes[at])
        kept = parts[shapely.get_dimensions(parts) == wanted]
        if len(kept):
            found[at] = kept[0] if len(kept) == 1 else _TOGETHER[kind.shape](kept)
            left_out += len(parts) - len(kept)
    return found, left_out


_COLLECTION = shapely.GeometryType.GEOMETRYCOLLECTION
_TOGETHER: dict[str, Callable[[Objects], Any]] = {
    "polygon": shapely.multipolygons,
    "line": shapely.multilinestrings,
    "point": shapely.multipoints,
}


def _single_parts(shape: Any) -> Objects:
    """Return the parts of a collection, and of those in it, that are not empty."""
    # a collection may hold collections: parts are taken apart until none is left
    parts = np.array([shape], dtype=object)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    return np.asarray(parts[~shapely.is_empty(parts)], dtype=object)


def conform(shapes: Objects, kind: Kind, problems: Problems) -> tuple[Objects, int]:
    """Return shapes of the type that a kind wants, and how many were replaced by a point in them.

    Polygons become multipolygons, connected parts of a line one line; a kind of points takes a
    point on a line or polygon. Anything else is a problem.
    """
    if kind.shape == "none":
        return shapes, 0
    shapes = shapes.copy()
    empty = shapely.is_empty(shapes)
    shapes[empty] = None
    replaced = 0
    if kind.shape == "point":
        other = ~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != 0)
        shapes[other] = shapely.point_on_surface(shapes[other])
        replaced = int(other.sum())
    elif kind.shape == "line":
        several = shapely.get_type_id(shapes) == shapely.GeometryType.MULTILINESTRING
        shapes[several] = shapely.line_merge(shapes[several])
    # names of types, not their numbers: they stand in the message
    types, zh, en = _WANTED[kind.shape]
    names = np.array([None if each is None else each.geom_type for each in shapes], dtype=object)
    wrong = ~np.isin(names.astype(str), [*types, "None"])
    problems.add(
        wrong,
        "",
        lambda row: Text(
            f"图形是 {names[row]}，应为{zh}", f"Geometry is a {names[row]}, not a {en}"
        ),
    )
    shapes[wrong] = None
    if kind.shape == "line":
        _one_line(shapes, problems)
    return _several(shapes) if kind.shape == "polygon" else shapes, replaced


def _one_line(shapes: Objects, problems: Problems) -> None:
    parts = shapely.get_num_geometries(shapes)
    apart = parts > 1
    problems.add(
        apart,
        "",
        lambda row: Text(
            f"由 {parts[row]} 段不相连的线组成，请拆成多行",
            f"Has {parts[row]} lines apart: one row each",
        ),
    )
    shapes[apart] = None
    single = shapely.get_type_id(shapes) == shapely.GeometryType.MULTILINESTRING
    shapes[single] = shapely.get_geometry(shapes[single], 0)


def _several(shapes: Objects) -> Objects:
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    if single.any():
        shapes[single] = shapely.multipolygons(shapes[single][:, None])
    return shapes

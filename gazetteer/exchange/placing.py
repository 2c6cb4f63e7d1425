"""The geometries of one table: its own, of a WKT column, or of two columns; put where they lie."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from gazetteer.common.language import Text
from gazetteer.exchange import cleaning, conforming, headers, locating, values
from gazetteer.exchange.locating import Stated, System
from gazetteer.exchange.rejects import Problems
from gazetteer.exchange.shaping import Table
from gazetteer.exchange.sources import drawing, encodings
from gazetteer.exchange.sources.raw import Objects
from gazetteer.kinds import Field, Kind

_log = logging.getLogger(__name__)

_PLAIN = re.compile(r"[-+.0-9eE]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Placed:
    """What a table has on the map.

    Parameters
    ----------
    problems
        Rows whose coordinates or geometry are wrong.
    notes
        What was done to the geometries.
    system
        Coordinate system that they came in.
    shapes
        Geometry of each row, in CGCS2000 or as delivered.
    seat
        Seat of each division, in CGCS2000.
    outlines
        Polygons that a point stands for, where their kind keeps them.
    cleaned
        Cells whose angles were made decimal degrees: place, before, after.
    """

    problems: Problems
    notes: list[Text]
    system: System | None = None
    shapes: Objects | None = None
    seat: Objects | None = None
    outlines: Objects | None = None
    cleaned: list[tuple[Any, ...]] = field(default_factory=list)


def placed(table: Table, kind: Kind, stated: Stated, *, keep_crs: bool) -> Placed:
    """Return the geometries of a table, of the type that its kind wants."""
    problems = Problems(len(table.cells))
    notes: list[Text] = []
    cleaned: list[tuple[Any, ...]] = []
    shapes, seat = _shapes(table, kind, problems, cleaned), _seat(table, problems, cleaned)
    system = _system(table, stated, [shapes, seat])
    shapes = _put(shapes, system, problems, keep=keep_crs)
    seat = _put(seat, system, problems, keep=False)
    notes += _converted(system)
    if shapes is not None and seat is None:
        shapes, seat = _points_are_seats(shapes, kind)
    outlines = None
    if shapes is not None:
        shapes, closing_notes = _closed(table, shapes, kind)
        notes += closing_notes
        shapes, left_out = conforming.gathered(shapes, kind)
        notes += _left_out(left_out)
        outlines = _areas(shapes) if kind.outlines else None
        shapes, replaced = conforming.conform(shapes, kind, problems)
        notes += _replaced(replaced)
    return Placed(problems, notes, system, shapes, seat, outlines, cleaned)


_AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def _areas(shapes: Objects) -> Objects:
    """Return the polygons among shapes, None for the others."""
    areas = shapes.copy()
    areas[~np.isin(shapely.get_type_id(shapes), _AREAL) | shapely.is_empty(shapes)] = None
    return areas


def _put(
    shapes: Objects | None, system: System | None, problems: Problems, *, keep: bool
) -> Objects | None:
    if shapes is None:
        return None
    if system is None:  # no coordinate tells one: there is none, or none is a number
        return locating.tame(shapes, problems=problems)
    return locating.place(shapes, system, problems=problems, keep=keep)


def _converted(system: System | None) -> list[Text]:
    if system is None or not system.encrypted:
        return []
    name = {"gcj02": "GCJ-02", "bd09": "BD-09"}[system.encrypted]
    return [Text(f"坐标由 {name} 转换而来", f"Coordinates were converted from {name}")]


def _closed(table: Table, shapes: Objects, kind: Kind) -> tuple[Objects, list[Text]]:
    """Take the closed lines of a drawing as areas, where areas are wanted."""
    if not table.raw.drawn or kind.shape != "polygon":
        return shapes, []
    found, closed, open_ = drawing.areas(shapes)
    texts = []
    if closed:
        texts = [Text(f"{closed} 条闭合线作为面读入", f"{closed} closed lines were taken as areas")]
    if open_:
        texts += [drawing.OPEN]
    return found, texts


def _left_out(count: int) -> list[Text]:
    if not count:
        return []
    english = f"{count} parts of collections of another type (points, lines) were left out"
    return [Text(f"图形集合中 {count} 个其他类型的部分（点、线）未读入", english)]


def _replaced(count: int) -> list[Text]:
    if not count:
        return []
    english = f"{count} lines or polygons stand as a point on them"
    return [Text(f"{count} 个线或面以其上一点代替", english)]


def _system(table: Table, stated: Stated, given: list[Objects | None]) -> System | None:
    """Return the coordinate system of a table that has coordinates."""
    arrays = [shapely.get_coordinates(each) for each in given if each is not None]
    if not arrays or not sum(map(len, arrays)):
        return None
    raw, columns = table.raw, [table.mapping.get(each) for each in ("lon", "lat", "seat_lon")]
    header = next(
        (named for each in columns if each and (named := headers.stated_system(each))), None
    )
    own_shapes = raw.shapes is not None
    statement = Stated(
        asked=stated.asked,
        axes=stated.axes,
        header=header,
        certain=raw.stated,
        file=raw.crs if own_shapes else None,
        lost=raw.crs_part if own_shapes and raw.crs is None else "",
        place=f"{stated.place}, {raw.sheet}" if raw.sheet else stated.place,
    )
    found = locating.system(np.concatenate(arrays), statement)
    if found is not None:
        _log.info("%s: coordinates taken as %s", statement.place, found.name)
    return found


def _shapes(
    table: Table, kind: Kind, problems: Problems, cleaned: list[tuple[Any, ...]]
) -> Objects | None:
    """Return the geometries that a table has: its own, of a WKT column, of two columns."""
    for at, reason in table.raw.broken.items():
        problems.add([at], "geometry", reason)
    for at, label in table.raw.garbled.items():
        problems.add([at], str(label), encodings.told(str(label), table.raw.encoding))
    if kind.shape == "none":
        return None
    if table.raw.shapes is not None:
        return table.raw.shapes
    if "wkt" in table.mapping:
        return _from_wkt(table, problems)
    if "lon" in table.mapping and "lat" in table.mapping:
        return _points(table, "lon", "lat", problems, cleaned)
    return None


def _seat(table: Table, problems: Problems, cleaned: list[tuple[Any, ...]]) -> Objects | None:
    if {"seat_lon", "seat_lat"} <= set(table.mapping):
        return _points(table, "seat_lon", "seat_lat", problems, cleaned)
    return None


def _points_are_seats(shapes: Objects, kind: Kind) -> tuple[Objects | None, Objects | None]:
    """Take points that were given for divisions as their seats."""
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    if kind.name != "divisions" or not points.any():
        return shapes, None
    area, seat = shapes.copy(), shapes.copy()
    area[points], seat[~points] = None, None
    return area, seat


def _from_wkt(table: Table, problems: Problems) -> Objects:
    cells = table.field("wkt")
    shapes = shapely.force_2d(shapely.from_wkt(cells, on_invalid="ignore"))
    # an empty cell is no shape that was lost
    lost = shapely.is_missing(shapes) & np.array([each is not None for each in cells], dtype=bool)
    problems.add(lost, table.mapping["wkt"], Text("WKT 无法读取", "The WKT is unreadable"))
    return np.asarray(shapes, dtype=object)


def _points(
    table: Table, lon: str, lat: str, problems: Problems, cleaned: list[tuple[Any, ...]]
) -> Objects:
    """Return points of two columns; half a pair, or text that is no number, is a problem."""
    pair = []
    for name in (lon, lat):
        understood, bad = values.understand(table.field(name), Field(name, "lon"))
        for positions, reason in bad:
            problems.add(positions, table.mapping[name], reason)
        cleaned += _made_decimal(table, name, understood)
        pair.append(understood)
    given = [np.array([each is not None for each in values], dtype=bool) for values in pair]
    half = (given[0] ^ given[1]) & ~problems.mask
    problems.add(
        half,
        f"{table.mapping[lon]}; {table.mapping[lat]}",
        Text("只有一个坐标", "Only one of two coordinates"),
    )
    both = given[0] & given[1]
    points = np.full(len(both), None, dtype=object)
    points[both] = shapely.points(values.floats(pair[0][both]), values.floats(pair[1][both]))
    return points


def _made_decimal(table: Table, name: str, understood: Objects) -> list[tuple[Any, ...]]:
    """Return the cells of a coordinate that were angles and are numbers now."""
    raw, cells = table.raw, zip(table.raw.rows, table.field(name), understood, strict=True)
    return [
        cleaning.record(
            raw.sheet, row, table.mapping[name], cleaning.DECIMAL,
            text, f"{value:.9f}".rstrip("0").rstrip("."),
        )
        for row, text, value in cells
        if value is not None and not _PLAIN.fullmatch(text)
    ]  # fmt: skip

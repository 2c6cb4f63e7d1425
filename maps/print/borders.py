"""Boundaries over everything: each stretch once, by level and by what it rests on; seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gazetteer.common import tables
from gazetteer.common.language import Text
from maps import symbols
from maps.atlas import columns, features
from maps.print.drawing import DECIMALS, Drawn, Seat

NEAR_MM = 0.6
"""A stretch of an area's edge this near to a boundary line is that line."""
SHORTEST_MM = 0.4
SAME_SEAT_MM = 1.6
SEATED = ("province", "prefecture", "county", "township")


@dataclass(frozen=True, slots=True)
class Look:
    """How a boundary of a level and a status is drawn (mm)."""

    level: str
    status: str
    title: Text
    color: str
    width: float
    dash: str
    band: float

    @property
    def clear(self) -> bool:
        """Whether names of points keep off it: that of a township and above."""
        return self.level in SEATED


@dataclass(frozen=True, slots=True)
class Border:
    """The stretches of one look, on paper."""

    look: Look
    course: Any


@cache
def looks() -> tuple[Look, ...]:
    """Return how boundaries are drawn, the lowest first.

    Examples
    --------
    >>> {each.dash for each in looks() if each.level == "county"} > {"1.8 1.2"}
    True
    """
    return tuple(
        Look(row["level"], row["status"], Text(row["zh"], row["en"]), row["color"],
             float(row["width_mm"]), row["dash_mm"], float(row["band_mm"]))
        for row in tables.rows("print_borders.csv")
    )  # fmt: skip


def look(level: str, status: str = "*") -> Look:
    """Return the look of a boundary; that of any status or any level where it has none.

    Examples
    --------
    >>> look("village", "agreed").title.zh, look("unheard of").title.zh
    ('村级界线', '区划界线')
    """
    known = {(each.level, each.status): each for each in looks()}
    return known.get((level, status)) or known.get((level, "*")) or known["*", "*"]


def borders(divisions: Drawn, lines: Drawn | None = None) -> list[Border]:
    """Return the boundaries of divisions, the lowest level first.

    Where a boundary line runs along an edge, the line is drawn, by its level and its status; the
    rest is drawn by the level of the areas alone.
    """
    edges = _edges(divisions)
    courses: dict[Look, list[Any]] = {}
    if lines is not None:
        for each, shape in _recorded(lines):
            courses.setdefault(each, []).append(shape)
    known = [shape for shapes in courses.values() for shape in shapes]
    near = shapely.buffer(shapely.union_all(known), NEAR_MM, quad_segs=2) if known else None
    for level, shapes in edges.items():
        rest = shapely.multilinestrings(shapes)
        rest = shapely.difference(rest, near) if near is not None else rest
        parts = [part for part in shapely.get_parts(rest) if part.length > SHORTEST_MM]
        if parts:
            courses.setdefault(look(level), []).extend(parts)
    order = looks()
    return [Border(each, _joined(courses[each])) for each in sorted(courses, key=order.index)]


def _edges(divisions: Drawn) -> dict[str, list[Any]]:
    """Return the edges of areas by the highest level that they bound."""
    classes = [each.value for each in divisions.design.classes]
    values = [each.value for each in divisions.looks]
    seen: set[int] = set()
    edges: dict[str, list[Any]] = {}
    for level in dict.fromkeys([*classes, *values]):
        bounding = dict.fromkeys(
            ref // 2
            for at, value in enumerate(values)
            if value == level and divisions.shapes.kinds[at] == features.POLYGON
            for path in divisions.paths[at]
            for ref in path
        )
        fresh = [arc for arc in bounding if arc not in seen]
        seen |= set(fresh)
        drawn = [divisions.arcs[arc] / 10**DECIMALS for arc in fresh]
        made = [shapely.linestrings(arc) for arc in drawn if len(arc) > 1]
        if made:
            edges[level] = made
    return edges


def _recorded(lines: Drawn) -> list[tuple[Look, Any]]:
    levels = columns.texts(lines.records["level"]) if "level" in lines.records else None
    return [
        (look(levels[at] if levels else "*", each.value), shape)
        for at, (each, shape) in enumerate(zip(lines.looks, lines.geometry, strict=True))
        if shape is not None and shapely.get_dimensions(shape) == 1
    ]


def _joined(shapes: Sequence[Any]) -> Any:
    """Return stretches joined end to end, so that dashes run on over their joints."""
    return shapely.line_merge(shapely.multilinestrings(shapely.get_parts(np.array(shapes))))


def bands_svg(drawn: Sequence[Border]) -> list[str]:
    """Return the pale bands along boundaries, to lie under everything but areas."""
    return [
        f'<path d="{path(each.course)}" fill="none" stroke="{each.look.color}" '
        f'stroke-opacity="0.16" stroke-width="{each.look.band:g}" stroke-linejoin="round"/>'
        for each in drawn
        if each.look.band
    ]


def lines_svg(drawn: Sequence[Border]) -> list[str]:
    """Return boundaries as SVG elements, the highest level on top."""
    return [
        f'<path d="{path(each.course)}" fill="none" {paint(each.look)} stroke-linejoin="round"/>'
        for each in drawn
    ]


def paint(each: Look) -> str:
    """Return colour, width and dashes of a boundary as SVG."""
    dash = f' stroke-dasharray="{each.dash}"' if each.dash else ""
    return f'stroke="{each.color}" stroke-width="{each.width:g}"{dash}'


def path(course: Any) -> str:
    """Return lines on paper as the path of an SVG element."""
    runs = (np.round(shapely.get_coordinates(part), 2) for part in shapely.get_parts(course))
    return "".join("M" + "L".join(f"{x:g},{y:g}" for x, y in run) for run in runs)


# ------------------------------------------------------------------ seats


def seats(frame: gpd.GeoDataFrame, spots: Any) -> dict[int, Seat]:
    """Return the seats of divisions by their place in the frame.

    Parameters
    ----------
    frame
        Divisions with `level`.
    spots
        Points on paper (mm), None where a seat is not known.
    """
    levels = columns.texts(frame["level"]) if "level" in frame else [""] * len(frame)
    found = {}
    for at, (level, spot) in enumerate(zip(levels, spots, strict=True)):
        if spot is not None and level in SEATED:
            radius = symbols.of_seat(level).size_mm
            found[at] = Seat((spot.x, spot.y), radius, level)
    return found


def shown_seats(found: Sequence[Seat]) -> list[Seat]:
    """Return one seat where several levels are governed from the same place: the highest.

    Examples
    --------
    >>> one = [Seat((0, 0), 0.9, "township"), Seat((0, 1), 1.4, "county")]
    >>> [each.level for each in shown_seats(one)]
    ['county']
    """
    kept: list[Seat] = []
    for seat in sorted(found, key=lambda each: SEATED.index(each.level)):
        if all(np.hypot(*np.subtract(seat.spot, other.spot)) > SAME_SEAT_MM for other in kept):
            kept.append(seat)
    return kept

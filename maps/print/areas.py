"""Where a name may stand in an area, beside it with a line that leads to it, along a course."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.print import lettering
from maps.print.drawing import Drawn
from maps.print.lettering import Box, Text, box_of
from maps.print.room import Taken, trail, within

WAYS = (
    (lettering.line, 1.0),
    (lettering.line, 0.9),
    (lettering.stacked, 0.9),
    (lettering.line, 0.8),
    (lettering.upright, 0.85),
    (lettering.stacked, 0.8),
    (lettering.line, 0.7),
    (lettering.upright, 0.72),
    (lettering.stacked, 0.7),
    (lettering.line, 0.6),
    (lettering.stacked, 0.6),
    (lettering.upright, 0.6),
)
"""How a name is set in its area, and how much smaller, in the order of trying."""
LEAST_PT = 6.0
SPOTS = 20
"""Into how many columns and rows the extent of an area is parted to look for room."""
NEAREST_MM, FARTHEST_MM, STEP_MM = 5.0, 110.0, 2.0
ON_LAND_MM = 40.0
"""How much longer a line may be that leads off the land, instead of onto another area."""
CLEAR_MM = 1.2
"""How far off the land a name stands that is led from there, so that it hides no boundary."""
LINE_HALF_MM = 0.35
_Free = Callable[[Sequence[Box]], bool]
Spot = tuple[float, float]


def sound(geometry: Any) -> Any:
    """Return an area as a valid one."""
    return geometry if shapely.is_valid(geometry) else shapely.make_valid(geometry)


def union(geometries: NDArray[Any]) -> Any:
    """Return areas as one, prepared."""
    land = shapely.union_all(shapely.make_valid(geometries))
    shapely.prepare(land)
    return land


def covers(unit: Any, boxes: Sequence[Box]) -> bool:
    """Tell whether boxes lie inside an area."""
    return bool(shapely.covers(unit, shapely.box(*np.array(boxes).T)).all())


AROUND = (
    (partial(lettering.spaced, by=1.8), 1.0),
    (lettering.line, 1.0),
    (lettering.line, 0.8),
    (lettering.upright, 0.8),
)
"""How what lies around a county is named: in letters that stand apart."""


def settings(
    text: Text, unit: Any, *, free: _Free, ways: Sequence[tuple[Any, float]] = WAYS
) -> Iterator[tuple[Text, ...]]:
    """Yield ways to set a name inside an area, the best first: whole, smaller, upright, aslant.

    Parameters
    ----------
    text
        The name in its full size, at the origin.
    unit
        The area on paper (mm).
    free
        Whether boxes find room.
    """
    parts = sorted(shapely.get_parts(unit), key=lambda part: -part.area)
    parts = [part for part in parts if part.geom_type == "Polygon" and part.area > 4.0][:2]
    looked = [(part, _spots(part)) for part in parts]
    tried: set[tuple[Any, float]] = set()
    for way, by in ways:
        size = max(LEAST_PT, text.size * by)
        if (way, size) in tried:
            continue
        tried.add((way, size))
        texts = way(replace(text, size=size))
        for part, spots in looked if texts else []:
            yield from _at(texts, part, spots, free=free)
    for part, _ in looked:
        yield from _aslant(text, part, free=free)


def _spots(part: Any) -> NDArray[np.float64]:
    """Return places in an area, those nearest to its middle first."""
    shapely.prepare(part)
    west, north, east, south = part.bounds
    x, y = np.meshgrid(
        np.linspace(west, east, SPOTS + 2)[1:-1], np.linspace(north, south, SPOTS + 2)[1:-1]
    )
    middle = centre(part)
    spots = np.vstack([middle, np.column_stack([x.ravel(), y.ravel()])])
    spots = spots[shapely.contains_xy(part, *spots.T)]
    # across counts more than down: a name is wider than high
    off = np.hypot(spots[:, 0] - middle[0], (spots[:, 1] - middle[1]) * 1.2)
    return np.asarray(spots[np.argsort(off, kind="stable")])


def centre(part: Any) -> Spot:
    """Return where the name of an area stands best: its centroid, where that lies well inside."""
    middle = shapely.centroid(part)
    radius = shapely.maximum_inscribed_circle(part, tolerance=0.3)
    inside = shapely.get_coordinates(radius)[0]
    well = part.contains(middle) and part.exterior.distance(middle) > 0.6 * radius.length
    return (middle.x, middle.y) if well else (float(inside[0]), float(inside[1]))


def _at(
    texts: tuple[Text, ...], part: Any, spots: NDArray[np.float64], *, free: _Free
) -> Iterator[tuple[Text, ...]]:
    fits = np.ones(len(spots), dtype=bool)
    for left, top, right, bottom in (box_of(text) for text in texts):
        x, y = spots[fits].T
        boxes = shapely.box(x + left, y + top, x + right, y + bottom)
        fits[fits] = shapely.covers(part, boxes)
        if not fits.any():
            return
    for x, y in spots[fits].tolist():
        moved = tuple(replace(text, x=text.x + x, y=text.y + y) for text in texts)
        if free([box_of(text) for text in moved]):
            yield moved


def _aslant(text: Text, part: Any, *, free: _Free) -> Iterator[tuple[Text, ...]]:
    """Yield names set along the longer axis of a narrow area."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(part))
    if len(corners) < 5:
        return
    sides = corners[1:3] - corners[:2]
    longer = sides[int(np.argmax(np.hypot(*sides.T)))]
    middle = np.array(centre(part))
    axis = shapely.intersection(shapely.linestrings([middle - longer, middle + longer]), part)
    for course in shapely.get_parts(axis):
        for by in (0.8, 0.7, 0.6):
            smaller = replace(text, size=max(LEAST_PT, text.size * by))
            for texts in lettering.along(smaller, course):
                boxes = [box_of(each) for each in texts]
                if covers(part, boxes) and free(boxes):
                    yield texts


def led(
    text: Text, unit: Any, *, land: Any, frame: Box, taken: Taken
) -> tuple[Text, Spot, Spot] | None:
    """Return a name outside its area with the ends of the line that leads to it; None without room.

    Off the land is better than on another area, near is better than far; the line crosses no
    other name. It begins at the middle of the area, or where a line can leave it.
    """
    best: tuple[float, Text, Spot, Spot] | None = None
    # the text is measured once: thousands of places are tried
    own = box_of(replace(text, x=0.0, y=0.0))
    for mass in (land, unit):
        shapely.prepare(mass)
    for start in _starts(unit):
        for spot, cost in _rings(own, start, unit, land, below=best[0] if best else math.inf):
            end = _nearest(_moved(own, spot, pad=0.4), start)
            room = [_moved(own, spot, pad=0.5)]
            if within(frame, room) and taken.free([*room, *leading(start, end)]):
                best = cost, replace(text, x=spot[0], y=spot[1]), start, end
                break
    return None if best is None else best[1:]


def _moved(box: Box, spot: Spot, *, pad: float) -> Box:
    x, y = spot
    left, top, right, bottom = box
    return left + x - pad, top + y - pad, right + x + pad, bottom + y + pad


def _starts(unit: Any) -> list[Spot]:
    """Return places in an area from which a line may lead: its middle first."""
    parts = [part for part in shapely.get_parts(unit) if part.geom_type == "Polygon"]
    if not parts:
        return []
    largest = max(parts, key=lambda part: float(part.area))
    inner = shapely.buffer(largest, -0.8)
    spots = _spots(largest)[:: max(1, SPOTS * SPOTS // 20)]
    well = [spot for spot in spots.tolist() if inner.intersects(shapely.Point(spot))]
    return [centre(largest), *((x, y) for x, y in well)]


def _rings(
    own: Box, start: Spot, unit: Any, land: Any, *, below: float
) -> list[tuple[Spot, float]]:
    """Return places around a start with their cost, cheapest first, those below a cost only."""
    far = np.arange(NEAREST_MM, min(FARTHEST_MM, below), STEP_MM)
    turn = np.radians(np.arange(0, 360, 9))
    x = (start[0] + np.outer(far, np.cos(turn))).ravel()
    y = (start[1] + np.outer(far, np.sin(turn))).ravel()
    costs = np.repeat(far, len(turn)) + _costs(own, x, y, unit, land)
    kept = [at for at in np.argsort(costs, kind="stable") if costs[at] < below]
    return [((float(x[at]), float(y[at])), float(costs[at])) for at in kept]


def _costs(
    own: Box, x: NDArray[np.float64], y: NDArray[np.float64], unit: Any, land: Any
) -> NDArray[np.float64]:
    left, top, right, bottom = own
    boxes = shapely.box(
        left + x - CLEAR_MM, top + y - CLEAR_MM, right + x + CLEAR_MM, bottom + y + CLEAR_MM
    )
    # half in its own area and half in another it would belong to both
    costs = ON_LAND_MM * shapely.intersects(land, boxes) + 20.0 * shapely.intersects(unit, boxes)
    return np.asarray(costs, dtype=float)


def _nearest(box: Box, spot: Spot) -> Spot:
    x = min(max(spot[0], box[0]), box[2])
    y = min(max(spot[1], box[1]), box[3])
    return x, y


def leading(start: Spot, end: Spot) -> list[Box]:
    """Return the room of a line that leads to a name."""
    return trail(start, end, half=LINE_HALF_MM)


def courses(drawn: Drawn, name: str, frame: Box) -> list[Any]:
    """Return the lines of a layer that bear a name, joined and cut to the frame, longest first."""
    bearing = np.array([label == name for label in drawn.labels])
    shapes = drawn.geometry[bearing]
    shapes = shapes[shapely.get_dimensions(shapes) == 1]
    cut = shapely.intersection(shapely.union_all(shapes), shapely.box(*frame))
    lines = [part for part in shapely.get_parts(cut) if part.geom_type == "LineString"]
    if not lines:
        return []
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    smooth = [shapely.simplify(part, 0.4) for part in merged]
    return sorted(smooth, key=lambda part: -float(part.length))[:4]

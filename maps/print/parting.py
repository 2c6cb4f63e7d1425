"""How a map is parted into sheets: cells of one size, none of them nearly empty."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from maps.print import layout as sheets

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """The parts of a map: cells of one size over the land, numbered from the north-west.

    `whole` is the map on one sheet; `west` and `north` are mm on it, as are `wide` and `high`.
    `moved` tells how far (mm) the sheet of a cell gives way, so that fewer sheets show all.
    """

    whole: sheets.Layout
    scale: float
    west: float
    north: float
    wide: float
    high: float
    cells: tuple[Cell, ...]
    moved: Mapping[Cell, tuple[float, float]] = field(default_factory=dict)

    def beyond(self, nth: int, step: Cell) -> list[int]:
        """Return the parts that adjoin one on a side: ``(0, -1)`` above, ``(1, 0)`` to the right.

        A part adjoins where it lies about one sheet further and overlaps by a tenth of a side.
        """
        found = []
        for other in range(len(self.cells)):
            x, y = self.apart(nth, other)
            along, across = (x * step[0], abs(y)) if step[0] else (y * step[1], abs(x))
            if 0.5 < along < 1.5 and across < 0.9:
                found.append(other)
        return found

    def apart(self, one: int, other: int) -> tuple[float, float]:
        """Return how far one part lies from another, in widths and heights of a sheet."""
        (a, b, *_), (c, d, *_) = (self.box(self.cells[each]) for each in (one, other))
        return (c - a) / self.wide, (d - b) / self.high

    def box(self, cell: Cell) -> sheets.Box:
        """Return a part's extent on the whole map (mm)."""
        east, south = self.moved.get(cell, (0.0, 0.0))
        left = self.west + cell[0] * self.wide + east
        top = self.north + cell[1] * self.high + south
        return left, top, left + self.wide, top + self.high

    def plan(self, cell: Cell) -> sheets.Layout:
        """Return the layout of a part."""
        left, top, right, bottom = self.box(cell)
        frame, step = self.whole.frame, self.whole.scale / 1000
        east = ((left + right) / 2 - (frame[0] + frame[2]) / 2) * step
        south = ((top + bottom) / 2 - (frame[1] + frame[3]) / 2) * step
        centre = self.whole.centre[0] + east, self.whole.centre[1] - south
        return replace(self.whole, centre=centre, scale=self.scale)

    def square(self, x: float, y: float) -> str:
        """Return part and index square of a position on the whole map: ``3-B4``."""
        boxes = [self.box(each) for each in self.cells]
        nth = min(range(len(boxes)), key=lambda each: _off(boxes[each], x, y))
        left, top = self.box(self.cells[nth])[:2]
        frame, larger = self.whole.frame, self.whole.scale / self.scale
        spot = frame[0] + (x - left) * larger, frame[1] + (y - top) * larger
        return f"{nth + 1}-{sheets.cell(self.whole, *spot)}"


def _off(box: sheets.Box, x: float, y: float) -> tuple[float, float]:
    """Return how far a position is from a box, and from its middle."""
    left, top, right, bottom = box
    outside = math.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))
    return outside, math.dist(((left + right) / 2, (top + bottom) / 2), (x, y))


def grid(
    whole: sheets.Layout,
    land: Any,
    *,
    scale: float,
    names: Sequence[Any] = (),
    least: float = 0.0,
) -> Grid:
    """Return the parts of a map at a scale, those without land left out.

    A part with hardly any land is shown with one beside it where both fit on one sheet, and is
    left out where no name stands on it: the index sheet shows that land.

    Parameters
    ----------
    land
        What is to be shown, on the whole map (mm).
    scale
        Denominator of the scale of the parts.
    names
        Points of the names, on the whole map (mm).
    least
        Share of a sheet that its land has to fill, so that it is not hardly any.
    """
    left, top, right, bottom = whole.frame
    smaller = scale / whole.scale
    wide, high = (right - left) * smaller, (bottom - top) * smaller
    a, b, c, d = shapely.bounds(land)
    # a hand's breadth of air, so that the boundary does not lie on the frame
    air = 3.0 * smaller
    columns, rows = (
        max(1, math.ceil((length + 2 * air) / side))
        for length, side in ((c - a, wide), (d - b, high))
    )
    shapely.prepare(land)
    found = [
        Grid(whole, scale, west, north, wide, high, cells)
        for west in _starts(a, c, wide, columns, air)
        for north in _starts(b, d, high, rows, air)
        if (cells := _cells(land, west, north, (wide, high), (columns, rows)))
    ]
    fewest = min(len(each.cells) for each in found)
    spots = shapely.MultiPoint([point for point in names if point])
    regular = [each for each in found if len(each.cells) == fewest]
    if not least:
        return regular[0]
    by_row = {each.north: _by_row(each, land, rows, air=air) for each in found}
    settled = (
        _settled(each, land, spots, least=least, air=air) for each in (*regular, *by_row.values())
    )
    return min(settled, key=lambda each: len(each.cells))


def _by_row(parting: Grid, land: Any, rows: int, *, air: float) -> Grid:
    """Return the parts with each row beginning where its own land does: two ends take one sheet."""
    west, _, east, _ = shapely.bounds(land)
    cells, moved = list[Cell](), dict[Cell, tuple[float, float]]()
    for row in range(rows):
        top = parting.north + row * parting.high
        held = land.intersection(shapely.box(west, top, east, top + parting.high))
        if held.is_empty:
            continue
        a, _, c, _ = shapely.bounds(held)
        count = max(1, math.ceil((c - a + 2 * air) / parting.wide))
        start = (a + c - count * parting.wide) / 2
        side = parting.wide, parting.high
        for column, _ in _cells(held, start, top, side, (count, 1)):
            cells.append((column, row))
            moved[column, row] = start - parting.west, 0.0
    return replace(parting, cells=tuple(cells), moved=moved)


SHIFTS = (0.5, 0.35, 0.65, 0.2, 0.8, 0.0, 1.0)
"""Where cells may begin, in parts of the room to spare: the middle first."""


def _starts(low: float, high: float, side: float, count: int, air: float) -> list[float]:
    spare = count * side - (high - low) - 2 * air
    return [low - air - spare * each for each in SHIFTS]


def _cells(
    land: Any, west: float, north: float, side: tuple[float, float], count: tuple[int, int]
) -> tuple[Cell, ...]:
    """Return the cells that hold land, from the north-west."""
    every = [(column, row) for row in range(count[1]) for column in range(count[0])]
    left = west + np.array([column for column, _ in every]) * side[0]
    top = north + np.array([row for _, row in every]) * side[1]
    held = shapely.intersects(land, shapely.box(left, top, left + side[0], top + side[1]))
    return tuple(cell for cell, holds in zip(every, held, strict=True) if holds)


def _settled(parting: Grid, land: Any, names: Any, *, least: float, air: float) -> Grid:
    """Return the parts with those of hardly any land joined to others, or left out."""
    held = {cell: land.intersection(shapely.box(*parting.box(cell))) for cell in parting.cells}
    room = least * parting.wide * parting.high
    for cell in sorted(held, key=lambda each: float(held[each].area)):
        if held[cell].area >= room or len(parting.cells) == 1:
            break
        if (found := _join(parting, held, cell, air=air)) is not None:
            parting = found
        elif not names.intersects(shapely.box(*parting.box(cell))):
            parting = replace(parting, cells=_without(parting, cell))
    return parting


def _without(parting: Grid, cell: Cell) -> tuple[Cell, ...]:
    return tuple(each for each in parting.cells if each != cell)


def _join(parting: Grid, held: dict[Cell, Any], cell: Cell, *, air: float) -> Grid | None:
    """Return the parts with one shown beside another; None where no sheet has the room for both."""
    nth = parting.cells.index(cell)
    beside = [at for step in SIDES for at in parting.beyond(nth, step)]
    for home in (parting.cells[each] for each in beside):
        both = shapely.union_all([held[cell], held[home]])
        moved = _move(parting, home, shapely.bounds(both), air=air)
        if moved is not None:
            held[home] = both  # what is shown there from now on
            cells = _without(parting, cell)
            return replace(parting, cells=cells, moved={**parting.moved, home: moved})
    return None


SIDES: tuple[Cell, ...] = ((0, -1), (-1, 0), (1, 0), (0, 1))
"""Above, to the left, to the right, below."""


def _move(parting: Grid, cell: Cell, bounds: Any, *, air: float) -> tuple[float, float] | None:
    """Return how far a sheet gives way so as to show all between bounds; None if it cannot."""
    left, top, _, _ = parting.box(cell)
    ways = []
    for start, side, low, high in (
        (left, parting.wide, bounds[0] - air, bounds[2] + air),
        (top, parting.high, bounds[1] - air, bounds[3] + air),
    ):
        if high - low > side:
            return None
        ways.append(high - start - side if high > start + side else min(0.0, low - start))
    before = parting.moved.get(cell, (0.0, 0.0))
    return before[0] + ways[0], before[1] + ways[1]

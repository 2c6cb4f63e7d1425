"""A map on several sheets: no sheet is nearly empty, and each name stands on the sheet it is told.

Lands are drawn in parts of a sheet: W wide and H high.
"""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from shapely import Point, box

from maps.print import layout as sheets
from maps.print.parting import Grid, grid

LEAST = 0.1
WHOLE = sheets.layout((112.0, 29.5, 112.6, 29.9), paper="A4")
LEFT, TOP, RIGHT, BOTTOM = WHOLE.frame
SCALE = WHOLE.scale / 3
W, H = (RIGHT - LEFT) / 3, (BOTTOM - TOP) / 3
TALL = (0.02, 0.02, 0.98, 1.95)
"""Two sheets, one over the other."""
FITS = (0.98, 0.5, 1.95, 1.06)
"""Half beside the upper one, with a tip beside the lower one: one sheet shows both."""
TOO_LONG = (0.98, 0.02, 1.95, 1.05)
"""As long as a sheet is high and a little longer: its tip fits nowhere."""


def land_of(*blocks: tuple[float, float, float, float]) -> Any:
    return shapely.union_all(
        [box(LEFT + a * W, TOP + b * H, LEFT + c * W, TOP + d * H) for a, b, c, d in blocks]
    )


def shares(parting: Grid, land: Any) -> list[float]:
    boxes = [box(*parting.box(each)) for each in parting.cells]
    return [land.intersection(each).area / each.area for each in boxes]


def uncovered(parting: Grid, land: Any) -> float:
    boxes = [box(*parting.box(each)) for each in parting.cells]
    return float(land.difference(shapely.union_all(boxes)).area)


@pytest.mark.parametrize("tip", [FITS, TOO_LONG])
def test_without_a_least_every_part_with_land_stands(tip: tuple[float, ...]) -> None:
    land = land_of(TALL, tip)  # type: ignore[arg-type]
    parting = grid(WHOLE, land, scale=SCALE)
    assert len(parting.cells) == 4 and min(shares(parting, land)) < LEAST


def test_a_part_that_is_nearly_empty_is_shown_with_one_beside_it() -> None:
    land = land_of(TALL, FITS)
    parting = grid(WHOLE, land, scale=SCALE, least=LEAST)
    assert len(parting.cells) == 3 and min(shares(parting, land)) >= LEAST
    assert uncovered(parting, land) < 1e-6
    assert parting.beyond(1, (-1, 0)) == [0] and parting.beyond(0, (1, 0)) == [1]


def test_the_index_names_the_part_that_shows_the_place() -> None:
    land = land_of(TALL, FITS)
    parting = grid(WHOLE, land, scale=SCALE, least=LEAST)
    for x, y in ((1.1, 0.6), (1.1, 1.05), (0.1, 0.1), (0.1, 1.9)):
        spot = LEFT + x * W, TOP + y * H
        part = int(parting.square(*spot).split("-")[0]) - 1
        assert box(*parting.box(parting.cells[part])).covers(Point(spot)), (x, y)


@pytest.mark.parametrize(("named", "count"), [(False, 3), (True, 4)])
def test_land_that_fits_nowhere_has_a_part_of_its_own_where_a_name_stands_on_it(
    named: bool, count: int
) -> None:
    land = land_of(TALL, TOO_LONG)
    every = [Point(LEFT + 1.1 * W, TOP + y * H) for y in (0.05, 0.1, 0.5, 1.02, 1.04)]
    names = every if named else every[1:3]
    parting = grid(WHOLE, land, scale=SCALE, least=LEAST, names=names)
    assert len(parting.cells) == count
    boxes = shapely.union_all([box(*parting.box(each)) for each in parting.cells])
    assert all(boxes.covers(each) for each in names)
    assert uncovered(parting, land) < LEAST * W * H


def test_each_row_begins_where_its_land_does_where_that_takes_fewer_sheets() -> None:
    rows = (0.0, 0.0, 1.9, 0.9), (0.75, 1.0, 2.65, 1.9)
    land = land_of(*rows)
    plain, parting = grid(WHOLE, land, scale=SCALE), grid(WHOLE, land, scale=SCALE, least=LEAST)
    assert len(plain.cells) > 4
    assert len(parting.cells) == 4 and uncovered(parting, land) < 1e-6
    assert parting.beyond(2, (0, -1)) == [0, 1], "two sheets adjoin above"
    assert parting.beyond(0, (0, 1)) == [2] and parting.beyond(1, (0, 1)) == [2, 3]
    for x, y in ((0.1, 0.1), (1.8, 0.85), (0.8, 1.05), (2.6, 1.8)):
        spot = LEFT + x * W, TOP + y * H
        part = int(parting.square(*spot).split("-")[0]) - 1
        assert box(*parting.box(parting.cells[part])).covers(Point(spot)), (x, y)

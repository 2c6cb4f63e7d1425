"""A map on several sheets (分幅): how the land is parted, the index sheet, the key on each part."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gazetteer.common.language import Language
from gazetteer.common.language import Text as Bilingual
from maps.print import compose, drawing, furniture
from maps.print import layout as sheets
from maps.print.compose import Composed, Focus
from maps.print.lettering import Text
from maps.print.named import named_of, share

FOUR_FIFTHS = 0.8
"""So many of the names in the index stand on the map, or it is parted."""
MOST_PARTS = 60
STEPS = (1.0, 1.2, 1.5, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0)
FINE = ("names", "roads", "facilities")
"""Layers that the index sheet does without."""
KEY_CELL_MM = (9.0, 6.5)
DENSER = 1.2
"""How much more room than in proportion the names in the densest places need."""
WORDS = {
    "part": Bilingual("{title}（第{nth}幅　共{count}幅）", "{title} (sheet {nth} of {count})"),
    "index": Bilingual("{title}（分幅索引图）", "{title} (index of sheets)"),
    "key": Bilingual("接图表", "Sheets"),
    "next": Bilingual("接第{nth}幅", "to sheet {nth}"),
    "rows": Bilingual("索引（幅号-图格）", "Index (sheet-square)"),
}
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """The parts of a map: cells of one size over the land, numbered from the north-west.

    `whole` is the map on one sheet; `west` and `north` are mm on it, as are `wide` and `high`.
    """

    whole: sheets.Layout
    scale: float
    west: float
    north: float
    wide: float
    high: float
    cells: tuple[Cell, ...]

    def box(self, cell: Cell) -> sheets.Box:
        """Return a part's extent on the whole map (mm)."""
        left, top = self.west + cell[0] * self.wide, self.north + cell[1] * self.high
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
        at = math.floor((x - self.west) / self.wide), math.floor((y - self.north) / self.high)
        nth = min(
            range(len(self.cells)),
            key=lambda each: math.dist(self.cells[each], at),
        )
        left, top = self.box(self.cells[nth])[:2]
        frame, larger = self.whole.frame, self.whole.scale / self.scale
        spot = frame[0] + (x - left) * larger, frame[1] + (y - top) * larger
        return f"{nth + 1}-{sheets.cell(self.whole, *spot)}"


def grid(whole: sheets.Layout, land: Any, *, scale: float) -> Grid:
    """Return the parts of a map at a scale, those without land left out.

    Parameters
    ----------
    land
        What is to be shown, on the whole map (mm).
    scale
        Denominator of the scale of the parts.
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
    return min(found, key=lambda each: len(each.cells))


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


@dataclass(frozen=True, slots=True)
class Parted:
    """The parts of a map as they are drawn, and the index sheet before them."""

    grid: Grid
    index: Composed
    parts: tuple[Composed, ...]


def parted(
    whole: sheets.Layout,
    frames: Mapping[str, gpd.GeoDataFrame],
    focus: Focus,
    *,
    made: Composed,
    spec: Mapping[str, str],
    scale: float | None,
    language: Language,
) -> Parted | None:
    """Return a map in parts, where one sheet shows fewer than four fifths of its names.

    Parameters
    ----------
    made
        The map on one sheet.
    scale
        Denominator that is wished for; else the smallest scale at which four fifths stand.
    """
    joined = shapely.union_all(shapely.make_valid(focus.subject))
    focus = replace(focus, subject=np.array([joined]))
    land = shapely.make_valid(whole.to_paper(focus.subject))[0]
    for one in made.layers.about:  # once for all parts
        one.tints = drawing.tints(one)
    draw = _Drawing(whole, frames, focus, spec, language, land, made.layers)
    if scale is not None:
        return draw.at(scale) if scale < whole.scale else None
    key = spec["index"].split()[-1]
    stands = share(named_of([made], spec, language=language), key)
    if stands >= FOUR_FIFTHS:
        return None
    step = whole.scale / math.sqrt(FOUR_FIFTHS / max(stands, 0.01) * DENSER)
    found = None
    while stands < FOUR_FIFTHS:
        step = round_down(step)
        if len(grid(whole, land, scale=step).cells) > MOST_PARTS:
            break
        found = draw.at(step)
        stands = share(named_of(found.parts, spec, language=language), key)
        step *= 0.99
    return found


def round_down(scale: float) -> float:
    """Return the next round scale that shows more.

    Examples
    --------
    >>> round_down(74_000.0), round_down(99.0), round_down(50_000.0)
    (70000.0, 90.0, 50000.0)
    """
    power = 10.0 ** math.floor(math.log10(scale) + 1e-9)
    return max(step * power for step in STEPS if step * power <= scale * (1 + 1e-9))


@dataclass(frozen=True, slots=True)
class _Drawing:
    whole: sheets.Layout
    frames: Mapping[str, gpd.GeoDataFrame]
    focus: Focus
    spec: Mapping[str, str]
    language: Language
    land: Any
    layers: compose.Layers

    def at(self, scale: float) -> Parted:
        """Return the parts at a scale."""
        parting = grid(self.whole, self.land, scale=scale)
        parts = tuple(
            self._compose(
                parting.plan(cell),
                self.frames,
                partial(key, parting=parting, nth=nth, language=self.language),
                legend=None,
            )
            for nth, cell in enumerate(parting.cells)
        )
        few = {name: frame for name, frame in self.frames.items() if name not in FINE}
        index = self._compose(self.whole, few, lambda _: overview(parting), legend=self.layers)
        return Parted(parting, index, parts)

    def _compose(
        self,
        plan: sheets.Layout,
        frames: Mapping[str, gpd.GeoDataFrame],
        extra: Callable[[furniture.Corners], furniture.Piece],
        *,
        legend: compose.Layers | None,
    ) -> Composed:
        return compose.compose(
            plan,
            frames,
            self.focus,
            spec=self.spec,
            language=self.language,
            extra=extra,
            legend=legend,
            like=self.layers,
        )


def overview(parting: Grid) -> furniture.Piece:
    """Return the parts on the index sheet: their frames and their numbers."""
    piece = furniture.Piece(under=True)
    frame = parting.whole.frame
    for nth, cell in enumerate(parting.cells):
        left, top, right, bottom = parting.box(cell)
        box = max(left, frame[0]), max(top, frame[1]), min(right, frame[2]), min(bottom, frame[3])
        piece.svg.append(
            furniture.rectangle(box, 'fill="none" stroke="#b2182b" stroke-width="0.35"')
        )
        x, y = box[0] + 5, box[1] + 4.5
        piece.texts.append(Text(x, y, str(nth + 1), 18, "#b2182b", bold=True))
        piece.rooms.append((x - 4, y - 3.5, x + 4, y + 3.5))
    return piece


def key(
    corners: furniture.Corners, parting: Grid, nth: int, *, language: Language
) -> furniture.Piece:
    """Return 接图表 of a part: where it lies among the others, and which adjoin its edges."""
    columns = 1 + max(column for column, _ in parting.cells)
    rows = 1 + max(row for _, row in parting.cells)
    wide, high = KEY_CELL_MM
    box = corners.take(columns * wide + 6, rows * high + 10, best="tl")
    paint = f'fill="#ffffff" stroke="{furniture.INK}" stroke-width="0.25"'
    piece = furniture.Piece([furniture.rectangle(box, paint)], [], [box])
    title = Text((box[0] + box[2]) / 2, box[1] + 3.6, WORDS["key"].say(language), 8, bold=True)
    piece.texts.append(title)
    for at, (column, row) in enumerate(parting.cells):
        left, top = box[0] + 3 + column * wide, box[1] + 7 + row * high
        fill = "#f2c9b8" if at == nth else "#ffffff"
        piece.svg.append(
            furniture.rectangle(
                (left, top, left + wide, top + high),
                f'fill="{fill}" stroke="{furniture.INK}" stroke-width="0.2"',
            )
        )
        piece.texts.append(Text(left + wide / 2, top + high / 2, str(at + 1), 7.5))
    piece.texts += _adjoining(parting, nth, language=language)
    return piece


def _adjoining(parting: Grid, nth: int, *, language: Language) -> list[Text]:
    """Return which part adjoins each edge, in the band around the frame."""
    left, top, right, bottom = parting.whole.frame
    columns, rows = sheets.cells(parting.whole)
    # between two of the letters that stand in the band
    x = left + (right - left) * (columns // 2) / columns
    y = top + (bottom - top) * (rows // 2) / rows
    column, row = parting.cells[nth]
    sides = {
        (column, row - 1): (x, top - 2.6, 0.0),
        (column, row + 1): (x, bottom + 2.6, 0.0),
        (column - 1, row): (left - 2.6, y, -90.0),
        (column + 1, row): (right + 2.6, y, 90.0),
    }
    numbers = {cell: at + 1 for at, cell in enumerate(parting.cells)}
    word = WORDS["next"].say(language)
    return [
        Text(at[0], at[1], word.replace("{nth}", str(numbers[cell])), 7, angle=at[2])
        for cell, at in sides.items()
        if cell in numbers
    ]


def title(word: str, *, language: Language, **told: Any) -> str:
    """Return the title of a part, or of the index sheet."""
    text = WORDS[word].say(language)
    for name in ("nth", "count", "title"):
        text = text.replace(f"{{{name}}}", str(told.get(name, "")))
    return text

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
from maps.print.parting import Grid, grid

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
    "comma": Bilingual("、", ", "),
    "rows": Bilingual("索引（幅号-图格）", "Index (sheet-square)"),
}


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
        if len(draw.parting(step).cells) > MOST_PARTS:
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

    def parting(self, scale: float) -> Grid:
        """Return how the land is parted at a scale."""
        names = self.frames.get("names")
        spots = [] if names is None else [*self.whole.to_paper(names.geometry.to_numpy())]
        least = float(self.spec["least_land"] or 0)
        return grid(self.whole, self.land, scale=scale, names=spots, least=least)

    def at(self, scale: float) -> Parted:
        """Return the parts at a scale."""
        parting = self.parting(scale)
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
    places = [parting.apart(0, each) for each in range(len(parting.cells))]
    west, north = min(x for x, _ in places), min(y for _, y in places)
    columns, rows = 1 + max(x for x, _ in places) - west, 1 + max(y for _, y in places) - north
    wide, high = KEY_CELL_MM
    box = corners.take(columns * wide + 6, rows * high + 10, best="tl")
    paint = f'fill="#ffffff" stroke="{furniture.INK}" stroke-width="0.25"'
    piece = furniture.Piece([furniture.rectangle(box, paint)], [], [box])
    title = Text((box[0] + box[2]) / 2, box[1] + 3.6, WORDS["key"].say(language), 8, bold=True)
    piece.texts.append(title)
    for at, (x, y) in enumerate(places):
        left, top = box[0] + 3 + (x - west) * wide, box[1] + 7 + (y - north) * high
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
    sides = {
        (0, -1): (x, top - 2.6, 0.0),
        (0, 1): (x, bottom + 2.6, 0.0),
        (-1, 0): (left - 2.6, y, -90.0),
        (1, 0): (right + 2.6, y, 90.0),
    }
    word, comma = WORDS["next"].say(language), WORDS["comma"].say(language)
    told = {step: [str(other + 1) for other in parting.beyond(nth, step)] for step in sides}
    return [
        Text(at[0], at[1], word.replace("{nth}", comma.join(told[step])), 7, angle=at[2])
        for step, at in sides.items()
        if told[step]
    ]


def title(word: str, *, language: Language, **told: Any) -> str:
    """Return the title of a part, or of the index sheet."""
    text = WORDS[word].say(language)
    for name in ("nth", "count", "title"):
        text = text.replace(f"{{{name}}}", str(told.get(name, "")))
    return text

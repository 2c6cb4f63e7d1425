"""Layers as SVG in millimetres of paper: fills, each boundary once, symbols; labels apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from maps import style, symbols
from maps.atlas import arcs, columns, features

DECIMALS = 2
PALE, GREY = "#f1f1ef", "#82888f"
SMALL_MM = 2.5
HATCH = (
    '<pattern id="hatch" width="1.5" height="1.5" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="1.5" height="1.5" fill="#ffffff"/>'
    '<path d="M0.75,0V1.5" stroke="#8a8f98" stroke-width="0.3"/></pattern>'
)
"""Slanted lines on white, for the definitions of an SVG: what was not checked."""
SUBJECTS = ("proposed", "chosen")
"""Layers that a sheet is about: named before all else."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a division is governed from: its place on paper (mm), its symbol's half width."""

    spot: tuple[float, float]
    radius: float
    level: str


@dataclass(slots=True)
class Drawn:
    """A layer on paper."""

    key: str
    design: style.LayerStyle
    looks: list[style.Style]
    labels: list[str]
    records: Any
    shapes: features.Shapes
    paths: list[list[list[int]]]
    arcs: list[NDArray[np.int64]]
    geometry: NDArray[Any]
    seats: dict[int, Seat] = field(default_factory=dict)
    tints: list[int] | None = None
    parted: frozenset[str] | None = None
    marks: list[symbols.Symbol] = field(default_factory=list)
    bare: bool = False
    """Whether tinted areas are lines alone, since something else colours them."""
    elsewhere: frozenset[int] = frozenset()
    """Records that another layer draws as well: a name whose lake or street is on the map."""

    @property
    def filled(self) -> frozenset[str]:
        """The classes whose areas take a tint: the coarsest that has two areas or more, else all.

        So townships are told apart by colour and their villages by their lines.
        """
        if self.parted is not None:
            return self.parted
        areas = [
            look.value
            for at, look in enumerate(self.looks)
            if self.shapes.kinds[at] == features.POLYGON and look.fill == "tint"
        ]
        order = [each.value for each in self.design.classes]
        parted = [value for value in order if areas.count(value) > 1]
        return frozenset(parted[:1] or areas)

    def is_whole(self, at: int) -> bool:
        """Tell whether a division is the whole that the sheet shows the parts of."""
        if self.key != "divisions":
            return False
        order = [each.value for each in self.design.classes]
        value = self.looks[at].value
        ranks = [order.index(each) for each in self.filled if each in order]
        single = [look.value for look in self.looks].count(value) == 1
        coarser = value in order and bool(ranks) and order.index(value) < min(ranks)
        return single and coarser

    def fill(self, look: style.Style) -> str:
        """Return how areas of a class are filled: a colour, ``tint``, or nothing."""
        if self.bare and look.fill == "tint":
            return ""
        return look.fill if look.fill != "tint" or look.value in self.filled else ""

    def shown(self) -> list[style.Style]:
        """Return the classes of the records that have a place on the sheet."""
        missing = set(self.shapes.missing.tolist())
        return list(dict.fromkeys(k for at, k in enumerate(self.looks) if at not in missing))

    def place(self, at: int) -> tuple[float, float]:
        """Return where the label of a record stands, in mm."""
        x, y = self.shapes.anchors[at] / 10**DECIMALS
        return float(x), float(y)


def draw(key: str, frame: gpd.GeoDataFrame, *, paper: NDArray[Any]) -> Drawn:
    """Cut a layer, already moved to paper, into arcs."""
    design = style.layer_style(key)
    field = design.class_field
    values = columns.texts(frame[field]) if field in frame else [""] * len(frame)
    shapes = features.shapes(paper, decimals=DECIMALS)
    linework = shapes.linework
    shared = arcs.share([path for every in linework for path in every])
    rest = iter(shared.paths)
    paths = [[next(rest) for _ in every] for every in linework]
    label = design.label_field if design.label_field in frame else "name"
    labels = columns.texts(frame[label]) if label in frame else [""] * len(frame)
    looks = [design.style(value) for value in values]
    if key == "findings":
        labels = [str(at + 1) for at in range(len(frame))]
    marks: list[symbols.Symbol] = []
    if key == "names" and "category" in frame:
        marks = [symbols.of_category(each) for each in columns.texts(frame["category"])]
        looks = [_marked_look(look, mark) for look, mark in zip(looks, marks, strict=True)]
    return Drawn(key, design, looks, labels, frame, shapes, paths, shared.arcs, paper, marks=marks)


def _marked_look(look: style.Style, mark: symbols.Symbol) -> style.Style:
    """Return the look of a name whose class has a symbol: its size, and the colour of its class."""
    return replace(
        look,
        radius_mm=mark.size_mm,
        label_color=mark.color,
        label_size_pt=mark.label_size_pt,
    )


def fills_svg(drawn: Drawn, *, pale: bool = False) -> list[str]:
    """Return the areas of a layer as SVG elements; pale ones are what surrounds the subject."""
    colours = style.palette("tint")
    tint = tints(drawn)
    elements = []
    fills = {look: drawn.fill(look) for look in dict.fromkeys(drawn.looks)}
    for at, look in enumerate(drawn.looks):
        if drawn.shapes.kinds[at] == features.POLYGON and fills[look]:
            fill = colours[tint[at]] if look.fill == "tint" else paint(look.fill)
            elements.append(
                f'<path d="{_closed(drawn, at)}" fill="{PALE if pale else fill}" '
                f'fill-rule="evenodd" fill-opacity="{look.fill_opacity}"/>'
            )
    return elements


def paint(fill: str) -> str:
    """Return what SVG fills an area with: a colour, or the slanted lines of `HATCH`."""
    return "url(#hatch)" if fill == style.HATCH else fill


def tints(drawn: Drawn) -> list[int]:
    """Return the tint of each area, neighbours never share one; none where nothing is tinted."""
    if drawn.tints is not None:
        return drawn.tints
    if all(look.fill != "tint" for look in drawn.looks):
        return []
    near = arcs.neighbours([[ref for path in paths for ref in path] for paths in drawn.paths])
    return style.tints(near, colours=len(style.palette("tint")))


def symbols_svg(drawn: Drawn, *, only: Iterable[int] | None = None) -> list[str]:
    """Return the symbols of a layer as SVG elements: of all records, or of some."""
    places = range(len(drawn.looks)) if only is None else sorted(only)
    shown = [at for at in places if is_marked(drawn, at)]
    if drawn.marks:
        return [mark_svg(drawn.marks[at], *drawn.place(at)) for at in shown]
    return [symbol(drawn.looks[at], *drawn.place(at)) for at in shown]


def mark_svg(mark: symbols.Symbol, x: float, y: float) -> str:
    """Return the symbol of a class of things at a place on paper (mm)."""
    size = mark.size_mm
    return f'<g transform="translate({x:g} {y:g}) scale({size:g})">{symbols.paths(mark)}</g>'


def is_marked(drawn: Drawn, at: int) -> bool:
    """Tell whether a record shows as its symbol: a point, or a finding too small to be seen."""
    if at in drawn.shapes.missing or not drawn.looks[at].radius_mm:
        return False
    sizes = [np.ptp(path.vertices, axis=0).max() for path in drawn.shapes.paths[at]]
    small = max(sizes, default=0) < SMALL_MM * 10**DECIMALS
    return drawn.shapes.kinds[at] == 0 or (drawn.key == "findings" and small)


def fill_once(about: Iterable[Drawn]) -> None:
    """Leave the tints of divisions out over areas that are coloured by what they say."""
    every = {one.key: one for one in about}
    if "coverage" in every and "divisions" in every:
        every["divisions"].bare = True


def greyed(drawn: Drawn) -> Drawn:
    """Return a layer whose labels are those of surroundings: grey, and small but for counties."""
    size = 12.0 if drawn.key == "neighbours" else 8.5
    looks = [replace(look, label_color=GREY, label_size_pt=size) for look in drawn.looks]
    return replace(drawn, looks=looks)


def _closed(drawn: Drawn, at: int) -> str:
    return "".join(_open(path.vertices) + "Z" for path in drawn.shapes.paths[at])


def strokes_svg(drawn: Drawn, *, pale: bool = False) -> list[str]:
    """Return each boundary once, with the look of the highest class that it bounds."""
    seen: set[int] = set()
    lines: list[str] = []
    for look in dict.fromkeys([*drawn.design.classes, *drawn.looks]):
        bounding = dict.fromkeys(
            ref // 2
            for at, other in enumerate(drawn.looks)
            if other == look
            for path in drawn.paths[at]
            for ref in path
        )
        fresh = [arc for arc in bounding if arc not in seen]
        seen |= set(fresh)
        if fresh:
            d = "".join(_open(drawn.arcs[arc]) for arc in fresh)
            lines = [*_line(d, look, pale=pale), *lines]
    return lines


def _line(d: str, look: style.Style, *, pale: bool) -> list[str]:
    colour = "#9b9b98" if pale else look.stroke
    dash = " ".join(f"{part:g}" for part in look.dash_mm)
    dash = f' stroke-dasharray="{dash}"'
    line = (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{look.stroke_width_mm:g}" '
        f'stroke-linejoin="round"{dash if look.dash_mm else ""}/>'
    )
    banded = look.fill == "tint" and look.dash_mm and look.stroke_width_mm > 0.3 and not pale
    band = (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-opacity="0.16" '
        f'stroke-width="{4 * look.stroke_width_mm:g}" stroke-linejoin="round"/>'
    )
    return [band, line] if banded else [line]


def _open(arc: NDArray[np.int64]) -> str:
    return "M" + "L".join(f"{x / 100:g},{y / 100:g}" for x, y in arc.tolist())


def symbol(look: style.Style, x: float, y: float) -> str:
    """Return the symbol of a class at a place on paper (mm).

    Examples
    --------
    >>> symbol(style.layer_style("tri_points").style("*"), 10, 20)[:22]
    '<path d="M10,18.375L11'
    """
    r = max(look.radius_mm, 0.35)
    paint = f'fill="{look.fill}" stroke="{look.stroke}" stroke-width="{look.stroke_width_mm:g}"'
    if look.symbol == "circle":
        return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" {paint}/>'
    every: dict[str, list[tuple[float, float]]] = {
        "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
        "triangle": [(0, -1.25), (1.1, 0.8), (-1.1, 0.8)],
        "diamond": [(0, -1.25), (1.1, 0), (0, 1.25), (-1.1, 0)],
    }
    d = "L".join(f"{x + r * dx:g},{y + r * dy:g}" for dx, dy in every[look.symbol])
    return f'<path d="M{d}Z" {paint}/>'

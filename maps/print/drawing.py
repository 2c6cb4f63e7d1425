"""Layers as SVG in millimetres of paper: fills, each boundary once, symbols; labels apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from maps import style
from maps.atlas import arcs, columns, features

DECIMALS = 2
PALE, GREY = "#f1f1ef", "#82888f"
WIDEST = 1.4
SMALL_MM = 2.5
BOLD_PT = 10.5
SUBJECTS = ("proposed", "chosen")
"""Layers that a sheet is about: named before all else."""
Box = tuple[float, float, float, float]
MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Text:
    """A text on the sheet: where (mm), which side of that point it stands on, size in points."""

    x: float
    y: float
    text: str
    size: float
    color: str = "#1f2733"
    align: str = "center"
    bold: bool = False


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

    @property
    def filled(self) -> frozenset[str]:
        """The classes whose areas take a tint: the coarsest that has two areas or more, else all.

        So townships are told apart by colour and their villages by their lines.
        """
        areas = [
            look.value
            for at, look in enumerate(self.looks)
            if self.shapes.kinds[at] == features.POLYGON and look.fill == "tint"
        ]
        order = [each.value for each in self.design.classes]
        parted = [value for value in order if areas.count(value) > 1]
        return frozenset(parted[:1] or areas)

    def fill(self, look: style.Style) -> str:
        """Return how areas of a class are filled: a colour, ``tint``, or nothing."""
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
    return Drawn(key, design, looks, labels, frame, shapes, paths, shared.arcs)


def layer_svg(drawn: Drawn, *, pale: bool = False) -> list[str]:
    """Return a layer as SVG elements; a pale one is what surrounds the subject."""
    colours = style.palette("tint")
    near = arcs.neighbours([[ref for path in paths for ref in path] for paths in drawn.paths])
    tint = style.tints(near, colours=len(colours))
    elements = []
    fills = {look: drawn.fill(look) for look in dict.fromkeys(drawn.looks)}
    for at, look in enumerate(drawn.looks):
        if drawn.shapes.kinds[at] == features.POLYGON and fills[look]:
            fill = colours[tint[at]] if look.fill == "tint" else look.fill
            elements.append(
                f'<path d="{_closed(drawn, at)}" fill="{PALE if pale else fill}" '
                f'fill-rule="evenodd" fill-opacity="{look.fill_opacity}"/>'
            )
    elements += _strokes(drawn, pale=pale)
    for at, look in enumerate(drawn.looks):
        if not pale and _is_marked(drawn, at):
            elements.append(symbol(look, *drawn.place(at)))
    return elements


def _is_marked(drawn: Drawn, at: int) -> bool:
    """Tell whether a record shows as its symbol: a point, or a finding too small to be seen."""
    if at in drawn.shapes.missing or not drawn.looks[at].radius_mm:
        return False
    sizes = [np.ptp(path.vertices, axis=0).max() for path in drawn.shapes.paths[at]]
    small = max(sizes, default=0) < SMALL_MM * 10**DECIMALS
    return drawn.shapes.kinds[at] == 0 or (drawn.key == "findings" and small)


def greyed(drawn: Drawn) -> Drawn:
    """Return a layer whose labels are those of surroundings: grey and small."""
    looks = [replace(look, label_color=GREY, label_size_pt=8.5) for look in drawn.looks]
    return replace(drawn, looks=looks)


def backing(text: Text) -> str:
    """Return a faint ground for a label, so that lines do not run through it."""
    left, top, right, bottom = _box(text)
    return (
        f'<rect x="{left:.2f}" y="{top:.2f}" width="{right - left:.2f}" '
        f'height="{bottom - top:.2f}" rx="0.8" fill="#ffffff" fill-opacity="0.55"/>'
    )


def _closed(drawn: Drawn, at: int) -> str:
    return "".join(_open(path.vertices) + "Z" for path in drawn.shapes.paths[at])


def _strokes(drawn: Drawn, *, pale: bool) -> list[str]:
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


def width_mm(text: str, size: float) -> float:
    """Return about how wide a text is, in mm: a Chinese character is as wide as high.

    Examples
    --------
    >>> round(width_mm("甲镇", 10), 2)
    7.06
    """
    ems = sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in text)
    return ems * size * MM_PER_POINT


def place_labels(layers: Sequence[Drawn], *, frame: Box, rooms: Iterable[Box]) -> list[Text]:
    """Return the labels that find room beside what stands there: coarse classes first."""
    grid = _Taken([*rooms, *_subjects(layers)])
    labels = []
    for drawn, at in sorted(_candidates(layers), key=_weight):
        for text in _tries(drawn, at):
            box = _box(text)
            inside = frame[0] < box[0] and frame[1] < box[1] and box[2] < frame[2]
            if inside and box[3] < frame[3] and grid.free(box) and not _fills(drawn, at, frame):
                grid.add(box)
                labels.append(text)
                break
    return labels


def _fills(drawn: Drawn, at: int, frame: Box) -> bool:
    """Tell whether an area is larger than the frame, so that its name would say nothing."""
    sizes = [np.ptp(path.vertices, axis=0) / 10**DECIMALS for path in drawn.shapes.paths[at]]
    return any(wide > frame[2] - frame[0] and high > frame[3] - frame[1] for wide, high in sizes)


def _candidates(layers: Sequence[Drawn]) -> list[tuple[Drawn, int]]:
    candidates = []
    for drawn in layers:
        missing = set(drawn.shapes.missing.tolist())
        candidates += [
            (drawn, at) for at, label in enumerate(drawn.labels) if label and at not in missing
        ]
    return candidates


def _weight(candidate: tuple[Drawn, int]) -> tuple[int, int, float]:
    drawn, at = candidate
    look, classes = drawn.looks[at], drawn.design.classes
    rank = classes.index(look) if look in classes else 99
    sizes = [np.ptp(path.vertices, axis=0).max() for path in drawn.shapes.paths[at]]
    order = 0 if drawn.key in SUBJECTS else drawn.design.order
    return order, rank, -float(max(sizes, default=0))


def _subjects(layers: Sequence[Drawn]) -> list[Box]:
    """Return the room of the symbols that a sheet is about: no label may hide them."""
    boxes = []
    for drawn in layers:
        places = [at for at in range(len(drawn.labels)) if _is_marked(drawn, at)]
        for at in places if drawn.key in SUBJECTS else []:
            (x, y), half = drawn.place(at), drawn.looks[at].radius_mm + 0.3
            boxes.append((x - half, y - half, x + half, y + half))
    return boxes


def _tries(drawn: Drawn, at: int) -> list[Text]:
    look, (x, y) = drawn.looks[at], drawn.place(at)
    text = drawn.labels[at]
    if drawn.shapes.kinds[at] == features.POLYGON and drawn.key != "findings":
        wide = max(np.ptp(path.vertices[:, 0]) for path in drawn.shapes.paths[at]) / 10**DECIMALS
        if width_mm(text, look.label_size_pt) > wide * WIDEST:
            return []

    def put(dx: float, dy: float, align: str) -> Text:
        bold = look.label_size_pt >= BOLD_PT
        size = look.label_size_pt
        return Text(x + dx, y + dy, text, size, look.label_color, align, bold)

    if drawn.shapes.kinds[at] and drawn.key != "findings":
        return [put(0, 0, "center")]
    gap, up = max(look.radius_mm, 0.4) + 0.7, look.label_size_pt * MM_PER_POINT / 2 + 0.8
    return [put(gap, 0, "left"), put(-gap, 0, "right"), put(0, -up, "center"), put(0, up, "center")]


def _box(text: Text) -> Box:
    wide, high = width_mm(text.text, text.size) + 1.0, text.size * MM_PER_POINT + 0.4
    left = {"left": text.x, "center": text.x - wide / 2, "right": text.x - wide}[text.align]
    return left, text.y - high / 2, left + wide, text.y + high / 2


class _Taken:
    """Boxes that are taken, by square of 10 mm."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._squares: dict[tuple[int, int], list[Box]] = {}
        for box in boxes:
            self.add(box)

    @staticmethod
    def _keys(box: Box) -> Iterable[tuple[int, int]]:
        a, b, c, d = (math.floor(side / 10) for side in box)
        return [(x, y) for x in range(a, c + 1) for y in range(b, d + 1)]

    def add(self, box: Box) -> None:
        for key in self._keys(box):
            self._squares.setdefault(key, []).append(box)

    def free(self, box: Box) -> bool:
        return not any(
            box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]
            for key in self._keys(box)
            for other in self._squares.get(key, ())
        )

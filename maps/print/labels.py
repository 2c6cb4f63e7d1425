"""Labels on a sheet: in their unit, beside their symbol, along their line, or led by a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import shapely

from maps.atlas import features
from maps.print import areas, lettering
from maps.print.drawing import DECIMALS, SUBJECTS, Drawn, is_marked
from maps.print.lettering import Box, Text, box_of
from maps.print.room import Taken, within

LEAST_PT = 6.0
"""Nothing is set smaller: 2.1 mm, a little above the smallest lettering of published maps."""
SMALLER = (1.0, 0.85, 0.72)
BOLD_PT = 10.5
DOTTED = ("names", "places")
"""Layers whose symbol says nothing without its name: it is drawn where the name finds room."""
DOTTED_BY = 0.76
"""They are many, and all of one size: 6.5 points."""
FIRST = ("markers", "tri_points", "inspection_markers")
"""Numbered before all else: a marker without its number says nothing."""
WATERS = ("water",)
COURSES = ("water", "roads")
LED = ("divisions", "changed", "disputed", "restricted")
"""Layers to whose areas a line may lead."""
PAD_MM = 0.25
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the sheet: its layer, class, record, texts, its unit, the line that leads to it."""

    key: str
    value: str
    at: int
    name: str
    texts: tuple[Text, ...]
    unit: Any = None
    leader: tuple[Spot, Spot] | None = None

    @property
    def boxes(self) -> list[Box]:
        """The room of its characters (mm)."""
        return [box_of(text) for text in self.texts]


@dataclass(slots=True)
class Placement:
    """The labels that found room, and the names that found none by layer and class."""

    labels: list[Label] = field(default_factory=list)
    bare: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    taken: Taken | None = None
    elsewhere: dict[str, set[int]] = field(default_factory=dict)

    def standing(self, key: str) -> set[int]:
        """Return the records of a layer whose names stand on the sheet."""
        return {label.at for label in self.labels if label.key == key}

    def named(self, key: str) -> set[int]:
        """Return the records of a layer that are named, those named by another layer, too."""
        return self.standing(key) | self.elsewhere.get(key, set())

    def leave(self, drawn: Drawn, at: int) -> None:
        """Note a name that found no room."""
        self.bare.setdefault((drawn.key, drawn.looks[at].value), []).append(drawn.labels[at])


def place(
    layers: Sequence[Drawn],
    *,
    frame: Box,
    rooms: Iterable[Box],
    around: Sequence[Drawn] = (),
    kept_clear: Sequence[Any] = (),
) -> Placement:
    """Return the labels that find room beside what stands there: coarse classes first.

    Areas that a sheet is about have their names led in by a line where nothing else helps.

    Parameters
    ----------
    layers, around
        What the sheet is about, and what lies around it: named inside its area or not at all.
    frame
        Frame of the map (mm).
    rooms
        What no label may hide.
    kept_clear
        Boundaries on paper, the highest first: the name of a point lies over none of them where
        it can, and never over the first.
    """
    work = _Work(
        frame,
        Taken([*rooms, *_seats(layers)]),
        Placement(),
        _barriers(kept_clear),
        symbols=Taken(_symbols(layers)),
    )
    for group in _groups(layers):
        left = [one for one in group if not work.put(*one)]
        for drawn, at in left:
            if not (_may_be_led(drawn, at) and work.lead(drawn, at, _land(drawn))):
                work.placement.leave(drawn, at)
    for group in _groups(around):
        for drawn, at in group:
            work.put(drawn, at)
    work.placement.taken = work.taken
    return work.placement


def _barriers(kept_clear: Sequence[Any]) -> list[Any]:
    """Return all boundaries, then the first alone: the strict demand before the lenient one."""
    if not kept_clear:
        return [None]
    barriers = [shapely.union_all(list(kept_clear)), kept_clear[0]]
    shapely.prepare(barriers)
    return barriers


def _groups(layers: Sequence[Drawn]) -> Iterator[list[tuple[Drawn, int]]]:
    """Yield the records of each class, coarse classes first, large records before small ones."""
    groups: dict[tuple[int, int, str], list[tuple[Drawn, int]]] = {}
    for drawn in layers:
        missing = set(drawn.shapes.missing.tolist())
        for at, label in enumerate(drawn.labels):
            if label and at not in missing:
                groups.setdefault(_rank(drawn, at), []).append((drawn, at))
    for rank in sorted(groups):
        yield sorted(groups[rank], key=lambda one: -_size(*one))


def _rank(drawn: Drawn, at: int) -> tuple[int, int, str]:
    look, classes = drawn.looks[at], drawn.design.classes
    order = {**dict.fromkeys(FIRST, 1), **dict.fromkeys(SUBJECTS, 0)}.get(
        drawn.key, drawn.design.order
    )
    if drawn.marks:
        return order, drawn.marks[at].rank, drawn.key
    values = [each.value for each in classes]
    return order, values.index(look.value) if look.value in values else 99, drawn.key


def _size(drawn: Drawn, at: int) -> float:
    sizes = [np.ptp(path.vertices, axis=0).max() for path in drawn.shapes.paths[at]]
    return float(max(sizes, default=0))


def _symbols(layers: Sequence[Drawn]) -> list[Box]:
    """Return the room of symbols, which a label keeps off where it can."""
    return [
        _around(drawn.place(at), drawn.looks[at].radius_mm + 0.2)
        for drawn in layers
        if drawn.key not in (*DOTTED, *SUBJECTS)
        for at in range(len(drawn.labels))
        if is_marked(drawn, at)
    ]


def _seats(layers: Sequence[Drawn]) -> list[Box]:
    """Return the room of seats and of what the sheet is about: no label hides them."""
    boxes = []
    for drawn in layers:
        places = range(len(drawn.labels) if drawn.key in SUBJECTS else 0)
        boxes += [
            _around(drawn.place(at), drawn.looks[at].radius_mm + 0.2)
            for at in places
            if is_marked(drawn, at)
        ]
        boxes += [_around(seat.spot, seat.radius) for seat in drawn.seats.values()]
    return boxes


def _around(spot: Spot, half: float) -> Box:
    return spot[0] - half, spot[1] - half, spot[0] + half, spot[1] + half


def _may_be_led(drawn: Drawn, at: int) -> bool:
    """Tell whether a line may lead to an area: not to the finer divisions, which are too many."""
    if drawn.shapes.kinds[at] != features.POLYGON or drawn.key not in LED:
        return False
    return drawn.key != "divisions" or drawn.looks[at].value in drawn.filled


def _land(drawn: Drawn) -> Any:
    return areas.union(drawn.geometry[drawn.shapes.kinds == features.POLYGON])


@dataclass(slots=True)
class _Work:
    """The sheet while its labels are being placed."""

    frame: Box
    taken: Taken
    placement: Placement
    barriers: Sequence[Any] = (None,)
    symbols: Taken = field(default_factory=lambda: Taken([]))
    named: set[tuple[str, str]] = field(default_factory=set)
    tried: set[tuple[str, str]] = field(default_factory=set)

    def put(self, drawn: Drawn, at: int) -> bool:
        """Place a label where it finds room; tell whether it is settled."""
        kind = drawn.shapes.kinds[at]
        if at in drawn.elsewhere and self._stands(drawn.labels[at]):
            self.placement.elsewhere.setdefault(drawn.key, set()).add(at)
            return True
        if kind == features.POLYGON and drawn.key != "findings":
            return self._area(drawn, at)
        if kind == features.LINE and drawn.key != "findings":
            return self._course(drawn, at)
        return self._point(drawn, at)

    def _stands(self, name: str) -> bool:
        """Tell whether a name runs along its road or stands on its water already."""
        return any((key, name) in self.named for key in COURSES)

    def _area(self, drawn: Drawn, at: int) -> bool:
        if drawn.is_whole(at):
            # the title names what the whole sheet shows: its own name stands at its seat alone
            return at not in drawn.seats or self._beside(drawn, at, unit=None)
        if _fills(drawn, at, self.frame):
            return True
        unit = areas.sound(drawn.geometry[at])
        if at in drawn.seats and self._beside(drawn, at, unit=unit):
            return True
        ways = areas.AROUND if drawn.key == "neighbours" else areas.WAYS
        for free in (self._free, partial(self._free, clear=False)):
            for texts in areas.settings(text_of(drawn, at), unit, free=free, ways=ways):
                self._keep(drawn, at, texts, unit=unit)
                return True
        # a pond is smaller than its name: it stands beside it, as beside a symbol
        return drawn.key in WATERS and self._point(drawn, at)

    def _beside(self, drawn: Drawn, at: int, *, unit: Any) -> bool:
        seat = drawn.seats[at]
        for texts in besides(text_of(drawn, at), seat.spot, seat.radius):
            boxes = [box_of(text) for text in texts]
            if unit is not None and not areas.covers(unit, boxes):
                continue
            if self._free(boxes):
                self._keep(drawn, at, texts, unit=unit)
                return True
        return False

    def _course(self, drawn: Drawn, at: int) -> bool:
        name = drawn.labels[at]
        if (drawn.key, name) in self.tried:
            return True  # once a name is enough, however many stretches bear it
        self.tried.add((drawn.key, name))
        for course in areas.courses(drawn, name, self.frame):
            set_along = partial(lettering.along, course=course, beside=drawn.key in WATERS)
            for texts in _smaller(text_of(drawn, at), set_along):
                if self._free([box_of(text) for text in texts]):
                    self._keep(drawn, at, texts)
                    return True
        return False

    def _point(self, drawn: Drawn, at: int) -> bool:
        look, spot = drawn.looks[at], drawn.place(at)
        dotted = drawn.key in DOTTED
        dot = [_around(spot, look.radius_mm)] if dotted else []
        if dotted and not (within(self.frame, dot) and self.taken.free(dot)):
            return False
        text = text_of(drawn, at, by=DOTTED_BY if dotted else 1.0)
        sizes = (1.0,) if dotted else SMALLER
        demands = [(barrier, True) for barrier in self.barriers] + [(self.barriers[-1], False)]
        for barrier, clear in demands:
            for texts in besides(text, spot, max(look.radius_mm, 0.4), sizes=sizes):
                boxes = [box_of(each) for each in texts]
                if self._free(boxes, clear=clear) and not _across(barrier, boxes, spot):
                    self._keep(drawn, at, texts)
                    self.taken.add(dot)
                    return True
        return False

    def lead(self, drawn: Drawn, at: int, land: Any) -> bool:
        """Place a label outside its area, with a line that leads to it."""
        unit = areas.sound(drawn.geometry[at])
        text = text_of(drawn, at, by=0.8)
        led = areas.led(text, unit, land=land, frame=self.frame, taken=self.taken)
        if led is None:
            return False
        set_, start, end = led
        self._keep(drawn, at, (set_,), unit=unit, leader=(start, end))
        self.taken.add(areas.leading(start, end))
        return True

    def _free(self, boxes: Sequence[Box], *, clear: bool = True) -> bool:
        """Tell whether boxes find room, `clear` of symbols, too."""
        padded = [_padded(box) for box in boxes]
        free = within(self.frame, boxes) and self.taken.free(padded)
        return free and (not clear or self.symbols.free(boxes))

    def _keep(self, drawn: Drawn, at: int, texts: tuple[Text, ...], **more: Any) -> None:
        value = drawn.looks[at].value
        label = Label(drawn.key, value, at, drawn.labels[at], texts, **more)
        self.placement.labels.append(label)
        self.named.add((drawn.key, label.name))
        self.taken.add([_padded(box) for box in label.boxes])


def _across(barrier: Any, boxes: Sequence[Box], spot: Spot) -> bool:
    """Tell whether a name lies over a boundary, or beyond it from what it names."""
    if barrier is None:
        return False
    shapes = shapely.box(*np.array(boxes).T)
    ways = [shapely.linestrings([spot, shapely.get_coordinates(each)[0]]) for each in
            shapely.centroid(shapes)]  # fmt: skip
    return bool(shapely.intersects(barrier, [*shapes, *ways]).any())


def _padded(box: Box) -> Box:
    return box[0] - PAD_MM, box[1] - PAD_MM, box[2] + PAD_MM, box[3] + PAD_MM


def _fills(drawn: Drawn, at: int, frame: Box) -> bool:
    """Tell whether an area is larger than the frame, so that its name would say nothing."""
    sizes = [np.ptp(path.vertices, axis=0) / 10**DECIMALS for path in drawn.shapes.paths[at]]
    return any(wide > frame[2] - frame[0] and high > frame[3] - frame[1] for wide, high in sizes)


def text_of(drawn: Drawn, at: int, *, by: float = 1.0) -> Text:
    """Return the label of a record at the origin, in the size of its class times `by`."""
    look = drawn.looks[at]
    size = max(look.label_size_pt * by, LEAST_PT)
    bold = look.label_size_pt >= BOLD_PT
    return Text(
        0, 0, drawn.labels[at], size, look.label_color, bold=bold, slanted=drawn.key in WATERS
    )


def _smaller(
    text: Text,
    ways: Callable[[Text], Iterable[tuple[Text, ...]]],
    *,
    sizes: Sequence[float] = SMALLER,
) -> Iterator[tuple[Text, ...]]:
    """Yield the ways to set a text, then those to set it smaller."""
    for size in dict.fromkeys(max(LEAST_PT, text.size * by) for by in sizes):
        yield from ways(replace(text, size=size))


def besides(
    text: Text, spot: Spot, radius: float, *, sizes: Sequence[float] = SMALLER
) -> Iterator[tuple[Text, ...]]:
    """Yield the ways to set a name beside a symbol: right, left, above, below, between these."""
    return _smaller(text, lambda each: _beside_ways(each, spot, radius), sizes=sizes)


def _beside_ways(text: Text, spot: Spot, radius: float) -> Iterator[tuple[Text, ...]]:
    (x, y), gap = spot, radius + 0.5
    up = text.size * lettering.MM_PER_POINT / 2 + radius + 0.4
    slant = up * 0.75
    for dx, dy, align in (
        (gap, 0.0, "left"), (-gap, 0.0, "right"), (0.0, -up, "center"), (0.0, up, "center"),
        (gap * 0.7, -slant, "left"), (gap * 0.7, slant, "left"),
        (-gap * 0.7, -slant, "right"), (-gap * 0.7, slant, "right"),
    ):  # fmt: skip
        yield (replace(text, x=x + dx, y=y + dy, align=align),)

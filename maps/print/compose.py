"""What stands on the map of a sheet: layers, boundaries, seats, labels, furniture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Language, Sentence
from maps import style, symbols
from maps.atlas import columns, features
from maps.print import adjoining, areas, borders, drawing, furniture, labels
from maps.print import layout as sheets
from maps.print.drawing import Drawn
from maps.print.lettering import Text, box_of

LINE_MARGIN = 0.25
ALONG = ("line", "inspection")
"""Kinds of sheet that are about one line."""
OWN_LINES = (*ALONG, "dispute", "change")
"""Kinds of sheet that draw boundary lines in a way of their own."""
AROUND_DEGREES = 0.02
"""How far the surroundings of a name applied for are shown (about 2 km)."""
CROWDED = ("facilities", "not_served")
EDGE_MM = 5.0
"""How far beyond the frame areas are kept: their cut edge must not show as a boundary."""
COARSE = 100_000
"""Scale of a picture from which on it names townships alone."""
ABOVE = 50
"""Layers from this order of drawing on lie over the boundaries."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What a sheet is about, and the divisions it lies among (both EPSG:4490)."""

    subject: NDArray[Any]
    among: NDArray[Any]
    code: str | None


@dataclass(slots=True)
class Layers:
    """The layers of a sheet on paper: what it is about, what lies around, boundaries, seats."""

    about: list[Drawn] = field(default_factory=list)
    around: list[Drawn] = field(default_factory=list)
    borders: list[borders.Border] = field(default_factory=list)
    seats: list[drawing.Seat] = field(default_factory=list)

    def liken(self, other: Layers) -> None:
        """Fill areas as another map does: a part of a map looks like the whole."""
        whole = {one.key: one for one in other.about}
        for one in self.about:
            if one.key in whole:
                one.tints = drawing.tints(whole[one.key])
                one.parted = whole[one.key].filled


OWN = Layers()
"""Stands for the layers that a map draws itself."""


def focus_of(frames: Mapping[str, gpd.GeoDataFrame], *, kind: str, subject: str | None) -> Focus:
    """Return what a sheet of a kind is about.

    Raises
    ------
    InputError, UnknownError
        When the layer that the sheet is about is missing, or has no such code.
    """
    mains = {**dict.fromkeys(ALONG, "lines"), "dispute": "claims", "location": "proposed"}
    main = mains.get(kind, "divisions")
    if main not in frames or not len(frames[main]):
        what = Sentence("The sheet needs the layer {main!r}", main=style.named(main))
        raise InputError(what, remedy=Sentence("Import it first."))
    divisions = frames.get("divisions", frames[main])
    among = features.geographic(divisions, place="divisions")
    if kind == "location":
        around = shapely.buffer(features.geographic(frames[main], place=main), AROUND_DEGREES)
        return Focus(around, among, main)
    if kind == "dispute":
        return Focus(features.geographic(frames[main], place=main), among, subject or main)
    if kind not in ("township", *ALONG):
        return Focus(among, among, None)
    frame = frames[main]
    chosen = np.array([code == subject for code in columns.texts(frame["code"])])
    if not chosen.any():
        raise UnknownError(
            Sentence(
                "No {main} have the code {subject!r}", main=style.named(main), subject=subject
            ),
            remedy=Sentence("See gazetteer info."),
        )
    return Focus(features.geographic(frame[chosen], place=main), among, subject)


def extent(focus: Focus) -> sheets.Box:
    """Return the degrees that a sheet shows: its subject with some of what lies around."""
    west, south, east, north = (float(side) for side in shapely.total_bounds(focus.subject))
    edge = LINE_MARGIN * max(east - west, north - south) if focus.code else 0.0
    if shapely.get_dimensions(focus.subject).max() == 2:
        edge *= 0.2
    return west - edge, south - edge, east + edge, north + edge


@dataclass(frozen=True, slots=True)
class Composed:
    """A map on paper: its SVG, texts, layers, which names stand on it, the legend under it (mm)."""

    svg: str
    texts: list[dict[str, Any]]
    layers: Layers
    placement: labels.Placement
    strip: float = 0.0


def compose(
    plan: sheets.Layout,
    frames: Mapping[str, gpd.GeoDataFrame],
    focus: Focus,
    *,
    spec: Mapping[str, str],
    language: Language,
    small: bool = False,
    extra: Callable[[furniture.Corners], furniture.Piece] | None = None,
    legend: Layers | None = OWN,
    like: Layers | None = None,
) -> Composed:
    """Return the map of a sheet; a small one names no facilities.

    `extra` stands in a corner of the map in place of the inset; a part of a map on several sheets
    has its `legend` on another, and looks `like` the whole.
    """
    layers = _layers(plan, frames, focus, kind=spec["sheet"])
    if like is not None:
        layers.liken(like)
    # of an inspected line every part has to be seen: nothing covers it
    if extra is None and focus.code and spec["sheet"] != "inspection":
        extra = partial(_inset, plan, focus)
    told = layers if legend is OWN else legend
    pieces = _pieces(plan, focus, extra=extra, legend=told, language=language)
    strip = 0.0
    if told is not None and not plan.bound:
        piece, strip = furniture.legend_strip(plan, _rows(told), language=language)
        pieces.append(piece)
    if small and plan.scale > COARSE and spec["sheet"] not in OWN_LINES:
        _leave_villages(layers)
    wanted = [key for key in spec["label_layers"].split() if not (small and key in CROWDED)]
    placement = labels.place(
        [one for one in layers.about if one.key in wanted],
        around=[one for one in layers.around if one.key in (*wanted, "neighbours")],
        frame=plan.frame,
        rooms=[room for piece in pieces for room in piece.rooms],
        kept_clear=[each.course for each in reversed(layers.borders) if each.look.clear],
    )
    texts = _neighbours(plan, frames, focus, placement)
    drawn = _svg_of(layers, placement, named=wanted)
    drawn += [element for label in placement.labels for element in _ground(label)]
    texts += [text for label in placement.labels for text in label.texts]
    texts += [text for piece in pieces for text in piece.texts]
    ordered = sorted(pieces, key=lambda piece: not piece.under)
    above = [element for piece in ordered for element in piece.svg]
    svg = _svg(replace(plan, height=plan.height + strip), drawn, above)
    return Composed(svg, [asdict(text) for text in texts], layers, placement, strip)


def _neighbours(
    plan: sheets.Layout,
    frames: Mapping[str, gpd.GeoDataFrame],
    focus: Focus,
    placement: labels.Placement,
) -> list[Text]:
    """Return the names of the neighbours whose areas are not known."""
    if "adjoining" not in frames or placement.taken is None:
        return []
    frame, window = frames["adjoining"], shapely.box(*plan.frame)
    courses = plan.to_paper(features.geographic(frame, place="adjoining"))
    land = areas.union(shapely.intersection(_whole(plan.to_paper(focus.among)), window))
    found = adjoining.named(
        frame,
        shapely.intersection(courses, window),
        land=land,
        within_=plan.frame,
        taken=placement.taken,
    )
    return [text for _, texts in found for text in texts]


def _whole(paper: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(shapely.make_valid(paper[~shapely.is_missing(paper)]))


def _layers(
    plan: sheets.Layout, frames: Mapping[str, gpd.GeoDataFrame], focus: Focus, *, kind: str
) -> Layers:
    window = shapely.box(*plan.frame)
    layers = Layers()
    for key, frame in frames.items():
        for part, pale in _split(key, frame, focus, kind=kind):
            shapes = features.geographic(part, place=f"layer {key!r}")
            if kind == "township":
                shapes = _inside(shapes, focus)
            paper = plan.to_paper(shapes)
            paper[~shapely.intersects(shapely.envelope(paper), window)] = None
            paper = _clipped(paper, window if pale else window.buffer(EDGE_MM), every=pale)
            one = drawing.draw("divisions" if key == "neighbours" else key, part, paper=paper)
            if key == "divisions" and not pale:
                one.seats = borders.seats(part, _seat_spots(plan, part))
            one = replace(one, key=key) if key == "neighbours" else one
            (layers.around if pale else layers.about).append(drawing.greyed(one) if pale else one)
    drawing.fill_once(layers.about)
    _take_borders(layers, kind=kind)
    for one in layers.about:
        if one.key == "names":
            one.elsewhere = _elsewhere(one, frames)
    return layers


def _elsewhere(names: Drawn, frames: Mapping[str, gpd.GeoDataFrame]) -> frozenset[int]:
    """Return the names of places that are drawn as waters or roads, too."""
    if "thing_id" not in names.records:
        return frozenset()
    links = [("water", "place_id"), ("roads", "street_id")]
    linked = [frames[key][field] for key, field in links if key in frames and field in frames[key]]
    things = {thing for each in linked for thing in each.dropna()}
    return frozenset(at for at, thing in enumerate(names.records["thing_id"]) if thing in things)


def _take_borders(layers: Layers, *, kind: str) -> None:
    """Take boundaries and seats out of the layers, to be drawn over everything."""
    about = {one.key: one for one in layers.about}
    divisions = about.get("divisions")
    if divisions is None:
        return
    layers.seats = borders.shown_seats(list(divisions.seats.values()))
    if kind in OWN_LINES:
        return
    layers.borders = borders.borders(divisions, about.get("lines"))
    layers.about = [one for one in layers.about if one.key != "lines"]


def _seat_spots(plan: sheets.Layout, frame: gpd.GeoDataFrame) -> list[Any]:
    """Return the seats of divisions on paper, None where a seat is not known or out of sight."""
    if not {"seat_lon", "seat_lat"} <= set(frame.columns):
        return [None] * len(frame)
    degrees = frame[["seat_lon", "seat_lat"]].apply(pd.to_numeric, errors="coerce").to_numpy()
    known = np.isfinite(degrees).all(axis=1) & frame.geometry.notna().to_numpy()
    points = np.full(len(frame), None, dtype=object)
    points[known] = shapely.points(degrees[known])
    paper = plan.to_paper(points)
    paper[~shapely.contains(shapely.box(*plan.frame), paper)] = None
    return list(paper)


def _svg_of(layers: Layers, placement: labels.Placement, *, named: Sequence[str]) -> list[str]:
    """Return areas, bands, lines, boundaries, symbols, in this order of drawing."""
    svg: list[str] = []
    for one in layers.around:
        svg += [*drawing.fills_svg(one, pale=True), *drawing.strokes_svg(one, pale=True)]
    over: list[str] = []
    for one in layers.about:
        part = svg if one.design.order < ABOVE else over
        part += drawing.fills_svg(one)
        if one.key == "divisions" and layers.borders:
            part += borders.bands_svg(layers.borders)
        else:
            part += drawing.strokes_svg(one)
        dotted = one.key in labels.DOTTED and one.key in named
        part += drawing.symbols_svg(one, only=placement.standing(one.key) if dotted else None)
    svg += [*borders.lines_svg(layers.borders), *over]
    seats = [(symbols.of_seat(seat.level), seat.spot) for seat in layers.seats]
    return svg + [drawing.mark_svg(mark, *spot) for mark, spot in seats]


def _ground(label: labels.Label) -> list[str]:
    """Return a faint ground for a label, so that lines do not run through it, and its leader."""
    elements = []
    if label.leader is not None:
        (x, y), (to_x, to_y) = label.leader
        elements.append(
            f'<path d="M{x:.2f},{y:.2f}L{to_x:.2f},{to_y:.2f}" fill="none" '
            f'stroke="{furniture.INK}" stroke-width="0.18"/>'
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.45" fill="{furniture.INK}"/>'
        )
    return [*elements, *(_plate(text) for text in label.texts)]


def _plate(text: Text) -> str:
    left, top, right, bottom = box_of(replace(text, angle=0.0))
    turned = f' transform="rotate({text.angle:g} {text.x:.2f} {text.y:.2f})"' if text.angle else ""
    return (
        f'<rect x="{left:.2f}" y="{top:.2f}" width="{right - left:.2f}" '
        f'height="{bottom - top:.2f}" rx="0.8" fill="#ffffff" fill-opacity="0.55"{turned}/>'
    )


def _pieces(
    plan: sheets.Layout,
    focus: Focus,
    *,
    extra: Callable[[furniture.Corners], furniture.Piece] | None,
    legend: Layers | None,
    language: Language,
) -> list[furniture.Piece]:
    """Return what stands around the map, each in the corner where it hides least."""
    subject = plan.to_paper(focus.subject)
    land = shapely.union_all(shapely.make_valid(subject[~shapely.is_missing(subject)]))
    corners = furniture.Corners(plan.frame, land)
    pieces = []
    if legend is not None and plan.bound:
        pieces.append(furniture.legend(corners, _rows(legend), language=language))
    if extra is not None:
        pieces.append(extra(corners))
    pieces.append(furniture.scale_bar(plan, corners, language=language))
    pieces.append(furniture.north(corners, language=language))
    rooms = [room for piece in pieces for room in piece.rooms]
    return [furniture.neat_lines(plan, rooms=rooms), *pieces]


def _rows(told: Layers) -> list[furniture.Row]:
    return furniture.legend_rows(told.about, told.borders, [seat.level for seat in told.seats])


def _leave_villages(layers: Layers) -> None:
    """Leave the finer divisions unnamed: a small picture has room for townships alone."""
    for one in layers.about:
        if one.key == "divisions":
            kept = one.filled
            one.labels = [
                label if look.value in kept or one.is_whole(at) else ""
                for at, (label, look) in enumerate(zip(one.labels, one.looks, strict=True))
            ]


def _inset(plan: sheets.Layout, focus: Focus, corners: furniture.Corners) -> furniture.Piece:
    among, subject = plan.to_paper(focus.among), plan.to_paper(focus.subject)
    return furniture.inset(corners, whole=among, subject=subject)


def _split(
    key: str, frame: gpd.GeoDataFrame, focus: Focus, *, kind: str
) -> list[tuple[gpd.GeoDataFrame, bool]]:
    """Return (part, is pale): around a township its neighbours are pale, around a line others."""
    if key == "adjoining":
        return []
    if key == "neighbours":
        return [(frame, True)]
    if key == "lines" and kind in ALONG:
        mine = np.array([code == focus.code for code in columns.texts(frame["code"])])
        pale, full = (frame[rows].reset_index(drop=True) for rows in (~mine, mine))
        return [(pale, True), (full, False)]
    if (key, kind) != ("divisions", "township"):
        return [(frame, False)]
    codes = columns.texts(frame["code"])
    parents = columns.texts(frame["parent_code"]) if "parent_code" in frame else codes
    within = np.array([focus.code in pair for pair in zip(codes, parents, strict=True)])
    level = frame["level"] if "level" in frame else pd.Series([""] * len(frame))
    rest = ~within & (level == frame["level"][within].iloc[0] if "level" in frame else True)
    return [
        (frame[rest].reset_index(drop=True), True),
        (frame[within].reset_index(drop=True), False),
    ]


def _inside(shapes: NDArray[Any], focus: Focus) -> NDArray[Any]:
    """Return shapes without the points that lie outside the township."""
    land = shapely.union_all(shapely.make_valid(focus.subject))
    shapely.prepare(land)
    out = (shapely.get_dimensions(shapes) == 0) & ~shapely.intersects(land, shapes)
    kept = shapes.copy()
    kept[out] = None
    return kept


def _clipped(paper: NDArray[Any], window: Any, *, every: bool) -> NDArray[Any]:
    """Return what lies in a window; of areas the part in sight, so that its name stands there."""
    out = ~shapely.covers(window, paper) & (every | (shapely.get_dimensions(paper) == 2))
    cut = paper.copy()
    cut[out] = shapely.intersection(shapely.make_valid(paper[out]), window)
    return cut


def _svg(plan: sheets.Layout, inside: Sequence[str], above: Sequence[str]) -> str:
    clip = furniture.rectangle(plan.frame, "")
    frame = furniture.rectangle(plan.frame, 'fill="none" stroke="#1f2733" stroke-width="0.25"')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {plan.width:g} {plan.height:g}" '
        f'width="{plan.width:g}mm" height="{plan.height:g}mm">'
        f'<defs><clipPath id="frame">{clip}</clipPath>{drawing.HATCH}</defs>'
        f'<g clip-path="url(#frame)">{"".join(inside)}</g>{"".join(above)}{frame}</svg>'
    )

"""What stands around a map: graticule, index letters, scale bar, north, legend, inset."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gazetteer.common.language import Language
from gazetteer.common.language import Text as Bilingual
from maps import style, symbols
from maps.print import borders as boundary
from maps.print import layout as sheets
from maps.print.drawing import Drawn, mark_svg, paint, symbol
from maps.print.lettering import Text, width_mm

INK, QUIET = "#1f2733", "#5d6673"
ROW_MM, SWATCH_MM, INSET_MM = 5.2, 9.0, 46.0
LONG = 14
"""A legend with more rows than these stands in two columns."""
Row = tuple[Bilingual, Callable[[float, float], str]]
"""What a row of a legend says, and what it draws from its left end (mm)."""


@dataclass(slots=True)
class Piece:
    """SVG elements, texts, the room (mm) that no label may take; whether it lies under others."""

    svg: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    rooms: list[sheets.Box] = field(default_factory=list)
    under: bool = False


def rectangle(box: sheets.Box, paint: str) -> str:
    """Return a rectangle as SVG."""
    left, top, right, bottom = box
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}" '
        f"{paint}/>"
    )


def neat_lines(sheet: sheets.Layout, *, rooms: Sequence[sheets.Box]) -> Piece:
    """Return the double frame, the graticule with degrees clear of `rooms`, the index letters."""
    left, top, right, bottom = sheet.frame
    piece = Piece()
    for label, line in sheets.graticule(sheet):
        d = "M" + "L".join(f"{x:.2f},{y:.2f}" for x, y in line)
        piece.svg.append(
            f'<path d="{d}" fill="none" stroke="#5d7a94" stroke-width="0.1" '
            f'stroke-opacity="0.55" clip-path="url(#frame)"/>'
        )
        piece.texts += [
            text
            for text in _tick(label, line, sheet.frame)
            if not any(a - 10 < text.x < c and b < text.y < d for a, b, c, d in rooms)
        ]
    outer = (left - 5, top - 5, right + 5, bottom + 5)
    piece.svg.append(rectangle(outer, f'fill="none" stroke="{INK}" stroke-width="0.8"'))
    columns, rows = sheets.cells(sheet)
    for at in range(columns):
        x = left + (at + 0.5) * (right - left) / columns
        piece.texts += [Text(x, y, str(at + 1), 7, QUIET) for y in (top - 2.6, bottom + 2.6)]
    for at in range(rows):
        y = top + (at + 0.5) * (bottom - top) / rows
        piece.texts += [Text(x, y, chr(65 + at), 7, QUIET) for x in (left - 2.6, right + 2.6)]
    return piece


def _tick(label: str, line: NDArray[Any], frame: sheets.Box) -> list[Text]:
    """Return the degrees of a graticule line where it leaves the frame, top or left."""
    left, top, _, bottom = frame
    # Lettered at the top or on the left only: there the frame has room beside the index letters.
    run = shapely.linestrings(line)
    upright = abs(line[0][0] - line[-1][0]) < abs(line[0][1] - line[-1][1])
    edge = (
        shapely.linestrings([(left, top), (frame[2], top)])
        if upright
        else shapely.linestrings([(left, top), (left, bottom)])
    )
    met = shapely.get_coordinates(shapely.intersection(run, edge))
    if not len(met):
        return []
    x, y = met[0]
    if upright:
        return [Text(x + 0.8, top + 2.2, label, 6.5, QUIET, "left")]
    return [Text(left + 0.8, y - 1.6, label, 6.5, QUIET, "left")]


@dataclass(slots=True)
class Corners:
    """The corners of a frame that are still free, and the land that had better stay in sight."""

    frame: sheets.Box
    land: Any
    free: list[str] = field(default_factory=lambda: ["br", "bl", "tl", "tr"])

    def take(self, width: float, height: float, *, best: str) -> sheets.Box:
        """Return the box (mm) of a piece in the free corner where it hides least land."""
        boxes = {corner: self._box(corner, width, height) for corner in self.free}
        hidden = {
            corner: round(float(shapely.area(shapely.intersection(self.land, shapely.box(*box)))))
            for corner, box in boxes.items()
        }
        chosen = min(self.free, key=lambda corner: (hidden[corner], corner != best))
        self.free.remove(chosen)
        return boxes[chosen]

    def _box(self, corner: str, width: float, height: float) -> sheets.Box:
        left, top, right, bottom = self.frame
        x = left if corner[1] == "l" else right - width
        y = top if corner[0] == "t" else bottom - height
        return x, y, x + width, y + height


def scale_bar(sheet: sheets.Layout, corners: Corners, *, language: Language) -> Piece:
    """Return a scale bar of four parts, with the scale as a ratio."""
    length_m = sheets.round_up(sheet.scale * 0.04)
    part = length_m / 4 / sheet.scale * 1000
    room = corners.take(max(4 * part, 42) + 16, 15, best="bl")
    x, y = room[0] + 6, room[1] + 9
    piece = Piece([rectangle(room, 'fill="#ffffff" fill-opacity="0.88"')], [], [room])
    for at in range(4):
        box = (x + at * part, y, x + (at + 1) * part, y + 1.3)
        fill = INK if at % 2 == 0 else "#ffffff"
        piece.svg.append(rectangle(box, f'fill="{fill}" stroke="{INK}" stroke-width="0.15"'))
    unit, divisor = ("km", 1000) if length_m >= 2000 else ("m", 1)
    for at in (0, 2, 4):
        label = f"{length_m * at / 4 / divisor:g}{f' {unit}' if at == 4 else ''}"
        piece.texts.append(Text(x + at * part, y + 3, label, 6.5, INK))
    word = {"zh": "比例尺", "en": "Scale"}[language]
    ratio = f"{word} 1:{sheet.scale:,.0f}".replace(",", " ")
    piece.texts.append(Text(x, y - 3.4, ratio, 8, INK, "left"))
    return piece


def north(corners: Corners, *, language: Language) -> Piece:
    """Return the arrow to grid north."""
    room = corners.take(12, 22, best="tr")
    x, y = room[0] + 6, room[1] + 4
    svg = [
        f'<path d="M{x},{y}L{x + 2.6},{y + 11}L{x},{y + 8.4}Z" fill="{INK}"/>',
        f'<path d="M{x},{y}L{x - 2.6},{y + 11}L{x},{y + 8.4}Z" fill="#ffffff" stroke="{INK}" '
        'stroke-width="0.2"/>',
    ]
    word = {"zh": "北", "en": "N"}[language]
    return Piece(svg, [Text(x, y + 14, word, 10, INK, bold=True)], [room])


def legend_rows(
    layers: Sequence[Drawn], borders: Sequence[boundary.Border], seats: Sequence[str]
) -> list[Row]:
    """Return title and swatch of all that is on a sheet: seats, symbols and areas, boundaries."""
    rows: list[Row] = [_mark_row(symbols.of_seat(level)) for level in dict.fromkeys(seats)]
    for drawn in sorted(layers, key=lambda one: -one.design.order):
        if drawn.key == "divisions" and borders:
            continue
        if drawn.marks:
            missing = set(drawn.shapes.missing.tolist())
            placed = {mark for at, mark in enumerate(drawn.marks) if at not in missing}
            rows += [_mark_row(mark) for mark in symbols.symbols() if mark in placed]
            continue
        classes = list(drawn.design.classes)
        shown = sorted(
            drawn.shown(), key=lambda look: classes.index(look) if look in classes else 99
        )
        rows += [(look.title, partial(_swatch, look, fill=drawn.fill(look))) for look in shown]
    rows += [(each.look.title, partial(_boundary, each.look)) for each in reversed(borders)]
    return rows


def legend(
    corners: Corners,
    rows: Sequence[Row],
    *,
    language: Language,
) -> Piece:
    """Return the legend of what is on the sheet."""
    titles = [title.say(language) for title, _ in rows]
    high = math.ceil(len(rows) / (2 if len(rows) > LONG else 1))
    wide = max([width_mm(title, 8) for title in titles] + [18]) + SWATCH_MM + 8
    size = wide * math.ceil(len(rows) / max(high, 1)), (high + 1.8) * ROW_MM
    box = corners.take(*size, best="br")
    paint = f'fill="#ffffff" stroke="{INK}" stroke-width="0.25"'
    piece = Piece([rectangle(box, paint)], [], [box])
    head = {"zh": "图 例", "en": "Legend"}[language]
    piece.texts.append(Text((box[0] + box[2]) / 2, box[1] + 4.4, head, 10, INK, bold=True))
    for at, ((_, swatch), title) in enumerate(zip(rows, titles, strict=True)):
        x, y = box[0] + 3 + at // high * wide, box[1] + (at % high + 1.9) * ROW_MM
        piece.svg.append(swatch(x, y))
        piece.texts.append(Text(x + SWATCH_MM + 2, y, title, 8, INK, "left"))
    return piece


def legend_strip(
    sheet: sheets.Layout, rows: Sequence[Row], *, language: Language
) -> tuple[Piece, float]:
    """Return the legend under the frame of a picture, and its height: it hides no land."""
    left, _, right, bottom = sheet.frame
    titles = [title.say(language) for title, _ in rows]
    wide = max([width_mm(title, 8) for title in titles] + [18]) + SWATCH_MM + 6
    columns = max(1, int((right - left) // wide))
    piece = Piece()
    for at, ((_, swatch), title) in enumerate(zip(rows, titles, strict=True)):
        x, y = left + at % columns * wide, bottom + 10 + at // columns * ROW_MM
        piece.svg.append(swatch(x, y))
        piece.texts.append(Text(x + SWATCH_MM + 2, y, title, 8, INK, "left"))
    return piece, math.ceil(len(rows) / columns) * ROW_MM + 3


def _mark_row(mark: symbols.Symbol) -> Row:
    return mark.title, lambda x, y: mark_svg(mark, x + SWATCH_MM / 2, y)


def _boundary(look: boundary.Look, x: float, y: float) -> str:
    band = (
        f'<path d="M{x},{y}H{x + SWATCH_MM}" stroke="{look.color}" stroke-opacity="0.16" '
        f'stroke-width="{look.band:g}"/>'
        if look.band
        else ""
    )
    return f'{band}<path d="M{x},{y}H{x + SWATCH_MM}" fill="none" {boundary.paint(look)}/>'


def _swatch(look: style.Style, x: float, y: float, *, fill: str) -> str:
    stroke = f'stroke="{look.stroke}" stroke-width="{look.stroke_width_mm:g}"'
    if look.dash_mm:
        dash = " ".join(f"{part:g}" for part in look.dash_mm)
        stroke += f' stroke-dasharray="{dash}"'
    if look.kind == "point" or look.layer == "findings":
        return symbol(look, x + SWATCH_MM / 2, y)
    if look.kind == "line":
        return f'<path d="M{x},{y}H{x + SWATCH_MM}" fill="none" {stroke}/>'
    fill = style.palette("tint")[0] if fill == "tint" else paint(fill) or "none"
    filled = f'fill="{fill}" fill-opacity="{look.fill_opacity}" {stroke}'
    return rectangle((x, y - 1.7, x + SWATCH_MM, y + 1.7), filled)


def inset(corners: Corners, *, whole: NDArray[Any], subject: NDArray[Any]) -> Piece:
    """Return a small map of where the subject lies in the whole (both on paper)."""
    # Both are on paper already (y downwards): the small map is the large one shrunk and moved, so
    # that the two agree in projection and direction.
    west, north_, east, south = shapely.total_bounds(whole)
    step = (INSET_MM - 6) / max(east - west, south - north_, 1e-9)
    box = corners.take((east - west) * step + 6, (south - north_) * step + 6, best="tl")
    left, top = box[:2]
    origin = np.array([west, north_])

    def shrink(points: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = (points - origin) * step + np.array([left + 3, top + 3])
        return moved

    paint = f'fill="#ffffff" stroke="{INK}" stroke-width="0.25"'
    svg = [rectangle(box, paint)]
    thin = 'fill="#f1f1ef" stroke="#8b9096" stroke-width="0.12"'
    svg += [f'<path d="{d}" {thin}/>' for d in _outlines(shapely.transform(whole, shrink))]
    dark = 'fill="#c4553b" stroke="#8a2f00" stroke-width="0.25"'
    svg += [f'<path d="{d}" {dark}/>' for d in _outlines(shapely.transform(subject, shrink))]
    return Piece(svg, [], [box])


def _outlines(shapes: NDArray[Any]) -> Iterable[str]:
    """Yield each ring or line of geometries as an SVG path."""
    for part in shapely.get_parts(shapes[~shapely.is_missing(shapes)]):
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        for ring in rings:
            points = np.round(shapely.get_coordinates(ring), 2)
            yield "M" + "L".join(f"{x:g},{y:g}" for x, y in points)

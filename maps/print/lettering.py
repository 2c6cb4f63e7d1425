"""How a name may be set on a map: in one line, in two, upright, or along a line; in mm of paper."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

MM_PER_POINT = 25.4 / 72
CHINESE = 0x2E7F
"""Above this code point a character is as wide as high."""
LEADING = 1.12
"""Distance of lines and of upright characters, in heights of a character."""
STEEPEST = 40.0
"""By how many degrees two neighbouring characters may turn along a line."""
SPREAD = 1.25
"""Distance of characters along a line, in their widths."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Text:
    """A text on the sheet: where (mm), which side of that point it stands on, size in points.

    `angle` turns it clockwise, in degrees; a `slanted` one leans, as the names of waters do.
    """

    x: float
    y: float
    text: str
    size: float
    color: str = "#1f2733"
    align: str = "center"
    bold: bool = False
    angle: float = 0.0
    slanted: bool = False


def width_mm(text: str, size: float) -> float:
    """Return about how wide a text is, in mm: a Chinese character is as wide as high.

    Examples
    --------
    >>> round(width_mm("甲镇", 10), 2)
    7.06
    """
    ems = sum(1.0 if ord(letter) > CHINESE else 0.58 for letter in text)
    return ems * size * MM_PER_POINT


def box_of(text: Text, *, pad: float = 0.0) -> Box:
    """Return the room that a text takes (mm), with `pad` on every side; a turned one's bounds.

    Examples
    --------
    >>> box_of(Text(10, 10, "甲镇", 72 / 2.54))
    (0.0, 5.0, 20.0, 15.0)
    """
    wide, high = width_mm(text.text, text.size), text.size * MM_PER_POINT
    left = {"left": text.x, "center": text.x - wide / 2, "right": text.x - wide}[text.align]
    if text.angle:
        turn = math.radians(text.angle)
        across, along = abs(math.cos(turn)), abs(math.sin(turn))
        wide, high = wide * across + high * along, wide * along + high * across
        left = text.x - wide / 2
    box = (left - pad, text.y - high / 2 - pad, left + wide + pad, text.y + high / 2 + pad)
    return tuple(round(side, 3) for side in box)  # type: ignore[return-value]


def line(text: Text) -> tuple[Text, ...]:
    """Return a name in one line."""
    return (text,)


def stacked(text: Text) -> tuple[Text, ...]:
    """Return a name in two lines, the first the longer; a short one in one.

    Examples
    --------
    >>> [each.text for each in stacked(Text(0, 0, "紫竹院街道", 8))]
    ['紫竹院', '街道']
    """
    if len(text.text) < 4:
        return ()
    half = math.ceil(len(text.text) / 2)
    up = text.size * MM_PER_POINT * LEADING / 2
    parts = text.text[:half], text.text[half:]
    return tuple(
        replace(text, text=part, y=text.y + by) for part, by in zip(parts, (-up, up), strict=True)
    )


def upright(text: Text) -> tuple[Text, ...]:
    """Return a name with its characters below each other; nothing where it is not Chinese.

    Examples
    --------
    >>> [(each.text, each.y) for each in upright(Text(0, 0, "甲镇", 72 / 2.54))]
    [('甲', -5.6), ('镇', 5.6)]
    """
    if len(text.text) < 2 or not _chinese(text.text):
        return ()
    step = text.size * MM_PER_POINT * LEADING
    first = text.y - step * (len(text.text) - 1) / 2
    return tuple(
        replace(text, text=letter, y=round(first + at * step, 3))
        for at, letter in enumerate(text.text)
    )


def _chinese(text: str) -> bool:
    return all(ord(letter) > CHINESE for letter in text)


def spaced(text: Text, *, by: float) -> tuple[Text, ...]:
    """Return a name whose characters stand apart, `by` widths from middle to middle."""
    step = text.size * MM_PER_POINT * by
    first = text.x - step * (len(text.text) - 1) / 2
    return tuple(
        replace(text, text=letter, x=first + at * step) for at, letter in enumerate(text.text)
    )


def along(text: Text, course: Any, *, beside: bool = False) -> Iterator[tuple[Text, ...]]:
    """Yield the ways to set a name along a line on paper, the middle of the line first.

    Chinese characters stand one by one, as on the maps of the country: turned with the line
    where it is flat, below each other where it is steep. Other names are turned as a whole.

    Parameters
    ----------
    course
        LineString in mm, y downwards.
    beside
        Whether it stands beside the line instead of on it.
    """
    offset = text.size * MM_PER_POINT * 0.62 if beside else 0.0
    step = text.size * MM_PER_POINT * SPREAD
    chinese = _chinese(text.text)
    letters = list(text.text) if chinese else [text.text]
    room = step * len(letters) if chinese else width_mm(text.text, text.size)
    if course.length < room * 1.1:
        return
    for middle in (0.5, 0.35, 0.65, 0.2, 0.8):
        start = course.length * middle - room / 2
        if start < 0 or start + room > course.length:
            continue
        stops = start + (np.arange(len(letters)) + 0.5) * (room / len(letters))
        placed = _on(text, course, letters, stops, room / len(letters), offset=offset)
        if placed:
            yield placed


def _on(
    text: Text, course: Any, letters: Sequence[str], stops: Any, reach: float, *, offset: float
) -> tuple[Text, ...]:
    """Return characters at places along a line; nothing where the line bends too much."""
    ends = [
        shapely.get_coordinates(shapely.line_interpolate_point(course, stops + by * reach / 2))
        for by in (-1, 1)
    ]
    run = ends[1] - ends[0]
    whole = run.sum(axis=0)
    steep = abs(whole[1]) > abs(whole[0])
    if (whole[1] < 0) if steep else (whole[0] < 0):
        # read from the left, and from the top: the line may have been drawn the other way round
        letters, run = list(reversed(letters)), -run
    angles = np.degrees(np.arctan2(run[:, 1], run[:, 0]))
    if np.abs((np.diff(angles) + 180) % 360 - 180).max(initial=0.0) > STEEPEST:
        return ()
    spots = shapely.get_coordinates(shapely.line_interpolate_point(course, stops))
    spots = spots + offset * _beside(run)
    turned = angles - 90 if steep and len(letters) > 1 else angles
    return tuple(
        replace(text, x=float(x), y=float(y), text=letter, angle=round(float(turn), 1))
        for (x, y), letter, turn in zip(spots, letters, turned, strict=True)
    )


def _beside(run: Any) -> Any:
    """Return the unit vectors that point upwards (or right) of each direction."""
    beside = np.column_stack([run[:, 1], -run[:, 0]])
    return beside / np.maximum(np.linalg.norm(beside, axis=1, keepdims=True), 1e-9)

"""How plates lie on a sheet, in millimetres: as many as fit, with cut marks. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence
from gazetteer.signs.plates import Plate

PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "A1": (594.0, 841.0)}
MARGIN_MM, MARK_MM = 6.0, 3.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A plate on a page: its upper left corner in mm."""

    x: float
    y: float
    plate: Plate


@dataclass(frozen=True, slots=True)
class Page:
    """A page of plates; `marks` are cut marks as lines (x1, y1, x2, y2). All in mm."""

    width: float
    height: float
    plates: tuple[Placed, ...]
    marks: tuple[tuple[float, float, float, float], ...] = ()


def single(own: Plate) -> Page:
    """Return a page of exactly the size of its plate."""
    return Page(own.width, own.height, (Placed(0.0, 0.0, own),))


def impose(plates: Iterable[Plate], *, paper: str = "A4") -> list[Page]:
    """Lay plates on sheets with cut marks, as many as fit; larger ones get a sheet of their own.

    Raises
    ------
    UnknownError
        When the paper is unknown.
    """
    if paper not in PAPERS:
        raise UnknownError(
            Sentence("no paper {paper!r}", paper=paper),
            remedy=Sentence("Use {listed}.", listed=tuple(PAPERS)),
        )
    by_size: dict[tuple[float, float], list[Plate]] = {}
    for each in plates:
        by_size.setdefault((each.width, each.height), []).append(each)
    return [page for size, own in by_size.items() for page in _sheets(own, size, PAPERS[paper])]


def _sheets(
    plates: Sequence[Plate], size: tuple[float, float], paper: tuple[float, float]
) -> Iterator[Page]:
    width, height = size
    columns, rows, wide, high = _grid(width, height, paper)
    left = (wide - columns * width - (columns - 1) * MARGIN_MM) / 2
    top = (high - rows * height - (rows - 1) * MARGIN_MM) / 2
    for start in range(0, len(plates), columns * rows):
        placed = tuple(
            Placed(
                left + at % columns * (width + MARGIN_MM),
                top + at // columns * (height + MARGIN_MM),
                each,
            )
            for at, each in enumerate(plates[start : start + columns * rows])
        )
        marks = tuple(mark for each in placed for mark in _marks(each))
        yield Page(wide, high, placed, marks)


def _grid(width: float, height: float, paper: tuple[float, float]) -> tuple[int, int, float, float]:
    """Return columns, rows and size of the sheet that takes most plates, upright or across."""
    found = []
    for wide, high in (paper, paper[::-1]):
        columns = int((wide - MARGIN_MM) // (width + MARGIN_MM))
        rows = int((high - MARGIN_MM) // (height + MARGIN_MM))
        found.append((columns * rows, columns, rows, wide, high))
    count, columns, rows, wide, high = max(found, key=lambda each: each[0])
    if not count:
        return 1, 1, width + 2 * MARGIN_MM, height + 2 * MARGIN_MM
    return columns, rows, wide, high


def _marks(placed: Placed) -> Iterator[tuple[float, float, float, float]]:
    """Yield two short lines outside each corner."""
    own = placed.plate
    for x, out_x in ((placed.x, -1), (placed.x + own.width, 1)):
        for y, out_y in ((placed.y, -1), (placed.y + own.height, 1)):
            yield x + out_x, y, x + out_x * MARK_MM, y
            yield x, y + out_y, x, y + out_y * MARK_MM

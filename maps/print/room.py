"""What room on the paper is taken, by squares of 10 mm."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from maps.print.lettering import Box

SQUARE_MM = 10


class Taken:
    """Boxes (mm) that are taken.

    Examples
    --------
    >>> taken = Taken([(0, 0, 5, 5)])
    >>> taken.free([(5, 0, 8, 5)]), taken.free([(4, 4, 6, 6)])
    (True, False)
    """

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._squares: dict[tuple[int, int], list[Box]] = {}
        self.add(boxes)

    @staticmethod
    def _keys(box: Box) -> Iterable[tuple[int, int]]:
        a, b, c, d = (math.floor(side / SQUARE_MM) for side in box)
        return [(x, y) for x in range(a, c + 1) for y in range(b, d + 1)]

    def add(self, boxes: Iterable[Box]) -> None:
        """Take boxes."""
        for box in boxes:
            for key in self._keys(box):
                self._squares.setdefault(key, []).append(box)

    def free(self, boxes: Sequence[Box]) -> bool:
        """Tell whether nothing that is taken reaches into any of the boxes."""
        return all(self._is_free(box) for box in boxes)

    def _is_free(self, box: Box) -> bool:
        return not any(
            box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]
            for key in self._keys(box)
            for other in self._squares.get(key, ())
        )


def within(frame: Box, boxes: Sequence[Box]) -> bool:
    """Tell whether boxes lie inside a frame."""
    return all(
        frame[0] < left and frame[1] < top and right < frame[2] and bottom < frame[3]
        for left, top, right, bottom in boxes
    )


def trail(start: tuple[float, float], end: tuple[float, float], *, half: float) -> list[Box]:
    """Return small boxes along a straight line, each `half` mm to either side.

    Examples
    --------
    >>> trail((0, 0), (1, 0), half=0.5)
    [(-0.5, -0.5, 0.5, 0.5), (0.5, -0.5, 1.5, 0.5)]
    """
    (x, y), (to_x, to_y) = start, end
    steps = max(1, math.ceil(math.hypot(to_x - x, to_y - y) / (2 * half)))
    spots = [(x + (to_x - x) * at / steps, y + (to_y - y) * at / steps) for at in range(steps + 1)]
    return [(a - half, b - half, a + half, b + half) for a, b in spots]

"""Who is concerned by what a round hands out: who answers and agrees, who has to be present.

A marker, its reference objects and a segment concern both sides of their line, a tri-point all
divisions whose codes it bears (行政区域界线管理条例 6: 毗邻的各有关人民政府).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from boundaries.inspection.round.compare import Record
from boundaries.inspection.round.fields import Layer, key_of
from gazetteer.common.language import Text

THREE_SIDED = ("tri-point", "triple")
"""Types of markers that stand where more than two divisions meet."""


TOGETHER = {2: Text("双方", "both sides"), 3: Text("三方", "all three sides")}


def together(count: int) -> Text:
    """Return how so many sides are called together.

    Examples
    --------
    >>> together(2).zh, together(3).zh, together(4).zh
    ('双方', '三方', '各方')
    """
    return TOGETHER.get(count, Text("各方", "all sides"))


@dataclass(frozen=True, slots=True)
class Concerned:
    """The divisions that each key of a round concerns.

    Parameters
    ----------
    sides
        Of the round, the leading one first.
    keys
        Codes of the divisions that a key concerns, whether they are sides of the round or not;
        none where the register does not tell: then all sides of the round.
    lines
        Codes of the divisions on both sides of a line, by its code.

    Examples
    --------
    >>> own = Concerned(("1", "2"), {"T": ("1", "2", "3")}, {"L": ("1", "2")})
    >>> own.answering("T"), own.present("T"), own.present("L007Q")
    (('1', '2'), ('1', '2', '3'), ('1', '2'))
    """

    sides: tuple[str, ...]
    keys: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, tuple[str, ...]]

    def answering(self, key: str) -> tuple[str, ...]:
        """Return the sides of the round that answer about a key and have to agree on it.

        Where fewer than two of them are on record with it, all sides of the round.
        """
        known = self._bordering(key)
        answering = tuple(side for side in self.sides if side in known)
        return answering if len(answering) > 1 else self.sides

    def present(self, key: str) -> tuple[str, ...]:
        """Return who has to be present at work on a key: also who is no side of the round."""
        further = (each for each in self._bordering(key) if each not in self.sides)
        return (*self.answering(key), *further)

    def _bordering(self, key: str) -> tuple[str, ...]:
        marker = key.partition("/")[0]
        if marker in self.keys:
            return self.keys[marker]
        # a new marker's number begins with the code of its line
        codes = [code for code in self.lines if marker.startswith(code)]
        return self.lines[max(codes, key=len)] if codes else ()


def concerned(
    base: Mapping[Layer, Sequence[Record]],
    lines: pd.DataFrame,
    tri_points: pd.DataFrame,
    sides: Sequence[str],
    *,
    new: Iterable[Record] = (),
) -> Concerned:
    """Return whom each key of a round concerns.

    Parameters
    ----------
    base
        What is handed out.
    lines
        Columns code, left_code, right_code.
    tri_points
        Columns number, division_codes.
    sides
        Of the round.
    new
        New markers told of, with the line that they are told to stand on.
    """
    by_line = {
        str(row["code"]): _codes((row["left_code"], row["right_code"]))
        for row in lines.to_dict("records")
    }
    corners = {
        str(row["number"]): _codes(str(row["division_codes"]).split("、"))
        for row in tri_points.to_dict("records")
    }
    keys = {}
    for each in new:
        keys[str(each["number"])] = _of_marker(each, by_line, ())
    for each in base.get("markers", ()):
        keys[str(each["number"])] = _of_marker(each, by_line, corners.get(each["number"], ()))
    for each in base.get("segments", ()):
        keys[key_of("segments", each)] = by_line.get(str(each["line_code"]), ())
    return Concerned(tuple(sides), keys, by_line)


def _codes(cells: Iterable[Any]) -> tuple[str, ...]:
    return tuple(each.strip() for each in cells if isinstance(each, str) and each.strip())


def _of_marker(
    record: Record, by_line: Mapping[str, tuple[str, ...]], corner: tuple[str, ...]
) -> tuple[str, ...]:
    """Return whom a marker concerns; a corner whose divisions are not known, all of the round."""
    if record.get("marker_type") in THREE_SIDED:
        return corner
    return by_line.get(str(record.get("line_code")), ())


def for_side(
    base: Mapping[Layer, Sequence[Record]], whom: Concerned, side: str
) -> dict[Layer, tuple[Record, ...]]:
    """Return the part of what is handed out that concerns one side."""
    return {
        layer: tuple(each for each in every if side in whom.answering(key_of(layer, each)))
        for layer, every in base.items()
    }

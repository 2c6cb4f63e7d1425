"""The kinds of defect, their names and weights, and the limits of what counts as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gazetteer.common import tables
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Severity
from gazetteer.common.language import Sentence, Text


class Kind(NamedTuple):
    """One kind of defect, as in the table ``tiling_kinds.csv``.

    Parameters
    ----------
    name
        What officials read.
    severity
        Default weight.
    has_width
        Whether the width filter applies to it.
    clause
        What it offends against.
    """

    name: Text
    severity: Severity
    has_width: bool
    clause: str


KINDS: Mapping[str, Kind] = {
    row["kind"]: Kind(
        Text(row["zh"], row["en"]), Severity(row["severity"]), row["width"] == "yes", row["clause"]
    )
    for row in tables.rows("tiling_kinds.csv")
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What counts as a near-miss edge or a spike; no standard seen settles either.

    Parameters
    ----------
    near_m
        Two outer edges this close, in metres, and not equal are a near miss. 1 m is 0.1 mm at
        1:10,000, the error that a boundary point may have (GB/T 17796, recalled).
    near_ratio
        They must run side by side for this many times that distance: two edges that merely meet
        at a corner are that close, too, near the corner.
    spike_degrees
        A vertex whose two edges enclose a smaller angle is a spike (our default).
    spike_m
        Unless either edge is shorter than this, in metres (our default).
    slivers
        So many gaps and overlaps of one pair of units, each touching the next, are one line drawn
        twice (our default: two courses that cross twice have three slivers between them).
    """

    near_m: float = 1.0
    near_ratio: float = 10.0
    spike_degrees: float = 1.0
    spike_m: float = 0.01
    slivers: int = 3


def weights(chosen: Mapping[str, Severity | str] | None) -> Mapping[str, Severity]:
    """Return the severity of every kind, the chosen ones in place of the defaults.

    Examples
    --------
    >>> weights({"gap": "note"})["gap"]
    <Severity.NOTE: 'note'>
    >>> weights({"hole": "note"})
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: no kind of defect is named 'hole'. Kinds are gap, open-ga...
    """
    given = dict(chosen or {})
    for kind in given:
        if kind not in KINDS:
            remedy = Sentence("Kinds are {listed}.", listed=tuple(KINDS))
            raise InputError(
                Sentence("no kind of defect is named {kind!r}", kind=kind), remedy=remedy
            )
    return {kind: Severity(given.get(kind, row.severity)) for kind, row in KINDS.items()}

"""What becomes of one file that came: what it is looked at against, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from boundaries.inspection.field.files import Given
from boundaries.inspection.office.storage import Row
from boundaries.inspection.round.handed_out import Base
from boundaries.inspection.round.state import Receipt, RoundState
from boundaries.office.records import Records
from gazetteer.common.coordinates import apart_m
from gazetteer.common.language import Text

NEAR_M = 50.0
"""A photo without a number belongs to the nearest marker within this."""
ACCEPTED, KNOWN, REFUSED = STATES = ("received", "known", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file: received, known already, or refused; what it held; remarks."""

    file: str
    kind: str
    state: str
    held: int = 0
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Came:
    """A file looked at: its receipt and rows, or why it is refused."""

    outcome: Outcome
    receipt: Receipt | None = None
    rows: tuple[Row, ...] = ()
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What files are looked at against."""

    state: RoundState
    known: Records
    county: str
    side: str
    base: Base
    digest: str
    today: str
    received_on: str


def refused(given: Given, *reasons: Text) -> Came:
    """Return a file that is not taken, and why."""
    return Came(Outcome(file=given.name, kind=given.kind, state=REFUSED, notes=reasons))


def came(
    given: Given, place: Desk, kind: str, *, held: int, notes: Sequence[Text], **further: Any
) -> Came:
    """Return a file that is taken: what it held, its receipt with what else is told, its rows."""
    rows = tuple(further.pop("rows", ()))
    receipt = Receipt(
        side=place.side,
        file_name=given.name,
        sha256=given.sha256,
        bytes=given.bytes,
        kind=kind,
        received_on=place.received_on,
        notes=tuple(notes),
        **further,
    )
    outcome = Outcome(file=given.name, kind=kind, state=ACCEPTED, held=held, notes=tuple(notes))
    return Came(outcome, receipt, rows, given)


class Markers:
    """The markers of a round by number and by place."""

    def __init__(self, base: Base) -> None:
        self.places = {each["number"]: each.get("geometry") for each in base["markers"]}

    def near(self, point: shapely.Point) -> str | None:
        """Return the number of the nearest marker within reach."""
        distances = [(apart_m(point, each), number) for number, each in self.places.items() if each]
        away, number = min(distances, default=(np.inf, ""))
        return number if away <= NEAR_M else None

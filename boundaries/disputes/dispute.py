"""A dispute as a value: its claims, steps with their times, evidence and outcome."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal

import shapely

from gazetteer.common import tables
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.common.language import Sentence, Text

State = Literal["open", "claimed", "closed"]

STATES: dict[State, Text] = {
    "open": Text("已登记", "on record"),
    "claimed": Text("双方主张已提交", "both claims on record"),
    "closed": Text("已解决", "settled"),
}
COLOURS = ("red", "blue")
"""Of the claim lines: the side with the lower code red, the other blue."""

WEIGHTS = {
    "basis": Text("依据（第七条）", "basis (art. 7)"),
    "reference": Text("参考（第八条）", "reference (art. 8)"),
    "none": Text("不作为依据和参考（第九条）", "neither (art. 9)"),
}
"""What a paper counts for under 行政区域边界争议处理条例 7 to 9."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of step or of evidence: what it is called, what it belongs to, by which clause."""

    name: str
    title: Text
    of: str
    clause: str


@cache
def step_kinds() -> dict[str, Kind]:
    """Return the steps of a dispute: emergencies first, then the procedure."""
    return _kinds("dispute_steps.csv", "step", "stage")


@cache
def evidence_kinds() -> dict[str, Kind]:
    """Return the kinds of evidence, each with what it counts for.

    Examples
    --------
    >>> evidence_kinds()["certificate"].of
    'reference'
    """
    return _kinds("dispute_evidence.csv", "kind", "weight")


def _kinds(table: str, name: str, of: str) -> dict[str, Kind]:
    return {
        row[name]: Kind(row[name], Text(row["zh"], row["en"]), row[of], row["clause"])
        for row in tables.rows(table)
    }


def known(kinds: Mapping[str, Kind], name: str, *, what: Text) -> Kind:
    """Return a kind by its name.

    Raises
    ------
    UnknownError
        When there is none of that name.
    """
    if name not in kinds:
        raise UnknownError(
            Sentence("no {what} {name!r}", what=what, name=name),
            remedy=Sentence("Use {listed}.", listed=tuple(kinds)),
        )
    return kinds[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one side claims.

    Parameters
    ----------
    side
        Code of the division.
    drawn
        The claim as it was given, EPSG:4490.
    whole
        Its course from end to end of the line, EPSG:4490.
    on
        Day, ISO text.
    basis
        What the side bases it on.
    file_name, sha256
        Of the file that it was read from.
    """

    side: str
    drawn: shapely.LineString
    whole: shapely.LineString
    on: str
    basis: str = ""
    file_name: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: which, when (ISO moment to the minute), by whom, with what result."""

    step: str
    at: str
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a dispute ended: the agreed course, in force from a day by a document.

    `changed` are the codes of the divisions whose polygons changed, `pieces` the land that went
    from one part to another, `markers` those that do not stand on the agreed course any more.
    """

    course: shapely.LineString
    on: str
    document: str
    note: str = ""
    file_name: str = ""
    sha256: str = ""
    changed: tuple[str, ...] = ()
    pieces: tuple[Mapping[str, Any], ...] = ()
    markers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A dispute over one line.

    Parameters
    ----------
    number
        Of the dispute.
    line_id
        Stable id of the line.
    line
        Code of the line.
    left, right
        Codes of the divisions on either side of `course`.
    course
        The line as it was in force when the dispute was opened, its left division on the left.
    at
        When it arose, ISO moment to the minute.
    cause
        What it arose from.
    """

    number: str
    line_id: str
    line: str
    left: str
    right: str
    course: shapely.LineString
    at: str
    cause: str = ""
    state: State = "open"
    claims: Mapping[str, Claim] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    outcome: Outcome | None = None

    @property
    def sides(self) -> tuple[str, str]:
        """Codes of the sides, the lower one first: red, then blue."""
        first, second = sorted([self.left, self.right])
        return first, second

    def colour(self, side: str) -> str:
        """Return the colour of a side's claim line."""
        return COLOURS[self.sides.index(side)]

    def claimed(self, claim: Claim) -> Dispute:
        """Return the dispute with a side's claim, in place of an earlier one.

        Raises
        ------
        InputError, ConflictError
            When it is no side, or the dispute is closed.
        """
        self.refuse_closed()
        if claim.side not in self.sides:
            msg = Sentence(
                "{side!r} is no side of dispute {number!r}", side=claim.side, number=self.number
            )
            raise InputError(msg, remedy=Sentence("Sides: {listed}.", listed=tuple(self.sides)))
        claims = {**self.claims, claim.side: claim}
        state: State = "claimed" if len(claims) == len(self.sides) else "open"
        return dataclasses.replace(self, claims=claims, state=state)

    def stepped(self, step: Step) -> Dispute:
        """Return the dispute with one more step, in the order of their times.

        Raises
        ------
        UnknownError, InputError
            When there is no such step, or its time is no time or before the dispute arose.
        """
        known(step_kinds(), step.step, what=Text("步骤", "step"))
        at = moment(step.at)
        if at < self.at:
            msg = Sentence("{at} is before the dispute arose ({arose})", at=at, arose=self.at)
            raise InputError(msg, remedy=Sentence("Check the time."))
        steps = sorted([*self.steps, dataclasses.replace(step, at=at)], key=lambda each: each.at)
        return dataclasses.replace(self, steps=tuple(steps))

    def closed(self, outcome: Outcome) -> Dispute:
        """Return the dispute with its outcome."""
        self.refuse_closed()
        return dataclasses.replace(self, outcome=outcome, state="closed")

    def refuse_closed(self) -> None:
        """Refuse to change what is settled.

        Raises
        ------
        ConflictError
            When the dispute is closed.
        """
        if self.state == "closed":
            msg = Sentence("dispute {number!r} is closed", number=self.number)
            raise ConflictError(msg, remedy=Sentence("Open a new one: gazetteer disputes new."))


def moment(text: str) -> str:
    """Return a moment as ISO text to the minute; a day alone begins at midnight.

    Raises
    ------
    InputError
        When it is none.

    Examples
    --------
    >>> moment("2026-03-01T08:30"), moment("2026-03-01")
    ('2026-03-01T08:30', '2026-03-01T00:00')
    >>> moment("yesterday")
    Traceback (most recent call last):
    ...
    gazetteer.common.errors.InputError: 'yesterday' is no time. Write it as 2026-03-01T08:30.
    """
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="minutes")
    except ValueError as error:
        msg = Sentence("{text!r} is no time", text=text)
        raise InputError(msg, remedy=Sentence("Write it as 2026-03-01T08:30.")) from error


# ------------------------------------------------------------------ as kept in the county file


def content(dispute: Dispute) -> str:
    """Return what is kept of a dispute beside number, state and area, as JSON."""
    outcome = dispute.outcome
    stored = {
        "line": dispute.line,
        "left": dispute.left,
        "right": dispute.right,
        "course": _shape(dispute.course),
        "at": dispute.at,
        "cause": dispute.cause,
        "claims": [
            {**_plain(claim), "drawn": _shape(claim.drawn), "whole": _shape(claim.whole)}
            for claim in dispute.claims.values()
        ],
        "steps": [_plain(step) for step in dispute.steps],
        "outcome": outcome and {**_plain(outcome), "course": _shape(outcome.course)},
    }
    return json.dumps(stored, ensure_ascii=False)


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _shape(line: shapely.LineString) -> Any:
    return json.loads(shapely.to_geojson(line))


def of_content(text: str, *, number: str, line_id: str, state: State) -> Dispute:
    """Return a dispute from what is kept of it.

    Examples
    --------
    >>> line = shapely.LineString([(114, 30), (114.1, 30)])
    >>> one = Dispute(number="1", line_id="l", line="c", left="a", right="b", course=line,
    ...     at="2026-03-01T08:00").stepped(Step("scene", "2026-03-01T09:30", by="民政股"))
    >>> of_content(content(one), number="1", line_id="l", state="open") == one
    True
    """
    stored = json.loads(text)
    claims = [
        Claim(**{**each, "drawn": _line(each["drawn"]), "whole": _line(each["whole"])})
        for each in stored["claims"]
    ]
    return Dispute(
        number=number,
        line_id=line_id,
        state=state,
        line=stored["line"],
        left=stored["left"],
        right=stored["right"],
        course=_line(stored["course"]),
        at=stored["at"],
        cause=stored["cause"],
        claims={claim.side: claim for claim in claims},
        steps=tuple(Step(**each) for each in stored["steps"]),
        outcome=None if stored["outcome"] is None else _outcome(stored["outcome"]),
    )


def _outcome(stored: Mapping[str, Any]) -> Outcome:
    lists = {name: tuple(stored[name]) for name in ("changed", "pieces", "markers")}
    return Outcome(**{**stored, **lists, "course": _line(stored["course"])})


def _line(shape: Mapping[str, Any]) -> shapely.LineString:
    return shapely.LineString(shape["coordinates"])

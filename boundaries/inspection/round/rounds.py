"""Rounds of joint inspection: when a line is due, which year carries it, what state a round is in.

Every line is inspected by all its sides every five years, and besides that after disasters or
changes of rivers and roads (行政区域界线管理条例 12).
"""

from __future__ import annotations

import calendar
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd

from gazetteer.common import workdays
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.common.language import Sentence, Text

EVERY_YEARS = 5
"""行政区域界线管理条例 12."""

State = Literal["planned", "open", "compared", "to be sealed", "confirmed", "archived"]

STATES: dict[State, Text] = {
    "planned": Text("已计划", "planned"),
    "open": Text("外业中", "in the field"),
    "compared": Text("已比对", "compared"),
    "to be sealed": Text("待盖章", "waiting for seals"),
    "confirmed": Text("已确认", "confirmed"),
    "archived": Text("已归档", "archived"),
}
NEXT: Mapping[State, tuple[State, ...]] = {
    "planned": ("open",),
    "open": ("compared",),
    "compared": ("open", "to be sealed"),
    "to be sealed": ("compared", "confirmed"),
    "confirmed": ("archived",),
    "archived": (),
}
"""Where a round may go from each state: back while it is not sealed, never out of the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One joint inspection of one line or several.

    Parameters
    ----------
    number
        Of the round.
    lines
        Ids of the lines.
    sides
        Codes of the divisions that inspect, the leading one first.
    cause
        ``regular``, or for a round out of turn what happened (a flood, works).
    starts_on, ends_on
        Planned days, ISO text.
    state
        One of ``STATES``.
    confirmation
        Hash of the scanned sheet that all sides have signed and sealed, by side.
    compared
        SHA-256 of the comparison that is sealed, from the moment when nothing is open.
    """

    number: str
    lines: tuple[str, ...]
    sides: tuple[str, ...]
    starts_on: str
    ends_on: str
    cause: str = "regular"
    state: State = "planned"
    confirmation: Mapping[str, str] = field(default_factory=dict)
    compared: str = ""

    def __post_init__(self) -> None:
        if date.fromisoformat(self.ends_on) < date.fromisoformat(self.starts_on):
            msg = Sentence(
                "round {number!r} ends on {ends_on}, before it starts",
                number=self.number,
                ends_on=self.ends_on,
            )
            raise InputError(msg, remedy=Sentence("Give the days in order."))
        if not self.lines or len(set(self.sides)) < 2:
            msg = Sentence("round {number!r} needs a line and two sides", number=self.number)
            raise InputError(msg, remedy=Sentence("An inspection is joint: name both divisions."))

    @property
    def state_title(self) -> Text:
        """What its state is called; in English by the word that commands know."""
        return _named(self.state)

    def move(self, state: State) -> Round:
        """Return the round in its next state.

        Raises
        ------
        ConflictError
            When the step is out of order, or a seal is missing.

        Examples
        --------
        >>> plan = Round(number="2026-1", lines=("l1",), sides=("421081", "421083"),
        ...     starts_on="2026-03-01", ends_on="2026-03-20")
        >>> plan.move("open").state
        'open'
        >>> plan.move("confirmed")
        Traceback (most recent call last):
        ...
        gazetteer.common.errors.ConflictError: round '2026-1' is planned and cannot become confir...
        """
        if state not in NEXT[self.state]:
            msg = Sentence(
                "round {number!r} is {state} and cannot become {next}",
                number=self.number,
                state=self.state_title,
                next=_named(state),
            )
            raise ConflictError(
                msg,
                remedy=Sentence(
                    "Next: {following}.",
                    following=tuple(_named(each) for each in NEXT[self.state])
                    or Text("无", "nothing"),
                ),
            )
        missing = [side for side in self.sides if side not in self.confirmation]
        if state == "confirmed" and missing:
            msg = Sentence(
                "round {number!r} has no sealed sheet of {listed}",
                number=self.number,
                listed=tuple(missing),
            )
            raise ConflictError(msg, remedy=Sentence("Scan the sheet that all sides have sealed."))
        return dataclasses.replace(self, state=state)

    def reopened(self) -> Round:
        """Return a round that waits for seals as one to be compared anew: no seal counts."""
        return dataclasses.replace(self.move("compared"), confirmation={}, compared="")

    def sealed(self, side: str, *, sha256: str) -> Round:
        """Return the round with a side's sealed sheet, known by the hash of its scan."""
        if side not in self.sides:
            msg = Sentence("{side!r} is no side of round {number!r}", side=side, number=self.number)
            raise InputError(msg, remedy=Sentence("Sides: {listed}.", listed=tuple(self.sides)))
        return dataclasses.replace(self, confirmation={**self.confirmation, side: sha256})


def _named(state: State) -> Text:
    return Text(STATES[state].zh, state)


def next_due(last: str, *, years: int = EVERY_YEARS, place: str | Sentence | None = None) -> str:
    """Return the day by which a line is due again, as ISO text.

    Raises
    ------
    InputError
        When the day of the last inspection is no date; `place` says whose.

    Examples
    --------
    >>> next_due("2021-08-13"), next_due("2020-02-29")
    ('2026-08-13', '2025-02-28')
    """
    day = workdays.parse(last, place=place)
    year = day.year + years
    return day.replace(
        year=year, day=min(day.day, calendar.monthrange(year, day.month)[1])
    ).isoformat()


def due(lines: pd.DataFrame, *, today: str, years: int = EVERY_YEARS) -> pd.DataFrame:
    """Return the lines by the day they are due, the longest overdue first.

    Parameters
    ----------
    lines
        Columns id, last_inspected (ISO text or None), agreement_date (used where a line was never
        inspected), and any others; agreed, de-facto and disputed lines all have to be inspected.
    today
        ISO text.
    years
        Between inspections.

    Returns
    -------
    pandas.DataFrame
        The lines with ``due_on`` (None where nothing is known), ``overdue_days`` (0 if not) and
        ``due_state``: overdue, due this year, later, unknown.

    Raises
    ------
    InputError
        When `today` is no date, or a line's last inspection or agreement has none.

    Examples
    --------
    >>> lines = pd.DataFrame({"id": ["a", "b"], "last_inspected": ["2020-05-01", None],
    ...     "agreement_date": [None, "2022-01-01"]})
    >>> found = due(lines, today="2025-06-01")
    >>> found[["id", "due_on", "overdue_days", "due_state"]].values.tolist()
    [['a', '2025-05-01', 31, 'overdue'], ['b', '2027-01-01', 0, 'later']]
    """
    now = workdays.parse(today)
    days = lines.reindex(columns=["last_inspected", "agreement_date"])
    start = [
        next((day for day in pair if isinstance(day, str) and day), None)
        for pair in days.itertuples(index=False)
    ]
    dates = [
        None
        if day is None
        else next_due(day[:10], years=years, place=Sentence("line {line}", line=line))
        for line, day in zip(lines["id"], start, strict=True)
    ]
    late = [0 if day is None else max(0, (now - date.fromisoformat(day)).days) for day in dates]
    states = [_due_state(day, today) for day in dates]
    frame = lines.assign(due_on=dates, overdue_days=late, due_state=states)
    order = sorted(range(len(frame)), key=lambda row: (dates[row] is None, dates[row] or ""))
    return frame.iloc[order].reset_index(drop=True)


def _due_state(due_on: str | None, today: str) -> str:
    if due_on is None:
        return "unknown"
    if due_on < today:
        return "overdue"
    return "due this year" if due_on[:4] == today[:4] else "later"


def balance(
    lines: pd.DataFrame, *, first_year: int, years: int = EVERY_YEARS, weight: str = "length_m"
) -> pd.DataFrame:
    """Spread lines over the years so that none carries everything and none is late if avoidable.

    Lines are placed by their due year, the earliest first and the longest first within a year, each
    in the emptiest year that is not after its due year. Overdue lines come in the first year.

    Parameters
    ----------
    lines
        From `due`, with the column of weights.
    first_year, years
        The years to fill.
    weight
        Column whose sum is balanced (metres by default; missing counts as the mean).

    Returns
    -------
    pandas.DataFrame
        The lines with ``planned_year``, by year.

    Examples
    --------
    >>> lines = pd.DataFrame({"id": list("abcd"), "due_on": ["2030-01-01"] * 4,
    ...     "length_m": [9.0, 5.0, 4.0, 3.0]})
    >>> plan = balance(lines, first_year=2026, years=2)
    >>> plan.groupby("planned_year")["length_m"].sum().tolist()
    [12.0, 9.0]
    """
    loads = dict.fromkeys(range(first_year, first_year + years), 0.0)
    sizes = pd.to_numeric(lines[weight], errors="coerce")
    sizes = sizes.fillna(sizes.mean() if sizes.notna().any() else 1.0)
    last = first_year + years - 1
    limits = [min(int(day[:4]), last) if isinstance(day, str) else last for day in lines["due_on"]]
    order = sorted(range(len(lines)), key=lambda row: (limits[row], -sizes.iloc[row]))
    chosen = [first_year] * len(lines)
    for row in order:
        allowed = [year for year in loads if year <= limits[row]] or [first_year]
        chosen[row] = min(allowed, key=lambda year: (loads[year], year))
        loads[chosen[row]] += float(sizes.iloc[row])
    planned = lines.assign(planned_year=chosen)
    return planned.sort_values("planned_year", kind="stable").reset_index(drop=True)

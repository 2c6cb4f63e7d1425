"""Days of a round: which a file, an answer, an agreement or a step may bear.

A day in the future, or before the round, is told and decides nothing: a form whose device has the
wrong year neither beats nor orders the others.
"""

from __future__ import annotations

from datetime import date, timedelta

from boundaries.inspection.round.rounds import Round
from boundaries.inspection.round.state import Receipt
from gazetteer.common import workdays
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text

ZONES = timedelta(days=1)
"""Clocks of devices and of the office may be of different time zones."""


def fault(dated: str, inspected: Round, *, known_on: str, slack: timedelta = ZONES) -> Text | None:
    """Return what is wrong with a day of the field work, if anything.

    Parameters
    ----------
    dated
        Day or moment (ISO); an empty one says nothing.
    inspected
        The round.
    known_on
        Day or moment when it was told: nothing is told of the future.
    slack
        By how much clocks may differ.

    Examples
    --------
    >>> told = Round(number="1", lines=("l",), sides=("a", "b"), starts_on="2026-03-01",
    ...     ends_on="2026-03-20")
    >>> [fault(day, told, known_on="2026-03-21") is None
    ...     for day in ("2026-03-09T08:00:00Z", "", "2099-01-01", "2025-03-09", "soon")]
    [True, True, False, False, False]
    """
    if not dated:
        return None
    shown = dated[:10]
    try:
        day, latest = date.fromisoformat(shown), date.fromisoformat(known_on[:10]) + slack
    except ValueError:
        return Text(f"日期{shown}不是日期", f"{shown} is no date")
    if day > max(latest, date.fromisoformat(inspected.ends_on)):
        return Text(f"日期{shown}在将来", f"the date {shown} is in the future")
    if day < date.fromisoformat(inspected.starts_on) - slack:
        return Text(
            f"日期{shown}早于联检开始的{inspected.starts_on}",
            f"the date {shown} is before the round, which starts on {inspected.starts_on}",
        )
    return None


def doubts(dated: str, inspected: Round, received_on: str) -> list[Text]:
    """Return what is said of a form whose own date cannot be right."""
    wrong = fault(dated, inspected, known_on=received_on)
    if wrong is None:
        return []
    zh = f"文件{wrong.zh}，不作为先后依据，与其他表不一致时不以它为准"
    return [Text(zh, f"{wrong.en}: it decides nothing where other forms say otherwise")]


def order(dated: str, receipt: Receipt | None, inspected: Round) -> str:
    """Return by what answers of a form are put in order, the later ones counting.

    Examples
    --------
    >>> told = Round(number="1", lines=("l",), sides=("a", "b"), starts_on="2026-03-01",
    ...     ends_on="2026-03-20")
    >>> form = Receipt(side="a", file_name="x", sha256="", bytes=0, kind="form",
    ...     received_on="2026-03-21T00:00:00Z")
    >>> order("2099-01-01", form, told) < order("2026-03-09", form, told)
    True
    """
    if receipt is None or fault(dated, inspected, known_on=receipt.received_on) is None:
        return dated
    return f"0000 {receipt.received_on}"  # before all that bear a date, in the order of coming


def require(on: str | None, inspected: Round, *, today: str | None = None) -> str:
    """Return a day of the round's own work as ISO text: today where none is given.

    Raises
    ------
    InputError
        When it is no date, before the round, or in the future.
    """
    now = today or date.today().isoformat()
    day = workdays.parse(on or now).isoformat()
    wrong = None if on is None else fault(day, inspected, known_on=now, slack=timedelta(0))
    if wrong is not None:
        raise InputError(wrong, remedy=Sentence("Give the day on which it was done."))
    return day

"""No verdict where people whose number is not known would turn it."""

from __future__ import annotations

import pandas as pd

from facilities.indicators.measured import Case, Measured, not_judged, same_verdict
from facilities.indicators.units import WHOLE, times
from facilities.reach import Reach
from gazetteer.common.language import Text


def uncounted(case: Case, *, group: str, column: str = "people") -> tuple[str, ...]:
    """Return the divisions whose people (or households) of an age group are not known."""
    base = str(case.given("base"))
    return case.county.uncounted(base=base, age_group=group, column=column)


def per_head(case: Case, measured: Measured, *, group: str, column: str = "people") -> Measured:
    """Return a number per head only where more heads, however many, would not turn the verdict.

    More people make it smaller, down to nothing: what is below a target without them stays below.
    """
    codes = uncounted(case, group=group, column=column)
    return _judged(case, measured, codes, low=0.0, high=measured.value)


def share_of_people(case: Case, measured: Measured, where: Reach, *, group: str) -> Measured:
    """Return a share of people only where those not counted would not turn the verdict.

    Of a place that is reached they make the share larger, up to the whole, of one that is not
    smaller, down to nothing; a division without a point may be either.
    """
    codes = uncounted(case, group=group, column=str(case.given("count", "people")))
    reached, missed = _sides(codes, where)
    low, high = (0.0 if missed else measured.value), (WHOLE if reached else measured.value)
    return _judged(case, measured, codes, low=low, high=high)


def farthest(case: Case, measured: Measured, where: Reach, *, group: str) -> Measured:
    """Return the longest walk only where that of people not counted is no reason to doubt it."""
    codes = uncounted(case, group=group, column=str(case.given("count", "people")))
    seconds = _rows(codes, where)["seconds"]
    known = len(seconds) >= len(codes) and not seconds.isna().any()
    high = max(measured.value or 0.0, float(seconds.max()) / 60) if known and codes else None
    return _judged(case, measured, codes, low=measured.value, high=high)


def _rows(codes: tuple[str, ...], where: Reach) -> pd.DataFrame:
    return where.frame[where.frame["division_code"].astype(str).isin(codes)]


def _sides(codes: tuple[str, ...], where: Reach) -> tuple[bool, bool]:
    """Return whether some of the divisions may be reached, and whether some may not."""
    rows = _rows(codes, where)
    lost = len(set(codes) - set(rows["division_code"].astype(str))) > 0
    return lost or bool(rows["reached"].any()), lost or bool((~rows["reached"]).any())


def _judged(
    case: Case, measured: Measured, codes: tuple[str, ...], *, low: float | None, high: float | None
) -> Measured:
    if not codes or measured.value is None:
        return measured
    factor = times(case.indicator)
    if same_verdict(case, *(None if end is None else end * factor for end in (low, high))):
        return measured
    names = "、".join(case.county.names.get(code, code) for code in codes[:10])
    message = Text(
        f"{len(codes)} 个单位人数(户数)未知,是否达到无法判定:{names}",
        f"the people of {len(codes)} divisions are not known and decide the verdict: {names}",
    )
    return not_judged(case, measured, "people-undecided", message)

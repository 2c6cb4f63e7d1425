"""No verdict where people whose number, or whose home, is not known would turn it."""

from __future__ import annotations

import math

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


def share_of_people(
    case: Case, measured: Measured, where: Reach, left: pd.DataFrame, *, group: str
) -> Measured:
    """Return a share of people only where those not counted would not turn the verdict.

    Of a place that is reached they make the share larger, up to the whole, of one that is not
    smaller, down to nothing; a division without a point may be either. Those of a total that
    cannot be walked from (`left`) may all be served, or none of them.
    """
    codes = uncounted(case, group=group, column=str(case.given("count", "people")))
    reached, missed = _sides(codes, where)
    low, high = (0.0 if missed else measured.value), (WHOLE if reached else measured.value)
    judged = _judged(case, measured, codes, low=low, high=high)
    if low is None or high is None or left.empty:
        return judged
    known = float(measured.denominator or 0.0)
    part = known / (known + float(left["people"].sum()))
    return _walked(case, judged, left, low=low * part, high=high * part + WHOLE * (1 - part))


def farthest(
    case: Case, measured: Measured, where: Reach, left: pd.DataFrame, *, group: str
) -> Measured:
    """Return the longest walk only where that of people not counted is no reason to doubt it."""
    codes = uncounted(case, group=group, column=str(case.given("count", "people")))
    seconds = _rows(codes, where)["seconds"]
    known = len(seconds) >= len(codes) and not seconds.isna().any()
    high = max(measured.value or 0.0, float(seconds.max()) / 60) if known and codes else None
    judged = _judged(case, measured, codes, low=measured.value, high=high)
    return _walked(case, judged, left, low=judged.value, high=math.inf)


def nobody_walks(where: Reach, left: pd.DataFrame) -> bool:
    """Tell whether all people asked for are known as totals only."""
    return len(left) > 0 and not where.people > 0


def no_answer(case: Case, measured: Measured, left: pd.DataFrame) -> Measured:
    """Return what was measured without a value: totals cannot be walked from."""
    names, number = "、".join(map(str, left["name"][:10])), f"{left['people'].sum():g}"
    homes = case.given("count", "people") == "households"
    zh, en = ("户", "households") if homes else ("人", "people")
    message = Text(
        f"{len(left)} 处共 {number} {zh}只有合计数，不知住在何处，步行可达未检查：{names}",
        f"{number} {en} of {len(left)} places are known as totals only: walking is not checked: "
        f"{names}",
    )
    return not_judged(case, measured, "people-grain", message)


def _walked(
    case: Case, measured: Measured, left: pd.DataFrame, *, low: float | None, high: float
) -> Measured:
    """Return a value only where totals that cannot be walked from would not turn its verdict."""
    if measured.value is None or not len(left) or low is None:
        return measured
    factor = times(case.indicator)
    if case.indicator.targets and same_verdict(case, low * factor, high * factor):
        return measured
    return no_answer(case, measured, left)


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
        f"{len(codes)} 个单位人数（户数）未知，是否达到无法判定：{names}",
        f"the people of {len(codes)} divisions are not known and decide the verdict: {names}",
    )
    return not_judged(case, measured, "people-undecided", message)

"""The status of a plan as lines for the screen: who is missed by name, how the number moves."""

from __future__ import annotations

from collections.abc import Sequence

from facilities.indicators import NotServed
from facilities.report import indicator_said, variant_said, verdict_said
from facilities.status import IndicatorStatus, Status, Variant
from facilities.words import said
from gazetteer.common.language import Language, bracketed


def lines(status: Status, *, language: Language = "zh", most: int = 30) -> list[str]:
    """Return who is missed by name and how the number moves, a line each, for the screen."""
    listed, mark = [], "：" if language == "zh" else ": "
    for row in status.rows:
        name = indicator_said(row, language)
        if row.met is None:
            why = ("；" if language == "zh" else "; ").join(each.say(language) for each in row.why)
            listed.append(f"{name} {verdict_said(None, language)}{mark}{why}")
        every = row.measured.not_served
        if every:
            more = said("and_more", language, count=len(every)) if len(every) > most else ""
            missed = said("missed", language)
            names = _by_place(every[:most], beside=status.place, language=language)
            listed.append(f"{name} {missed}{mark}{names}{more}")
        unchecked = [each.name for each in row.measured.not_checked]
        if unchecked and row.met is not None:
            so = said("not_checked_said", language, count=len(unchecked))
            listed.append(f"{name} {so}{'、'.join(unchecked[:most])}")
        if row.sensitivity:
            moved = "；".join(_moved(each, row, language) for each in row.sensitivity)
            listed.append(f"{name} {said('sensitivity', language)}{mark}{moved}")
    return listed


def _by_place(missed: Sequence[NotServed], *, beside: str, language: Language) -> str:
    """Return names by the township they lie in, so that villages of one name are told apart.

    Examples
    --------
    >>> every = [NotServed("1", "新民村", within="乙镇"), NotServed("2", "甲镇", within="某县")]
    >>> _by_place(every, beside="某县", language="zh")
    '乙镇（新民村）、甲镇'
    """
    comma, left, right = ("、", "（", "）") if language == "zh" else (", ", " (", ")")
    groups: dict[str, list[str]] = {}
    for each in missed:
        groups.setdefault("" if each.within == beside else each.within, []).append(each.name)
    told = (
        f"{unit}{left}{comma.join(names)}{right}" if unit else comma.join(names)
        for unit, names in groups.items()
    )
    return comma.join(told)


def _moved(each: Variant, row: IndicatorStatus, language: Language) -> str:
    changed, to = variant_said(each, language)
    value = "—" if each.value is None else f"{each.value:.4g}"
    verdict = bracketed(verdict_said(each.met, language), language)
    return f"{changed}→{to} {value} {row.indicator.unit}{verdict}"

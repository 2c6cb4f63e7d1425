"""Each person once: totals of a division beside the figures of what lies within it.

The one reconciliation that every indicator, reach and siting stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from facilities.demand import finding_on, line
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence, Text

COLUMNS = ("code", "name", "points", "official", "difference", "share")


@dataclass(frozen=True)
class Reconciled:
    """Rows in which everybody stands once, how the totals compare, and what was found."""

    rows: pd.DataFrame
    differences: pd.DataFrame
    findings: tuple[Finding, ...] = field(default=())


def reconcile(rows: pd.DataFrame, *, parents: Mapping[str, str]) -> Reconciled:
    """Count everybody once where a division has a total and parts of it have figures, too.

    What a total holds beyond the parts (villages without a figure, people on no village's
    register) is counted to the division itself, at its seat. Where the parts come to more, the
    parts count, also where the total is the later figure: two that contradict each other, which is
    said with both days. Where every part has a later figure than the total, the total is out of
    date and adds nothing. Each of these is a finding; no row is lost.

    Parameters
    ----------
    rows
        ``division_code, people`` of one register and age group, one row a division, and optionally
        ``name, households, as_of``. It is not changed.
    parents
        Code of the division above each one.

    Returns
    -------
    Reconciled
        ``rows`` in their order, totals with the rest alone (without those that leave none);
        ``differences``: a row a total with the sum of its parts (``points``), itself
        (``official``), their difference and its share of the total.

    Examples
    --------
    >>> rows = pd.DataFrame({"division_code": ["t", "v"], "name": ["甲镇", "东村"],
    ...     "people": [1000, 100]})
    >>> found = reconcile(rows, parents={"v": "t"})
    >>> found.rows["people"].tolist(), found.differences["difference"].tolist()
    ([900.0, 100.0], [-900.0])
    >>> found.findings[0].message.zh
    '甲镇（t）：合计1000人，所辖有数的共100人，余900人计在本级'
    """
    if rows.empty:
        return Reconciled(rows, pd.DataFrame(columns=list(COLUMNS)))
    table = rows.reset_index(drop=True)
    code = table["division_code"].astype(str)
    over = {each: _over(each, set(code), parents) for each in code}
    known, below = _known(table, "people"), _below(parents)
    people = _sums(table, "people", over, code)
    homes = _sums(table, "households", over, code) if "households" in table else {}
    whole = {each for each in over.values() if each and _all_told(each, known, below)}
    dates = dict(zip(code, table["as_of"].astype(str), strict=True)) if "as_of" in table else {}
    kept: list[dict[Any, Any]] = []
    compared: list[tuple[Any, ...]] = []
    findings: list[Finding] = []
    for row in table.to_dict("records"):
        each = str(row["division_code"])
        parts = [part for part, above in over.items() if above == each]
        old = each in whole and all(dates.get(each, "") < dates.get(p, "") for p in parts)
        if not parts:
            kept.append(row)
            continue
        total, sums = people[each]
        rest = 0.0 if old else max(total - sums, 0.0)
        compared.append(_compared(row, sums, total))
        days = _Days(dates.get(each, ""), sorted({dates.get(part, "") for part in parts}))
        findings += _told(row, sums, total, days, old=old)
        kept += _rest(row, rest if np.isfinite(total) else np.nan, homes.get(each), old=old)
    left = pd.DataFrame(kept, columns=table.columns)
    frame = left if not hasattr(rows, "crs") else type(rows)(left, crs=rows.crs)
    return Reconciled(frame, pd.DataFrame(compared, columns=list(COLUMNS)), tuple(findings))


def _over(code: str, known: set[str], parents: Mapping[str, str]) -> str:
    """Return the nearest division above that has a figure."""
    return next((each for each in [*line(code, parents)][1:] if each in known), "")


def _below(parents: Mapping[str, str]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for child, parent in parents.items():
        if child != parent:
            children.setdefault(parent, []).append(child)
    return children


def _known(table: pd.DataFrame, column: str) -> set[str]:
    """Return the divisions whose figure is a number of 0 or more."""
    figures = pd.to_numeric(table[column], errors="coerce")
    return set(table.loc[np.isfinite(figures) & (figures >= 0), "division_code"].astype(str))


def _all_told(code: str, known: set[str], below: Mapping[str, list[str]]) -> bool:
    """Tell whether everything directly below a division has figures."""
    children = below.get(code, [])
    return bool(children) and all(
        child in known or _all_told(child, known, below) for child in children
    )


def unknown(
    rows: pd.DataFrame,
    *,
    parents: Mapping[str, str],
    column: str = "people",
    lost: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return the divisions whose people nobody has counted: no number, above and below neither.

    Parameters
    ----------
    rows, parents
        As for `reconcile`, before it.
    column
        ``people`` or ``households``.
    lost
        Divisions which have figures, but none of this age group.

    Examples
    --------
    >>> rows = pd.DataFrame({"division_code": ["t", "v", "u"], "people": [1000, None, None]})
    >>> unknown(rows, parents={"v": "t", "w": "u"}, lost=["w"])
    ('u', 'w')
    """
    if column not in rows:
        return tuple(rows["division_code"].astype(str))
    known, below = _known(rows, column), _below(parents)
    asked = dict.fromkeys([*rows["division_code"].astype(str), *lost])
    return tuple(
        code
        for code in asked
        if not known.intersection(line(code, parents)) and not _all_told(code, known, below)
    )


def _sums(
    table: pd.DataFrame, column: str, over: Mapping[str, str], code: pd.Series
) -> dict[str, tuple[float, float]]:
    """Return the own figure of each division, and what its parts come to, each person once."""
    figures = pd.to_numeric(table[column], errors="coerce")
    figures = figures.where(np.isfinite(figures) & (figures >= 0))
    totals = figures.groupby(code).sum(min_count=1).to_dict()
    sums = dict.fromkeys(totals, 0.0)
    for each in sorted(totals, key=lambda code: len(_above(code, over)), reverse=True):
        if over[each]:
            sums[over[each]] += max(np.nan_to_num(totals[each]), sums[each])
    return {each: (float(totals[each]), sums[each]) for each in totals}


def _above(code: str, over: Mapping[str, str]) -> list[str]:
    """Return what a division lies in, the nearest first."""
    chain = [code]
    while holder := over[chain[-1]]:
        if holder in chain:
            raise InputError(
                Sentence("divisions {listed} lie in one another", listed=tuple(chain)),
                remedy=Sentence("Correct the parent of one of them."),
            )
        chain.append(holder)
    return chain[1:]


def _rest(
    row: Mapping[Any, Any], rest: float, homes: tuple[float, float] | None, *, old: bool
) -> Iterator[dict[Any, Any]]:
    """Yield the row of a total with what is left of it; nothing where nothing is."""
    left = np.nan if homes is None else (0.0 if old else max(homes[0] - homes[1], 0.0))
    if rest == 0 and not left > 0:
        return
    more = {} if homes is None else {"households": left}
    yield {**row, "people": rest, **more}


def _compared(row: Mapping[Any, Any], sums: float, total: float) -> tuple[Any, ...]:
    code = str(row["division_code"])
    apart = sums - total
    share = apart / total if total > 0 else np.nan
    return code, row.get("name", code), sums, total, apart, share


class _Days(NamedTuple):
    """The day of a total, and those of its parts; empty where a figure has none."""

    total: str
    parts: list[str]

    @property
    def differ(self) -> bool:
        """Whether total and parts are known to be of different days."""
        return bool(self.total) and "" not in self.parts and self.parts != [self.total]

    @property
    def later(self) -> bool:
        """Whether the total is later than every part."""
        return self.differ and self.parts[-1] < self.total

    def said(self) -> dict[str, str]:
        """Return what stands behind the total and behind the sum of its parts."""
        if not self.differ:
            return {"day": "", "days": ""}
        ends = dict.fromkeys((self.parts[0], self.parts[-1]))
        return {"day": f"（{self.total}）", "days": f"（{'—'.join(ends)}）"}


_SENTENCES = {
    "demand-rest": (
        "合计{total:.0f}人{day}，所辖有数的共{sums:.0f}人{days}，余{rest:.0f}人计在本级",
        "{total:.0f} people in all{day}, {sums:.0f} in parts with figures{days}: {rest:.0f} "
        "counted to itself",
    ),
    "demand-parts-exceed": (
        "所辖共{sums:.0f}人{days}，多于合计{total:.0f}人{day}，按所辖计",
        "its parts come to {sums:.0f} people{days}, more than its {total:.0f}{day}: the parts "
        "count",
    ),
    "demand-days-contradict": (
        "合计{total:.0f}人{day}少于所辖较早的{sums:.0f}人{days}，两数矛盾，按所辖计，请核对",
        "its {total:.0f} people{day} are fewer than the {sums:.0f} of its parts before{days}: the "
        "two contradict each other, the parts count, please check",
    ),
    "demand-total-older": (
        "合计{total:.0f}人{day}早于所辖各单位的数（{sums:.0f}人{days}），按所辖计",
        "its {total:.0f} people{day} are older than the figures of all parts ({sums:.0f}{days}): "
        "these count",
    ),
}


def _told(
    row: Mapping[Any, Any], sums: float, total: float, days: _Days, *, old: bool
) -> Iterator[Finding]:
    if not np.isfinite(total) or total == sums:
        return
    less = "demand-days-contradict" if days.later else "demand-parts-exceed"
    rule = "demand-total-older" if old else "demand-rest" if total > sums else less
    figures = {"total": total, "sums": sums, "rest": total - sums}
    zh, en = _SENTENCES[rule]
    said = {key: text.replace("（", " (").replace("）", ")") for key, text in days.said().items()}
    sentence = Text(zh.format(**figures, **days.said()), en.format(**figures, **said))
    yield finding_on(row, rule, sentence, measured=sums, tolerance=total)

"""Units that a list counts at a level and that are none of its divisions: zones, farms, parks.

A development zone or a state farm has a code beside those of townships (statistical codes 400 to
599 stand for what is like a township or a village), but no people's congress and no government of
its own: it is counted, listed and named apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from gazetteer.common import tables
from gazetteer.common.language import Text
from gazetteer.common.lazy import pd

LIKE = {"township": "类似乡级单位", "village": "类似村级单位"}
"""What a unit is by its code alone, by level (National Bureau of Statistics, 统计用区划代码)."""
BAND = range(400, 600)
"""Last three digits of such codes: GB/T 10114 for townships, the statistical list for villages."""
SHOWN = 10


@cache
def zone_kinds() -> frozenset[str]:
    """Return the kinds of ``data/division_kinds.csv`` that are no divisions."""
    rows = tables.rows("division_kinds.csv")
    return frozenset(row["kind"] for row in rows if row["class"] == "zone") | {*LIKE.values()}


def is_zone(kind: Any) -> bool:
    """Tell whether a kind of unit is a zone, and no township or village.

    Examples
    --------
    >>> is_zone("农场"), is_zone("经济技术开发区"), is_zone("镇"), is_zone("地区"), is_zone(None)
    (True, True, False, False, False)
    """
    if not isinstance(kind, str):
        return False
    ends = (each for each in zone_kinds() if len(each) > 1)
    return kind in zone_kinds() or any(kind.endswith(each) for each in ends)


@cache
def _endings() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return suffix and kind of each row by its level and last character, longest first."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in sorted(tables.rows("division_kinds.csv"), key=lambda row: -len(row["suffix"])):
        key = row["level"], row["suffix"][-1]
        found.setdefault(key, []).append((row["suffix"], row["kind"]))
    return found


def endings(name: str, level: str | None) -> Iterator[tuple[str, str]]:
    """Yield the suffixes of a level that a name ends in, each with its kind, longest first.

    Examples
    --------
    >>> [*endings("绣林街道办事处", "township")], [*endings("绣林", "township")]
    ([('街道办事处', '街道'), ('办事处', '街道')], [])
    """
    known = _endings().get((level or "", name[-1:]), ())
    return (each for each in known if name.endswith(each[0]))


def by_name(name: str, level: str) -> str | None:
    """Return the kind of a unit of a level by the end of its name.

    Examples
    --------
    >>> [by_name(each, "township") for each in ("新厂镇", "绣林街道办事处", "新厂")]
    ['镇', '街道', None]
    """
    return next((kind for _, kind in endings(name, level)), None)


def by_code(code: Any, level: Any) -> str | None:
    """Return what a unit is by its code alone, where its name does not tell.

    Examples
    --------
    >>> by_code("321283401", "township"), by_code("321283101", "township")
    ('类似乡级单位', None)
    """
    if not isinstance(code, str) or level not in LIKE or not code[-3:].isdecimal():
        return None
    return LIKE[level] if int(code[-3:]) in BAND else None


def zones_taken(divisions: pd.DataFrame) -> tuple[Text, ...]:
    """Return what to say about the zones of a list: how many, and a few by name."""
    if "kind" not in divisions:
        return ()
    zones = divisions[divisions["kind"].map(is_zone).astype(bool)]
    if zones.empty:
        return ()
    rows = zip(zones["name"].head(SHOWN), zones["kind"].head(SHOWN), strict=True)
    shown = "、".join(f"{name}（{kind}）" for name, kind in rows)
    more, more_en = (" 等", " and more") if len(zones) > SHOWN else ("", "")
    return (
        Text(
            f"{len(zones)} 个单位按开发区、农场等功能区计，不作乡镇、村：{shown}{more}",
            f"{len(zones)} units are taken as zones, farms and the like, not as townships or "
            f"villages: {shown}{more_en}",
        ),
    )

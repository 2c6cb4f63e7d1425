"""Figures for the yearbook: divisions and names counted by level, category, division and year."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from gazetteer import exchange
from gazetteer.common import tables
from gazetteer.common.divisions import LIKE, is_zone
from gazetteer.common.errors import InputError
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Sentence
from gazetteer.common.value_words import value_titles
from gazetteer.names import categories
from gazetteer.store import County

LEVELS = {level: each.zh for level, each in value_titles()["level"].items() if level != "zone"}
OTHER = "未分类"
MOST_YEARS = 50


def majors() -> dict[str, str]:
    """Return the twelve or so major categories of GB/T 18521 by their first two digits.

    Examples
    --------
    >>> majors()["10"]
    '自然地理实体'
    """
    rows = tables.rows("place_categories.csv")
    return {row["code"][:2]: row["zh"] for row in rows if row["code"].endswith("000")}


def category(code: object) -> str:
    """Return the name of the major category of a code.

    Examples
    --------
    >>> category("11210"), category("水库"), category(None)
    ('海域', '水利、电力、通信设施', '未分类')
    """
    return majors().get((categories.code_of(code) or "")[:2], OTHER)


def figures(county: County, *, as_of: str | None = None) -> dict[str, pd.DataFrame]:
    """Return the yearbook's tables by the name of their sheet, as of a date."""
    divisions = county.layer("divisions", as_of=as_of)
    places = pd.DataFrame(county.layer("places", as_of=as_of))
    names = county.layer("names", as_of="all")
    return {
        "政区": _by_level(divisions),
        "地名按类别": _by_category(places),
        "地名按政区": _by_division(places, divisions),
        "地名按年": by_year(names[names["role"] == "standard"]),
    }


def _by_level(divisions: pd.DataFrame) -> pd.DataFrame:
    kinds = divisions["kind"].where(divisions["kind"].notna(), "")
    levels = divisions["level"].map(LEVELS)
    # a development zone bears the code of a township and is counted apart from them
    zones = divisions["kind"].map(is_zone).astype(bool)
    levels = levels.mask(zones, divisions["level"].map(LIKE))
    counted = divisions.groupby([levels.rename("级别"), kinds.rename("类别")]).size()
    table = counted.rename("数量").reset_index()
    order = {name: at for at, name in enumerate([*LEVELS.values(), *LIKE.values()])}
    table = table.sort_values(
        ["级别", "类别"], key=lambda c: c.map(order) if c.name == "级别" else c
    )
    return _with_total(table)


def _by_category(places: pd.DataFrame) -> pd.DataFrame:
    counted = places["category"].map(category).rename("类别").value_counts(sort=False)
    order = [each for each in [*majors().values(), OTHER] if each in counted.index]
    return _with_total(counted.reindex(order).rename("数量").reset_index())


def _by_division(places: pd.DataFrame, divisions: pd.DataFrame) -> pd.DataFrame:
    """Return a row a township (what lies in its villages included), a column a category."""
    called = divisions.set_index("code")["name"]
    codes = places["division_code"].astype(object)
    held = Hierarchy.of(divisions)
    codes = codes.map(lambda code: held.at(code, "township"))
    kinds = places["category"].map(category)
    wide = pd.crosstab(codes.rename("代码"), kinds.rename(None))
    order = [each for each in [*majors().values(), OTHER] if each in wide.columns]
    wide = wide[order].assign(合计=wide.sum(axis=1)).reset_index()
    wide.insert(1, "政区", wide["代码"].map(called).astype(object).fillna("未定政区"))
    total = {"代码": "", "政区": "合计", **wide.drop(columns=["代码", "政区"]).sum().to_dict()}
    return pd.concat([wide, pd.DataFrame([total])], ignore_index=True)


def by_year(names: pd.DataFrame) -> pd.DataFrame:
    """Return, year by year, the names that began, ended, and were in force at its end.

    Examples
    --------
    >>> rows = {"valid_from": [None, "2024-05-01"], "valid_to": ["2025-02-01", None]}
    >>> by_year(pd.DataFrame(rows)).to_numpy().tolist()
    [['2024', 1, 0, 2], ['2025', 0, 1, 1]]
    """
    began = names["valid_from"].astype(object).str[:4]
    ended = names["valid_to"].astype(object).str[:4]
    years = sorted({*began.dropna(), *ended.dropna()})[-MOST_YEARS:]
    rows = []
    for year in years:
        standing = (began.isna() | (began <= year)) & (ended.isna() | (ended > year))
        new, gone = int((began == year).sum()), int((ended == year).sum())
        rows.append([year, new, gone, int(standing.sum())])
    return pd.DataFrame(rows, columns=["年份", "新增", "停用", "年末在用"])


def _with_total(table: pd.DataFrame) -> pd.DataFrame:
    first, *rest = [each for each in table.columns if each != "数量"]
    total = {first: "合计", **dict.fromkeys(rest, ""), "数量": int(table["数量"].sum())}
    return pd.concat([table, pd.DataFrame([total])], ignore_index=True)


def write(found: Mapping[str, pd.DataFrame], path: Path) -> Path:
    """Write the tables as an Excel file, a sheet each."""
    if path.suffix.lower() != ".xlsx":
        raise InputError(
            Sentence("figures go into Excel"), place=str(path), remedy=Sentence("Name it .xlsx.")
        )
    return exchange.write(dict(found), path).files[0]

"""Tables and layers of the user's own beside the county file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from facilities.cemeteries.profiles import ZoneRule, rules_of, zone_rules
from facilities.cemeteries.zones import UNTREATED, outcome_of
from gazetteer import exchange
from gazetteer.common.coordinates import parse_crs
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.headers import plain
from gazetteer.exchange.sources import raw
from gazetteer.exchange.values import period

_YES = {"是", "yes", "true", "1"}
_NO = {"否", "no", "false", "0"}

ASSIGNED = {"division_code": "区划代码|代码", "facility": "设施|设施名称|指定设施"}
REPORTED = {"indicator": "指标", "value": "数值", "source": "来源", "date": "日期"}
GRAVES = {"id": "编号|标识", "zone_kind": "限制区", "treated": "是否治理|治理状态"}
LEDGER = {"facility": "设施|设施名称|公墓", "date": "日期|检查日期|年检日期"}
PROFILE = {
    "zone": "类别", "name_zh": "名称", "name_en": "英文名称", "distance_m": "宽度|距离",
    "visible": "按可视范围", "clause": "依据", "source": "来源",
}  # fmt: skip
"""Columns of each small table with the Chinese headers they may have."""


def layer(path: Path, kind: str, *, crs: str | None = None) -> gpd.GeoDataFrame:
    """Return a layer of the user's: roads, facilities or zones, in EPSG:4490.

    Rows that cannot be read are refused with their reason: a question that leaves some out
    unnoticed would be answered wrongly.

    Raises
    ------
    InputError
        If the file, or a row of it, cannot be read.
    """
    reading = exchange.read(path, kind, crs=crs)
    if len(reading.rejects):
        first = reading.rejects.iloc[0]
        message = Sentence(
            "row {row}: {reason} ({count} such rows)",
            row=first["_row"],
            reason=Text(first["_reason_zh"], first["_reason_en"]),
            count=len(reading.rejects),
        )
        raise InputError(message, place=str(path), remedy=Sentence("Correct or remove them."))
    frame: gpd.GeoDataFrame = reading.frame
    names = frame["name"] if "name" in frame else pd.Series(None, index=frame.index)
    numbers = [f"{path.stem}-{number}" for number in range(1, len(frame) + 1)]
    known = names.notna() & ~names.duplicated(keep=False)
    return frame.assign(id=names.where(known, pd.Series(numbers, index=frame.index)))


def features(path: Path, *, crs: str | None = None) -> gpd.GeoDataFrame:
    """Return the features of restricted zones: any geometry with its class in ``kind``.

    Raises
    ------
    InputError
        If the layer cannot be read or has no column ``kind`` (类别).
    CrsError
        If it states no CRS and none was given.
    """
    table = exchange.opened(path).tables[0]
    frame = raw.framed(table)
    if "kind" not in frame and "类别" in frame:
        frame = frame.rename(columns={"类别": "kind"})
    if "kind" not in frame or table.shapes is None:
        raise InputError(
            Sentence("there is no column 'kind'"),
            place=str(path),
            remedy=Sentence("Add the class."),
        )
    return frame if crs is None else frame.set_crs(parse_crs(crs), allow_override=True)


def grave_points(path: Path, *, crs: str | None = None) -> gpd.GeoDataFrame:
    """Return the inspected graves: a layer of points with ``id`` and ``state`` (整治状态)."""
    frame = layer(path, "facilities", crs=crs)
    attributes = frame["attributes"].map(_json)
    states = [row.get("state") or row.get("整治状态") or "" for row in attributes]
    return frame.assign(state=states)


def _json(text: Any) -> dict[str, Any]:
    return json.loads(text) if isinstance(text, str) else {}


def texts(path: Path) -> pd.DataFrame:
    """Return a table as it stands, every cell a text; its first row is the header."""
    cells = exchange.opened(path).tables[0].cells
    if not isinstance(cells.columns[0], str):
        cells = cells.rename(columns=cells.iloc[0].fillna("").map(str)).iloc[1:]
    return cells.reset_index(drop=True)


def table(path: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return a small table (CSV, Excel ...) as texts, with the columns that it must have.

    Parameters
    ----------
    path
        File; the header is its first row.
    columns
        Names of the columns, each with the other headers it may have, separated by ``|``.

    Raises
    ------
    InputError
        If it cannot be read or lacks a column.
    """
    cells = texts(path)
    known = {plain(w): name for name, more in columns.items() for w in (name, *more.split("|"))}
    renamed = cells.rename(columns=lambda header: known.get(plain(header), header))
    lacking = [name for name in columns if name not in renamed]
    if lacking:
        listed = tuple(f"{name} ({words.split('|')[0]})" for name, words in columns.items())
        message = Sentence("there is no column {lacking!r}", lacking=lacking[0])
        raise InputError(
            message, place=str(path), remedy=Sentence("Columns: {listed}.", listed=listed)
        )
    return renamed[list(columns)].dropna(how="all").reset_index(drop=True)


def reported_figures(path: Path | None) -> pd.DataFrame:
    """Return the figures an office reports: ``indicator, value, source, date`` (ISO)."""
    return pd.DataFrame() if path is None else _dated(table(path, REPORTED), path)


def _dated(rows: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return rows with ISO dates, so that they compare as days do."""
    written = rows["date"].fillna("").str.strip()
    days = written.map(lambda text: period(text) if text else "")
    if days.isna().any():
        number = int(days.isna().idxmax())
        message = Sentence(
            "row {row}: {date!r} is no date", row=number + 2, date=written.iat[number]
        )
        raise InputError(
            message, place=str(path), remedy=Sentence("Write it with its year: 2025-06-30.")
        )
    return rows.assign(date=days)


def graves_inspected(path: Path | None) -> pd.DataFrame:
    """Return inspected graves; what is neither yes, no nor a known state is not known."""
    if path is None:
        return pd.DataFrame()
    graves = table(path, GRAVES)
    words = graves["treated"].fillna("").str.strip().str.lower()
    return graves.assign(treated=pd.Series([_treated(word) for word in words], dtype=object))


def _treated(word: str) -> bool | None:
    if word in _YES or word in _NO:
        return word in _YES
    outcome = outcome_of(word) if word else None
    return None if outcome is None else outcome != UNTREATED


def assignments(path: Path) -> dict[str, str]:
    """Return the facility (id or name) of each division code: service areas override nearest.

    Raises
    ------
    InputError
        If the table lacks a column, or a cell is empty.
    """
    rows = table(path, ASSIGNED)
    if rows.isna().any(axis=None):
        number = int(rows.isna().any(axis=1).idxmax()) + 2
        raise InputError(
            Sentence("row {number}: a cell is empty", number=number),
            place=str(path),
            remedy=Sentence("Fill it."),
        )
    return dict(zip(rows["division_code"].str.strip(), rows["facility"].str.strip(), strict=True))


def zone_profile(name: str) -> Mapping[str, ZoneRule]:
    """Return the rules of restricted zones of a shipped profile, or of a table of the user's.

    Raises
    ------
    InputError
        If the table lacks a column of ``data/cemetery_profiles.csv`` or a distance is no number.
    """
    path = Path(name)
    if not path.suffix:
        return zone_rules(name)
    rows = table(path, PROFILE).fillna("")
    return rules_of(rows.to_dict("records"))


def ledger(path: Path) -> pd.DataFrame:
    """Return the yearly inspections held: ``facility`` (id or name) and ``date``."""
    return _dated(table(path, LEDGER).fillna(""), path)

"""Facility records: attributes unfolded, numbers read strictly, positions and twins checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from facilities.kinds import Kind, kinds
from facilities.plane import Plane, cgcs2000, usable_points
from gazetteer.errors import InputError
from gazetteer.findings import Finding, Severity
from gazetteer.language import Text

NUMBERS: Mapping[str, Text] = {
    "beds": Text("床位数", "beds"),
    "nursing_beds": Text("护理型床位数", "nursing beds"),
    "government_beds": Text("政府运营床位数", "government-run beds"),
    "area_m2": Text("建筑面积", "floor area"),
    "land_m2": Text("占地面积", "land area"),
    "green_percent": Text("绿化率", "green share"),
    "capacity": Text("容量", "capacity"),
    "plots_left": Text("剩余墓穴", "plots left"),
}
"""Columns (or keys of ``attributes``, by either name) that hold numbers."""

OTHERS = ("services", "operator_type", "opened", "closed", "documents", "serves")
TWIN_M = 30.0
"""Two records of one kind nearer than this are asked about, metres."""
_CLAUSE = "设施登记检查"
_KEYS = {label.zh: column for column, label in NUMBERS.items()} | {
    "服务": "services", "服务内容": "services", "运营性质": "operator_type", "built_on": "opened",
    "启用日期": "opened", "停用日期": "closed", "服务范围": "serves",
}  # fmt: skip


def unfold(facilities: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return facilities with attributes as columns and numbers as numbers.

    A number that cannot be read (``约50``) or is negative becomes unknown (NaN) and a finding:
    it is not guessed and not taken as zero.

    Parameters
    ----------
    facilities
        ``id, name, kind`` and optionally ``division_code, operator, beds, attributes`` (JSON
        text) and the columns of ``NUMBERS`` and ``OTHERS``. It is not changed.

    Raises
    ------
    InputError
        If ``id`` or ``kind`` is missing or an id stands twice.

    Examples
    --------
    >>> raw = gpd.GeoDataFrame({"id": ["f1"], "name": ["福利院"], "kind": ["elderly-home"],
    ...     "beds": ["约50"], "attributes": ['{"services": ["全托"], "nursing_beds": 20}']},
    ...     geometry=[None], crs="EPSG:4490")
    >>> frame, findings = unfold(raw)
    >>> frame[["beds", "nursing_beds", "services"]].values.tolist()
    [[nan, 20.0, ('全托',)]]
    >>> [each.message.zh for each in findings]
    ['福利院:床位数“约50”不是数,按未知处理']
    """
    _require(facilities)
    frame = facilities.reset_index(drop=True)
    told, findings = _attributes(frame)
    for column in NUMBERS:
        values, bad = _numbers(frame, told, column)
        frame[column] = values
        findings += bad
    for column in OTHERS:
        own = frame[column] if column in frame else pd.Series([None] * len(frame), dtype=object)
        frame[column] = [
            value if _given(value) else row.get(column)
            for value, row in zip(own, told, strict=True)
        ]
    frame["services"] = [_services(value) for value in frame["services"]]
    return frame, findings


def _require(frame: gpd.GeoDataFrame) -> None:
    for column in ("id", "kind"):
        if column not in frame:
            message = f"there is no column {column!r}"
            raise InputError(message, place="facilities", remedy="Add it")
    if frame["id"].duplicated().any():
        twice = frame.loc[frame["id"].duplicated(), "id"].iloc[0]
        raise InputError(f"id {twice!r} stands twice", place="facilities", remedy="Keep one")


def _given(value: Any) -> bool:
    return value is not None and value != "" and not (isinstance(value, float) and np.isnan(value))


def _attributes(frame: gpd.GeoDataFrame) -> tuple[list[dict[str, Any]], list[Finding]]:
    told: list[dict[str, Any]] = []
    findings = []
    texts = frame["attributes"] if "attributes" in frame else [None] * len(frame)
    for number, text in enumerate(texts):
        value = _json(text)
        if value is None:
            findings.append(_unreadable(frame, number, text))
        told.append({_KEYS.get(key, key): held for key, held in (value or {}).items()})
    return told, findings


def _json(text: Any) -> dict[str, Any] | None:
    if not _given(text):
        return {}
    try:
        value = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _unreadable(frame: gpd.GeoDataFrame, number: int, text: Any) -> Finding:
    name = _name(frame, number)
    message = Text(f"{name}:附加属性不是 JSON 对象", f"{name}: attributes are no JSON object")
    return _finding("facility-attributes", frame["id"].iat[number], message)


def _numbers(
    frame: gpd.GeoDataFrame, told: list[dict[str, Any]], column: str
) -> tuple[list[float], list[Finding]]:
    own = list(frame[column]) if column in frame else [None] * len(frame)
    values: list[float] = []
    findings = []
    for number, (value, row) in enumerate(zip(own, told, strict=True)):
        raw = value if _given(value) else row.get(column)
        read = _number(raw)
        values.append(np.nan if read is None else read)
        if read is None and _given(raw):
            findings.append(_bad_number(frame, number, column, raw))
    return values, findings


def _number(raw: Any) -> float | None:
    """Return a number of 0 or more; None for anything else, blanks included."""
    if isinstance(raw, bool) or not _given(raw):
        return None
    text = str(raw).strip()
    if not re.fullmatch(r"[+]?\d{1,12}(\.\d{1,6})?", text):
        return None
    return float(text)


def _bad_number(frame: gpd.GeoDataFrame, number: int, column: str, raw: Any) -> Finding:
    name, label = _name(frame, number), NUMBERS[column]
    shown = str(raw)[:40]
    negative = shown.strip().startswith("-")
    zh = "为负数" if negative else "不是数"
    en = "is negative" if negative else "is no number"
    message = Text(
        f"{name}:{label.zh}“{shown}”{zh},按未知处理",
        f"{name}: {label.en} {shown!r} {en}: taken as unknown",
    )
    return _finding("facility-number", frame["id"].iat[number], message, key=column)


def _services(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(filter(None, re.split(r"[、,,;;\s|]+", value)))
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def check(
    facilities: gpd.GeoDataFrame,
    *,
    county: BaseGeometry | None = None,
    table: Mapping[str, Kind] | None = None,
    twin_m: float = TWIN_M,
) -> list[Finding]:
    """Check positions, kinds and twins of facility records.

    Parameters
    ----------
    facilities
        Unfolded records with a CRS.
    county
        Outline of the county in EPSG:4490, if there is one.
    table
        Kinds of facilities.
    twin_m
        Two records of a kind nearer than this are a finding, metres.

    Examples
    --------
    >>> raw = gpd.GeoDataFrame({"id": ["a", "b"], "name": ["甲", "乙"], "kind": ["ash-hall"] * 2},
    ...     geometry=[shapely.Point(0, 0), shapely.Point(130, 32)], crs="EPSG:4490")
    >>> [each.rule for each in check(raw, county=shapely.box(119, 31, 121, 33))]
    ['facility-position', 'facility-outside']
    """
    known = kinds() if table is None else table
    findings = [*_unknown_kinds(facilities, known), *_no_positions(facilities, known)]
    fit = usable_points(facilities)
    if fit.any():
        layer = cgcs2000(facilities[fit], what="facilities").reset_index(drop=True)
        findings += [] if county is None else list(_outside(layer, county))
        findings += _twins(layer, twin_m)
    return findings


def _unknown_kinds(frame: gpd.GeoDataFrame, known: Mapping[str, Kind]) -> Iterator[Finding]:
    for number in np.flatnonzero(~frame["kind"].isin(list(known)).to_numpy()):
        name, kind = _name(frame, number), frame["kind"].iat[number]
        message = Text(f"{name}:设施类“{kind}”不在类表中", f"{name}: unknown kind {kind!r}")
        if not _given(kind):
            message = Text(f"{name}:没有登记类别", f"{name}: no kind on record")
        yield _finding("facility-kind", frame["id"].iat[number], message)


def _no_positions(frame: gpd.GeoDataFrame, known: Mapping[str, Kind]) -> Iterator[Finding]:
    for number in np.flatnonzero(~usable_points(frame)):
        kind = known.get(frame["kind"].iat[number])
        if kind is not None and kind.counts_as == "person":
            continue
        name, shape = _name(frame, number), frame.geometry.iat[number]
        where = "坐标为 0,0" if shape is not None and not shape.is_empty else "没有坐标"
        message = Text(f"{name}:{where},不参与距离计算", f"{name}: no position on a map")
        yield _finding("facility-position", frame["id"].iat[number], message)


def _outside(layer: gpd.GeoDataFrame, county: BaseGeometry) -> Iterator[Finding]:
    shapely.prepare(county)
    inside = shapely.covers(county, layer.geometry.array)
    for number in np.flatnonzero(~inside):
        name = _name(layer, number)
        message = Text(f"{name}:位于县域之外", f"{name} lies outside the county")
        point = layer.geometry.iat[number]
        yield _finding("facility-outside", layer["id"].iat[number], message, geometry=point)


def _twins(layer: gpd.GeoDataFrame, twin_m: float) -> Iterator[Finding]:
    plane = Plane.of(layer)
    spots = plane.metres(layer.geometry.array)
    one, other = shapely.STRtree(spots).query(spots, predicate="dwithin", distance=twin_m)
    kind = layer["kind"].to_numpy()
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        if a < b and kind[a] == kind[b]:
            names = _name(layer, a), _name(layer, b)
            away = float(shapely.distance(spots[a], spots[b]))
            message = Text(
                f"{names[0]}与{names[1]}同类且相距 {away:.0f} 米,可能是同一设施",
                f"{names[0]} and {names[1]} are of one kind {away:.0f} m apart: the same?",
            )
            ids = layer["id"].iat[a], layer["id"].iat[b]
            yield _finding(
                "facility-twice", ids[0], message, related=(str(ids[1]),),
                geometry=layer.geometry.iat[a], measured=away, tolerance=twin_m,
            )  # fmt: skip


def _name(frame: gpd.GeoDataFrame, number: Any) -> str:
    name = frame["name"].iat[number] if "name" in frame else None
    return str(name) if _given(name) else str(frame["id"].iat[number])


def _finding(rule: str, subject: object, message: Text, **more: Any) -> Finding:
    unit = "m" if "measured" in more else None
    return Finding(
        rule=rule, clause=_CLAUSE, severity=Severity.WARNING, subject=str(subject),
        message=message, unit=unit, **more,
    )  # fmt: skip

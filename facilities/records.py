"""Facility records: attributes unfolded, numbers read strictly, positions and twins checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from facilities.kinds import Kind, kinds
from facilities.plane import Plane, cgcs2000, usable_points
from facilities.units import quantity
from gazetteer.common.coordinates import geodesic_area_m2, to_cgcs2000
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.shaping import OUTLINE
from gazetteer.exchange.values import period

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

UNITS: Mapping[str, str] = {
    **dict.fromkeys(("beds", "nursing_beds", "government_beds"), "张"),
    **dict.fromkeys(("area_m2", "land_m2"), "平方米"),
    "green_percent": "%",
    **dict.fromkeys(("capacity", "plots_left"), "个"),
}
"""Unit of each of these columns; a header or a cell may tell another of its kind."""
LARGEST = 1e12
"""A number above this is a slip of the pen."""
LAND_DIFFERS = 0.1
"""Share by which land on record and land as drawn may differ before it is asked about."""
DATES = {"opened": Text("启用日期", "opening date"), "closed": Text("停用日期", "closing date")}
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
    it is not guessed and not taken as zero. So is a date. A facility drawn as an area keeps it as
    ``outline``, with a point inside as its place; its land is that of the area where none is on
    record.

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
    ['福利院：床位数“约50”不是以张计的数，按未知处理']
    """
    require(facilities, ("id", "kind"), place="facilities")
    once(facilities, place="facilities")
    frame = facilities.reset_index(drop=True)
    attributes, findings = _attributes(frame)
    for column in NUMBERS:
        values, bad = _numbers(frame, attributes, column)
        frame[column] = values
        findings += bad
    for column in OTHERS:
        stored = frame[column] if column in frame else pd.Series([None] * len(frame), dtype=object)
        frame[column] = [
            value if _given(value) else row.get(column)
            for value, row in zip(stored, attributes, strict=True)
        ]
    frame["services"] = [_services(value) for value in frame["services"]]
    for column in DATES:
        frame[column], bad = _dates(frame, column)
        findings += bad
    frame["outline"] = _outlines(frame, attributes)
    frame["land_m2"], differing = _land(frame)
    drawn = frame["outline"].notna() & ~usable_points(frame)
    inner = shapely.point_on_surface(frame["outline"][drawn].to_numpy(dtype=object))
    frame.loc[drawn, frame.geometry.name] = gpd.GeoSeries(inner, frame.index[drawn], frame.crs)
    return frame, [*findings, *differing]


def _dates(frame: gpd.GeoDataFrame, column: str) -> tuple[list[str | None], list[Finding]]:
    days: list[str | None] = []
    findings = []
    for number, raw in enumerate(frame[column]):
        read = period(str(raw)) if _given(raw) else None
        days.append(read)
        if read is None and _given(raw):
            label = DATES[column]
            message = Text(
                f"{label.zh}“{str(raw)[:40]}”不是日期，按未知处理",
                f"{label.en} {str(raw)[:40]!r} is no date: taken as unknown",
            )
            findings.append(_about(frame, number, "facility-date", message, key=column))
    return days, findings


def _outlines(frame: gpd.GeoDataFrame, attributes: list[dict[str, Any]]) -> gpd.GeoSeries:
    """Return the area of each facility where it is drawn: its own polygon, or that kept beside it.

    What an import keeps is ``_outline`` (``outline`` in files of before).
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    kept_texts = [row.get(OUTLINE, row.get("outline")) for row in attributes]
    texts = [text if isinstance(text, str) else None for text in kept_texts]
    kept = shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore")
    areas = np.where(shapely.get_dimensions(shapes) == 2, shapes, kept)
    fit = (shapely.get_dimensions(areas) == 2) & ~shapely.is_empty(areas)
    return gpd.GeoSeries(np.where(fit, shapely.make_valid(areas), None), frame.index, frame.crs)


def _land(frame: gpd.GeoDataFrame) -> tuple[pd.Series, list[Finding]]:
    """Return the land of each facility: as on record, else as drawn; tell where the two differ."""
    land = frame["land_m2"].astype(float)
    rows = np.flatnonzero(frame["outline"].notna())
    findings = []
    if len(rows) and frame.crs is not None:
        areas = gpd.GeoSeries(frame["outline"].iloc[rows], crs=frame.crs)
        drawn = geodesic_area_m2(to_cgcs2000(areas))
        for row, area in zip(rows.tolist(), drawn, strict=True):
            recorded = land.iat[row]
            if np.isnan(recorded):
                land.iat[row] = area
            elif abs(recorded - area) > LAND_DIFFERS * max(recorded, area):
                findings.append(_land_differs(frame, row, float(recorded), float(area)))
    return land, findings


def _land_differs(frame: gpd.GeoDataFrame, row: int, recorded: float, drawn: float) -> Finding:
    message = Text(
        f"登记占地 {recorded:.0f} 平方米，图上范围 {drawn:.0f} 平方米，相差一成以上，请核实",
        f"{recorded:.0f} m2 of land on record, {drawn:.0f} m2 as drawn: please check",
    )
    limits = {"measured": drawn, "tolerance": recorded}
    return _about(frame, row, "facility-land-differs", message, key="land_m2", **limits)


ADD_IT = Sentence("Add it")


def require(
    frame: pd.DataFrame, columns: Iterable[str], *, place: str, remedy: Sentence = ADD_IT
) -> None:
    """Refuse a table without a column that is needed."""
    lacking = next((each for each in columns if each not in frame), None)
    if lacking is not None:
        raise InputError(
            Sentence("there is no column {lacking!r}", lacking=lacking), place=place, remedy=remedy
        )


def once(frame: pd.DataFrame, *, place: str) -> None:
    """Refuse a table in which an ``id`` stands twice."""
    twice = frame["id"][frame["id"].duplicated()]
    if len(twice):
        raise InputError(
            Sentence("id {id!r} stands twice", id=twice.iloc[0]),
            place=place,
            remedy=Sentence("Keep one"),
        )


def _given(value: Any) -> bool:
    return value is not None and value != "" and not (isinstance(value, float) and np.isnan(value))


def _attributes(frame: gpd.GeoDataFrame) -> tuple[list[dict[str, Any]], list[Finding]]:
    attributes: list[dict[str, Any]] = []
    findings = []
    texts = frame["attributes"] if "attributes" in frame else [None] * len(frame)
    for number, text in enumerate(texts):
        value = _json(text)
        if value is None:
            findings.append(_unreadable(frame, number))
        attributes.append(dict(_keyed(key, held) for key, held in (value or {}).items()))
    return attributes, findings


def _keyed(header: str, held: Any) -> tuple[str, Any]:
    """Return the column that a header means, and a number with the unit that the header tells.

    Examples
    --------
    >>> _keyed("占地面积(亩)", 3), _keyed("床位数", 3), _keyed("备注(亩)", 3)
    (('land_m2', '3亩'), ('beds', 3), ('备注(亩)', 3))
    """
    if header in _KEYS:
        return _KEYS[header], held
    match = re.fullmatch(r"(.+?)\s*(?:[((\[【](.+?)[))\]】]|[/_](.+))", header)
    column = _KEYS.get(match[1], match[1]) if match else ""
    if match is None or column not in NUMBERS:
        return header, held
    bare = re.fullmatch(r"[+-]?[\d.,]+", str(held).strip())
    return column, f"{held}{match[2] or match[3]}" if bare else held


def _json(text: Any) -> dict[str, Any] | None:
    if not _given(text):
        return {}
    try:
        value = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _unreadable(frame: gpd.GeoDataFrame, number: int) -> Finding:
    message = Text("附加属性不是 JSON 对象", "attributes are no JSON object")
    return _about(frame, number, "facility-attributes", message)


def _numbers(
    frame: gpd.GeoDataFrame, attributes: list[dict[str, Any]], column: str
) -> tuple[list[float], list[Finding]]:
    stored = list(frame[column]) if column in frame else [None] * len(frame)
    values: list[float] = []
    findings = []
    for number, (value, row) in enumerate(zip(stored, attributes, strict=True)):
        raw = value if _given(value) else row.get(column)
        read = _number(raw, column)
        values.append(np.nan if read is None else read)
        if read is None and _given(raw):
            findings.append(_bad_number(frame, number, column, raw))
    return values, findings


def _number(raw: Any, column: str) -> float | None:
    """Return a number of 0 or more in the unit of its column; None for anything else, and blanks.

    A share beyond the whole is none, nor is a part of 1, which may be meant for per cent.
    """
    if isinstance(raw, bool) or not _given(raw):
        return None
    is_number = isinstance(raw, int | float | np.number)
    value = float(raw) if is_number else quantity(str(raw), into=UNITS[column])
    if value is None or not 0 <= value <= LARGEST:
        return None
    if UNITS[column] == "%" and (value > 100 or (0 < value <= 1 and "%" not in str(raw))):
        return None
    return value


def _bad_number(frame: gpd.GeoDataFrame, number: int, column: str, raw: Any) -> Finding:
    label, shown = NUMBERS[column], str(raw)[:40]
    negative = shown.strip().startswith("-")
    unit = UNITS[column]
    zh = "为负数" if negative else f"不是以{unit}计的数"
    en = "is negative" if negative else f"is no number in {unit}"
    message = Text(
        f"{label.zh}“{shown}”{zh}，按未知处理", f"{label.en} {shown!r} {en}: taken as unknown"
    )
    return _about(frame, number, "facility-number", message, key=column)


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
        kind = frame["kind"].iat[number]
        message = Text(f"设施类“{kind}”不在类表中", f"unknown kind {kind!r}")
        if not _given(kind):
            message = Text("没有登记类别", "no kind on record")
        yield _about(frame, number, "facility-kind", message)


def _no_positions(frame: gpd.GeoDataFrame, known: Mapping[str, Kind]) -> Iterator[Finding]:
    for number in np.flatnonzero(~usable_points(frame)):
        kind = known.get(frame["kind"].iat[number])
        if kind is not None and kind.counts_as == "person":
            continue
        shape = frame.geometry.iat[number]
        where = "坐标为 0,0" if shape is not None and not shape.is_empty else "没有坐标"
        message = Text(f"{where}，不参与距离计算", "no position on a map")
        yield _about(frame, number, "facility-position", message)


def _outside(layer: gpd.GeoDataFrame, county: BaseGeometry) -> Iterator[Finding]:
    shapely.prepare(county)
    inside = shapely.covers(county, layer.geometry.array)
    for number in np.flatnonzero(~inside):
        name = _name(layer, number)
        message = Text(f"{name}：位于县域之外", f"{name} lies outside the county")
        point = layer.geometry.iat[number]
        yield finding("facility-outside", layer["id"].iat[number], message, geometry=point)


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
                f"{names[0]}与{names[1]}同类且相距 {away:.0f} 米，可能是同一设施",
                f"{names[0]} and {names[1]} are of one kind {away:.0f} m apart: the same?",
            )
            ids = layer["id"].iat[a], layer["id"].iat[b]
            yield finding(
                "facility-twice", ids[0], message, related=(str(ids[1]),),
                geometry=layer.geometry.iat[a], measured=away, tolerance=twin_m,
            )  # fmt: skip


def _name(frame: gpd.GeoDataFrame, number: Any) -> str:
    name = frame["name"].iat[number] if "name" in frame else None
    return str(name) if _given(name) else str(frame["id"].iat[number])


def _about(frame: gpd.GeoDataFrame, number: Any, rule: str, problem: Text, **more: Any) -> Finding:
    """Return a finding that says something of one record, its name first."""
    name = _name(frame, number)
    message = Text(f"{name}：{problem.zh}", f"{name}: {problem.en}")
    return finding(rule, frame["id"].iat[number], message, **more)


def finding(rule: str, subject: object, message: Text, **more: Any) -> Finding:
    """Return a finding about a record of a facility."""
    unit = {"land_m2": "m2"}.get(more.get("key", ""), "m") if "measured" in more else None
    return Finding(
        rule=rule, clause=_CLAUSE, severity=Severity.WARNING, subject=str(subject),
        message=message, unit=unit, **more,
    )  # fmt: skip

"""What has changed along a line since the last inspection, told before anyone walks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries import deviation
from boundaries.inspection.deskwork.case import LAW, LineCase, is_water
from boundaries.inspection.deskwork.course import match, text
from gazetteer.common.findings import Finding, Severity

LINE_MOVED_M = 1.0
"""0.1 mm at 1:10,000, the accuracy to which the map can be read."""
MARKER_MOVED_M = 0.1
WORKS_M2 = 100.0
"""A smaller new area across the line is the width of a pen."""
ALONG_M = 100.0
"""A feature that keeps to the line for less does not run along it."""


def line(case: LineCase) -> Iterator[Finding]:
    """Yield a course that is recorded otherwise now, without a new agreement to say so."""
    old = _row(case)
    if old is None:
        return
    seen = deviation.compare(case.course.shape, old.geometry, crs=case.records.crs, step_m=10.0)
    if seen.max_m <= LINE_MOVED_M:
        return
    agreed = [text(case.row.get(name)) != text(old.get(name)) for name in _AGREEMENT]
    moved = f"登记走向自{case.day}以来改动最大{seen.max_m:.1f}米"
    en = f"the recorded course has changed by up to {seen.max_m:.1f} m since {case.day}"
    if any(agreed):
        zh, weight = f"{moved}，依新协议{text(case.row.get(_AGREEMENT[0]))}", Severity.NOTE
        en = f"{en}, by a new agreement"
    else:
        zh, weight = f"{moved}，没有新协议：河流、道路变动不改变界线，查明依据", Severity.ERROR
        en = f"{en} without a new agreement: find out why, a changed river moves no line"
    worst = max((seen.line, seen.reference), key=lambda each: each.max_m)
    off = worst.stretches(tolerance_m=LINE_MOVED_M)
    yield case.finding(
        "line-moved",
        zh,
        en,
        clause=f"{LAW} 7",
        severity=weight,
        place=max(off, key=lambda each: each.max_m).shape if off else None,
        measured=(seen.max_m, LINE_MOVED_M, "m"),
    )


_AGREEMENT = ("agreement_document", "agreement_date")


def _row(case: LineCase) -> pd.Series | None:
    """Return the line as it was recorded at the last inspection."""
    lines = case.before.layer("lines")
    rows = lines[lines["code"] == case.code] if "code" in lines else lines
    return rows.iloc[0] if len(rows) else None


def crossings(case: LineCase) -> Iterator[Finding]:
    """Yield roads and waters that newly cross the line, cross no more, or under another name."""
    before = case.course.crossings(case.features(case.before, further=False), reach=case.reach)
    now = case.course.crossings(case.features(case.now, further=False), reach=case.reach)
    matched = match(before, now, reach=case.reach)
    for each in matched.new:
        called = each.called
        yield case.finding(
            "crossing-new",
            f"新增{called.zh}在{each.station_m:.0f}米处穿过界线，核对跨界用地手续",
            f"{called.en} now crosses the line at {each.station_m:.0f} m: ask for both consents",
            clause=f"{LAW} 10",
            severity=Severity.WARNING,
            place=each.point,
            key=f"{each.name} {each.station_m:.0f}",
        )
    for each in matched.gone:
        called = each.called
        yield case.finding(
            "crossing-no-more",
            f"{called.zh}已不在{each.station_m:.0f}米处穿过界线",
            f"{called.en} no longer crosses the line at {each.station_m:.0f} m",
            clause=f"{LAW} 12",
            place=each.point,
            key=f"{each.name} {each.station_m:.0f}",
        )
    for old, new in matched.renamed:
        yield case.finding(
            "crossing-renamed",
            f"{new.station_m:.0f}米处的{old.called.zh}现为{new.called.zh}",
            f"{old.called.en} at {new.station_m:.0f} m is {new.called.en} now",
            clause="地名管理条例 18",
            place=new.point,
            key=f"{old.name} {new.name} {new.station_m:.0f}",
        )


def followed(case: LineCase) -> Iterator[Finding]:
    """Yield roads and rivers that ran along the line at the last inspection and have moved off."""
    roads = case.near(case.features(case.before, further=False), case.reach.follow_m)
    now = case.features(case.now, further=False)
    for name in sorted({text(each) for each in roads.get("name", [])} - {""}):
        part = case.course.along(_named(roads, name), reach=case.reach)
        left = _named(now, name)
        if part.length < ALONG_M or left.is_empty:
            continue
        lines = shapely.line_merge(shapely.multilinestrings(_lines(part)))
        far = deviation.profile(lines, left, crs=case.records.crs, step_m=5.0)
        if far.max_m > 2 * case.reach.follow_m:
            yield case.finding(
                "feature-moved",
                f"“{name}”原沿界线，现偏离最远{far.max_m:.0f}米：地物变动不改变界线，须修测",
                f"{name} ran along the line and is up to {far.max_m:.0f} m off: the line stays",
                clause=f"{LAW} 7",
                severity=Severity.WARNING,
                place=part,
                measured=(far.max_m, case.reach.follow_m, "m"),
                key=name,
            )


def _named(frame: gpd.GeoDataFrame, name: str) -> BaseGeometry:
    bearing = frame[[text(each) == name for each in frame.get("name", [])]]
    whole: BaseGeometry = shapely.union_all(bearing.geometry.to_numpy())
    return whole


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(shape) if isinstance(part, shapely.LineString)]


def names(case: LineCase) -> Iterator[Finding]:
    """Yield places near the line that bear another name, are new, or are no more."""
    before, now = (
        _standard(case.near(each.names, case.reach.near_m)) for each in (case.before, case.now)
    )
    everywhere = _standard(case.now.names)
    earlier = _standard(case.before.names)
    for thing in sorted(set(before.index) | set(now.index)):
        place = (now if thing in now.index else before).geometry[thing]
        old = earlier["text"].get(thing)
        new = everywhere["text"].get(thing)
        if old == new:
            continue
        if old is None:
            rule, zh, en = "name-new", f"新命名“{new}”", f"{new} is a new name"
        elif new is None:
            rule, zh, en = "name-closed", f"“{old}”已销名", f"{old} is no more"
        else:
            rule, zh, en = "name-changed", f"“{old}”更名为“{new}”", f"{old} is now called {new}"
        away = place.distance(case.course.shape)
        yield case.finding(
            rule,
            f"{zh}（距界线{away:.0f}米）",
            f"{en} ({away:.0f} m from the line)",
            clause="地名管理条例 18",
            place=place,
            key=str(thing),
        )


def _standard(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the standard names in use by their thing."""
    in_use = frame[(frame["role"] == "standard") & ~frame["status"].isin(["closed", "proposed"])]
    kept: gpd.GeoDataFrame = in_use.drop_duplicates("thing_id").set_index("thing_id")
    return kept


def sides(case: LineCase) -> Iterator[Finding]:
    """Yield a division on either side that bears another name now."""
    for side in ("left_code", "right_code"):
        code = text(case.row.get(side))
        old, new = case.before.divisions.get(code), case.now.divisions.get(code)
        if code and old and new and old != new:
            yield case.finding(
                "side-renamed",
                f"毗邻的“{old}”（{code}）现名“{new}”，界线名称、协议与界桩注记须核对",
                f"{old} ({code}) is now called {new}: look at line name, agreement, inscriptions",
                clause="地名管理条例 18",
                severity=Severity.WARNING,
                key=code,
            )


def markers(case: LineCase) -> Iterator[Finding]:
    """Yield what the records say otherwise of the markers than at the last inspection."""
    before = case.markers_then.drop_duplicates("id").set_index("id")
    now = case.markers.drop_duplicates("id").set_index("id")
    for thing in now.index.union(before.index):
        if thing not in before.index:
            record = now.loc[thing]
            change = ("marker-new", "为上次联检后新立", "was set since", Severity.NOTE)
        elif thing not in now.index:
            record = before.loc[thing]
            change = (
                "marker-removed",
                "已不在册，查明去向",
                "is on record no more",
                Severity.WARNING,
            )
        else:
            yield from _marker(case, before.loc[thing], now.loc[thing])
            continue
        rule, zh, en, weight = change
        number = str(record["number"])
        yield case.finding(
            rule,
            f"界桩{number}{zh}",
            f"marker {number} {en}",
            clause=f"{LAW} 6",
            severity=weight,
            subject=number,
            place=record.geometry,
        )


def _marker(case: LineCase, old: Any, new: Any) -> Iterator[Finding]:
    number = str(new["number"])
    far = old.geometry.distance(new.geometry)
    if far > MARKER_MOVED_M:
        yield case.finding(
            "marker-position",
            f"界桩{number}登记位置自{case.day}以来改动{far:.2f}米，查明依据；擅自移动无效",
            f"the recorded position of marker {number} has changed by {far:.2f} m: find out why",
            clause=f"{LAW} 6",
            severity=Severity.WARNING,
            subject=number,
            place=new.geometry,
            measured=(far, MARKER_MOVED_M, "m"),
        )
    for field, zh, en in _TOLD:
        was, now = text(old.get(field)), text(new.get(field))
        if was != now:
            yield case.finding(
                f"marker-{field.replace('_', '-')}",
                f"界桩{number}{zh}：{was or '—'} → {now or '—'}",
                f"marker {number}, {en}: {was or '-'} → {now or '-'}",
                clause=f"{LAW} 6",
                subject=number,
                place=new.geometry,
                key=f"{was} {now}",
            )


_TOLD = (
    ("number", "编号", "number"),
    ("state", "状态", "state"),
    ("marker_type", "类型", "type"),
    ("material", "材质", "material"),
    ("description", "位置说明", "description"),
)


def reference_objects(case: LineCase) -> Iterator[Finding]:
    """Yield reference objects on record that are others than at the last inspection."""
    numbers = set(case.markers["number"]) | set(case.markers_then["number"])
    before, now = (_objects(each, numbers) for each in (case.before, case.now))
    for number, name in sorted(before ^ now):
        is_new = (number, name) in now
        zh = f"界桩{number}的方位物“{name}”{'为新登记' if is_new else '已不在册'}"
        en = (
            f"reference object {name} of marker {number} is {'new' if is_new else 'off the record'}"
        )
        yield case.finding(
            "reference-changed", zh, en, clause=f"{LAW} 8", subject=number, key=f"{name} {is_new}"
        )


def _objects(situation: Any, numbers: set[str]) -> set[tuple[str, str]]:
    frame = situation.layer("reference_objects")
    if "number" not in frame:
        return set()
    of_markers = frame[frame["number"].isin(numbers)]
    return {
        (str(a), text(b)) for a, b in zip(of_markers["number"], of_markers["name"], strict=True)
    }


def works(case: LineCase) -> Iterator[Finding]:
    """Yield zones that now lie across the line, and facilities built in its strip."""
    strip = case.course.shape.buffer(case.reach.strip_m)
    old = shapely.union_all(case.near(case.before.layer("zones"), case.reach.strip_m).geometry)
    for zone in case.near(case.now.layer("zones"), case.reach.strip_m).itertuples():
        if is_water(zone.kind):
            continue
        fresh = shapely.intersection(shapely.difference(zone.geometry, old), strip)
        if fresh.area > WORKS_M2:
            called = text(getattr(zone, "name", "")) or text(zone.kind) or text(zone.code)
            yield case.finding(
                "works",
                f"“{called}”新占界线两侧{case.reach.strip_m:g}米内{fresh.area:.0f}平方米，核对毗邻方同意",
                f"{called} newly covers {fresh.area:.0f} m² within {case.reach.strip_m:g} m",
                clause=f"{LAW} 10",
                severity=Severity.WARNING,
                place=fresh,
                measured=(fresh.area, WORKS_M2, "m²"),
                key=text(zone.code) or called,
            )
    known = set(case.before.layer("facilities").get("id", []))
    for one in case.near(case.now.layer("facilities"), case.reach.strip_m).itertuples():
        if one.id not in known:
            yield case.finding(
                "works",
                f"界线{case.reach.strip_m:g}米内新建“{text(one.name)}”，核对毗邻方同意",
                f"{text(one.name)} was built within {case.reach.strip_m:g} m of the line",
                clause=f"{LAW} 10",
                severity=Severity.WARNING,
                place=one.geometry,
                key=str(one.id),
            )

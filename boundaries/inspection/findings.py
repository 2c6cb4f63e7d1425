"""What an inspection finds: markers, reference objects, tracks along the line, features.

A moved marker has no effect, the agreed position stands (行政区域界线管理条例 6); a line stays
where the agreement put it when a river or road changes (7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from boundaries import deviation
from boundaries.inspection.compare import Record, apart_m
from gazetteer.coordinates import CGCS2000, require_metres
from gazetteer.findings import Finding, Severity
from gazetteer.language import Text

LAW = "行政区域界线管理条例"

MARKER_STATES: dict[str, tuple[Severity, str, Text]] = {
    "lost": (
        Severity.ERROR,
        f"{LAW} 6",
        Text("丢失，须会同对方重新埋设", "is lost; both sides re-erect it"),
    ),
    "damaged": (
        Severity.WARNING,
        f"{LAW} 6",
        Text("损坏，须会同对方修复", "is damaged; both repair it"),
    ),
    "illegible": (
        Severity.WARNING,
        f"{LAW} 6",
        Text("字迹不清，须描红", "is illegible; repaint it"),
    ),
}
"""States of a marker that are findings; ``good`` is none."""

REFERENCES_LEAST = 3
"""Reference objects that a marker has to have."""

WALKING_MPS = 10.0
"""A track that moves faster than this between two fixes has jumped, in metres a second."""


def markers(
    base: Iterable[Record], found: Mapping[str, Record], *, accuracy_m: float = 1.0
) -> Iterator[Finding]:
    """Yield what is wrong with markers, comparing what was agreed in the round with the base.

    Parameters
    ----------
    base
        Markers as recorded: number, accuracy_m, geometry (EPSG:4490).
    found
        Records that both sides agree on by number: state, geometry, side (of a marker that one side
        has set alone: ``one_sided``).
    accuracy_m
        Used where a marker's own accuracy is not recorded: 0.1 mm at 1:10,000, from memory.

    Examples
    --------
    >>> import shapely
    >>> base = [{"number": "1", "geometry": shapely.Point(112.4, 29.7)}]
    >>> seen = {"1": {"state": "good", "geometry": shapely.Point(112.4001, 29.7)}}
    >>> [(each.rule, round(each.measured, 1)) for each in markers(base, seen)]
    [('inspection/marker-moved', 9.7)]
    """
    for record in base:
        number = str(record["number"])
        seen = found.get(number)
        if seen is None:
            continue
        if seen.get("state") in MARKER_STATES:
            yield _state(number, str(seen["state"]), record.get("geometry"))
        yield from _moved(number, record, seen, accuracy_m)
    known = {str(record["number"]) for record in base}
    for number, seen in found.items():
        if number not in known and seen.get("one_sided"):
            zh, en = f"界桩{number}由单方设立，应拆除", f"marker {number} was set by one side alone"
            yield _finding(
                "one-sided-marker", f"{LAW} 6", number, Text(zh, en), seen.get("geometry")
            )


def _state(number: str, state: str, place: Any) -> Finding:
    weight, clause, said = MARKER_STATES[state]
    message = Text(f"界桩{number}{said.zh}", f"marker {number} {said.en}")
    return _finding(f"marker-{state}", clause, number, message, place, weight)


def _moved(number: str, record: Record, seen: Record, accuracy_m: float) -> Iterator[Finding]:
    was, now = record.get("geometry"), seen.get("geometry")
    if was is None or now is None or seen.get("state") == "lost":
        return
    told = record.get("accuracy_m")
    limit = float(told) if told is not None and pd.notna(told) else accuracy_m
    away = apart_m(was, now)
    if away > limit:
        zh = f"界桩{number}移动{away:.2f}米（精度{limit:g}米）：擅自移动无效，以协议位置为准"
        en = f"marker {number} was moved {away:.2f} m: without effect, the agreed position stands"
        message = Text(zh, en)
        yield _finding("marker-moved", f"{LAW} 6", number, message, now, measured=away, limit=limit)


def references(
    objects: pd.DataFrame, gone: Iterable[tuple[str, str]], *, least: int = REFERENCES_LEAST
) -> Iterator[Finding]:
    """Yield reference objects that are gone, and markers left with too few.

    Parameters
    ----------
    objects
        Columns number (of the marker) and name.
    gone
        Pairs of marker number and object name that both sides found gone.
    least
        Number that a marker has to have.

    Examples
    --------
    >>> objects = pd.DataFrame({"number": ["1"] * 3, "name": ["塔", "桥", "树"]})
    >>> [each.rule for each in references(objects, [("1", "树")])]
    ['inspection/reference-gone', 'inspection/references-too-few']
    """
    lost = set(gone)
    for number, own in objects.groupby(objects["number"].astype(str))["name"]:
        missing = [name for name in own if (str(number), name) in lost]
        for name in missing:
            zh = f"界桩{number}的方位物“{name}”已不存在，须另选并登记"
            said = Text(zh, f"reference object {name} of marker {number} is gone; choose another")
            yield _finding("reference-gone", "联检办法", str(number), said, None, key=str(name))
        left = len(own) - len(missing)
        if left < least and missing:
            zh = f"界桩{number}只剩{left}个方位物，应不少于{least}个"
            said = Text(zh, f"marker {number} has {left} reference objects left, not {least}")
            yield _finding(
                "references-too-few",
                "联检办法",
                str(number),
                said,
                None,
                measured=left,
                limit=least,
            )


def clean_track(fixes: pd.DataFrame) -> pd.DataFrame:
    """Return a track without fixes that jump: those reached faster than anybody walks.

    Parameters
    ----------
    fixes
        Columns x, y (metres), seconds (since any moment), in order.

    Examples
    --------
    >>> fixes = pd.DataFrame({"x": [0, 5, 5000, 10], "y": [0, 0, 0, 0], "seconds": [0, 5, 10, 15]})
    >>> clean_track(fixes)["x"].tolist()
    [0, 5, 10]
    """
    kept: list[int] = []
    table = fixes[["x", "y", "seconds"]].to_numpy(dtype=float)
    for row, (x, y, seconds) in enumerate(table):
        if kept:
            before = table[kept[-1]]
            elapsed = max(seconds - before[2], 1.0)
            if np.hypot(x - before[0], y - before[1]) > WALKING_MPS * elapsed:
                continue
        if np.isfinite([x, y, seconds]).all():
            kept.append(row)
    return fixes.iloc[kept]


def track(
    code: str, walked: BaseGeometry, line: BaseGeometry, *, crs: Any, tolerance_m: float
) -> Iterator[Finding]:
    """Yield each stretch of a walked track that leaves the agreed line: where, how far.

    Parameters
    ----------
    code
        Of the line.
    walked, line
        Track and agreed line in `crs` (metres).
    crs
        Projected CRS of both.
    tolerance_m
        How far off a track may be: the receiver's accuracy and the width of the strip.
    """
    require_metres(crs)
    back: Callable[[BaseGeometry], BaseGeometry] = lambda shape: (  # noqa: E731
        gpd.GeoSeries([shape], crs=crs).to_crs(CGCS2000).iloc[0]
    )
    seen = deviation.profile(walked, line, crs=crs, step_m=max(1.0, tolerance_m / 5))
    for number, off in enumerate(seen.stretches(tolerance_m=tolerance_m), start=1):
        span = f"{off.from_m:.0f}–{off.to_m:.0f}"
        zh = f"界线{code}：轨迹{span}米处偏离界线最大{off.max_m:.1f}米"
        said = Text(zh, f"line {code}: the track is up to {off.max_m:.1f} m off at {span} m")
        place, far = back(off.shape), off.max_m
        yield _finding(
            "track-deviates",
            f"{LAW} 12",
            code,
            said,
            place,
            Severity.WARNING,
            measured=far,
            limit=tolerance_m,
            key=str(number),
        )


def _finding(
    rule: str,
    clause: str,
    subject: str,
    message: Text,
    place: BaseGeometry | None,
    severity: Severity = Severity.ERROR,
    *,
    measured: float | None = None,
    limit: float | None = None,
    key: str = "",
) -> Finding:
    return Finding(
        rule=f"inspection/{rule}",
        clause=clause,
        severity=severity,
        subject=subject,
        message=message,
        measured=measured,
        tolerance=limit,
        unit=None if measured is None else ("1" if rule == "references-too-few" else "m"),
        geometry=place,
        key=key,
    )

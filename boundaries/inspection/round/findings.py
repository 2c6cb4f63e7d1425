"""What an inspection finds: markers, reference objects, tracks along the line, features.

A moved marker has no effect, the agreed position stands (行政区域界线管理条例 6); a line stays
where the agreement put it when a river or road changes (7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries import deviation
from boundaries.inspection.round.compare import Record
from boundaries.markers.series import merged
from gazetteer.common.coordinates import CGCS2000, apart_m, require_metres
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

LAW = "行政区域界线管理条例"
LIANJIAN = "联检办法"

MARKER_STATES: dict[str, tuple[Severity, str, Text]] = {
    "lost": (
        Severity.ERROR,
        f"{LAW} 6",
        Text("丢失，须会同毗邻方重新埋设", "is lost; all its sides re-erect it"),
    ),
    "damaged": (
        Severity.WARNING,
        f"{LAW} 6",
        Text("损坏，须会同毗邻方修复", "is damaged; all its sides repair it"),
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
    base: Iterable[Record], agreed: Mapping[str, Record], *, accuracy_m: float = 1.0
) -> Iterator[Finding]:
    """Yield what is wrong with markers, comparing what was agreed in the round with the base.

    Parameters
    ----------
    base
        Markers as recorded: number, accuracy_m, geometry (EPSG:4490).
    agreed
        Records that all sides agree on by number: state, geometry, measured_accuracy_m.
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
        seen = agreed.get(number)
        if seen is None:
            continue
        if seen.get("state") in MARKER_STATES:
            yield _state(number, str(seen["state"]), record.get("geometry"))
        yield from _moved(number, record, seen, accuracy_m)


def one_sided(
    agreed: Mapping[str, Record], *, names: Mapping[str, str] | None = None
) -> Iterator[Finding]:
    """Yield new markers that one side has set alone: without effect until both agree.

    Parameters
    ----------
    agreed
        New markers by number: ``set_jointly`` (yes or no), ``sides`` (those that report it) of
        ``expected``, geometry.
    names
        Of the sides by code, for the sentences.

    Examples
    --------
    >>> alone = {"set_jointly": "no", "sides": ("421081",), "expected": ("421081", "421083")}
    >>> [each.message.zh for each in one_sided({"7": alone})]
    ['界桩7由单方设立，应拆除']
    """
    for number, seen in agreed.items():
        silent = [each for each in seen.get("expected", ()) if each not in seen.get("sides", ())]
        if seen.get("set_jointly") == "no":
            zh, en = f"界桩{number}由单方设立，应拆除", f"marker {number} was set by one side alone"
        elif silent:
            called = [(names or {}).get(each, each) for each in silent]
            zh = f"新增界桩{number}未经{'、'.join(called)}确认"
            en = f"{', '.join(called)} did not confirm the new marker {number}"
        else:
            continue
        place, related = seen.get("geometry"), tuple(seen.get("sides", ()))
        yield finding("one-sided-marker", f"{LAW} 6", number, Text(zh, en), place, related=related)


def _state(number: str, state: str, place: Any) -> Finding:
    weight, clause, words = MARKER_STATES[state]
    message = Text(f"界桩{number}{words.zh}", f"marker {number} {words.en}")
    return finding(f"marker-{state}", clause, number, message, place, weight)


def _moved(number: str, record: Record, seen: Record, accuracy_m: float) -> Iterator[Finding]:
    was, now = record.get("geometry"), seen.get("geometry")
    if seen.get("state") == "lost":
        return
    recorded, accuracy = record.get("accuracy_m"), seen.get("measured_accuracy_m")
    limit = float(recorded) if recorded is not None and pd.notna(recorded) else accuracy_m
    # two independent measurements: their errors add as squares
    limit = (
        float(np.hypot(limit, accuracy)) if accuracy is not None and pd.notna(accuracy) else limit
    )
    away = None if was is None or now is None else apart_m(was, now)
    if (away is None or away <= limit) and seen.get("state") != "moved":
        return
    measured = away is not None and away > limit
    far = (f"{away:.2f}米（精度{limit:.2f}米）", f" {away:.2f} m") if measured else ("", "")
    zh = f"界桩{number}移动{far[0]}：擅自移动无效，以协议位置为准"
    message = Text(
        zh, f"marker {number} was moved{far[1]}: without effect, the agreed position stands"
    )
    yield finding(
        "marker-moved",
        f"{LAW} 6",
        number,
        message,
        now if now is not None else was,
        measures=(float(away), limit) if away is not None and measured else None,
    )


def references(
    objects: pd.DataFrame, gone: Iterable[tuple[str, str]], *, least: int = REFERENCES_LEAST
) -> Iterator[Finding]:
    """Yield reference objects that are gone, and markers left with too few.

    Parameters
    ----------
    objects
        Columns number (of the marker) and name.
    gone
        Pairs of marker number and object name that all sides found gone.
    least
        Number that a marker has to have.

    Examples
    --------
    >>> objects = pd.DataFrame({"number": ["1"] * 3, "name": ["塔", "桥", "树"]})
    >>> [each.rule for each in references(objects, [("1", "树")])]
    ['inspection/reference-gone', 'inspection/references-too-few']
    """
    lost = set(gone)
    for number, names in objects.groupby(objects["number"].astype(str), sort=True)["name"]:
        missing = [name for name in names if (str(number), name) in lost]
        for name in missing:
            zh = f"界桩{number}的方位物“{name}”已不存在，须另选并登记"
            message = Text(
                zh, f"reference object {name} of marker {number} is gone; choose another"
            )
            yield finding("reference-gone", LIANJIAN, str(number), message, None, key=str(name))
        left = len(names) - len(missing)
        if left < least:
            zh = f"界桩{number}只剩{left}个方位物，应不少于{least}个"
            message = Text(zh, f"marker {number} has {left} reference objects left, not {least}")
            yield finding(
                "references-too-few",
                LIANJIAN,
                str(number),
                message,
                None,
                Severity.WARNING,
                measures=(left, least),
            )


SEGMENTS: tuple[tuple[str, str, str, str, str, Text], ...] = (
    ("line-not-recognisable", "recognisable", "no", "", LIANJIAN,
     Text("实地不可辨认", "cannot be recognised on the ground")),
    ("feature-changed", "feature_changed", "yes", "changed_feature", f"{LAW} 7",
     Text("地物有变化，界线不随之变动", "a named feature has changed: the line does not move")),
    ("works-across", "works", "yes", "works_description", f"{LAW} 10",
     Text("有跨界生产建设，须经毗邻方同意", "works across the line need all sides' consent")),
    ("resurvey-needed", "resurvey", "yes", "", f"{LAW} 8",
     Text("需要会同毗邻方修测", "needs a resurvey by all its sides")),
)  # fmt: skip
"""Rule, field and value that give a finding on a segment, field that tells more, clause, words."""


def segments(base: Iterable[Record], agreed: Mapping[str, Record]) -> Iterator[Finding]:
    """Yield what is wrong along segments of a line, from what all sides agree on.

    Parameters
    ----------
    base
        Segments as handed out: line_code, ordinal, from_number, to_number, geometry.
    agreed
        Agreed records by key, with the texts that tell more.

    Examples
    --------
    >>> base = [{"line_code": "4210", "ordinal": 1, "from_number": "起点", "to_number": "1"}]
    >>> seen = {"4210:1": {"works": "yes", "works_description": "采砂"}}
    >>> [each.message.zh for each in segments(base, seen)]
    ['界线4210第1段（起点—1）有跨界生产建设，须经毗邻方同意：采砂']
    """
    for record in base:
        key = f"{record['line_code']}:{record['ordinal']}"
        seen = agreed.get(key, {})
        for rule, field, value, more, clause, words in SEGMENTS:
            if seen.get(field) != value:
                continue
            ends = f"{record['from_number']}—{record['to_number']}"
            detail = str(seen.get(more) or "") if more else ""
            zh = f"界线{record['line_code']}第{record['ordinal']}段（{ends}）{words.zh}"
            en = f"segment {record['ordinal']} of line {record['line_code']} {words.en}"
            message = Text(*(f"{each}：{detail}" if detail else each for each in (zh, en)))
            place = record.get("geometry")
            yield finding(rule, clause, key, message, place, Severity.WARNING)


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
    # Each fix is held against the last one kept, not the last one told: after a jump away and back
    # only the fixes in between go.
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
    code: str,
    walked: BaseGeometry,
    line: BaseGeometry,
    *,
    crs: Any,
    tolerance_m: float,
    side: str = "",
    name: str = "",
    key: str = "",
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
    side, name, key
        Who walked, by code and by name; what tells this track from others.

    Returns
    -------
    Findings with ``from_m`` and ``to_m`` (metres along the line) in `Finding.details`.
    """
    require_metres(crs)
    whole = merged(line)
    seen = deviation.profile(walked, line, crs=crs, step_m=max(1.0, tolerance_m / 5))
    for number, off in enumerate(seen.stretches(tolerance_m=tolerance_m), start=1):
        # Told by stations along the line, whichever way the track was walked: hence sorted.
        ends = shapely.get_coordinates(off.shape)[[0, -1]]
        along = sorted(shapely.line_locate_point(whole, shapely.points(ends)).tolist())
        span, by = f"{along[0]:.0f}–{along[1]:.0f}", f"{name or side}方" if side else ""
        zh = f"界线{code}在{span}米处{by}轨迹偏离界线，最大{off.max_m:.1f}米"
        who = f" of {name or side}" if side else ""
        en = f"line {code} at {span} m: the track{who} is up to {off.max_m:.1f} m off"
        place = gpd.GeoSeries([off.shape], crs=crs).to_crs(CGCS2000).iloc[0]
        yield finding(
            "track-deviates",
            f"{LAW} 12",
            code,
            Text(zh, en),
            place,
            Severity.WARNING,
            measures=(off.max_m, tolerance_m),
            key=f"{key}{number}",
            related=(side,) if side else (),
            details={"from_m": round(along[0], 1), "to_m": round(along[1], 1)},
        )


def finding(
    rule: str,
    clause: str,
    subject: str,
    message: Text,
    place: BaseGeometry | None,
    severity: Severity = Severity.ERROR,
    *,
    measures: tuple[float, float] | None = None,
    key: str = "",
    related: tuple[str, ...] = (),
    details: Mapping[str, Any] | None = None,
) -> Finding:
    """Return a finding of an inspection; `measures` are what was measured and what is allowed."""
    return Finding(
        rule=f"inspection/{rule}",
        clause=clause,
        severity=severity,
        subject=subject,
        message=message,
        measured=None if measures is None else measures[0],
        tolerance=None if measures is None else measures[1],
        unit=None if measures is None else ("1" if rule == "references-too-few" else "m"),
        geometry=place,
        key=key,
        related=related,
        details=details or {},
    )

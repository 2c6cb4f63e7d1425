"""What cannot be right in what a round has told: days, and new markers as they are told to stand.

These are findings of a round like others: they are told before anybody seals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.inspection.round import dates
from boundaries.inspection.round.compare import Record
from boundaries.inspection.round.fields import MARKER_TYPES
from boundaries.inspection.round.findings import LAW, LIANJIAN, finding
from boundaries.inspection.round.rounds import Round
from boundaries.inspection.round.sides import THREE_SIDED
from boundaries.inspection.round.state import Receipt, Step, Told
from boundaries.numbering import TOWNSHIP, Scheme
from gazetteer.common.coordinates import apart_m
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

SURVEY = "GB/T 17796-2009"
CLERICAL = frozenset({"inspection/form-date", "inspection/answer-date", "inspection/step-date"})
"""Rules about how something was written down: for those who wrote it, not for the authority."""
ON_LINE_M = 1.0
"""A marker of one post stands on the line: 0.1 mm at 1:10,000, recalled from GB/T 17796-2009."""
BESIDE_M = 100.0
"""Posts of a double or triple marker stand beside a road or river: not farther than this from
the line in its middle. No standard settles it; wider rivers are told and may be passed over."""
GROSS = 10.0
"""Times a limit from which a marker off its line is an error and no doubt."""
SERIAL = r"(?!000)\d{3}[A-EQ]?"
"""What follows the code of the line in a marker's number, on every level."""
TWICE_M = 3.0
"""Two markers of other numbers nearer than this are one: two posts of one number may stand so."""


# ------------------------------------------------------------------ days


def forms(receipts: Iterable[Receipt], inspected: Round, *, line: str) -> Iterator[Finding]:
    """Yield the forms whose own date is before the round or in the future: it decides nothing.

    Parameters
    ----------
    receipts
        Files received.
    inspected
        The round.
    line
        Code of the line that findings are filed under.
    """
    for each in receipts:
        wrong = dates.fault(each.dated, inspected, known_on=each.received_on)
        if each.kind == "form" and wrong is not None:
            zh = f"表“{each.file_name}”{wrong.zh}，不作为先后依据"
            message = Text(zh, f"form {each.file_name}: {wrong.en}, it decides nothing")
            yield finding(
                "form-date", f"{LAW} 12", line, message, None, Severity.WARNING,
                key=each.sha256[:12], related=(each.side,),
            )  # fmt: skip


DAYS = (("inspected_on", Text("检查日期", "inspected on")), ("set_on", Text("埋设日期", "set on")))


def answers(
    by_side: Mapping[str, Told],
    inspected: Round,
    *,
    names: Mapping[str, str],
    known_on: str,
    line: str,
) -> Iterator[Finding]:
    """Yield the days in answers that lie outside the round or in the future, each day once a side.

    A marker may have been set before the round, but not in the future.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    for side, layers in by_side.items():
        for records in layers.values():
            counts.update(
                (side, name, str(each[name]))
                for each in records
                for name, _ in DAYS
                if each.get(name)
            )
    words = dict(DAYS)
    for (side, name, day), count in sorted(counts.items()):
        wrong = _day_wrong(name, day, inspected, known_on)
        if wrong is not None:
            who, field = names.get(side, side), words[name]
            message = Text(
                f"{who}填报的{field.zh}有{count}项有误：{wrong.zh}",
                f"{who}: {count} answers {field.en} cannot be right: {wrong.en}",
            )
            yield finding(
                "answer-date", f"{LAW} 12", line, message, None, Severity.WARNING,
                key=f"{name} {day}", related=(side,),
            )  # fmt: skip


def _day_wrong(name: str, day: str, inspected: Round, known_on: str) -> Text | None:
    wrong = dates.fault(day, inspected, known_on=known_on)
    if name == "set_on" and day < inspected.starts_on:
        return None
    if wrong is None and name == "inspected_on" and day > inspected.ends_on:
        zh = f"日期{day}晚于联检结束的{inspected.ends_on}"
        return Text(zh, f"the date {day} is after the round, which ended on {inspected.ends_on}")
    return wrong


def steps(done: Iterable[Step], inspected: Round) -> Iterator[Finding]:
    """Yield the steps dated before the round: they are none of its work."""
    for each in done:
        if each.on < inspected.starts_on:
            zh = f"{each.key}的处理日期{each.on}早于联检开始的{inspected.starts_on}，不计入本次联检"
            en = f"work on {each.key} is dated {each.on}, before the round: it does not count"
            yield finding(
                "step-date", f"{LAW} 12", each.key, Text(zh, en), None, Severity.WARNING,
                key=f"{each.kind} {each.on}",
            )  # fmt: skip


# ------------------------------------------------------------------ new markers


def new_markers(
    new: Mapping[str, Record],
    lines: Mapping[str, BaseGeometry],
    metric: Mapping[str, BaseGeometry],
    *,
    ends_m: float,
    scheme: Scheme = TOWNSHIP,
) -> Iterator[Finding]:
    """Yield what cannot be right with new markers: place, type, height.

    Parameters
    ----------
    new
        New markers by number: line_code, marker_type, measured_height_m, measured_accuracy_m,
        geometry (EPSG:4490, for the findings).
    lines
        Lines of the round by code, in metres.
    metric
        Places of the markers in the CRS of the lines.
    ends_m
        How near to the end of a line a marker of three sides stands, in metres.
    scheme
        How markers are numbered: the letter tells the type.
    """
    for number, record in new.items():
        line = lines.get(str(record.get("line_code")))
        place = metric.get(number)
        yield from _place(number, record, line, place)
        if line is not None:
            yield from _number(number, record)
        yield from _type(number, record, line, place, ends_m, scheme)
        if record.get("measured_height_m") is None:
            message = Text(f"新增界桩{number}没有高程", f"the new marker {number} has no height")
            where = record.get("geometry")
            yield finding("new-marker-height", SURVEY, number, message, where, Severity.WARNING)


def _place(
    number: str, record: Record, line: BaseGeometry | None, place: BaseGeometry | None
) -> Iterator[Finding]:
    where = record.get("geometry")
    code = record.get("line_code") or "—"
    if place is None:
        message = Text(f"新增界桩{number}没有位置", f"the new marker {number} has no place")
        yield finding("new-marker-place", f"{LAW} 5", number, message, None)
    elif line is None:
        zh = f"新增界桩{number}所属界线{code}不是本次联检的界线"
        message = Text(zh, f"the new marker {number} is told on {code}, no line of the round")
        yield finding("new-marker-line", f"{LAW} 5", number, message, where)
    else:
        off = float(shapely.distance(place, line))
        limit = ON_LINE_M if record.get("marker_type") in (None, "single") else BESIDE_M
        limit = max(limit, float(record.get("measured_accuracy_m") or 0.0))
        if off > limit:
            zh = f"新增界桩{number}距界线{code} {off:.1f}米（允许{limit:g}米）"
            message = Text(zh, f"the new marker {number} stands {off:.1f} m off line {code}")
            weight = Severity.ERROR if off > GROSS * limit else Severity.WARNING
            yield finding(
                "new-marker-off-line", f"{LAW} 5", number, message, where, weight,
                measures=(off, limit),
            )  # fmt: skip


def _number(number: str, record: Record) -> Iterator[Finding]:
    """Yield a number that is none of the line that the marker is told to stand on."""
    code = str(record["line_code"])
    if record.get("marker_type") == "tri-point" or re.fullmatch(
        f"{re.escape(code)}{SERIAL}", number
    ):
        return
    zh = f"新增界桩{number}的编号不是界线{code}上的编号（代码、三位序号、类型码）"
    message = Text(zh, f"the new marker {number} bears no number of line {code}")
    yield finding("new-marker-number", SURVEY, number, message, record.get("geometry"))


def _type(
    number: str,
    record: Record,
    line: BaseGeometry | None,
    place: BaseGeometry | None,
    ends_m: float,
    scheme: Scheme,
) -> Iterator[Finding]:
    kind, read = record.get("marker_type"), scheme.read(number)
    shown = MARKER_TYPES.get(str(kind), Text(str(kind), str(kind)))
    reason = None
    if kind is None:
        reason = Text("没有类型", "has no type")
    elif kind == "tri-point" and read is not None:
        reason = Text(f"按界线编号，不能是{shown.zh}", f"is numbered on a line, no {kind}")
    elif kind in THREE_SIDED and not _at_an_end(line, place, ends_m):
        reason = Text(f"不在界线端点，不能是{shown.zh}", f"is at no end of a line, no {kind}")
    elif read is not None and read.marker_type is not None and read.marker_type != kind:
        implied = MARKER_TYPES[read.marker_type]
        reason = Text(
            f"编号表示{implied.zh}，填的是{shown.zh}",
            f"is numbered as {read.marker_type}, told as {kind}",
        )
    if reason is not None:
        message = Text(f"新增界桩{number}{reason.zh}", f"the new marker {number} {reason.en}")
        yield finding("new-marker-type", SURVEY, number, message, record.get("geometry"))


def _at_an_end(line: BaseGeometry | None, place: BaseGeometry | None, ends_m: float) -> bool:
    if line is None or place is None:
        return True  # told as such already
    return bool(shapely.distance(place, shapely.boundary(shapely.line_merge(line))) <= ends_m)


def twice(
    base: Iterable[Record], new: Mapping[str, Record], *, scheme: Scheme = TOWNSHIP
) -> Iterator[Finding]:
    """Yield the pairs of markers of two numbers that stand on one spot: one marker, it seems.

    Posts of one double or triple marker bear one serial; pairs already on record are told by the
    checks of the records. A place is compared within `TWICE_M`, or as far as both measurements
    allow.

    Examples
    --------
    >>> here = {"geometry": shapely.Point(112.4, 29.7)}
    >>> found = twice([{"number": "1", **here}], {"2": here})
    >>> [(each.subject, each.related) for each in found]
    [('2', ('1',))]
    """
    placed = {key: each for key, each in new.items() if each.get("geometry") is not None}
    standing = {str(each["number"]): each for each in base if each.get("geometry") is not None}
    # a number in use that is told anew stands among the new ones
    pairs = [(a, b) for a in placed for b in standing if a not in standing and b not in placed]
    for one, other in [*pairs, *combinations(sorted(placed), 2)]:
        if _one_marker(one, other, scheme):
            continue
        a, b = placed[one], placed.get(other, standing.get(other, {}))
        away = apart_m(a["geometry"], b["geometry"])
        limit = max(TWICE_M, sum(float(each.get("measured_accuracy_m") or 0) for each in (a, b)))
        if away <= limit:
            zh = f"新增界桩{one}与界桩{other}相距{away:.1f}米，疑为同一界桩两个编号"
            message = Text(
                zh, f"the new marker {one} is {away:.1f} m from {other}: one marker twice?"
            )
            yield finding(
                "marker-twice", LIANJIAN, one, message, a["geometry"], related=(other,),
                measures=(away, limit),
            )  # fmt: skip


def _one_marker(one: str, other: str, scheme: Scheme) -> bool:
    """Tell whether two numbers are those of posts of one marker."""
    a, b = scheme.read(one), scheme.read(other)
    return a is not None and b is not None and (a.line, a.serial) == (b.line, b.serial)


def considered(
    by_side: Mapping[str, Told], agreed: Mapping[str, Any], open_: Iterable[str]
) -> dict[str, Record]:
    """Return the new markers that land or may still: agreed on, else as a side tells them."""
    wanted = set(open_)
    by_number: dict[str, Record] = {}
    for layers in by_side.values():
        for each in layers["new_markers"]:
            if str(each["number"]) in wanted:
                by_number[str(each["number"])] = each
    return by_number | {
        key: each for key, each in agreed.items() if each.get("layer") == "new_markers"
    }

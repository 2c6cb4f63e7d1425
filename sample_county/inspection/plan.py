"""What happened along the inspected line, and what each side tells of it.

Positions are (easting, northing) in metres, EPSG:4546.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import shapely

from sample_county.delivery.survey import LineRecord, MarkerRecord, Survey
from sample_county.geodesy import degrees
from sample_county.model import XY

NUMBER = "2026-01"
LINE = "429921101103"  # 大埔—六里铺线: the river, four markers of two posts each
STARTS, ENDS = "2026-03-02", "2026-03-20"
DAYS = ("2026-03-05", "2026-03-06")  # the first side walks a day before the second
INSPECTORS = ("周文, 李平", "王海, 陈静")
MOVED_M = 3.2
NOISE_M = 0.15  # two receivers do not measure the same
OFF_M, OFF_LENGTH_M = 60.0, 400.0
FAR_M = 733.0  # a new marker that stands nowhere near its line
WRONG_DAY = "2062-03-05"  # a slip of the pen for 2026

UPKEEP: dict[str, dict[str, str | None]] = {
    "illegible": {"repainted": "no"},
    "lost": {"cleared": None, "repainted": None},
    "damaged": {"repainted": "no"},
}
"""What cannot have been done to a marker in a state, other than is usual."""

Answers = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Expected:
    """One finding that the round has to make: rule, subject, the measure where there is one."""

    rule: str
    subject: str
    measured: float | None = None
    within: float = 0.0
    side: str = ""


@dataclass
class Plan:
    """A round as it went.

    Parameters
    ----------
    sides
        Codes of the two sides.
    markers, reference_objects, segments
        Answers by side and key, beside ``*``: what a side says of all others.
    new_markers
        Rows by side.
    expected
        Findings.
    differing, conflicts, missing
        What one side says otherwise than was handed out, both say differently, or only one says:
        key, field, the value then agreed on.
    forms
        What is wrong with forms: side, end of the file's name, how.
    """

    sides: tuple[str, str]
    markers: dict[str, Answers] = field(default_factory=dict)
    reference_objects: dict[str, Answers] = field(default_factory=dict)
    segments: dict[str, Answers] = field(default_factory=dict)
    new_markers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)
    differing: list[dict[str, str]] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)
    missing: list[dict[str, str]] = field(default_factory=list)
    steps: list[dict[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)


def plan(survey: Survey) -> Plan:
    """Return what both sides saw along the line."""
    line = survey.line(LINE)
    first, second = sorted((line.left, line.right))
    made = Plan((first, second))
    _in_order(made)
    _markers(made, survey)
    _references(made, survey)
    _segments(made)
    _new(made, line)
    _nowhere(made, line)
    _days(made)
    return made


def number(serial: int, side: str) -> str:
    """Return the number of a post.

    Examples
    --------
    >>> number(3, "A")
    '429921101103003A'
    """
    return f"{LINE}{serial:03d}{side}"


def _in_order(made: Plan) -> None:
    """Both sides find everything else as it should be."""
    for side, day, who in zip(made.sides, DAYS, INSPECTORS, strict=True):
        seen = {"inspected_on": day, "inspector": who}
        made.markers[side] = {"*": {"state": "good", "cleared": "yes", "repainted": "yes", **seen}}
        made.reference_objects[side] = {"*": {"presence": "present", **seen}}
        usual = {"recognisable": "yes", "feature_changed": "no", "works": "no", "resurvey": "no"}
        made.segments[side] = {"*": {**usual, **seen}}
        made.new_markers[side] = []


def _both(made: Plan, key: str, **answer: Any) -> None:
    for side in made.sides:
        made.markers[side][key] = dict(answer)


def _markers(made: Plan, survey: Survey) -> None:
    """Plant a marker of each state, one that the sides see differently, one in conflict."""
    for serial, side, state in ((1, "B", "illegible"), (3, "A", "lost"), (3, "B", "damaged")):
        _both(made, number(serial, side), state=state, **UPKEEP[state])
        made.expected.append(Expected(f"inspection/marker-{state}", number(serial, side)))
    _moved(made, survey.marker(number(2, "A")))
    first, second = made.sides
    made.markers[first][number(4, "A")] = {"state": "good"}
    made.markers[second][number(4, "A")] = {"state": "damaged", "remarks": "桩身有裂缝"}
    made.differing.append({"key": number(4, "A"), "field": "state", "value": "damaged"})
    made.markers[first][number(4, "B")] = {"state": "illegible"}
    made.markers[second][number(4, "B")] = {"state": "damaged"}
    made.conflicts.append({"key": number(4, "B"), "field": "state", "value": "damaged"})
    for key in (number(4, "A"), number(4, "B")):
        made.expected.append(Expected("inspection/marker-damaged", key))
    made.steps += [
        {"kind": "repaint", "key": number(1, "B")},
        {"kind": "re-erect", "key": number(3, "A")},
        {"kind": "repair", "key": number(3, "B")},
        {"kind": "repair", "key": number(4, "A")},
        {"kind": "repair", "key": number(4, "B")},
        # upkeep of a sound marker: it brings back none of its reference objects
        {"kind": "repaint", "key": number(2, "B")},
    ]


def _moved(made: Plan, marker: MarkerRecord) -> None:
    """Both sides measure the marker where it stands now, each with its own receiver."""
    x, y = marker.at
    for side, noise in zip(made.sides, (NOISE_M, -NOISE_M), strict=True):
        lon, lat = exact((x + MOVED_M, y + noise))
        made.markers[side][marker.number] = {
            "state": "moved",
            "measured_lon": lon,
            "measured_lat": lat,
            "measured_accuracy_m": 0.3,
            "remarks": "被挖机推动",
        }
    made.expected.append(
        Expected("inspection/marker-moved", marker.number, measured=MOVED_M, within=0.3)
    )


def exact(at: XY) -> tuple[float, float]:
    """Return longitude and latitude to eight decimals, as a receiver writes them."""
    point = degrees(shapely.Point(at))
    return round(point.x, 8), round(point.y, 8)


def _references(made: Plan, survey: Survey) -> None:
    """Take away a reference object of a sound marker; of three, too few are left."""
    key = number(2, "B")
    objects_of_marker = [each for each in survey.objects if each.number == key]
    for side in made.sides:
        made.reference_objects[side][f"{key}/1"] = {"presence": "gone", "remarks": "已拆除"}
    made.expected.append(Expected("inspection/reference-gone", key))
    if len(objects_of_marker) - 1 < 3:
        made.expected.append(
            Expected("inspection/references-too-few", key, measured=len(objects_of_marker) - 1)
        )


def _segments(made: Plan) -> None:
    """Works across the line, a river that has shifted, a stretch that nobody can recognise."""
    for ordinal, rule, answer in (
        (2, "works-across", {"works": "yes", "works_description": "跨界修建泵站"}),
        (3, "feature-changed", {"feature_changed": "yes", "changed_feature": "河道北移约20米"}),
        (4, "line-not-recognisable", {"recognisable": "no"}),
    ):
        for side in made.sides:
            made.segments[side][f"{LINE}:{ordinal}"] = dict(answer)
        made.expected.append(Expected(f"inspection/{rule}", f"{LINE}:{ordinal}"))


def _new(made: Plan, line: LineRecord) -> None:
    """Both sides set a marker under one number, at two places; one side sets another alone."""
    first, second = made.sides
    shape = shapely.LineString(line.xy)
    for side, share in ((first, 0.30), (second, 0.55)):
        made.new_markers[side].append(_set(number(5, "Q"), shape, share, jointly="yes"))
    # neither was set by both together: none counts, a new one has to be surveyed jointly
    made.conflicts.append({"key": number(5, "Q"), "field": "record", "value": "none"})
    alone = number(6, "Q")
    made.new_markers[second].append(_set(alone, shape, 0.8, jointly="no"))
    made.missing.append({"key": alone, "field": "record", "value": "none", "silent": first})
    made.expected.append(Expected("inspection/one-sided-marker", alone))
    made.steps.append({"kind": "remove", "key": alone})


def _nowhere(made: Plan, line: LineRecord) -> None:
    """Both sides tell of one marker under two numbers, set by nobody together, far off the line."""
    shape = shapely.LineString(line.xy)
    on = shape.interpolate(0.7, normalized=True)
    away = [shapely.Point(on.x, on.y + each) for each in (FAR_M, -FAR_M)]
    at = max(away, key=shape.distance)
    off = float(shape.distance(at))
    lon, lat = exact((at.x, at.y))
    first, second = number(7, "Q"), number(8, "Q")
    for key, kind in ((first, "double"), (second, "single")):  # a Q is a marker of one post
        for side in made.sides:
            row = _set(key, shape, 0.7, jointly="no")
            row |= {"marker_type": kind, "measured_lon": lon, "measured_lat": lat}
            del row["measured_height_m"]
            made.new_markers[side].append(row)
        made.expected += [
            Expected("inspection/one-sided-marker", key),
            Expected("inspection/new-marker-off-line", key, measured=off, within=1.0),
            Expected("inspection/new-marker-height", key),
        ]
        made.steps.append({"kind": "remove", "key": key})
    made.expected += [
        Expected("inspection/new-marker-type", first),
        Expected("inspection/marker-twice", first, measured=0.0, within=0.1),
    ]


def _days(made: Plan) -> None:
    """Plant a day in the future in an answer, and a form of a tablet that lives in 2099."""
    first, second = made.sides
    made.markers[first][number(1, "A")] = {"inspected_on": WRONG_DAY}
    made.expected.append(Expected("inspection/answer-date", LINE, side=first))
    made.expected.append(Expected("inspection/form-date", LINE, side=second))
    made.forms += [
        {"side": second, "ends": "_旧平板.xlsx", "how": "2099"},
        {"side": second, "ends": "_全部.xlsx", "how": "title row"},
        {"side": second, "ends": "_全部.xlsx", "how": "sheet renamed"},
    ]


def _set(key: str, shape: shapely.LineString, share: float, *, jointly: str) -> dict[str, Any]:
    at = shape.interpolate(share, normalized=True)
    lon, lat = exact((at.x, at.y))
    return {
        "number": key,
        "line_code": LINE,
        "marker_type": "single",
        "material": "花岗岩",
        "set_on": "2026-03-05",
        "set_jointly": jointly,
        "other_side_present": jointly,
        "measured_lon": lon,
        "measured_lat": lat,
        "measured_accuracy_m": 0.3,
        "measured_height_m": 32.5,
    }


# ------------------------------------------------------------------ the second side's detour


def detour(line: LineRecord) -> tuple[float, float, list[XY]]:
    """Return a stretch (metres along the line) and a way beside it, as far off as can be.

    The line winds; the stretch is the straightest, so that the way is off it all along.
    """
    shape = shapely.LineString(line.xy)
    starts = [float(at) for at in range(1500, int(shape.length) - 2500, 100)]
    ways = [(start, _beside(shape, start)) for start in starts]
    start, way = max(ways, key=lambda each: _least(shape, each[1]))
    return start, start + OFF_LENGTH_M, way


def _beside(shape: shapely.LineString, start: float) -> list[XY]:
    ends = [shape.interpolate(at) for at in (start, start + OFF_LENGTH_M)]
    run = (ends[1].x - ends[0].x, ends[1].y - ends[0].y)
    length = math.hypot(*run)
    aside = (-run[1] / length * OFF_M, run[0] / length * OFF_M)
    found = []
    for step in range(0, int(OFF_LENGTH_M) + 1, 20):
        at = shape.interpolate(start + step)
        found.append((at.x + aside[0], at.y + aside[1]))
    return found


def _least(shape: shapely.LineString, way: list[XY]) -> float:
    return min(float(shape.distance(shapely.Point(at))) for at in way)

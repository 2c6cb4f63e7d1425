"""The whole network of lines and markers by state, age since the last inspection and year due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from boundaries.inspection.round import fields, rounds
from boundaries.inspection.round.rounds import STATES, Round
from boundaries.office.records import Records
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.json_values import as_json
from gazetteer.common.language import Language, Text
from gazetteer.common.value_words import value_titles

DUE = value_titles()["due_state"]
"""What may be said of a line's date, the most pressing first."""

MARKERS: dict[str, Text] = {
    **{state: fields.STATES[state] for state in ("lost", "moved", "damaged", "illegible", "good")},
    "unknown": Text("未记录", "not recorded"),
}
"""States of a marker, the most pressing first."""
TO_MEND = ("lost", "moved", "damaged", "illegible")

LINE_COLUMNS = {
    "code": Text("代码", "code"),
    "name": Text("界线", "line"),
    "legal_status": Text("性质", "status"),
    "length_km": Text("长度（千米）", "length (km)"),
    "last_inspected": Text("上次联检", "last inspected"),
    "age_years": Text("距今（年）", "years since"),
    "due_on": Text("到期", "due on"),
    "due_year": Text("到期年", "year due"),
    "due_state": Text("期限状态", "due"),
    "round": Text("联检轮次", "round"),
    "round_state": Text("轮次状态", "state of the round"),
    "markers": Text("界桩", "markers"),
    "markers_to_mend": Text("待处理界桩", "markers to mend"),
}
MARKER_COLUMNS = {
    "number": Text("界桩编号", "marker"),
    "line_code": Text("界线代码", "line"),
    "marker_state": Text("界桩状态", "state"),
    "last_inspected": Text("上次联检", "last inspected"),
    "age_years": Text("距今（年）", "years since"),
    "due_year": Text("到期年", "year due"),
    "due_state": Text("期限状态", "due"),
}


@dataclass(frozen=True)
class Network:
    """Lines and markers with their state, in EPSG:4490; columns as `LINE_COLUMNS` and geometry."""

    lines: gpd.GeoDataFrame
    markers: gpd.GeoDataFrame

    def as_json(self) -> dict[str, object]:
        """Return the object that scripts rely on."""
        return {
            "lines": as_json(self.lines[list(LINE_COLUMNS)]),
            "markers": as_json(self.markers[list(MARKER_COLUMNS)]),
            "summary": {
                "due": _counts(self.lines["due_state"], DUE),
                "markers": _counts(self.markers["marker_state"], MARKERS),
            },
        }

    def sheets(self, *, language: Language = "zh") -> dict[str, pd.DataFrame]:
        """Return both tables in words, for Excel."""
        lines, markers = (
            _in_words(frame, columns, language)
            for frame, columns in ((self.lines, LINE_COLUMNS), (self.markers, MARKER_COLUMNS))
        )
        return {
            Text("界线", "Lines").say(language): lines,
            Text("界桩", "Markers").say(language): markers,
        }


def _counts(values: pd.Series, known: dict[str, Text]) -> dict[str, int]:
    return {value: int((values == value).sum()) for value in known}


def _in_words(
    frame: gpd.GeoDataFrame, columns: dict[str, Text], language: Language
) -> pd.DataFrame:
    words: dict[str, Mapping[str, Text]] = {
        "legal_status": value_titles()["legal_status"],
        "due_state": DUE,
        "marker_state": MARKERS,
        "round_state": {str(state): each for state, each in STATES.items()},
    }
    table = pd.DataFrame(frame[list(columns)]).astype(object)
    for name, values in words.items():
        if name in table:
            titles = {str(value): each.say(language) for value, each in values.items()}
            table[name] = table[name].map(lambda value, titles=titles: titles.get(value, value))
    return table.rename(columns={name: each.say(language) for name, each in columns.items()})


def network(records: Records, planned: Sequence[Round], *, today: str) -> Network:
    """Return every line and marker with its state, age since the last inspection and year due.

    A marker is inspected with its line. A line that was never inspected is due by the date of its
    agreement; without one nothing is known.

    Parameters
    ----------
    records
        Of the county; agreed, de-facto and disputed lines alike.
    planned
        Rounds on record; of several the last one with a line is told.
    today
        ISO text.

    Raises
    ------
    InputError
        When `today` is no date.
    """
    lines = _lines(records, planned, today)
    return Network(lines, _markers(records, lines))


def _lines(records: Records, planned: Sequence[Round], today: str) -> gpd.GeoDataFrame:
    lines = rounds.due(pd.DataFrame(records.lines), today=today)
    last = {line: each for each in planned for line in each.lines}
    mending = records.markers[_state(records.markers).isin(TO_MEND)]
    frame = lines.assign(
        length_km=pd.to_numeric(lines["length_m"], errors="coerce").div(1000).round(2),
        age_years=[_age(day, today) for day in lines["last_inspected"]],
        due_year=[int(day[:4]) if isinstance(day, str) else None for day in lines["due_on"]],
        due_state=[
            _next_year(*pair, today)
            for pair in zip(lines["due_state"], lines["due_on"], strict=True)
        ],
        round=[last[line].number if line in last else None for line in lines["id"]],
        round_state=[last[line].state if line in last else None for line in lines["id"]],
        markers=lines["id"].map(records.markers["line_id"].value_counts()).fillna(0).astype(int),
        markers_to_mend=lines["id"].map(mending["line_id"].value_counts()).fillna(0).astype(int),
    )
    return gpd.GeoDataFrame(frame[["id", *LINE_COLUMNS, "geometry"]], crs=records.lines.crs)


def _next_year(state: str, due_on: object, today: str) -> str:
    soon = isinstance(due_on, str) and int(due_on[:4]) == int(today[:4]) + 1
    return "due next year" if state == "later" and soon else state


def _age(day: object, today: str) -> float | None:
    """Return the years since a day, one decimal.

    >>> _age("2021-05-01", "2026-11-01"), _age(None, "2026-11-01")
    (5.5, None)
    """
    if not isinstance(day, str) or not day:
        return None
    days = (date.fromisoformat(today) - date.fromisoformat(day[:10])).days
    return round(days / 365.2425, 1)


def _state(markers: gpd.GeoDataFrame) -> pd.Series:
    """Return the state of each marker as one of `MARKERS`; a record may say it in Chinese."""
    words = {text.zh: value for value, text in MARKERS.items()} | {
        value: value for value in MARKERS
    }
    return markers["state"].map(lambda text: words.get(text, "unknown")).astype(object)


def _markers(records: Records, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    inspected = ["code", "last_inspected", "age_years", "due_year", "due_state"]
    markers = pd.DataFrame(records.markers[["id", "number", "line_code"]]).assign(
        marker_state=_state(records.markers), geometry=records.markers.geometry
    )
    frame = markers.merge(
        pd.DataFrame(lines[inspected]), how="left", left_on="line_code", right_on="code"
    )
    frame["due_state"] = frame["due_state"].astype(object).fillna("unknown")
    rank = {state: at for at, state in enumerate(MARKERS)}
    frame = frame.sort_values(
        ["marker_state", "number"],
        key=lambda each: each.map(rank) if each.name == "marker_state" else each,
    )
    return gpd.GeoDataFrame(
        frame[["id", *MARKER_COLUMNS, "geometry"]].reset_index(drop=True), crs=records.markers.crs
    )


def pressing(whole: Network) -> list[Finding]:
    """Return what asks for work as findings: lines overdue, markers to mend or not recorded."""
    findings = []
    for row in whole.lines.itertuples():
        if row.due_state in ("overdue", "due this year"):
            word = DUE[row.due_state]
            severity = Severity.ERROR if row.due_state == "overdue" else Severity.WARNING
            zh = f"{row.name or row.code}{word.zh}（{row.due_on}）"
            message = Text(zh, f"{row.name or row.code} is {word.en} ({row.due_on})")
            findings.append(_pressing("line", str(row.code), message, severity, row.geometry))
    for row in whole.markers.itertuples():
        if row.marker_state in TO_MEND:
            word = MARKERS[row.marker_state]
            message = Text(f"界桩{row.number}{word.zh}", f"marker {row.number} is {word.en}")
            severity = Severity.ERROR if row.marker_state == "lost" else Severity.WARNING
            findings.append(_pressing("marker", str(row.number), message, severity, row.geometry))
    return findings


def _pressing(
    what: str, subject: str, message: Text, severity: Severity, place: BaseGeometry
) -> Finding:
    return Finding(
        rule=f"network/{what}",
        clause="行政区域界线管理条例 12" if what == "line" else "行政区域界线管理条例 6",
        severity=severity,
        subject=subject,
        message=message,
        geometry=place,
    )

"""Dates in layers and tables lie in the past, and after there were boundary surveys."""

from __future__ import annotations

from collections.abc import Iterator

from boundaries.survey.case import Case, Issue, column, present
from gazetteer.common.language import Text

EARLIEST = "1949-10-01"
"""No document of a boundary of the People's Republic is older."""

DATED = {
    "markers": ("set_on", Text("埋设日期", "date of setting")),
    "registrations": ("registered_on", Text("登记日期", "date of registration")),
}


def plausible(case: Case) -> Iterator[Issue]:
    """Yield each marker with a date that lies ahead, or before all surveys: once a marker."""
    days: dict[tuple[str, str], str] = {}
    for role, (name, title) in DATED.items():
        layer = role in case.delivery.layers
        frame = case.delivery.layer(role) if layer else case.delivery.table(role)
        for number, day in zip(column(frame, "number"), column(frame, name), strict=True):
            if present(day) and not EARLIEST <= str(day)[:10] <= case.on:
                days.setdefault((str(number), str(day)[:10]), title.zh)
    for (number, day), title_zh in days.items():
        kind = "future" if day > case.on else "early"
        when = Text(f"晚于{case.on}", f"after {case.on}") if kind == "future" else _EARLY
        zh = f"界桩{number}的{title_zh}为{day}，{when.zh}"
        yield Issue(kind, number, Text(zh, f"marker {number} is dated {day}, {when.en}"))


_EARLY = Text(f"早于{EARLIEST}", f"before {EARLIEST}")

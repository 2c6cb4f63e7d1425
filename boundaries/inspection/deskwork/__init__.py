"""The desk work (内业) before an inspection: line, records and description against what is now.

What has changed since the last round is listed before anyone walks. A river or road that has
changed moves no line (行政区域界线管理条例 7): it is a finding, never a correction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from boundaries.inspection.deskwork import changed, described, standing
from boundaries.inspection.deskwork.case import LineCase
from boundaries.inspection.deskwork.course import Course, Reach, text
from boundaries.inspection.deskwork.situation import Desk, Situation, of_county
from gazetteer.common import workdays
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text

__all__ = [
    "GROUPS",
    "RULES",
    "Desk",
    "LineCase",
    "Reach",
    "Situation",
    "check",
    "grouped",
    "of_county",
    "since",
]


class Rule(NamedTuple):
    """One rule of the desk work: its name, group, and what finds it."""

    name: str
    group: str
    find: Callable[[LineCase], Iterator[Finding]]


GROUPS: dict[str, Text] = {
    "records": Text("登记与依据", "records and authority"),
    "description": Text("走向说明", "route description"),
    "changes": Text("上次联检以来的变化", "changes since the last inspection"),
}
RULES: tuple[Rule, ...] = (
    Rule("authority", "records", standing.authority),
    Rule("due", "records", standing.due),
    Rule("marker-states", "records", standing.marker_states),
    Rule("outdated-names", "records", standing.outdated_names),
    Rule("leftovers", "records", standing.leftovers),
    Rule("description", "description", described.agrees),
    Rule("described-features", "description", described.features_still_there),
    Rule("unmentioned", "description", described.unmentioned),
    Rule("line", "changes", changed.line),
    Rule("crossings", "changes", changed.crossings),
    Rule("followed", "changes", changed.followed),
    Rule("names", "changes", changed.names),
    Rule("sides", "changes", changed.sides),
    Rule("markers", "changes", changed.markers),
    Rule("reference-objects", "changes", changed.reference_objects),
    Rule("works", "changes", changed.works),
)
"""The rules in the order in which an office reads them."""


def since(lines: Mapping[str, Mapping[str, object]], *, day: str | None) -> dict[str, str | None]:
    """Return the day of the last inspection of each line: that given, else that on record.

    A line that was never inspected is compared with the day of its agreement.

    Parameters
    ----------
    lines
        Records of the lines by code: ``last_inspected``, ``agreement_date``.
    day
        ISO text; the same for all lines.

    Raises
    ------
    InputError
        When `day` is no date.

    Examples
    --------
    >>> since({"1": {"last_inspected": None, "agreement_date": "2020-05-01"}}, day=None)
    {'1': '2020-05-01'}
    """
    if day is not None:
        workdays.parse(day)
        return dict.fromkeys(lines, day)
    return {
        code: text(row.get("last_inspected"))[:10] or text(row.get("agreement_date"))[:10] or None
        for code, row in lines.items()
    }


def check(
    desk: Desk,
    days: Mapping[str, str | None],
    *,
    descriptions: Mapping[str, str] | None = None,
    today: str = "",
    reach: Reach | None = None,
) -> dict[str, list[Finding]]:
    """Return what the desk work finds on each line, by the line's code.

    Parameters
    ----------
    desk
        From `of_county`.
    days
        Lines by code with the day of their last inspection (see `since`).
    descriptions
        Route descriptions by code, in place of those on record.
    today
        ISO text; a line due before it is overdue.
    reach
        How near is near.
    """
    texts = descriptions or {}
    return {
        code: list(_of_line(_case(desk, code, day, texts.get(code), today, reach or Reach())))
        for code, day in days.items()
    }


def _case(
    desk: Desk, code: str, day: str | None, description: str | None, today: str, reach: Reach
) -> LineCase:
    lines = desk.now.layer("lines")
    row = lines[lines["code"] == code].iloc[0]
    return LineCase(
        code,
        row,
        Course(row.geometry),
        desk.records,
        desk.now,
        None if day is None else desk.then[day],
        day,
        description if description is not None else text(row.get("description")),
        desk.findings,
        today,
        reach,
    )


def _of_line(case: LineCase) -> Iterator[Finding]:
    for rule in RULES:
        if rule.group == "changes" and case.then is None:
            continue
        for each in rule.find(case):
            yield replace(each, details={**each.details, "group": rule.group})


def grouped(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Return findings by the group of their rule, in the order of the groups."""
    return {
        group: [each for each in findings if each.details["group"] == group] for group in GROUPS
    }

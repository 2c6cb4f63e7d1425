"""The tour: is the plan met, who is served on foot, where should the next ones stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from facilities import answers, sources
from facilities.catchments import catchments
from facilities.report import verdict_said
from facilities.status import status
from gazetteer.common.language import Language, Text
from maps import facilities as drawn

AS_OF = "2025-12-31"
CARE = ("日间照料中心", "农村互助照料中心")
SHARE = 0.6


def steps(folder: Path, county: Path, *, language: Language) -> Iterator[Text]:
    """Judge the sample plan, measure who of the elderly is reached, choose new sites."""
    loaded = sources.county(county, as_of=AS_OF)
    out = folder / "设施"
    yield from _status(loaded, out, language)
    asked = answers.Asked(words=CARE, base="resident", age="60+")
    yield from _reach(loaded, asked, out, language)
    yield from _site(loaded, asked, out, language)
    yield Text(f"   报告、清单与地图:{out}", f"   Reports, lists and maps: {out}")


def _status(loaded: sources.Loaded, out: Path, language: Language) -> Iterator[Text]:
    plan = sources.plan(None, code=loaded.code)
    found = status(loaded.frames, plan, outline=loaded.outline)
    drawn.hand_on_status(found, out, loaded=loaded, language=language)
    missed = [row for row in found.rows if row.met is False]
    yield Text(
        f"8. 规划目标:{len(found.rows)} 项,未达到 {len(missed)} 项",
        f"8. Plan targets: {len(found.rows)}, not met {len(missed)}",
    )
    for row in found.rows[:1] + tuple(r for r in found.rows if r.met == "conflict"):
        value, name = row.measured.value, row.indicator.name
        number = "—" if value is None else f"{value:.1f}"
        names = "、".join(each.name for each in row.measured.not_served[:3])
        yield Text(
            f"   {name}:{number}{row.indicator.unit},{verdict_said(row.met)};未覆盖:{names} 等",
            f"   {row.indicator.id}: {number} {row.indicator.unit}, not served: {names} ...",
        )


def _reach(
    loaded: sources.Loaded, asked: answers.Asked, out: Path, language: Language
) -> Iterator[Text]:
    found = answers.served(loaded, asked)
    told = found.report.found
    areas = catchments(told.where, minutes=(5, 10, 15))
    drawn.hand_on_reach(
        found.report, out, loaded=loaded, catchments=areas, findings=found.findings,
        language=language,
    )  # fmt: skip
    yield Text(
        f"   步行15分钟内有照料中心的老人:{told.served:,.0f} 人,共 {told.people:,.0f} 人",
        f"   Elderly within 15 minutes of a care centre: {told.served:,.0f} of {told.people:,.0f}",
    )


def _site(
    loaded: sources.Loaded, asked: answers.Asked, out: Path, language: Language
) -> Iterator[Text]:
    found = answers.sited(loaded, asked, answers.Wanted(share=SHARE, seconds=5.0))
    drawn.hand_on_site(found.placement, found.report, out, loaded=loaded, language=language)
    told = found.placement.siting
    yield Text(
        f"   覆盖 {SHARE:.0%} 至少新建 {len(told.chosen)} 处(差距 {told.gap:.1%})",
        f"   {SHARE:.0%} served takes {len(told.chosen)} new sites (gap {told.gap:.1%})",
    )

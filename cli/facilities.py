"""`gazetteer facilities`: is the plan met, who is served on foot, where to build next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, facility_checks, options, output, wording
from cli import facility_options as shared
from cli.facility_cemeteries import cemeteries

if TYPE_CHECKING:
    from facilities.answers import Asked, Served, Sited
    from facilities.report_reach import ReachReport
    from facilities.sources import Loaded
    from facilities.status import Status
    from gazetteer.common.language import Language


@commands.group()
def facilities() -> None:
    """Measure civil facilities: plan targets, walking access, gaps by name, new sites.

    \b
    Example:
      gazetteer facilities status 石首.gpkg --out 报告
    """


@facilities.command()
@options.county
@click.option("--plan", metavar="PLAN", help="Target file (.toml), or the name of a shipped plan.")
@click.option(
    "--reported", type=options.path_type, help="Figures reported: indicator, value, source, date."
)
@click.option(
    "--graves", type=options.path_type, help="Graves inspected: id, zone_kind, treated (是/否)."
)
@click.option(
    "--beside", multiple=True, metavar="PLAN", help="Another plan for the place; repeatable."
)
@click.option("--sensitivity/--no-sensitivity", default=True, help="Also measure by other rules.")
@shared.roads
@shared.buildings
@shared.out
@options.as_of
@options.answer
def status(
    county: Path,
    plan: str | None,
    reported: Path | None,
    graves: Path | None,
    beside: tuple[str, ...],
    sensitivity: bool,
    out: Path | None,
    as_of: str | None,
    language: Any,
    as_json: bool,
    **given: Any,
) -> None:
    """Say of each target of a plan whether it is met, by how much not, and who is not served.

    Exit status 1 where a target is not met, two targets of the plan contradict each other, or one
    could not be judged (said why): what is not known is never taken for met.

    \b
    Examples:
      gazetteer facilities status 石首.gpkg
      gazetteer facilities status 楚溪县.gpkg --plan 规划.toml --as-of 2025-12-31 --out 报告
      gazetteer facilities status 楚溪县.gpkg --plan 规划.toml --beside 专项规划.toml
    """
    from facilities import sources
    from facilities.status import status as measured

    loaded = sources.county(
        county, as_of=as_of, roads=shared.roads_of(given), reported=reported, graves=graves,
        buildings=given["buildings"],
    )  # fmt: skip
    chosen = sources.plan(plan, code=loaded.code)
    found = measured(
        loaded.frames, chosen, outline=loaded.outline, sensitivity=sensitivity,
        beside=[sources.plan(each, code=loaded.code) for each in beside],
    )  # fmt: skip
    paths: tuple[Path, ...] = ()
    if out is not None:
        from maps.facilities import hand_on_status

        paths = hand_on_status(found, out, loaded=loaded, language=language)
    if as_json:
        output.as_json(shared.marked(found.as_json(language), loaded))
    else:
        shared.head(loaded, language)
        shared.tell((*loaded.findings, *found.on_figures), language)
        _print_status(found, language)
        shared.written(paths)
    if not found.all_met:
        raise SystemExit(1)


def _print_status(found: Status, language: Language) -> None:
    from facilities.report import summary
    from facilities.report_screen import lines

    shared.table(summary(found, language), language)
    for line in lines(found, language=language, most=shared.SHOWN):
        click.echo(output.printable(line))


@facilities.command()
@options.county
@shared.kinds
@shared.walk
@shared.people
@click.option(
    "--assigned",
    type=options.path_type,
    help="Service areas: table of division_code and facility, overriding nearest.",
)
@click.option("--capacity", metavar="COLUMN", help="Who finds room: column of places (beds).")
@click.option("--supply", metavar="COLUMN", help="Places per person (2SFCA) of a column (beds).")
@click.option("--plus", type=options.path_type, help="Scenario: facilities that are added.")
@click.option(
    "--without", multiple=True, metavar="ID", help="Scenario: facility closed; repeatable."
)
@click.option("--paths", type=options.path_type, help="Where the ways go (.gpkg, .geojson).")
@shared.roads
@shared.buildings
@shared.out
@options.as_of
@options.answer
def reach(
    county: Path,
    assigned: Path | None,
    capacity: str | None,
    supply: str | None,
    plus: Path | None,
    without: tuple[str, ...],
    out: Path | None,
    as_of: str | None,
    language: Any,
    as_json: bool,
    **given: Any,
) -> None:
    """Say for every place which facility is nearest on foot, how far, and whether in time.

    Nobody is dropped: who is not reached comes with the reason. With --plus or --without the state
    before stands beside the state after.

    \b
    Examples:
      gazetteer facilities reach 楚溪县.gpkg --kind 日间照料中心 --age 60+ --out 报告
      gazetteer facilities reach 楚溪县.gpkg --kind 养老院 --minutes 30 --capacity beds --json
      gazetteer facilities reach 楚溪县.gpkg --kind 养老院 --buildings 房屋.gpkg --crs gcj02
    """
    from facilities import answers, sources

    roads = shared.roads_of(given)
    loaded = sources.county(county, as_of=as_of, roads=roads, buildings=given["buildings"])
    scenario = answers.Scenario(
        plus=None if plus is None else sources.layer(plus, "facilities", crs=given["crs"]),
        without=without,
        assigned={} if assigned is None else sources.assignments(assigned),
        capacity=capacity,
        supply=supply,
    )
    found = answers.served(loaded, _asked(given), scenario=scenario)
    paths = given["paths"]
    if paths is not None:
        _write_paths(found.report, paths, loaded)
    written = () if out is None else _hand_on_reach(found, out, loaded, language)
    if as_json:
        output.as_json(shared.marked(found.as_json(), loaded))
        return
    shared.head(loaded, language)
    shared.tell(found.findings, language)
    _print_reach(found.report, language)
    shared.written((*written, *([paths] if paths else [])))


def _asked(given: Mapping[str, Any]) -> Asked:
    from facilities.answers import Asked

    names = ("words", "minutes", "walker", "speed", "base", "age")
    return Asked(**{name: given[name] for name in names})


def _write_paths(told: ReachReport, path: Path, loaded: Loaded) -> None:
    from facilities.report_reach import ways
    from gazetteer import exchange, release

    released = release.gate({"facilities": loaded.frames.records, "ways": ways(told)})
    exchange.write(released.layers["ways"], path, layer="ways", released=released)


def _hand_on_reach(found: Served, out: Path, loaded: Loaded, language: Any) -> tuple[Path, ...]:
    from facilities.catchments import catchments as drawn
    from maps.facilities import hand_on_reach

    where = found.report.reach.where
    return hand_on_reach(
        found.report,
        out,
        loaded=loaded,
        catchments=drawn(where, minutes=(5, 10, 15)),
        findings=found.findings,
        language=language,
    )


def _print_reach(told: ReachReport, language: Language) -> None:
    from facilities import report_reach
    from facilities.words import said

    click.echo(told.question.say(language))
    click.echo(told.reach.metric.say(language))
    if len(told.reach.frame):
        shared.table(report_reach.people_by_unit(told, language=language), language)
    for line in report_reach.not_checked(told.unanswered, language):
        click.echo(line)
    for title, table in report_reach.further(told, language=language).items():
        click.echo(title)
        shared.table(table, language)
    missed = report_reach.missed_points(told, language=language)
    if len(missed):
        click.echo(said("not_served_said", language, count=len(missed)))
        columns = ["township", "name", "people", "facility", "minutes", "reason"]
        shared.table(missed.head(shared.SHOWN)[columns], language)


@facilities.command()
@options.county
@shared.kinds
@shared.walk
@shared.people
@click.option("--target", metavar="SHARE", help="Share to serve with the fewest sites: 95%.")
@click.option("--budget", type=click.IntRange(min=0), metavar="N", help="Number of new sites.")
@click.option("--least-total", is_flag=True, help="With --budget: least total time, not most.")
@click.option("--capacity", metavar="COLUMN", help="Sites have room for so many (column).")
@click.option("--candidates", type=options.path_type, help="Layer of candidate sites (name).")
@click.option(
    "--seconds",
    type=options.number,
    default=60.0,
    show_default=True,
    help="Time allowed for the proof.",
)
@shared.roads
@shared.buildings
@shared.out
@options.as_of
@options.answer
def site(
    county: Path,
    target: str | None,
    budget: int | None,
    least_total: bool,
    capacity: str | None,
    candidates: Path | None,
    out: Path | None,
    as_of: str | None,
    language: Any,
    as_json: bool,
    **given: Any,
) -> None:
    """Choose where new facilities should stand, with the proven gap to the best answer.

    Existing facilities stay. Without --candidates any village seat may be chosen. Exit status 1
    where the target cannot be met.

    \b
    Examples:
      gazetteer facilities site 楚溪县.gpkg --kind 日间照料中心 --age 60+ --target 60%
      gazetteer facilities site 楚溪县.gpkg --kind 养老院 --budget 3 --candidates 备选.csv
    """
    from facilities import answers, sources

    if (target is None) == (budget is None):
        raise click.UsageError(wording.sentence("Give --target SHARE or --budget N."))
    if target is not None and (least_total or capacity is not None):
        told = "--least-total and --capacity go with --budget N."
        raise click.UsageError(wording.sentence(told))
    wanted = answers.Wanted(
        share=None if target is None else answers.share_of(target),
        budget=budget,
        least_total=least_total,
        capacity=capacity,
        seconds=given["seconds"],
    )
    roads = shared.roads_of(given)
    loaded = sources.county(county, as_of=as_of, roads=roads, buildings=given["buildings"])
    layer = None
    if candidates is not None:
        layer = sources.layer(candidates, "facilities", crs=given["crs"])
    found = answers.sited(loaded, _asked(given), wanted, candidates=layer)
    paths: tuple[Path, ...] = ()
    if out is not None:
        from maps.facilities import hand_on_site

        paths = hand_on_site(found.placement, found.report, out, loaded=loaded, language=language)
    if as_json:
        output.as_json(shared.marked(found.as_json(), loaded))
    else:
        shared.head(loaded, language)
        shared.tell(found.findings, language)
        _print_site(found, language)
        shared.written(paths)
    if any(each.severity != "note" for each in found.placement.siting.findings):
        raise SystemExit(1)


def _print_site(found: Sited, language: Language) -> None:
    from facilities.report_reach import not_checked
    from facilities.report_site import site_said, sites_table

    click.echo(found.report.question.say(language))
    click.echo(found.placement.metric.say(language))
    shared.table(sites_table(found.placement), language)
    click.echo(site_said(found.placement, language=language))
    for line in not_checked(found.report.unanswered, language):
        click.echo(line)


for _command in (facility_checks.catchments, cemeteries, facility_checks.geocode):
    facilities.add_command(_command)

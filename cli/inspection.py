"""`gazetteer inspection`: joint inspections of boundary lines, from due date to open round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from cli import commands, options, output, values, wording
from gazetteer.common.json_values import as_json as plain

today_option = click.option(
    "--today", metavar="DATE", default=lambda: date.today().isoformat(), help="In place of today."
)


@commands.group()
def inspection() -> None:
    """Plan joint inspections (联检): each line by all its sides every five years.

    \b
    Example:
      gazetteer inspection due 石首.gpkg
    """


@inspection.command()
@options.county
@today_option
@click.option("--first-year", type=int, help="First of the five years to spread the lines over.")
@options.json_output
def due(county: Path, today: str, first_year: int | None, as_json: bool) -> None:
    """List lines by the day they are due, and a five-year balance of their lengths.

    Due is five years after the last inspection or, failing that, the agreement. Exit status 1
    where a line is overdue.

    \b
    Example:
      gazetteer inspection due 石首.gpkg --first-year 2027
    """
    from boundaries.inspection.office import planning
    from boundaries.office import records
    from gazetteer.store import County

    with County(county) as opened:
        found = planning.due(records.of_county(opened), today=today, first_year=first_year)
    listed = plain(found[[*DUE, "length_m"]])
    if as_json:
        output.as_json({"lines": listed})
    elif not listed:
        wording.say("No line is on record; `gazetteer import lines` brings them in.")
    else:
        shown = [
            {**row, "due_state": values.called("due_state", row["due_state"])} for row in listed
        ]
        output.table(shown, DUE)
    if (found["due_state"] == "overdue").any():
        raise SystemExit(1)


DUE = output.columns(
    code="Code",
    name="Line",
    last_inspected="Last inspected",
    due_on="Due",
    due_state="State",
    overdue_days="Days overdue",
    planned_year="Year planned",
)


@inspection.command()
@options.county
@click.argument("number")
@click.argument("lines", nargs=-1, required=True)
@click.option("--starts", "starts_on", metavar="DATE", required=True, help="First day.")
@click.option("--ends", "ends_on", metavar="DATE", required=True, help="Last day.")
@click.option("--leading", metavar="CODE", help="Leading side; the lower code where not given.")
@click.option("--side", "sides", multiple=True, metavar="CODE", help="Neighbour; repeatable.")
@click.option(
    "--cause",
    type=options.Word("inspection-cause"),
    default="regular",
    show_default=True,
    help="What has happened.",
)
@click.option("--out", type=options.path_type, help="Where the plan (实施方案) goes (.docx).")
@options.dry_run
@options.answer
def plan(
    county: Path,
    number: str,
    lines: tuple[str, ...],
    out: Path | None,
    language: Any,
    as_json: bool,
    **days: Any,
) -> None:
    """Plan a round over one line or several, and write its plan (实施方案).

    LINES are codes or names. A neighbour that is not in the county file is named by --side.

    \b
    Example:
      gazetteer inspection plan 石首.gpkg 2026-1 421081100101 --starts 2026-03-01 --ends 2026-03-20
    """
    from boundaries.inspection.office import planning
    from boundaries.inspection.papers import programme
    from boundaries.office import records
    from gazetteer import release
    from gazetteer.documents import word
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        known = records.of_county(opened)
        planned = planning.plan(known, number, lines, **days)
        planning.keep(opened, planned, command="inspection plan")
        names = values.names_by_code(opened, "divisions")
    if out is not None:
        told_of = planning.concerned(known, planned)
        blocks = programme.blocks(**told_of, planned=planned, names=names, language=language)
        release.leave(out, word.write(blocks), released=release.gate(told_of))
    tell(planned, names, as_json=as_json)


@inspection.command("open")
@options.county
@click.argument("number")
@options.dry_run
@options.json_output
def open_(county: Path, number: str, as_json: bool) -> None:
    """Open a planned round: the sides go out.

    \b
    Example:
      gazetteer inspection open 石首.gpkg 2026-1
    """
    from boundaries.inspection.office import planning
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        names = values.names_by_code(opened, "divisions")
        done = planning.open_round(opened, number, command="inspection open")
    tell(done, names, as_json=as_json)


@inspection.command()
@options.county
@today_option
@click.option("--out", type=options.path_type, required=True, help="The calendar (.ics).")
def calendar(county: Path, today: str, out: Path) -> None:
    """Write due dates and rounds as a calendar file for any office calendar.

    \b
    Example:
      gazetteer inspection calendar 石首.gpkg --out 联检.ics
    """
    from boundaries.inspection.office import planning
    from boundaries.office import records
    from gazetteer import release
    from gazetteer.store import County

    with County(county) as opened:
        known = records.of_county(opened)
        text = planning.calendar(known, planning.of_county(opened), today=today)
    release.leave(out, text.encode(), released=release.gate({"lines": known.lines}))
    wording.say("{path}: {count} entries", path=out, count=text.count("BEGIN:VEVENT"))


def tell(planned: Any, names: Mapping[str, str], *, as_json: bool) -> None:
    """Print a round; names of its sides by code."""
    if as_json:
        output.as_json(planned)
        return
    wording.say(
        "{number}: {state}, {count} lines, {sides}",
        number=planned.number,
        state=values.called("round_state", planned.state),
        count=len(planned.lines),
        sides=values.listed(values.with_name(each, names) for each in planned.sides),
    )

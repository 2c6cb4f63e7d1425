"""`gazetteer inspection desk` and `network`: what is known before anyone walks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli import commands, options, output, values, wording

today_option = click.option("--today", metavar="DATE", help="In place of today.")


@commands.command()
@options.county
@click.argument("number", required=False)
@click.option("--line", "lines", multiple=True, metavar="CODE", help="Code or name; repeatable.")
@click.option("--since", "day", metavar="DATE", help="Compare with that day, not the last round.")
@click.option(
    "--description", "described", type=options.path_type, help="Route descriptions (.docx, .txt)."
)
@click.option("--features", type=options.path_type, help="Rivers and other named lines of today.")
@click.option("--layer", help="Layer of --features, where it has several.")
@click.option("--out", type=options.path_type, help="Folder for Word, Excel and map.")
@today_option
@options.answer
def desk(
    county: Path,
    number: str | None,
    lines: tuple[str, ...],
    out: Path | None,
    language: Any,
    as_json: bool,
    **asked: Any,
) -> None:
    """Do the desk work (内业) of a round: what to look at before anyone walks.

    Records, agreement and route description of the lines of round NUMBER (or of --line) are read
    against the roads, rivers, names and markers of today, and against those of the last inspection.
    A changed river or road moves no line: it is listed. Exit status 1 where more than notes is
    found.

    \b
    Examples:
      gazetteer inspection desk 石首.gpkg 2026-1 --features 河流.shp --out 内业
      gazetteer inspection desk 石首.gpkg --line 421081100101 --since 2021-05-01
    """
    from boundaries.inspection.office import preparing
    from gazetteer.store import County
    from maps import inspections

    if (number is None) == (not lines):
        told = "Name a round by its NUMBER, or lines by --line."
        raise click.UsageError(wording.sentence(told))
    with County(county) as opened:
        done = preparing.desk_work(opened, number, lines, **asked)
        if out is not None:
            drawn = inspections.of_desk(opened, done.findings, language=language)
    found = [each for findings in done.findings.values() for each in findings]
    if out is not None:
        files = preparing.write_desk_work(done, out, page=drawn.html, language=language)
        if not as_json:
            click.echo("\n".join(str(path) for path in files))
    output.findings(found, language=language, json_wanted=as_json)


@commands.command()
@options.county
@click.argument("out", type=options.path_type)
@click.option("--table", type=options.path_type, help="Both tables as Excel (.xlsx).")
@today_option
@options.answer
def network(
    county: Path, out: Path, table: Path | None, today: str | None, language: Any, as_json: bool
) -> None:
    """Show every line and marker by state, age since the last inspection and year due.

    OUT is the interactive map (.html); the table of lines is printed, both go to --table.

    \b
    Example:
      gazetteer inspection network 石首.gpkg 界线一张图.html --table 界线台账.xlsx
    """
    from boundaries.inspection.office import network as networks
    from boundaries.inspection.office import preparing
    from gazetteer import exchange
    from gazetteer.store import County
    from maps import inspections

    with County(county) as opened:
        found = preparing.whole_network(opened, today=today)
        page = inspections.of_network(opened, found, language=language)
    page.save(out)
    if table is not None:
        exchange.write(found.sheets(language=language), table)
    if as_json:
        output.as_json(found.as_json())
        return
    shown = next(iter(found.sheets(language=wording.language()).values()))
    output.table(shown.to_dict("records"), dict(zip(shown.columns, shown.columns, strict=True)))
    for stored, known in (
        (found.lines["due_state"], networks.DUE),
        (found.markers["marker_state"], networks.MARKERS),
    ):
        counts = ((wording.told(each), int((stored == name).sum())) for name, each in known.items())
        click.echo(values.listed(f"{word} {number}" for word, number in counts if number))
    click.echo(str(out))

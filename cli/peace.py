"""`gazetteer peace`: agreements, meetings and contacts with neighbours, and the scorecard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from cli import commands, options, output, values, wording

Command = Callable[..., Any]
on_date = click.option(
    "--on", "on", metavar="DATE", default=lambda: date.today().isoformat(), help="Day; today."
)
today_option = click.option("--today", metavar="DATE", help="In place of today.")


@commands.group()
def peace() -> None:
    """Peaceful boundaries (平安边界): agreements, meetings, contacts, an office's own scorecard.

    \b
    Example:
      gazetteer peace due 石首.gpkg
    """


def _points(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> dict[str, float]:
    found = {}
    for each in given:
        name, _, number = each.partition("=")
        try:
            found[name] = options.number.convert(number, parameter, context)
        except click.BadParameter as error:
            told = wording.sentence("{given!r} is not ID=POINTS", given=each)
            raise click.BadParameter(told) from error
    return found


def _matter(kind: str, example: str, text: str) -> Command:
    """Return the command that records one kind of matter."""

    def command(
        county: Path, number: str, lines: tuple[str, ...], as_json: bool, **given: Any
    ) -> None:
        from boundaries.peace import recording
        from gazetteer.store import County

        with County(county, writing=True) as opened:
            matter = recording.record(opened, kind, number, lines, **given)  # type: ignore[arg-type]
        if as_json:
            output.as_json(matter)
            return
        told = "{number}: {kind}, {on}, {count} lines"
        if matter.expires:
            told = "{number}: {kind}, {on} until {expires}, {count} lines"
        wording.say(
            told,
            number=matter.number,
            kind=values.called("matter", kind),
            on=matter.on,
            expires=matter.expires,
            count=len(matter.lines),
        )

    command.__doc__ = f"{text}\n\n\b\nExample:\n  {example}\n"
    return command


def _register(kind: str, *, example: str, text: str) -> None:
    made = _matter(kind, example, text)
    wanted = [
        options.county,
        click.argument("number"),
        click.argument("lines", nargs=-1),
        on_date,
        *([click.option("--expires", metavar="DATE", help="Last day; by the profile's years.")]
          if kind == "agreement" else []),
        click.option("--subject", default="", help="What about."),
        click.option("--by", default="", help="Who was there."),
        click.option("--file", type=options.path_type, help="Its paper; name and hash are kept."),
        options.dry_run,
        options.json_output,
    ]  # fmt: skip
    for option in reversed(wanted):
        made = option(made)
    peace.command(kind)(made)


_register(
    "agreement",
    text=(
        "Record an agreement on LINES (codes or names; all where none is named).\n\n"
        "It expires after the years of the office's profile, 3 in the example."
    ),
    example="gazetteer peace agreement 石首.gpkg 协2026-1 421081100101 --on 2026-01-10",
)
_register(
    "meeting",
    text="Record a meeting (联席会议) about LINES (codes or names; all where none is named).",
    example="gazetteer peace meeting 石首.gpkg 会2026-1 421081100101 --on 2026-05-08",
)
_register(
    "contact",
    text="Record a contact about LINES (codes or names; all where none is named).",
    example="gazetteer peace contact 石首.gpkg 联2026-1 421081100101 --on 2026-07-01 --by 民政股",
)


@peace.command("list")
@options.county
@options.json_output
def list_(county: Path, as_json: bool) -> None:
    """List agreements, meetings and contacts.

    \b
    Example:
      gazetteer peace list 石首.gpkg
    """
    from dataclasses import asdict

    from boundaries.peace import recording
    from gazetteer.store import County

    with County(county) as opened:
        rows = [asdict(each) for each in recording.of_county(opened)]
    if as_json:
        output.as_json(rows)
        return
    if not rows:
        wording.say(
            "Nothing is on record; `gazetteer peace agreement`, `meeting` and `contact` do."
        )
        return
    listed = [
        {**row, "kind": values.called("matter", row["kind"]), "lines": len(row["lines"])}
        for row in rows
    ]
    output.table(listed, MATTERS)


MATTERS = output.columns(
    number="Number", kind="Kind", on="Date", expires="Expires", lines="Lines", subject="Matter"
)


@peace.command()
@options.county
@today_option
@options.json_output
def due(county: Path, today: str | None, as_json: bool) -> None:
    """List agreements that run out and contacts and meetings that are due, by line.

    Exit status 1 where something is overdue.

    \b
    Example:
      gazetteer peace due 石首.gpkg
    """
    from boundaries.peace import recording
    from gazetteer.store import County

    with County(county) as opened:
        rows = recording.due_rows(opened, recording.owed(opened, today=recording.today_of(today)))
    output.rows(
        rows,
        DUE_COLUMNS,
        json_wanted=as_json,
        empty="Nothing is due; `gazetteer peace list` lists what is on record.",
    )
    if any(row["state"] == "overdue" for row in rows):
        raise SystemExit(1)


DUE_COLUMNS = output.columns(
    line="Line", name="Name", message="Matter", due_on="Due", days_left="Days left"
)


@peace.command()
@options.county
@click.argument("file", type=options.path_type)
@options.dry_run
def profile(county: Path, file: Path) -> None:
    """Take over the office's own terms and scorecard (TOML) into the county file.

    The example to start from is in the data folder: peace_profile_example.toml.

    \b
    Example:
      gazetteer peace profile 石首.gpkg 平安边界.toml
    """
    from boundaries.peace import recording
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        found = recording.take_over(opened, file)
    most = sum(item.points for item in found.items)
    wording.say(
        "{name}: {count} items, {points:g} points",
        name=found.name,
        count=len(found.items),
        points=most,
    )


@peace.command()
@options.county
@today_option
@click.option("--profile", "path", type=options.path_type, help="A card other than the kept one.")
@click.option(
    "--score",
    "given",
    multiple=True,
    metavar="ID=POINTS",
    callback=_points,
    help="Points of an item counted by hand; repeatable.",
)
@click.option("--out", type=options.path_type, help="The card (.docx or .xlsx).")
@options.answer
def score(
    county: Path,
    today: str | None,
    path: Path | None,
    given: dict[str, float],
    out: Path | None,
    language: Any,
    as_json: bool,
) -> None:
    """Fill the scorecard from the county file: what is counted is told beside the points.

    \b
    Example:
      gazetteer peace score 石首.gpkg --score publicity=8 --out 平安边界评分.docx
    """
    from boundaries.peace import profile, recording
    from boundaries.peace import score as scoring
    from gazetteer.store import County

    chosen = None if path is None else profile.parse(recording.text_of(path), place=path.name)
    with County(county) as opened:
        card = recording.score(opened, today=recording.today_of(today), given=given, profile=chosen)
        place = opened.setting("division_name") or opened.division_code
    if out is not None:
        recording.hand_on(card, out, place=place, language=language)
    if as_json:
        output.as_json(card.as_json())
        return
    header, *rows = scoring.rows(card, language=language)
    columns = {str(at): str(title) for at, title in enumerate(header)}
    output.table([dict(zip(columns, row, strict=True)) for row in rows], columns)
    if not card.profile.confirmed:
        wording.say("This card is an example: it is not confirmed by the office.")

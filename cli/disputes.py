"""`gazetteer disputes`: disputes over boundary lines, from the first step to the agreed line."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from cli import commands, options, output, values, wording
from gazetteer.common.language import Sentence

evidence = click.option(
    "--evidence",
    "papers",
    multiple=True,
    metavar="KIND=FILE",
    callback=options.pairs,
    help="A paper (approval, agreement, certificate, photo ...); its hash is kept; repeatable.",
)
join = click.option(
    "--join",
    "join_m",
    type=options.number,
    default=5.0,
    show_default=True,
    metavar="METRES",
    help="Farthest that the ends may lie from the line.",
)
number = click.argument("number")
on_date = click.option(
    "--on", "on", metavar="DATE", default=lambda: date.today().isoformat(), help="Day; today."
)
at_time = click.option(
    "--at",
    metavar="TIME",
    default=lambda: datetime.now().isoformat(timespec="minutes"),
    help="When: 2026-03-01T08:30; now where not given.",
)


@commands.group()
def disputes() -> None:
    """Disputes over lines (界线争议): claims, area, evidence, steps, the agreed line.

    \b
    Example:
      gazetteer disputes list 石首.gpkg
    """


@disputes.command()
@options.county
@number
@click.argument("line")
@at_time
@click.option("--cause", default="", help="What it arose from.")
@click.option("--neighbour", metavar="CODE", help="The side beyond the county.")
@evidence
@options.dry_run
@options.json_output
def new(county: Path, number: str, line: str, as_json: bool, **given: Any) -> None:
    """Open a dispute over a LINE (code or name).

    A line that nobody agreed on becomes disputed; an agreed one stays in force meanwhile.

    \b
    Example:
      gazetteer disputes new 石首.gpkg 2026-1 421081100101 --at 2026-03-01T08:30 --cause 采砂
    """
    from boundaries.disputes import steps
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        steps.new(opened, number, line, **given)
    _tell(county, number, as_json=as_json)


@disputes.command()
@options.county
@number
@click.argument("file", type=options.path_type)
@click.option("--side", required=True, metavar="CODE", help="The division that claims.")
@click.option("--basis", default="", help="What the claim is based on.")
@on_date
@options.crs
@join
@evidence
@options.dry_run
@options.json_output
def claim(
    county: Path, number: str, file: Path, crs: str | None, as_json: bool, **given: Any
) -> None:
    """Record the claim line (主张线) of a side, from any file with one line.

    It runs from the line in dispute back to it; with both claims the area between them is known.

    \b
    Example:
      gazetteer disputes claim 石首.gpkg 2026-1 甲方主张线.shp --side 421081100 \\
        --basis 1985年协议 --evidence agreement=协议.pdf
    """
    from boundaries.disputes import steps
    from boundaries.office import redrawing
    from gazetteer.store import County

    drawn = redrawing.course(file, crs=crs)
    with County(county, writing=True) as opened:
        steps.claim(opened, number, drawn=drawn, file=file, **given)
    _tell(county, number, as_json=as_json)


@disputes.command()
@options.county
@number
@click.argument("name", metavar="STEP", type=options.Word("dispute-step"))
@at_time
@click.option("--by", default="", help="Who did it.")
@click.option("--note", default="", help="With what result.")
@evidence
@options.dry_run
@options.json_output
def step(
    county: Path,
    number: str,
    name: str,
    at: str,
    by: str,
    note: str,
    papers: Any,
    as_json: bool,
) -> None:
    """Record a STEP with its time.

    In an emergency: contain, scene, report, contact, evidence, calm. In the procedure: negotiate,
    submit, mediate, decide, sign, survey, file, announce.

    \b
    Example:
      gazetteer disputes step 石首.gpkg 2026-1 scene --at 2026-03-01T10:00 --by 民政股
    """
    from boundaries.disputes import steps
    from boundaries.disputes.dispute import Step
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        steps.step(opened, number, Step(name, at, by, note), papers=papers)
    _tell(county, number, as_json=as_json)


@disputes.command()
@options.county
@number
@click.option("--out", type=options.path_type, help="The record (.docx).")
@click.option("--sheet", type=options.path_type, help="The printed sheet (.pdf).")
@click.option("--map", "page", type=options.path_type, help="The interactive map (.html).")
@click.option("--paper", default="A3", show_default=True, help="Of the sheet: A3 or A4.")
@options.answer
def show(
    county: Path,
    number: str,
    out: Path | None,
    sheet: Path | None,
    page: Path | None,
    paper: str,
    language: Any,
    as_json: bool,
) -> None:
    """Show a dispute: claims, area in mu, who and what lies inside, evidence, steps, outcome.

    \b
    Examples:
      gazetteer disputes show 石首.gpkg 2026-1
      gazetteer disputes show 石首.gpkg 2026-1 --out 争议.docx --sheet 争议图.pdf --map 争议.html
    """
    from gazetteer.store import County
    from maps import disputes as shown

    with County(county) as opened:
        answer = shown.answer(opened, number)
        leaving = shown.of_county(opened, number) if out or sheet or page else None
        lines = values.names_by_code(opened, "lines")
    if leaving is not None:
        _leave(leaving, out=out, sheet=sheet, page=page, paper=paper, language=language)
    _print(answer, lines, as_json=as_json)


def _leave(
    dispute: Any,
    *,
    out: Path | None,
    sheet: Path | None,
    page: Path | None,
    paper: str,
    language: Any,
) -> None:
    from gazetteer import release
    from maps import disputes as shown
    from maps.print import Edition

    if out is not None:
        content = shown.document(dispute, language=language)
        release.leave(out, content, released=dispute.released)
    if sheet is not None:
        notice = dispute.notice.say(language)
        edition = Edition(paper=paper, language=language, notice=notice, released=dispute.released)
        shown.sheet(dispute, edition=edition).save(sheet)
    if page is not None:
        shown.page(dispute, language=language).save(page)


@disputes.command()
@options.county
@number
@click.option("--agreed", type=options.path_type, help="File with the agreed line.")
@click.option("--document", default="", help="The agreement or decision that it rests on.")
@click.option("--note", default="", help="Remark.")
@on_date
@options.crs
@join
@evidence
@options.dry_run
@options.json_output
def close(
    county: Path,
    number: str,
    agreed: Path | None,
    document: str,
    crs: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Settle a dispute by an agreed line, which takes the old one's place for both neighbours.

    Line and polygons get a new version from the day on, in one transaction.

    \b
    Example:
      gazetteer disputes close 石首.gpkg 2026-1 --agreed 协议线.shp --document 石界协〔2026〕1号
    """
    from boundaries.disputes import steps
    from boundaries.office import redrawing
    from gazetteer.common.errors import InputError
    from gazetteer.store import County

    if agreed is None:
        msg = Sentence("dispute {number!r} has no outcome to be closed with", number=number)
        raise InputError(msg, remedy=Sentence("Give the agreed line: --agreed FILE."))
    course = redrawing.course(agreed, crs=crs)
    with County(county, writing=True) as opened:
        steps.close(opened, number, agreed=course, document=document, file=agreed, **given)
    _tell(county, number, as_json=as_json)


@disputes.command("list")
@options.county
@options.json_output
def list_(county: Path, as_json: bool) -> None:
    """List the disputes with their state and area.

    \b
    Example:
      gazetteer disputes list 石首.gpkg
    """
    from boundaries.disputes import steps
    from gazetteer.store import County

    with County(county) as opened:
        rows = steps.listed(opened)
        names = values.names_by_code(opened, "lines")
    shown = [
        {
            **each,
            "line": values.with_name(each["line"], names),
            "state": values.called("dispute_state", each["state"]),
            "at": each["at"].replace("T", " "),
        }
        for each in rows
    ]
    output.rows(
        rows,
        DISPUTES,
        json_wanted=as_json,
        shown=shown,
        empty="No line is in dispute; `gazetteer disputes new` opens one.",
    )


DISPUTES = output.columns(
    number="Number",
    line="Line",
    state="State",
    at="Arose",
    area_mu="Area (mu)",
    cause="Cause",
)


def _tell(county: Path, number: str, *, as_json: bool) -> None:
    from gazetteer.store import County
    from maps import disputes as shown

    with County(county) as opened:
        answer = shown.answer(opened, number)
        lines = values.names_by_code(opened, "lines")
    _print(answer, lines, as_json=as_json)


def _print(dispute: dict[str, Any], lines: dict[str, str], *, as_json: bool) -> None:
    """Print a dispute for scripts or for people."""
    if as_json:
        output.as_json(dispute)
        return
    colours = {
        each["code"]: f"{each['name']} ({values.called('claim_colour', each['colour'])})"
        for each in dispute["sides"]
    }
    wording.say(
        "{number}: {state}, {line}, {sides}",
        number=dispute["number"],
        state=values.called("dispute_state", dispute["state"]),
        line=values.with_name(dispute["line"], lines),
        sides=values.listed(colours.values()),
    )
    for each in dispute["claims"]:
        wording.say(
            "  {side}: claim of {length:.1f} m, {on}",
            side=colours[each["side"]],
            length=each["length_m"],
            on=each["on"],
        )
    _print_ground(dispute)
    for each in dispute["steps"]:
        title = values.dispute_step(each["step"])
        words = f"  {each['at'].replace('T', ' ')}  {title}  {each['by']}  {each['note']}"
        click.echo(output.printable(words.rstrip()))
    if dispute["outcome"]:
        _print_outcome(dispute["outcome"], dispute["sides"])


def _print_ground(dispute: dict[str, Any]) -> None:
    """Print the area between both claims, and who and what lies in it."""
    if dispute["faces"]:
        wording.say(
            "  area {area:.2f} mu ({square:.1f} m2), {count} faces",
            area=dispute["area_mu"],
            square=dispute["area_m2"],
            count=len(dispute["faces"]),
        )
    if inside := dispute["inside"]:
        kinds = ("villages", "names", "facilities", "roads", "markers")
        counts = {key: len(inside[key]) for key in kinds}
        wording.say("  inside: {counts}", counts=values.counted(counts, field="dispute_inside"))
        if inside["people"] is not None:
            wording.say("  about {people:.0f} people live there", people=inside["people"])


def _print_outcome(end: dict[str, Any], sides: list[dict[str, str]]) -> None:
    names = {each["code"]: each["name"] for each in sides}
    wording.say(
        "  agreed {document} {on}; changed: {changed}",
        document=end["document"],
        on=end["on"],
        changed=values.listed(end["changed"]) or wording.word("no polygons"),
    )
    for each in end["pieces"]:
        wording.say(
            "  {giver} to {taker}: {area:.1f} m2, to be confirmed",
            giver=values.with_name(each["from"], names),
            taker=values.with_name(each["to"], names),
            area=each["area_m2"],
        )
    if end["markers_off"]:
        markers = values.listed(end["markers_off"])
        wording.say("  markers to be set anew: {markers}", markers=markers)

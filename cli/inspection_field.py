"""`gazetteer inspection`: out to the field and back, both sides compared, agreed, sealed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, remembering, values, wording
from cli.inspection import tell, today_option
from gazetteer.common.json_values import as_json as plain

if TYPE_CHECKING:
    from boundaries.inspection.round.compare import Difference
    from boundaries.inspection.round.state import RoundState

WORK = ["re-erect", "repair", "repaint", "resurvey", "remove"]
number_argument = click.argument("number", metavar="ROUND")
side_option = click.option("--side", required=True, metavar="CODE", help="Code of the side.")


@commands.command(once={"": remembering.HANDED_OUT})
@options.county
@number_argument
@side_option
@click.argument("out", type=options.path_type)
@click.option("--font", type=options.path_type, help="Font file of the booklet.")
@options.answer
def bundle(
    county: Path,
    number: str,
    side: str,
    out: Path,
    font: Path | None,
    language: Any,
    as_json: bool,
) -> None:
    """Write what a side takes to the field to the folder OUT, through the release gate.

    A GeoPackage with forms and lists of values for QField and QGIS, its project, an Excel form, a
    booklet (PDF) with a page a marker, and a manifest of hashes.

    \b
    Example:
      gazetteer inspection bundle 石首.gpkg 2026-1 --side 421081 发出/石首
    """
    from boundaries.inspection.field import bundle as bundles
    from boundaries.inspection.office import planning
    from boundaries.office import records
    from gazetteer.store import County
    from maps import inspection_forms
    from maps.print import booklet

    with County(county) as opened:
        known = records.of_county(opened)
        state = planning.state_of(opened, number, records=known)
        handed = bundles.of_round(state, known, side=side, county=opened.division_code)
        last = planning.last_photos(opened, before=number)
    further = {
        ".qgz": inspection_forms.project(f"{handed.stem}.gpkg", language=language),
        "-手册.pdf": booklet.pdf(handed, state, known, photos=last, font=font, language=language),
    }
    styles = inspection_forms.styles(language=language)
    files = bundles.write(handed, out, styles=styles, further=further)
    counts = {layer: len(rows) for layer, rows in handed.base.items()}
    if as_json:
        output.as_json({**handed.meta, "files": [str(each) for each in files], "records": counts})
        return
    click.echo("\n".join(str(each) for each in files))
    told = (f"{values.layer(layer)} {count}" for layer, count in counts.items() if count)
    click.echo(values.listed(told))


@commands.command()
@options.county
@number_argument
@side_option
@click.argument("files", nargs=-1, required=True, type=options.path_type)
@today_option
@options.dry_run
@options.answer
def receive(
    county: Path,
    number: str,
    side: str,
    files: tuple[Path, ...],
    today: str,
    language: Any,
    as_json: bool,
) -> None:
    """Receive from a side: forms (GeoPackage, Excel), GPX tracks, photos, folders or zips of them.

    As often and in whatever order they come; nothing received is overwritten, a file received
    before changes nothing. Exit status 1 where a file was refused, 2 where all were.

    \b
    Example:
      gazetteer inspection receive 石首.gpkg 2026-1 --side 421083 收到/公安.zip
    """
    from boundaries.inspection.office import incoming, receiving
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        came = receiving.receive(opened, number, files, side=side, today=today)
    counts = receiving.counts(came)
    if as_json:
        listed = plain(came, language=language)
        output.as_json({"round": number, "side": side, **counts, "files": listed})
    else:
        for each in came:
            if each.state != incoming.ACCEPTED or each.notes or each.kind != "photo":
                wording.say(
                    "{state}  {file} ({count} records)  {notes}",
                    state=values.called("receipt_state", each.state),
                    file=each.file,
                    count=each.held,
                    notes=values.listed(note.say(language) for note in each.notes),
                )
        wording.say("{counts}", counts=values.counted(counts, field="receipt_state"))
    if counts["refused"]:
        raise SystemExit(1)


@commands.command()
@options.county
@number_argument
@options.dry_run
@options.answer
def compare(county: Path, number: str, language: Any, as_json: bool) -> None:
    """Compare what the sides brought with what was handed out, and tell what the round finds.

    Exit status 1 while something is to be agreed on, or where a finding is more than a note. Once
    nothing is open the round waits for the seals (待盖章).

    \b
    Example:
      gazetteer inspection compare 石首.gpkg 2026-1 --json
    """
    from boundaries.inspection.office import confirming
    from gazetteer.common.findings import failed
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        state = confirming.compared(opened, number)
    if as_json:
        output.as_json(comparison_as_json(state, language=language))
    else:
        _print_comparison(state, language=language)
    if not state.comparison.settled or failed(state.findings):
        raise SystemExit(1)


def comparison_as_json(state: RoundState, *, language: Any) -> dict[str, Any]:
    """Return the object that scripts rely on."""
    from boundaries.inspection.round.handed_out import plain
    from gazetteer.common.findings import summary

    comparison = state.comparison
    return {
        "round": state.round.number,
        "state": state.round.state,
        "sides": dict(state.sides),
        "agreed": [{"key": key, **plain(each)} for key, each in comparison.agreed.items()],
        "differing": [_difference(each, language=language) for each in comparison.differing],
        "conflicts": [_difference(each, language=language) for each in comparison.conflicts],
        "missing": [
            {"key": key, "sides": list(sides)} for key, sides in comparison.missing.items()
        ],
        "findings": [each.as_json(language) for each in state.findings],
        "summary": summary(state.findings),
    }


def _difference(each: Difference, *, language: Any) -> dict[str, Any]:
    from boundaries.inspection.round.handed_out import jsonable

    return {
        "key": each.key,
        "field": each.field,
        "base": jsonable(each.base),
        "a": jsonable(each.a),
        "b": jsonable(each.b),
        "sides": jsonable(each.told),
        "evidence": {side: list(evidence) for side, evidence in each.evidence.items()},
        "message": each.message.say(language),
    }


def _print_comparison(state: RoundState, *, language: Any) -> None:
    from gazetteer.common.findings import summary

    comparison = state.comparison
    for each in comparison.differing[: output.LISTED]:
        wording.say("differs  {message}", message=each.message.say(language))
    for each in comparison.conflicts[: output.LISTED]:
        wording.say("conflict  {message}", message=each.message.say(language))
    for side, name in state.sides.items():
        silent = [key for key, sides in comparison.missing.items() if side in sides]
        if silent:
            wording.say(
                "missing  {side}: {count} ({shown})",
                side=f"{name} {side}",
                count=len(silent),
                shown=values.listed(silent[:5]) + ("…" if len(silent) > 5 else ""),
            )
    for finding in state.findings[: output.LISTED]:
        message = output.printable(finding.message.say(language))
        click.echo(f"{output.severity(finding.severity.value)} {message}")
    wording.say(
        "{number} {state}: {agreed} agreed, {differing} differing, {conflicts} conflicts, "
        "{missing} missing, {findings} findings",
        number=state.round.number,
        state=values.called("round_state", state.round.state),
        agreed=len(comparison.agreed),
        differing=len(comparison.differing),
        conflicts=len(comparison.conflicts),
        missing=len(comparison.missing),
        findings=summary(state.findings)["total"],
    )


@commands.command()
@options.county
@number_argument
@click.argument("key")
@click.argument("field")
@click.argument("value")
@click.option("--by", multiple=True, required=True, metavar="CODE", help="A side; each of them.")
@click.option("--note", default="", help="Why, or where it is written down.")
@options.on_day
@options.dry_run
@options.json_output
def agree(
    county: Path,
    number: str,
    key: str,
    field: str,
    value: str,
    by: tuple[str, ...],
    note: str,
    on: str | None,
    as_json: bool,
) -> None:
    """Record what the sides have agreed on about one difference; it is their decision, an event.

    FIELD and VALUE as in the forms. `record` with the code of a side lets that side's record
    stand (KEY `*`: all that the others are silent about), `record none` neither; `number
    SIDE=NUMBER` gives a side's new marker another number.

    \b
    Examples:
      gazetteer inspection agree 石首.gpkg 2026-1 421081083003Q state lost --by 421081 --by 421083
      gazetteer inspection agree 石首.gpkg 2026-1 421081083009Q number 421083=421081083010Q ...
    """
    from boundaries.inspection.office import agreeing
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        done = agreeing.agree(opened, number, key, field, value, by=by, on=on, note=note)
        names = values.names_by_code(opened, "divisions")
    if as_json:
        output.as_json(done)
        return
    wording.say(
        "{key} {field}: {value} ({sides}, {on})",
        key=done.key,
        field=values.field(done.field),
        value=values.called("marker_state", done.value),
        sides=values.listed(values.with_name(each, names) for each in done.by),
        on=done.on,
    )


@commands.command()
@options.county
@number_argument
@click.argument("kind", type=options.Choice(WORK, "inspection-work"))
@click.argument("key")
@click.option("--present", multiple=True, metavar="CODE", help="A side present; each of them.")
@click.option("--at", metavar="LON,LAT", help="Where it was set, measured.")
@click.option("--note", default="", help="What was done.")
@options.on_day
@options.dry_run
@options.json_output
def step(
    county: Path,
    number: str,
    kind: str,
    key: str,
    present: tuple[str, ...],
    at: str | None,
    note: str,
    on: str | None,
    as_json: bool,
) -> None:
    """Record work that needs the other side present: re-erection, repair, 修测, removal.

    A marker is re-erected at its agreed position; farther than a metre off it is refused.

    \b
    Example:
      gazetteer inspection step 石首.gpkg 2026-1 re-erect 421081083003Q --present 421081 \\
        --present 421083 --on 2026-03-18
    """
    from boundaries.inspection.office import agreeing
    from boundaries.inspection.round.state import Step
    from gazetteer.store import County

    lon, lat = options.position(at)
    given = Step(kind=kind, key=key, on=on or "", present=present, lon=lon, lat=lat, note=note)
    with County(county, writing=True) as opened:
        done = agreeing.step(opened, number, given)
        names = values.names_by_code(opened, "divisions")
    if as_json:
        output.as_json(done)
        return
    wording.say(
        "{work} {key}: {on}, present {sides}",
        work=values.called("inspection_step", done.kind),
        key=done.key,
        on=done.on,
        sides=values.listed(values.with_name(each, names) for each in done.present),
    )


@commands.command()
@options.county
@number_argument
@click.option("--sheet", type=options.path_type, required=True, help="The scan (PDF or image).")
@click.option("--side", "sides", multiple=True, required=True, metavar="CODE", help="Whose seal.")
@options.on_day
@options.dry_run
@options.json_output
def confirm(
    county: Path, number: str, sheet: Path, sides: tuple[str, ...], on: str | None, as_json: bool
) -> None:
    """Take in the scanned sheet signed and sealed by the sides; it is kept by its hash.

    Until every side has sealed the round is 待盖章. With the last seal it enters the county file:
    day of inspection, states of markers, reference objects, new markers, findings, as one event.

    \b
    Example:
      gazetteer inspection confirm 石首.gpkg 2026-1 --sheet 确认表.pdf --side 421081 --side 421083
    """
    from boundaries.inspection.office import confirming
    from gazetteer.store import County

    with County(county, writing=True) as opened:
        done = confirming.confirm(opened, number, sheet=sheet, sides=sides, on=on)
        names = values.names_by_code(opened, "divisions")
    tell(done, names, as_json=as_json)


COMMANDS = (bundle, receive, compare, agree, step, confirm)

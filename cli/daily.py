"""Daily care of a county file: `history`, `undo`, `diff`, `merge`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from cli import commands, options, output
from gazetteer.common.language import Sentence

LISTED = 40


@commands.command()
@options.county
@click.argument("called", metavar="ID|CODE|NAME")
@options.json_output
def history(county: Path, called: str, as_json: bool) -> None:
    """Tell everything that was ever done to a thing and its names, and by whom.

    \b
    Example:
      gazetteer history 石首.gpkg 421081101
    """
    from gazetteer.store import County, actors, tracing

    with County(county) as opened:
        steps = tracing.history(opened, called)
    if as_json:
        output.as_json(steps)
        return
    for step in steps:
        reason = f" ({step['reason']})" if step["reason"] else ""
        head = f"{step['event']} {step['at']} {actors.who(step)}: {step['command']}{reason}"
        click.echo(output.printable(f"{head} - {step['table']} {step['id']} {step['what']}"))
        for field, (before, after) in step["fields"].items():
            click.echo(f"    {field}: {_short(before)} -> {_short(after)}")


@commands.command()
@options.county
@click.argument("event", type=int)
@click.option("--reason", help="Why, for the log.")
@options.json_output
def undo(county: Path, event: int, reason: str | None, as_json: bool) -> None:
    """Take back what one event did, by a further event; `log show` has the numbers.

    Refused when later events changed the same rows; they are named.

    \b
    Example:
      gazetteer undo 石首.gpkg 17 --reason 导错了文件
    """
    from gazetteer.office.names.readings import sounding
    from gazetteer.store import County, undoing

    with County(county, writing=True) as opened:
        done = undoing.undo(opened, event, reason=reason, sounding=sounding)
    if as_json:
        output.as_json(done)
        return
    click.echo(
        f"event {event} undone by event {done.event}: {done.withdrawn} rows withdrawn, "
        f"{done.restored} as before, {done.brought_back} brought back"
    )


@commands.command()
@click.argument("one", metavar="A", type=options.path_type)
@click.argument("other", metavar="[B]", type=options.path_type, required=False)
@click.option("--as-of", "days", metavar="DATE[..DATE]", help="In force then (today without it).")
@click.option(
    "--known-at",
    "moments",
    metavar="MOMENT[..MOMENT]",
    help="As known then: a day, a moment, or the number of an event (now without it).",
)
@options.json_output
def diff(
    one: Path, other: Path | None, days: str | None, moments: str | None, as_json: bool
) -> None:
    """Compare two county files, or one at two dates, by codes and names, not by row numbers.

    \b
    Examples:
      gazetteer diff 石首.gpkg 石首-张.gpkg
      gazetteer diff 石首.gpkg --as-of 2025-01-01..2026-01-01
      gazetteer diff 石首.gpkg --known-at 17..20
    """
    from gazetteer.store import County, comparing

    if other is None and not any(".." in (given or "") for given in (days, moments)):
        raise click.UsageError("Give two files, or two dates (--as-of A..B or --known-at A..B).")
    (day, later_day), (moment, later) = _pair(days), _pair(moments)
    with County(one) as first, County(other or one) as second:
        before = comparing.state(first, as_of=day, known_at=moment)
        after = comparing.state(second, as_of=later_day, known_at=later)
    found = [*comparing.differences(before, after)]
    if as_json:
        output.as_json(found)
        return
    for each in found:
        click.echo(output.printable(f"{each.what:8}{each.table} {each.key}"))
        for field, (left, right) in each.fields.items() if each.what == "changed" else ():
            click.echo(f"    {field}: {_short(left)} -> {_short(right)}")
    click.echo(f"{len(found)} differences")


def _pair(given: str | None) -> tuple[str | None, str | None]:
    """Return both sides of ``A..B``; a single value holds for both, an empty side is now."""
    if given is None or ".." not in given:
        return given, given
    one, _, other = given.partition("..")
    return one or None, other or None


@commands.command()
@options.county
@click.argument("colleague", type=options.path_type)
@click.option(
    "--base", type=options.path_type, help="The file both began with; the logs tell without it."
)
@click.option(
    "--conflicts", "out", type=options.path_type, help="Where conflicts go (.xlsx or .json)."
)
@click.option(
    "--decided", type=options.path_type, help="Conflicts file in which 取舍 says mine or theirs."
)
@options.json_output
def merge(
    county: Path,
    colleague: Path,
    base: Path | None,
    out: Path | None,
    decided: Path | None,
    as_json: bool,
) -> None:
    """Bring in what a colleague did on a copy; status 1 where something is left to decide.

    What only the colleague changed lands in one event. A row that both changed, or a thing that
    both made, stays as it is and goes side by side into the conflicts file; write mine or theirs
    into its column 取舍 and give it as --decided.

    \b
    Examples:
      gazetteer merge 石首.gpkg 石首-张.gpkg --base 石首-0330.gpkg
      gazetteer merge 石首.gpkg 石首-张.gpkg --decided 石首-冲突.xlsx
    """
    from gazetteer.office.county import conflicts
    from gazetteer.store import County, merging

    chosen = conflicts.decisions(decided) if decided else {}
    with County(colleague) as theirs, County(county, writing=True) as ours:
        merged = merging.merge(ours, theirs, base=base, decisions=chosen)
        marked = ours.marked()
    where = None
    if merged.conflicts:
        beside = out or county.with_name(f"{county.stem}-冲突.xlsx")
        where = conflicts.write(merged.conflicts, beside, marked=marked)
    if as_json:
        output.as_json({**asdict(merged), "conflicts_file": where})
    else:
        click.echo(
            f"{county}: {merged.inserted} rows new, {merged.updated} changed, {merged.removed} "
            f"removed, {merged.agreed} alike already, {len(merged.conflicts)} conflicts"
        )
        for each in merged.conflicts[:LISTED]:
            click.echo(output.printable(f"  {each.why}: {each.table} {each.subject} {each.note}"))
        if where:
            click.echo(f"  to decide: {where}")
    if merged.conflicts:
        raise SystemExit(1)


@commands.command("form")
@options.county
@click.argument("file", type=options.path_type)
@click.option("--dry-run", is_flag=True, help="Only show what would be changed.")
@click.option("--rejects", type=options.path_type, help="Where rows go that were not applied.")
@options.answer
def import_form(
    county: Path,
    file: Path,
    dry_run: bool,
    rejects: Path | None,
    language: Any,
    as_json: bool,
) -> None:
    """Take back an edited form: show before and after, apply it, refuse rows changed since.

    \b
    Examples:
      gazetteer export 石首.gpkg names 表单.xlsx --form
      gazetteer import form 石首.gpkg 表单.xlsx --dry-run
    """
    from gazetteer import exchange
    from gazetteer.office.county import edited
    from gazetteer.office.names.completing import complete
    from gazetteer.store import County

    with County(county, writing=not dry_run) as opened:
        back = edited.bring_back(opened, file, apply=not dry_run)
        if not dry_run:
            complete(opened)
    where = None
    if len(back.rejects) and not dry_run:
        where = rejects or county.with_name(f"{county.stem}-{file.stem}-rejects.xlsx")
        where = exchange.write_rejects(back.rejects, where, language=language)
    counts = {state: back.count(state) for state in ("applied", "stale", "refused")}
    if as_json:
        edits = [each.as_json() for each in back.edits]
        answer = {"layer": back.layer, "read": back.read, **counts, "edits": edits}
        output.as_json(answer | {"rejects_file": None if where is None else str(where)})
        return
    for each in back.edits:
        why = f" - {each.reason.say(language)}" if each.reason else ""
        click.echo(output.printable(f"row {each.row} {each.name}: {each.state}{why}"))
        for field, (before, after) in each.fields.items():
            click.echo(f"    {field}: {_short(before)} -> {_short(after)}")
    click.echo(
        f"{back.read} rows read, " + ", ".join(f"{n} {state}" for state, n in counts.items())
    )
    if where:
        click.echo(f"  rows not applied, with their reasons: {where}")


@commands.command()
@options.county
@click.option("--accept", "accepted", multiple=True, metavar="KEY", help="Merge this pair.")
@click.option("--reject", "rejected", multiple=True, metavar="KEY", help="Never propose it again.")
@click.option(
    "--accept-from", "least", type=options.number, metavar="SCORE", help="Merge all from there on."
)
@options.json_output
def duplicates(
    county: Path,
    accepted: tuple[str, ...],
    rejected: tuple[str, ...],
    least: float | None,
    as_json: bool,
) -> None:
    """Propose places that are likely one; merge those accepted, as one event that can be undone.

    Without decisions it only lists. Stop at any time: what was decided is not proposed again.

    \b
    Examples:
      gazetteer names duplicates 石首.gpkg
      gazetteer names duplicates 石首.gpkg --reject 3f0c9a12b4de --accept-from 0.9
    """
    from gazetteer.common.errors import UnknownError
    from gazetteer.office.names import duplicates
    from gazetteer.store import County

    deciding = bool(accepted or rejected or least is not None)
    with County(county, writing=deciding) as opened:
        found = duplicates.proposals(opened)
        unknown = {*accepted, *rejected} - {each.key for each in found}
        if unknown:
            raise UnknownError(
                Sentence("no proposal {key!r}", key=min(unknown)),
                remedy=Sentence("List them without options."),
            )
        if rejected:
            duplicates.reject(opened, rejected)
        bar = float("inf") if least is None else least
        taken = [
            each
            for each in found
            if each.key not in rejected and (each.key in accepted or each.score >= bar)
        ]
        merged = duplicates.accept(opened, taken)
        proposed = duplicates.as_json(opened, duplicates.proposals(opened) if deciding else found)
    if as_json:
        output.as_json({"merged": merged, "proposals": proposed})
        return
    columns = {"key": "key", "kept_name": "留", "dropped_name": "并入", "reason": "理由"}
    output.table(proposed[:LISTED], {**columns, "score": "分"})
    click.echo(
        f"{merged} merged, {len(proposed)} proposals"
        + (", the first shown" * (len(proposed) > LISTED))
    )


def _short(value: Any) -> str:
    text = output.printable(str(value))
    return text if len(text) <= LISTED else f"{text[:LISTED]}…"

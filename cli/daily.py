"""Daily care of a county file: `history`, `undo`, `diff`, `merge`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from cli import commands, options, output, values, wording
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
        names = {} if as_json else tracing.names_of(opened, _pointed_at(steps))
    if as_json:
        output.as_json(steps)
        return
    for step in steps:
        wording.say(
            "{event} {at} {who}: {command}{reason} - {layer} {name} {what}",
            event=step["event"],
            at=values.moment(step["at"]),
            who=values.called("actor", actors.who(step)),
            command=values.command(step["command"]),
            reason=f" ({step['reason']})" if step["reason"] else "",
            layer=values.layer(step["table"]),
            name=names.get(step["id"], ""),
            what=values.called("difference", step["what"]),
        )
        _tell_fields(step["table"], step["fields"], names)


INWARD = frozenset({"key", "row_version", "pinyin", "initials", "event", "fid"})
"""Columns that are of no use to people."""


def _pointed_at(steps: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the ids of the rows, and those to which their fields point."""
    both = (
        side
        for step in steps
        for field, sides in step["fields"].items()
        if field.endswith("_id")
        for side in sides
    )
    return {str(step["id"]) for step in steps} | {str(each) for each in both if each}


def _tell_fields(table: str, fields: Mapping[str, Sequence[Any]], names: Mapping[str, str]) -> None:
    """Print what differs, a field a line; one that was or became empty shows the other side."""
    for field, (before, after) in fields.items():
        if field in INWARD:
            continue
        old, new = (_short(values.of_table(table, field, each, names)) for each in (before, after))
        if before is None:
            wording.say("    {field}: {new}", field=values.field(field), new=new)
        elif field == "geom":
            wording.say("    {field}: drawn anew", field=values.field(field))
        else:
            wording.say("    {field}: {old} -> {new}", field=values.field(field), old=old, new=new)


@commands.command()
@options.county
@click.argument("event", type=int)
@click.option("--reason", help="Why, for the log.")
@options.dry_run
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
    wording.say(
        "event {event} undone by event {by}: {withdrawn} rows withdrawn, {restored} as before, "
        "{brought_back} brought back",
        event=event,
        by=done.event,
        withdrawn=done.withdrawn,
        restored=done.restored,
        brought_back=done.brought_back,
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
        told = "Give two files, or two dates (--as-of A..B or --known-at A..B)."
        raise click.UsageError(wording.sentence(told))
    (day, later_day), (moment, later) = _pair(days), _pair(moments)
    with County(one) as first, County(other or one) as second:
        before = comparing.state(first, as_of=day, known_at=moment)
        after = comparing.state(second, as_of=later_day, known_at=later)
        names = values.names_by_code(second, "lines") | values.names_by_code(second, "divisions")
    found = [*comparing.differences(before, after)]
    if as_json:
        output.as_json(found)
        return
    for each in found:
        wording.say(
            "{what}  {layer} {key}",
            what=values.called("difference", each.what),
            layer=values.layer(each.table),
            key=values.key(each.key, names),
        )
        if each.what == "changed":
            _tell_fields(each.table, each.fields, {})
    if not found:
        wording.say("Nothing differs. `gazetteer log show` lists what was done, and when.")
        return
    wording.say("{count} differences", count=len(found))


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
@options.dry_run
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
        wording.say(
            "{path}: {inserted} rows new, {updated} changed, {removed} removed, {agreed} alike "
            "already, {conflicts} conflicts",
            path=county,
            inserted=merged.inserted,
            updated=merged.updated,
            removed=merged.removed,
            agreed=merged.agreed,
            conflicts=len(merged.conflicts),
        )
        for each in merged.conflicts[:LISTED]:
            wording.say(
                "  {why}: {layer} {subject} {note}",
                why=values.called("difference", each.why),
                layer=values.layer(each.table),
                subject=values.key(each.subject),
                note=each.note,
            )
        if where:
            wording.say("  to decide: {path}", path=where)
    if merged.conflicts:
        raise SystemExit(1)


@commands.command("form")
@options.county
@click.argument("file", type=options.path_type)
@options.dry_run
@click.option("--rejects", type=options.path_type, help="Where rows go that were not applied.")
@options.answer
def import_form(
    county: Path,
    file: Path,
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

    with County(county, writing=True) as opened:
        back = edited.bring_back(opened, file)
        complete(opened)
    where = None
    if len(back.rejects):
        where = rejects or county.with_name(f"{county.stem}-{file.stem}-rejects.xlsx")
        where = exchange.write_rejects(back.rejects, where, language=language)
    counts = {state: back.count(state) for state in ("applied", "stale", "refused")}
    if as_json:
        edits = [each.as_json() for each in back.edits]
        answer = {"layer": back.layer, "read": back.read, **counts, "edits": edits}
        output.as_json(answer | {"rejects_file": None if where is None else str(where)})
        return
    for each in back.edits:
        wording.say(
            "row {row} {name}: {state}{why}",
            row=each.row,
            name=each.name,
            state=values.called("form_state", each.state),
            why=f" - {each.reason.say(language)}" if each.reason else "",
        )
        _tell_fields(back.layer, each.fields, {})
    told = values.counted(counts, field="form_state")
    wording.say("{count} rows read, {counts}", count=back.read, counts=told)
    if where:
        wording.say("  rows not applied, with their reasons: {path}", path=where)


@commands.command()
@options.county
@click.option("--accept", "accepted", multiple=True, metavar="KEY", help="Merge this pair.")
@click.option("--reject", "rejected", multiple=True, metavar="KEY", help="Never propose it again.")
@click.option(
    "--accept-from", "least", type=options.number, metavar="SCORE", help="Merge all from there on."
)
@options.dry_run
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
    _tell_duplicates(proposed, merged)


DUPLICATES = output.columns(
    key="Key", kept_name="Kept", dropped_name="Merged into it", reason="Reason", score="Score"
)


def _tell_duplicates(proposed: Sequence[Mapping[str, Any]], merged: int) -> None:
    if proposed:
        rows = [{**each, "score": values.share(each["score"])} for each in proposed[:LISTED]]
        output.table(rows, DUPLICATES)
    told = "{merged} merged, {proposals} proposals"
    if len(proposed) > LISTED:
        told = "{merged} merged, {proposals} proposals, the first shown"
    wording.say(told, merged=merged, proposals=len(proposed))


def _short(value: Any) -> str:
    text = output.printable(str(value))
    return text if len(text) <= LISTED else f"{text[:LISTED]}…"

"""`gazetteer names repairs`: dirty names listed with candidates, decided, corrected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli import commands, options, output, remembering, values, wording

if TYPE_CHECKING:
    from gazetteer.common.markings import Marked
    from gazetteer.office.names.repairs import Dirty

LISTED = 40


@commands.command(once={"": remembering.HANDED_OUT})
@click.argument("items", nargs=-1, metavar="[COUNTY] [NAME]...")
@options.batch
@click.option(
    "--known",
    "known",
    multiple=True,
    type=options.path_type,
    metavar="FILE",
    help="Division list of another year: candidates come from the same code; repeatable.",
)
@click.option("--accept", is_flag=True, help="Carry out every certain correction.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="Only that kind of them; repeatable."
)
@click.option("--out", type=options.path_type, help="Write the list as Excel, to decide in it.")
@click.option("--decided", type=options.path_type, help="Carry out what such a list decides.")
@click.option("--reason", help="Why, for the log.")
@options.dry_run
@options.json_output
def repairs(
    items: tuple[str, ...],
    batch: TextIO | None,
    known: tuple[Path, ...],
    accept: bool,
    kinds: tuple[str, ...],
    out: Path | None,
    decided: Path | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """List names with dirt inside: what is certain, what a person must decide on, with candidates.

    Kinds of certain corrections: marks, spaces, digits, compatibility, private-use, split (damage
    on the way; also undone on import), glyph, variant, simplified (forms that the standard of
    2013 has not). Without a decision nothing is changed; what is carried out is one event.

    \b
    Examples:
      gazetteer names repairs 南砦村 茶?村
      gazetteer names repairs 石首.gpkg --known 区划2017.tsv --out 脏字.xlsx
      gazetteer names repairs 石首.gpkg --decided 脏字.xlsx
      gazetteer names repairs 石首.gpkg --accept --kind private-use --kind spaces
    """
    from gazetteer.office.names import repairs as desk

    county, names = options.split_county(items)
    if county is None:
        if accept or decided or out:
            raise click.UsageError(wording.sentence("Give a county file first."))
        _names(names, batch, as_json=as_json)
        return
    if names or batch:
        told = "Give names, or a county file, not both."
        raise click.UsageError(wording.sentence(told))
    found, repaired, marked = _county(
        county,
        known=desk.editions(known),
        accept=accept,
        kinds=kinds,
        decided=decided,
        reason=reason,
    )
    if out:
        from gazetteer import exchange

        exchange.write(desk.table(found), out, layer="脏字", format="xlsx", marked=marked)
    if as_json:
        rows = [each.as_json() for each in found]
        written = None if out is None else str(out)
        output.as_json({"repaired": repaired, "names": rows, "out": written})
        return
    _print(found, repaired, out)


def _names(names: list[str], batch: TextIO | None, *, as_json: bool) -> None:
    from gazetteer.office.names import repairs as desk

    lines = [] if batch is None else [line.rstrip("\r\n") for line in batch]
    rows = [desk.as_json(desk.examined(each)) for each in [*names, *lines]]
    if batch is not None:
        output.batch(rows)
    elif as_json:
        output.as_json(rows)
    else:
        output.table([_row(each) for each in rows], COLUMNS)


def _county(
    county: Path,
    *,
    known: Any,
    accept: bool,
    kinds: tuple[str, ...],
    decided: Path | None,
    reason: str | None,
) -> tuple[list[Dirty], int, Marked]:
    from gazetteer.exchange.repairing import KINDS
    from gazetteer.office.names import repairs as desk
    from gazetteer.store import County

    writing = accept or decided is not None
    with County(county, writing=writing) as opened:
        chosen = desk.decided(opened, decided) if decided else {}
        found = desk.dirty(opened, known=known)
        if accept:
            chosen = desk.certain(found, kinds=kinds or KINDS) | chosen
        repaired = desk.carry_out(opened, chosen, reason=reason) if chosen else 0
        found = desk.dirty(opened, known=known) if repaired else found
        return found, repaired, opened.marked()


COLUMNS = output.columns(
    name="Name as it is",
    after="Proposed",
    kinds="By what",
    doubts="In doubt",
    candidates="Candidates",
)


def _row(told: dict[str, Any]) -> dict[str, Any]:
    doubts = told["doubts"]
    candidates = [name for each in doubts for name in each["candidates"]]
    return {
        **told,
        "after": told["after"] if told["kinds"] else "",
        "kinds": values.listed(values.called("repair", each) for each in told["kinds"]),
        "doubts": values.listed(
            f"{values.called('doubt', each['kind'])} {each['part']}" for each in doubts
        ),
        "candidates": values.listed(candidates),
    }


def _print(found: list[Dirty], repaired: int, out: Path | None) -> None:
    # what has a proposal or a candidate first
    ordered = sorted(found, key=_empty)
    rows = [_row(each.as_json()) for each in ordered[:LISTED]]
    if rows:
        output.table(rows, output.columns(code="Code") | COLUMNS)
    wording.say(
        "{repaired} corrected; {left} names left: {certain} with a certain correction (--accept), "
        "{doubtful} in doubt",
        repaired=repaired,
        left=len(found),
        certain=sum(bool(each.repair.kinds) for each in found),
        doubtful=sum(bool(each.repair.doubts) for each in found),
    )
    if len(found) > LISTED:
        wording.say("  the first {count} are shown; --out writes all", count=LISTED)
    if out:
        wording.say("  to decide: {path}", path=out)


def _empty(each: Dirty) -> bool:
    return not each.repair.kinds and not any(doubt.candidates for doubt in each.repair.doubts)

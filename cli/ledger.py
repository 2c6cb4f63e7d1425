"""`gazetteer ledger`: the clean-up of names (不规范地名清理), from finding to new sign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, values, wording
from cli.applications import rule_title, steps_to_take

if TYPE_CHECKING:
    from gazetteer.common.language import Language
    from gazetteer.names.applications.cleanup import Item


@commands.group()
def ledger() -> None:
    """Clean up names: finding, site visit, decision, application, sign replaced, closed.

    \b
    Example:
      gazetteer ledger open 石首.gpkg 3f0c2a91b7de --actor 王五
    """


def _told(item: Item, language: Language) -> dict[str, Any]:
    from gazetteer.names.applications.cleanup import allowed

    return {
        "number": item.id,
        "rule": item.rule,
        "clause": item.clause,
        "state": item.state,
        "open": item.open,
        "message": item.message.say(language),
        "next": allowed(item) if item.open else [],
        "steps": [
            {"step": each.step, "on": each.on.isoformat(), "actor": each.actor, "note": each.note}
            for each in item.steps
        ],
    }


def _print(item: Item, language: Language, *, as_json: bool) -> None:
    row = _told(item, language)
    if as_json:
        output.as_json(row)
        return
    wording.say(
        "{number} {state}: {message}",
        number=item.id,
        state=values.state("cleanup", item.state),
        message=row["message"],
    )
    further = values.listed(steps_to_take("cleanup", row["next"]))
    wording.say("  next: {further}", further=further or wording.word("nothing"))


@ledger.command("open")
@options.county
@click.argument("finding")
@options.actor
@options.on_day
@options.dry_run
@options.answer
def open_(
    county: Path, finding: str, actor: str | None, on: str | None, language: Language, as_json: bool
) -> None:
    """Open an item from a finding that `rules audit --keep` has kept.

    \b
    Example:
      gazetteer ledger open 石首.gpkg 3f0c2a91b7de --actor 王五
    """
    from gazetteer.office.names import cleanup
    from gazetteer.office.names.completing import writing

    with writing(county) as opened:
        item = cleanup.open_item(opened, finding, actor=options.who(actor), on=options.day(on))
    _print(item, language, as_json=as_json)


@ledger.command()
@options.county
@click.argument("number")
@click.argument("step", type=options.Word("ledger-step"))
@options.documents
@options.actor
@options.on_day
@click.option("--note", default="", help="What was seen or decided.")
@options.dry_run
@options.answer
def advance(
    county: Path,
    number: str,
    step: str,
    documents: tuple[tuple[str, Path], ...],
    actor: str | None,
    on: str | None,
    note: str,
    language: Language,
    as_json: bool,
) -> None:
    """Take a further step: visit, decide-rename, decide-keep, apply, replace, close.

    \b
    Example:
      gazetteer ledger advance 石首.gpkg 3f0c2a91b7de visit --document visit-record=核查.docx
    """
    from gazetteer.office.names import attachments, cleanup
    from gazetteer.office.names.completing import writing

    papers = attachments.read(documents)
    with writing(county) as opened:
        item = cleanup.advance(
            opened,
            number,
            step,
            actor=options.who(actor),
            on=options.day(on),
            documents=papers,
            note=note,
        )
    _print(item, language, as_json=as_json)


@ledger.command()
@options.county
@click.argument("number")
@click.option("--note", required=True, help="Why it is taken back.")
@options.actor
@options.on_day
@options.dry_run
@options.answer
def undo(
    county: Path,
    number: str,
    note: str,
    actor: str | None,
    on: str | None,
    language: Language,
    as_json: bool,
) -> None:
    """Take back the last step by a further one; the record stays.

    \b
    Example:
      gazetteer ledger undo 石首.gpkg 3f0c2a91b7de --note 录入有误
    """
    from gazetteer.office.names import cleanup
    from gazetteer.office.names.completing import writing

    with writing(county) as opened:
        item = cleanup.undo(opened, number, actor=options.who(actor), note=note, on=options.day(on))
    _print(item, language, as_json=as_json)


@ledger.command("list")
@options.county
@click.option("--all", "every", is_flag=True, help="Closed items, too.")
@options.answer
def list_(county: Path, every: bool, language: Language, as_json: bool) -> None:
    """List the items that are open.

    \b
    Example:
      gazetteer ledger list 石首.gpkg --all
    """
    from gazetteer.office.names import cleanup
    from gazetteer.store import County

    with County(county) as opened:
        rows = [_told(each, language) for each in cleanup.items(opened, open_only=not every)]
    shown = [
        {
            **each,
            "state": values.state("cleanup", each["state"]),
            "rule": rule_title(each["rule"], language),
        }
        for each in rows
    ]
    output.rows(
        rows,
        output.columns(number="Number", state="State", rule="Rule", message="What is wrong"),
        json_wanted=as_json,
        shown=shown,
        empty="No item is on record; `gazetteer rules audit --keep` finds what to open."
        if every
        else "No item is open; `--all` lists those closed, `gazetteer rules audit --keep` finds "
        "what to open.",
    )

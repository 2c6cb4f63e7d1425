"""`gazetteer today`: what is to be done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, values, wording
from cli.applications import DEADLINE_COLUMNS, deadlines_shown
from cli.naming import UNDECIDED
from cli.peace import DUE_COLUMNS

if TYPE_CHECKING:
    from gazetteer.common.language import Language

columns = output.columns
PARTS = {
    "deadlines": ("Deadlines", DEADLINE_COLUMNS),
    "applications": (
        "Applications that are not decided",
        columns(number="Number", title="Matter", state="State"),
    ),
    "readings": ("Readings to be decided", UNDECIDED),
    "ledger": (
        "Clean-up of names",
        columns(number="Number", state="State", message="What is wrong"),
    ),
    "orders": (
        "Work orders on signs",
        columns(number="Order", name="Sign", code="Code", work="Work", opened_on="Opened on"),
    ),
    "provisional": (
        "Divisions with a provisional code, waiting for a list with codes",
        columns(code="Provisional code", name="Name"),
    ),
    "boundaries": ("Peaceful boundaries", DUE_COLUMNS),
    "unsealed": (
        "Edits made elsewhere that are not sealed",
        columns(at="When", command="What was done", detail="Content"),
    ),
}


def _read(part: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a part as people read them."""
    if part == "deadlines":
        return deadlines_shown(rows)
    if part == "applications":
        return [{**each, "state": values.state("own", each["state"])} for each in rows]
    if part == "ledger":
        return [{**each, "state": values.state("cleanup", each["state"])} for each in rows]
    if part == "unsealed":
        return [
            {
                "at": values.moment(each["at"]),
                "command": values.called("command", each["command"]),
                "detail": values.shown("detail", each["detail"]) if each["detail"] else "",
            }
            for each in rows
        ]
    return rows


@commands.command()
@options.county
@options.profile
@options.on_day
@options.answer
def today(county: Path, profile: str, on: str | None, language: Language, as_json: bool) -> None:
    """Say what is to be done: deadlines, readings, clean-up, signs, lines, edits made elsewhere.

    \b
    Example:
      gazetteer today 石首.gpkg
    """
    from boundaries.peace import recording as peace
    from gazetteer.office.names.agenda import agenda
    from gazetteer.store import County

    with County(county) as opened:
        answer = agenda(opened, on=options.day(on), profile=profile).as_json(language)
        answer["boundaries"] = peace.due_rows(opened, peace.owed(opened, today=answer["on"]))
    if as_json:
        output.as_json(answer)
        return
    undecided = answer["undecided"]
    wording.say("{day}: {count} names of undecided reading", day=answer["on"], count=undecided)
    for part, (heading, titles) in PARTS.items():
        if answer[part]:
            click.echo(f"\n{wording.word(heading)} ({len(answer[part])})")
            output.table(_read(part, answer[part]), titles)
    if not any(answer[part] for part in PARTS):
        wording.say(
            "Nothing is to be done. `gazetteer applications deadlines` lists all deadlines."
        )

"""`gazetteer names respell`: spellings of earlier versions, changed on a person's yes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import commands, options, output, values, wording

if TYPE_CHECKING:
    from gazetteer.office.names.respelling import Pending, Respelling

LISTED = 40
COLUMNS = output.columns(
    id="Row",
    code="Code",
    name="Name",
    before="Spelled before",
    after="Spelling",
    why="Why",
    candidates="Candidates",
)


@commands.command()
@options.county
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="all|CODE|ID",
    help="Spell these anew: code of the unit or place, row of the name, or all; repeatable.",
)
@options.dry_run
@click.option("--reason", help="Why, for the log.")
@options.json_output
def respell(
    county: Path,
    accepted: tuple[str, ...],
    reason: str | None,
    as_json: bool,
) -> None:
    """Show the names that the rules now spell otherwise, and respell those accepted.

    Nothing is changed without --accept, and what is accepted is one event that can be undone.
    Spellings that a person has decided (approved with the name, read by `names decide`, written
    in another program) are never touched, only counted.

    \b
    Examples:
      gazetteer names respell 石首.gpkg
      gazetteer names respell 石首.gpkg --accept 421081100 --accept 421081101
      gazetteer names respell 石首.gpkg --accept all --reason 按规则复核
    """
    from gazetteer.office.names import respelling as desk
    from gazetteer.store import County

    writing = bool(accepted)
    with County(county, writing=writing) as opened:
        done = desk.respell(opened, accepted, reason=reason) if writing else ()
        left = desk.pending(opened)
    if as_json:
        output.as_json({"respelled": done, "names": left.rows, "kept": left.kept})
        return
    _print(done, left)


def _print(done: tuple[Respelling, ...], left: Pending) -> None:
    rows = [
        {
            **asdict(each),
            "why": values.called("respelling", each.why),
            "candidates": values.listed(each.candidates),
        }
        for each in (done or left.rows)[:LISTED]
    ]
    if rows:
        output.table(rows, COLUMNS)
    wording.say(
        "{done} respelled; {left} names that the rules spell otherwise (--accept); {kept} more "
        "decided by a person, left as they are",
        done=len(done),
        left=len(left.rows),
        kept=left.kept,
    )

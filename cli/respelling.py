"""`gazetteer names respell`: spellings of earlier versions, changed on a person's yes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import commands, options, output
from gazetteer.common.language import Language, Text

if TYPE_CHECKING:
    from gazetteer.office.names.respelling import Pending, Respelling

LISTED = 40
WHY = {"otherwise": "规则改变", "open": "规则不能定", "settled": "规则已定"}
COLUMNS = {
    "id": "行", "code": "代码", "name": "地名", "before": "原拼写", "after": "拼写", "why": "原因",
    "candidates": "候选",
}  # fmt: skip


@commands.command()
@options.county
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="all|CODE|ID",
    help="Spell these anew: code of the unit or place, row of the name, or all; repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Only show, whatever is accepted.")
@click.option("--reason", help="Why, for the log.")
@options.answer
def respell(
    county: Path,
    accepted: tuple[str, ...],
    dry_run: bool,
    reason: str | None,
    language: Language,
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

    writing = bool(accepted) and not dry_run
    with County(county, writing=writing) as opened:
        done = desk.respell(opened, accepted, reason=reason) if writing else ()
        left = desk.pending(opened)
        if not writing:
            desk.chosen(left.rows, accepted)  # what names nothing is refused when only shown, too
    if as_json:
        output.as_json({"respelled": done, "names": left.rows, "kept": left.kept})
        return
    _print(done, left, language)


def _print(done: tuple[Respelling, ...], left: Pending, language: Language) -> None:
    rows = [
        {**asdict(each), "why": WHY[each.why], "candidates": " / ".join(each.candidates)}
        for each in (done or left.rows)[:LISTED]
    ]
    output.table(rows, COLUMNS)
    message = Text(
        f"改拼 {len(done)} 个；按规则拼写不同的还有 {len(left.rows)} 个（--accept）；"
        f"另有 {left.kept} 个由人定过，不动",
        f"{len(done)} respelled; {len(left.rows)} names that the rules spell otherwise "
        f"(--accept); {left.kept} more decided by a person, left as they are",
    )
    click.echo(message.say(language))

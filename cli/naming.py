"""`gazetteer names check`, `undecided`, `decide`: proposed names and readings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import options, output, wording
from cli.names import names

__all__ = ["names"]

if TYPE_CHECKING:
    from gazetteer.common.findings import Finding
    from gazetteer.common.language import Language
    from gazetteer.names.rules import Unchecked
    from gazetteer.store import County


@names.command()
@options.county
@click.argument("proposed", nargs=-1, required=True, metavar="NAME...")
@click.option("--category", required=True, help="Class: word (街巷, 小区) or GB/T 18521 code.")
@click.option("--built-up", metavar="CODE", help="Built-up area: streets, estates and buildings.")
@click.option("--within", metavar="CODE", help="Division in which it lies.")
@click.option("--profile", default="national", show_default=True, help="Local rules.")
@click.option("--tones", is_flag=True, help="Only equal tones sound the same.")
@click.option("--map", "out", type=options.path_type, help="Conflicts on a map (.html).")
@options.answer
def check(
    county: Path,
    proposed: tuple[str, ...],
    category: str,
    profile: str,
    tones: bool,
    out: Path | None,
    language: Language,
    as_json: bool,
    **where: str | None,
) -> None:
    """Check proposed names against the naming rules and all names on record or applied for.

    Exit status 1 where a rule has more to say than a note. Rules that could not be checked (an
    empty list of leaders or companies) are named: no finding is no verdict on them.

    \b
    Example:
      gazetteer names check 石首.gpkg 滨河路 --category street --built-up 421081001
    """
    from gazetteer.office.names import checking
    from gazetteer.store import County

    found: list[Finding] = []
    unchecked: list[Unchecked] = []
    with County(county) as opened:
        using = checking.settings(opened, profile=profile, tones=tones)
        for text in proposed:
            candidate = checking.candidate(opened, text, category=category, **where)
            found += checking.check(opened, candidate, using=using)
            fresh = checking.unchecked(opened, candidate, using=using)
            unchecked += [each for each in fresh if each not in unchecked]
        if out is not None:
            _map(opened, found, out, language)
    output.findings(found, language=language, json_wanted=as_json, unchecked=unchecked)


def _map(county: County, found: list[Finding], out: Path, language: Any) -> None:
    from gazetteer.office.names import checking
    from maps import stated
    from maps.atlas import atlas
    from maps.county import passed

    concerned = checking.names_concerned(county, found)
    title = county.setting("division_name") or county.division_code
    layers, released = passed(
        {"divisions": county.layer("divisions")}, names=concerned, profile="internal"
    )
    atlas(
        layers,
        names=layers.pop("names"),
        findings=found,
        title=title,
        language=language,
        released=released,
        stated=stated.stated(county, ("divisions", "names", "places"), language=language),
    ).save(out)


@names.command()
@options.county
@click.option("--limit", default=40, show_default=True, help="Most rows.")
@options.json_output
def undecided(county: Path, limit: int, as_json: bool) -> None:
    """List the characters whose reading nobody has decided, likeliest errors first.

    One row is one decision; it settles as many names as it says.

    \b
    Example:
      gazetteer names undecided 石首.gpkg --limit 10
    """
    from gazetteer.office.names import readings
    from gazetteer.store import County

    with County(county) as opened:
        found = readings.open_readings(opened)
    rows = found.head(limit).to_dict("records")
    if as_json:
        output.as_json({"total": len(found), "names": int(found["names"].sum()), "rows": rows})
        return
    if not rows:
        wording.say("The reading of every character is decided.")
        return
    output.table(rows, UNDECIDED | output.columns(guess="Used meanwhile", example="Example"))


UNDECIDED = output.columns(
    specific="Specific", character="Character", candidates="Possible readings", names="Names"
)


@names.command()
@options.county
@click.argument("text")
@click.argument("reading")
@click.option("--source", required=True, help="The evidence: 地名志, 实地核实 ...")
@click.option("--actor", help="Who decides; the account where not given.")
@click.option("--outside", is_flag=True, help="A local reading that no dictionary has.")
@options.dry_run
@options.json_output
def decide(
    county: Path,
    text: str,
    reading: str,
    source: str,
    actor: str | None,
    outside: bool,
    as_json: bool,
) -> None:
    """Decide how a specific part is read; every name with it is spelled anew.

    \b
    Example:
      gazetteer names decide 石首.gpkg 调关 "diào guān" --source 石首县地名志
    """
    from gazetteer.office.names import readings
    from gazetteer.office.names.completing import writing

    with writing(county) as opened:
        changed = readings.settle(
            opened, text, reading, source=source, actor=actor, outside=outside
        )
    rows = changed.to_dict("records")
    if as_json:
        output.as_json({"text": text, "reading": reading, "changed": rows})
        return
    columns = output.columns(text="Name", before="Spelled before", romanization="Spelling")
    output.table(rows, columns)
    wording.say("{text} {reading}: {count} names", text=text, reading=reading, count=len(rows))

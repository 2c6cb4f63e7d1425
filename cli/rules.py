"""`gazetteer rules`: what the naming rules ask, and what they find in the names in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import commands, options, output, values, wording

if TYPE_CHECKING:
    from gazetteer.common.language import Language


@commands.group()
def rules() -> None:
    """List the naming rules; check all names in use against them.

    \b
    Example:
      gazetteer rules audit 石首.gpkg --keep
    """


@rules.command("list")
@options.answer
def list_(language: Language, as_json: bool) -> None:
    """List the rules with clause and weight, for a new name and for one in use.

    \b
    Example:
      gazetteer rules list --json
    """
    from gazetteer.names.rules import catalogue

    rows = catalogue()
    shown = [
        {
            **each,
            "asks": each[language],
            "new": values.called("severity", each["new"]),
            "existing": values.called("severity", each["existing"]),
        }
        for each in rows
    ]
    output.rows(rows, RULES, json_wanted=as_json, shown=shown)


RULES = output.columns(
    asks="What is asked",
    clause="Clause",
    new="Of a new name",
    existing="Of one in use",
    id="Word for --rule",
)


@rules.command()
@options.county
@click.option("--rule", "only", multiple=True, metavar="RULE", help="Only that rule; repeatable.")
@click.option("--profile", default="national", show_default=True, help="Local rules.")
@click.option("--tones", is_flag=True, help="Only equal tones sound the same.")
@click.option("--keep", is_flag=True, help="Keep the findings in the file, close those gone.")
@options.dry_run
@options.answer
def audit(
    county: Path,
    only: tuple[str, ...],
    profile: str,
    tones: bool,
    keep: bool,
    language: Language,
    as_json: bool,
) -> None:
    """Check every standard name in force; a name in use never weighs more than a warning.

    Exit status 1 where a warning was found. Kept findings can be opened in the clean-up ledger.

    \b
    Example:
      gazetteer rules audit 石首.gpkg --rule same-name --keep
    """
    from gazetteer.office.names import checking
    from gazetteer.office.names.completing import writing
    from gazetteer.store import County

    with writing(county) if keep else County(county) as opened:
        using = checking.settings(opened, profile=profile, tones=tones)
        among = checking.register(opened, dialect=using.dialect)
        found = checking.audit(opened, using=using, only=only, among=among)
        unchecked = checking.unchecked(opened, using=using, only=only, among=among)
        if keep:
            checking.keep(opened, found, only=only, profile=profile, tones=tones)
    output.findings(found, language=language, json_wanted=as_json, unchecked=unchecked)


@rules.group()
def lists() -> None:
    """Keep the office's own lists: leaders, persons, companies and trademarks, what is allowed.

    \b
    Example:
      gazetteer rules lists load 领导人名单.csv
    """


@lists.command()
@click.argument("out", type=options.path_type)
def template(out: Path) -> None:
    """Write an empty list with its columns, one line a kind, to be filled in.

    \b
    Example:
      gazetteer rules lists template 名单.csv
    """
    from gazetteer.names.rules import lists as office
    from gazetteer.release import put

    if out.exists():
        told = wording.sentence("{path} is there already: choose another name.", path=out)
        raise click.UsageError(told)
    put(out, office.template().encode("utf-8-sig"))
    click.echo(str(out))


@lists.command()
@click.argument("file", type=options.path_type)
@click.option(
    "--folder",
    type=options.path_type,
    help="Folder of the office's tables; the one that GAZETTEER_TABLES names otherwise.",
)
@options.dry_run
@options.json_output
def load(file: Path, folder: Path | None, as_json: bool) -> None:
    """Load a filled-in list (CSV) into the office's tables; its kinds replace what was there.

    Every name wants a source: a list that names none is not verified. Kinds: leader, person,
    company, foreign, and allowed (names on a list that nothing links to what it lists).

    \b
    Examples:
      gazetteer rules lists load 名单.csv
      gazetteer rules lists load 商标.csv --folder 本局数据表
    """
    from gazetteer.names.rules import lists as office

    found = office.load(file, folder=folder)
    if as_json:
        answer = {"file": str(found.path), "names": dict(found.counts), "used": found.used}
        output.as_json({**answer, "left_out": list(found.left_out)})
        return
    counts = values.counted(found.counts, field="list_kind")
    wording.say("{path}: {counts}", path=found.path, counts=counts)
    if found.left_out:
        wording.say("columns not read: {columns}", columns=values.listed(found.left_out))
    if not found.used:
        wording.say("set GAZETTEER_TABLES={folder} to use them", folder=found.path.parent)

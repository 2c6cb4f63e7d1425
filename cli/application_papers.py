"""`gazetteer applications facts`, `documents`: what the papers print, and the papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import options, output, remembering, values, wording
from cli.applications import applications, told
from cli.applications import facts as fact_option

__all__ = ["applications"]

if TYPE_CHECKING:
    from gazetteer.common.language import Language


@applications.command("facts")
@options.county
@click.argument("number")
@fact_option
@options.dry_run
@options.actor
@options.answer
def facts_(
    county: Path,
    number: str,
    facts: dict[str, str],
    actor: str | None,
    language: Language,
    as_json: bool,
) -> None:
    """Show what the documents print; --fact adds or corrects it.

    \b
    Example:
      gazetteer applications facts 石首.gpkg 2026-001 --fact location=北起建设路，南至江堤
    """
    from gazetteer.office.names import cases
    from gazetteer.office.names.completing import writing
    from gazetteer.store import County

    with writing(county) if facts else County(county) as opened:
        if facts:
            cases.supplement(opened, number, facts, actor=options.who(actor))
        case = cases.get(opened, number)
    if as_json:
        output.as_json(told(case, language))
        return
    rows = [{"fact": values.field(name), "value": value} for name, value in case.facts.items()]
    output.table(rows, output.columns(fact="Matter", value="Content"))


@applications.command(once={"": remembering.NUMBERED})
@options.county
@click.argument("number")
@click.argument("folder", type=options.path_type)
@click.option("--kind", "kinds", multiple=True, help="Only that document; repeatable.")
@click.option(
    "--document-number",
    multiple=True,
    metavar="KIND=文号",
    help="Number of a document (公告=楚民〔2026〕3号); each its own, repeatable.",
)
@click.option("--issuer", default="", help="In whose name; the civil affairs office otherwise.")
@click.option("--superior", default="", help="With whom it is filed.")
@click.option("--contact", default="", help="Clerk in charge.")
@click.option("--telephone", default="", help="Telephone.")
@click.option("--templates", type=options.path_type, help="Folder of the office's own templates.")
@click.option("--overwrite", is_flag=True, help="Write over files that are there.")
@options.on_day
@options.dry_run
@options.json_output
def documents(
    county: Path,
    number: str,
    folder: Path,
    kinds: tuple[str, ...],
    document_number: tuple[str, ...],
    templates: Path | None,
    overwrite: bool,
    on: str | None,
    as_json: bool,
    **office: str,
) -> None:
    """Write the Word documents that are due: 申请书, 批复, 备案登记表, 备案报告, 公告, 地名证明.

    \b
    Example:
      gazetteer applications documents 石首.gpkg 2026-001 文书 \\
          --document-number 备案报告=石民〔2026〕3号 --document-number 公告=石民〔2026〕4号
    """
    from gazetteer.office.names import cases, paper_numbers, papers
    from gazetteer.office.names.completing import writing
    from gazetteer.store import County
    from maps import sheets

    with writing(county) if document_number else County(county) as opened:
        case = cases.get(opened, number)
        wanted = [paper_numbers.kind_of(each) for each in kinds] or papers.due(case)
        numbers = paper_numbers.read(case, document_number, wanted)
        case = paper_numbers.claim(opened, case, numbers)
        made = papers.write(
            case,
            folder,
            location=sheets.location_of(opened, case),
            issued_by=papers.office(opened, **office),
            on=options.day(on),
            kinds=wanted,
            templates=templates,
            overwrite=overwrite,
        )
    _tell_empty(number, papers.empty(case, wanted))
    if as_json:
        output.as_json([str(each) for each in made])
        return
    for path in made:
        click.echo(output.printable(str(path)))


def _tell_empty(number: str, empty: dict[str, str]) -> None:
    """Say which fields of the forms are left to fill in, and how."""
    if empty:
        wording.say(
            "Left empty in the forms: {fields}. Fill in: gazetteer applications facts COUNTY"
            " {number} --fact {name}=...",
            err=True,
            fields=values.listed(empty.values()),
            number=number,
            name=next(iter(empty)),
        )

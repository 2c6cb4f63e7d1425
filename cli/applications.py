"""`gazetteer applications`: naming, renaming, abolishing, from application to announcement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, values, wording

if TYPE_CHECKING:
    from gazetteer.common.language import Language
    from gazetteer.names.applications import Application, Step

KINDS = ["naming", "renaming", "abolishing"]
facts = click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="FIELD=VALUE",
    callback=options.facts,
    help="What the documents print: location, meaning, reason, romanization, scale, "
    "division_code, built_up, lon, lat, reply_number ...; repeatable.",
)
expected = click.option(
    "--expected", type=int, help="Steps when you looked; refused where somebody was faster."
)


@commands.group()
def applications() -> None:
    """Name, rename, abolish: each step with its day, actor and papers.

    \b
    Example:
      gazetteer applications new 石首.gpkg naming street --name 滨河路 --applicant 住建局
    """


def told(case: Application, language: Language) -> dict[str, Any]:
    """Return an application as the object that scripts rely on."""
    from gazetteer.names.applications import allowed, required
    from gazetteer.names.applications.record import to_record

    return {
        **to_record(case),
        "title": case.title.say(language),
        "flow": case.flow,
        "authority": case.authority.approves.say(language),
        "clause": case.authority.clause,
        "state": case.state,
        "outcome": case.outcome or None,
        "next": allowed(case),
        "required": required(case),
    }


def _print(case: Application, language: Language, *, as_json: bool) -> None:
    row = told(case, language)
    if as_json:
        output.as_json(row)
        return
    wording.say(
        "{number} {title}: {state}",
        number=case.id,
        title=row["title"],
        state=values.state(case.flow, case.state),
    )
    further = values.listed(steps_to_take(case.flow, row["next"]))
    wording.say(
        "  {authority} ({clause}); next: {further}",
        authority=row["authority"],
        clause=row["clause"],
        further=further or wording.word("nothing"),
    )
    if case.steps:
        _print_step(case.steps[-1], language)


def steps_to_take(ledger: str, steps: Iterable[str]) -> list[str]:
    """Return steps as they are called; in English with the word to type, in Chinese it is one."""
    titles = [(values.step(ledger, each), each) for each in steps]
    bare = wording.language() == "zh"
    return [title if bare or title == each else f"{title} ({each})" for title, each in titles]


def _print_step(step: Step, language: Language) -> None:
    def in_words(told: Mapping[str, Any], field: str) -> str:
        return str(told[field] if language == "zh" else told[f"{field}_en"])

    for finding in step.findings:
        wording.say(
            "  {severity}: {message} ({clause})",
            severity=values.called("severity", finding["severity"]),
            message=in_words(finding, "message"),
            clause=finding["clause"],
        )
    if step.reason:
        wording.say("  reason: {reason}", reason=step.reason)
    for rule in step.unchecked:
        wording.say(
            "  not checked: {title} ({clause}): {reason}",
            title=rule_title(rule["rule"], language),
            clause=rule["clause"],
            reason=in_words(rule, "reason"),
        )


def rule_title(rule: str, language: Language) -> str:
    """Return what a naming rule asks; its id where it is none of today's."""
    from gazetteer.names.rules import catalogue

    return str(next((each[language] for each in catalogue() if each["id"] == rule), rule))


@applications.command()
@options.county
@click.argument("kind", type=options.Choice(KINDS, "application-kind"))
@click.argument("case", metavar="CLASS", type=options.Word("application-case"))
@click.option("--name", "text", default="", help="The new name.")
@click.option("--old", "old_text", default="", help="The name replaced or abolished.")
@click.option("--thing", metavar="CODE", help="What bears the old name, where several do.")
@click.option("--applicant", required=True, help="Who applies.")
@click.option("--number", help="Number of the application; the next of the year otherwise.")
@click.option(
    "--extra",
    multiple=True,
    callback=options.words("extra"),
    help="Further step wanted: hearing, survey; repeatable.",
)
@facts
@options.dry_run
@options.actor
@options.answer
def new(
    county: Path,
    number: str | None,
    actor: str | None,
    language: Language,
    as_json: bool,
    **form: Any,
) -> None:
    """Register an application; CLASS is street, village, township ... (art. 12).

    \b
    Example:
      gazetteer applications new 石首.gpkg naming street --name 滨河路 --applicant 住建局 \\
        --fact division_code=421081001 --fact location=北起建设路,南至江堤
    """
    from gazetteer.office.names import cases
    from gazetteer.office.names.completing import writing

    with writing(county) as opened:
        made = cases.register(opened, cases.Form(**form), number=number, actor=options.who(actor))
    _print(made, language, as_json=as_json)


@applications.command("list")
@options.county
@click.option("--all", "every", is_flag=True, help="Decided ones, too.")
@options.answer
def list_(county: Path, every: bool, language: Language, as_json: bool) -> None:
    """List the applications that are not decided.

    \b
    Example:
      gazetteer applications list 石首.gpkg --all
    """
    from gazetteer.office.names import cases
    from gazetteer.store import County

    with County(county) as opened:
        found = [told(each, language) for each in cases.every(opened)]
    rows = [each for each in found if every or not each["outcome"]]
    output.rows(
        rows,
        output.columns(id="Number", title="Matter", state="State", applicant="Applicant"),
        json_wanted=as_json,
        shown=[{**each, "state": values.state(each["flow"], each["state"])} for each in rows],
        empty="There is no application on record."
        if every
        else "No application is open; `--all` lists those decided, too.",
    )


@applications.command()
@options.county
@click.argument("number")
@click.option("--papers", type=options.path_type, help="Folder: are the papers still the same?")
@options.answer
def show(county: Path, number: str, papers: Path | None, language: Language, as_json: bool) -> None:
    """Show one application with its steps; exit status 1 where an attached paper is gone.

    \b
    Example:
      gazetteer applications show 石首.gpkg 2026-001 --papers 申请材料
    """
    from gazetteer.office.names import attachments, cases
    from gazetteer.store import County

    with County(county) as opened:
        case = cases.get(opened, number)
    gone = [] if papers is None else attachments.vanished(case, papers)
    if as_json:
        output.as_json({**told(case, language), "vanished": gone})
    else:
        _print(case, language, as_json=False)
        steps = [{"step": values.step(case.flow, each.step), "on": each.on, "actor": each.actor,
                  "papers": len(each.documents)} for each in case.steps]  # fmt: skip
        columns = output.columns(step="Step", on="Date", actor="By whom", papers="Papers")
        output.table(steps, columns)
        for each in gone:
            click.echo(output.printable(each))
    if gone:
        raise SystemExit(1)


def _advance(
    county: Path,
    number: str,
    step: str,
    documents: tuple[tuple[str, Path], ...],
    *,
    actor: str | None,
    on: str | None,
    language: Language,
    as_json: bool,
    **more: Any,
) -> None:
    from gazetteer.office.names import attachments, cases
    from gazetteer.office.names.completing import writing

    papers = attachments.read(documents)
    with writing(county) as opened:
        case = cases.advance(
            opened,
            number,
            step,
            actor=options.who(actor),
            on=options.day(on),
            documents=papers,
            **more,
        )
    _print(case, language, as_json=as_json)


@applications.command()
@options.county
@click.argument("number")
@click.argument("step", type=options.Word("application-step"))
@options.documents
@facts
@options.actor
@options.on_day
@click.option("--note", default="", help="Remark on the step.")
@click.option("--reason", default="", help="Why it is approved over an error of the rules.")
@expected
@options.dry_run
@options.answer
def advance(county: Path, number: str, step: str, **given: Any) -> None:
    """Take the next step; a review runs the naming rules, an approval changes the names.

    An approval runs the rules again; over an error that is left it wants a --reason, which the
    log and the papers keep. Documents are recorded with name, size and SHA-256, each a file of
    its own; the files stay where they are.

    \b
    Example:
      gazetteer applications advance 石首.gpkg 2026-001 approve --actor 市人民政府 \\
        --document reply=批复.docx --fact reply_number=石政函〔2026〕3号
    """
    _advance(county, number, step, **given)


@applications.command()
@options.county
@click.argument("number")
@click.option("--note", required=True, help="The reason.")
@options.documents
@options.actor
@options.on_day
@options.dry_run
@options.answer
def reject(county: Path, number: str, **given: Any) -> None:
    """Refuse the name (不予批准); wants the decision as a document.

    \b
    Example:
      gazetteer applications reject 石首.gpkg 2026-001 --note 重名 --document refusal=决定.docx
    """
    _advance(county, number, "reject", **given)


@applications.command()
@options.county
@click.argument("number")
@click.option("--note", required=True, help="The reason.")
@options.documents
@options.actor
@options.on_day
@options.dry_run
@options.answer
def withdraw(county: Path, number: str, **given: Any) -> None:
    """Withdraw an application before it is decided.

    \b
    Example:
      gazetteer applications withdraw 石首.gpkg 2026-001 --note 改线 --document withdrawal=函.docx
    """
    _advance(county, number, "withdraw", **given)


@applications.command()
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
    """Take back the last step by a further one; a decision takes a new application.

    \b
    Example:
      gazetteer applications undo 石首.gpkg 2026-001 --note 日期有误
    """
    from gazetteer.office.names import cases
    from gazetteer.office.names.completing import writing

    with writing(county) as opened:
        case = cases.undo(opened, number, actor=options.who(actor), note=note, on=options.day(on))
    _print(case, language, as_json=as_json)


@applications.command()
@options.county
@click.argument("number", required=False)
@options.profile
@options.on_day
@options.answer
def deadlines(
    county: Path,
    number: str | None,
    profile: str,
    on: str | None,
    language: Language,
    as_json: bool,
) -> None:
    """List deadlines, soonest first; exit status 1 where one is overdue.

    \b
    Example:
      gazetteer applications deadlines 石首.gpkg --profile songming
    """
    from gazetteer.office.names import agenda, cases
    from gazetteer.store import County

    with County(county) as opened:
        found = cases.deadlines(opened, number=number, profile=profile, today=options.day(on))
    rows = [agenda.deadline_json(each, language) for each in found]
    output.rows(
        rows,
        DEADLINE_COLUMNS,
        json_wanted=as_json,
        shown=deadlines_shown(rows),
        empty="No application has a deadline; `gazetteer applications list --all` lists them.",
    )
    if any(each.state == "overdue" for each in found):
        raise SystemExit(1)


DEADLINE_COLUMNS = output.columns(
    application="Number",
    title="Matter",
    due="Due",
    state="State",
    days_left="Days left",
    clause="Clause",
    note="Remark",
)


def deadlines_shown(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return deadlines as people read them."""
    return [{**each, "state": values.called("deadline_state", each["state"])} for each in rows]

"""`gazetteer import`: an office's files into the county file."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

import click

from cli import commands, daily, options, output, values, wording
from gazetteer.common.language import Sentence
from gazetteer.kinds import KINDS, Kind


class Kinds(commands.Group):
    """A group whose commands are called as kinds are: with a hyphen or an underscore."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a kind."""
        return super().get_command(ctx, cmd_name.replace("_", "-"))


@commands.group("import", cls=Kinds)
def import_() -> None:
    """Bring an office's files in: every row lands, or comes back with its reason.

    \b
    Example:
      gazetteer import divisions 石首.gpkg 区划.xlsx
    """


# option, decision, what it means
DECISIONS = (
    ("--renamed", "renamed", "the unit bears the file's name now; the old one stays as earlier"),
    ("--corrected", "corrected", "what is on record was wrong"),
    ("--keep", "kept", "the same thing, what is on record stands"),
    ("--reject", "rejected", "the row is not taken"),
    ("--another", "another", "a place of its own beside its namesake of another class"),
)


def _decisions(command: Callable[..., Any]) -> Callable[..., Any]:
    for option, name, what in reversed(DECISIONS):
        help_text = (
            f"Code (a facility's name) known otherwise: {what}. Repeatable; all for all asked."
        )
        command = click.option(option, name, multiple=True, metavar="CODE", help=help_text)(command)
    return command


def _command(kind: Kind, what: str, example: str) -> click.Command:
    @commands.command(kind.word, help=_help(kind.word, what, example))
    @options.county
    @click.argument("files", nargs=-1, required=True, type=options.path_type)
    @options.column_map
    @options.crs
    @click.option("--sheet", "--layer", "sheet", help="Sheet or layer, where a file has several.")
    @click.option(
        "--axes",
        type=options.Choice(["east-north", "north-east"], "axes"),
        help="Order of the two coordinates, where the numbers leave a doubt.",
    )
    @click.option("--header/--no-header", default=None, help="Whether the table has a header.")
    @click.option("--encoding", help="Encoding of text, where it is not told by the file.")
    @click.option(
        "--within",
        metavar="CODE",
        help="Of a list that goes beyond: only rows whose division codes lie in CODE (110108).",
    )
    @click.option("--rejects", type=options.path_type, help="Where rejected rows go (.xlsx).")
    @_decisions
    @click.option("--on", metavar="DATE", help="Day of a renaming that the file does not tell.")
    @click.option(
        "--moved",
        "moved_m",
        type=options.Number(least=0),
        metavar="METRES",
        help="So far off a facility or place is the same one without a question; 100 if not given.",
    )
    @options.dry_run
    @options.language
    @options.json_output
    @options.quiet
    def run(county: Path, files: tuple[Path, ...], **given: Any) -> None:
        _import(kind, county, files, **given)

    return run


def _help(kind: str, what: str, example: str) -> str:
    return (
        f"Import {what}.\n\n\b\nExample:\n  gazetteer import {kind} 石首.gpkg {example}\n\n"
        "The same file again changes nothing. Rejected rows are written as Excel beside the county "
        "file; corrected there, they can be imported as they are. A code that is known under "
        "another name, or for another thing (a line between other units, a marker of another line, "
        "a facility elsewhere, a place of another class, another unit's figures), is a question: "
        "its row comes back until somebody decides (status 1)."
    )


def _import(
    kind: Kind,
    county: Path,
    files: tuple[Path, ...],
    *,
    mapping: dict[str, str],
    rejects: Path | None,
    language: Any,
    as_json: bool,
    quiet: bool,
    **given: Any,
) -> None:
    from gazetteer.importing import asking, bring_in
    from gazetteer.store import County

    decided = _decided(given)
    answers: list[dict[str, Any]] = []
    written: set[Path] = set()
    with County(county, writing=True) as opened:

        def bring(path: Path, *, trying: bool = False) -> tuple[Any, bool]:
            with output.progress(path.name, quiet=quiet or as_json) as tell:
                found, known = _found(opened, path, kind.name, mapping, {**given, "progress": tell})
                command = f"import {kind.word}"
                return bring_in(
                    opened, found, kind.name, command=command, decided=decided, trying=trying
                ), known

        if decided.named():  # a decision about nothing is refused before anything is written
            _refuse_unasked(decided.named(), [bring(path, trying=True)[0] for path in files])
        for path in files:
            imported, known = bring(path)
            asking.remember_columns(opened, kind.name, mapping)
            file = _apart(rejects or beside(county, path), written)
            where = _write_rejects(imported, file, language)
            written |= {file} if where else set()
            answers.append(imported.as_json(path=path, rejects_file=where))
            told: dict[str, Any] = {"kind": kind.name, "known": known}
            if not as_json:
                _print(imported, path, where, language, **told)
    if as_json:
        output.as_json(answers[0] if len(answers) == 1 else answers)
    if any(not each["decision"] for one in answers for each in one["questions"]):
        raise SystemExit(1)


def _decided(given: dict[str, Any]) -> Any:
    """Return what was decided, taken out of the options."""
    from gazetteer.importing import Decided
    from gazetteer.importing.questions import MOVED_M

    codes = {name: frozenset(given.pop(name)) for _, name, _ in DECISIONS}
    on, moved_m = given.pop("on"), given.pop("moved_m")
    day = "" if on is None else options.day(on).isoformat()
    return Decided(codes, on=day, moved_m=MOVED_M if moved_m is None else moved_m)


def _found(
    opened: Any, path: Path, kind: str, mapping: Mapping[str, str], given: Mapping[str, Any]
) -> tuple[Any, bool]:
    """Return what a file holds, and whether its columns are matched as the last time."""
    from boundaries.office import importing
    from gazetteer.importing import asking

    def read(match: Mapping[str, str]) -> Any:
        return importing.read(path, kind, mapping=dict(match), **given)

    found, known = (read(mapping), False) if mapping else asking.read_as_before(opened, kind, read)
    if not given.get("crs"):
        asking.refuse_shifted(opened, found, kind=kind)
    return found, known


def _refuse_unasked(codes: set[str], tried: Sequence[Any]) -> None:
    from gazetteer.common.errors import UnknownError

    if codes := codes - {each.code for one in tried for each in one.questions}:
        remedy = Sentence("`--dry-run` lists the questions.")
        raise UnknownError(
            Sentence("nothing is asked about {code!r}", code=min(codes)[:20]), remedy=remedy
        )


def beside(county: Path, path: Path) -> Path:
    """Return where the rejected rows of a file go: beside the county file."""
    return county.with_name(f"{county.stem}-{path.stem}-rejects.xlsx")


def _apart(path: Path, written: Container[Path]) -> Path:
    """Return a path at which this command has not written the rejects of another file."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(each for each in chain([path], numbered) if each not in written)


def _write_rejects(imported: Any, path: Path, language: Any) -> Path | None:
    from gazetteer import exchange

    if imported.rejects.empty:
        return None
    return exchange.write_rejects(imported.rejects, path, language=language)


def _print(
    imported: Any,
    path: Path,
    where: Path | None,
    language: Any,
    *,
    kind: str,
    known: bool,
) -> None:
    from gazetteer.exchange import cleaning
    from gazetteer.importing import changes, questions

    _tell_counts(imported, path)
    shown = values.listed(
        f"{values.field(field)} ← {column}" for field, column in imported.mapping.items()
    )
    told = "  columns (as told before with --map): {columns}" if known else "  columns: {columns}"
    wording.say(told, columns=shown)
    if len(imported.cleaned):
        count = len(imported.cleaned)
        wording.say("  {count} cells cleaned (--json lists them):", count=count)
        for each in cleaning.sentences(imported.cleaned):
            click.echo(output.printable(f"    {each.say(language)}"))
    if len(imported.suspect):
        count = len(imported.suspect)
        wording.say("  {count} names to look at (`gazetteer names repairs` does):", count=count)
        for each in cleaning.sentences(imported.suspect):
            click.echo(output.printable(f"    {each.say(language)}"))
    news = changes.sentences(imported.changes, kind)
    if imported.beyond:
        told = "  {count} more rows lie outside the area asked for and were left (--within)"
        wording.say(told, count=imported.beyond)
    for note in (*questions.sentences(imported.questions), *news, *imported.notes):
        click.echo(output.printable(f"  {note.say(language)}"))
    if where:
        wording.say("  rejected rows with their reasons: {path}", path=where)


def _tell_counts(imported: Any, path: Path) -> None:
    told = (
        "{path}: {read} rows read, {landed} landed ({corrected} corrected, {unchanged} unchanged), "
        "{rejected} rejected"
    )
    if imported.renamed:
        told = (
            "{path}: {read} rows read, {landed} landed ({corrected} corrected, {renamed} renamed, "
            "{unchanged} unchanged), {rejected} rejected"
        )
    wording.say(
        told,
        path=path,
        read=imported.read,
        landed=imported.landed,
        corrected=imported.updated - imported.renamed,
        renamed=imported.renamed,
        unchanged=imported.unchanged,
        rejected=imported.rejected,
    )


for _kind in KINDS.values():
    if _kind.imports:
        import_.add_command(_command(_kind, _kind.imports.what, _kind.imports.example))
import_.add_command(daily.import_form)

"""`gazetteer survey`: tell whether a boundary survey is good enough to be accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli import commands, options, output, remembering, values, wording
from gazetteer.common.language import Sentence


@commands.group()
def survey() -> None:
    """Check a township boundary survey before it is accepted.

    \b
    Example:
      gazetteer survey check 勘界成果 --out 检查
    """


@survey.command(once={"": remembering.VERDICT})
@click.argument("delivery", type=options.path_type)
@click.option(
    "--profile",
    default="township-10000",
    show_default=True,
    help="Shipped profile of tolerances, or a .toml file that the office has confirmed.",
)
@click.option(
    "--against", type=options.path_type, help="County file: names and codes to agree with."
)
@click.option("--as-of", metavar="DATE", help="Date of the survey, for --against.")
@click.option("--other-side", type=options.path_type, help="The neighbour's delivery of one line.")
@click.option("--out", type=options.path_type, help="Folder for GeoPackage, map, Word and Excel.")
@click.option("--inspector", default="", help="Who checks, for the record.")
@options.answer
def check(
    delivery: Path,
    profile: str,
    against: Path | None,
    as_of: str | None,
    other_side: Path | None,
    out: Path | None,
    inspector: str,
    language: Any,
    as_json: bool,
) -> None:
    """Check a delivery folder: files, frame, tiling, lines, markers, tables, photos.

    A small breach of a tolerance that nobody has confirmed is a note; a gross one, or encrypted
    coordinates, is an error all the same. Exit status 1 where an error or a warning was found.

    \b
    Examples:
      gazetteer survey check 勘界成果 --against 石首.gpkg --out 检查
      gazetteer survey check 勘界成果 --other-side 邻县成果 --json
    """
    from boundaries import survey as surveys
    from maps.surveys import hand_on

    read = surveys.read(delivery)
    chosen = _profile(profile)
    found = surveys.review(
        read,
        profile=chosen,
        register=None if against is None else _register(against, as_of),
        other_side=None if other_side is None else surveys.read(other_side),
    )
    if out is not None:
        handed = hand_on(
            found,
            out,
            delivery=read,
            profile=chosen,
            name=delivery.name,
            checked_by=inspector,
            language=language,
        )
        if not as_json:
            verdict, points = handed.scored.verdict, handed.scored.total
            wording.say("{verdict} {points:g} points", verdict=verdict, points=points)
            click.echo("\n".join(str(path) for path in handed.files))
    unchecked = [each.told() for each in found.skipped]
    output.findings(
        list(found.findings), language=language, json_wanted=as_json, unchecked=unchecked
    )


@survey.command()
@click.argument("delivery", type=options.path_type)
@options.county
@click.option("--profile", default="township-10000", show_default=True, help="As for check.")
@click.option("--other-side", type=options.path_type, help="The neighbour's delivery of one line.")
@click.option("--despite", metavar="REASON", help="Accept it with errors, for this reason.")
@options.dry_run
@options.answer
def accept(
    delivery: Path,
    county: Path,
    profile: str,
    other_side: Path | None,
    despite: str | None,
    language: Any,
    as_json: bool,
) -> None:
    """Take a survey over: units, lines, markers, reference objects, tri-points in one event.

    It is checked first, against COUNTY; with errors it is refused unless --despite gives the
    reason, which stands in the log. Rows that cannot land are written beside the county file.

    \b
    Examples:
      gazetteer survey accept 勘界成果 石首.gpkg
      gazetteer survey accept 勘界成果 石首.gpkg --dry-run
      gazetteer survey accept 勘界成果 石首.gpkg --despite "2处错误已书面约定整改"
    """
    from boundaries import survey as surveys
    from boundaries.office import importing
    from gazetteer.kinds import KINDS
    from gazetteer.store import County

    read = surveys.read(delivery)
    chosen = _profile(profile)
    other = None if other_side is None else surveys.read(other_side)
    with County(county, writing=True) as opened:
        found = surveys.check(
            read, profile=chosen, register=opened.layer("divisions"), other_side=other
        )
        landed = importing.accept(
            opened,
            read,
            found,
            despite=despite,
            scheme=chosen.scheme,
            sha256=importing.fingerprint(delivery),
        )
    imported = {
        kind: each.as_json(path=delivery, rejects_file=_rejects(each, county, kind, language))
        for kind, each in ((KINDS[name].word, each) for name, each in landed.items())
    }
    if as_json:
        output.as_json(imported)
        return
    for (name, row), each in zip(imported.items(), landed.values(), strict=True):
        _tell_landed(name, row, each, language)


def _tell_landed(kind: str, row: dict[str, Any], imported: Any, language: Any) -> None:
    """Say what became of a layer, and what it changes of what is on record."""
    from gazetteer.importing import changes

    wording.say(
        "{layer}: {read} read, {landed} landed ({updated} corrected, {unchanged} unchanged)",
        layer=values.layer(kind),
        read=row["read"],
        landed=row["landed"],
        updated=row["updated"],
        unchanged=row["unchanged"],
    )
    if row["rejected"]:
        wording.say(
            "  {count} rejected: {path}", count=row["rejected"], path=row["rejects_file"] or "—"
        )
    for each in changes.sentences(imported.changes, kind.replace("-", "_")):
        click.echo(output.printable(f"  {each.say(language)}"))


def _rejects(imported: Any, county: Path, kind: str, language: Any) -> Path | None:
    from gazetteer import exchange

    if imported.rejects.empty:
        return None
    path = county.with_name(f"{county.stem}-{kind}-rejects.xlsx")
    return exchange.write_rejects(imported.rejects, path, language=language)


def _profile(name: str) -> Any:
    from boundaries.survey import profile

    if not name.endswith(".toml"):
        return profile.shipped(name)
    return profile.parse(_text(Path(name)), place=name)


def _text(path: Path) -> str:
    from gazetteer.common.errors import InputError

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Sentence("cannot be read"), place=str(path), remedy=Sentence("Name a .toml file.")
        ) from error


def _register(path: Path, as_of: str | None) -> Any:
    from gazetteer.store import County

    with County(path) as county:
        return county.layer("divisions", as_of=as_of)

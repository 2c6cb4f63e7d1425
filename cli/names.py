"""`gazetteer names`: find, place and spell names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli import commands, options, output, values, wording

if TYPE_CHECKING:
    from gazetteer.common.language import Language


@commands.group()
def names() -> None:
    """Find names, say what lies at a point, spell names in Hanyu Pinyin.

    \b
    Example:
      gazetteer names search 石首.gpkg 罗店
    """


@names.command()
@options.county
@click.argument("text", required=False)
@options.batch
@click.option("--within", metavar="CODE", help="Only in that division.")
@click.option("--near", metavar="LON,LAT", help="Nearest first among equals.")
@click.option("--category", metavar="CLASS", help="Only that class: GB/T 18521 code or word (寺).")
@click.option(
    "--limit", type=click.IntRange(min=1), default=10, show_default=True, help="Most hits."
)
@options.as_of
@options.answer
def search(
    county: Path,
    text: str | None,
    batch: TextIO | None,
    within: str | None,
    near: str | None,
    category: str | None,
    limit: int,
    as_of: str | None,
    language: Language,
    as_json: bool,
) -> None:
    """Find names by characters, pinyin, initials, former names, sound or with one character wrong.

    \b
    Examples:
      gazetteer names search 石首.gpkg 罗店
      gazetteer names search 石首.gpkg ldc --within 421081100
      gazetteer names search 石首.gpkg --batch 名单.txt
    """
    from gazetteer.office.names import finding
    from gazetteer.store import County

    asked = finding.Asked(
        within=within,
        near=None if near is None else finding.point(near),
        category=category,
        as_of=as_of,
        limit=limit,
    )
    with County(county, lasting=batch is not None) as opened:
        if batch is not None:
            answers = (finding.search(opened, line.strip(), asked=asked) for line in batch)
            output.batch(answer.as_json(language) for answer in answers)
            return
        if text is None:
            raise click.UsageError(wording.sentence("Give a TEXT, or --batch FILE."))
        answer = finding.search(opened, text, asked=asked)
    if as_json:
        output.as_json(answer.as_json(language))
        return
    hits = answer.as_json(language)["hits"]
    if not hits:
        wording.say(
            "Nothing is called {text}, or nearly so. Try part of it, its initials, or without "
            "--within and --category.",
            text=text,
        )
        return
    output.table([{**each, **_read(each)} for each in hits], HITS)


HITS = output.columns(
    name="Name",
    code="Code",
    romanization="Spelling",
    matched="Matched",
    reason="Reason",
    score="Score",
)


def _read(hit: Mapping[str, Any]) -> dict[str, str]:
    return {
        "name": _shown(hit),
        "matched": _matched(hit),
        "score": values.share(hit["score"] / BEST),
    }


BEST = 100
"""Score of a name that is the very text."""


def _shown(hit: Mapping[str, Any]) -> str:
    """Return the standard name of a hit; a zone (开发区) says that it is no township."""
    return f"{hit['name']}（{hit['kind']}）" if "kind" in hit else str(hit["name"])


def _matched(hit: Mapping[str, Any]) -> str:
    """Return the name that matched; one that is not the standard name with its own spelling."""
    if "matched_role" not in hit:
        return str(hit["matched"])
    role = values.called("role", hit["matched_role"])
    return f"{role} {hit['matched']} {hit['matched_romanization'] or ''}".strip()


@names.command()
@options.county
@click.argument("position", metavar="LON,LAT", required=False)
@options.batch
@options.as_of
@options.json_output
def at(
    county: Path, position: str | None, batch: TextIO | None, as_of: str | None, as_json: bool
) -> None:
    """Say which divisions a point lies in (CGCS2000 longitude and latitude).

    \b
    Examples:
      gazetteer names at 石首.gpkg 112.41,29.72
      gazetteer names at 石首.gpkg 112°24′30″E,29°43′12″N
    """
    from gazetteer.office.names import finding
    from gazetteer.store import County

    with County(county, lasting=batch is not None) as opened:
        if batch is not None:
            points = (finding.point(line) for line in batch)
            output.batch(finding.all_at(opened, points, as_of=as_of))
            return
        if position is None:
            raise click.UsageError(wording.sentence("Give a LON,LAT, or --batch FILE."))
        answer = finding.at(opened, finding.point(position), as_of=as_of)
    if as_json:
        output.as_json(answer)
        return
    if not answer["divisions"]:
        wording.say(
            "{lon:.6f}, {lat:.6f} lies in no division of this file. Longitude comes first; "
            "`gazetteer names search` finds places by name.",
            lon=answer["lon"],
            lat=answer["lat"],
        )
        return
    rows = [
        {**each, "level": values.called("level", each["level"])} for each in answer["divisions"]
    ]
    output.table(rows, output.columns(code="Code", name="Name", level="Level"))


@names.command()
@click.argument("items", nargs=-1, metavar="[COUNTY] [NAME]...")
@options.batch
@click.option("--category", help="Class of the names: GB/T 18521 code or word (小区, street).")
@click.option("--brief", is_flag=True, help="Only each name and its spelling.")
@options.json_output
def romanize(
    items: tuple[str, ...],
    batch: TextIO | None,
    category: str | None,
    brief: bool,
    as_json: bool,
) -> None:
    """Spell names by the rules of 1984, with the county's own decided readings where given.

    \b
    Examples:
      gazetteer names romanize 解家庄 吕梁市
      gazetteer names romanize 于家湖 --category 湖泊
      gazetteer names romanize 石首.gpkg 调关镇
      gazetteer names romanize --batch 名单.txt
    """
    from gazetteer.office.names import spelling

    county, wanted = options.split_county(items)
    if batch is not None:
        wanted = [*wanted, *(line.strip() for line in batch)]
    spelled = spelling.romanize(wanted, county=county, category=category)
    shown = [one for each in spelled for one in (each, *each.get("others", ()))]
    if batch is not None:
        output.batch(spelled)
    elif as_json:
        output.as_json(spelled)
    elif brief:
        for each in shown:
            click.echo(output.printable(f"{each['name']} {each['romanization']}"))
        doubts = [f"{each['name']} {_open(each)}" for each in spelled if _open(each)]
        if doubts:
            wording.say("undecided: {doubts}", doubts=values.listed(doubts), err=True)
    else:
        columns = output.columns(name="Name", romanization="Spelling", sign="On signs")
        if len(shown) > len(spelled):  # a name of several classes, spelled as each is
            columns |= output.columns(category="Class")
        listed = [
            {"category": "", **each, "open": _open(each), "source": _source(each)} for each in shown
        ]
        output.table(listed, columns | output.columns(open="Undecided", source="By what"))


def _source(spelled: Mapping[str, Any]) -> str:
    """Return what a spelling rests on."""
    return "; ".join(
        values.called("reading_source", each) for each in str(spelled["source"]).split("; ")
    )


def _open(spelled: Mapping[str, Any]) -> str:
    """Return what nobody has decided of a spelling: characters with what each may be."""
    doubts = (
        f"{each['character']} {'/'.join(each['candidates'])}" for each in spelled["undecided"]
    )
    listed = values.listed(each.strip() for each in doubts)
    return listed or ("" if spelled["decided"] else wording.word("undecided"))

"""`gazetteer names`: find, place and spell names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli import commands, options, output

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
            raise click.UsageError("Give a TEXT, or --batch FILE.")
        answer = finding.search(opened, text, asked=asked)
    if as_json:
        output.as_json(answer.as_json(language))
        return
    columns = {"name": "名称", "code": "代码", "romanization": "拼写"}
    hits = answer.as_json(language)["hits"]
    rows = [{**each, "name": _shown(each), "matched": _matched(each)} for each in hits]
    output.table(rows, {**columns, "matched": "匹配", "reason": "理由", "score": "分"})


def _shown(hit: Mapping[str, Any]) -> str:
    """Return the standard name of a hit; a zone (开发区) says that it is no township."""
    return f"{hit['name']}（{hit['kind']}）" if "kind" in hit else str(hit["name"])


def _matched(hit: Mapping[str, Any]) -> str:
    """Return the name that matched; one that is not the standard name with its own spelling."""
    from gazetteer.common.value_words import value_titles

    if "matched_role" not in hit:
        return str(hit["matched"])
    role = value_titles()["role"][hit["matched_role"]].zh
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
    Example:
      gazetteer names at 石首.gpkg 112.41,29.72
    """
    from gazetteer.office.names import finding
    from gazetteer.store import County

    with County(county, lasting=batch is not None) as opened:
        if batch is not None:
            points = (finding.point(line) for line in batch)
            output.batch(finding.all_at(opened, points, as_of=as_of))
            return
        if position is None:
            raise click.UsageError("Give a LON,LAT, or --batch FILE.")
        answer = finding.at(opened, finding.point(position), as_of=as_of)
    if as_json:
        output.as_json(answer)
        return
    output.table(answer["divisions"], {"code": "代码", "name": "名称", "level": "级别"})


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
            click.echo(f"{each['name']} {each['romanization']}")
        if doubts := "; ".join(f"{each['name']} {_open(each)}" for each in spelled if _open(each)):
            click.echo(output.printable(f"待定：{doubts}"), err=True)
    else:
        columns = {"name": "名称", "romanization": "拼写", "sign": "标志"}
        if len(shown) > len(spelled):  # a name of several classes, spelled as each is
            columns["category"] = "类别"
        listed = [{"category": "", **each, "open": _open(each)} for each in shown]
        output.table(listed, {**columns, "open": "待定", "source": "依据"})


def _open(spelled: Mapping[str, Any]) -> str:
    """Return what nobody has decided of a spelling: characters with what each may be."""
    doubts = (
        f"{each['character']} {'/'.join(each['candidates'])}" for each in spelled["undecided"]
    )
    return "; ".join(each.strip() for each in doubts) or ("" if spelled["decided"] else "待定")

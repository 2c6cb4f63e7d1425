"""`gazetteer map`, `print` and `qgis`: the county on a page, on paper, in QGIS."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, remembering, thematic, values, wording
from gazetteer.common.language import Sentence, Text

if TYPE_CHECKING:
    from gazetteer.release import Review
    from maps.print import Sheet

THEMES = "overview, names, divisions, survey, findings, facilities, signs"
public = click.option(
    "--public", is_flag=True, help="What may be published: fields, precision, rows of the profile."
)
release = click.option(
    "--release",
    "review",
    metavar="REVIEW",
    help="The review passed, as NUMBER:SHA256 of the reviewed draft, or a small file with it.",
)


def _review(given: str | None) -> Review | None:
    """Return the review that an option, or the file it names, states."""
    from gazetteer import release as releases
    from gazetteer.common.errors import InputError

    if given is None:
        return None
    try:
        text = Path(given).read_text(encoding="utf-8-sig") if Path(given).is_file() else given
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Sentence("cannot be read"), place=given, remedy=Sentence("Write it as UTF-8.")
        ) from error
    return releases.review(text)


def _tell_review(review: Review | None, *, covered: bool, draft: str) -> None:
    if review is not None and not covered:
        wording.say(
            "the review {number} is of another file: the notice stays (SHA-256 of this draft: "
            "{digest})",
            number=review.number,
            digest=draft,
            err=True,
        )


@commands.command("map", once={"review": remembering.REVIEWED})
@options.county
@click.argument("out", type=options.path_type)
@click.option(
    "--theme",
    type=options.Word("theme"),
    default="overview",
    show_default=True,
    help=f"Layers shown at first: {THEMES}.",
)
@click.option("--title", default="", help="Title; the county's name where not given.")
@click.option("--base-map", metavar="TILES", help="Tiles when online: an address, or tianditu:KEY.")
@thematic.options
@public
@options.leave_out
@release
@options.as_of
@options.language
def map_(
    county: Path, out: Path, public: bool, review: str | None, language: Any, **chosen: Any
) -> None:
    """Make an interactive map in one HTML file that opens without a network.

    The map bears the notice of a draft until --release names the review of exactly this file.
    With --by it is a thematic map: townships coloured (or with symbols sized) by a column, in
    classes, with a legend.

    \b
    Examples:
      gazetteer map 石首.gpkg 石首.html --theme names
      gazetteer map 石首.gpkg 公开.html --public --release 审图.txt
      gazetteer map 石首.gpkg 石首.html --leave-out-classified
      gazetteer map 石首.gpkg 人口密度.html --by 人口 --per area
      gazetteer map 石首.gpkg 床位.html --by beds --scheme fixed --breaks 50,100,200 --symbols
    """
    from gazetteer.store import County
    from maps.county import of_county
    from maps.county_thematic import of_column

    reviewed, asked = _review(review), thematic.asked(chosen)
    how = {"language": language, "reviewed": reviewed, **chosen}
    how["profile"] = "public" if public else "internal"
    with County(county) as opened:
        if asked is None:
            made = of_county(opened, **how)
        else:
            how.pop("theme")
            made = of_column(opened, asked, **how)
    size = len(made.html.encode()) / 1e6
    wording.say("{path}: {size:.1f} MB", path=made.save(out), size=size)
    output.tell_left_out(made.released.left_out)
    _tell_review(reviewed, covered=made.reviewed, draft=made.draft_sha256)


@commands.command("print", once={"review": remembering.REVIEWED})
@options.county
@click.argument("out", type=options.path_type)
@click.option(
    "--sheet",
    "kind",
    default="divisions",
    show_default=True,
    type=options.Choice(
        [
            *("divisions", "names", "township", "line", "findings", "facilities"),
            *("before", "change", "series"),
        ],
        "sheet",
    ),
    help="Which sheet; series: one a township, OUT being a folder.",
)
@click.option("--township", metavar="CODE", help="The township of the sheet `township`.")
@click.option("--line", metavar="CODE", help="The line of the sheet `line`.")
@click.option("--since", metavar="DATE", help="Day before the change (sheets before and change).")
@click.option("--paper", type=click.Choice(["A3", "A4"]), default="A3", show_default=True)
@click.option("--font", type=options.path_type, help="Font file; Noto Sans CJK where not given.")
@click.option(
    "--neighbours",
    type=options.path_type,
    metavar="FILE",
    help="Divisions around the county, drawn pale: a file of areas with a column name.",
)
@click.option("--title", default="", help="Title; {name} stands for the name of the subject.")
@click.option(
    "--scale",
    type=options.Number(least=100),
    metavar="N",
    help="Scale 1:N of a names map, on as many sheets as it takes; else such that four fifths "
    "of the names in its index stand on it.",
)
@click.option("--whole", is_flag=True, help="One sheet, however few names find room on it.")
@click.option("--made-by", default="", help="Who made it; the county's civil affairs office else.")
@click.option("--made-on", default="", help="Date of making as it is to stand there; blank else.")
@click.option("--source", default="", help="What the sheet rests on; the county's register else.")
@public
@options.leave_out
@release
@options.as_of
@options.language
def print_(
    county: Path,
    out: Path,
    kind: str,
    township: str | None,
    line: str | None,
    paper: str,
    font: Path | None,
    public: bool,
    review: str | None,
    language: Any,
    **chosen: Any,
) -> None:
    """Print a sheet as vector PDF with the Chinese font embedded.

    \b
    Examples:
      gazetteer print 石首.gpkg 区划.pdf
      gazetteer print 石首.gpkg 罗店镇.pdf --sheet township --township 421081104 --paper A4
      gazetteer print 石首.gpkg 地名.pdf --sheet names --scale 50000
      gazetteer print 石首.gpkg 图集 --sheet series
      gazetteer print 石首.gpkg 方案.pdf --sheet change --since 2025-12-31
      gazetteer print 石首.gpkg 区划.pdf --made-by 石首市民政局 --made-on 2026年3月
    """
    from boundaries.office import sources
    from gazetteer import release as releases
    from gazetteer.store import County
    from maps import sheets
    from maps.print import Edition

    reviewed = _review(review)
    _has_room(chosen)
    imprint = {key: chosen.pop(key) for key in ("made_by", "made_on", "source", "scale", "whole")}
    edition = Edition(paper=paper, language=language, font=font, review=reviewed, **imprint)
    profile = "public" if public else "internal"
    subject = {"township": township, "line": line}.get(kind)
    if kind in ("township", "line") and not subject:
        told = wording.sentence("--sheet {kind} needs --{option} CODE.", kind=kind, option=kind)
        raise click.UsageError(told)
    series, around = kind == "series", chosen.pop("neighbours")
    order = sheets.Order(
        kind="township" if series else kind,
        subject=subject,
        profile=profile,
        neighbours=None if around is None else sources.areas(around),
        **chosen,
    )
    with County(county) as opened:
        if series:
            releases.make_folder(out, above=False)
            for code, made in sheets.series_of(opened, order=order, edition=edition):
                _tell_sheet(made, made.save(out / f"{code}.pdf"), reviewed)
        else:
            made = sheets.sheet_of(opened, order=order, edition=edition)
            _tell_sheet(made, made.save(out), reviewed)


_ROOM = {"title": 60, "made_by": 30, "made_on": 20, "source": 50}
"""Characters for which a sheet of A4 has room, in letters that can be read."""


def _has_room(chosen: Mapping[str, Any]) -> None:
    for name, most in _ROOM.items():
        if len(chosen[name] or "") > most:
            told = wording.sentence(
                "--{option} has {count} characters; a sheet has room for {most}.",
                option=name.replace("_", "-"), count=len(chosen[name]), most=most,
            )  # fmt: skip
            raise click.UsageError(told)


def _tell_sheet(made: Sheet, path: Path, review: Review | None) -> None:
    wording.say("{path}: {title}, 1:{scale:.0f}", path=path, title=made.title, scale=made.scale)
    output.tell_left_out(made.released.left_out)
    if told := made.told():
        click.echo(f"  {output.printable(told)}")
    for character, texts in made.missing.items():
        wording.say(
            "  the font lacks {character!r} (U+{code:04X}), wanted in {texts}: give a font that "
            "has it (--font)",
            character=character,
            code=ord(character),
            texts=values.listed(texts[:3]),
            err=True,
        )
    _tell_review(review, covered=made.reviewed, draft=made.draft_sha256)


@commands.command(repeats=True)
@click.argument("county", type=options.path_type, required=False)
@click.option(
    "--theme",
    "theme",
    type=options.Word("theme"),
    default="overview",
    show_default=True,
    help=f"Layers switched on: {THEMES}; all for a project a theme.",
)
@click.option(
    "--plugin",
    type=options.path_type,
    metavar="OUT",
    help="Write the plugin for QGIS (.zip): tools for Processing, names in the locator bar.",
)
@options.dry_run
@options.language
def qgis(county: Path | None, theme: str, plugin: Path | None, language: Any) -> None:
    """Style the county file for QGIS, and write a project beside it.

    The styles (symbols, labels, Chinese aliases, value lists) go into the file itself, so that any
    layer dragged into QGIS shows as on our maps; a style that you have made the default stays the
    default. The project loads the real layers at their current versions, with layouts to print
    from. The plugin is installed in QGIS from its zip file, and calls this command.

    \b
    Examples:
      gazetteer qgis 石首.gpkg
      gazetteer qgis 石首.gpkg --theme survey
      gazetteer qgis --plugin gazetteer_qgis.zip
    """
    from gazetteer import release as releases
    from maps.qgis.packed import plugin as packed

    if county is None and plugin is None:
        raise click.UsageError(wording.sentence("Name a county file."))
    if county is not None:
        _projects(county, theme, language)
    if plugin is not None:
        releases.put(plugin, packed())
        click.echo(str(plugin))


def _projects(county: Path, theme: str, language: Any) -> None:
    from gazetteer import release as releases
    from gazetteer.kinds import LAYERS
    from gazetteer.store import County
    from maps import stated, style
    from maps.qgis import county_styles, project
    from maps.qgis.divisions import extent
    from maps.qgis.divisions import tints as tinted

    themes = list(style.themes()) if theme == "all" else [theme]
    with County(county, writing=True) as opened:
        divisions = opened.layer("divisions")
        sides = extent(divisions, county=opened.division_code)
        tints = tinted(divisions)
        name = opened.setting("division_name") or opened.division_code
        event = stated.in_brief(stated.last(opened, LAYERS), language=language)
        told = Text(f"工程{event}，图层随县库", f"Project {event}; layers as the file is")
        how = {"language": language, "extent": sides, "tints": tints, "name": name}
        how["stated"] = told.say(language) if event else ""
        projects = {each: project(county.name, theme=each, **how) for each in themes}
        count = opened.put_styles(county_styles(language=language, tints=tints))
    released = releases.gate({"divisions": divisions})
    wording.say("{path}: {count} styles", path=county, count=count)
    for each, content in projects.items():
        beside = county.with_name(f"{county.stem}-{style.theme(each).title.say(language)}.qgz")
        releases.leave(beside, content, released=released)
        click.echo(str(beside))

"""`gazetteer boundaries`: check a tiling; lines and markers as records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, values, wording
from gazetteer.common.language import Sentence

if TYPE_CHECKING:
    import geopandas as gpd

    from gazetteer.common.findings import Finding


@commands.group()
def boundaries() -> None:
    """Check boundary polygons; describe lines, check markers, write their forms.

    \b
    Example:
      gazetteer boundaries check 乡镇界.shp --parent 县界.shp
    """


@boundaries.command()
@click.argument("input", type=options.path_type)
@click.option("--parent", type=options.path_type, help="Outline that the units have to fill.")
@click.option("--layer", help="Layer, where the file has several.")
@click.option(
    "--width",
    "width_m",
    type=options.number,
    metavar="METRES",
    help="Only defects no wider than this.",
)
@click.option("--faces", is_flag=True, help="Every sliver of a line that was drawn twice.")
@click.option(
    "--since",
    metavar="FILE|DATE",
    help="Only what is new since an earlier delivery; of a county file, since a day.",
)
@click.option("--json-lines", is_flag=True, help="One JSON object a finding and line.")
@click.option(
    "--exclave", "exclaves", multiple=True, metavar="CODE", help="Declared exclave; repeatable."
)
@click.option(
    "--keep", is_flag=True, help="County file: keep the findings in it, close those gone."
)
@options.crs
@options.dry_run
@options.answer
def check(
    input: Path,  # noqa: A002 - the word of the command line
    parent: Path | None,
    layer: str | None,
    since: str | None,
    keep: bool,
    crs: str | None,
    language: Any,
    as_json: bool,
    json_lines: bool,
    **how: Any,
) -> None:
    """Find gaps, overlaps and other defects of polygons, in the CRS they were delivered in.

    INPUT is any file of polygons, or a county file (each level against the one above). Exit status
    1 where a defect was found. --width only filters: a larger width never loses a finding. Where
    two neighbours drew their line apart, all slivers along one stretch are one finding; --faces
    lists each of them. --since leaves out what was there before, and matches again only the units
    that differ; how many findings are gone is said on the error output.

    \b
    Examples:
      gazetteer boundaries check 乡镇界.shp --parent 县界.shp --width 5
      gazetteer boundaries check 石首.gpkg --keep
      gazetteer boundaries check 全国县界.gpkg --json --faces > 缝隙与重叠.json
    """
    from boundaries.office import rechecking, sources

    notes: list[Finding] = []  # the parents of a county file were decided when it was filled
    frame = sources.of_county(input)
    if frame is None:
        if keep:
            raise click.UsageError(wording.sentence("--keep is for county files."))
        frame = sources.units(input, layer=layer, crs=crs)
        notes = sources.other_parents(frame)
    outline = None if parent is None else sources.units(parent, crs=crs)
    if since is None:
        found = rechecking.tiled(frame, outline, **how) + notes
    else:
        if keep:
            told = "--keep keeps all findings, --since tells the new ones only."
            raise click.UsageError(wording.sentence(told))
        before = _before(input, since, layer=layer, crs=crs)
        found = _since(before, frame, outline, **how)
    if keep:
        _keep(input, found, how if parent is None else None)
    output.findings(found, language=language, json_wanted=as_json, lines=json_lines)


def _before(path: Path, since: str, *, layer: str | None, crs: str | None) -> gpd.GeoDataFrame:
    """Return the units as they were: of an earlier file, or of a county file before a day."""
    from boundaries.office import sources
    from gazetteer.common.errors import InputError

    earlier = Path(since)
    if earlier.exists():
        stored = sources.of_county(earlier)
        return sources.units(earlier, layer=layer, crs=crs) if stored is None else stored
    stored = sources.before(path, since)
    if stored is None:
        raise InputError(
            Sentence("there is no such file"),
            place=since,
            remedy=Sentence("Name the earlier delivery."),
        )
    return stored


def _since(
    before: gpd.GeoDataFrame,
    frame: gpd.GeoDataFrame,
    outline: gpd.GeoDataFrame | None,
    **how: Any,
) -> list[Finding]:
    from boundaries import tiling
    from boundaries.office import sources
    from gazetteer.common.errors import InputError

    then, now = sources.levels(before), sources.levels(frame)
    if len(then) != len(now):
        msg = Sentence("it has {now} levels, and had {before}", now=len(now), before=len(then))
        raise InputError(msg, remedy=Sentence("Check it whole, without --since."))
    new, gone, stay = [], 0, 0
    for (old, over), (units, above) in zip(then, now, strict=True):
        parents = (over, above) if outline is None else (outline, outline)
        changes = tiling.since(old, units, parents=parents, **how)
        new += changes.new
        gone, stay = gone + len(changes.gone), stay + len(changes.stay)
    told = "since: {new} new, {gone} gone, {stay} as before"
    wording.say(told, new=len(new), gone=gone, stay=stay, err=True)
    return new


def _keep(path: Path, found: list[Finding], how: dict[str, Any] | None) -> None:
    """Keep findings; those of an outline beside the county file cannot be asked for again."""
    from boundaries.office.rechecking import TILING
    from gazetteer.store import County, keep_findings
    from gazetteer.store.rechecking import asked

    again = None if how is None else asked(TILING, **how)
    with County(path, writing=True) as county, county.change(TILING) as change:
        keep_findings(change, found, check="tiling/", asked=again)


@boundaries.command()
@click.argument("input", type=options.path_type)
@click.option("--layer", help="Layer, where the file has several.")
@click.option("--out", type=options.path_type, help="Where lines and nodes go (.gpkg).")
@options.crs
@options.json_output
def lines(
    input: Path,  # noqa: A002 - the word of the command line
    layer: str | None,
    out: Path | None,
    crs: str | None,
    as_json: bool,
) -> None:
    """Take the shared lines out of a tiling: each once, with the units on either side.

    \b
    Example:
      gazetteer boundaries lines 乡镇界.shp --out 界线.gpkg
    """
    from boundaries.lines import extract
    from boundaries.office import sources
    from gazetteer import exchange

    frame = sources.of_county(input)
    if frame is None:
        frame = sources.units(input, layer=layer, crs=crs)
    network = extract(sources.lowest(frame))
    if out is not None:
        exchange.write({"lines": network.lines, "nodes": network.nodes}, out)
    rows = network.lines.drop(columns="geometry").to_dict("records")
    if as_json:
        output.as_json({"lines": rows, "nodes": len(network.nodes)})
        return
    names = values.names_in(frame)
    shown = [
        {
            **row,
            "left": values.with_name(str(row["left"]), names),
            "right": values.with_name(str(row["right"] or ""), names),
            "outer": bool(row["outer"]),
        }
        for row in rows
    ]
    output.table(shown, LINES)
    points = int(network.nodes["tri_point"].sum())
    wording.say("{lines} lines, {points} tri-points", lines=len(rows), points=points)


LINES = output.columns(
    line_id="Number", left="Left", right="Right", outer="Outer", length_m="Length (m)"
)


@boundaries.command()
@options.county
@click.argument("line")
@click.argument("course", type=options.path_type)
@options.crs
@click.option("--reason", required=True, help="Why the line changes (agreement, correction).")
@click.option("--document", help="The agreement or decision.")
@options.dry_run
@options.language
def replace(
    county: Path,
    line: str,
    course: Path,
    crs: str | None,
    reason: str,
    document: str | None,
    language: Any,
) -> None:
    """Give a shared line a new course, and to all that has to follow it, in one event.

    LINE is its number in `boundaries lines COUNTY`; COURSE a file with the one line, between the
    same two nodes. The polygons of both sides follow at every level, and the line records that run
    there, with their lengths; a route description (走向说明) of the old course is taken off.
    Markers off the new course stay and are told: they have to be set anew. Refused, with nothing
    changed, where polygons or records do not meet in the line as it is, or the course takes land
    of a third division, cuts one in two or leaves a tri-point behind. `undo` takes all back.

    \b
    Example:
      gazetteer boundaries replace 石首.gpkg '421081100|421081101#1' 新线.shp --reason 勘界
    """
    from boundaries.office import redrawing
    from gazetteer.store import County

    drawn = redrawing.course(course, crs=crs)
    done = redrawing.replace(county, line, drawn, reason=reason, document=document, file=course)
    with County(county) as opened:
        names = values.names_by_code(opened, "divisions")
    wording.say(
        "{line}: {shapes} changed, {count} line records",
        line=line,
        shapes=values.listed(values.with_name(code, names) for code in done.shapes),
        count=len(done.lines),
    )
    if done.markers:
        markers = values.listed(done.markers)
        wording.say("off the new course, to be set anew: {markers}", markers=markers)


@boundaries.command()
@options.county
@click.argument("line")
@click.option("--features", type=options.path_type, help="Further named lines, such as rivers.")
@click.option("--layer", help="Layer of --features, where it has several.")
@click.option(
    "--check", "checked", type=options.path_type, help="Existing description (.docx, .txt)."
)
@click.option("--out", type=options.path_type, help="Where the description goes (.docx).")
@options.answer
def describe(
    county: Path,
    line: str,
    features: Path | None,
    layer: str | None,
    checked: Path | None,
    out: Path | None,
    language: Any,
    as_json: bool,
) -> None:
    """Write the route description (走向说明) of a line, or check one that was written.

    LINE is a code or a name. Told are the sixteen true-north directions, geodesic distances, and
    which roads and other named features the line follows and crosses. With --check the statements
    of a text that the line contradicts are listed, the stretches and markers that it leaves out,
    and, as a note, its words that could not be compared; exit status 1 where it is contradicted.

    \b
    Examples:
      gazetteer boundaries describe 石首.gpkg 421081100101 --features 河流.shp --out 走向说明.docx
      gazetteer boundaries describe 石首.gpkg 421081100101 --check 走向说明.docx
    """
    from boundaries.office import records, sources
    from boundaries.survey import shipped
    from gazetteer import release
    from gazetteer.store import County

    with County(county) as opened:
        known = records.of_county(opened)
    row = known.line(line)
    code, name = str(row["code"]), str(row["name"] or "")
    further = None if features is None else sources.features(features, layer=layer)
    if checked is not None:
        text = records.text_of(checked, about=(code, name))
        named, profile = records.around(known, further), shipped("township-10000")
        found = records.contradictions(known, code, text, profile=profile, features=named)
        output.findings(found, language=language, json_wanted=as_json)
        return
    code, description = records.describe(known, code, features=further)
    if out is not None:
        drawn = _figure(county, code, language)
        made = records.document(code, name, description, figure=drawn, language=language)
        described = known.lines[known.lines["code"] == code]
        release.leave(out, made, released=release.gate({"lines": described}))
    if as_json:
        output.as_json({"code": code, "name": name, "zh": description.zh, "en": description.en})
        return
    click.echo(output.printable(description.say(language)))


def _figure(county: Path, code: str, language: Any) -> list[Any]:
    """Return the map of a line for its document."""
    from gazetteer.store import County
    from maps import sheets

    with County(county) as opened:
        order = sheets.Order(kind="line", subject=code)
        return sheets.illustration_of(opened, order=order, language=language)


@boundaries.command()
@options.county
@click.argument("line", required=False)
@click.option("--all", "every", is_flag=True, help="All lines.")
@click.option("--out", type=options.path_type, required=True, help="Folder for the forms.")
@options.json_output
def forms(county: Path, line: str | None, every: bool, out: Path, as_json: bool) -> None:
    """Write 界桩登记表, 界桩成果表 and 边界点成果表 as Excel and Word.

    Through the release gate: a manifest with hashes lies beside them. Each form can be imported
    again.

    \b
    Example:
      gazetteer boundaries forms 石首.gpkg 421081100101 --out 表格
    """
    from boundaries.office import forms_written, records
    from gazetteer.store import County

    if (line is None) != every:
        raise click.UsageError(wording.sentence("Name a LINE, or say --all."))
    with County(county) as opened:
        known = records.of_county(opened)
    done = forms_written.write(known, out, line=line)
    if as_json:
        files = [str(path) for path in done.files]
        written = {"files": files, "markers": done.markers, "points": done.points}
        output.as_json({**written, "manifest": str(done.manifest)})
        return
    click.echo("\n".join(str(path) for path in done.files))
    wording.say(
        "{markers} markers, {points} boundary points; {manifest}",
        markers=done.markers,
        points=done.points,
        manifest=done.manifest,
    )


@boundaries.command()
@options.county
@click.option("--keep", is_flag=True, help="Keep the findings in the county file.")
@options.dry_run
@options.answer
def markers(county: Path, keep: bool, language: Any, as_json: bool) -> None:
    """Check the markers: series, gaps, duplicates, places, heights, reference objects.

    Tolerances nobody has confirmed yield notes. Exit status 1 where an error or a warning was
    found.

    \b
    Example:
      gazetteer boundaries markers 石首.gpkg --keep
    """
    from boundaries.office import records
    from boundaries.office.rechecking import MARKERS, PROFILE
    from boundaries.survey import shipped
    from gazetteer.store import County, keep_findings
    from gazetteer.store.rechecking import asked

    with County(county) as opened:
        known = records.of_county(opened)
    found = records.check(known, profile=shipped(PROFILE))
    if keep:
        with County(county, writing=True) as opened, opened.change(MARKERS) as change:
            keep_findings(change, found, check=records.RULES, asked=asked(MARKERS))
    output.findings(found, language=language, json_wanted=as_json)

"""`gazetteer facilities` catchments, geocode."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli import commands, options, output, values, wording
from cli import facility_options as shared

if TYPE_CHECKING:
    import geopandas as gpd


@commands.command()
@options.county
@click.argument("out", type=options.path_type)
@shared.kinds
@click.option("--minutes", default="5,10,15", show_default=True, metavar="LIST", help="Times.")
@click.option(
    "--walker",
    type=options.Word("walker"),
    default="elderly",
    show_default=True,
    help="adult, elderly or child.",
)
@click.option("--speed", type=options.number, metavar="M/S", help="Another speed for who walks.")
@click.option(
    "--width",
    type=options.number,
    default=50.0,
    show_default=True,
    help="Half-width of the strips, metres.",
)
@shared.roads
@options.as_of
@options.json_output
def catchments(
    county: Path,
    out: Path,
    words: tuple[str, ...],
    minutes: str,
    walker: str,
    speed: float | None,
    width: float,
    as_of: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Write the ground within so many minutes of a facility as polygons.

    \b
    Example:
      gazetteer facilities catchments 楚溪县.gpkg 步行圈.gpkg --kind 日间照料中心
    """
    from facilities import sources
    from facilities.catchments import catchments as drawn
    from facilities.ground import ground
    from facilities.status import EXAMPLE_DATA
    from facilities.walking import profile
    from gazetteer import exchange, release

    loaded = sources.county(county, as_of=as_of, roads=shared.roads_of(given))
    sites = loaded.of_kinds(words)
    where = ground(
        sites, sites, profile=profile(walker, speed_m_s=speed), network=loaded.frames.network
    )
    found = drawn(where, minutes=_minutes(minutes), width_m=width)
    found = found.assign(source=EXAMPLE_DATA.zh) if loaded.example else found
    # the ground around a facility tells where it is
    released = release.gate({"facilities": sites, "catchments": found})
    exchange.write(released.layers["catchments"], out, layer="catchments", released=released)
    rows = found.drop(columns="geometry").to_dict("records")
    if as_json:
        answer = {"out": str(out), "measured_by": where.metric.zh, "catchments": rows}
        output.as_json(shared.marked(answer, loaded))
        return
    shared.head(loaded, "zh")
    shared.tell(loaded.findings, "zh")
    areas = [{"minutes": f"{r['minutes']:g}", "km2": r["area_m2"] / 1e6} for r in rows]
    output.table(areas, output.columns(minutes="Minutes", km2="Square kilometres"))
    wording.say("{path}: {metric}", path=out, metric=where.metric)


def _minutes(text: str) -> list[float]:
    try:
        return [options.number.convert(each, None, None) for each in text.split(",")]
    except click.BadParameter:
        told = wording.sentence("{given!r} is no list of minutes such as 5,10,15", given=text)
        raise click.BadParameter(told) from None


@commands.command()
@options.county
@click.argument("texts", nargs=-1)
@options.batch
@click.option("--review", is_flag=True, help="Only what a person has to look at.")
@click.option(
    "--list", "listed", type=options.path_type, help="Table of facilities that says where by name."
)
@click.option("--column", metavar="COLUMN", help="Its column that says where; 所在地, 地址 ...")
@click.option(
    "--out", type=options.path_type, help="Where the certain rows go, those in doubt beside it."
)
@options.as_of
@options.json_output
def geocode(
    county: Path,
    texts: tuple[str, ...],
    batch: TextIO | None,
    review: bool,
    listed: Path | None,
    column: str | None,
    out: Path | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Find the place that a list calls "某镇某村": point, confidence, what was assumed.

    With --list and --out the rows that are certain get coordinates and can be imported with
    --crs EPSG:4490; the others go to a list of their own (待核) with what was found as a proposal.

    \b
    Examples:
      gazetteer facilities geocode 石首.gpkg 小河镇南河口村
      gazetteer facilities geocode 石首.gpkg --batch 名单.txt --review
      gazetteer facilities geocode 石首.gpkg --list 骨灰堂.xlsx --out 骨灰堂-定位.xlsx
    """
    if listed is not None or out is not None:
        _locate_list(county, listed, out, column, as_of, as_json)
        return
    from facilities import sources
    from facilities.geocode import geocode as located
    from facilities.geocode import review_list

    asked = [*texts, *(line.strip() for line in batch or ())]
    if not asked:
        raise click.UsageError(wording.sentence("Give a TEXT, or --batch FILE."))
    found = located(asked, sources.named_divisions(county, as_of=as_of))
    rows = _located(review_list(found) if review else found)
    if batch is not None:
        output.batch(rows)
    elif as_json:
        output.as_json(rows)
    else:
        output.table([{**each, **_read(each)} for each in rows], FOUND)


FOUND = output.columns(
    text="As written",
    name="Name",
    code="Code",
    confidence="Score",
    lon="Longitude",
    lat="Latitude",
    note="Remark",
)


def _read(row: dict[str, Any]) -> dict[str, str]:
    degrees = {axis: "" if row[axis] is None else f"{row[axis]:.6f}" for axis in ("lon", "lat")}
    return {**degrees, "confidence": values.share(row["confidence"])}


def _locate_list(
    county: Path,
    listed: Path | None,
    out: Path | None,
    column: str | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    from facilities import sources
    from facilities.listing import located
    from gazetteer import exchange

    if listed is None or out is None:
        raise click.UsageError(wording.sentence("Give both --list FILE and --out FILE."))
    divisions = sources.named_divisions(county, as_of=as_of)
    sure, doubtful = located(sources.texts(listed), divisions, column=column)
    beside = out.with_name(f"{out.stem}-待核{out.suffix}")
    for rows, path in ((sure, out), (doubtful, beside)):
        exchange.write(rows, path)
    if as_json:
        answer = {"located": len(sure), "review": len(doubtful), "out": str(out)}
        output.as_json({**answer, "review_file": str(beside)})
        return
    wording.say("{path}: {count} rows located", path=out, count=len(sure))
    wording.say("{path}: {count} rows to be looked at", path=beside, count=len(doubtful))


def _located(found: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in found.to_dict("records"):
        point = row.pop("geometry")
        lon, lat = (None, None) if point is None else (round(point.x, 7), round(point.y, 7))
        rows.append({**row, "code": row["code"] or None, "lon": lon, "lat": lat})
    return rows

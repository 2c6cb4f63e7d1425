"""`gazetteer facilities` catchments, geocode."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli import facility_options as shared
from cli import options, output

if TYPE_CHECKING:
    import geopandas as gpd


@click.command()
@options.county
@click.argument("out", type=options.path_type)
@shared.kinds
@click.option("--minutes", default="5,10,15", show_default=True, metavar="LIST", help="Times.")
@click.option("--walker", default="elderly", show_default=True, help="adult, elderly or child.")
@click.option("--width", default=50.0, show_default=True, help="Half-width of the strips, metres.")
@shared.roads
@options.as_of
@options.json_output
def catchments(
    county: Path,
    out: Path,
    words: tuple[str, ...],
    minutes: str,
    walker: str,
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
    from facilities.walking import profile
    from gazetteer import exchange

    loaded = sources.county(county, as_of=as_of, roads=shared.roads_of(given))
    sites = loaded.of_kinds(words)
    where = ground(sites, sites, profile=profile(walker), network=loaded.frames.network)
    found = drawn(where, minutes=_minutes(minutes), width_m=width)
    exchange.write(found, out, layer="catchments")
    rows = found.drop(columns="geometry").to_dict("records")
    if as_json:
        output.as_json({"out": str(out), "measured_by": where.metric.zh, "catchments": rows})
        return
    shared.tell(loaded.findings, "zh")
    told = [{"minutes": f"{r['minutes']:g}", "km2": r["area_m2"] / 1e6} for r in rows]
    output.table(told, {"minutes": "分钟", "km2": "平方公里"})
    click.echo(f"{out}: {where.metric.zh}")


def _minutes(text: str) -> list[float]:
    try:
        return [float(each) for each in text.split(",")]
    except ValueError:
        raise click.BadParameter(f"{text!r} is no list of minutes such as 5,10,15") from None


@click.command()
@options.county
@click.argument("texts", nargs=-1)
@options.batch
@click.option("--review", is_flag=True, help="Only what a person has to look at.")
@options.as_of
@options.json_output
def geocode(
    county: Path,
    texts: tuple[str, ...],
    batch: TextIO | None,
    review: bool,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Find the place that a list calls "某镇某村": point, confidence, what was assumed.

    \b
    Examples:
      gazetteer facilities geocode 石首.gpkg 小河镇南河口村
      gazetteer facilities geocode 石首.gpkg --batch 名单.txt --review
    """
    from facilities import sources
    from facilities.geocode import geocode as located
    from facilities.geocode import review_list

    asked = [*texts, *(line.strip() for line in batch or ())]
    if not asked:
        raise click.UsageError("Give a TEXT, or --batch FILE.")
    found = located(asked, sources.named_divisions(county, as_of=as_of))
    rows = _located(review_list(found) if review else found)
    if batch is not None:
        output.batch(rows)
    elif as_json:
        output.as_json(rows)
    else:
        columns = {"text": "原文", "name": "地名", "code": "代码", "confidence": "把握"}
        output.table(rows, {**columns, "lon": "经度", "lat": "纬度", "note": "说明"})


def _located(found: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in found.to_dict("records"):
        point = row.pop("geometry")
        lon, lat = (None, None) if point is None else (round(point.x, 7), round(point.y, 7))
        rows.append({**row, "code": row["code"] or None, "lon": lon, "lat": lat})
    return rows

"""`gazetteer facilities` catchments, cemeteries, geocode."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli import facility_options as shared
from cli import options, output

if TYPE_CHECKING:
    import geopandas as gpd

    from facilities.answers import Cemeteries


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
@click.option(
    "--profile",
    default="national-2012",
    show_default=True,
    help="Where graves may not be: national-2012, chongqing-500, province-300, shandong, "
    "three-lines-six-areas.",
)
@click.option(
    "--zones",
    "features",
    type=options.path_type,
    help="Layer of railways, roads, waters ... with their class in `kind`; the county file's "
    "zones otherwise.",
)
@click.option("--graves", type=options.path_type, help="Layer of graves with their state.")
@click.option("--ledger", type=options.path_type, help="Inspections held: facility, date.")
@click.option("--year", type=int, help="Year of the ledger; that of --as-of where not given.")
@click.option("--deaths", type=float, metavar="RATE", help="Deaths a year per 1,000 people.")
@click.option("--crs", metavar="CRS", help="CRS of the layers, where they do not state it.")
@options.as_of
@options.language
@options.json_output
def cemeteries(
    county: Path,
    profile: str,
    features: Path | None,
    graves: Path | None,
    ledger: Path | None,
    year: int | None,
    deaths: float | None,
    as_of: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Check cemeteries: restricted zones, land, green share, existing graves, yearly inspection.

    \b
    Example:
      gazetteer facilities cemeteries 石首.gpkg --profile shandong --zones 三沿六区.gpkg
    """
    from facilities import answers, sources
    from gazetteer.findings import failed, summary

    loaded = sources.county(county, as_of=as_of, roads=sources.Roads(straight=True))
    found = answers.cemeteries(
        loaded,
        rules=profile,
        features=None if features is None else sources.features(features, crs=given["crs"]),
        graves=None if graves is None else sources.grave_points(graves, crs=given["crs"]),
        ledger=None if ledger is None else sources.ledger(ledger),
        year=year,
        deaths_per_thousand=deaths,
    )
    findings = list(found.findings)
    if as_json:
        told = [each.as_json(given["language"]) for each in findings]
        output.as_json({"findings": told, "summary": summary(findings), **found.as_json()})
        raise SystemExit(1 if failed(findings) else 0)
    _print_cemeteries(found)
    output.findings(findings, language=given["language"], json_wanted=False)


def _print_cemeteries(found: Cemeteries) -> None:
    if len(found.treated):
        columns = {"zone": "限制区", "graves": "坟墓", "treated": "已治理", "rate": "治理率"}
        output.table(found.treated.to_dict("records"), columns)
    if len(found.due):
        click.echo(
            f"未登记年检 {len(found.due)} 处:{'、'.join(found.due['name'].head(shared.SHOWN))}"
        )
    if len(found.years):
        columns = {"name": "名称", "people": "服务人口", "years": "尚可使用(年)"}
        output.table(found.years.to_dict("records"), columns)


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

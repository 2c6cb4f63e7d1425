"""`gazetteer facilities cemeteries`: where graves may not be, and what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output
from cli import facility_options as shared

if TYPE_CHECKING:
    from facilities.cemeteries.answer import Asked, Cemeteries
    from facilities.sources import Loaded
    from gazetteer.common.findings import Finding
    from gazetteer.common.language import Language


@commands.command()
@options.county
@click.option(
    "--profile",
    default="national-2012",
    show_default=True,
    help="Where graves may not be: national-2012, chongqing-500, province-300, shandong, "
    "three-lines-six-areas, or a table of your own (.csv) with the columns of these.",
)
@click.option(
    "--zones",
    "features",
    type=options.path_type,
    help="Layer of railways, roads, waters ... with their class in `kind`; the county file's "
    "zones otherwise.",
)
@click.option("--graves", type=options.path_type, help="Layer of graves with their state.")
@click.option(
    "--terrain",
    type=options.path_type,
    help="Raster of heights: zones of visible range are cut to what is seen; slopes count.",
)
@click.option(
    "--sight", type=options.number, metavar="METRES", help="How far one looks; as --profile says."
)
@click.option("--suitability", type=options.path_type, help="Write where a cemetery could stand.")
@click.option(
    "--cell",
    type=options.number,
    default=500.0,
    show_default=True,
    help="Cells of that map, metres.",
)
@click.option(
    "--land",
    type=options.number,
    default=50.0,
    show_default=True,
    help="Largest village cemetery, mu.",
)
@click.option(
    "--green",
    type=options.number,
    default=80.0,
    show_default=True,
    help="Least green share, per cent.",
)
@click.option("--ledger", type=options.path_type, help="Inspections held: facility, date.")
@click.option("--since", type=int, help="First year of the ledger; --year where not given.")
@click.option("--year", type=int, help="Last year of the ledger; that of --as-of where not given.")
@click.option(
    "--deaths", type=options.number, metavar="RATE", help="Deaths a year per 1,000 people."
)
@click.option("--crs", metavar="CRS", help="CRS of the layers, where they do not state it.")
@shared.out
@options.as_of
@options.answer
def cemeteries(
    county: Path,
    suitability: Path | None,
    out: Path | None,
    as_of: str | None,
    language: Any,
    as_json: bool,
    **given: Any,
) -> None:
    """Check cemeteries: restricted zones, land, green share, existing graves, yearly inspection.

    \b
    Examples:
      gazetteer facilities cemeteries 石首.gpkg --profile shandong --zones 三沿六区.gpkg
      gazetteer facilities cemeteries 石首.gpkg --profile three-lines-six-areas --zones 要素.gpkg \\
          --terrain 高程.tif --suitability 适宜性.gpkg --out 报告
    """
    from facilities import sources
    from facilities.cemeteries.answer import cemeteries as checked
    from gazetteer.common.findings import failed, summary

    loaded = sources.county(county, as_of=as_of, roads=sources.Roads(straight=True))
    asked = _asked(loaded, given, cells=suitability is not None or out is not None)
    found = checked(loaded.frames, asked, roads=loaded.roads, outline=loaded.outline)
    findings = (*loaded.findings, *found.findings)
    paths = _written(found, suitability, loaded)
    if out is not None:
        from maps.facilities import hand_on_cemeteries

        how = {"loaded": loaded, "findings": findings, "language": language}
        paths += hand_on_cemeteries(found, out, **how)
    if as_json:
        listed = [each.as_json(language) for each in findings]
        every = {"findings": listed, "summary": summary(findings), **found.as_json()}
        output.as_json(shared.marked(every, loaded))
    else:
        shared.head(loaded, language)
        _tell(found, findings, language)
        shared.written(paths)
    raise SystemExit(1 if failed(findings) else 0)


def _asked(loaded: Loaded, given: dict[str, Any], *, cells: bool) -> Asked:
    from facilities import sources
    from facilities.cemeteries.answer import Asked
    from facilities.cemeteries.profiles import seen_as_far_as
    from facilities.cemeteries.rules import Limits

    crs, year = given["crs"], given["year"] or int((loaded.frames.as_of or "")[:4])
    layers = {
        "features": lambda path: sources.features(path, crs=crs),
        "graves": lambda path: sources.grave_points(path, crs=crs),
        "ledger": sources.ledger,
    }
    read = {name: given[name] and call(given[name]) for name, call in layers.items()}
    return Asked(
        rules=seen_as_far_as(sources.zone_profile(given["profile"]), given["sight"]),
        limits=Limits(land_mu=given["land"], green_percent=given["green"]),
        years=(given["since"] or year, year),
        deaths_per_thousand=given["deaths"],
        ground=given["terrain"] and sources.terrain(given["terrain"], loaded, crs=crs),
        cell_m=given["cell"] if cells else None,
        **read,
    )


def _written(found: Cemeteries, path: Path | None, loaded: Loaded) -> tuple[Path, ...]:
    from gazetteer import exchange, release

    if path is None or found.cells is None:
        return ()
    # what is far from every cemetery tells where they are
    released = release.gate({"facilities": loaded.frames.records, "suitability": found.cells})
    exchange.write(released.layers["suitability"], path, layer="suitability", released=released)
    return (path,)


def _tell(found: Cemeteries, findings: Sequence[Finding], language: Language) -> None:
    from facilities.cemeteries.report import sentences, tables
    from facilities.words import said

    for line in sentences(found, language=language):
        click.echo(line)
    for key, table in tables(found, findings=(), language=language).items():
        click.echo(said(key, language))
        shared.table(table.head(shared.SHOWN), language)
    output.findings(list(findings), language=language, json_wanted=False)

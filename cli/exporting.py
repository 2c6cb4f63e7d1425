"""`gazetteer export`: layers out of the county file, through the release gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli import options, output


@click.command()
@options.county
@click.argument("layer")
@click.argument("out", type=options.path_type)
@click.option("--profile", default="internal", show_default=True, help="Release profile.")
@click.option("--public", is_flag=True, help="The same as --profile public.")
@options.as_of
@options.language
@options.json_output
def export(
    county: Path,
    layer: str,
    out: Path,
    profile: str,
    public: bool,
    as_of: str | None,
    language: Any,
    as_json: bool,
) -> None:
    """Write a layer to GeoPackage, Excel, GeoJSON or CSV, whatever the ending of OUT says.

    What leaves passes the release gate: fields, precision and classification as the profile has
    them; a manifest with the hash of the file is written beside it.

    \b
    Examples:
      gazetteer export 石首.gpkg names 地名.xlsx
      gazetteer export 石首.gpkg divisions 区划.geojson --public
    """
    from gazetteer import leaving
    from gazetteer.store import County

    with County(county) as opened:
        left = leaving.export(
            opened, layer, out, profile="public" if public else profile, as_of=as_of
        )
    if as_json:
        output.as_json(left.as_json())
        return
    click.echo(f"{out}: {left.rows} rows, {left.notice.say(language)}")
    for each in left.withheld:
        click.echo(f"  withheld: {each.layer} {each.what} ({each.records})")
    click.echo(f"  manifest: {left.manifest}")

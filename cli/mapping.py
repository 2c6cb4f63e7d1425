"""`gazetteer map`: the county on one interactive page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli import options


@click.command("map")
@options.county
@click.argument("out", type=options.path_type)
@click.option("--theme", default="overview", show_default=True, help="Layers shown at first.")
@click.option("--title", default="", help="Title; the county's name where not given.")
@click.option("--base-map", metavar="TILES", help="Tiles when online: an address, or tianditu:KEY.")
@options.as_of
@options.language
def map_(county: Path, out: Path, language: Any, **chosen: Any) -> None:
    """Make an interactive map in one HTML file that opens without a network.

    \b
    Example:
      gazetteer map 石首.gpkg 石首.html --theme names
    """
    from gazetteer.store import County
    from maps.county import of_county

    with County(county) as opened:
        made = of_county(opened, language=language, **chosen)
    click.echo(f"{made.save(out)}: {len(made.html.encode()) / 1e6:.1f} MB")

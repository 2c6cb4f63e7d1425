"""The sample county: an invented county as raw files, and the tour through the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import options

if TYPE_CHECKING:
    from gazetteer.common.language import Language


@click.command()
@click.argument("folder", type=options.path_type)
@click.option("--full", is_flag=True, help="The large printed sheets, too.")
@options.language
def demo(folder: Path, full: bool, language: Language) -> None:
    """Walk the main job on an invented county: raw files, database, checks, search, map.

    FOLDER gets everything: the raw files an office would have, the county file, the map, exports,
    rejected rows, and truth.json with every planted defect. Run again, it makes them anew; a
    folder that holds anything else is refused. What
    cannot be made is said at the end (exit status 2); the rest stands.

    \b
    Example:
      gazetteer demo demo
    """
    from cli.demo import tour
    from gazetteer.common.language import Text

    lacking = tour.walk(folder, say=click.echo, language=language, full=full)
    for each in lacking:
        told = Text(f"未能生成:{each}", f"Not made: {each}")
        click.echo(" ".join(told.say(language).split()), err=True)
    if lacking:
        raise SystemExit(2)

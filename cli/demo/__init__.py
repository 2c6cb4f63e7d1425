"""The sample county: an invented county as raw files, and the tour through the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import commands, options, wording

if TYPE_CHECKING:
    from gazetteer.common.language import Language


@commands.command()
@click.argument("folder", type=options.path_type)
@click.option("--full", is_flag=True, help="The large printed sheets, too.")
@click.option(
    "--step", metavar="STEP", help="Only this step: number, name or range (7, maps, 7-9)."
)
@click.option("--list", "list_", is_flag=True, help="Only show the steps with their commands.")
@options.language
@click.pass_context
def demo(
    context: click.Context,
    folder: Path,
    full: bool,
    step: str | None,
    list_: bool,
    language: Language,
) -> None:
    """Walk the main job on an invented county: raw files, database, checks, search, map.

    Each step shows its command lines, to be typed in FOLDER as they stand, and the first lines of
    what they say. FOLDER gets everything: the raw files an office would have, the county file, the
    map, exports, rejected rows, and truth.json with every planted defect. A tour that was broken
    off goes on where it stopped; a finished one is made anew; a folder that holds anything else is
    refused. What cannot be made is said at the end (exit status 2); the rest stands.

    \b
    Examples:
      gazetteer demo demo
      gazetteer demo demo --list
      gazetteer demo demo --step 7
    """
    from cli.demo import tour as tours
    from cli.demo.steps import Tour

    tour = Tour(folder.resolve(), language, full)
    if list_:
        for line in tours.listed(tour):
            click.echo(line)
        return
    main = context.find_root().command
    if step is None:
        lacking = tours.walk(tour, main=main, say=click.echo)
    else:
        lacking = tours.again(tours.chosen(step), tour, main=main, say=click.echo)
    _tell(lacking)


def _tell(lacking: list[str]) -> None:
    for each in lacking:
        wording.say("Not made: {what}", what=" ".join(each.split()), err=True)
    if lacking:
        raise SystemExit(2)

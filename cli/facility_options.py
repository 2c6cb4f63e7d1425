"""Options that the facility commands share, and how they print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import options, output, wording

if TYPE_CHECKING:
    import pandas as pd

    from facilities.sources import Loaded, Roads
    from gazetteer.common.findings import Finding

SHOWN = 30


def _together(*decorators: Callable[..., Any]) -> Callable[..., Any]:
    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for each in reversed(decorators):
            command = each(command)
        return command

    return decorate


roads = _together(
    click.option(
        "--roads",
        type=options.path_type,
        help="Road lines, or with --nodes a table of links; the county file's own otherwise.",
    ),
    click.option(
        "--nodes", type=options.path_type, help="Table of nodes that belongs to the links."
    ),
    options.crs,
    click.option(
        "--not-on-foot",
        multiple=True,
        metavar="CLASS",
        help="Class of road nobody may walk on; repeatable; motorways where none is named.",
    ),
    click.option("--straight", is_flag=True, help="No network: straight lines times a factor."),
)
buildings = click.option(
    "--buildings",
    type=options.path_type,
    help="Layer of buildings (建筑面积, 层数, 用途): where a township's people live of whom "
    "nothing else is known; --crs where it does not state its CRS.",
)
walk = _together(
    click.option(
        "--minutes",
        type=options.number,
        default=15.0,
        show_default=True,
        help="Time limit on foot.",
    ),
    click.option(
        "--walker",
        type=options.Word("walker"),
        default="elderly",
        show_default=True,
        help="Who walks: adult (1.1 m/s), elderly (0.8 m/s), child (0.9 m/s).",
    ),
    click.option(
        "--speed", type=options.number, metavar="M/S", help="Another speed for who walks."
    ),
)
people = _together(
    click.option(
        "--base",
        type=options.Choice(["registered", "resident"], "population"),
        default="resident",
        show_default=True,
        help="Register (户籍) or residents (常住).",
    ),
    click.option(
        "--age",
        type=options.Word("age"),
        default="all",
        show_default=True,
        help="Age group: 60+, 0-17 ...",
    ),
)
kinds = click.option(
    "--kind",
    "words",
    multiple=True,
    required=True,
    metavar="KIND",
    help="Kind of facility by identifier or name (养老院); repeatable.",
)
out = click.option("--out", type=options.path_type, help="Folder for Word, Excel and map.")


def roads_of(given: Mapping[str, Any]) -> Roads:
    """Return where the network comes from, as the options say."""
    from facilities.sources import NOT_ON_FOOT, Roads

    return Roads(
        path=given["roads"],
        nodes=given["nodes"],
        crs=given["crs"],
        not_on_foot=given["not_on_foot"] or NOT_ON_FOOT,
        straight=given["straight"],
    )


def marked(answer: Any, loaded: Loaded) -> Any:
    """Return what a script gets; made from example data (示例数据) it says so object by object."""
    if not loaded.example:
        return answer
    return [{**row, "example": True} for row in answer] if isinstance(answer, list) else {
        **answer, "example": True
    }  # fmt: skip


def head(loaded: Loaded, language: Any) -> None:
    """Print 示例数据 over what was made from example data."""
    from facilities.report import example_said

    if loaded.example:
        click.echo(example_said(language))


def table(told: pd.DataFrame, language: Any) -> None:
    """Print a table of a report."""
    from facilities.words import term

    whole = [
        name for name, column in told.items() if column.dtype == float and (column % 1 == 0).all()
    ]
    shown = told.astype(dict.fromkeys(whole, int)).astype(object)
    rows = shown.where(told.notna(), None).to_dict("records")
    output.table(rows, {str(name): term(str(name), language) for name in told.columns})


def tell(found: tuple[Finding, ...], language: Any) -> None:
    """Print the first findings."""
    for each in found[:SHOWN]:
        message = output.printable(each.message.say(language))
        click.echo(f"{output.severity(each.severity.value)}{message}")
    if len(found) > SHOWN:
        left = len(found) - SHOWN
        wording.say("... {count} more (in the reports that --out writes)", count=left)


def written(paths: tuple[Path, ...]) -> None:
    """Print what was written."""
    for path in paths:
        click.echo(f"  {path}")

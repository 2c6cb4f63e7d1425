"""Options of thematic maps, and the question that they ask."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import options as shared
from cli import wording

if TYPE_CHECKING:
    from maps.county_thematic import Asked

_OPTIONS = (
    click.option(
        "--by",
        metavar="COLUMN",
        help="Thematic map of a column: people (人口), beds (床位), one of your own; count counts.",
    ),
    click.option(
        "--of",
        type=shared.Choice(["divisions", "population", "facilities"], "thematic-layer"),
        help="Layer of the column of --by; the first that has it where not given.",
    ),
    click.option(
        "--table",
        type=shared.path_type,
        metavar="FILE",
        help="Table of the office with the column of --by, joined by 代码 or 名称.",
    ),
    click.option(
        "--level",
        type=shared.Choice(["county", "township", "village"], "thematic-level"),
        default="township",
        show_default=True,
        help="Divisions that --by is shown for.",
    ),
    click.option(
        "--where",
        multiple=True,
        metavar="FIELD=VALUE",
        callback=shared.mapping,
        help="Which rows --by sums up: base=户籍, age_group=60-79, kind=敬老院; repeatable.",
    ),
    click.option(
        "--scheme",
        type=shared.Choice(["natural", "quantile", "fixed"], "class-scheme"),
        default="natural",
        show_default=True,
        help="Classes of --by: natural breaks, as many in each, or the bounds of --breaks.",
    ),
    click.option(
        "--classes",
        type=click.IntRange(2, 9),
        default=5,
        show_default=True,
        help="How many classes of --by.",
    ),
    click.option(
        "--breaks", metavar="NUMBERS", default="", help="Bounds of --scheme fixed: 100,500,1000."
    ),
    click.option("--symbols", is_flag=True, help="Symbols sized by class in place of colours."),
    click.option(
        "--per", metavar="COLUMN", default="", help="Divide --by: area (km²) or another column."
    ),
    click.option("--unit", default="", help="Unit of --by, for the legend: 人, 张, 元."),
)


def options(command: Any) -> Any:
    """Add the options of a thematic map."""
    for each in reversed(_OPTIONS):
        command = each(command)
    return command


def asked(chosen: dict[str, Any]) -> Asked | None:
    """Take the options of a thematic map out of those chosen; return what they ask, if anything."""
    column, level, of = (chosen.pop(key) for key in ("by", "level", "of"))
    table, where = chosen.pop("table"), chosen.pop("where")
    shown = {key: chosen.pop(key) for key in ("scheme", "symbols", "per", "unit")}
    count, breaks = chosen.pop("classes"), _numbers(chosen.pop("breaks"))
    if column is None:
        if breaks or table or where or shown["symbols"] or shown["per"]:
            raise click.UsageError(
                wording.sentence("Name the column of the thematic map: --by COLUMN.")
            )
        return None
    from facilities.sources import texts
    from maps.county_thematic import Asked
    from maps.thematic import By

    by = By(column=column, count=count, breaks=breaks, **shown)
    rows = None if table is None else texts(Path(table))
    return Asked(by=by, level=level, of=of or "", where=where, table=rows)


def _numbers(text: str) -> tuple[float, ...]:
    """Return the bounds that were typed, each once and the lowest first."""
    try:
        found = tuple(float(each) for each in re.split("[,，、]", text)) if text else ()
    except ValueError:
        told = wording.sentence("give numbers: 100,500,1000")
        raise click.BadParameter(told, param_hint="--breaks") from None
    if not all(map(math.isfinite, found)) or any(low >= high for low, high in pairwise(found)):
        told = wording.sentence("{given} does not rise: give 100,500,1000", given=text)
        raise click.BadParameter(told, param_hint="--breaks")
    return found

"""`gazetteer book` and `gazetteer figures`: the book of names and the yearbook's tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli import commands, options, output, wording


@commands.command()
@options.county
@click.argument("out", type=options.path_type)
@options.release_profile
@options.leave_out
@options.as_of
@options.json_output
def book(county: Path, out: Path, profile: str, as_json: bool, **chosen: Any) -> None:
    """Write the book of place names (地名录) as Word, with pinyin and stroke index.

    By township, then category; each name with spelling, earlier names, meaning, origin, history.

    \b
    Example:
      gazetteer book 石首.gpkg 石首地名录.docx --profile public
    """
    from gazetteer import release
    from gazetteer.office.names import book as books
    from gazetteer.store import County
    from maps import sheets

    with County(county) as opened:
        order = sheets.Order(profile=profile, **chosen)
        shown = sheets.illustration_of(opened, order=order)
        made = books.book(opened, profile=profile, figures=shown, **chosen)
    release.leave(out, made.content, released=made.released)
    if as_json:
        told = {"entries": made.entries, "left_out": made.released.left_out}
        output.as_json({"out": str(out), **told})
        return
    wording.say("{path}: {count} names", path=out, count=made.entries)
    output.tell_left_out(made.released.left_out)


@commands.command()
@options.county
@click.argument("out", type=options.path_type)
@options.as_of
@options.json_output
def figures(county: Path, out: Path, as_of: str | None, as_json: bool) -> None:
    """Count divisions and names by level, category, division and year, as Excel.

    \b
    Example:
      gazetteer figures 石首.gpkg 年鉴-2026.xlsx --as-of 2026-12-31
    """
    from gazetteer.office.names import yearbook
    from gazetteer.store import County

    with County(county) as opened:
        found = yearbook.figures(opened, as_of=as_of)
    yearbook.write(found, out)
    if as_json:
        sheets = {name: table.to_dict("records") for name, table in found.items()}
        output.as_json({"out": str(out), "sheets": sheets})
        return
    for name, table in found.items():
        wording.say("{name}: {count} rows", name=name, count=len(table))
    click.echo(f"{out}")

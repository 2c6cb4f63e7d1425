"""Daily care of a county file: `backup`, `restore`, `history`, `undo`, `diff`, `merge`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli import options, output

LISTED = 40


@click.command()
@options.county
@click.argument("destination", type=options.path_type, required=False)
@options.json_output
def backup(county: Path, destination: Path | None, as_json: bool) -> None:
    """Make a dated, verified copy; others may go on working.

    DESTINATION is a folder or the name of the copy; the folder 备份 beside the file without it.
    A network share or a memory stick is a good place.

    \b
    Example:
      gazetteer backup 石首.gpkg /mnt/办公室/备份
    """
    from gazetteer.store import copies

    made = copies.backup(county, destination)
    if as_json:
        output.as_json(made.as_json())
        return
    click.echo(f"{made.path}: {made.bytes:,} bytes, {made.events} events, head {made.head}")


@click.command()
@click.argument("copy", type=options.path_type)
@options.county
@options.json_output
def restore(copy: Path, county: Path, as_json: bool) -> None:
    """Put a backup in the place of a county file; what stood there is kept.

    \b
    Example:
      gazetteer restore 备份/石首-20260330-170000.gpkg 石首.gpkg
    """
    from gazetteer.store import copies

    done = copies.restore(copy, county)
    former = None if done.former is None else str(done.former)
    if as_json:
        output.as_json(done.copy.as_json() | {"former": former})
        return
    click.echo(f"{county}: restored, {done.copy.events} events, head {done.copy.head}")
    if former:
        click.echo(f"  what was there before: {former}")


@click.command()
@options.county
@click.argument("called", metavar="ID|CODE|NAME")
@options.json_output
def history(county: Path, called: str, as_json: bool) -> None:
    """Tell everything that was ever done to a thing and its names, and by whom.

    \b
    Example:
      gazetteer history 石首.gpkg 421081101
    """
    from gazetteer.store import County, tracing

    with County(county) as opened:
        told = tracing.history(opened, called)
    if as_json:
        output.as_json(told)
        return
    for step in told:
        reason = f" ({step['reason']})" if step["reason"] else ""
        head = f"{step['event']} {step['at']} {step['actor']}: {step['command']}{reason}"
        click.echo(output.printable(f"{head} - {step['table']} {step['id']} {step['what']}"))
        for field, (before, after) in step["fields"].items():
            click.echo(f"    {field}: {_short(before)} -> {_short(after)}")


@click.command()
@options.county
@click.argument("event", type=int)
@click.option("--reason", help="Why, for the log.")
@options.json_output
def undo(county: Path, event: int, reason: str | None, as_json: bool) -> None:
    """Take back what one event did, by a further event; `log show` has the numbers.

    Refused when later events changed the same rows; they are named.

    \b
    Example:
      gazetteer undo 石首.gpkg 17 --reason 导错了文件
    """
    from gazetteer.store import County, undoing

    with County(county, writing=True) as opened:
        done = undoing.undo(opened, event, reason=reason)
    if as_json:
        output.as_json({name: getattr(done, name) for name in done.__slots__})
        return
    click.echo(
        f"event {event} undone by event {done.event}: {done.withdrawn} rows withdrawn, "
        f"{done.restored} as before, {done.brought_back} brought back"
    )


def _short(value: Any) -> str:
    text = output.printable(str(value))
    return text if len(text) <= LISTED else f"{text[:LISTED]}…"

"""Copies of a county file: `backup`, by hand or by the system's scheduler, and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import commands, options, output, wording
from gazetteer.common.language import Sentence

if TYPE_CHECKING:
    from gazetteer.store.kept import Look


@commands.command()
@options.county
@click.argument("destination", type=options.path_type, required=False)
@click.option(
    "--schedule",
    type=options.path_type,
    metavar="FOLDER",
    help="Make none now: write to FOLDER what the system's scheduler needs for one every day.",
)
@click.option(
    "--scheduler",
    type=options.Choice(["systemd", "cron", "windows"], "scheduler"),
    help="For this one; the system's own without it.",
)
@click.option("--at", default="17:30", show_default=True, metavar="TIME", help="When, every day.")
@options.json_output
def backup(
    county: Path, destination: Path | None, schedule: Path | None, as_json: bool, **when: Any
) -> None:
    """Make a dated, verified copy; others may go on working.

    DESTINATION is a folder or the name of the copy; the folder 备份 beside the file without it.
    A network share or a memory stick is a good place. Received files go along, each compared with
    its hash: exit status 1 where one is missing or not what came (a good copy of before stays).

    \b
    Examples:
      gazetteer backup 石首.gpkg /mnt/办公室/备份
      gazetteer backup 石首.gpkg /mnt/办公室/备份 --schedule . --at 12:15
    """
    from click.core import ParameterSource

    from gazetteer.store import copies

    source = click.get_current_context().get_parameter_source
    given = [each for each in when if source(each) is ParameterSource.COMMANDLINE]
    if schedule is None and given:
        told = wording.sentence("--{option} is of --schedule FOLDER.", option=given[0])
        raise click.UsageError(told)
    if schedule is not None:
        _schedule(county, destination, schedule, as_json=as_json, **when)
        return

    made = copies.backup(county, destination)
    if as_json:
        output.as_json(made.as_json())
        _end(made.kept)
        return
    wording.say(
        "{path}: {size:.1f} MB, {events} events, head {head}",
        path=made.path,
        size=made.bytes / 1e6,
        events=made.events,
        head=made.head,
    )
    if made.kept.files:
        wording.say(
            "  {count} received files: {files} brought along, {healed} put right",
            count=made.kept.files,
            files=made.files,
            healed=made.healed,
        )
    _tell_kept(made.kept)
    _end(made.kept)


@commands.command()
@click.argument("copy", type=options.path_type)
@options.county
@click.option(
    "--another", is_flag=True, help="Also where COPY is of another county, or of a file begun anew."
)
@options.dry_run
@options.json_output
def restore(copy: Path, county: Path, another: bool, as_json: bool) -> None:
    """Put a backup in the place of a county file; what stood there is kept.

    A backup of another county, or of another file of it, is refused unless --another says so.
    Received files come back where they are missing or not what came. Exit status 1 where one is not
    whole even so.

    \b
    Example:
      gazetteer restore 备份/石首-20260330-170000.gpkg 石首.gpkg
    """
    from gazetteer.store import copies

    done = copies.restore(copy, county, another=another)
    former = None if done.former is None else str(done.former)
    if as_json:
        output.as_json(done.copy.as_json() | {"former": former})
        _end(done.copy.kept)
        return
    wording.say(
        "{path}: restored, {events} events, head {head}",
        path=county,
        events=done.copy.events,
        head=done.copy.head,
    )
    if former:
        wording.say("  what was there before: {path}", path=former)
    if done.copy.kept.files:
        wording.say(
            "  {count} received files: {files} brought back, {healed} put right",
            count=done.copy.kept.files,
            files=done.copy.files,
            healed=done.copy.healed,
        )
    _tell_kept(done.copy.kept)
    _end(done.copy.kept)


def _schedule(
    county: Path,
    destination: Path | None,
    folder: Path,
    *,
    as_json: bool,
    scheduler: Any,
    at: str,
) -> None:
    from gazetteer import release
    from gazetteer.common.errors import InputError
    from gazetteer.office.county import scheduling
    from gazetteer.store import County

    with County(county) as opened:
        place = opened.path.resolve()
    target = (destination or place.parent / "备份").resolve()
    if not folder.is_dir():
        raise InputError(
            Sentence("is no folder"), place=str(folder), remedy=Sentence("Make it first.")
        )
    job = scheduling.Job(place, target, scheduling.clock(at), scheduling.program())
    chosen = scheduler or scheduling.usual()
    made = scheduling.scheduled(job, scheduler=chosen, folder=folder.resolve())
    files = [release.put(folder / name, content) for name, content in made.files.items()]
    if as_json:
        told = {"scheduler": chosen, "files": [*map(str, files)], "install": [*made.install]}
        output.as_json(told)
        return
    for each in files:
        click.echo(f"{each}")
    wording.say("to hand over to {scheduler}:", scheduler=chosen)
    for line in made.install:
        click.echo(f"  {line}")


def _tell_kept(kept: Look) -> None:
    for each in kept.sentences():
        wording.say("  broken: {what}", what=wording.told(each))
    for each in kept.unchecked():
        wording.say("  not checked: {what}", what=wording.told(each))


def _end(kept: Look) -> None:
    """End with status 1 where a received file is not what came."""
    if not kept.whole:
        raise SystemExit(1)

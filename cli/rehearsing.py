"""`--dry-run` of every command that writes: it is carried out, shown, and leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli import wording

if TYPE_CHECKING:
    from gazetteer.common.rehearsal import Rehearsal

_ASKED = "gazetteer.dry_run"
LISTED = 20

_Answer = TypeVar("_Answer")


def _keep(context: click.Context, _: click.Parameter, given: bool) -> None:
    context.meta[_ASKED] = given


option = click.option(
    "--dry-run",
    is_flag=True,
    expose_value=False,
    callback=_keep,
    help="Only show what would be written: do it all on a copy that is thrown away.",
)


def asked(context: click.Context) -> bool:
    """Tell whether a command is only to be rehearsed."""
    return bool(context.meta.get(_ASKED))


def carried_out(context: click.Context, work: Callable[[], _Answer]) -> _Answer:
    """Return what a command answers; with ``--dry-run`` nothing that it writes lasts.

    What would have been written is told after the command's own answer: behind a JSON document on
    standard error.
    """
    if not asked(context):
        return work()
    from gazetteer.common.rehearsal import rehearsed

    err = bool(context.params.get("as_json"))
    with rehearsed() as rehearsal:
        try:
            answer = work()
        except SystemExit:  # it has found something, and told it
            _tell(rehearsal, err=err)
            raise
        _tell(rehearsal, err=err)
    return answer


def _tell(done: Rehearsal, *, err: bool) -> None:
    from cli import values
    from gazetteer.store import rehearsing

    wording.say("  nothing was written (--dry-run)", err=err)
    for path, rows in rehearsing.changes(done):
        counts = {name: number for name, number in asdict(rows).items() if name != "table"}
        told = values.counted({name: n for name, n in counts.items() if n}, field="difference")
        layer = values.layer(rows.table)
        wording.say("  in {path} it would be: {layer} {counts}", path=path.name, layer=layer,
                    counts=told, err=err)  # fmt: skip
    _tell_files(done.written(), err=err)


def _tell_files(files: Iterable[Path], *, err: bool) -> None:
    found = [*files]
    for each in found[:LISTED]:
        told = "  it would be replaced: {path}" if each.exists() else "  it would be made: {path}"
        wording.say(told, path=_short(each), err=err)
    if len(found) > LISTED:
        wording.say("  ... and {count} more files", count=len(found) - LISTED, err=err)


def _short(path: Path) -> Any:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path

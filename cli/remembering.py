"""What a command has left is remembered in its county file, with the line that makes it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from cli import wording
from gazetteer.common.errors import GazetteerError

if TYPE_CHECKING:
    from gazetteer.common.leaving import Left
    from gazetteer.store.snapshots import Run

WORDS = "gazetteer.words"
"""Where a context keeps the words behind its command as they were typed."""
STEP = "made in a step that is done once"
TYPED = "made of what was typed in"
NUMBERED = "a paper with number and date"
SIGNED = "papers to be signed and sealed"
REVIEWED = "reviewed as it is: another file needs another review"
HANDED_OUT = "handed out to be filled in or worked with"
VERDICT = "says how a delivery was found on that day"
REASONS = (STEP, TYPED, NUMBERED, SIGNED, REVIEWED, HANDED_OUT, VERDICT)
"""Why some works are not made again by themselves."""


def after(context: click.Context, left: Sequence[Left]) -> None:
    """Remember what a command has left; say what its changes may have put out of date."""
    from gazetteer.store import snapshots

    run = snapshots.present()
    if run is not None and left:
        _remember(context, left, run)
    if run is not None and run.closed:
        told = "note: {count} findings on record are closed: this step has put them right"
        wording.say(told, count=run.closed, err=True)
    if run is not None and run.written:
        _tell_outdated(run)


def _remember(context: click.Context, left: Sequence[Left], run: Run) -> None:
    """Remember what a command has left, in the one county file that it has read.

    A county file that cannot be written stays as it is, and the person is told.
    """
    from gazetteer.store import County, made
    from gazetteer.store.snapshots import repeated

    if len(run.seen) != 1:
        return
    ((path, seen),) = run.seen.items()
    work = made.Work(
        line=tuple(line(context, path.parent)),
        files={
            placed(file, path.parent): digest
            for each in left
            for file, digest in each.files().items()
        },
        manifests=tuple(placed(each.path, path.parent) for each in left),
        shows=seen[0] if seen else 0,
        on=date.today().isoformat(),
        reads=made.read_of(run.tables.get(path, ())),
        once=once(context, run),
    )

    def write() -> None:
        with County(path, writing=True) as county:
            made.remember(county, work)

    try:
        repeated(write)
    except GazetteerError as error:
        why = " ".join(error.say(wording.language()).split())
        wording.say("note: the county file does not remember it: {why}", why=why, err=True)


def once(context: click.Context, run: Run) -> str:
    """Return why what a command has made is not made again by itself; empty where it is."""
    command: Any = context.command
    for option, why in command.once.items():
        if not option or context.params.get(option):
            return str(why)
    if run.written and not command.repeats:
        return STEP
    asked = (each for each in command.params if isinstance(each.type, click.File))
    return TYPED if any(context.params.get(str(each.name)) for each in asked) else ""


def line(context: click.Context, folder: Path) -> list[str]:
    """Return the words that do again what a command did, its paths as from a folder.

    Parameters
    ----------
    context
        Of the command.
    folder
        That of the county file.
    """
    command = context.command
    given, _, order = command.make_parser(context).parse_args([*context.meta[WORDS]])
    options: list[str] = []
    arguments: list[str] = []
    for each in dict.fromkeys(order):
        told = [_placed(each, value, folder) for value in _values(given[str(each.name)])]
        if isinstance(each, click.Option):
            options += _option(each, told)
        else:
            arguments += told
    options += _of_environment(context)
    return [*context.command_path.split()[1:], *options, *_apart(arguments)]


def _values(given: Any) -> list[Any]:
    """Return the values of a parameter: of an optional argument that is not there none.

    >>> _values("甲"), _values(["甲", "乙"]), _values(None)
    (['甲'], ['甲', '乙'], [])
    """
    if isinstance(given, str) or not isinstance(given, Sequence):
        return [] if given is None or repr(given).startswith("Sentinel") else [given]
    return [*given]


def _placed(parameter: click.Parameter, value: Any, folder: Path) -> Any:
    """Return a value, a path from a folder; names and a county file may stand in one list."""
    mixed = isinstance(value, str) and value.lower().endswith(".gpkg") and Path(value).is_file()
    path = mixed or isinstance(parameter.type, click.Path)
    return placed(Path(value), folder) if path else value


def placed(path: Path, folder: Path) -> str:
    """Return a path from a folder where it lies in it, else the whole path.

    A county file that is moved with what lies beside and below it goes on knowing that.

    Examples
    --------
    >>> placed(Path("/县/图/区划.pdf"), Path("/县")), placed(Path("/u盘/区划.pdf"), Path("/县"))
    ('图/区划.pdf', '/u盘/区划.pdf')
    """
    # a link to a file stays one: what it leads to may be another tomorrow
    whole = path.resolve() if path.is_dir() else path.parent.resolve() / path.name
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else str(whole)


def _option(option: click.Option, told: Sequence[Any]) -> Iterator[str]:
    """Yield an option as it is typed, once for each value."""
    name = max(option.opts, key=len)
    for value in told:
        if option.is_flag or option.count:
            yield name if value or not option.secondary_opts else option.secondary_opts[0]
        else:
            yield f"{name}={value}"


def _of_environment(context: click.Context) -> Iterator[str]:
    """Yield the options that the environment gave: another day's environment may differ."""
    for each in context.command.params:
        name = str(each.name)
        source = context.get_parameter_source(name)
        if isinstance(each, click.Option) and source is ParameterSource.ENVIRONMENT:
            yield from _option(each, [context.params[name]])


def _apart(arguments: Sequence[str]) -> Iterator[str]:
    """Yield arguments, set apart from options where one looks like one."""
    if any(each.startswith("-") for each in arguments):
        yield "--"
    yield from arguments


def _tell_outdated(run: Run) -> None:
    """Say how many made files may show an older state of what a command has changed."""
    for path in run.seen:
        if path.exists() and (count := _outdated(path)):
            wording.say(
                "note: works that may show an older state: {count} (gazetteer refresh {path})",
                count=count,
                path=path.name,
                err=True,
            )


def _outdated(path: Path) -> int:
    """Return how many works that are made again by themselves are there and out of date."""
    from gazetteer.store import County, made

    today = date.today().isoformat()
    with County(path) as county:
        return sum(
            any((path.parent / file).exists() for file in each.files)
            for each in made.works(county.connection)
            if not each.once and made.outdated(county.connection, each, today=today)
        )

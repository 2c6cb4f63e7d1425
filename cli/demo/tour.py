"""Walking the tour: commands run in its folder, what is done noted, what is lacking told."""

from __future__ import annotations

import contextlib
import errno
import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from cli import output
from cli.demo.steps import UNKNOWN, ByHand, Command, Item, Step, Tour
from cli.demo.table import STEPS
from gazetteer import release
from gazetteer.common.errors import InputError, WriteError, unwritable
from gazetteer.common.language import Sentence, Text
from gazetteer.store import County

# a file open in Excel, a full disk, a folder of somebody else's; a file that is not there is ours
OF_THE_DISK = (
    *(errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS, errno.ENOSPC),
    *(errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG),
)
FOUNDATION = ("raw", "database")
"""Steps that all others stand on."""
WIDTH = 100
"""Columns of a line of output that are shown."""
MARK = ".gazetteer-demo"
"""File that says that a folder is the tour's, with a line for each command that is done."""
NOTICE = "Made by `gazetteer demo`, which replaces and deletes what is in this folder.\n"

Say = Callable[[str], object]


def walk(tour: Tour, *, main: click.Command, say: Say) -> list[str]:
    """Walk all steps that are not done, or all of a finished tour anew.

    What cannot be made does not undo what is there, nor keep the other steps from being walked; it
    is tried again the next time. Only without the county file nothing can follow.

    Parameters
    ----------
    tour
        Its folder gets everything.
    main
        The command that is run.
    say
        Told one line after the other.

    Returns
    -------
    list of str
        What could not be made, and how to put that right; empty when all is there.

    Raises
    ------
    InputError
        When the folder holds anything and no tour has made it.
    WriteError
        When it cannot be made or written.
    """
    claim(tour.folder)
    broken = _broken(tour.folder)
    if not tour.county.is_file() or all(finished(step, tour) for step in STEPS):
        _forget(tour.folder)
    start = time.perf_counter()
    briefly = _briefly(say)
    lacking: list[str] = []
    for step in STEPS:
        if not finished(step, tour):
            lacking += _walked(step, tour, main=main, say=briefly)
        if lacking and broken:  # the command that was broken off has left half of its work
            _forget(tour.folder)
            return walk(tour, main=main, say=say)
        if lacking and step.name in FOUNDATION:
            break
    say(_ending(tour, time.perf_counter() - start).say(tour.language))
    return lacking


def _briefly(say: Say) -> Say:
    """Return a way to say lines that of calls with nothing between shows the first and the last."""
    called: list[str] = []
    held: list[str] = []

    def say_(line: str) -> None:
        nonlocal called
        words = line.split()[:4] if line.startswith("   $ ") else []
        if words and words == called:
            held.append(line)
            return
        if held[1:]:
            say(f"     (+{len(held) - 1})")
        if held:
            say(held[-1])
        held.clear()
        called = words
        say(line)

    return say_


def again(steps: Sequence[Step], tour: Tour, *, main: click.Command, say: Say) -> list[str]:
    """Walk some steps alone: from where they stopped, or anew where that can be.

    Raises
    ------
    InputError
        When a step that they need is missing, or one of them cannot be walked again.
    """
    claim(tour.folder)
    lacking: list[str] = []
    for step in steps:
        _refuse(step, tour)
        lacking += _walked(step, tour, main=main, say=say)
        if lacking:
            break
    return lacking


def _refuse(step: Step, tour: Tour) -> None:
    missing = [each for each in _needed(step) if not finished(each, tour)]
    named = tuple(each for each in STEPS if each.name == step.until)
    if missing:
        shown = tuple(
            Text(f"{number(each)} {each.title.zh}", f"{number(each)} {each.name}")
            for each in missing
        )
        which = "-".join(str(number(each)) for each in (missing[0], missing[-1]))
        raise InputError(
            Sentence(
                "step {number} needs what is not there yet: {shown}",
                number=number(step),
                shown=shown,
            ),
            place=str(tour.folder),
            remedy=Sentence("Walk first: --step {which}.", which=which)
            if len(missing) == 1
            else Sentence("Walk the whole tour."),
        )
    if named and finished(named[0], tour):
        raise InputError(
            Sentence(
                "step {number} cannot be walked again: {why}",
                number=number(step),
                why=step.why.say(tour.language),
            ),
            place=str(tour.folder),
            remedy=Sentence("The whole tour makes all anew."),
        )


def _needed(step: Step) -> list[Step]:
    """Return the steps that a step stands on, in their order."""
    direct = [each for each in STEPS if each.name in step.needs]
    names = {one.name for each in direct for one in (*_needed(each), each)}
    return [each for each in STEPS if each.name in names]


def chosen(text: str) -> list[Step]:
    """Return the steps that are meant by a number, a name or a range.

    Raises
    ------
    InputError
        When there is no such step.

    Examples
    --------
    >>> [each.name for each in chosen("7-9")], [number(each) for each in chosen("signs")]
    (['survey', 'facilities', 'names'], [10])
    """
    first, _, last = text.partition("-")
    ends = [_numbered(each) for each in (first, last or first)]
    if None in ends or not (found := list(STEPS[ends[0] - 1 : ends[1]])):  # type: ignore[operator]
        raise InputError(
            Sentence("no step {text!r}", text=text),
            remedy=Sentence("`gazetteer demo FOLDER --list` shows them."),
        )
    return found


def _numbered(text: str) -> int | None:
    names = {each.name: at for at, each in enumerate(STEPS, start=1)}
    at = int(text) if text.isdecimal() else names.get(text)
    return at if at in names.values() else None


def number(step: Step) -> int:
    """Return the number of a step."""
    return STEPS.index(step) + 1


def listed(tour: Tour) -> Iterator[str]:
    """Yield the steps with their commands, one line each."""
    for step in STEPS:
        yield f"{number(step)}. {step.title.say(tour.language)} ({step.name})"
        if not all(finished(each, tour) for each in _needed(step)[:1]):
            yield f"   {UNKNOWN.say(tour.language)}"
            continue
        yield from (f"   {shown(each, tour)}{_expects(each, tour)}" for each in step.items(tour))


def _expects(item: Item, tour: Tour) -> str:
    finds = isinstance(item, Command) and item.status
    return f"  # {_FOUND.say(tour.language)}" if finds else ""


def claim(folder: Path) -> None:
    """Mark a new or empty folder as the tour's; refuse one that is somebody's.

    Raises
    ------
    InputError
        When the folder holds anything and no tour has made it.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise InputError(
            Sentence("holds files that are not of the sample county, which would be replaced"),
            place=str(folder),
            remedy=Sentence("Name a new or an empty folder."),
        )
    if (not folder.exists() or folder.is_dir()) and not (folder / MARK).is_file():
        release.make_folder(folder)
        _forget(folder)


def finished(step: Step, tour: Tour) -> bool:
    """Say whether all of a step is done."""
    done = _done(tour.folder)
    return bool(done) and {_mark(step, at) for at, _ in enumerate(step.items(tour))} <= done


def _marks(folder: Path) -> list[str]:
    """Return the marks of a folder: ``7.2?`` begun, ``7.2`` done, ``7.2!`` refused."""
    mark = folder / MARK
    lines = mark.read_text(encoding="utf-8") if mark.is_file() else ""
    return [each.split()[0] for each in lines.removeprefix(NOTICE).splitlines()]


def _done(folder: Path) -> set[str]:
    return {each for each in _marks(folder) if each[-1].isdecimal()}


def _broken(folder: Path) -> str:
    """Return the mark of the item that was begun last and never ended."""
    last = _marks(folder)[-1:]
    return last[0].removesuffix("?") if last and last[0].endswith("?") else ""


def _noted(folder: Path, mark: str, item: object = "") -> None:
    line = f"{mark} {item}".rstrip() + "\n"
    release.put(folder / MARK, (folder / MARK).read_bytes() + line.encode())


def _forget(folder: Path) -> None:
    release.put(folder / MARK, NOTICE.encode())


def _mark(step: Step, at: int) -> str:
    return f"{number(step)}.{at + 1}"


def _walked(step: Step, tour: Tour, *, main: click.Command, say: Say) -> list[str]:
    """Walk a step from where it stopped, or all of it anew; return what was lacking."""
    begun = time.perf_counter()
    say(f"{number(step)}. {step.title.say(tour.language)}")
    first = not finished(step, tour)
    done, broken = _done(tour.folder) if first else set(), _broken(tour.folder)
    lacking: list[str] = []
    for at, item in enumerate(step.items(tour)):
        if (mark := _mark(step, at)) in done:
            continue
        _noted(tour.folder, f"{mark}?")
        refused = _tried(item, tour, main=main, say=say, strict=first and mark != broken)
        _noted(tour.folder, f"{mark}!" if refused else mark, item)
        if refused:
            lacking.append(refused)
            break
    say(f"   ({time.perf_counter() - begun:.1f} s)")
    return lacking


def _tried(item: Item, tour: Tour, *, main: click.Command, say: Say, strict: bool) -> str:
    """Do an item; return what the user can put right, where that stops it."""
    try:
        _did(item, tour, main=main, say=say, strict=strict)
    except click.UsageError:  # a line of ours that is no command
        raise
    except click.ClickException as error:
        return error.format_message()
    except OSError as error:
        return str(_of_the_disk(error, tour.folder))
    return ""


def _of_the_disk(error: OSError, folder: Path) -> WriteError:
    """Return what the user can put right of what the disk refuses; raise anything else."""
    if error.errno not in OF_THE_DISK:
        raise error
    return unwritable(error, Path(error.filename or folder))


def _did(item: Item, tour: Tour, *, main: click.Command, say: Say, strict: bool) -> None:
    """Do an item; the first time a command has to leave as the table says: the tour tests it."""
    if isinstance(item, ByHand):
        say(f"   {shown(item, tour)}")
        item.do(tour)
        return
    command = _spoken(_numbers_filled(item, tour), tour, main)
    say(f"   {shown(command, tour)}")
    status, lines = ran(command, tour, main=main)
    for line in _short(lines, item):
        say(f"     {line}")
    assert not strict or status == command.status, (str(command), status, lines[-3:])
    if status:
        say(f"     ({_FOUND.say(tour.language)})")


_FOUND = Text("退出状态 1：有发现", "exit status 1: something is found")


def _numbers_filled(command: Command, tour: Tour) -> Command:
    """Return a command with the numbers of the last events, where it names them."""
    if not any("{last}" in each for each in command.arguments):
        return command
    with County(tour.county) as county:
        last = int(county.events(last=1)[0]["id"])
    words = tuple(each.format(last=last, before=last - 1) for each in command.arguments)
    return replace(command, arguments=words)


def ran(command: Command, tour: Tour, *, main: click.Command) -> tuple[int, list[str]]:
    """Run a command in the tour's folder; return its exit status and what it has printed.

    Raises
    ------
    click.ClickException
        What the user can put right.
    """
    status, printed = 0, io.StringIO()
    with (
        contextlib.chdir(tour.folder),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        try:
            main.main([*command.arguments], prog_name="gazetteer", standalone_mode=False)
        except SystemExit as left:
            status = int(left.code or 0)
    return status, printed.getvalue().splitlines()


def _spoken(command: Command, tour: Tour, main: click.Command) -> Command:
    """Return a command with the tour's language, where it is not the usual one."""
    found = main
    for word in command.arguments:
        if isinstance(found, click.Group):
            found = found.commands[word]
    asks = any(each.name == "language" for each in found.params)
    further = ("--lang", tour.language) if asks and tour.language != "zh" else ()
    return replace(command, arguments=(*command.arguments, *further))


def _short(lines: Sequence[str], command: Command) -> Iterator[str]:
    """Yield the first and the last lines, cut to a screen's width, with the number between them."""
    rest = lines[command.first :]
    last = rest[len(rest) - command.last :]
    left = len(rest) - len(last)
    shown = [output.cut(each, WIDTH) for each in (*lines[: command.first], *last)]
    if shown and left:
        at = max(command.first - 1, 0)
        shown[at] += f"  (+{left})"
    yield from shown


def shown(item: Item, tour: Tour) -> str:
    """Return an item as it is shown: the command line, or what is done by hand."""
    return f"$ {item}" if isinstance(item, Command) else f"# {item.says.say(tour.language)}"


def _ending(tour: Tour, seconds: float) -> Text:
    page = (tour.folder / "地图.html").resolve()
    if not page.is_file():
        return Text(f"用时 {seconds:.0f} 秒。", f"Took {seconds:.0f} s.")
    return Text(
        f"用时 {seconds:.0f} 秒。请在浏览器中打开地图：{page}",
        f"Took {seconds:.0f} s. Open the map in a browser: {page}",
    )

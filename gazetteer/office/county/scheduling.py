"""A daily backup by the system's own scheduler: what systemd, cron or Windows wants to be given.

Nothing is installed: files are made, and the commands said that hand them to the scheduler.
"""

from __future__ import annotations

import hashlib
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree as ET

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

Scheduler = Literal["systemd", "cron", "windows"]
_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Kinds of characters that end lines or are none."""
TASK = "http://schemas.microsoft.com/windows/2004/02/mit/task"
"""Namespace of tasks; elements and their order by its schema, version 1.2."""


@dataclass(frozen=True, slots=True)
class Job:
    """A backup to be made every day.

    Parameters
    ----------
    county, destination
        Absolute paths.
    at
        When, by the clock of the machine.
    program
        Words that start `gazetteer`.
    """

    county: Path
    destination: Path
    at: time
    program: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The whole command."""
        return [*self.program, "backup", str(self.county), str(self.destination)]

    @property
    def name(self) -> str:
        """What the job is called, the same for one county file whatever the machine's letters."""
        return f"gazetteer-backup-{hashlib.sha256(str(self.county).encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What a scheduler wants: contents by file name, and the commands that hand them over."""

    files: Mapping[str, bytes]
    install: tuple[str, ...]


def usual(platform: str = sys.platform) -> Scheduler:
    """Return the scheduler of a system: Windows has its own, else systemd where it runs.

    Examples
    --------
    >>> usual("win32"), usual("darwin")
    ('windows', 'cron')
    """
    if platform == "win32":
        return "windows"
    runs = platform == "linux" and Path("/run/systemd/system").is_dir()
    return "systemd" if runs else "cron"


def program() -> tuple[str, ...]:
    """Return the words that start `gazetteer` as it is installed here, whatever the search path."""
    beside = Path(sys.executable).parent
    found = (each for each in (beside / "gazetteer", beside / "gazetteer.exe") if each.is_file())
    script = next(found, None)
    if script is not None:
        return (str(script),)
    return (sys.executable, "-c", "from cli.main import run; run()")


def scheduled(job: Job, *, scheduler: Scheduler, folder: Path) -> Scheduled:
    r"""Return what a scheduler wants for a daily backup.

    Parameters
    ----------
    job
        What to do, and when.
    scheduler
        ``systemd``, ``cron`` or ``windows``.
    folder
        Where the files will lie, for the commands.

    Returns
    -------
    Scheduled
        Files and commands.

    Raises
    ------
    InputError
        When a path holds what the scheduler cannot be told.

    Examples
    --------
    >>> job = Job(Path("/县/100% 石首's.gpkg"), Path("/备份"), time(17, 30), ("gazetteer",))
    >>> made = scheduled(job, scheduler="cron", folder=Path("/tmp"))
    >>> print(made.files[f"{job.name}.cron"].decode().splitlines()[-1].partition(" #")[0])
    30 17 * * * gazetteer backup '/县/100\% 石首'"'"'s.gpkg' '/备份'
    """
    for word in job.words:
        _require_plain(word, scheduler)
    return _MAKERS[scheduler](job, folder)


def _require_plain(word: str, scheduler: Scheduler) -> None:
    """Refuse line ends and other control characters, and on Windows what it would replace."""
    unfit = [each for each in word if unicodedata.category(each) in _CONTROL]
    if scheduler == "windows":
        unfit += [each for each in word if each in '%"']
    if unfit:
        what = Sentence(
            "a path with {unfit!r} cannot be given to {scheduler}",
            unfit=unfit[0],
            scheduler=scheduler,
        )
        raise InputError(what, place=repr(word), remedy=Sentence("Rename the file or its folder."))


def _systemd(job: Job, folder: Path) -> Scheduled:
    # env: the first word of ExecStart is read otherwise than those after it
    command = " ".join(_for_systemd(each) for each in ("/usr/bin/env", *job.words))
    service = (
        f"[Unit]\nDescription=Backup by gazetteer\n\n[Service]\nType=oneshot\nExecStart={command}\n"
    )
    timer = (
        "[Unit]\nDescription=Daily backup by gazetteer\n\n[Timer]\n"
        f"OnCalendar=*-*-* {job.at:%H:%M}:00\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    names = [f"{job.name}.{end}" for end in ("service", "timer")]
    units = " ".join(shlex.quote(str(folder / each)) for each in names)
    install = (
        "mkdir -p ~/.config/systemd/user",
        f"cp {units} ~/.config/systemd/user/",
        "systemctl --user daemon-reload",
        f"systemctl --user enable --now {names[1]}",
        "loginctl enable-linger",
    )
    return Scheduled({names[0]: service.encode(), names[1]: timer.encode()}, install)


def _for_systemd(word: str) -> str:
    r"""Quote a word for ExecStart (systemd.service(5), systemd.syntax(7)).

    >>> print(_for_systemd('a "b" \\ 100% $HOME'))
    "a \"b\" \\ 100%% $$HOME"
    """
    for one, other in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(one, other)
    return f'"{word}"'


def _cron(job: Job, folder: Path) -> Scheduled:
    # crontab(5): a bare percent sign ends the command
    command = shlex.join(job.words).replace("%", "\\%")
    # the shell takes the name for a comment: by it the lines of an earlier time are found
    line = f"{job.at.minute} {job.at.hour} * * * {command} # {job.name}\n"
    name = f"{job.name}.cron"
    file = shlex.quote(str(folder / name))
    return Scheduled(
        {name: f"# daily backup: {job.name}\n{line}".encode()},
        (f"(crontab -l 2>/dev/null | grep -vF {job.name}; cat {file}) | crontab -",),
    )


def _windows(job: Job, folder: Path) -> Scheduled:
    command, *words = job.words
    task = ET.Element("Task", {"version": "1.2", "xmlns": TASK})
    trigger = ET.SubElement(ET.SubElement(task, "Triggers"), "CalendarTrigger")
    ET.SubElement(trigger, "StartBoundary").text = f"2026-01-01T{job.at:%H:%M}:00"
    ET.SubElement(ET.SubElement(trigger, "ScheduleByDay"), "DaysInterval").text = "1"
    settings = ET.SubElement(task, "Settings")
    ET.SubElement(settings, "DisallowStartIfOnBatteries").text = "false"
    ET.SubElement(settings, "StartWhenAvailable").text = "true"
    action = ET.SubElement(ET.SubElement(task, "Actions"), "Exec")
    ET.SubElement(action, "Command").text = f'"{command}"'
    ET.SubElement(action, "Arguments").text = subprocess.list2cmdline(words)
    name = f"{job.name}.xml"
    file = subprocess.list2cmdline([str(folder / name)])
    return Scheduled(
        {name: ET.tostring(task, encoding="utf-16", xml_declaration=True)},
        (f"schtasks /Create /TN {job.name} /XML {file}",),
    )


_MAKERS: Mapping[Scheduler, Callable[[Job, Path], Scheduled]] = {
    "systemd": _systemd,
    "cron": _cron,
    "windows": _windows,
}


def clock(text: str) -> time:
    """Return a time of the day.

    Raises
    ------
    InputError
        When it is none.

    Examples
    --------
    >>> clock("17:30"), clock("7：05")
    (datetime.time(17, 30), datetime.time(7, 5))
    """
    hours, _, minutes = text.strip().replace("：", ":").partition(":")
    try:
        return time(int(hours), int(minutes))
    except ValueError as error:
        raise InputError(
            Sentence("{text!r} is no time of the day", text=text), remedy=Sentence("Write 17:30.")
        ) from error

"""Files kept beside a county file: each under its hash, which stands in it and the log binds.

A name proves nothing: whoever empties or edits a file leaves its name as it was. So what is kept is
compared with its hash whenever it is verified, copied, put back or read, and a good copy is never
given up for a bad one.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import stat
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from gazetteer.common import durable, rehearsal
from gazetteer.common.errors import StoreError
from gazetteer.common.hashing import fingerprint, sha256
from gazetteer.common.language import Sentence, Told
from gazetteer.store import whereabouts

WORKERS = 4
OWNER = "inspection"
"""Kind of the things whose attachments are kept; of others only the hash is on record."""
_DATED = re.compile(r"(.+)-[0-9]{8}-[0-9]{6}(-[0-9]+)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Condition(Enum):
    """What a look at one kept file has found."""

    WHOLE = "whole"
    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on record: its hash, and what it was called when it came."""

    sha256: str
    file_name: str

    def within(self, folder: Path) -> Path:
        """Return where it lies in a folder of kept files.

        Examples
        --------
        >>> Kept("ab" * 32, "照片/IMG_1.JPG").within(Path("石首.files")).as_posix()[:22]
        '石首.files/ab/ababababab'
        """
        ending = Path(self.file_name.replace("\0", "")).suffix.lower()
        return folder / self.sha256[:2] / f"{self.sha256}{ending}"

    def condition(self, folder: Path) -> Condition:
        """Compare the file in a folder with its hash, reading all of it."""
        try:
            same = fingerprint(_ending(rehearsal.lies(self.within(folder)))) == self.sha256
        except FileNotFoundError:
            return Condition.MISSING
        except OSError:
            return _unread(self.within(folder))
        return Condition.WHOLE if same else Condition.CHANGED

    def read(self, folder: Path) -> tuple[Condition, bytes]:
        """Return what the file in a folder is, and its content where that is whole."""
        try:
            content = _ending(rehearsal.lies(self.within(folder))).read_bytes()
        except FileNotFoundError:
            return Condition.MISSING, b""
        except OSError:
            return _unread(self.within(folder)), b""
        if sha256(content) != self.sha256:
            return Condition.CHANGED, b""
        return Condition.WHOLE, content

    def told(self) -> str:
        """Return how people are told of it."""
        return f"{self.file_name} ({self.sha256[:12]}…)"


def _unread(path: Path) -> Condition:
    """Return what stands where no file could be read: a folder is not what came, else who knows."""
    with suppress(OSError):
        if path.is_dir():
            return Condition.CHANGED
    return Condition.UNREADABLE


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at all kept files has found; names with the beginning of their hashes.

    Where their whole folder is not there (a county file copied by itself) they are `apart`: that is
    told as not checked, since nothing speaks for or against any of them.
    """

    files: int
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    apart: bool = False

    @property
    def whole(self) -> bool:
        """Whether no file is known not to be what came."""
        return not (self.missing or self.changed or self.unreadable)

    def sentences(self) -> list[str]:
        """Return a sentence a file that is not what came."""
        missing = (Told.of("received file {name} is missing", name=each) for each in self.missing)
        changed = (
            Told.of("received file {name} is not what was received", name=each)
            for each in self.changed
        )
        unread = (
            Told.of("received file {name} cannot be read", name=each) for each in self.unreadable
        )
        return [*missing, *changed, *unread]

    def unchecked(self) -> tuple[str, ...]:
        """Return what is told of files that are not beside the county file."""
        return (
            (Told.of("{count} received files are not beside the file", count=self.files),)
            if self.apart
            else ()
        )

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "files": self.files,
            "files_not_checked": self.files if self.apart else 0,
            "files_missing": [*self.missing],
            "files_changed": [*self.changed],
            "files_unreadable": [*self.unreadable],
        }


NOTHING = Look(0)
"""A look where nothing is kept."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing files to another folder did.

    Parameters
    ----------
    new, healed
        Numbers of files that were not there, and that were there but not what came.
    source, target
        Looks at the folder they were taken from, before, and at the one brought to, after.
    """

    new: int
    healed: int
    source: Look
    target: Look


def _ending(path: Path) -> Path:
    """Return a path that is no pipe and no device, nor leads to one: those need not end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return path


def files_beside(county: Path) -> Path:
    """Return the folder of the files kept with a county file, each named by its hash.

    Dated copies share the folder of the file that they are copies of.

    Examples
    --------
    >>> files_beside(Path("石首.gpkg")).name, files_beside(Path("石首-20260330-170000.gpkg")).name
    ('石首.files', '石首.files')
    """
    own = county.with_name(f"{county.stem}.files")
    dated = _DATED.fullmatch(county.stem)
    return own if dated is None or own.is_dir() else county.with_name(f"{dated[1]}.files")


def listed(connection: sqlite3.Connection) -> list[Kept]:
    """Return the files on record, now or earlier, each once."""
    query = (
        "SELECT DISTINCT sha256, file_name FROM "
        "(SELECT thing_id, sha256, file_name FROM attachment "
        "UNION ALL SELECT thing_id, sha256, file_name FROM attachment_history) "
        "JOIN thing ON thing.id = thing_id WHERE thing.kind = ? ORDER BY sha256, file_name"
    )
    found = (Kept(str(sha), str(name)) for sha, name in connection.execute(query, (OWNER,)))
    # a hash of another shape would name a place outside the folder
    own = [each for each in found if _SHA256.fullmatch(each.sha256)]
    return list({each.within(Path()): each for each in own}.values())


def look(files: Sequence[Kept], folder: Path) -> Look:
    """Compare every file in a folder with its hash."""
    with ThreadPoolExecutor(WORKERS) as pool:
        conditions = [*pool.map(lambda each: each.condition(folder), files)]
    return _look(files, conditions, folders=[folder])


def _look(
    files: Sequence[Kept], conditions: Sequence[Condition], *, folders: Iterable[Path]
) -> Look:
    if files and not any(each.is_dir() for each in folders):
        return Look(len(files), apart=True)
    told = {
        condition: tuple(
            each.told() for each, own in zip(files, conditions, strict=True) if own is condition
        )
        for condition in Condition
    }
    return Look(
        len(files), told[Condition.MISSING], told[Condition.CHANGED], told[Condition.UNREADABLE]
    )


def keep(source: Path, folder: Path, *, sha256: str, file_name: str) -> Path:
    """Keep a copy of a file under its hash; a whole one stays, one that is not is replaced.

    Parameters
    ----------
    source
        The file.
    folder
        Of kept files; made if absent.
    sha256, file_name
        Of the file when it came.

    Returns
    -------
    Where it is kept, on the disk with its name when this returns.

    Raises
    ------
    StoreError
        When it cannot be written, or is not what it was when it came.
    """
    own = Kept(sha256, file_name)
    if own.condition(folder) is not Condition.WHOLE:
        _put(source, own, folder)
    return own.within(folder)


def _put(source: Path, own: Kept, folder: Path) -> None:
    try:
        rehearsal.make_folder(own.within(folder).parent, above=True)
        target = rehearsal.at(own.within(folder))
        durable.sync_folder(target.parent.parent)
        whereabouts.sweep(target.parent)
        with whereabouts.copied(rehearsal.lies(source), target) as draft:
            if fingerprint(draft) != own.sha256:
                remedy = Sentence("Copy it again from where it came.")
                raise StoreError(
                    Sentence("was changed while it was read"), place=str(source), remedy=remedy
                )
            _set_aside(target)
            draft.replace(target)
    except OSError as error:
        raise whereabouts.refusal(error, folder) from error


def _set_aside(target: Path) -> None:
    """Keep what stands in the place of a file and is not it; nothing is kept of an empty one."""
    if target.exists() and (target.is_dir() or target.stat().st_size):
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        target.rename(target.with_name(f"{target.stem}-changed-{stamp}{target.suffix}"))


def bring(files: Iterable[Kept], sources: Iterable[Path], target: Path) -> Brought:
    """Bring whole files to another folder, where they are not, or are not what came.

    Parameters
    ----------
    files
        On record.
    sources
        Folders in which they may lie; of each file the first whole one is taken.
    target
        Folder to bring them to; a whole file there stays.
    """
    every, found = [*files], [*dict.fromkeys(sources)]
    with ThreadPoolExecutor(WORKERS) as pool:
        done = [*pool.map(lambda each: _brought(each, found, target), every)]
    before, were, after = (list(each) for each in zip(*done, strict=True)) if done else ([], [], [])
    changed = [(was, now) for was, now in zip(were, after, strict=True) if was is not now]
    return Brought(
        new=sum(was is Condition.MISSING for was, _ in changed),
        healed=sum(was is not Condition.MISSING for was, _ in changed),
        source=_look(every, before, folders=found),
        target=_look(every, after, folders=[target]),
    )


_WORSE = (Condition.MISSING, Condition.UNREADABLE, Condition.CHANGED)
"""What is told of a file that is whole nowhere: the last of these that it is in some folder."""


def _brought(
    own: Kept, sources: Sequence[Path], target: Path
) -> tuple[Condition, Condition, Condition]:
    """Bring one file; return its conditions at the source, at the target before, and after."""
    conditions = {folder: own.condition(folder) for folder in sources}
    whole = next(
        (folder for folder, condition in conditions.items() if condition is Condition.WHOLE), None
    )
    was = conditions.get(target) or own.condition(target)
    source = Condition.WHOLE if whole else max(conditions.values(), key=_WORSE.index)
    if was is Condition.WHOLE or whole is None:
        return source, was, was
    _put(own.within(whole), own, target)
    return source, was, Condition.WHOLE

"""Backups and their return: whole copies made by SQLite itself, verified before they count."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from gazetteer.common import rehearsal
from gazetteer.common.errors import GazetteerError, StorageError, StoreError
from gazetteer.common.language import Sentence
from gazetteer.store import creation, foreign, kept, origins, whereabouts
from gazetteer.store.county import County
from gazetteer.store.kept import NOTHING, Kept, Look, files_beside
from gazetteer.store.refusals import as_store_error

BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Copied:
    """A verified copy.

    Parameters
    ----------
    path, bytes, events, head
        Where it is, its size, how many events its log has, and their head.
    files, healed
        Numbers of kept files brought along, and of those put right that were not what came.
    kept
        What a look at the kept files has found: of a backup those that it was made of, of a
        restore those that are there now.
    """

    path: Path
    bytes: int
    events: int
    head: str
    files: int = 0
    healed: int = 0
    kept: Look = NOTHING

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        own = {name: getattr(self, name) for name in ("bytes", "events", "head", "files", "healed")}
        found = {name: each for name, each in self.kept.as_json().items() if name != "files"}
        return {"path": str(self.path), **own, **found}


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the copy now in place, and where the former file is kept."""

    copy: Copied
    former: Path | None


def backup(county: Path, destination: Path | None = None) -> Copied:
    """Copy a county file as it is at one moment, others may go on writing; verify the copy.

    Files received with it go into one folder beside the copies, each once, and whole or not at
    all: what is not what came is told (`Copied.kept`) and never takes the place of a good copy; a
    bad copy of before is put right.

    Parameters
    ----------
    county
        The county file.
    destination
        A folder (the copy gets a dated name) or the name of the copy; without it the folder
        ``备份`` beside the county file. A network share is good for a backup.

    Raises
    ------
    StoreError
        When the county file is damaged, the copy does not verify, cannot be written or is there.
    """
    target = _target(county, destination)
    draft = creation.scratch()
    try:
        with County(county) as opened, as_store_error(county), _open(draft) as copy:
            opened.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        told = verified(draft)
        # files first: a copy that is there has them beside it
        brought = kept.bring(_listed(draft), [files_beside(county)], files_beside(target))
        whereabouts.move_into_place(draft, target)
    finally:
        shutil.rmtree(draft.parent)
    return replace(told, path=target, files=brought.new, healed=brought.healed, kept=brought.source)


def _listed(county: Path) -> list[Kept]:
    with County(county) as opened, as_store_error(county):
        return kept.listed(opened.connection)


def verified(path: Path) -> Copied:
    """Return what a copy holds once SQLite and the log have found it whole.

    Raises
    ------
    StoreError
        When it is damaged, or rows or log were changed.
    """
    remedy = Sentence("Take another backup.")
    with County(path) as opened, as_store_error(path):
        foreign.require(path, opened.connection, writing=True)
        (found,) = opened.connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise StoreError(
                Sentence("is damaged: {found}", found=found), place=str(path), remedy=remedy
            )
        log = opened.verify()
    if log.broken:
        raise StoreError(
            Sentence("does not verify: {broken}", broken=log.broken[0]),
            place=str(path),
            remedy=remedy,
        )
    return Copied(path, rehearsal.lies(path).stat().st_size, log.events, log.head)


def restore(copy: Path, county: Path, *, another: bool = False) -> Restored:
    """Put a backup in the place of a county file; what was there is kept as a backup.

    Kept files come back where they are missing or not what came; a good one stays, and what is
    not what came never takes its place (`Copied.kept` tells of those that are not whole now).

    Raises
    ------
    StoreError
        When the copy does not verify, or the county file is being written, or is a folder.
    ConflictError
        When the copy is of another file than the one that it is to replace, and `another` is not
        said.
    """
    verified(copy)
    whereabouts.refuse_unfit_folder(county.resolve().parent)
    whereabouts.refuse_folder(county)
    damaged = county.exists() and _damaged(county)
    if county.exists() and not (damaged or another):
        _require_same(copy, county)
    # files first: what stood there is then backed up with them
    brought = kept.bring(_listed(copy), _folders(copy, county), files_beside(county))
    former = _put_back(copy, county, damaged=damaged)
    done = verified(county)
    return Restored(
        replace(done, files=brought.new, healed=brought.healed, kept=brought.target), former
    )


def _folders(copy: Path, county: Path) -> list[Path]:
    """Return where the files of a copy may lie: beside it, or as for the file it is copied to."""
    return [files_beside(copy), files_beside(copy.with_name(county.name))]


def _put_back(copy: Path, county: Path, *, damaged: bool) -> Path | None:
    """Put a verified copy in place; return where what was there is kept."""
    if not county.exists():
        whereabouts.move_into_place(copy, county)
        return None
    if not damaged:
        # opened before the backup: what nobody has a copy of is not written over
        with County(county, writing=True) as opened, _open(copy) as source:
            former = backup(county).path
            opened.overwrite(source)
        return former
    former = _set_aside(county)
    try:
        whereabouts.move_into_place(copy, county)
    except GazetteerError:
        _set_back(former, county)
        raise
    return former


def _require_same(copy: Path, county: Path) -> None:
    with County(copy) as theirs, County(county) as ours:
        origins.require_same(
            ours, theirs, remedy=Sentence("Check the names; --another puts it there.")
        )


def _damaged(county: Path) -> bool:
    """Return whether a file is nothing that could be backed up; raise where it is only busy."""
    try:
        verified(county)
    except StorageError:
        raise
    except StoreError:
        return True
    return False


def _open(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path))


def _set_aside(county: Path) -> Path:
    """Rename a damaged file together with its journals: they must not be played into another."""
    aside = county.with_name(f"{county.stem}-damaged-{_stamp()}{county.suffix}")
    for ending in ("", *BESIDE):
        each = county.with_name(county.name + ending)
        if each.exists():
            rehearsal.rename(each, aside.with_name(aside.name + ending))
    return aside


def _set_back(aside: Path, county: Path) -> None:
    for ending in ("", *BESIDE):
        each = aside.with_name(aside.name + ending)
        if each.exists():
            each.rename(county.with_name(county.name + ending))


def _stamp() -> str:
    return datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")


def _target(county: Path, destination: Path | None) -> Path:
    if destination is None:
        destination = county.resolve().parent / "备份"
        if not rehearsal.exists(destination):
            whereabouts.refuse_unfit_folder(destination.parent)
            rehearsal.make_folder(destination, above=False)
    if destination.suffix == ".gpkg" and not destination.is_dir():
        return destination
    place = rehearsal.lies(destination)
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise StoreError(
            Sentence("is no folder that can be written"),
            place=str(destination),
            remedy=Sentence("Make it first, or name the copy (.gpkg)."),
        )
    whereabouts.sweep(place)
    name, number = f"{county.stem}-{_stamp()}", 1

    def numbered(number: int) -> Path:
        return destination / f"{name}{'' if number == 1 else f'-{number}'}.gpkg"

    while rehearsal.exists(found := numbered(number)):
        number += 1
    return found

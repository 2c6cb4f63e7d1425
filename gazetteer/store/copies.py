"""Backups and their return: whole copies made by SQLite itself, verified before they count."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from gazetteer.common.errors import StorageError, StoreError
from gazetteer.store import creation, whereabouts
from gazetteer.store.county import County
from gazetteer.store.refusals import as_store_error

STALE_SECONDS = 3600
BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Copied:
    """A verified copy: where it is, its bytes, events, the head of its log, files brought along."""

    path: Path
    bytes: int
    events: int
    head: str
    files: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "path": str(self.path),
            "bytes": self.bytes,
            "events": self.events,
            "head": self.head,
            "files": self.files,
        }


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the copy now in place, and where the former file is kept."""

    copy: Copied
    former: Path | None


def backup(county: Path, destination: Path | None = None) -> Copied:
    """Copy a county file as it is at one moment, others may go on writing; verify the copy.

    Files received with it go into one folder beside the copies, each once.

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
        whereabouts.move_into_place(draft, target)
    finally:
        for each in draft.parent.iterdir():
            each.unlink()
        draft.parent.rmdir()
    brought = _bring_files(county, target.parent / files_beside(county).name)
    return Copied(target, target.stat().st_size, told.events, told.head, brought)


def files_beside(county: Path) -> Path:
    """Return the folder of the files received with a county file, each named by its hash.

    Examples
    --------
    >>> files_beside(Path("石首.gpkg")).name
    '石首.files'
    """
    return county.with_name(f"{county.stem}.files")


def _bring_files(county: Path, target: Path) -> int:
    """Copy the received files that are not there yet: what a hash names never changes."""
    source, brought = files_beside(county), 0
    for each in sorted(source.glob("[0-9a-f][0-9a-f]/[0-9a-f]*")):
        there = target / each.relative_to(source)
        if each.is_file() and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            whereabouts.move_into_place(each, there)
            brought += 1
    return brought


def verified(path: Path) -> Copied:
    """Return what a copy holds once SQLite and the log have found it whole.

    Raises
    ------
    StoreError
        When it is damaged, or rows or log were changed.
    """
    remedy = "Take another backup."
    with County(path) as opened, as_store_error(path):
        (found,) = opened.connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise StoreError(f"is damaged: {found}", place=str(path), remedy=remedy)
        log = opened.verify()
    if log.broken:
        raise StoreError(f"does not verify: {log.broken[0]}", place=str(path), remedy=remedy)
    return Copied(path, path.stat().st_size, log.events, log.head)


def restore(copy: Path, county: Path) -> Restored:
    """Put a backup in the place of a county file; what was there is kept as a backup.

    Raises
    ------
    StoreError
        When the copy does not verify, or the county file is being written.
    """
    verified(copy)
    whereabouts.refuse_unfit_folder(county.resolve().parent)
    former = _put_back(copy, county)
    brought = _bring_files(copy.with_name(county.name), files_beside(county))
    return Restored(replace(verified(county), files=brought), former)


def _put_back(copy: Path, county: Path) -> Path | None:
    """Put a verified copy in place; return where what was there is kept."""
    if not county.exists():
        whereabouts.move_into_place(copy, county)
        return None
    if not _damaged(county):
        # opened before the backup: what nobody has a copy of is not written over
        with County(county, writing=True) as opened, _open(copy) as source:
            former = backup(county).path
            opened.overwrite(source)
        return former
    former = _set_aside(county)
    try:
        whereabouts.move_into_place(copy, county)
    except StoreError:
        _set_back(former, county)
        raise
    return former


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
            each.rename(aside.with_name(aside.name + ending))
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
        if not destination.exists():
            whereabouts.refuse_unfit_folder(destination.parent)
            destination.mkdir()
    if destination.suffix == ".gpkg" and not destination.is_dir():
        return destination
    if not destination.is_dir() or not os.access(destination, os.W_OK):
        raise StoreError(
            "is no folder that can be written",
            place=str(destination),
            remedy="Make it first, or name the copy (.gpkg).",
        )
    _clear_drafts(destination)
    name, number = f"{county.stem}-{_stamp()}", 1
    while (found := destination / f"{name}{'' if number == 1 else f'-{number}'}.gpkg").exists():
        number += 1
    return found


def _clear_drafts(folder: Path) -> None:
    """Take away what a killed backup has left unfinished."""
    for each in folder.glob(".*.gpkg.new"):
        if time.time() - each.stat().st_mtime > STALE_SECONDS:
            each.unlink(missing_ok=True)

"""Where a county file may live: a local folder that can be written, not a network share."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gazetteer.common import durable, rehearsal
from gazetteer.common.errors import GazetteerError, StoreError, in_the_way, unwritable
from gazetteer.common.language import Sentence

NETWORK_FILESYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "fuse.sshfs", "9p", "ncpfs"}
# names that the folders of synchronising programs bear
SYNCED_FOLDERS = (
    *("onedrive", "dropbox", "nutstore", "坚果云", "我的坚果云", "百度网盘", "baidunetdisk"),
    *("baidusyncdisk", "wpsdrive", "wps云盘", "google drive", "icloud drive", "synology drive"),
)
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


def refuse_unfit(path: Path, *, writing: bool) -> None:
    """Raise where a county file cannot be opened for the purpose."""
    if not path.exists():
        remedy = Sentence("Check the name, or make one with `gazetteer init`.")
        raise StoreError(Sentence("there is no such file"), place=str(path), remedy=remedy)
    refuse_folder(path)
    if path.stat().st_size == 0:
        raise StoreError(
            Sentence("is empty"), place=str(path), remedy=Sentence("Restore a backup.")
        )
    if not os.access(path, os.R_OK):
        raise StoreError(
            Sentence("cannot be read"),
            place=str(path),
            remedy=Sentence("Ask for the right to read it."),
        )
    if writing:
        _refuse_unfit_writing(path)


def refuse_folder(path: Path) -> None:
    """Raise where a county file is named and a folder is there."""
    if path.is_dir():
        raise StoreError(
            Sentence("is a folder"), place=str(path), remedy=Sentence("Name the .gpkg file in it.")
        )


def _refuse_unfit_writing(path: Path) -> None:
    if not os.access(path, os.W_OK):
        remedy = Sentence("Take the write protection off, or copy it to a folder of your own.")
        raise StoreError(Sentence("is read-only"), place=str(path), remedy=remedy)
    refuse_unfit_folder(path.parent)


def refuse_unfit_folder(folder: Path) -> None:
    """Raise where a county file cannot be written: missing, read-only or network folder."""
    place = str(folder)
    if not folder.is_dir():
        if in_the_way(folder) is not None:
            raise unwritable(NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)), folder)
        raise StoreError(
            Sentence("there is no such folder"), place=place, remedy=Sentence("Make it first.")
        )
    if not os.access(folder, os.W_OK):
        raise unwritable(PermissionError(errno.EACCES, os.strerror(errno.EACCES)), folder)
    kind = filesystem(folder)
    if kind in NETWORK_FILESYSTEMS or kind == "remote drive":
        raise StoreError(
            Sentence(
                "is on a network share ({kind}), where simultaneous writers damage a database",
                kind=kind,
            ),
            place=place,
            remedy=Sentence("Copy the file to a local disk, work there, and copy it back."),
        )


def synced(path: Path) -> str:
    """Return the folder above a path that a program synchronises, told by its name, else "".

    Examples
    --------
    >>> synced(Path("/home/li/我的坚果云/石首.gpkg")), synced(Path("/home/li/石首.gpkg"))
    ('我的坚果云', '')
    """
    parts = Path(path).resolve().parts[:-1]
    known = (each for each in parts if each.lower().startswith(SYNCED_FOLDERS))
    return next(known, "")


def filesystem(folder: Path) -> str:
    """Return the kind of file system that a folder is on, empty where it cannot be told."""
    if os.name == "nt":
        return _windows_drive(folder)
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    target, best, kind = str(folder.resolve()), "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        point, named = line.split(" ")[1:3]
        point = point.replace("\\040", " ")
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, named
    return kind


def _windows_drive(folder: Path) -> str:
    import ctypes  # only there on Windows with windll

    root = folder.resolve().anchor
    if root.startswith("\\\\"):
        return "remote drive"
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    return "remote drive" if kernel.GetDriveTypeW(root) == _REMOTE_DRIVE else ""


_DRAFTS = (".gazetteer-*.new", ".*.gpkg.new")
"""What drafts beside their place are called, and were before."""


def sweep(folder: Path) -> None:
    """Take away drafts that killed runs have left in a folder."""
    for pattern in _DRAFTS:
        durable.sweep(folder, pattern)


def _appear(draft: Path, target: Path) -> None:
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:  # memory sticks and some shares know no links
        if target.exists():
            raise FileExistsError(str(target)) from None
        draft.rename(target)


def refusal(error: OSError, target: Path) -> GazetteerError:
    """Return what is said where a file of the county cannot be written: which, why, what helps."""
    if isinstance(error, FileExistsError):
        return StoreError(
            Sentence("already exists"), place=str(target), remedy=Sentence("Choose another.")
        )
    return unwritable(error, target)


def move_into_place(source: Path, target: Path) -> None:
    """Put a finished file where it belongs, whole or not at all, never over another.

    It is on the disk, and its name in the folder, when this returns.
    """
    try:
        if rehearsal.going() and rehearsal.exists(target):
            raise FileExistsError(str(target))
        place = rehearsal.at(target)
        with copied(rehearsal.lies(source), place) as draft:
            _appear(draft, place)
    except OSError as error:
        raise refusal(error, target) from error


@contextmanager
def copied(source: Path, target: Path) -> Iterator[Path]:
    """Yield a synced copy beside the place of a file; it is gone after that, its folder synced."""
    draft = target.with_name(f".gazetteer-{secrets.token_hex(8)}.new")
    try:
        shutil.copyfile(source, draft)
        durable.sync(draft)
        yield draft
    finally:
        draft.unlink(missing_ok=True)
        durable.sync_folder(target.parent)

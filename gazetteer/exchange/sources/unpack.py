"""Archives: bounded, and never outside their own temporary folder."""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path, PurePosixPath
from typing import IO, Any

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

LARGEST_UNPACKED = 2 * 1024**3
"""Bytes that one archive may unpack to; more than any county's or national table needs."""
MOST_RATIO, FREE = 400, 64 * 1024**2
"""Times that an archive may grow beyond the first bytes; tables shrink to a fiftieth at best."""
MOST_MEMBERS = 10_000
CHUNK = 1 << 20

_SMALLER = Sentence("Unpack it yourself and give the file that is meant.")
_AGAIN = Sentence("The copy is incomplete or damaged: copy it again.")
BROKEN: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    lzma.LZMAError,
    zlib.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
)
"""What the standard library raises for archives that are damaged, encrypted or exotic."""

OPENERS: dict[str, Callable[..., Any]] = {"gz": gzip.open, "xz": lzma.open, "bz2": bz2.open}


def unpacked(path: Path, form: str, folder: Path) -> list[Path]:
    """Unpack a .gz, .xz, .bz2 or .zip file into a folder and return the files that are tables.

    Raises
    ------
    InputError
        For a truncated or encrypted archive, one that is too large, or one that has paths which
        lead out of its folder.
    """
    if form == "zip":
        return _unzip(path, folder)
    target = folder / path.name.removesuffix(path.suffix)
    if target == folder / "":
        target = folder / "table"
    try:
        with OPENERS[form](path, "rb") as packed, target.open("wb") as plain:
            copy_bounded(packed, plain, path)
    except InputError:
        raise
    except BROKEN as error:
        _no_space(error, path)
        raise InputError(
            Sentence("the .{form} archive cannot be unpacked to its end", form=form),
            place=path.name,
            remedy=_AGAIN,
        ) from error
    return [target]


def _no_space(error: Exception, path: Path) -> None:
    """Tell a full disk from a damaged archive."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        msg = Sentence("there is no space to unpack it")
        remedy = Sentence("Free some space in {folder}.", folder=tempfile.gettempdir())
        raise InputError(msg, place=path.name, remedy=remedy) from error


def copy_bounded(packed: IO[bytes], plain: IO[bytes], path: Path, limit: int | None = None) -> int:
    """Copy a stream in chunks, and stop at the limit in bytes; return the bytes written."""
    left = limit = largest(path) if limit is None else limit
    while chunk := packed.read(CHUNK):
        left -= len(chunk)
        if left < 0:
            msg = Sentence("the archive unpacks to more than a table can be")
            raise InputError(msg, place=path.name, remedy=_SMALLER)
        plain.write(chunk)
    return limit - left


def largest(path: Path) -> int:
    """Return the bytes that an archive may unpack to, by its own size."""
    return min(LARGEST_UNPACKED, max(FREE, MOST_RATIO * path.stat().st_size))


def _unzip(path: Path, folder: Path) -> list[Path]:
    """Unpack all regular members of a zip file; their names are checked, their sizes counted."""
    try:
        with zipfile.ZipFile(path) as archive:
            # a member without any name makes is_dir of Python 3.11 raise
            members = [each for each in archive.infolist() if not each.filename.endswith("/")]
            if len(members) > MOST_MEMBERS:
                msg = Sentence("the archive has {count} members", count=len(members))
                raise InputError(msg, place=path.name, remedy=_SMALLER)
            left = largest(path)
            found = []
            for member in members:
                target = folder / _safe(member, path)
                if target.name.startswith("._") or "__MACOSX" in target.parts:
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, target.open("wb") as plain:
                    left -= copy_bounded(packed, plain, path, left)
                found.append(target)
    except InputError:
        raise
    except BROKEN as error:
        _no_space(error, path)
        encrypted = isinstance(error, RuntimeError) and "password" in str(error)
        msg = (
            Sentence("the zip archive is encrypted")
            if encrypted
            else Sentence("the zip archive is damaged")
        )
        raise InputError(msg, place=path.name, remedy=_SMALLER if encrypted else _AGAIN) from error
    return sorted(found)


def _safe(member: zipfile.ZipInfo, path: Path) -> PurePosixPath:
    """Return the member's name as a path below the folder; GBK names are what Windows writes."""
    name = member.filename
    if not member.flag_bits & 0x800:
        name = _from_gbk(name)
    inside = PurePosixPath(name.replace("\\", "/"))
    link = (member.external_attr >> 16) & 0o170000 == 0o120000
    if inside.is_absolute() or ".." in inside.parts or ":" in name or "\0" in name or link:
        msg = Sentence("the archive has a member that leads out of it: {name!r}", name=name[:80])
        raise InputError(msg, place=path.name, remedy=Sentence("Do not trust this file."))
    return inside


def _from_gbk(name: str) -> str:
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def inflates_within(held: Path | IO[bytes], limit: int) -> bool:
    """Tell whether a zip-based document (.xlsx, .ods) really inflates to at most `limit` bytes.

    The sizes that an archive declares are not believed: each member is inflated and counted.
    """
    left = limit
    source = held.open("rb") if isinstance(held, Path) else nullcontext(held)
    with source as raw, zipfile.ZipFile(raw) as archive:
        for member in archive.infolist():
            left -= _inflated(raw, member, left)
            if left < 0:
                return False
    return True


def _inflated(raw: IO[bytes], member: zipfile.ZipInfo, limit: int) -> int:
    """Return how many bytes a member inflates to, counting no further than the limit."""
    raw.seek(member.header_offset + 26)
    lengths = raw.read(4)
    raw.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return member.compress_size
    inflater, total, left = zlib.decompressobj(-15), 0, member.compress_size
    while left > 0 and total <= limit and (chunk := raw.read(min(CHUNK, left))):
        left -= len(chunk)
        while chunk and total <= limit:
            total += len(inflater.decompress(chunk, CHUNK))
            chunk = inflater.unconsumed_tail
    return total

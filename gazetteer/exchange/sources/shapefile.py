"""The parts of a Shapefile against each other: records counted, the index and the .cpg proved."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from gazetteer.common import rehearsal
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.formats.notices import CUT_NAMES

LONGEST_NAME = 10
"""Bytes of a field's name in a .dbf."""
_LARGEST_LEGEND = 1 << 16
_DESCRIPTOR = 32
_HEADER = 100
_LANGUAGES = {0x4D: "936", 0x4F: "950", 0x7A: "936", 0x7B: "950", 0x78: "950", 0x03: "1252"}
"""Code pages by the language byte of a .dbf; most writers leave 0 or 0x57, which say nothing."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the head of a .dbf says, and what its records are.

    Parameters
    ----------
    count
        Records that are there, the deleted ones counted.
    announced
        Records that the head of the .dbf says.
    deleted
        Records that are flagged as deleted and not yet packed away.
    widths
        Width in bytes of each field.
    stated
        The encoding that the .cpg or the language byte states.
    where
        Which of the two it was.
    """

    count: int
    announced: int
    deleted: int
    widths: list[int]
    stated: str = ""
    where: str = ""


def attributes(path: Path, *, place: str) -> Attributes:
    """Return what the .dbf beside a .shp is.

    Raises
    ------
    InputError
        When it is shorter than the records it announces.
    """
    data = beside(path, "dbf").read_bytes()
    if len(data) < _DESCRIPTOR:
        raise InputError(Sentence("its .dbf is no table"), place=place, remedy=_AGAIN)
    count = int.from_bytes(data[4:8], "little")
    start, width = (int.from_bytes(data[at : at + 2], "little") for at in (8, 10))
    if not width or len(data) < start + count * width:
        held = max(0, len(data) - start) // width if width else 0
        msg = Sentence("it announces {announced} rows but holds {held}", announced=count, held=held)
        raise InputError(msg, place=place, remedy=_AGAIN)
    announced, count = count, max(count, _held(data[start:], width))
    flags = np.frombuffer(data, dtype=np.uint8)[start : start + count * width : width]
    stated, where = _stated(path, data[29])
    deleted = int((flags == ord("*")).sum())
    return Attributes(count, announced, deleted, _widths(data[:start]), stated, where)


def _held(records: bytes, width: int) -> int:
    """Return how many whole records there are, whatever the head says; each begins with a flag."""
    count = 0
    while records[count * width : count * width + 1] in (b" ", b"*"):
        if (count + 1) * width > len(records):
            break
        count += 1
    return count


_AGAIN = Sentence("The copy is incomplete: copy it again.")


def _widths(head: bytes) -> list[int]:
    found = []
    for at in range(_DESCRIPTOR, len(head) - _DESCRIPTOR + 1, _DESCRIPTOR):
        if head[at] in b"\r\0":
            break
        long = head[at + 11 : at + 12] == b"C"
        found.append(head[at + 16] + (head[at + 17] << 8 if long else 0))
    return found


def _stated(path: Path, language: int) -> tuple[str, str]:
    marked = find(path, "cpg")
    word = marked.read_bytes()[:40].decode("ascii", "replace").strip() if marked else ""
    if word:
        return word.splitlines()[0], ".cpg"
    return _LANGUAGES.get(language, ""), ".dbf"


def left_out(found: Attributes) -> tuple[Text, ...]:
    """Return the note about deleted records."""
    if not found.deleted:
        return ()
    return (
        Text(
            f"{found.deleted} 条记录标为已删除（未压缩整理），未读入",
            f"{found.deleted} records are flagged as deleted (not packed) and were left out",
        ),
    )


def find(path: Path, suffix: str) -> Path | None:
    """Return the part with that suffix, whatever its case."""
    return next((each for each in parts(path) if each.suffix.lower() == f".{suffix}"), None)


def beside(path: Path, suffix: str) -> Path:
    """Return a part that is there."""
    found = find(path, suffix)
    assert found is not None
    return found


def parts(path: Path) -> list[Path]:
    """Return the files of one name, whatever their suffix."""
    escaped = "".join(f"[{mark}]" if mark in "*?[" else mark for mark in path.stem)
    return sorted(path.parent.glob(f"{escaped}.*"))


def cut(name: bytes) -> bool:
    """Tell whether a name may have been cut: the next character would not have fitted."""
    return len(name) >= LONGEST_NAME - 1


def whole_names(path: Path, fields: list[str]) -> list[str]:
    """Return the whole names of fields that were cut, from the legend that we write beside."""
    legend = path.with_name(f"{path.stem}{CUT_NAMES}")
    try:
        known = legend.is_file() and legend.stat().st_size <= _LARGEST_LEGEND
        lines = legend.read_text("utf-8-sig").splitlines() if known else []
    except (OSError, UnicodeDecodeError):
        return fields
    whole = dict(line.split("\t") for line in lines if line.count("\t") == 1)
    names = [whole.get(field, field) for field in fields]
    return names if len(set(names)) == len(names) else fields


@contextmanager
def sound(path: Path, held: Attributes, *, place: str) -> Iterator[tuple[Path, tuple[Text, ...]]]:
    """Give the .shp with an index and a number of rows that fit: its own, or proved ones.

    An index of another state of the file gives each row the shape of another one without a word,
    and rows behind the number that a .dbf announces are not read.

    Raises
    ------
    InputError
        When there are more shapes than rows, or more rows than shapes.
    """
    shapes = path.read_bytes()
    known, walked = _index(beside(path, "shx").read_bytes()), _walked(shapes)
    anew = len(walked) >= min(held.count, len(known)) and not _fits(
        known, walked, shapes, held.count
    )
    count = len(walked) if anew else len(known)
    if count != held.count:
        msg = Sentence(
            "it holds {shapes} shapes but {rows} rows of attributes", shapes=count, rows=held.count
        )
        raise InputError(msg, place=place, remedy=_AGAIN)
    if not anew and held.announced == held.count:
        yield path, ()
        return
    with TemporaryDirectory(prefix=rehearsal.ROOM) as folder:
        target = Path(folder, path.name)
        for each in parts(path):
            shutil.copyfile(each, target.with_suffix(each.suffix.lower()))
        notes = []
        if anew:
            target.with_suffix(".shx").write_bytes(_written(shapes[:_HEADER], walked[:, 1:]))
            notes.append(_ANEW)
        if held.announced != held.count:
            _count_anew(target.with_suffix(".dbf"), held.count)
            notes.append(_counted(held))
        yield target, tuple(notes)


_ANEW = Text(
    ".shx 与 .shp 不符，已按 .shp 的记录重建索引",
    "The .shx does not fit the .shp: the index was made anew from its records",
)


def _counted(held: Attributes) -> Text:
    return Text(
        f".dbf 写的是 {held.announced} 条记录，实有 {held.count} 条，全部读入",
        f"The .dbf announces {held.announced} records and holds {held.count}: all were read",
    )


def _count_anew(path: Path, count: int) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4] + struct.pack("<I", count) + data[8:])


def _index(data: bytes) -> npt.NDArray[np.int64]:
    """Return offset and length in bytes of each record, as an .shx says."""
    body = data[_HEADER : max(_HEADER, len(data) - (len(data) - _HEADER) % 8)]
    return np.frombuffer(body, dtype=">i4").reshape(-1, 2).astype(np.int64) * 2


def _walked(data: bytes) -> npt.NDArray[np.int64]:
    """Return number, offset and length in bytes of each record, one after the other, by number."""
    found, at = [], _HEADER
    while at + 8 <= len(data):
        number, words = struct.unpack_from(">ii", data, at)
        if words < 2 or at + 8 + 2 * words > len(data):
            break
        found.append((number, at, 2 * words))
        at += 8 + 2 * words
    records = np.array(found, dtype=np.int64).reshape(-1, 3)
    return records[np.argsort(records[:, 0], kind="stable")] if _numbered(records) else records


def _numbered(records: npt.NDArray[np.int64]) -> bool:
    """Tell whether each record has a number of its own; some writers number none."""
    return len(np.unique(records[:, 0])) == len(records)


def _fits(
    known: npt.NDArray[np.int64], walked: npt.NDArray[np.int64], data: bytes, count: int
) -> bool:
    """Tell whether each entry of an index points to the record of its number and length."""
    if len(known) < min(count, len(walked)):
        return False
    if _numbered(walked):
        return np.array_equal(known, walked[: len(known), 1:])
    return all(
        _HEADER <= offset <= len(data) - 8
        and 2 * struct.unpack_from(">i", data, offset + 4)[0] == length
        for offset, length in known.tolist()
    )


def _written(head: bytes, records: npt.NDArray[np.int64]) -> bytes:
    size = struct.pack(">i", (_HEADER + 8 * len(records)) // 2)
    return head[:24] + size + head[28:] + (records // 2).astype(">i4").tobytes()

"""Kept files, the file as a whole, receipts."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from gazetteer.store import create
from gazetteer.store.kept import files_beside
from tests.tampering.logged import FOREIGN, TAIL
from tests.tampering.rows import CHANGED
from tests.tampering.way import Desk, Way, told


def received(desk: Desk) -> list[Path]:
    """Return the kept files."""
    return sorted(each for each in files_beside(desk.path).rglob("*") if each.is_file())


def edited(desk: Desk) -> None:
    received(desk)[0].write_bytes(b"edited")


def emptied(desk: Desk) -> None:
    received(desk)[0].write_bytes(b"")


def gone(desk: Desk) -> None:
    received(desk)[0].unlink()


def swapped(desk: Desk) -> None:
    one, other, *_ = received(desk)
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def edited_with_its_hash(desk: Desk) -> None:
    old, new = received(desk)[0], b"edited"
    sha256 = hashlib.sha256(new).hexdigest()
    target = files_beside(desk.path) / sha256[:2] / f"{sha256}{old.suffix}"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(new)
    with desk.opened() as c:
        c.execute("UPDATE attachment SET sha256 = ? WHERE sha256 = ?", (sha256, old.stem))


def folder_gone(desk: Desk) -> None:
    shutil.rmtree(files_beside(desk.path))


def another_county(desk: Desk) -> None:
    desk.path.unlink()
    create(desk.path, division_code="421081", name="石首市")


def older(desk: Desk) -> None:
    shutil.copy(desk.older, desk.path)


def forged(desk: Desk) -> None:
    desk.receipt.write_text("ab" * 32 + "\n", encoding="utf-8")


def cut(desk: Desk) -> None:
    desk.receipt.write_text(desk.receipt.read_text(encoding="utf-8")[:40], encoding="utf-8")


def signed_by_nobody(desk: Desk) -> None:
    with desk.receipt.open("a", encoding="utf-8") as receipt:
        receipt.write(f"\nsigned 421081 2026-01-01T00:00:00Z k {'ab' * 64}")


FILE = "received file"

WAYS = (
    told("a kept file edited", FILE, edited),
    told("a kept file emptied", FILE, emptied),
    told("a kept file gone", FILE, gone),
    told("two kept files exchanged", FILE, swapped),
    Way(
        "the folder of kept files gone",
        folder_gone,
        why="Told as not checked: a county file that is copied by itself has none beside it.",
    ),
    told("a kept file edited, and its hash on record with it", CHANGED, edited_with_its_hash),
    Way("the file replaced by an older backup of it", older, receipt=FOREIGN, why=TAIL),
    Way(
        "the file replaced by another county's",
        another_county,
        receipt=FOREIGN,
        why="It is whole in itself; the receipt tells that it is another.",
    ),
    Way("a receipt forged", forged, receipt=FOREIGN, why="No receipt is held to it."),
    Way("a receipt cut short", cut, receipt=FOREIGN, why="No receipt is held to it."),
)

"""Whose file it is: the county it is about, and how it was begun; copies keep both."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazetteer.common.errors import ConflictError
from gazetteer.common.language import Sentence

if TYPE_CHECKING:
    from gazetteer.store.county import County

SETTING = "file_id"
"""Setting in which a file keeps what tells it from every other; files of before have none."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a county file and all its copies come from.

    Parameters
    ----------
    division_code, division_name
        What it is about.
    file_id
        Drawn when it was begun; empty for files of before.
    begun, first
        When its first event was, and that event's hash.
    """

    division_code: str
    division_name: str
    file_id: str
    begun: str
    first: str

    @property
    def county(self) -> str:
        """The county for people: name and code."""
        return f"{self.division_name} ({self.division_code})".strip()

    def same(self, other: Origin) -> bool:
        """Tell whether both are copies of one file."""
        one = (self.division_code, self.file_id, self.first)
        return one == (other.division_code, other.file_id, other.first)


def new() -> str:
    """Return what tells a new file from every other.

    Examples
    --------
    >>> len(new()), new() == new()
    (32, False)
    """
    return secrets.token_hex(16)


def of(connection: sqlite3.Connection, division_code: str, division_name: str) -> Origin:
    """Return the origin of an open county file that is about a division."""
    kept = connection.execute("SELECT value FROM setting WHERE key = ?", (SETTING,)).fetchone()
    first = connection.execute("SELECT at, hash FROM event ORDER BY id LIMIT 1").fetchone()
    begun, sealed = first or ("", "")
    file_id = str(kept[0]) if kept else ""
    return Origin(division_code, division_name, file_id, str(begun), str(sealed or ""))


def require_same(ours: County, theirs: County, *, remedy: Sentence) -> None:
    """Refuse a file that is no copy of ours, nor ours of it.

    Raises
    ------
    ConflictError
        When it is of another county, or of a file that was begun apart.
    """
    own, other = ours.origin, theirs.origin
    if own.same(other):
        return
    if own.division_code != other.division_code:
        what = Sentence(
            "is of {theirs}, the county file of {ours}", theirs=other.county, ours=own.county
        )
    else:
        what = Sentence(
            "was begun apart ({theirs}), the county file {ours}: both of {county}",
            theirs=other.begun,
            ours=own.begun,
            county=own.county,
        )
    raise ConflictError(what, place=str(theirs.path), remedy=remedy)

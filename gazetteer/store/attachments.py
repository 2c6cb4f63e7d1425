"""Papers of a thing: what they are called and the hash of each; the files stay where they are."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from gazetteer.store.change import Change


@dataclass(frozen=True, slots=True)
class Paper:
    """One file known by its hash.

    Parameters
    ----------
    kind
        What it is.
    file_name, sha256, bytes
        Of the file.
    attributes
        Further facts about it.
    """

    kind: str
    file_name: str
    sha256: str
    bytes: int
    attributes: dict[str, Any] = field(default_factory=dict)


def attach(change: Change, thing_id: str, papers: Iterable[Paper]) -> int:
    """Record papers of a thing; one that is on record already stays as it is. Returns how many."""
    query = (
        "INSERT INTO attachment (thing_id, kind, file_name, sha256, bytes, attributes) "
        "SELECT :thing_id, :kind, :file_name, :sha256, :bytes, :attributes WHERE NOT EXISTS "
        "(SELECT 1 FROM attachment WHERE thing_id = :thing_id AND sha256 = :sha256)"
    )
    rows = [
        {**asdict(paper), "thing_id": thing_id, "attributes": _told(paper.attributes)}
        for paper in papers
    ]
    new = sum(change.connection.execute(query, row).rowcount for row in rows)
    change.count(papers=new)
    return new


def attached(connection: sqlite3.Connection, thing_id: str) -> list[Paper]:
    """Return the papers of a thing, in the order in which they came."""
    query = (
        "SELECT kind, file_name, sha256, bytes, attributes FROM attachment "
        "WHERE thing_id = ? ORDER BY fid"
    )
    rows = connection.execute(query, (thing_id,))
    return [
        Paper(kind, name, sha256, size, json.loads(attributes or "{}"))
        for kind, name, sha256, size, attributes in rows
    ]


def _told(attributes: dict[str, Any]) -> str:
    return json.dumps(attributes, ensure_ascii=False)

"""Names with what they name: by text, by sound, by beginning, or all of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from gazetteer.common.lazy import pd
from gazetteer.common.missing import nones
from gazetteer.store.frames import today
from gazetteer.store.geometry import decode
from gazetteer.store.names import AFTER, governed, lying_in


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the county file and what it names.

    `status` is ``closed`` for a version no longer in force; level and kind are those of a
    division, category that of a place.
    """

    id: str
    text: str
    thing_id: str
    division_code: str
    romanization: str
    role: str
    status: str
    level: str
    kind: str
    category: str


_SELECT = """
SELECT n.id, n.text, n.thing_id, n.division_code, n.romanization, n.role,
  CASE WHEN n.valid_to IS NULL OR n.valid_to > :day THEN n.status ELSE 'closed' END,
  d.level, d.kind, p.category
FROM name AS n
LEFT JOIN division AS d ON d.fid = (SELECT max(fid) FROM division WHERE id = n.thing_id)
LEFT JOIN place AS p ON p.fid = (SELECT max(fid) FROM place WHERE id = n.thing_id)
"""


def by_text(connection: sqlite3.Connection, texts: Collection[str]) -> list[Named]:
    """Return names written as one of these texts."""
    marks = ", ".join(f":t{number}" for number in range(len(texts)))
    values = {f"t{number}": text for number, text in enumerate(texts)}
    return [*_select(connection, f"n.text IN ({marks})", values)]


def by_pinyin(connection: sqlite3.Connection, pinyin: str) -> list[Named]:
    """Return names with these joined toneless letters."""
    return [*_select(connection, "n.pinyin = :pinyin", {"pinyin": pinyin})]


def by_beginning(connection: sqlite3.Connection, text: str, *, having: str) -> list[Named]:
    """Return names that begin with a text and hold another."""
    bounds = {"from": text, "to": text + AFTER, "having": having}
    clause = "n.text >= :from AND n.text < :to AND instr(n.text, :having)"
    return [*_select(connection, clause, bounds)]


def _select(connection: sqlite3.Connection, clause: str, values: dict[str, Any]) -> Iterator[Named]:
    for row in connection.execute(f"{_SELECT} WHERE {clause}", {**values, "day": today()}):
        yield Named(*(each or "" for each in row))


def every_name(connection: sqlite3.Connection) -> pd.DataFrame:
    """Return all names with level, kind and category of what they name, as `Named` has them."""
    rows = connection.execute(_SELECT, {"day": today()}).fetchall()
    return nones(pd.DataFrame.from_records(rows, columns=list(Named.__slots__)))


def decided_readings(connection: sqlite3.Connection) -> Iterator[dict[str, str]]:
    """Yield the readings that the office has decided, each column a text."""
    columns = ("specific", "reading", "source", "confidence", "decided_by", "decided_on")
    for row in connection.execute(f"SELECT {', '.join(columns)} FROM reading ORDER BY fid"):
        yield dict(zip(columns, (each or "" for each in row), strict=True))


def place_keys(connection: sqlite3.Connection) -> list[str]:
    """Return the keys of the places: by each of them one place is told from another."""
    return [str(row[0]) for row in connection.execute("SELECT DISTINCT key FROM place")]


def kinds(connection: sqlite3.Connection, things: Collection[str]) -> dict[str, str]:
    """Return the kind of each thing that is a division (镇, 开发区)."""
    query = "SELECT id, kind FROM division WHERE id IN (SELECT value FROM json_each(:ids))"
    found = connection.execute(query, {"ids": json.dumps([*things])})
    return {str(thing): str(kind) for thing, kind in found if kind}


def thing_of(connection: sqlite3.Connection, told: str) -> str | None:
    """Return the id of the thing with this code of a division or place, or with this id."""
    query = (
        "SELECT id FROM division WHERE code = :told AND valid_to IS NULL UNION ALL "
        "SELECT id FROM place WHERE code = :told AND valid_to IS NULL UNION ALL "
        "SELECT id FROM thing WHERE id = :told AND kind IN ('division', 'place') LIMIT 1"
    )
    row = connection.execute(query, {"told": told}).fetchone()
    return None if row is None else str(row[0])


def has_division(connection: sqlite3.Connection, beginning: str) -> bool:
    """Whether a division, also one that is no more, has a code with this beginning."""
    query = "SELECT 1 FROM division WHERE code >= :low AND code < :high LIMIT 1"
    values = {"low": beginning, "high": beginning + AFTER}
    return connection.execute(query, values).fetchone() is not None


def division_path(connection: sqlite3.Connection, code: str) -> list[str]:
    """Return the names of the divisions from the county down to that of a code."""
    query = (
        "SELECT d.name, d.level, p.code FROM division AS d LEFT JOIN division AS p "
        "ON p.id = d.parent_id AND p.valid_to IS NULL WHERE d.code = ? AND d.valid_to IS NULL"
    )
    found: dict[str, str] = {}
    told: str | None = code
    while told is not None and told not in found:
        name, level, above = connection.execute(query, (told,)).fetchone() or ("", "", None)
        if level in _ABOVE_COUNTY:
            break
        found[told] = name
        # what is not on record is held by what its digits tell
        own = told
        lengths = (each for each in (9, 6) if each < len(own))
        told = above or next((own[:each] for each in lengths), None)
    return [name for name in reversed(found.values()) if name]


def division_names(
    connection: sqlite3.Connection, text: str, *, within: str
) -> list[tuple[str, str]]:
    """Return (name, code) of divisions in force that may be named somewhere in a text.

    Those whose whole name the text holds or would hold with the organ of a village (张村6组), and
    within a county all townships, which people name without their generic.
    """
    parts = {text[start:end] for end in range(2, len(text) + 1) for start in range(end - 1)}
    parts |= {part + organ for part in parts for organ in _ORGANS.get(part[-1], ())}
    units = governed(connection)
    inside, bounds = lying_in("d.code", within, units)
    values = {**bounds, "parts": json.dumps([*parts])}
    found = connection.execute(_NAMED.format(inside=inside), values).fetchall()
    if len(within) >= COUNTY or _few_townships(connection):
        named, bounds = lying_in("n.division_code", within, units)
        query = _TOWNSHIPS.format(inside=f"{inside} AND {named}")
        found += connection.execute(query, bounds).fetchall()
    return [(str(name), str(code)) for name, code in dict.fromkeys(found)]


def _few_townships(connection: sqlite3.Connection) -> bool:
    query = "SELECT count(*) FROM (SELECT 1 FROM division WHERE length(code) = 9 LIMIT :most)"
    (number,) = connection.execute(query, {"most": MOST_TOWNSHIPS}).fetchone()
    return bool(number < MOST_TOWNSHIPS)


_ORGANS = {
    "村": ("委会", "民委员会", "村委会", "村民委员会", "居委会"),
    "区": ("居委会", "居民委员会"),
}
"""What a list may have behind the last character of a village's name that people type."""
COUNTY = 6
_ABOVE_COUNTY = ("province", "prefecture")
MOST_TOWNSHIPS = 200
"""A county has dozens of townships; a file with more is one of a larger area."""
_OF_DIVISION = (
    "SELECT n.text, d.code FROM name AS n JOIN division AS d ON d.id = n.thing_id "
    "WHERE d.valid_to IS NULL AND {inside} "
)
_NAMED = _OF_DIVISION + "AND n.text IN (SELECT value FROM json_each(:parts))"
_TOWNSHIPS = _OF_DIVISION + "AND length(n.division_code) <= 9"


def division_area(connection: sqlite3.Connection, code: str) -> Any:
    """Return the polygon of a division in force in EPSG:4490, None where there is none."""
    query = "SELECT geom FROM division WHERE code = ? AND valid_to IS NULL LIMIT 1"
    row = connection.execute(query, (code,)).fetchone()
    area = None if row is None or row[0] is None else decode([row[0]])[0]
    return None if area is None or area.is_empty else area


def zone(connection: sqlite3.Connection, kind: str, code: str) -> Any:
    """Return the polygon of a zone in EPSG:4490 by its code or id, None where there is none."""
    query = (
        "SELECT geom FROM zone WHERE kind = ? AND valid_to IS NULL AND (code = ? OR id = ?) LIMIT 1"
    )
    row = connection.execute(query, (kind, code, code)).fetchone()
    return None if row is None else decode([row[0]])[0]

"""Names that may answer a query: B-trees on text, pinyin and initials, an index of bigrams."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from gazetteer.search import Candidate, Query
from gazetteer.store.frames import in_force, today

AFTER = "\U0010ffff"
# A county has a few hundred to some thousand names: all of them can be looked at.
SCAN = 6_000
ENOUGH = 400

_COLUMNS = (
    "n.thing_id, n.text, n.role, n.division_code, n.specific, n.romanization, n.pinyin, n.initials"
)


def candidates(
    connection: sqlite3.Connection,
    query: Query,
    *,
    sound: str = "",
    within: str | None = None,
    category: str | None = None,
    as_of: str | None = None,
) -> list[Candidate]:
    """Return names that may be meant, a few hundred at most unless the area is small.

    Parameters
    ----------
    connection
        Open county file.
    query, sound
        What was asked, and its joined letters.
    within
        Division code; only names of that division and those below it.
    category
        Category code or its leading digits; only places of that class.
    as_of
        ISO date; only names in force on it. Names of all times where not given.
    """
    conditions, parameters = _conditions(within=within, category=category, as_of=as_of)
    if within and _few(connection, within):
        found = _select(connection, "1", conditions, parameters, limit=SCAN)
    else:
        found = {}
        for clause, values in _strategies(query, sound):
            found |= _select(connection, clause, conditions, parameters | values, limit=ENOUGH)
    return list(_with_standard(connection, found.values()))


def _few(connection: sqlite3.Connection, within: str) -> bool:
    query = (
        "SELECT count(*) FROM (SELECT 1 FROM name WHERE division_code >= :low "
        "AND division_code < :high LIMIT :most)"
    )
    bounds = {"low": within, "high": within + AFTER, "most": SCAN}
    (number,) = connection.execute(query, bounds).fetchone()
    return bool(number < SCAN)


def _conditions(
    *, within: str | None, category: str | None, as_of: str | None
) -> tuple[str, dict[str, Any]]:
    clauses, parameters = ["1"], dict[str, Any]()
    if within:
        clauses.append("n.division_code >= :low AND n.division_code < :high")
        parameters |= {"low": within, "high": within + AFTER}
    if category:
        clauses.append(
            "EXISTS (SELECT 1 FROM place AS p WHERE p.id = n.thing_id "
            "AND p.category >= :category AND p.category < :category_end)"
        )
        parameters |= {"category": category, "category_end": category + AFTER}
    if as_of:
        clauses.append(in_force("n"))
        parameters["day"] = as_of
    return " AND ".join(clauses), parameters


def _strategies(query: Query, sound: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ways of finding candidates, as SQL conditions with their parameters."""
    for letters in query.letters:
        bounds = {"from": letters, "to": letters + AFTER}
        yield "n.pinyin = :from", bounds
        yield "n.pinyin >= :from AND n.pinyin < :to", bounds
        yield "n.initials = :from", bounds
        yield "n.initials >= :from AND n.initials < :to", bounds
    if not query.han:
        return
    bounds = {"from": query.han, "to": query.han + AFTER}
    yield "n.text = :from", bounds
    yield "n.text >= :from AND n.text < :to", bounds
    pairs = bigrams(query.han)
    matching = "n.fid IN (SELECT rowid FROM name_bigram WHERE name_bigram MATCH :pairs LIMIT 400)"
    if pairs:
        yield matching, {"pairs": " AND ".join(pairs)}
        yield matching, {"pairs": " OR ".join(pairs)}
    if sound:
        bounds = {"from": sound, "to": sound + AFTER}
        yield "n.pinyin >= :from AND n.pinyin < :to", bounds


def bigrams(text: str) -> list[str]:
    """Return the character pairs of a text as quoted search terms.

    Examples
    --------
    >>> bigrams('石首"市')
    ['"石首"', '"首市"']
    >>> bigrams("石")
    []
    """
    plain = "".join(each for each in text if each.isalnum())
    return [f'"{plain[i : i + 2]}"' for i in range(len(plain) - 1)]


def _select(
    connection: sqlite3.Connection,
    clause: str,
    conditions: str,
    parameters: dict[str, Any],
    *,
    limit: int,
) -> dict[int, Candidate]:
    query = f"SELECT n.fid, {_COLUMNS} FROM name AS n WHERE {clause} AND {conditions} LIMIT {limit}"
    rows = connection.execute(query, parameters).fetchall()
    return {fid: Candidate(*columns) for fid, *columns in rows}


def _with_standard(
    connection: sqlite3.Connection, found: Iterable[Candidate]
) -> Iterator[Candidate]:
    query = (
        "SELECT n.text FROM name AS n WHERE n.thing_id = :thing AND n.role = 'standard' "
        f"AND {in_force('n')}"
    )
    for each in found:
        if each.role == "standard":
            yield each
            continue
        row = connection.execute(query, {"thing": each.thing_id, "day": today()}).fetchone()
        yield Candidate(
            **{name: getattr(each, name) for name in each.__slots__ if name != "standard"},
            standard=row[0] if row else None,
        )


def positions(
    connection: sqlite3.Connection, things: Collection[str]
) -> dict[str, tuple[float, float]]:
    """Return a position of each thing: the point of a place, the seat or middle of a division."""
    found: dict[str, tuple[float, float]] = {}
    for thing in things:
        row = connection.execute(_POSITION, {"thing": thing}).fetchone()
        if row is not None and row[0] is not None:
            found[thing] = (float(row[0]), float(row[1]))
    return found


_POSITION = """
SELECT (r.minx + r.maxx) / 2, (r.miny + r.maxy) / 2 FROM place AS t
  JOIN rtree_place_geom AS r ON r.id = t.fid WHERE t.id = :thing
UNION ALL
SELECT coalesce(t.seat_lon, (r.minx + r.maxx) / 2), coalesce(t.seat_lat, (r.miny + r.maxy) / 2)
  FROM division AS t LEFT JOIN rtree_division_geom AS r ON r.id = t.fid WHERE t.id = :thing
"""

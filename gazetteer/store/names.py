"""Names that may answer a query: B-trees on text, pinyin and initials, an index of bigrams."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from gazetteer.search import Candidate, Query
from gazetteer.store.frames import in_force, today

AFTER = "\U0010ffff"
# So many names can be read through one by one within the time of a key stroke.
SCAN = 20_000
ENOUGH = 400
CERTAIN = 100
BEGINNING = ("n.text = :from", "n.text >= :from AND n.text < :to")
LONGEST_TYPO = 12

_LETTERS = re.compile(r"\bn\.(?=(?:pinyin|initials)\b)")

# names that may sound so, as long as nobody has decided their reading
SOUNDING = "n.fid IN (SELECT name FROM name_sound WHERE {key} >= :from AND {key} < :to LIMIT 400)"
# a standard name that is no longer in force answers as a former one
_COLUMNS = (
    "n.thing_id, n.text, iif(n.role = 'standard' AND n.valid_to <= :today, 'former', n.role), "
    "n.division_code, n.specific, n.romanization, n.pinyin, n.initials"
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
    """Return names that may be meant, a few hundred at most.

    Where there are few names (a county's), they are also read through for one wrong or missing
    character, and for letters inside their pinyin.

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
    ways = [*_strategies(query, sound)]
    few = _few(connection, within)
    if few:
        ways += _reading_through(query)
    if few and within:
        # of a county's names the index of division codes leaves fewer to read than letters do
        ways = [(_LETTERS.sub("+n.", clause), values) for clause, values in ways]
    found: dict[int, Candidate] = {}
    for number, (clause, values) in enumerate(ways):
        # where so many names begin with the text, none that is merely like it comes near
        if number >= len(BEGINNING) and query.han and len(found) >= CERTAIN:
            break
        found |= _select(connection, clause, conditions, parameters | values, limit=ENOUGH)
    if query.letters:
        found = _with_sounds(connection, found)
    return list(_with_standard(connection, found.values()))


def _few(connection: sqlite3.Connection, within: str | None) -> bool:
    query = (
        "SELECT count(*) FROM (SELECT 1 FROM name "
        "WHERE division_code >= :low AND division_code < :high LIMIT :most)"
        if within
        else "SELECT coalesce(max(fid), 0) FROM name"
    )
    bounds = {"low": within, "high": (within or "") + AFTER, "most": SCAN}
    (number,) = connection.execute(query, bounds).fetchone()
    return bool(number < SCAN)


def _reading_through(query: Query) -> Iterator[tuple[str, dict[str, Any]]]:
    for letters in query.letters:
        if len(letters) > 3:
            yield "instr(n.pinyin, :part) > 1", {"part": letters}
    patterns = typo_patterns(query.han) if len(query.han) > 1 else []
    if patterns:
        named = {f"p{number}": pattern for number, pattern in enumerate(patterns)}
        alike = " OR ".join(f"n.text LIKE :{name} ESCAPE '!'" for name in named)
        yield f"({alike})", named
    if len(query.han) > 1:
        yield "instr(n.text, :part) > 1", {"part": query.han}


def typo_patterns(text: str) -> list[str]:
    """Return LIKE patterns of names that begin with a text in which one character is off.

    Wrong, missing and superfluous characters; the escape sign is ``!``.

    Examples
    --------
    >>> typo_patterns("罗店")
    ['_店%', '_罗店%', '店%', '罗_%', '罗_店%', '罗%']
    """
    plain = [f"!{each}" if each in "%_!" else each for each in text[:LONGEST_TYPO]]
    found = []
    for i in range(len(plain)):
        before, after = "".join(plain[:i]), "".join(plain[i + 1 :])
        found += [f"{before}_{after}%", f"{before}_{plain[i]}{after}%", f"{before}{after}%"]
    return list(dict.fromkeys(found))


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
        for key in ("pinyin", "initials"):
            yield SOUNDING.format(key=key), bounds
    if not query.han:
        return
    bounds = {"from": query.han, "to": query.han + AFTER}
    for clause in BEGINNING:
        yield clause, bounds
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
    rows = connection.execute(query, {**parameters, "today": today()}).fetchall()
    return {fid: Candidate(*columns) for fid, *columns in rows}


def _with_sounds(
    connection: sqlite3.Connection, found: dict[int, Candidate]
) -> dict[int, Candidate]:
    """Return the candidates with the other sounds that they may have."""
    query = "SELECT pinyin, initials FROM name_sound WHERE name = ?"
    return {
        fid: replace(each, sounds=tuple(connection.execute(query, (fid,)).fetchall()))
        for fid, each in found.items()
    }


def _with_standard(
    connection: sqlite3.Connection, found: Iterable[Candidate]
) -> Iterator[Candidate]:
    # of a thing that is no more, the name it had last
    query = (
        "SELECT n.text FROM name AS n WHERE n.thing_id = :thing AND n.role = 'standard' "
        f"ORDER BY {in_force('n')} DESC, n.valid_to DESC LIMIT 1"
    )
    for each in found:
        if each.role == "standard":
            yield each
            continue
        row = connection.execute(query, {"thing": each.thing_id, "day": today()}).fetchone()
        yield replace(each, standard=row[0] if row else None)


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

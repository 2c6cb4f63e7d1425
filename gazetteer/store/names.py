"""Names that may answer a query: B-trees on text, pinyin and initials, an index of bigrams."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gazetteer.common.governed import Governed
from gazetteer.names import categories
from gazetteer.names.search import Candidate, Query, Shelf
from gazetteer.names.search.figures import writings
from gazetteer.names.search.generics import stem
from gazetteer.store.frames import in_force, today
from gazetteer.store.snapshots import unchanged

AFTER = "\U0010ffff"
# So many names can be read through one by one within the time of a key stroke.
SCAN = 20_000
ENOUGH = 400
CERTAIN = 100
BEGINNING = ("n.text = :from", "n.text >= :from AND n.text < :to")
MATCHING = "n.fid IN (SELECT rowid FROM name_bigram WHERE name_bigram MATCH :pairs LIMIT 400)"
# places of columns in a row read whole
TEXT, ROMANIZATION, PINYIN, INITIALS = 2, 6, 7, 8

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
    sounds: Sequence[str] = (),
    within: str | None = None,
    category: str | None = None,
    as_of: str | None = None,
    shelves: Shelves | None = None,
    day: str | None = None,
) -> list[Candidate]:
    """Return names that may be meant, a few hundred at most.

    Where there are few names (a county's), all of them are looked at in memory; an index that
    covers a nation would first find its hundreds everywhere and then lose them to the area asked
    for. Of more names the indexes give those that begin or sound alike.

    Parameters
    ----------
    connection
        Open county file.
    query, sounds
        What was asked, and joined letters of the ways in which it may be read.
    within
        Division code; only names of that division and those below it.
    category
        Category code or its leading digits; only places and divisions of that class.
    as_of
        ISO date; only names in force on it. Names of all times where not given.
    shelves
        Where names once read are kept for the next query.
    day
        ISO date of today: a standard name that has ended by then answers as a former one.
    """
    kept = shelves if shelves is not None else Shelves()
    units = kept.governed(connection) if within else Governed()
    limits = Limits(within, category, as_of, day or today(), units)
    if _few(connection, within):
        found = kept.of(connection, limits).candidates(query, sounds)
    else:
        found = _by_index(connection, query, sounds, limits)
    return list(_with_standard(connection, found, day=limits.day))


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a search: a division, a class, a date, and the day on which it is asked.

    Which units lie elsewhere than their code tells goes with the state of the file.
    """

    within: str | None
    category: str | None
    as_of: str | None
    day: str
    units: Governed = field(default_factory=Governed, compare=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """Names of an area in memory, with what a hit needs."""

    shelf: Shelf
    rows: list[tuple[Any, ...]]

    def candidates(self, query: Query, sounds: Sequence[str]) -> list[Candidate]:
        """Return the names that may answer a query."""
        places = self.shelf.likely(query, sounds)
        others: dict[int, list[tuple[str, str]]] = {}
        if query.letters:
            wanted = set(places)
            for at, *sound in self.shelf.sounds(query):
                if at in wanted:
                    others.setdefault(at, []).append((sound[0], sound[1]))
        found = (Candidate(*self.rows[at][1:]) for at in places)
        return [
            replace(each, sounds=tuple(others[at])) if at in others else each
            for at, each in zip(places, found, strict=True)
        ]


class Shelves:
    """The last areas that were searched, each until the file changes."""

    MOST = 8

    def __init__(self) -> None:
        self._kept: dict[Limits, Kept] = {}
        self._state: tuple[int, int] | None = None
        self._governed: Governed | None = None

    def of(self, connection: sqlite3.Connection, limits: Limits) -> Kept:
        """Return the names within some limits, read once."""
        self._forget_if_changed(connection)
        kept = self._kept.pop(limits, None) or _read(connection, limits)
        self._kept[limits] = kept
        if len(self._kept) > self.MOST:
            del self._kept[next(iter(self._kept))]
        return kept

    def governed(self, connection: sqlite3.Connection) -> Governed:
        """Return the units that lie elsewhere than their code tells, read once."""
        self._forget_if_changed(connection)
        if self._governed is None:
            self._governed = governed(connection)
        return self._governed

    def _forget_if_changed(self, connection: sqlite3.Connection) -> None:
        state = unchanged(connection)
        if state is None or state != self._state:
            self._kept, self._state, self._governed = {}, state, None


def _read(connection: sqlite3.Connection, limits: Limits) -> Kept:
    conditions, parameters = _conditions(connection, limits)
    query = f"SELECT n.fid, {_COLUMNS} FROM name AS n WHERE {conditions}"
    rows = connection.execute(query, {**parameters, "today": limits.day}).fetchall()
    place = {row[0]: at for at, row in enumerate(rows)}
    sounds = (
        "SELECT s.name, s.pinyin, s.initials FROM name AS n JOIN name_sound AS s ON s.name = n.fid "
        f"WHERE {conditions}"
    )
    others = [
        (place[name], pinyin, initials)
        for name, pinyin, initials in connection.execute(sounds, parameters)
        if name in place  # written by somebody else since the names were read
    ]
    texts, pinyin, initials, romanizations = (
        [row[at] or "" for row in rows] for at in (TEXT, PINYIN, INITIALS, ROMANIZATION)
    )
    return Kept(Shelf(texts, pinyin, initials, romanizations, others), rows)


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


def _by_index(
    connection: sqlite3.Connection, query: Query, sounds: Sequence[str], limits: Limits
) -> list[Candidate]:
    conditions, parameters = _conditions(connection, limits)
    found: dict[int, Candidate] = {}
    for number, (clause, values) in enumerate(_strategies(query, sounds)):
        # where so many names begin with the text, none that is merely like it comes near
        if number >= len(BEGINNING) and query.han and len(found) >= CERTAIN:
            break
        found |= _select(connection, clause, conditions, parameters | values, limit=ENOUGH)
    if query.letters:
        found = _with_sounds(connection, found)
    return [*found.values()]


def governed(connection: sqlite3.Connection) -> Governed:
    """Return the divisions in force whose code does not begin with that of what holds them."""
    query = (
        "SELECT d.code, p.code FROM division AS d JOIN division AS p "
        "ON p.id = d.parent_id AND p.valid_to IS NULL WHERE d.valid_to IS NULL "
        "AND p.code <> '00' AND substr(d.code, 1, length(p.code)) <> p.code"
    )
    return Governed({str(own): str(above) for own, above in connection.execute(query)})


def lying_in(column: str, within: str, units: Governed) -> tuple[str, dict[str, str]]:
    """Return the SQL condition that a code lies in a division, with its parameters."""
    inside, outside = units.areas(within)
    clauses, bounds = list[str](), dict[str, str]()
    for number, area in enumerate([*inside, *outside]):
        clauses.append(f"({column} >= :low{number} AND {column} < :high{number})")
        bounds |= {f"low{number}": area, f"high{number}": area + AFTER}
    there = " OR ".join(clauses[: len(inside)])
    elsewhere = "".join(f" AND NOT {each}" for each in clauses[len(inside) :])
    return f"(({there}){elsewhere})", bounds


def _conditions(connection: sqlite3.Connection, limits: Limits) -> tuple[str, dict[str, Any]]:
    within, category, as_of = limits.within, limits.category, limits.as_of
    clauses, parameters = ["1"], dict[str, Any]()
    if within:
        inside, bounds = lying_in("n.division_code", within, limits.units)
        clauses.append(inside)
        parameters |= bounds
    if category:
        clauses.append(_OF_CLASS)
        parameters |= _of_class(connection, categories.beginning(category))
    if as_of:
        clauses.append(in_force("n"))
        parameters["day"] = as_of
    return " AND ".join(clauses), parameters


_OF_CLASS = (
    "(EXISTS (SELECT 1 FROM place AS p WHERE p.id = n.thing_id "
    "AND p.category IN (SELECT value FROM json_each(:categories))) "
    "OR EXISTS (SELECT 1 FROM division AS d WHERE d.id = n.thing_id "
    "AND d.level || '|' || coalesce(d.kind, '') IN (SELECT value FROM json_each(:kinds))))"
)


def _of_class(connection: sqlite3.Connection, digits: str) -> dict[str, str]:
    """Return the categories of places and the kinds of divisions whose codes begin with digits.

    A file of before may hold categories as words: they count as their codes.
    """
    told = [row[0] for row in connection.execute("SELECT DISTINCT category FROM place") if row[0]]
    places = [each for each in told if (categories.code_of(each) or each).startswith(digits)]
    pairs = connection.execute("SELECT DISTINCT level, coalesce(kind, '') FROM division").fetchall()
    kinds = [
        f"{level}|{kind}"
        for level, kind in pairs
        if (categories.of_division(level, kind) or "").startswith(digits)
    ]
    return {"categories": json.dumps(places), "kinds": json.dumps(kinds)}


def _strategies(query: Query, sounds: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ways of finding candidates, as SQL conditions with their parameters."""
    for letters in (*query.letters, *query.stems):
        bounds = {"from": letters, "to": letters + AFTER}
        yield "n.pinyin = :from", bounds
        yield "n.pinyin >= :from AND n.pinyin < :to", bounds
        yield "n.initials = :from", bounds
        yield "n.initials >= :from AND n.initials < :to", bounds
        for key in ("pinyin", "initials"):
            yield SOUNDING.format(key=key), bounds
    for text in query.chinese:
        yield "n.text = :from", {"from": text}
        # postal forms are kept without the generic: 北京 for Peking
        yield from (("n.text = :from", {"from": text + each}) for each in "市县区镇省")
    if query.han:
        yield from _strategies_for_characters(query.han, sounds)
    for text in writings(query.han):
        yield "n.text >= :from AND n.text < :to", {"from": text, "to": text + AFTER}
        if pairs := bigrams(text):
            yield MATCHING, {"pairs": " AND ".join(pairs)}


def _strategies_for_characters(
    text: str, sounds: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for clause in BEGINNING:
        yield clause, {"from": text, "to": text + AFTER}
    if len(text) == 1:
        # pairs begin with each character of a name, so that of a rare one, too
        yield MATCHING, {"pairs": f'"{text}"*'}
    pairs = bigrams(text)
    if pairs:
        yield MATCHING, {"pairs": " AND ".join(pairs)}
        yield MATCHING, {"pairs": " OR ".join(pairs)}
    short = stem(text)
    if short != text and len(short) > 1:
        yield BEGINNING[1], {"from": short, "to": short + AFTER}
    for way in swaps(short):
        yield BEGINNING[1], {"from": way, "to": way + AFTER}
    for sound in sounds:
        yield "n.pinyin >= :from AND n.pinyin < :to", {"from": sound, "to": sound + AFTER}


def swaps(text: str) -> list[str]:
    """Return a text with two neighbouring characters in the other order, each pair once.

    Examples
    --------
    >>> swaps("沟石"), swaps("石")
    (['石沟'], [])
    """
    found = (text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1))
    return [each for each in dict.fromkeys(found) if each != text]


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
    connection: sqlite3.Connection, found: Iterable[Candidate], *, day: str
) -> Iterator[Candidate]:
    # of a thing that is no more, the name it had last
    query = (
        "SELECT n.text, n.romanization FROM name AS n "
        "WHERE n.thing_id = :thing AND n.role = 'standard' "
        f"ORDER BY {in_force('n')} DESC, n.valid_to DESC LIMIT 1"
    )
    for each in found:
        if each.role == "standard":
            yield each
            continue
        row = connection.execute(query, {"thing": each.thing_id, "day": day}).fetchone()
        standard, spelling = row or (None, None)
        yield replace(each, standard=standard, spelling=spelling)


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

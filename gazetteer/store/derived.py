"""What is derived from the records, recomputed: search, R-trees, counts; what differs is told.

Nothing here is part of a record, so no event covers it; but a name that no search finds, or a
marker that no map draws, is as good as gone.
"""

from __future__ import annotations

import re
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from gazetteer.common.lazy import np, shapely
from gazetteer.names.romanization.sounds import other_sounds
from gazetteer.names.romanization.spelling import ascii_letters, toneless
from gazetteer.store import events
from gazetteer.store.described import LONGEST_NAME, SEARCH_INDEX, schema
from gazetteer.store.geometry import decode

NAMED = 5
# an R-tree of SQLite holds 32-bit floats, rounded outwards (sqlite.org/rtree.html, 3.1)
RTREE_SLACK = 4 * 2.0**-23
_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[b-df-hj-np-tw-z])?[aeiouvü]+(?:(?:ng|n|r)(?![aeiouvü]))?|[0-9]+"
)


def differences(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield a sentence for each derived table that is not what the records give.

    Parameters
    ----------
    connection
        Open county file, within `gazetteer.store.digests.any_text`.
    """
    for what, check in _CHECKS.items():
        try:
            yield from (f"{what}: {told}" for told in check(connection))
        except (sqlite3.OperationalError, shapely.GEOSException, ValueError, struct.error) as error:
            yield f"{what}: cannot be recomputed ({error})"


def _rows(which: Iterable[object], what: str) -> Iterator[str]:
    """Yield how many rows there are, with some of their numbers; nothing for none."""
    found = sorted(set(which), key=str)
    if found:
        more = ", ..." if len(found) > NAMED else ""
        yield f"{what} ({len(found)}: {', '.join(map(str, found[:NAMED]))}{more})"


# ------------------------------------------------------------------ the register


def _things(connection: sqlite3.Connection) -> Iterator[str]:
    """Hold the register of ids to the rows that bear them."""
    borne = " UNION ".join(
        f"SELECT id, '{table.name}' AS kind FROM \"{table.name}{past}\""
        for table in schema.RECORDED
        for past in ("", "_history")
    )
    query = f"SELECT id FROM thing WHERE (id, kind) NOT IN ({borne})"
    yield from _rows((own for (own,) in connection.execute(query)), "no row bears this id")
    query = f"SELECT id FROM ({borne}) WHERE id IS NULL OR id NOT IN (SELECT id FROM thing)"
    yield from _rows((own for (own,) in connection.execute(query)), "ids that are not registered")


def _counts(connection: sqlite3.Connection) -> Iterator[str]:
    told = dict(connection.execute("SELECT table_name, feature_count FROM gpkg_ogr_contents"))
    for table in schema.FEATURES:
        (there,) = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()
        if told.get(table.name) not in (None, there):
            yield f"{table.name} has {there} rows, not {told[table.name]}"


# ------------------------------------------------------------------ R-trees


def _rtrees(connection: sqlite3.Connection) -> Iterator[str]:
    for table in schema.FEATURES:
        query = f'SELECT fid, geom FROM "{table.name}" WHERE geom NOTNULL'
        rows = connection.execute(query).fetchall()
        fids = [fid for fid, _ in rows]
        bounds = shapely.bounds(decode(geom for _, geom in rows)).reshape(-1, 4)[:, [0, 2, 1, 3]]
        drawn = ~np.isnan(bounds[:, 0])
        query = f'SELECT id, minx, maxx, miny, maxy FROM "rtree_{table.name}_geom"'
        boxes = {own: box for own, *box in connection.execute(query)}
        there = dict(zip(np.array(fids, dtype=object)[drawn], bounds[drawn], strict=True))
        yield from _rows(there.keys() - boxes.keys(), f"{table.name} lacks rows")
        yield from _rows(boxes.keys() - there.keys(), f"{table.name} has rows that are none")
        both = [own for own in there if own in boxes]
        true, kept = (np.array([of[own] for own in both]).reshape(-1, 4) for of in (there, boxes))
        yield from _rows(np.array(both)[~_holds(kept, true)], f"{table.name} has other boxes")
        # a look at every row passes by the inner boxes, which alone lead a query to its rows
        query = "SELECT rtreecheck('main', ?)"
        (found,) = connection.execute(query, (f"rtree_{table.name}_geom",)).fetchone()
        if found != "ok":
            yield f"{table.name} leads queries astray ({found.splitlines()[0]})"


def _holds(box: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Tell which boxes hold their bounds (min x, max x, min y, max y; degrees), but little more."""
    slack = RTREE_SLACK * np.maximum(np.abs(bounds), 1)
    outwards = (bounds - box) * np.array([1, -1, 1, -1])
    found: np.ndarray = ((outwards >= 0) & (outwards <= slack)).all(axis=1)
    return found


# ------------------------------------------------------------------ search


def _numbers(connection: sqlite3.Connection) -> Iterator[str]:
    told = connection.execute("SELECT count(*), min(n), max(n) FROM seq").fetchone()
    if told != (LONGEST_NAME, 1, LONGEST_NAME):
        yield f"not the numbers from 1 to {LONGEST_NAME}"


def _pairs(connection: sqlite3.Connection) -> Iterator[str]:
    """Build the index of pairs of characters anew, in memory, and hold the file's to it."""
    query = "SELECT k FROM name_bigram_config WHERE k <> 'version'"
    yield from _rows((own for (own,) in connection.execute(query)), "settings that are not ours")
    with closing(sqlite3.connect(":memory:")) as anew:
        anew.execute(SEARCH_INDEX)
        names = connection.execute("SELECT fid, text FROM name")
        rows = ((fid, bigrams(text)) for fid, text in names if isinstance(text, str))
        anew.executemany("INSERT INTO name_bigram (rowid, b) VALUES (?, ?)", rows)
        yield from _rows(
            (row for _, row in unlike(_entries(connection), _entries(anew))),
            "names that are found by other characters than theirs",
        )


def bigrams(text: str) -> str:
    r"""Return the pairs of characters of a name as the triggers index them: up to a NUL.

    Examples
    --------
    >>> bigrams("石首市"), bigrams("石\x00首")
    ('石首 首市 市', '石')
    """
    plain = text.partition("\0")[0].encode("utf-8", "replace").decode()
    return " ".join(plain[at : at + 2] for at in range(min(len(plain), LONGEST_NAME)))


def _entries(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    # a temporary table writes nothing to the file
    (reading,) = connection.execute("PRAGMA query_only").fetchone()
    try:
        connection.execute("PRAGMA query_only=OFF")
        connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.name_bigram_entry "
            "USING fts5vocab(main, name_bigram, instance)"
        )
    finally:
        connection.execute(f"PRAGMA query_only={reading}")
    yield from connection.execute("SELECT term, doc FROM temp.name_bigram_entry")


def unlike(
    one: Iterator[tuple[str, int]], other: Iterator[tuple[str, int]]
) -> Iterator[tuple[str, int]]:
    """Yield what only one of two sorted series has.

    Examples
    --------
    >>> [*unlike(iter([("a", 1), ("b", 1)]), iter([("a", 1), ("a", 2)]))]
    [('a', 2), ('b', 1)]
    """
    first, second = next(one, None), next(other, None)
    while first is not None or second is not None:
        if first == second:
            first, second = next(one, None), next(other, None)
        elif second is None or (first is not None and first < second):
            assert first is not None
            yield first
            first = next(one, None)
        else:
            yield second
            second = next(other, None)


_KEYS = """
SELECT n.fid, n.romanization, n.pinyin, n.initials, n.division_code,
  coalesce(d.code, (SELECT code FROM division WHERE id = p.division_id
    ORDER BY valid_to IS NULL DESC LIMIT 1))
FROM name AS n
LEFT JOIN division AS d ON d.fid = (SELECT max(fid) FROM division WHERE id = n.thing_id)
LEFT JOIN place AS p ON p.fid = (SELECT max(fid) FROM place WHERE id = n.thing_id)
WHERE n.pinyin NOTNULL
"""
# what another program has written is to be completed yet, and so is what then came by a form, a
# merge or an undo; completing leaves none out
_LACKING = f"""
SELECT fid FROM name WHERE pinyin IS NULL AND event NOT IN (
  SELECT id FROM event
  WHERE (({events.EDITED_ELSEWHERE}) OR command IN ('import form', 'merge', 'undo'))
    AND id > (SELECT coalesce(max(id), 0) FROM event WHERE command = 'names complete'))
"""


def _keys(connection: sqlite3.Connection) -> Iterator[str]:
    """Hold the keys of names to spelling and place; only what is new may lack them yet."""
    lacking = (fid for (fid,) in connection.execute(_LACKING))
    yield from _rows(lacking, "names without keys that no edit has taken from them")
    rows = connection.execute(_KEYS).fetchall()
    spelt = [row for row in rows if row[1] is not None]
    wrong = (fid for fid, text, pinyin, *_ in spelt if ascii_letters(text) != pinyin)
    yield from _rows(wrong, "names with other pinyin than their romanization has")
    wrong = (fid for fid, text, _, own, *_ in spelt if initials(text) not in (None, own))
    yield from _rows(wrong, "names with other initials than their romanization has")
    wrong = (fid for fid, *_, key, code in rows if code is not None and key != code)
    yield from _rows(wrong, "names kept under another division than theirs")


def initials(romanization: str) -> str | None:
    """Return the first letters of the syllables; None of what is no pinyin.

    An apostrophe stands before every further syllable that begins with a, o or e (GB/T 16159), so
    that the syllables are told by the letters alone.

    Examples
    --------
    >>> initials("Dōngfēng 20 Duì"), initials("Xī'ān"), initials("Lǜ Hé"), initials("KTV")
    ('df2d', 'xa', 'lh', None)
    """
    words = re.split(r"[^a-z0-9ü]+", toneless(romanization).lower())
    parts = [_SYLLABLE.findall(word) for word in words]
    if ["".join(part) for part in parts] != words:
        return None
    return "".join(syllable[0] for part in parts for syllable in part).replace("ü", "v")


def _sounds(connection: sqlite3.Connection) -> Iterator[str]:
    """Hold the further sounds of names to the readings that nobody has decided between."""
    stray = "SELECT name FROM name_sound WHERE name NOT IN (SELECT fid FROM name)"
    yield from _rows((name for (name,) in connection.execute(stray)), "sounds of no name")
    kept: dict[int, set[Sound]] = {}
    for name, *sound in connection.execute("SELECT name, pinyin, initials FROM name_sound"):
        kept.setdefault(name, set()).add((sound[0], sound[1]))
    alike: dict[tuple[str, str, str], _Sounding] = {}
    # versions of one name share what the first of them has
    for fid, thing, role, text, pinyin, decided in connection.execute(_SOUNDING):
        own = alike.setdefault((thing, role, text), _Sounding(fid))
        own.kept |= kept.get(fid, set())
        if decided == 0:
            own.true |= {each for each in other_sounds(text) if each[0] != pinyin}
    wrong = (each.fid for each in alike.values() if each.kept != each.true)
    yield from _rows(wrong, "names with other sounds than their undecided readings")


Sound = tuple[str, str]
# of names without keys `_keys` tells
_SOUNDING = """SELECT fid, thing_id, role, text, pinyin, romanization_decided FROM name
    WHERE thing_id NOTNULL AND pinyin NOTNULL AND romanization_decided NOTNULL"""


@dataclass(slots=True)
class _Sounding:
    """The sounds of one name of a thing: those kept, and those that it has."""

    fid: int
    kept: set[Sound] = field(default_factory=set)
    true: set[Sound] = field(default_factory=set)


_CHECKS: dict[str, Callable[[sqlite3.Connection], Iterator[str]]] = {
    "thing": _things,
    "feature count": _counts,
    "R-tree": _rtrees,
    "seq": _numbers,
    "search index": _pairs,
    "search keys": _keys,
    "sounds": _sounds,
}

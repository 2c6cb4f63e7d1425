"""Where is "某镇某村": lists of facilities geocoded against the county's own place names.

Every answer carries a confidence and, where it is not certain, says why; what falls below the
threshold goes on a review list and is never used silently. Addresses are read by the reader of the
search (`gazetteer.names.search.address`); what it leaves unread is compared with what is like it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz.distance import Levenshtein

from facilities.addressbook import (
    Book,
    Entry,
    is_institution,
    is_of_township,
    is_within,
    nearest,
    sound_alike,
)
from facilities.plane import CGCS2000
from gazetteer.names.search.address import Address, Part, orders
from gazetteer.names.search.generics import ending_at, same_level, stem
from gazetteer.names.search.query import simplified

CERTAIN: Final = 0.9
"""Answers below this confidence are for review."""
_GENERIC: Final = {"name": 1.0, "generic": 1.0, "level": 0.95, "short": 0.95}
"""How far a part counts by the way it is named."""
_LONGEST_HEAD: Final = 8
_ROAD: Final = re.compile("(?:大?[路街道桥]|巷|河|水库)")
"""What makes another thing of the name before it: 东村路 is a road."""
_JOINED: Final = re.compile("以?[和与及同至到暨]")
"""What joins another place to a village: it lies in one of the two, or between them."""


@dataclass(frozen=True, slots=True)
class Match:
    """One answer.

    Parameters
    ----------
    text
        What was asked.
    code, name, level
        The division found, empty without one.
    confidence
        1 is certain, 0 nothing found.
    note
        What was assumed, in Chinese.
    geometry
        Its point (EPSG:4490), None where the county file has none.
    """

    text: str
    code: str
    name: str
    level: str
    confidence: float
    note: str
    geometry: shapely.Point | None


def geocode(texts: Iterable[str], divisions: gpd.GeoDataFrame | pd.DataFrame) -> gpd.GeoDataFrame:
    """Find the division that each text names.

    Parameters
    ----------
    texts
        Such as ``高基庙镇打鼓台村``, with or without province and county before it; further words
        after the village are ignored with a note.
    divisions
        ``code, name, level, parent_code`` of county, townships and villages, with points (or seats,
        or polygons) where there are some, and optionally ``former`` (other names, separated by |).

    Returns
    -------
    geopandas.GeoDataFrame
        One row a text, in order: the fields of `Match` and ``review`` (bool); points in EPSG:4490.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["t", "v"], "name": ["小河口镇", "南河口村委会"],
    ...     "level": ["township", "village"], "parent_code": ["c", "t"]})
    >>> found = geocode(["小河镇南河口村", "大河镇"], table)
    >>> found[["name", "confidence", "review"]].values.tolist()
    [['南河口村委会', 0.8, True], ['', 0.0, True]]
    >>> found["note"].iat[0]
    '“小河镇”按“小河口镇”处理（其下有南河口村委会）；无坐标'
    """
    book = Book(divisions)
    matches = [_find(book, re.sub(r"\s+", "", str(text))) for text in texts]
    columns = ["text", "code", "name", "level", "confidence", "note"]
    table = pd.DataFrame([[getattr(each, c) for c in columns] for each in matches], columns=columns)
    points = np.empty(len(matches), dtype=object)
    points[:] = [each.geometry for each in matches]
    review = (table["confidence"] < CERTAIN) | pd.isna(points)
    return gpd.GeoDataFrame(table.assign(review=review), geometry=points, crs=CGCS2000)


def review_list(matches: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows that a person has to look at, the least certain first."""
    return matches[matches["review"]].sort_values("confidence", kind="stable")


@dataclass(frozen=True, slots=True)
class _Guess:
    """A division that a text may name, how far to trust it, and what was assumed."""

    entry: Entry
    trust: float
    note: str = ""


def _find(book: Book, text: str) -> Match:
    """Return the best of what the text names as written, in simplified characters, turned round."""
    guesses = [
        guess
        for plain in dict.fromkeys([text, simplified(text)])
        for way in orders(plain)
        for guess in _guesses(book, way)
    ]
    best = max(guesses, key=lambda guess: guess.trust, default=None)
    if best is None:
        return Match(text, "", "", "", 0.0, "未找到", None)
    entry, lost = best.entry, "" if best.entry.point is not None else "无坐标"
    note = _joined(best.note, lost)
    return Match(text, entry.code, entry.name, entry.level, round(best.trust, 3), note, entry.point)


def _guesses(book: Book, text: str) -> Iterator[_Guess]:
    """Yield what a text may name: by what is read of it, and by what that is like."""
    read = book.readings(text)
    parts = [part for part in read[0].path if part.code in book.entries]
    if parts:
        yield _read(book, read)
    if not parts or read[0].lead:
        yield from _like_in(book, "", text)
    elif book.entries[parts[-1].code].level != "village":
        yield from _like(book, read[0])


def _read(book: Book, read: tuple[Address, ...]) -> _Guess:
    """Judge a reading by its smallest division."""
    best, town = read[0], _of_township(book, read) if len(read) > 1 else None
    if town is not None:
        entry = book.entries[town.path[-1].code]
        others = "、".join(_where(book, each) for each in read if each is not town)
        return _with_lead(town, _Guess(entry, CERTAIN, f"取{entry.name}，又有{others}"))
    entry = book.entries[best.path[-1].code]
    if len(read) > 1:
        note = f"同名的有{len(read)}个：{'、'.join(_where(book, each) for each in read[:3])}"
        return _Guess(entry, 0.3, note)
    judge = {"village": _village, "township": _town}.get(entry.level, _county)
    guess = judge(book, best, entry)
    noted = [
        _named(book.entries[part.code], part) for part in best.path if part.code in book.entries
    ]
    trust = min([guess.trust, *(grade for grade, _ in noted)])
    note = _joined(*(note for _, note in noted), guess.note)
    return _with_lead(best, _Guess(guess.entry, trust, note))


def _with_lead(address: Address, guess: _Guess) -> _Guess:
    """Return a guess, doubtful where something unknown stands before what was read."""
    if not address.lead:
        return guess
    return _Guess(
        guess.entry, min(guess.trust, 0.5), _joined(f"“{address.lead}”未识别", guess.note)
    )


def _of_township(book: Book, read: tuple[Address, ...]) -> Address | None:
    """Return the one reading as a town, where an institution is named that towns run."""
    towns = [each for each in read if book.entries[each.path[-1].code].level == "township"]
    one = len(towns) == 1 and is_of_township(towns[0].rest)
    return towns[0] if one else None


def _where(book: Book, address: Address) -> str:
    code = address.path[-1].code
    line = sorted((e for e in book.entries.values() if code.startswith(e.path)), key=_depth)
    return "".join(each.name for each in line[-2:])


def _depth(entry: Entry) -> int:
    return len(entry.path)


def _named(entry: Entry, part: Part) -> tuple[float, str]:
    """Return how far the words that name a division are its name, and what to say of them."""
    if part.how == "name" and part.text == entry.name:
        return 1.0, ""
    if part.how == "name":
        return 0.95, f"“{part.text}”为{entry.name}的其他名称"
    note = "" if part.how == "generic" and entry.level == "village" else _taken(part.text, entry)
    return _GENERIC[part.how], note


def _taken(word: str, entry: Entry) -> str:
    return f"“{word}”按“{entry.name}”处理"


def _village(book: Book, address: Address, entry: Entry) -> _Guess:
    part, levels = address.path[-1], _levels(book, address)
    tail = f"“{address.rest}”未用" if address.rest else ""
    other, longer = _others(book, address.rest), _longer(book, address)
    if longer or other:
        note = (
            f"又写有{'、'.join(other[:3])}"
            if other
            else _taken(part.text + address.rest, longer[0])
        )
        return _Guess((*longer, entry)[0], 0.5, note)
    if _ROAD.match(address.rest) or (part.how == "short" and not is_within(address.rest)):
        return _Guess(entry, 0.6, tail)
    if "township" in levels:
        return _Guess(entry, 1.0, tail)
    same = [e for e in book.under("", level="village") if set(e.stems) & set(entry.stems)]
    if len(same) > 1 and part.how != "name":
        return _Guess(entry, 0.3, _joined(f"未写乡镇，同名的有{len(same)}个", tail))
    if "county" in levels and part.how in {"name", "generic"}:
        return _Guess(entry, 0.95, _joined("未写乡镇，县内仅此一处", tail))
    return _Guess(entry, 0.7, _joined("未写乡镇", tail))


def _others(book: Book, rest: str) -> list[str]:
    """Return what else of the level of villages is named after a village, known or not."""
    if not rest or is_within(rest):
        return []
    villages = book.under("", level="village")
    names = {each: e.name for e in villages for each in e.stems}
    heads = (head for at in range(len(rest)) for head in _heads(rest[at:]))
    others = [names[stem(head)] for head in heads if stem(head) in names]
    others += [e.name for e in villages if e.name in rest]
    joined = _JOINED.match(rest)
    unknown = _heads(rest[joined.end() :])[-1:] if joined and not others else []
    return list(dict.fromkeys([*others, *unknown]))


def _longer(book: Book, address: Address) -> list[Entry]:
    """Return the villages whose longer name stands there, where one was read without generic."""
    part = address.path[-1]
    if part.how != "short":
        return []
    words, town = part.text + address.rest, part.code.rsplit("/", 2)[0] + "/"
    near = book.under(town, level="village")
    size = len(part.text)
    return [e for e in near if any(len(s) > size and words.startswith(s) for s in e.stems)]


def _levels(book: Book, address: Address) -> set[str]:
    return {book.entries[part.code].level for part in address.path if part.code in book.entries}


def _town(book: Book, address: Address, entry: Entry) -> _Guess:
    part, rest = address.path[-1], address.rest
    if not rest:
        return _Guess(entry, 1.0)
    if not is_institution(rest) or _is_village(book, entry, rest):
        return _Guess(entry, 0.4, _not_in(book, entry, rest))
    bare = {stem(part.text)}
    same = [e for e in book.entries.values() if e.path != entry.path and bare & set(e.stems)]
    elsewhere = [e for e in same if not e.path.startswith(entry.path)]
    if part.how == "short" and elsewhere:
        return _Guess(entry, 0.6, f"“{part.text}”又是{'、'.join(e.name for e in elsewhere[:3])}")
    return _Guess(entry, 1.0, f"“{rest}”未用")


def _is_village(book: Book, town: Entry, rest: str) -> bool:
    """Tell whether words of institutions are a village: they end like one, or begin its name."""
    near = book.under(town.path, level="village")
    return same_level(rest, "村") or any(s.startswith(rest) for e in near for s in e.stems)


def _not_in(book: Book, town: Entry, rest: str) -> str:
    """Say that a town has no such village, and where there is one."""
    head = _heads(rest)[-1] if _heads(rest) else ""
    if not head:
        return f"“{rest}”未识别，取{town.name}"
    homonyms = [e for e in book.under("", level="village") if stem(head) in e.stems]
    other = [
        e.name
        for e in book.under("", level="township")
        for v in homonyms
        if v.path.startswith(e.path)
    ]
    return _joined(f"{town.name}下没有“{head}”", f"{'、'.join(other[:3])}有" if other else "")


def _county(book: Book, address: Address, entry: Entry) -> _Guess:
    unread = f"“{address.rest}”未识别" if address.rest else ""
    return _Guess(entry, 0.5, _joined(unread, f"只到{entry.name}"))


def _heads(text: str) -> list[str]:
    """Return the beginnings of a text that end like a division, shortest first."""
    ends = {at + len(ending_at(text, at)) for at in range(1, len(text)) if ending_at(text, at)}
    return [text[:end] for end in sorted(ends)]


# ------------------------------------------------------------------ what is only like a name


def _like(book: Book, address: Address) -> Iterator[_Guess]:
    """Yield divisions that what was not read is like; none of them is certain."""
    parts = [part for part in address.path if part.code in book.entries]
    notes = [_named(book.entries[part.code], part)[1] for part in parts]
    for guess in _like_in(book, parts[-1].code, address.rest):
        yield _Guess(guess.entry, guess.trust, _joined(*notes, guess.note))


def _like_in(book: Book, within: str, text: str) -> Iterator[_Guess]:
    if within and book.entries[within].level == "township":
        yield from _villages_like(book, within, text)
    else:
        yield from _towns_like(book, within, text)
        yield from _alone(book, within, text)


def _villages_like(book: Book, town: str, rest: str) -> Iterator[_Guess]:
    villages = book.under(town, level="village")
    for entry in (each for each in villages if rest in each.stems):
        yield _Guess(entry, 0.75, _taken(rest, entry))
    for head in _heads(rest):
        for likeness, entry in nearest(stem(head), villages, likeness=_alike):
            tail = f"“{rest[len(head) :]}”未用" if rest[len(head) :] else ""
            yield _Guess(entry, min(likeness, 0.75), _joined(_taken(head, entry), tail))


def _towns_like(book: Book, within: str, text: str) -> Iterator[_Guess]:
    """Yield what stands in a town that the text begins like: a village of it, or itself."""
    towns = book.under(within, level="township")
    for head in _town_heads(text):
        for likeness, town in nearest(stem(head), towns, likeness=_alike):
            note, rest = _taken(head, town), text[len(head) :]
            inside = book.readings(rest, within=town.path)
            if inside[0].path and not inside[0].lead and len(inside) == 1:
                village = book.entries[inside[0].code]
                yield _Guess(village, 0.8, f"{note}（其下有{village.name}）")
            elif ending_at(head, len(stem(head))):
                yield from _below_like(book, town, rest, note, min(likeness, 0.75))


def _below_like(book: Book, town: Entry, rest: str, note: str, trust: float) -> Iterator[_Guess]:
    if not rest or is_institution(rest):
        yield _Guess(town, trust, note)
        return
    yield _Guess(town, min(trust, 0.4), _joined(note, _not_in(book, town, rest)))
    for guess in _villages_like(book, town.path, rest):
        yield _Guess(guess.entry, 0.5, _joined(note, guess.note))


def _town_heads(text: str) -> Iterator[str]:
    """Yield the beginnings of a text that may be a town: with a generic, or of any length."""
    heads = [head for head in _heads(text) if len(head) <= _LONGEST_HEAD]
    yield from heads
    yield from (text[:size] for size in range(2, _LONGEST_HEAD) if text[:size] not in heads)


def _alone(book: Book, within: str, text: str) -> Iterator[_Guess]:
    villages = book.under(within, level="village")
    for head in _heads(text):
        likest = nearest(stem(head), villages, likeness=_alike)
        if len(likest) == 1 and likest[0][0] > 0:
            yield _Guess(likest[0][1], 0.5, _joined("未写乡镇", _taken(head, likest[0][1])))


def _alike(asked: str, other: str) -> float:
    """Return how far one stem may stand for another: 1 the same, 0 not at all."""
    if asked == other:
        return 1.0
    if sound_alike(asked, other):
        return 0.7
    if min(len(asked), len(other)) >= 2 and (other.startswith(asked) or asked.startswith(other)):
        return 0.65
    apart = Levenshtein.distance(asked, other, score_cutoff=1)
    return 0.6 if apart == 1 and min(len(asked), len(other)) >= 3 else 0.0


def _joined(*notes: str) -> str:
    return "；".join(filter(None, notes))

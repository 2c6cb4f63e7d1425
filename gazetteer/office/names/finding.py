"""What the office asks of its county file: find, place, spell. Values in, values out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gazetteer.common.divisions import is_zone
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.common.lazy import np, pd, shapely
from gazetteer.exchange import angles
from gazetteer.names import categories
from gazetteer.names.search import (
    CLEAR,
    Candidate,
    Hit,
    Query,
    address,
    merged,
    parse,
    rank,
    sounds,
)
from gazetteer.store import County, lookup


def division_code(text: str) -> str:
    """Return a division code of 2, 4, 6, 9 or 12 digits.

    Raises
    ------
    InputError
        When the text is something else.

    Examples
    --------
    >>> division_code("421081"), division_code("00")
    ('421081', '00')
    """
    if not re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}", text, re.ASCII):
        remedy = Sentence("Use 2, 4, 6, 9 or 12 digits; 00 for the nation.")
        raise InputError(Sentence("{text!r} is no division code", text=text), remedy=remedy)
    return text


def point(text: str) -> tuple[float, float]:
    """Return longitude and latitude of a position as people write it, in CGCS2000 degrees.

    Parameters
    ----------
    text
        ``LON,LAT`` in degrees, or both in degrees, minutes and seconds; a latitude that says so
        (北纬, N) may stand first.

    Raises
    ------
    InputError
        When the text is no position, or none on Earth.

    Examples
    --------
    >>> point("112.41, 29.72"), point("29°42′36″N 112°24′36″E")
    ((112.41, 29.72), (112.41, 29.71))
    >>> point("东经112°30′0″北纬29°42′36″")
    (112.5, 29.71)
    """
    found = _plain(text) or _marked(text)
    if found is None:
        remedy = Sentence("Write LON,LAT in degrees: 112.41,29.72, or 112°24′36″E,29°43′12″N.")
        raise InputError(Sentence("{text!r} is no position", text=text.strip()), remedy=remedy)
    lon, lat = found
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        remedy = Sentence("Longitude comes first, then latitude, in degrees.")
        raise InputError(
            Sentence("{text!r} is no position on Earth", text=text.strip()), remedy=remedy
        )
    return lon, lat


def _plain(text: str) -> tuple[float, float] | None:
    try:
        lon, lat = (float(each) for each in re.split(r"[,，\s]+", text.strip()))
    except ValueError:
        return None
    return lon, lat


_APART = (
    re.compile(r"[,，;；、]"),
    re.compile(r"(?=[南北]纬)|(?<=.)(?=[东西]经)"),
    re.compile(r"\s+(?=[EWNS]|[EWNS]?\s*\d+(?:\.\d+)?\s*[°º度EWNS])"),
)
"""Where the second angle begins: at a comma, else at its side, else where its degrees are said."""
_NORTHERN, _EASTERN = frozenset("南北纬NS"), frozenset("东西经EW")


def _marked(text: str) -> tuple[float, float] | None:
    """Return longitude and latitude of two angles with their sides or marks."""
    halves = ([each for each in way.split(text.strip()) if each.strip()] for way in _APART)
    parts = next((each for each in halves if len(each) == 2), [])
    sizes = [angles.degrees_of(each) for each in parts]
    if not sizes or sizes[0] is None or sizes[1] is None:
        return None
    one, other = (angles.side_of(each) for each in parts)
    if one in _NORTHERN and other not in _NORTHERN:
        return sizes[1], sizes[0]
    contrary = one in _NORTHERN or other in _EASTERN
    return None if contrary else (sizes[0], sizes[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Limits of a search: within a division, near a point, of a category, in force on a date."""

    within: str | None = None
    near: tuple[float, float] | None = None
    category: str | None = None
    as_of: str | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits of one query, best first, and how long they took."""

    query: str
    took_ms: float
    hits: tuple[Hit, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on; `kind` tells a zone (开发区) from a town."""
        rows = (
            (hit.as_json(language), self.kinds.get(hit.candidate.thing_id)) for hit in self.hits
        )
        hits = [{**hit, "kind": kind} if is_zone(kind) else hit for hit, kind in rows]
        return {"query": self.query, "took_ms": round(self.took_ms, 2), "hits": hits}


def search(county: County, text: str, *, asked: Asked | None = None) -> Answer:
    """Return the names that a text may mean, best first.

    Parameters
    ----------
    county
        County file, open for reading.
    text
        A name, its pinyin or initials, an older spelling, or a full address.
    asked
        Limits of the search; all names in force today where not given.

    Returns
    -------
    Answer
        Hits, each thing once; none where nothing is like the text.

    Raises
    ------
    InputError
        When there is nothing to search for.
    UnknownError
        Nothing is found, and there is no division to search within; no such category.
    """
    start = time.perf_counter()
    asked = asked or Asked()
    if asked.category:
        asked = replace(asked, category=categories.require(asked.category))
    query = parse(text)
    hits = _hits(county, query, asked)
    if query.others:  # a name may be written in the very characters typed (迴峰路)
        again = (_hits(county, replace(query, han=other), asked) for other in query.others)
        hits = merged([hits, *again], limit=asked.limit)
    if not _clear(hits):
        hits = merged([hits, *_by_address(county, query, asked)], limit=asked.limit)
    if asked.within and not hits:
        _must_know(county, asked.within)
    kinds = lookup.kinds(county.connection, [hit.candidate.thing_id for hit in hits])
    took = (time.perf_counter() - start) * 1000
    return Answer(query=text, took_ms=took, hits=tuple(hits), kinds=kinds)


def _must_know(county: County, within: str) -> None:
    """Refuse a code that no division in the file begins with: nothing was searched there."""
    if not lookup.has_division(county.connection, within):
        remedy = Sentence("Give the code of a division, or its beginning.")
        raise UnknownError(
            Sentence("no division {within!r} in the county file", within=within[:20]), remedy=remedy
        )


def _clear(hits: Sequence[Hit]) -> bool:
    return bool(hits) and hits[0].score >= CLEAR


def _hits(county: County, query: Query, asked: Asked) -> list[Hit]:
    read = sounds(query.han) if query.han else ()
    found = county.candidates(
        query,
        sounds=read,
        within=asked.within,
        category=asked.category,
        as_of=asked.as_of,
    )
    if asked.near is not None:
        found = with_distances(county, found, asked.near)
    return rank(query, found, sounds=read, limit=asked.limit)


IN_ADDRESS = 0.97
"""What the score of a hit counts that was found by the last part of an address."""


def _by_address(county: County, query: Query, asked: Asked) -> Iterator[list[Hit]]:
    """Yield what the last part of a full address finds within the divisions named before it."""
    if query.letters:
        yield from _by_parts(county, query.text, asked)
        return
    if len(query.han) < SHORTEST_ADDRESS:
        return
    known = lookup.division_names(county.connection, query.han, within=asked.within or "")
    lexicon = address.Lexicon.of(known, governed=county.governed())
    for text in address.orders(query.han):
        found = address.read(text, lexicon)
        for at, (part, rest) in enumerate(address.narrowing(found)):
            hits = _hits(county, parse(rest), replace(asked, within=part.code))
            if hits:
                marked = [_in_part(hit, part, rest, best=hits[0]) for hit in hits]
                yield [replace(hit, score=hit.score * IN_ADDRESS) for hit in marked]
                break
            if at == 0:
                yield _only(county, part, rest, asked)


IN_PART = 0.7
"""What the score of a division counts in which the rest of an address is not known."""
SHORTEST_ADDRESS = 4
MOST_WORDS = 10
"""Words of an address in letters that are read."""
TOWN = 9
"""Figures of the code of a township, the smallest division that others stand in."""
WHOLE = 98
"""Score from which on a hit is what was written, its generic included."""


def _only(county: County, part: address.Part, rest: str, asked: Asked) -> list[Hit]:
    """Return the smallest division that an address names, where nothing in it is known."""
    hits = _hits(county, parse(part.text), replace(asked, within=part.code))
    of_part = [hit for hit in hits if hit.candidate.code == part.code]
    return [replace(_in_part(hit, part, rest), score=hit.score * IN_PART) for hit in of_part]


def _in_part(hit: Hit, part: address.Part, rest: str, *, best: Hit | None = None) -> Hit:
    """Return a hit that says so where it is only the division that an address names."""
    if hit.candidate.code != part.code or (best and best.score >= WHOLE):
        return hit
    reason = Text(
        f"部分匹配：只认到{part.text}，其中没有“{rest}”",
        f"in part: only {part.text} is known, no {rest} in it",
    )
    return replace(hit, reason=reason)


def _by_parts(county: County, text: str, asked: Asked) -> Iterator[list[Hit]]:
    """Yield what the smallest part of an address in letters finds within those it stands in.

    Commas put the smallest first (Shigou Village, Gaoling Town); an outer part that is no
    division of the county (its province) may be another place there, so each is left out, too.
    """
    parts = [part for part in re.split("[,，;；]+", text) if any(c.isalnum() for c in part)]
    if len(parts) == 1:
        yield from _by_words(county, text.split()[:MOST_WORDS], asked)
    for count in range(len(parts) - 1, 0, -1):
        within = asked.within or ""
        for part in reversed(parts[1 : count + 1]):
            within = _division(county, part, replace(asked, within=within or None)) or within
        hits = _hits(county, parse(parts[0]), replace(asked, within=within or None))
        yield [replace(hit, score=hit.score * IN_ADDRESS) for hit in hits]


def _by_words(county: County, words: Sequence[str], asked: Asked) -> Iterator[list[Hit]]:
    """Yield what the last words find within the divisions that those before are (魏县 first)."""
    for cut in range(len(words) - 1, 0, -1):
        code = _division(county, " ".join(words[:cut]), asked, least=WHOLE)
        if not code or len(code) > TOWN:
            continue
        inside = replace(asked, within=code)
        hits = _hits(county, parse(" ".join(words[cut:])), inside)
        yield [replace(hit, score=hit.score * IN_ADDRESS) for hit in hits]
        if not _clear(hits):
            yield from _by_words(county, words[cut:], inside)


def _division(county: County, text: str, asked: Asked, *, least: float = CLEAR) -> str:
    """Return the code of a division that a part of an address names, or nothing."""
    if not any(each.isalnum() for each in text):
        return ""
    within = asked.within or ""
    hits = _hits(county, parse(text), asked)
    codes = [hit.candidate.code or "" for hit in hits if hit.score >= least]
    return next((each for each in codes if len(each) > len(within)), "")


def at(
    county: County, position: tuple[float, float], *, as_of: str | None = None
) -> dict[str, Any]:
    """Return the divisions that a point lies in, from the largest down.

    Parameters
    ----------
    county
        County file, open for reading.
    position
        Longitude and latitude in CGCS2000 degrees (EPSG:4490).
    as_of
        ISO date whose boundaries count; today where not given.

    Returns
    -------
    dict
        ``lon``, ``lat`` and ``divisions``, which is empty outside of every polygon.
    """
    return next(all_at(county, [position], as_of=as_of))


def all_at(
    county: County, positions: Iterable[tuple[float, float]], *, as_of: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield for each point the divisions that it lies in; each polygon is read once."""
    locator = county.locator(as_of=as_of)
    for lon, lat in positions:
        yield {"lon": lon, "lat": lat, "divisions": locator.at(lon, lat)}


def names_with_positions(county: County, *, as_of: str | None = None) -> pd.DataFrame:
    """Return the names in force with the position of what they name (CGCS2000 degrees).

    A place has its own point; a division that of its seat, else a point inside its polygon.
    """
    frame = county.layer("names", as_of=as_of, keep=["pinyin", "initials"])
    places, divisions = county.layer("places", as_of=as_of), county.layer("divisions", as_of=as_of)
    inside = shapely.point_on_surface(divisions.geometry.to_numpy())
    seat = divisions["seat_lon"].notna() & divisions["seat_lat"].notna()
    positions = pd.concat(
        [
            _positions(places, places.geometry.x, places.geometry.y),
            _positions(
                divisions,
                divisions["seat_lon"].where(seat, shapely.get_x(inside)),
                divisions["seat_lat"].where(seat, shapely.get_y(inside)),
            ),
        ]
    )
    # a thing of several versions has one position, that of the last
    positions = positions[~positions.index.duplicated(keep="last")]
    return frame.merge(positions, how="left", left_on="thing_id", right_index=True)


def _positions(things: pd.DataFrame, lon: pd.Series, lat: pd.Series) -> pd.DataFrame:
    found = pd.DataFrame({"lon": lon.astype(float), "lat": lat.astype(float)})
    return found.set_index(things["id"].to_numpy()).query("lon == lon and lat == lat")


def with_distances(
    county: County, found: Sequence[Candidate], position: tuple[float, float]
) -> list[Candidate]:
    """Return candidates with their distance from a point, in metres on the ellipsoid."""
    from gazetteer.common.coordinates import CGCS2000_ELLIPSOID

    positions = county.positions([each.thing_id for each in found])
    points = [positions.get(each.thing_id) for each in found]
    lon = [np.nan if each is None else each[0] for each in points]
    lat = [np.nan if each is None else each[1] for each in points]
    own_lon, own_lat = position
    _, _, metres = CGCS2000_ELLIPSOID.inv([own_lon] * len(lon), [own_lat] * len(lat), lon, lat)
    return [
        replace(each, metres=None if np.isnan(distance) else float(distance))
        for each, distance in zip(found, np.atleast_1d(metres), strict=True)
    ]

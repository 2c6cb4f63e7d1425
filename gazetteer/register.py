"""What the office asks of its county file: find, place, spell. Values in, values out."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gazetteer.errors import InputError
from gazetteer.language import Language
from gazetteer.romanization import Decisions, romanize_many
from gazetteer.search import Hit, parse, rank
from gazetteer.store import County


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
        remedy = "Use 2, 4, 6, 9 or 12 digits; 00 for the nation."
        raise InputError(f"{text!r} is no division code", remedy=remedy)
    return text


def point(text: str) -> tuple[float, float]:
    """Return longitude and latitude from ``LON,LAT`` in CGCS2000 degrees.

    Raises
    ------
    InputError
        When the text is no position, or none on Earth.

    Examples
    --------
    >>> point("112.41, 29.72")
    (112.41, 29.72)
    """
    parts = re.split(r"[,，\s]+", text.strip())
    try:
        lon, lat = (float(each) for each in parts)
    except ValueError as error:
        remedy = "Write LON,LAT in degrees: 112.41,29.72."
        raise InputError(f"{text.strip()!r} is no position", remedy=remedy) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        remedy = "Longitude comes first, then latitude, in degrees."
        raise InputError(f"{text.strip()!r} is no position on Earth", remedy=remedy)
    return lon, lat


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

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on."""
        hits = [hit.as_json(language) for hit in self.hits]
        return {"query": self.query, "took_ms": round(self.took_ms, 2), "hits": hits}


def search(county: County, text: str, *, asked: Asked | None = None) -> Answer:
    """Return the names that a text may mean, best first.

    Raises
    ------
    InputError
        When there is nothing to search for.
    """
    start = time.perf_counter()
    asked = asked or Asked()
    query = parse(text)
    sound = romanize_many([query.han])[0].pinyin if query.han else ""
    found = county.candidates(
        query,
        sound=sound,
        within=asked.within,
        category=asked.category,
        as_of=asked.as_of,
    )
    if asked.near is not None:
        found = county.with_distances(found, asked.near)
    hits = rank(query, found, sound=sound, limit=asked.limit)
    took = (time.perf_counter() - start) * 1000
    return Answer(query=text, took_ms=took, hits=tuple(hits))


def at(
    county: County, position: tuple[float, float], *, as_of: str | None = None
) -> dict[str, Any]:
    """Return the divisions that a point lies in, from the largest down."""
    lon, lat = position
    divisions = county.locator(as_of=as_of).at(lon, lat)
    return {"lon": lon, "lat": lat, "divisions": divisions}


def split_county(items: Sequence[str]) -> tuple[Path | None, list[str]]:
    """Return the county file (when the first item is one) and the names that follow it.

    Examples
    --------
    >>> split_county(["解家庄", "吕梁市"])
    (None, ['解家庄', '吕梁市'])
    """
    if items and items[0].lower().endswith(".gpkg"):
        return Path(items[0]), list(items[1:])
    return None, list(items)


def decisions(county: County) -> Decisions:
    """Return the county's own decided readings."""
    rows = county.frame("readings")
    return Decisions.from_frame(rows)


def romanize(names: Sequence[str], *, county: Path | None = None) -> list[dict[str, Any]]:
    """Spell names by the rules of 1984; the readings that a county has decided go first.

    Without names, all standard names of the county are spelled.
    """
    own: Decisions | None = None
    wanted = list(names)
    if county is not None:
        with County(county) as opened:
            own = decisions(opened)
            if not wanted:
                standing = opened.frame("names")
                wanted = standing.loc[standing["role"] == "standard", "text"].tolist()
    return [each.as_json() for each in romanize_many(wanted, decisions=own)]

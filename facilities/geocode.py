"""Where is "某镇某村": lists of facilities geocoded against the county's own place names.

Every answer carries a confidence and, where it is not certain, says why; what falls below the
threshold goes on a review list and is never used silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz.distance import Levenshtein

from facilities.plane import CGCS2000, cgcs2000, usable_points

CERTAIN = 0.9
"""Answers below this confidence are for review."""

_TOWN_ENDINGS = (
    "街道办事处",
    "办事处",
    "街道",
    "镇人民政府",
    "镇",
    "乡人民政府",
    "民族乡",
    "乡",
    "开发区",
)
_VILLAGE_ENDINGS = (
    "村民委员会", "村委会", "社区居民委员会", "居民委员会", "社区居委会", "居委会", "社区", "村",
)  # fmt: skip


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
        Such as ``高基庙镇打鼓台村``; further words after the village are ignored with a note.
    divisions
        ``code, name, level, parent_code`` of townships and villages, with points (or seats, or
        polygons) where there are some, and optionally ``former`` (other names, separated by |).

    Returns
    -------
    geopandas.GeoDataFrame
        One row a text, in order: the fields of `Match` and ``review`` (bool).

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["t", "v"], "name": ["小河口镇", "南河口村委会"],
    ...     "level": ["township", "village"], "parent_code": ["c", "t"]})
    >>> found = geocode(["小河镇南河口村", "大河镇"], table)
    >>> found[["name", "confidence", "review"]].values.tolist()
    [['南河口村委会', 0.8, True], ['', 0.0, True]]
    >>> found["note"].iat[0]
    '“小河镇”按“小河口镇”处理(其下有南河口村委会);无坐标'
    """
    book = _Book(divisions)
    found = [book.find(str(text)) for text in texts]
    columns = ["text", "code", "name", "level", "confidence", "note"]
    table = pd.DataFrame([[getattr(each, c) for c in columns] for each in found], columns=columns)
    points = np.empty(len(found), dtype=object)
    points[:] = [each.geometry for each in found]
    review = (table["confidence"] < CERTAIN) | pd.isna(points)
    return gpd.GeoDataFrame(table.assign(review=review), geometry=points, crs=CGCS2000)


def review_list(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows that a person has to look at, the least certain first."""
    return found[found["review"]].sort_values("confidence", kind="stable")


@dataclass(frozen=True, slots=True)
class _Reading:
    """The start of a text read as a town, the rest, what was assumed, and how far to trust it."""

    town: Mapping[str, Any]
    rest: str
    note: str
    trust: float


class _Book:
    """The names of one county, ready to be looked up."""

    def __init__(self, divisions: pd.DataFrame) -> None:
        rows = divisions.reset_index(drop=True)
        points = _points(rows)
        self.towns: list[dict[str, Any]] = []
        self.villages: list[dict[str, Any]] = []
        for row, point in zip(rows.to_dict("records"), points, strict=True):
            entry = {
                **{str(key): value for key, value in row.items()},
                "point": point,
                "stems": _stems(row),
            }
            if row["level"] == "township":
                self.towns.append(entry)
            elif row["level"] == "village":
                self.villages.append(entry)

    def find(self, text: str) -> Match:
        """Look for a town at the start of the text and a village behind it."""
        asked = re.sub(r"\s+", "", text)
        answers = [self._in_town(asked, read) for read in self._towns_at(asked)]
        best = max(answers, key=lambda answer: answer.confidence, default=None)
        return best or self._village_alone(asked) or Match(text, "", "", "", 0.0, "未找到", None)

    def _towns_at(self, text: str) -> list[_Reading]:
        """Return all readings of the start of the text as a town."""
        reads = []
        for town in self.towns:
            for word in sorted({town["name"], *_former(town)}, key=len, reverse=True):
                if text.startswith(word):
                    note = "" if word == town["name"] else f"“{word}”为{town['name']}的其他名称"
                    rest = text[len(word) :]
                    reads.append(_Reading(town, rest, note, 0.95 if note else 1.0))
                    break
        return reads or self._like_towns(text)

    def _like_towns(self, text: str) -> list[_Reading]:
        reads = []
        for word in _heads(text, _TOWN_ENDINGS):
            asked = _stem(word, _TOWN_ENDINGS)
            for town in self.towns:
                likeness = max((_alike(asked, stem) for stem in town["stems"]), default=0.0)
                if likeness > 0:
                    note = f"“{word}”按“{town['name']}”处理"
                    reads.append(_Reading(town, text[len(word) :], note, likeness))
        return reads

    def _in_town(self, text: str, read: _Reading) -> Match:
        town, rest, note, trust = read.town, read.rest, read.note, read.trust
        children = [v for v in self.villages if v["parent_code"] == town["code"]]
        heads = _heads(rest, _VILLAGE_ENDINGS)
        if not heads:
            more = f"“{rest}”未识别,取{town['name']}" if rest else ""
            return _match(text, town, min(trust, 0.5) if rest else trust, _joined(note, more))
        found = [(head, *_best(_stem(head, _VILLAGE_ENDINGS), children)) for head in heads]
        village, entry, likeness = max(found, key=lambda each: each[2])
        if entry is None:
            more = f"{town['name']}下没有“{heads[-1]}”"
            return _match(text, town, min(trust, 0.4), _joined(note, more))
        if trust < 0.95:
            note = f"{note}(其下有{entry['name']})"
            trust = max(trust, 0.8) if likeness == 1 else trust
        more = "" if likeness == 1 else f"“{village}”按“{entry['name']}”处理"
        tail = rest[len(village) :]
        end = f"“{tail}”未用" if tail else ""
        return _match(text, entry, round(trust * likeness, 3), _joined(note, more, end))

    def _village_alone(self, text: str) -> Match | None:
        stems = {_stem(head, _VILLAGE_ENDINGS) for head in _heads(text, _VILLAGE_ENDINGS)}
        same = [entry for entry in self.villages if stems & entry["stems"]]
        if not same:
            return None
        note = "未写乡镇" if len(same) == 1 else f"未写乡镇,同名的有{len(same)}个"
        return _match(text, same[0], 0.7 if len(same) == 1 else 0.3, note)


def _points(rows: pd.DataFrame) -> list[shapely.Point | None]:
    points: list[shapely.Point | None] = [None] * len(rows)
    if {"seat_lon", "seat_lat"} <= set(rows):
        seats = rows[["seat_lon", "seat_lat"]].astype(float).to_numpy()
        for number in np.flatnonzero(np.isfinite(seats).all(axis=1)).tolist():
            points[number] = shapely.Point(seats[number])
    if isinstance(rows, gpd.GeoDataFrame) and rows.geometry.notna().any():
        layer = rows if rows.crs is None else cgcs2000(rows, what="divisions")
        spots = layer.set_geometry(layer.geometry.representative_point())
        for number in np.flatnonzero(usable_points(spots)).tolist():
            points[number] = points[number] or spots.geometry.iat[number]
    return points


def _stems(row: Mapping[Any, Any]) -> set[str]:
    endings = _TOWN_ENDINGS if row["level"] == "township" else _VILLAGE_ENDINGS
    return {_stem(name, endings) for name in (str(row["name"]), *_former(row))}


def _former(row: Mapping[Any, Any]) -> list[str]:
    told = row.get("former")
    return [name for name in told.split("|") if name] if isinstance(told, str) else []


def _stem(name: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def _heads(text: str, endings: tuple[str, ...]) -> list[str]:
    """Return the starts of a text that end like a name of the level, longest first."""
    ends = {
        place + len(ending)
        for ending in endings
        for place in range(1, len(text))
        if text.startswith(ending, place)
    }
    return [text[:end] for end in sorted(ends, reverse=True)]


def _alike(asked: str, stem: str) -> float:
    """Return how far one specific name may stand for another: 1 the same, 0 not at all."""
    if asked == stem:
        return 1.0
    if len(asked) >= 2 and (stem.startswith(asked) or asked.startswith(stem)) and len(stem) >= 2:
        return 0.75
    apart = Levenshtein.distance(asked, stem)
    return 0.6 if apart == 1 and min(len(asked), len(stem)) >= 3 else 0.0


def _best(stem: str, entries: list[dict[str, Any]]) -> tuple[dict[str, Any] | None, float]:
    graded = [(max(_alike(stem, each) for each in entry["stems"]), entry) for entry in entries]
    best = max(graded, key=lambda pair: pair[0], default=(0.0, None))
    return (best[1], best[0]) if best[0] > 0 else (None, 0.0)


def _match(text: str, entry: Mapping[str, Any], confidence: float, note: str) -> Match:
    more = "" if entry["point"] is not None else "无坐标"
    return Match(
        text, str(entry["code"]), str(entry["name"]), str(entry["level"]), confidence,
        _joined(note, more), entry["point"],
    )  # fmt: skip


def _joined(*notes: str) -> str:
    return ";".join(filter(None, notes))

"""The divisions of a county by all their names, ready to be found in addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.demand import line
from facilities.kinds import kinds_by_word
from facilities.plane import cgcs2000, usable_points
from gazetteer.common import tables
from gazetteer.names.search.address import Address, Lexicon, readings
from gazetteer.names.search.generics import stem
from gazetteer.names.search.query import sounds

_LEVELS: Final = ("county", "township", "village")
_OFFICES: Final = (
    "人民政府", "办公室", "民政办", "院内", "机关", "镇", "乡", "街道", "区域性", "农村",
)  # fmt: skip
_NUMBER: Final = "[0-9一二三四五六七八九十百零〇两甲乙丙丁东西南北中]+"
_WITHIN: Final = re.compile(
    f"(?:第?{_NUMBER}(?:村民|居民)?(?:组|小组|队|生产队|社|屯|片|号|栋|幢|单元|室|楼|层|巷|弄|米)[之-]?)+"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A division: where it stands in the tree (`path`), its names, and its point, if any."""

    path: str
    code: str
    name: str
    level: str
    names: tuple[str, ...]
    point: shapely.Point | None

    @property
    def stems(self) -> tuple[str, ...]:
        """Names without their generics."""
        return tuple(dict.fromkeys(map(stem, self.names)))


class Book:
    """The divisions of one county, and those it lies in, as a lexicon of addresses."""

    def __init__(self, divisions: pd.DataFrame) -> None:
        self.entries = {entry.path: entry for entry in _entries(divisions)}
        named = [(name, each.path) for each in self.entries.values() for name in each.names]
        self.lexicon = Lexicon.of([*_outer(divisions), *named])

    def readings(self, text: str, *, within: str = "") -> tuple[Address, ...]:
        """Return the readings of an address that are as good as the best."""
        return readings(text, self.lexicon, within=within)

    def under(self, path: str, *, level: str) -> list[Entry]:
        """Return the divisions of a level below another (all of the county below "")."""
        return [
            each
            for each in self.entries.values()
            if each.level == level and each.path.startswith(path) and each.path != path
        ]


_PROVINCE, _PREFECTURE = "/", "//"
"""Paths of what a county lies in: every path of the county begins like them."""


def parents(rows: pd.DataFrame) -> dict[str, str]:
    """Return the code of the parent of each division that has one."""
    pairs = zip(rows["code"], rows["parent_code"], strict=True)
    return {str(code): str(parent) for code, parent in pairs if isinstance(parent, str)}


def _outer(divisions: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield names and paths of the province and the prefecture that the county lies in."""
    code = str(divisions["code"].iloc[0]) if len(divisions) else ""
    yield from _above(code)
    above = parents(divisions)
    for row in divisions[~divisions["level"].isin(_LEVELS)].to_dict("records"):
        yield str(row["name"]), _path(str(row["code"]), above)


def _entries(divisions: pd.DataFrame) -> Iterator[Entry]:
    rows = divisions.reset_index(drop=True)
    above = parents(rows)
    for row, point in zip(rows.to_dict("records"), _points(rows), strict=True):
        if row["level"] in _LEVELS:
            names = tuple(dict.fromkeys([str(row["name"]), *_former(row)]))
            path = _path(str(row["code"]), above)
            yield Entry(path, str(row["code"]), names[0], str(row["level"]), names, point)


def _path(code: str, parents: Mapping[str, str]) -> str:
    """Return a code and those above it as one text, so that what lies within begins like it."""
    return f"{_PREFECTURE}{'/'.join(reversed([*line(code, parents)]))}/"


def _former(row: Mapping[Any, Any]) -> list[str]:
    former = row.get("former")
    return [name for name in former.split("|") if name] if isinstance(former, str) else []


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


@cache
def _above(code: str) -> tuple[tuple[str, str], ...]:
    """Return the names and paths of the province and prefecture that a division code lies in.

    Examples
    --------
    >>> _above("421081101"), _above("t")
    ((('湖北省', '/'), ('荆州市', '//')), ())
    """
    wanted = {code[:2]: _PROVINCE, code[:4]: _PREFECTURE} if code[:6].isdecimal() else {}
    return tuple(
        (row["name"], wanted[each])
        for row in (tables.rows("readings_divisions.csv") if wanted else ())
        for each in row["code"].split()
        if row["current"] == "yes" and each in wanted
    )


@cache
def _institutions() -> re.Pattern[str]:
    words = {*kinds_by_word(), *(row["word"] for row in tables.rows("institution_words.csv"))}
    ordered = sorted({*words, *_OFFICES}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, ordered))})+")


def is_institution(text: str) -> bool:
    """Tell whether a text is made of words of institutions alone: no place is named in it.

    Examples
    --------
    >>> is_institution("中心敬老院"), is_institution("社会工作服务站"), is_institution("新民敬老院")
    (True, True, False)
    """
    return _institutions().fullmatch(text) is not None


@cache
def _of_townships() -> tuple[str, ...]:
    rows = tables.rows("institution_levels.csv")
    return tuple(row["word"] for row in rows if row["level"] == "township")


def is_of_township(text: str) -> bool:
    """Tell whether a text is an institution that a township runs, not a village.

    Examples
    --------
    >>> is_of_township("中心敬老院"), is_of_township("卫生室")
    (True, False)
    """
    return text.endswith(_of_townships()) and is_institution(text)


def is_within(text: str) -> bool:
    """Tell whether a text goes on within a village: a group, a number, an institution.

    Examples
    --------
    >>> is_within("二组12号"), is_within("卫生室"), is_within("路12号")
    (True, True, False)
    """
    return _WITHIN.sub("", text, count=1) == "" or is_institution(_WITHIN.sub("", text, count=1))


@cache
def _sounds(text: str) -> frozenset[str]:
    return frozenset(sounds(text))


def sound_alike(one: str, other: str) -> bool:
    """Tell whether two names may be read the same.

    Examples
    --------
    >>> sound_alike("邓贾场", "邓家场"), sound_alike("石沟", "罗店")
    (True, False)
    """
    return len(one) == len(other) and bool(_sounds(one) & _sounds(other))


def nearest(
    asked: str, entries: Iterable[Entry], *, likeness: Callable[[str, str], float]
) -> list[tuple[float, Entry]]:
    """Return the entries that are most like a stem, with how much; none where nothing is."""
    graded = [(max(likeness(asked, each) for each in entry.stems), entry) for entry in entries]
    best = max((grade for grade, _ in graded), default=0.0)
    return [pair for pair in graded if pair[0] == best] if best > 0 else []

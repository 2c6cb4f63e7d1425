"""Which column is which field: headers matched by synonyms, in one row or several, or by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd
from rapidfuzz import fuzz, process

from gazetteer.common import tables
from gazetteer.common.codes import is_code
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.sources.raw import unique_names
from gazetteer.kinds import Kind, name_of

SEARCHED_ROWS = 20
"""A header further down than this is not looked for."""
DEEPEST = 3
"""Rows that a header of merged cells may span."""

_CUT = 10_000
"""What a header cut by a Shapefile ranks behind a whole one."""

LONGEST = 300
"""Characters of a header that are looked at: rows are tried as headers, too, whatever they hold."""
_NUMBERED = re.compile(r"_?\d+$")
"""What tells apart names that became equal when they were cut."""
_BRACKETED = re.compile(r"[(\[{【〔].*?[)\]}】〕]")
_SYSTEM = re.compile(r"(gcj-?02|bd-?09|wgs-?84|cgcs-?2000|国家2000|火星坐标|百度坐标)")
_SYSTEMS = {"gcj": "gcj02", "火星": "gcj02", "bd": "bd09", "百度": "bd09", "wgs": "EPSG:4326"}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header of a table ends, how its columns are called and which field each one is."""

    first_row: int
    names: list[str]
    mapping: dict[str, str]


def plain(header: str) -> str:
    """Return a header without width, case, brackets, marks and the name of a coordinate system.

    Examples
    --------
    >>> plain("＊经度（°）"), plain("lon_gcj02"), plain("Code_County"), plain("（必填）")
    ('经度', 'lon', 'codecounty', '必填')
    """
    text = unicodedata.normalize("NFKC", header[:LONGEST]).lower()
    bare = _SYSTEM.sub("", _BRACKETED.sub("", text))
    kept = re.sub(r"[\W_]+", "", bare)
    return kept or re.sub(r"[\W_]+", "", text)


def stated_system(header: str) -> str | None:
    """Return the coordinate system that a header names.

    Examples
    --------
    >>> stated_system("lon_gcj02"), stated_system("经度(CGCS2000)"), stated_system("经度")
    ('gcj02', 'EPSG:4490', None)
    """
    match = _SYSTEM.search(unicodedata.normalize("NFKC", header[:LONGEST]).lower())
    if not match:
        return None
    return next((to for mark, to in _SYSTEMS.items() if match[0].startswith(mark)), "EPSG:4490")


@cache
def synonyms(kind: str) -> dict[str, dict[str, int]]:
    """Return plain header -> rank for each field of a kind; the lower rank wins."""
    found: dict[str, dict[str, int]] = {}
    for rank, row in enumerate(tables.rows("header_synonyms.csv")):
        if name_of(row["kind"]) in (kind, "*"):
            ranks = found.setdefault(row["field"], {})
            ranks.setdefault(plain(row["header"]), rank)
            short = row["header"][: 10 if row["header"].isascii() else 5]
            if short != row["header"]:  # as a Shapefile cuts it
                ranks.setdefault(plain(short), rank + _CUT)
    return found


@cache
def labels(kind: str) -> dict[str, str]:
    """Return the Chinese header of each field, as the first synonym of the table.

    Parameters
    ----------
    kind
        Kind of records (divisions, names ...).

    Returns
    -------
    dict
        Field -> header; empty for a kind that the table does not know.

    Examples
    --------
    >>> labels("divisions")["code"], labels("facilities")["lon"]
    ('区划代码', '经度')
    """
    chosen: dict[str, str] = {}
    for row in tables.rows("header_synonyms.csv"):
        if name_of(row["kind"]) in (kind, "*") and row["language"] == "zh":
            chosen.setdefault(row["field"], row["header"])
    return chosen


def match(names: Sequence[Sequence[str]], kind: Kind) -> dict[str, int]:
    """Return field -> position of its column, best synonym first, each column used once.

    Each column comes as the texts of its header cells, uppermost first.

    Examples
    --------
    >>> from gazetteer.kinds import kind_of
    >>> match([["序号"], ["坐标", "经度"], ["坐标", "纬度"], ["机构名称"]], kind_of("facilities"))
    {'name': 3, 'lon': 1, 'lat': 2}
    """
    plains = [_candidates(texts) for texts in names]
    found: dict[str, int] = {}
    for name in kind.names:
        ranks = synonyms(kind.name).get(name, {})
        best = min(
            (
                (depth, ranks[text], place)
                for place, texts in enumerate(plains)
                for depth, text in enumerate(texts)
                if text in ranks and place not in found.values()
            ),
            default=None,
        )
        if best:
            found[name] = best[-1]
    return found


def _candidates(texts: Sequence[str]) -> list[str]:
    """Return the plain headers by which a column may be known, most telling first."""
    filled = [text for text in texts if text]
    return [plain(each) for each in dict.fromkeys([*filled[-1:], "".join(filled), *filled[:-1]])]


def named(
    columns: Sequence[str],
    kind: Kind,
    chosen: Mapping[str, str] | None,
    *,
    cut: Collection[str] = (),
) -> dict[str, str]:
    """Return field -> column for named columns; what the user chose goes before any synonym.

    Columns whose names may have been `cut` are known by their beginning where that fits one field
    alone; two that were cut to the same beginning are for the user to tell.

    Examples
    --------
    >>> from gazetteer.kinds import kind_of
    >>> named(["区划代", "区划名"], kind_of("boundaries"), None, cut=["区划代", "区划名"])
    {'code': '区划代', 'name': '区划名'}
    >>> named(["行政区", "行政区_1"], kind_of("boundaries"), None, cut=["行政区", "行政区_1"])
    {}
    """
    wanted = by_hand([[each] for each in columns], kind, chosen)
    places = match([[each] for each in columns], kind)
    found = {name: columns[place] for name, place in places.items()}
    taken = {columns[place] for place in wanted.values()}
    open_ = [each for each in cut if each not in taken and each not in found.values()]
    found |= _by_beginning(open_, kind, set(found) | set(wanted))
    free = {name: columns.index(each) for name, each in found.items() if each not in taken}
    return {name: columns[place] for name, place in ordered(free | wanted, kind).items()}


def _by_beginning(cut: Sequence[str], kind: Kind, known: Collection[str]) -> dict[str, str]:
    """Return field -> cut name, where the one is the only one that fits the other."""
    bases = {each: plain(_NUMBERED.sub("", each)) for each in cut}
    single = {each: base for each, base in bases.items() if list(bases.values()).count(base) == 1}
    fits = {each: _beginning(base, kind, known) for each, base in single.items()}
    claims = [fields[0] for fields in fits.values() if len(fields) == 1]
    return {
        fields[0]: each
        for each, fields in fits.items()
        if len(fields) == 1 and claims.count(fields[0]) == 1
    }


def _beginning(base: str, kind: Kind, known: Collection[str]) -> list[str]:
    """Return the fields, not known already, with a header that begins so."""
    if len(base) < 2:
        return []
    known_as = synonyms(kind.name)
    return [
        name
        for name in kind.names
        if name not in known and any(each.startswith(base) for each in known_as.get(name, ()))
    ]


def ordered(found: Mapping[str, int], kind: Kind) -> dict[str, int]:
    """Return the mapping in the order of the kind's fields."""
    return {name: found[name] for name in kind.names if name in found}


def by_hand(
    names: Sequence[Sequence[str]], kind: Kind, chosen: Mapping[str, str] | None
) -> dict[str, int]:
    """Return field -> position for what the user chose by header or by number from 1.

    Raises
    ------
    InputError
        For a field that the kind does not have or a column that the table does not have.
    """
    found = {}
    for name, column in (chosen or {}).items():
        if name not in kind.names:
            msg = Sentence(
                "{kind} have no field {name!r}", kind=Text(kind.title.zh, kind.word), name=name
            )
            raise InputError(msg, remedy=Sentence("Fields: {listed}.", listed=tuple(kind.names)))
        found[name] = _position(column, names)
    return found


def _position(column: str, names: Sequence[Sequence[str]]) -> int:
    """Return the column of that header (as written, then plainly), or of that number."""
    whole = [" / ".join(texts) for texts in names]
    for place, texts in enumerate(names):
        if texts and column in (whole[place], texts[-1]):
            return place
    for place, texts in enumerate(names):
        if texts and plain(column) in _candidates(texts):
            return place
    if column.isdigit() and 1 <= int(column) <= len(names):
        return int(column) - 1
    raise InputError(
        Sentence("no column {column!r}", column=column),
        remedy=Sentence("Columns: {listed}.", listed=listed(whole)),
    )


def find(heading: pd.DataFrame, kind: Kind, chosen: Mapping[str, str] | None) -> Header | None:
    """Return the header of a grid: the rows among the first twenty that match the most fields."""
    best: tuple[int, int, int, dict[str, int]] | None = None
    rows = heading.head(SEARCHED_ROWS + DEEPEST)
    for top in range(min(SEARCHED_ROWS, len(rows))):
        for depth in range(1, min(DEEPEST, len(rows) - top) + 1):
            names = _stack(rows, top, depth)
            found = _try(names, kind, chosen)
            rank = (len(found), -depth, -top)
            if _enough(found, kind) and (best is None or rank > best[:3]):
                best = (*rank, found)
    if best is None:
        return None
    depth, top, found = -best[1], -best[2], best[3]
    joined = unique_names_of(_stack(rows, top, depth))
    mapping = {name: joined[place] for name, place in ordered(found, kind).items()}
    return Header(top + depth, joined, mapping)


def unique_names_of(stacked: Sequence[Sequence[str]]) -> list[str]:
    """Return one distinct name a column for stacked header texts."""
    return unique_names([" / ".join(texts) for texts in stacked])


def _stack(rows: pd.DataFrame, top: int, depth: int) -> list[list[str]]:
    """Return the distinct header texts of each column over some rows, uppermost first."""
    block = rows.iloc[top : top + depth].to_numpy(dtype=object)
    return [
        list(dict.fromkeys(" ".join(text.split()) for text in column if isinstance(text, str)))
        for column in block.T
    ]


def _try(names: list[list[str]], kind: Kind, chosen: Mapping[str, str] | None) -> dict[str, int]:
    """Return the fields that a header candidate gives; nothing when a chosen column is missing."""
    try:
        wanted = by_hand(names, kind, {f: c for f, c in (chosen or {}).items() if f in kind.names})
    except InputError:
        return {}
    found = match(names, kind)
    return {f: place for f, place in found.items() if place not in wanted.values()} | wanted


def _enough(found: Mapping[str, int], kind: Kind) -> bool:
    """Tell whether a row is a header: it has a column for all that a row needs."""
    return bool(found) and not missing(found, kind)


def missing(found: Mapping[str, object], kind: Kind, *, shaped: bool = False) -> list[str]:
    """Return the required fields that have no column; `shaped` tables have geometries already."""
    lacking = [each.name for each in kind.fields if each.required and each.name not in found]
    if kind.one_of and not any(name in found for name in kind.one_of):
        lacking.append(kind.one_of[0])
    placed = shaped or "wkt" in found or {"lon", "lat"} <= set(found)
    if kind.located and not placed:
        lacking += ["lon", "lat"] if kind.shape == "point" else ["wkt"]
    return lacking


def certain_without(cells: pd.DataFrame, kind: Kind) -> dict[str, int] | None:
    """Return the mapping of a table without header that can be nothing but code and name.

    Examples
    --------
    >>> from gazetteer.kinds import kind_of
    >>> cells = pd.DataFrame([["42", "湖北省"], ["421081", "石首市"]])
    >>> certain_without(cells, kind_of("divisions"))
    {'code': 0, 'name': 1}
    """
    if cells.shape[1] != 2 or not {"code", "name"} <= set(kind.names) or not len(cells):
        return None
    codes, names = ([str(each) for each in cells[column]] for column in cells)
    coded = all(map(is_code, codes))
    spoken = sum("\u3400" <= each[:1] <= "\u9fff" for each in names) > 0.9 * len(names)
    return {"code": 0, "name": 1} if coded and spoken else None


def refuse(
    names: Sequence[str], lacking: Sequence[str], kind: Kind, *, place: str, drawn: bool = False
) -> InputError:
    """Return the refusal of a table whose required columns were not found, with what comes near.

    In a drawing the layers bear the names of things.
    """
    hints, left = [], list(names)
    for name in lacking:
        if drawn and DRAWN_NAMES in names and (name == "name" or name in kind.one_of):
            hints.append(f"--map name={DRAWN_NAMES}")
            continue
        near = _nearest(left, name, kind)
        left = [each for each in left if each != near]
        hints.append(f"--map {name}={near}")
    expected = tuple(labels(kind.name).get(name, name) for name in lacking)
    return InputError(
        Sentence(
            "no column for {fields} ({expected}) among: {present}",
            fields=tuple(lacking),
            expected=expected,
            present=listed(names),
        ),
        place=place,
        remedy=Sentence("Name it, for example {listed}.", listed=" ".join(hints)),
    )


DRAWN_NAMES = "Layer"
"""Column of a drawing with the layer that each thing was drawn on."""


def _nearest(left: Sequence[str], name: str, kind: Kind) -> str:
    """Return the header that comes nearest to those known for a field."""
    known = [
        row["header"]
        for row in tables.rows("header_synonyms.csv")
        if row["field"] == name and name_of(row["kind"]) in (kind.name, "*")
    ]
    return max(left, default="COLUMN", key=lambda each: _nearness(each, known))


def _nearness(header: str, known: Sequence[str]) -> float:
    found = process.extractOne(plain(header), [plain(each) for each in known], scorer=fuzz.ratio)
    return float(found[1]) if found else 0.0


def listed(names: Sequence[str], most: int = 30) -> Text | tuple[str, ...]:
    """Return column names for a message, long ones and long lists cut."""
    shown = tuple(each[:30].replace("\n", " ") for each in names if each)
    return (*shown[:most], *["..."][: len(shown) - most]) if shown else Text("无", "none")

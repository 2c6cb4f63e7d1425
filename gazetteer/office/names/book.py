"""The book of place names (地名录): entries by division and category, two indexes, as Word."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from gazetteer import release
from gazetteer.common import tables
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.markings import NOTHING, Marked
from gazetteer.documents import office_words, word
from gazetteer.documents.word import Block, Heading, PageBreak, Paragraph, Table
from gazetteer.office.names.yearbook import OTHER, category, majors
from gazetteer.store import County

NOWHERE = "未定政区"
INDEX_LINE = 6
"""Entries on one line of an index."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of the book with its record fields."""

    number: int
    name: str
    romanization: str
    division: str
    category: str
    details: Sequence[tuple[str, str]]


@cache
def strokes() -> dict[str, int]:
    """Return the number of strokes of each standard character.

    Examples
    --------
    >>> [strokes()[each] for each in "一石首龘" if each in strokes()]
    [1, 5, 9]
    """
    lines = (line.split() for line in tables.text("characters_strokes.txt").splitlines())
    return {each: int(number) for number, characters in lines for each in characters}


@dataclass(frozen=True, slots=True)
class Book:
    """The book as a Word document, its number of entries, what the gate let pass into it."""

    content: bytes
    entries: int
    released: release.Released


def book(
    county: County,
    *,
    profile: str = "internal",
    as_of: str | None = None,
    leave_out: bool = False,
    figures: Sequence[Block] = (),
) -> Book:
    """Return the book of a county file as a Word document, what it holds let through the gate.

    Parameters
    ----------
    county
        The county file.
    profile
        Release profile; ``public`` leaves out what may not be published.
    as_of
        ISO date; today where not given.
    leave_out
        Leave out classified records, counted, instead of refusing the book.
    figures
        Maps of the county with their captions, put behind the overview.

    Raises
    ------
    ReleaseError
        When a record is classified above what the profile lets pass.
    """
    read = {name: county.layer(name, as_of=as_of) for name in ("divisions", "places", "names")}
    marked = county.marked() if leave_out else None
    frames, released = _released(read, profile=profile, marked=marked)
    found = [*entries(frames, released)]
    title = f"{county.setting('division_name') or county.division_code}地名录"
    notice = Paragraph("。".join(filter(None, [released.profile.notice.zh, released.lacking.zh])))
    about = overview(frames, found, name=county.setting("division_name") or county.division_code)
    told = office_words.told([Heading(title, 0), notice, *about, *figures])
    content = word.write([*told, PageBreak(), *_chapters(found), *_indexes(found)])
    return Book(content, len(found), released)


def _released(
    frames: Mapping[str, pd.DataFrame], *, profile: str, marked: Marked | None
) -> tuple[Mapping[str, pd.DataFrame], release.Released]:
    """Return what the book is made of, and what the gate lets pass; with `marked` it leaves out."""
    # of places only class and division go in; a place classified above internal stops the book
    how: dict[str, Any] = {"marked": marked or NOTHING, "leave_out": marked is not None}
    places = release.gate({"places": frames["places"]}, **how)
    public = {name: frames[name] for name in ("divisions", "names")}
    released = release.gate(public, profile=profile, classification=profile, **how)
    if marked is None:
        return frames, released
    parts = {**released.layers, **places.layers}
    left_out = (released.left_out or 0) + (places.left_out or 0)
    kept = {name: frame.loc[parts[name].index] for name, frame in frames.items()}
    return kept, replace(released, left_out=left_out)


def entries(frames: Mapping[str, pd.DataFrame], released: release.Released) -> Iterator[Entry]:
    """Yield the entries in the order of the book: township by code, category, spelling."""
    # what ties names to their things is no content, and stays whatever the profile has
    names, places = frames["names"], pd.DataFrame(frames["places"])
    allowed = set(released.layers["names"].columns)
    kept = names.loc[released.layers["names"].index].drop(columns=["division_code"])
    standard = kept[kept["role"] == "standard"].merge(
        places[["id", "category", "division_code"]], left_on="thing_id", right_on="id"
    )
    others = kept[kept["role"] != "standard"].groupby("thing_id")
    earlier = {str(thing): rows for thing, rows in others}
    held = Hierarchy.of(frames["divisions"])
    called = frames["divisions"].set_index("code")["name"].to_dict()
    standard = standard.assign(
        township=standard["division_code"].map(lambda code: held.at(code, "township")),
        major=standard["category"].map(category),
        sound=standard["romanization"].fillna("").str.lower(),
    )
    order = {name: at for at, name in enumerate([*majors().values(), OTHER])}
    standard = standard.sort_values(
        ["township", "major", "sound", "text"],
        key=lambda column: column.map(order) if column.name == "major" else column,
    )
    for number, row in enumerate(standard.to_dict("records"), start=1):
        details = [*_details(row, earlier.get(row["thing_id"]), called, allowed)]
        division = called.get(row["township"], NOWHERE)
        name, spelled = str(row["text"]), _text(row["romanization"])
        yield Entry(number, name, spelled, division, row["major"], details)


LABELS = {"meaning": "含义", "origin": "来历", "history": "沿革"}


def _details(
    row: Mapping[str, object],
    others: pd.DataFrame | None,
    called: Mapping[str, str],
    allowed: set[str],
) -> Iterator[tuple[str, str]]:
    code = row["division_code"]
    if isinstance(code, str) and len(code) > 9 and code in called:
        yield "所在", called[code]
    for role, label in (("former", "曾用名"), ("alias", "别名"), ("abbreviation", "简称")):
        texts = [] if others is None else others.loc[others["role"] == role, "text"].tolist()
        if texts:
            yield label, "、".join(dict.fromkeys(map(str, texts)))
    for column, label in LABELS.items():
        if column in allowed and _text(row.get(column)):
            yield label, _text(row.get(column))
    approval = "".join(_text(row.get(each)) for each in ("approved_by", "approved_on"))
    if approval and {"approved_by", "approved_on"} <= allowed:
        yield "批准", approval


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _chapters(found: Iterable[Entry]) -> Iterator[Block]:
    division = major = None
    for entry in found:
        if entry.division != division:
            division, major = entry.division, None
            yield Heading(division, 1)
        if entry.category != major:
            major = entry.category
            yield Heading(major, 2)
        yield Paragraph(sentence(entry))


def sentence(entry: Entry) -> str:
    """Return the line of an entry: its details parted by semicolons, one full stop at the end.

    Examples
    --------
    >>> sentence(Entry(7, "月牙砖", "Yuèyá Zhuān", "甲镇", "陆地地形",
    ...     [("含义", "因形似月牙，故名。"), ("来历", "据地名普查登记表。")]))
    '7　月牙砖　Yuèyá Zhuān　含义：因形似月牙，故名；来历：据地名普查登记表。'
    """
    told = [f"{label}：{text.strip('。；;，, ')}" for label, text in entry.details]
    details = [f"{'；'.join(told)}。"] if told else []
    named = [str(entry.number), entry.name, entry.romanization]
    return "　".join([*(each for each in named if each), *details])


def overview(
    frames: Mapping[str, pd.DataFrame], found: Sequence[Entry], *, name: str
) -> Iterator[Block]:
    """Yield what the county is made of: townships with their villages, names by category."""
    divisions = frames["divisions"]
    towns = divisions[divisions["level"] == "township"].sort_values("code")
    villages = divisions[divisions["level"] == "village"]
    counts = Counter(each.category for each in found)
    kinds = "、".join(f"{kind}{number}条" for kind, number in counts.most_common())
    yield Heading("概况", 1)
    yield Paragraph(
        f"{name}辖乡镇（街道）{len(towns)}个、村（社区）{len(villages)}个。"
        f"本书收录标准地名{len(found)}条：{kinds}。各条按乡镇、类别、拼写排列，书后有拼音、笔画索引。"
    )
    yield Heading("行政区划", 1)
    rows: list[list[object]] = [["乡镇（街道）", "代码", "村（社区）数", "村（社区）"]]
    for code, town in zip(towns["code"].astype(str), towns["name"], strict=True):
        own = villages[villages["code"].astype(str).str.startswith(code)].sort_values("code")
        rows.append([town, code, len(own), "、".join(map(str, own["name"]))])
    yield Table(rows)


def _indexes(found: Sequence[Entry]) -> Iterator[Block]:
    for title, groups in (("拼音索引", by_sound(found)), ("笔画索引", by_strokes(found))):
        yield PageBreak()
        yield Heading(title, 1)
        for head, members in groups.items():
            yield Heading(head, 2)
            for start in range(0, len(members), INDEX_LINE):
                part = members[start : start + INDEX_LINE]
                yield Paragraph("　".join(f"{each.name} {each.number}" for each in part))


def by_sound(found: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return the entries by the first letter of their spelling, each list in its order."""
    groups: dict[str, list[Entry]] = {}
    for entry in sorted(found, key=lambda each: (_plain(each.romanization), each.name)):
        first = _plain(entry.romanization)[:1].upper()
        groups.setdefault(first if first.isalpha() else "其他", []).append(entry)
    return groups


def _plain(spelled: str) -> str:
    apart = unicodedata.normalize("NFD", spelled.lower())
    return "".join(each for each in apart if not unicodedata.combining(each) and each.isascii())


def by_strokes(found: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return the entries by the strokes of their first character, those of the others after it."""
    counted = sorted(found, key=lambda each: ([strokes().get(c, 99) for c in each.name], each.name))
    groups: dict[str, list[Entry]] = {}
    for entry in counted:
        number = strokes().get(entry.name[:1])
        groups.setdefault(f"{number} 画" if number else "其他", []).append(entry)
    return groups

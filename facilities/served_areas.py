"""Which units a facility says that it serves: lists and texts (服务范围) read, never guessed.

Units of one name are told apart by code, by the township named before them, or by the township that
the facility stands in; where none of these tells, the name is not judged, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from facilities.addressbook import Book

_MARKS: Final = re.compile(r"[、,，;；/|\n]+")
_JOINED: Final = ("以及", "及", "和", "与")
_EXCEPT: Final = re.compile(
    r"[(（](?:除了?|不含|不包括)(.+?)(?:以外|之外|外)?[)）]|[(（]([^()（）]+?)除外[)）]"
    r"|除了?(.+?)(?:以外的?|之外的?|外的?)"
)
_TOGETHER: Final = re.compile(r"[(（].*?[)）]|(?<=[^\s、,，;；/|])除[^外;；\n]*外")
"""What belongs to the name before it, whatever marks are in it."""
_WHOLE: Final = re.compile(
    r"(?:全部|全域|全境|全体|所有|各|辖区|范围|以内|内|的|行政村|村庄|村居|村|社区|[(（]社区[)）])+$"
)
_OWN: Final = re.compile(r"(?:全|本)(?:镇|乡|街道|办事处|辖区)")
_COUNTY: Final = re.compile(r"(?:全|本)(?:县|市|区|旗)")
_OPEN: Final = re.compile(r"等(?:\d*[个余]*(?:村|社区|村社区)?)?$")


@dataclass(slots=True)
class Served:
    """What a served area names.

    Parameters
    ----------
    codes
        Units of the level asked for that it names.
    unclear
        Names that several units bear, with the codes of these.
    unread
        What could not be read: not counted.
    excepted
        Units that it leaves out, wherever in the text: not among the codes.
    """

    codes: set[str] = field(default_factory=set)
    unclear: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    excepted: set[str] = field(default_factory=set)


def served_units(area: Any, book: Book, *, level: str, home: str = "") -> Served:
    """Return the units of a level that a served area names.

    Parameters
    ----------
    area
        A list of codes and names, or a text such as 东风村、红旗村、城关镇全部(除西村外).
    book
        Divisions of the county.
    level
        ``township`` or ``village``; a larger unit that is named stands for all of these in it.
    home
        Code of the division that the facility stands in; decides between units of one name.

    Examples
    --------
    >>> import pandas as pd
    >>> land = pd.DataFrame([("c", "某县", "county", None), ("t", "甲镇", "township", "c"),
    ...     ("u", "乙镇", "township", "c"), ("v", "新民村", "village", "t"),
    ...     ("w", "新民村", "village", "u"), ("x", "东村", "village", "u")],
    ...     columns=["code", "name", "level", "parent_code"])
    >>> book = Book(land)
    >>> sorted(served_units("乙镇全部(除东村外)", book, level="village").codes)
    ['w']
    >>> served_units("新民村、东村", book, level="village", home="t").codes == {"v", "x"}
    True
    >>> served_units("新民村", book, level="village").unclear
    {'新民村': ('v', 'w')}
    """
    served = Served()
    near = [_path(book, home)] if _path(book, home) else []
    for token in _tokens(area):
        _read(token, book, level=level, near=near, served=served)
    served.codes -= served.excepted
    return served


def _tokens(area: Any) -> Iterator[str]:
    if isinstance(area, list | tuple):
        for each in area:
            yield from _tokens(each)
    elif isinstance(area, str):
        kept = _TOGETHER.sub(lambda match: _MARKS.sub("\0", match[0]), area)
        yield from (part.strip() for part in _MARKS.split(kept) if part.strip())


def _path(book: Book, code: str) -> str:
    return next((path for path, each in book.entries.items() if each.code == code), "")


def _read(token: str, book: Book, *, level: str, near: list[str], served: Served) -> None:
    """Add what one part of a served area names, but for what it excepts."""
    left = _EXCEPT.search(token)
    plain = _OPEN.sub("", _EXCEPT.sub("", token) if left else token)
    shown = token.replace("\0", "、")
    if plain != token and not left:
        served.unread.append(shown)
    named = Served()
    names = [plain] if _paths(plain, book, near) else _pieces(plain, book, near)
    inside = [_take(each, book, level=level, near=near, served=named) for each in names]
    if left:
        stated = left[1] or left[2] or left[3]
        around = inside[0] if len(inside) == 1 else ""
        _except(stated, book, level=level, inside=around, named=named, served=served)
    elif not named.codes and not named.unclear:
        named.unread = [shown]
    if left and not names:
        named.unread = [shown]
    served.codes |= named.codes
    served.unclear |= named.unclear
    served.unread += named.unread


def _take(name: str, book: Book, *, level: str, near: list[str], served: Served) -> str:
    """Add the units that one name means, return its path; a town named stays near."""
    paths = _paths(name, book, near)
    if len(paths) > 1:
        served.unclear[name] = tuple(book.entries[path].code for path in paths)
        return ""
    served.codes |= _within(book, paths[0], level)
    town = _town(book, paths[0])
    near[:] = [town, *near] if town else near
    return paths[0]


def _pieces(plain: str, book: Book, near: list[str]) -> list[str]:
    """Return the names that a word joins (东村和西村); a name may hold such a word (和平村)."""
    for word in _JOINED:
        pieces = plain.split(word)
        if len(pieces) > 1 and all(_paths(each, book, near) for each in pieces):
            return pieces
    return []


def _except(
    text: str, book: Book, *, level: str, inside: str, named: Served, served: Served
) -> None:
    """Except what a text names; where it cannot be read, nothing of `named` is certain."""
    other = Served()
    for token in text.split("\0"):
        _read(token, book, level=level, near=[inside] if inside else [], served=other)
    served.unread += other.unread
    if other.unread:
        named.codes, named.unclear = set(), {}
    # whom an exception may mean is not served for certain
    served.unclear |= other.unclear
    served.excepted |= other.codes
    served.excepted |= {code for codes in other.unclear.values() for code in codes}


def _paths(plain: str, book: Book, near: list[str]) -> list[str]:
    """Return the paths of the divisions that a name may mean, those nearest where some are near."""
    exact = _path(book, plain)
    if exact:
        return [exact]
    whole = {plain, _WHOLE.sub("", plain)}
    if any(map(_COUNTY.fullmatch, whole)):
        return [path for path, each in book.entries.items() if each.level == "county"]
    if any(map(_OWN.fullmatch, whole)):
        return [town for path in near[:1] if (town := _town(book, path))]
    for words in dict.fromkeys([plain, f"{plain}村", f"{plain}社区", _WHOLE.sub("", plain)]):
        paths = _named(words, book)
        for path in near:
            inside = [each for each in paths if each.startswith(_town(book, path) or path)]
            if len(paths) > 1 and len(inside) == 1:
                return inside
        if paths:
            return paths
    return []


def _named(words: str, book: Book) -> list[str]:
    """Return the divisions that a text names as a whole."""
    read = book.readings(words) if words else ()
    whole = [each.path[-1].code for each in read if each.path and not (each.lead or each.rest)]
    return [path for path in whole if path in book.entries]


def _town(book: Book, path: str) -> str:
    """Return the path of the township that a division lies in, or is; "" for what lies above."""
    towns = (each for each in book.entries.values() if each.level == "township")
    return next((each.path for each in towns if path.startswith(each.path)), "")


def _within(book: Book, path: str, level: str) -> set[str]:
    """Return the units of a level that a division is, or that lie in it."""
    entry = book.entries[path]
    itself = {entry.code} if entry.level == level else set()
    return itself | {each.code for each in book.under(path, level=level)}

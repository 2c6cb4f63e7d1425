"""Classes of named things: GB/T 18521 codes, and the words that people write for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Final

from gazetteer.common import tables
from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence

_CODE: Final = re.compile(r"(?<!\d)([12]\d{4})(?:\.0+)?(?!\d)")
_SHORT: Final = re.compile(r"[12]\d{1,3}")
_MAJORS: Final = ("1", "2")
"""Natural and human features: typed by a person, but in a file rather the office's own number."""
_STEPS: Final = re.compile(r"[/\\|>＞→›-]+")
_TAILS: Final = ("名称", "地名", "类别", "类")


def code_of(category: object) -> str | None:
    """Return the GB/T 18521 code for a code, the standard's name of a class or a word in use.

    A lone figure is none: an office numbers kinds of its own so.
    A code beside its word (``23510 道路``) is that code; of a path (``交通设施/道路``) the last
    step counts, where it lies in those before it. None for what is no class.

    Examples
    --------
    >>> code_of("小区"), code_of("街路巷名称"), code_of("交通设施/桥"), code_of("２３５１０.00")
    ('26100', '23510', '23610', '23510')
    >>> code_of("寺"), code_of("塔"), code_of("a tower"), code_of("寺/小区"), code_of(None)
    ('25100', '26240', None, None, None)
    >>> code_of("22"), code_of("1"), code_of("2")
    ('22', None, None)
    """
    return _code_of(category) if isinstance(category, str) else None


@cache
def _code_of(category: str) -> str | None:
    plain = "".join(unicodedata.normalize("NFKC", category).split())
    if found := _own_code(plain) or _word(plain):
        return found
    steps = [_word(each) for each in _STEPS.split(plain) if each]
    if len(steps) > 1 and all(steps) and len({str(each)[:2] for each in steps}) == 1:
        return steps[-1]
    return None


def _own_code(plain: str) -> str | None:
    codes = set(_CODE.findall(plain)) or {plain if _SHORT.fullmatch(plain) else ""} - {""}
    known = [each for each in codes if any(each.startswith(major) for major in _majors())]
    return known[0] if len(known) == len(codes) == 1 else None


@cache
def _majors() -> tuple[str, ...]:
    """Return the first digits of the classes: any natural feature, the kinds of human ones."""
    return ("1", *(row["code"][:2] for row in _standard() if row["code"].endswith("000")))


def _standard() -> tuple[dict[str, str], ...]:
    return tables.rows("place_categories.csv")


@cache
def words() -> dict[str, str]:
    """Return each word with its code: the standard's own names and the words in use."""
    used = {row["word"]: row["code"] for row in tables.rows("category_words.csv")}
    titles = {unicodedata.normalize("NFKC", row["zh"]): row["code"] for row in _standard()}
    return used | titles


def _word(plain: str) -> str | None:
    known, bare = words(), plain.casefold()
    tails = (bare.removesuffix(tail) for tail in _TAILS)
    return next((known[each] for each in (bare, *tails) if each in known), None)


def title(code: str) -> str:
    """Return the standard's name of a class, empty where the standard has none.

    Examples
    --------
    >>> title("23510"), title("23519")
    ('道路、街巷', '')
    """
    return next((row["zh"] for row in _standard() if row["code"] == code), "")


def beginning(code: str) -> str:
    """Return the digits with which the codes of a class and of all within it begin.

    Examples
    --------
    >>> beginning("23000"), beginning("23510"), beginning("20000")
    ('23', '2351', '2')
    """
    return code.rstrip("0")


def require(category: str) -> str:
    """Return the code, or the beginning of codes, for what a person has typed.

    Raises
    ------
    UnknownError
        It is no class; the message has the words nearest to it.

    Examples
    --------
    >>> require("住宅小区"), require("2")
    ('26100', '2')
    """
    if found := code_of(category) or (category if category in _MAJORS else None):
        return found
    close = tuple(near(category))
    remedy = (
        Sentence("Did you mean {close}?", close=close)
        if close
        else Sentence("Give a GB/T 18521 code or its word (道路, 小区).")
    )
    raise UnknownError(
        Sentence("no class of names {category!r}", category=category[:40]), remedy=remedy
    )


_LEVELS: Final = {
    "province": "21200", "prefecture": "21300", "county": "21400", "township": "21500",
    "village": "21610",
}  # fmt: skip


def of_division(level: str, kind: str) -> str | None:
    """Return the class that a division is of, by its level and kind.

    Examples
    --------
    >>> of_division("village", "社区"), of_division("village", "村"), of_division("", "")
    ('21620', '21610', None)
    """
    code = code_of(kind) or ""
    return code if level == "village" and code.startswith("216") else _LEVELS.get(level)


def near(category: str) -> list[str]:
    """Return the words nearest to one that is not known, at most three.

    Examples
    --------
    >>> near("住宅小区区"), near("?")
    (['住宅小区', '住宅区', '居住小区'], [])
    """
    return get_close_matches(category.strip(), words(), n=3, cutoff=0.6)


def unknown(classes: Iterable[object]) -> list[str]:
    """Return what is written for a class and is none, each once, in order.

    Examples
    --------
    >>> unknown(["小区", "某类", None, "", "某类", "23510"])
    ['某类']
    """
    written = (each for each in classes if isinstance(each, str) and each.strip())
    return [each for each in dict.fromkeys(written) if code_of(each) is None]

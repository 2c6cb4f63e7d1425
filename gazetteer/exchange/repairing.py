"""Dirt inside names: what has one right reading is corrected, the rest is listed with candidates.

Nothing is changed silently: each correction is returned as a value with its kind, and a name that
holds any doubt keeps the doubtful part as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from gazetteer import tables

_HAN = "\u3007\u3400-\u9fff\U00020000-\U000323af"
_SPACES = re.compile(f"(?<=[{_HAN}）)])[\\s\u3000\u200b-\u200d\ufeff]+(?=[{_HAN}（(])")
_EDGES = re.compile(r"^[\s\u3000]+|[\s\u3000]+$")
_ZERO = re.compile("(?<=[一二三四五六七八九〇])[0０○◯Ｏ]|[0０○◯Ｏ](?=[一二三四五六七八九〇])")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_HOLE = re.compile("[?？\ufffd□〓]+")
_BRACKET = re.compile(r"[（(〔\[【]([^）)〕\]】]*)[）)〕\]】]")
_LETTERS = re.compile(f"(?<=[{_HAN}])[a-zA-Z]+|[a-zA-Z]+(?=[{_HAN}])")
_AMBIGUOUS = {"閤": ("阁", "合"), "鹼": ("碱",), "藉": ("耤", "籍"), "苧": ("苎",), "丿": ()}
"""Characters that only a person can decide on, with what they may stand for."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of a name that a person must decide on.

    Parameters
    ----------
    kind
        placeholder, private-use, brackets, letters, character (outside the standard table).
    part
        The part as it stands.
    candidates
        What the whole name may be, likeliest first; empty when there is no clue.
    """

    kind: str
    part: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """What was made of a name.

    Parameters
    ----------
    before, after
        The name as it came and with its certain corrections.
    kinds
        Kinds of the corrections: spaces, digits, private-use, glyph, variant, simplified, split.
    doubts
        What is left to a person.
    """

    before: str
    after: str
    kinds: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def repair(name: str, *, known: Iterable[str] = ()) -> Repair:
    """Correct what has one right reading in a name and list the rest.

    Parameters
    ----------
    name
        Name as it came.
    known
        Names of other years or registers at the same code, or nearby: they fill the holes.

    Examples
    --------
    >>> repair("南砦　村").after, repair("八五一０农场").after, repair("东瞿阝村委会").after
    ('南寨村', '八五一〇农场', '东𨟠村委会')
    >>> repair("茶?村委会", known=["茶㘵村委会", "新厂村"]).doubts
    (Doubt(kind='placeholder', part='?', candidates=('茶㘵村委会',)),)
    >>> repair("石首市")
    Repair(before='石首市', after='石首市', kinds=(), doubts=())
    """
    if plain_characters().issuperset(name):
        return Repair(name, name, (), ())
    after, kinds = name, []
    for kind, step in _STEPS.items():
        corrected = step(after)
        if corrected != after:
            kinds.append(kind)
            after = corrected
    return Repair(name, after, tuple(kinds), tuple(_doubts(after, list(known))))


def _without_spaces(name: str) -> str:
    return _SPACES.sub("", _EDGES.sub("", name))


def _with_zeros(name: str) -> str:
    return _ZERO.sub("〇", name)


def _without_private(name: str) -> str:
    return "".join(private_use().get(each, each) for each in name)


def _by_table(kind: str) -> Callable[[str], str]:
    def corrected(name: str) -> str:
        for wrong, right in corrections()[kind].items():
            if wrong in name:
                name = name.replace(wrong, right)
        return name

    return corrected


_STEPS: dict[str, Callable[[str], str]] = {
    "spaces": _without_spaces,
    "digits": _with_zeros,
    "private-use": _without_private,
    "split": _by_table("split"),
    "glyph": _by_table("glyph"),
    "variant": _by_table("variant"),
    "simplified": _by_table("simplified"),
}


@cache
def private_use() -> dict[str, str]:
    r"""Return private-use character -> its Unicode character, for those of GBK and GB 18030.

    Examples
    --------
    >>> private_use()["\ue818"]
    '𠃌'
    """
    text = tables.text("characters_gbk_private.txt")
    pairs = re.findall(r"U\+(E[0-9A-F]{3}):.*?U\+[0-9A-F]{4,5} (\S)", text)
    return {chr(int(code, 16)): right for code, right in pairs}


@cache
def standard_characters() -> frozenset[str]:
    """Return the characters of the general standard table (通用规范汉字表)."""
    return frozenset(tables.text("characters_standard.txt")) | {"〇"}


@cache
def plain_characters() -> frozenset[str]:
    """Return the characters that can be no dirt: standard and never a variant of another."""
    wrong = {each for table in corrections().values() for part in table for each in part}
    return standard_characters() - (wrong - {"瞿", "两"}) - set(_AMBIGUOUS) - set("0〇")


@cache
def corrections() -> dict[str, dict[str, str]]:
    """Return wrong -> right by kind; traditional forms go with ``simplified``."""
    found: dict[str, dict[str, str]] = {"split": {}, "glyph": {}, "variant": {}, "simplified": {}}
    for row in tables.rows("variant_characters.csv"):
        found[row["kind"]][row["wrong"]] = row["right"]
    standard = standard_characters()
    for simple, forms in re.findall(r"(\S)\((\S+?)\)", tables.text("characters_fanti.txt")):
        for form in forms:
            if form not in standard and form not in _AMBIGUOUS:
                found["simplified"].setdefault(form, simple)
    return found


def _doubts(name: str, known: Sequence[str]) -> Iterable[Doubt]:
    """Yield what is left in a name that no name should have."""
    for kind, pattern in (
        ("placeholder", _HOLE),
        ("private-use", _PRIVATE),
        ("brackets", _BRACKET),
        ("letters", _LETTERS),
    ):
        for found in pattern.finditer(name):
            yield Doubt(kind, found[0], _fitting(name, found, known))
    for each in name:
        if each in _AMBIGUOUS or (each > "\u33ff" and each not in standard_characters()):
            told = tuple(name.replace(each, right) for right in _AMBIGUOUS.get(each, ()))
            if not _PRIVATE.match(each) and each not in "？（）【】〔〕□〓":
                yield Doubt("character", each, told)


def _fitting(name: str, found: re.Match[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the known names that differ only in the doubtful part (and a character before it).

    A bracket often explains the character before it: 满（lang） stands for one character.
    """
    before, after = re.escape(name[: found.start()]), re.escape(name[found.end() :])
    patterns = [f"{before}.{{1,2}}{after}"]
    if found.start() > 0:
        shorter = re.escape(name[: found.start() - 1])
        patterns.append(f"{shorter}.{{1,2}}{after}")
    fits = [each for pattern in patterns for each in known if re.fullmatch(pattern, each)]
    return tuple(dict.fromkeys(each for each in fits if each != name))


def repairs(names: Iterable[str], *, known: Iterable[str] = ()) -> list[Repair]:
    """Return the repair of each name that is changed or doubtful, clean ones left out.

    Examples
    --------
    >>> [each.after for each in repairs(["石首市", "朱砦村", "茶?村"])]
    ['朱寨村', '茶?村']
    """
    others = list(known)
    found = (repair(name, known=others) for name in names)
    return [each for each in found if each.kinds or each.doubts]

"""Tables of characters: what is standard, what stands for another, what characters are made of."""

from __future__ import annotations

import re
from functools import cache

from gazetteer.common import tables
from gazetteer.names.romanization.characters import standard

BOUND = frozenset("阝氵犭艹扌讠纟钅饣忄疒亻冖宀辶廴礻衤罒灬刂卩訁糹釒飠")
"""Parts of characters that are no word: they show that a character was taken apart."""
_AMBIGUOUS: dict[str, tuple[str, ...]] = {
    "閤": ("阁", "合"), "鹼": ("碱",), "藉": ("耤", "籍"), "苧": ("苎",), "丿": ()}  # fmt: skip
"""Characters that only a person can decide on, with what they may stand for."""


@cache
def sequences() -> dict[str, str]:
    """Return the two parts of a character, in their order -> the only one made of them.

    Examples
    --------
    >>> sequences()["氵可"], sequences().get("木木木")
    ('河', None)
    """
    return {parts: made[0] for parts, made in makings().items() if len(made) == 1}


@cache
def makings() -> dict[str, tuple[str, ...]]:
    """Return the two parts of a character, in their order -> all that are made of them."""
    found: dict[str, set[str]] = {}
    for line in tables.text("characters_components.txt").splitlines():
        made, *ways = line.split("\t")
        for way in ways:
            if len(parts := way.split()) == 2 and made != "":
                found.setdefault("".join(parts), set()).add(made)
    for line in tables.text("characters_sequences.txt").splitlines():
        made, parts_ = line.split("\t")
        found.setdefault(parts_, set()).add(made)
    return {parts: tuple(sorted(made)) for parts, made in found.items()}


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
    """Return the characters of the general standard table (通用规范汉字表), and 〇."""
    return standard() | {"〇"}


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
    for table in ("characters_fanti.txt", "characters_unihan.txt"):
        for right, forms in _forms(table):
            for form in forms:
                if form not in standard_characters() and form not in _AMBIGUOUS:
                    found["simplified"].setdefault(form, right)
    return found


def _forms(table: str) -> list[tuple[str, str]]:
    """Return the rows of a table written ``standard(form)`` or ``standard(form,form)``."""
    found = re.findall(r"(\S)\((\S+?)\)", tables.text(table))
    return [(right, forms.replace(",", "")) for right, forms in found]


@cache
def perhaps() -> dict[str, tuple[str, ...]]:
    """Return character -> standard characters that it may stand for; a person decides.

    Examples
    --------
    >>> perhaps()["閤"], perhaps()["嵠"]
    (('阁', '合'), ('谿',))
    """
    found = {wrong: tuple(right) for wrong, right in _AMBIGUOUS.items()}
    for right, forms in _forms("characters_perhaps.txt"):
        for form in forms:
            if form not in standard_characters():
                found[form] = (*found.get(form, ()), right)
    return {wrong: tuple(dict.fromkeys(right)) for wrong, right in found.items()}


@cache
def bound_words() -> tuple[str, ...]:
    """Return words of two characters neither of which means much alone (葫芦, 碌碡)."""
    return tuple(tables.text("characters_bound.txt").split())

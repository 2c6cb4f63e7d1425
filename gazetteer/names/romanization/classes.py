"""Which class of names is written how: the generics of each class, from the table."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

from gazetteer.common import tables
from gazetteer.names import categories

Kind = Literal[
    "village", "unit", "town", "division", "zone", "street", "nature", "institution"
]  # fmt: skip

_OF_CODE: Final[tuple[tuple[str, Kind], ...]] = (
    ("216", "unit"), ("217", "zone"), ("21", "division"), ("222", "village"), ("22", "town"),
    ("235", "street"), ("2321", "street"), ("23", "institution"), ("24", "institution"),
    ("25", "institution"), ("26", "institution"), ("276", "unit"), ("27", "institution"),
    ("1", "nature"),
)  # fmt: skip
"""GB/T 18521 code prefixes, the first that fits."""

_OF_WORD: Final[dict[str, Kind]] = {
    **dict.fromkeys(("province", "prefecture", "county", "township", "division"), "division"),
    **dict.fromkeys(("ethnic-township", "subdistrict", "township-unit"), "division"),
    **dict.fromkeys(("street", "road"), "street"),
    **dict.fromkeys(("mountain", "river", "lake", "nature", "feature", "famous"), "nature"),
    **dict.fromkeys(("institution", "facility", "building", "estate", "park"), "institution"),
    "village": "unit", "settlement": "village", "area": "zone",
}  # fmt: skip
"""Levels of divisions and classes of the rules; a `village` is a unit, a `settlement` natural."""

_CODES: Final[dict[Kind, tuple[str, ...]]] = {
    "nature": ("1",),
    "institution": ("23", "24", "25", "26", "27", "217"),
    "zone": ("217", "23", "24", "25", "26", "27"),
    "town": ("26", "217", "23", "24", "25", "27"),
    "unit": ("217", "23", "24", "25", "26", "27"),
    "division": ("217", "23", "24", "25", "26", "27"),
    "street": ("23", "24", "25", "26"),
}
"""Codes of the generics that a class of names has, besides the institutions' words."""

_STREETS: Final = "23510"
_OF_ROADS: Final = frozenset(
    "大桥 桥 立交桥 隧道 涵洞 渡口 路口 环岛 公路 国道 省道 县道 乡道 高速公路".split()  # noqa: SIM905
)
"""Generics listed with the streets that name a work of transport as well."""
_ONE_OF_TOWNS: Final = frozenset("苑轩")
"""Generics of one syllable that tell an estate from a natural town."""


def kind_of(category: str | None) -> Kind | None:
    """Return how a class is written: GB/T 18521 code or word, level, or class of the rules.

    Examples
    --------
    >>> kind_of("22200"), kind_of("23510"), kind_of("street"), kind_of(None)
    ('village', 'street', 'street', None)
    >>> kind_of("village"), kind_of("settlement"), kind_of("街巷"), kind_of("a tower")
    ('unit', 'village', 'street', None)
    """
    if not category:
        return None
    if category in _OF_WORD:
        return _OF_WORD[category]
    code = categories.code_of(category) or ""
    return next((kind for prefix, kind in _OF_CODE if code.startswith(prefix)), None)


def code_of(category: str) -> str | None:
    """Return the class for a class of the rules, a code or a word; None for no class.

    Examples
    --------
    >>> code_of("湖泊"), code_of("12200"), code_of("street"), code_of("a tower")
    ('12200', '12200', 'street', None)
    """
    plain = category.strip()
    return plain if plain in _OF_WORD else categories.code_of(plain)


@cache
def institution_words() -> dict[str, str]:
    """Return the words of institutions (rule 14) and their use: generic, word or both."""
    return {row["word"]: row["use"] for row in tables.rows("institution_words.csv")}


@cache
def generics(kind: Kind) -> frozenset[str]:
    """Return the generics that part in a name of a class."""
    prefixes = _CODES[kind]
    found = {
        row["通名"]
        for row in tables.rows("generic_terms.csv")
        if row["write_separately"] == "Y"
        and row["gbt18521_code"].startswith(prefixes)
        and (row["gbt18521_code"] != _STREETS or row["通名"] in _OF_ROADS)
    }
    if kind in ("unit", "town", "division", "street"):
        found = {term for term in found if len(term) > 1}
    if kind == "town":
        found |= _ONE_OF_TOWNS
    if kind != "nature":
        found |= {word for word, use in institution_words().items() if use != "word"}
    return frozenset(found)


@cache
def long_generics() -> frozenset[str]:
    """Return the generics of several syllables: they stand apart inside a longer name, too."""
    every = generics("institution") | generics("nature")
    return frozenset(term for term in every if len(term) > 1)


def generic(name: str, kind: Kind) -> str:
    """Return the longest generic of a class that the name ends in, short of its whole.

    What the class does not know is looked up among works and features of nature.

    Examples
    --------
    >>> generic("于家湖", "nature"), generic("红旗渠", "institution")
    ('湖', '渠')
    >>> generic("三潭印月", "institution"), generic("江镇", "town"), generic("湖", "nature")
    ('', '', '')
    """
    if ending := _ending(name, generics(kind)):
        return ending
    if kind in ("nature", "institution", "zone"):
        return _ending(name, generics("institution") | generics("nature"))
    return ""


def _ending(name: str, known: frozenset[str]) -> str:
    starts = range(max(1, len(name) - 12), len(name))
    return next((name[at:] for at in starts if name[at:] in known), "")

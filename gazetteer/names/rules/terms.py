"""Generic terms and word lists of the rules, read once."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from gazetteer.common import tables

_ETHNIC_UNITS = ("乡", "苏木", "县", "州", "旗", "区")


@cache
def _ethnic_generic() -> re.Pattern[str]:
    names = {name.removesuffix("族") for name in tables.column("ethnic_names.csv", "name")}
    groups = sorted(names, key=lambda name: (-len(name), name))
    units = "|".join(_ETHNIC_UNITS)
    return re.compile(rf"(?:(?:{'|'.join(groups)})族?)+(?:民族|自治)?(?:{units})$")


@cache
def classes_of_generics() -> dict[str, frozenset[str]]:
    """Return the classes of names that each generic term may end."""
    rows = tables.rows("rule_generic_terms.csv")
    return {row["generic"]: frozenset(row["name_classes"].split("|")) for row in rows}


@cache
def generics(name_class: str) -> frozenset[str]:
    """Return the generic terms of a class of names."""
    known, wanted = classes_of_generics(), _SAME_GENERICS.get(name_class, name_class)
    return frozenset(term for term, classes in known.items() if wanted in classes)


_SAME_GENERICS = {"famous": "feature"}


@cache
def _longest(name_class: str) -> int:
    return max(map(len, generics(name_class)), default=0)


def split(text: str, name_class: str) -> tuple[str, str]:
    """Split a name into its specific and its generic part (地名管理条例 9).

    The longest generic of the class that leaves a specific part wins; a name of an ethnic
    township is cut before the ethnic group. The generic is empty when none is found.

    Examples
    --------
    >>> split("滨河路", "street"), split("滨河", "street")
    (('滨河', '路'), ('滨河', ''))
    >>> split("长哨营满族乡", "ethnic-township"), split("新乡市", "division")
    (('长哨营', '满族乡'), ('新乡', '市'))
    """
    if name_class in _ETHNIC_CLASSES and "族" in text:
        hit = _ethnic_generic().search(text)
        if hit and hit.start():
            return text[: hit.start()], hit.group()
    known = generics(name_class)
    for length in range(min(_longest(name_class), len(text) - 1), 0, -1):
        if text[-length:] in known:
            return text[:-length], text[-length:]
    return text, ""


_ETHNIC_CLASSES = {"ethnic-township", "township", "division"}


@cache
def advised_words() -> dict[str, str]:
    """Return each word of the 大、怪 list with its kind."""
    return {row["word"]: row["kind"] for row in tables.rows("rule_words.csv")}


@cache
def shipped_lists() -> dict[str, frozenset[str]]:
    """Return the shipped lists by kind: foreign places; persons and companies are the office's."""
    lists: dict[str, set[str]] = defaultdict(set)
    lists["foreign"].update(_foreign("part"))
    for row in tables.rows("rule_listed_names.csv"):
        lists[row["kind"]].add(row["name"])
    return {kind: frozenset(names) for kind, names in lists.items()}


@cache
def is_verified(kind: str) -> bool:
    """Tell whether a list names the source of every name on it."""
    table = "rule_foreign_names.csv" if kind == "foreign" else "rule_listed_names.csv"
    of_kind = [row for row in tables.rows(table) if kind in ("foreign", row.get("kind"))]
    return bool(of_kind) and all(row["source"].strip() for row in of_kind)


@cache
def whole_words() -> dict[str, frozenset[str]]:
    """Return the shipped words that count only as the whole specific part (列日)."""
    return {"foreign": frozenset(_foreign("whole"))}


@cache
def coined_words() -> frozenset[str]:
    """Return the foreign names that are Chinese words as well (柏林, a wood of cypresses)."""
    return frozenset(_foreign("coined"))


def _foreign(match: str) -> list[str]:
    rows = tables.rows("rule_foreign_names.csv")
    return [row["name"] for row in rows if row["match"] == match]


@cache
def features() -> dict[str, str]:
    """Return each nationally known feature or heritage site with its kind."""
    return {row["name"]: row["kind"] for row in tables.rows("rule_features.csv")}


def limits(profile: str, name_class: str) -> dict[str, tuple[float, str]]:
    """Return the limits of length with their sources: the profile's over the national ones."""
    found: dict[str, tuple[float, str]] = {}
    for wanted in ("national", profile):
        for row in tables.rows("rule_limits.csv"):
            if row["profile"] == wanted and row["name_class"] in ("", name_class):
                found[row["measure"]] = (float(row["value"]), row["source"])
    return found


def thresholds(profile: str, generic: str) -> list[dict[str, str]]:
    """Return the size conditions of a generic term in a local profile."""
    rows = tables.rows("rule_generic_thresholds.csv")
    return [row for row in rows if row["profile"] == profile and row["generic"] == generic]


def barred(profile: str, name_class: str) -> frozenset[str]:
    """Return the generic terms that a class must not use, nationally and in the profile."""
    rows = tables.rows("rule_barred_generics.csv")
    wanted = {"national", profile}
    return frozenset(
        row["generic"]
        for row in rows
        if row["profile"] in wanted and row["name_class"] == name_class
    )

"""The shipped tables as look-ups, read once: generic terms, words, divisions, characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from gazetteer.common import tables

DECIDED: Final = frozenset({"high", "medium", "rule"})
"""Confidences that count as decided; `low` and `conflict` are best guesses only."""


class Row(NamedTuple):
    """One reading in the shipped tables."""

    name: str
    reading: tuple[str, ...]
    confidence: str
    source: str
    alternatives: tuple[str, ...] = ()
    scope: str = ""
    romanization: str = ""

    @property
    def decided(self) -> bool:
        """Whether the reading is a decided datum."""
        return self.confidence in DECIDED


class Usual(NamedTuple):
    """The reading a character has in place names, and whether it has no other there."""

    reading: str
    candidates: tuple[str, ...]
    settled: bool
    first_settled: bool
    first: str = ""


@cache
def dictionary() -> dict[str, tuple[str, ...]]:
    """Return the readings of the 8,105 standard characters (通用规范汉字字典)."""
    found = {}
    for line in tables.text("characters_readings.txt").splitlines():
        if match := re.match(r"U\+([0-9A-F]+): (\S+)", line):
            found[chr(int(match[1], 16))] = tuple(match[2].split(","))
    return found


@cache
def usual() -> dict[str, Usual]:
    """Return the characters with more than one reading, the one of place names first."""
    found = {}
    for row in tables.rows("readings_characters.csv"):
        settled = row["settled"]
        found[row["character"]] = Usual(
            row["usual"],
            tuple(row["readings"].split()),
            settled != "no",
            settled == "yes",
            row["first"],
        )
    return found


@cache
def private_use() -> dict[str, tuple[str, ...]]:
    """Return the readings of the private-use code points of GBK."""
    found = {}
    for line in tables.text("characters_gbk_private.txt").splitlines():
        if match := re.match(r"U\+(E[0-9A-F]{3}): (\S+)", line):
            found[chr(int(match[1], 16))] = tuple(match[2].split(","))
    return found


@cache
def surnames() -> dict[str, tuple[str, bool]]:
    """Return surnames whose reading differs from the common one, and whether it is sure."""
    rows = tables.rows("surname_readings.csv")
    return {row["surname"]: (row["reading"], row["settled"] == "yes") for row in rows}


def _row(row: dict[str, str]) -> Row:
    return Row(
        row["name"],
        tuple(row["reading"].split()),
        row["confidence"],
        row["source"],
        tuple(filter(None, row.get("alternative", "").split("|"))),
        row.get("scope", ""),
        row.get("romanization", ""),
    )


@cache
def divisions() -> dict[str, tuple[Row, ...]]:
    """Return the readings of divisions by full name; a name may stand in several places."""
    found: dict[str, tuple[Row, ...]] = {}
    for row in tables.rows("readings_divisions.csv"):
        item = _row(row)._replace(scope=row["code"])
        found[item.name] = (*found.get(item.name, ()), item)
    return found


@cache
def named() -> dict[str, tuple[Row, ...]]:
    """Return curated readings of whole names or specific parts, by text."""
    found: dict[str, tuple[Row, ...]] = {}
    for row in tables.rows("readings.csv"):
        if row["kind"] != "word":
            item = _row(row)
            found[item.name] = (*found.get(item.name, ()), item)
    return found


@cache
def words() -> dict[str, Row]:
    """Return words that are read so wherever they stand in a name."""
    rows = tables.rows("readings.csv")
    return {row["name"]: _row(row) for row in rows if row["kind"] == "word"}


@cache
def word_starts() -> dict[str, tuple[int, ...]]:
    """Return for each first character the lengths of words that begin with it, longest last."""
    found: dict[str, set[int]] = {}
    for word in words():
        found.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths)) for first, lengths in found.items()}


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """Return phrases of a general dictionary that read a character otherwise than names mostly do.

    Examples
    --------
    >>> phrases()["里长"]
    ('lǐ', 'zhǎng')
    """
    rows = tables.rows("readings_phrases.csv")
    return {row["phrase"]: tuple(row["reading"].split()) for row in rows}


@cache
def phrase_starts() -> dict[str, tuple[int, ...]]:
    """Return for each first character the lengths of phrases that begin with it, longest first."""
    found: dict[str, set[int]] = {}
    for phrase in phrases():
        found.setdefault(phrase[0], set()).add(len(phrase))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


class Official(NamedTuple):
    """The official romanization of a name transliterated from a minority language."""

    romanization: str
    decided: bool
    source: str


@cache
def minority_names() -> dict[str, Official]:
    """Return the official forms of minority names by full name, single forms by stem as well."""
    found = {}
    for row in tables.rows("minority_names.csv"):
        official = Official(row["romanization"], row["confidence"] in DECIDED, row["source"])
        found[row["name"]] = official
        stem = row["name"].removesuffix("市")
        if row["level"] == "prefecture" and stem != row["name"]:
            bare = official.romanization.removesuffix(" Shi")
            found.setdefault(stem, official._replace(romanization=bare))
    return found


@cache
def ethnic() -> dict[str, str]:
    """Return the official spelling of ethnic names, with tones where it is Hanyu pinyin."""
    return {row["name"]: row["romanization"] for row in tables.rows("ethnic_names.csv")}


@cache
def ethnic_readings() -> dict[str, tuple[str, ...]]:
    """Return the syllables of the characters of ethnic names."""
    return {row["name"]: tuple(row["reading"].split()) for row in tables.rows("ethnic_names.csv")}


@cache
def regional() -> dict[tuple[str, str], str]:
    """Return the likelier reading of a character in a province, by character and province."""
    return {
        (row["character"], province): row["reading"]
        for row in tables.rows("readings_regional.csv")
        for province in row["provinces"].split()
    }


@cache
def generics() -> dict[str, tuple[str, ...]]:
    """Return the syllables of each generic term, neutral tones as listed."""
    found: dict[str, tuple[str, ...]] = {}
    for row in tables.rows("generic_terms.csv"):
        found.setdefault(row["通名"], tuple(syllables(row["pinyin"])))
    return found


_VOWELS: Final = "aāáǎàeēéěèiīíǐìoōóǒòuūúǔùüǖǘǚǜ"
_NASAL: Final = f"(?:ng|n)(?![{_VOWELS}])"
"""n and ng end a syllable only where no vowel follows: jì|niàn|guǎn (else an apostrophe parts)."""
_SYLLABLE: Final = re.compile(
    r"(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw])?"
    rf"(?:[iīíǐì]?[aāáǎà](?:{_NASAL}|[oi])?"
    rf"|[uūúǔù][aāáǎà](?:{_NASAL}|i)?|[iīíǐìuūúǔùüǖǘǚǜ][eēéěè]|[uūúǔù]?[oōóǒò](?:{_NASAL}|u)?"
    rf"|[iīíǐì][oōóǒò]{_NASAL}|[iīíǐì][uūúǔù]|[uūúǔù][iīíǐì]|[eēéěè](?:{_NASAL}|i|r(?![{_VOWELS}]))?"
    rf"|[uūúǔùüǖǘǚǜ](?:{_NASAL})?|[iīíǐì](?:{_NASAL})?)",
    re.IGNORECASE,
)


def syllables(spelling: str) -> Iterator[str]:
    """Yield the syllables of a spelling, lower case; greedy, apostrophes separate."""
    for part in re.split(r"[\s'’]+", spelling):
        for match in _SYLLABLE.finditer(part):
            yield match.group().lower()

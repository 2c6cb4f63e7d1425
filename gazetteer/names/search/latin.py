"""Names typed in Latin letters: English words beside them, tones as figures, earlier spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice, product
from typing import Final

from gazetteer.common import tables
from gazetteer.names.romanization.spelling import ascii_letters, numbered

_WORD: Final = re.compile(r"[^\s,;/()\-–—·.]+")
_TONED: Final = re.compile(r"([a-zü:]+)([0-5])", re.IGNORECASE)
_MARKED: Final = re.compile("[\u0300\u0301\u0304\u030c]")
_MOST: Final = 24


def without_tone_figures(text: str) -> str:
    """Return the text without the figures that say tones; other figures stay.

    Examples
    --------
    >>> without_tone_figures("shi2gou1 cun1"), without_tone_figures("lu:3liang2")
    ('shigou cun', 'lu:liang')
    >>> without_tone_figures("Dongsi 12 Tiao"), without_tone_figures("152tuan")
    ('Dongsi 12 Tiao', '152tuan')
    """
    return re.sub(r"(?<=[aeiouüngr:])[0-5](?![0-9])", "", text, flags=re.IGNORECASE)


def toned(text: str) -> str:
    """Return letters with a figure for the tone of each syllable that has one, else nothing.

    The tones alone are compared, as they stand: marks and figures give the same.

    Examples
    --------
    >>> toned("Shígōu Cūn"), toned("shi2gou1 cun1"), toned("shigou"), toned("lu:3")
    ('211', '211', '', '3')
    """
    if without_tone_figures(text) != text:
        return "".join(tone for _, tone in _TONED.findall(text)).replace("0", "").replace("5", "")
    marks = _MARKED.findall(unicodedata.normalize("NFD", text))
    return "".join(numbered(f"a{mark}")[-1] for mark in marks)


_TONES: Final = re.compile(
    "[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜĀÁǍÀĒÉĚÈŌÓǑÒ\u0300\u0301\u0304\u030c]"  # in one sign, or set on
)


def is_toned(romanization: str) -> bool:
    """Whether a spelling has marks of tones: an official form of another language has none."""
    return _TONES.search(romanization) is not None


@cache
def _english() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    rows = tables.rows("words_english.csv")
    uses = ("generic", "modifier")
    return tuple(
        {row["english"]: tuple(row["pinyin"].split()) for row in rows if row["use"] == use}
        for use in uses
    )  # type: ignore[return-value]


def without_english(text: str) -> str:
    """Return the text without an English generic.

    Examples
    --------
    >>> without_english("Shih-kou Village"), without_english("Ch'ing-shan"), without_english("Mt Omei")
    ('Shih-kou', "Ch'ing-shan", 'Omei')
    """  # noqa: E501 - an example is one line
    words = text.split()
    stem, generics = _parted([word.lower() for word in words])
    at = 1 if words and len(stem) < len(words) and stem[:1] != [words[0].lower()] else 0
    return " ".join(words[at : at + len(stem)]) if generics else text


@lru_cache(maxsize=1024)
def from_english(text: str) -> tuple[str, ...]:
    """Return joined letters of what an English rendering may stand for, its stem last.

    Examples
    --------
    >>> from_english("Shigou Village"), from_english("Mount Huang")
    (('shigoucun', 'shigou'), ('huangshan', 'huang'))
    >>> from_english("East Renmin Road"), from_english("Shigou Cun")
    (('renmindonglu', 'donglurenmin', 'dongrenminlu', 'renmindong'), ())
    """
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    stem, generics = _parted(words)
    if not generics or not stem:
        return ()
    found = [*_arranged(stem, generics)]
    return tuple(dict.fromkeys(islice(found, _MOST)))


def _parted(words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the words of the stem, and in which ways its generic may be said in pinyin."""
    generics, _ = _english()
    if words[:1] and words[0] in ("mount", "mt", "lake") and len(words) > 1:
        return words[1:], generics[words[0]]
    for size in (3, 2, 1):
        if len(words) > size and (spoken := generics.get(" ".join(words[-size:]))):
            return words[:-size], spoken
    return words, ()


def _arranged(stem: list[str], generics: tuple[str, ...]) -> Iterator[str]:
    """Yield stem and generic in the orders meant; English puts the modifier first or last."""
    modifiers = _english()[1]
    plain = [word for word in stem if word not in modifiers]
    if len(plain) in (0, len(stem)):
        joined = ascii_letters("".join(stem))
        yield from (joined + each for each in generics)
        yield joined
        return
    ways = ["".join(way) for way in product(*(modifiers[w] for w in stem if w in modifiers))]
    name = ascii_letters("".join(plain))
    for way, generic in product(ways, generics):
        yield from (name + way + generic, way + generic + name, way + name + generic)
    yield from (name + way for way in ways)


@cache
def _official() -> dict[str, tuple[str, ...]]:
    """Return Chinese names by the letters of their other Latin forms (Lhasa, Peking)."""
    found: dict[str, list[str]] = {}
    for row in tables.rows("minority_names.csv"):
        for form in latin_forms(row["romanization"]):
            found.setdefault(form, []).append(row["name"])
    for row in tables.rows("names_postal.csv"):
        found.setdefault(ascii_letters(row["spelling"]), []).append(row["name"])
    return {letters: tuple(dict.fromkeys(names)) for letters, names in found.items()}


def chinese_of(letters: tuple[str, ...]) -> tuple[str, ...]:
    """Return the Chinese names that have one of these other Latin forms.

    Examples
    --------
    >>> chinese_of(("lhasa",)), chinese_of(("urumqishi",)), chinese_of(("peking",))
    (('拉萨市', '拉萨河', '拉萨'), ('乌鲁木齐市',), ('北京',))
    """
    forms = _official()
    return tuple(dict.fromkeys(name for each in letters for name in forms.get(each, ())))


@lru_cache(maxsize=65536)
def latin_forms(romanization: str) -> tuple[str, ...]:
    """Return the letters under which an official Latin form is asked for, without generic last.

    Examples
    --------
    >>> latin_forms("Hohhot Shi"), latin_forms("Shanshan (Piqan) Xian")
    (('hohhotshi', 'hohhot'), ('shanshanxian', 'piqanxian', 'shanshanpiqanxian', 'shanshan', 'piqan'))
    >>> latin_forms("Ürümqi Shi")
    ('urumqishi', 'urumqi', 'vrvmqishi', 'vrvmqi')
    """  # noqa: E501 - an example is one line
    outside = re.sub(r"\([^)]*\)", " ", romanization)
    inside = "".join(re.findall(r"\(([^)]*)\)", romanization))
    *_, last = romanization.split() or [""]
    whole = [outside, f"{inside} {last}", romanization] if inside else [romanization]
    stems = [" ".join(outside.split()[:-1]), inside]
    forms = [form for form in (*whole, *stems) if form.strip()]
    return tuple(dict.fromkeys(ascii_letters(form, u) for u in "uv" for form in forms))

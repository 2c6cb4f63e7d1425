"""Letters that stand for a name otherwise spelled: by ear in a dialect, or before pinyin.

Both give a regular expression over joined toneless pinyin (ü as v), so that a whole county is
looked through in one pass and no variant is forgotten.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Final

from gazetteer.common import tables

_TOKEN: Final = re.compile("zh|ch|sh|ng|h(?:u(?=[aeiou]))?|f|[a-z0-9]")
# after f or h finals differ as well: fēi and huī, fēn and hūn, fēng and hóng, fú and hú
_AFTER_LIP: Final = (
    (re.compile("e?i"), "e?i"),
    (re.compile("[oe]ng?"), "[oe]ng{0,2}"),
    (re.compile("[eu]?ng?"), "[eu]?ng{0,2}"),
    (re.compile("u?o"), "u?o"),
)
_ALIKE: Final = {
    "zh": "zh?", "z": "zh?", "ch": "ch?", "c": "ch?", "sh": "sh?", "s": "sh?",
    # final n or ng; an initial n is heard as l, and l as n or r
    "ng": "ng{0,2}", "n": "(?:ng{0,2}|l)", "l": "[lnr]", "r": "[rl]",
}  # fmt: skip
_LONGEST: Final = 60
_MOST: Final = 48


@lru_cache(maxsize=256)
def by_ear(letters: str) -> re.Pattern[str]:
    """Return what joined pinyin sounds the same where n/l, zh/z, -n/-ng, h/f are not told apart.

    Examples
    --------
    >>> [bool(by_ear("sanlong").fullmatch(each)) for each in ("shannong", "shanglong", "shanong")]
    [True, True, False]
    >>> [bool(by_ear(each).fullmatch("huangcun")) for each in ("fangcun", "huancung", "wangcun")]
    [True, True, False]
    """
    pieces, at, text = [], 0, letters[:_LONGEST]
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            pieces.append(re.escape(text[at]))
            at += 1
            continue
        at = token.end()
        if token[0] in ("h", "hu", "f"):
            final, at = _after_lip(text, at)
            pieces.append(f"[hf]u?{final}")
        else:
            pieces.append(_ALIKE.get(token[0], token[0]))
    return re.compile("".join(pieces))


def _after_lip(text: str, at: int) -> tuple[str, int]:
    for final, alike in _AFTER_LIP:
        if (match := final.match(text, at)) and match[0]:
            return alike, match.end()
    return "", at


@cache
def _syllables() -> dict[str, frozenset[str]]:
    """Return the syllables of pinyin that an older spelling may stand for."""
    found: dict[str, set[str]] = {}
    for row in tables.rows("spellings_old.csv"):
        syllable = row["syllable"].replace("ü", "v")
        for form in (*row["wade_giles"].split(), *row["postal"].split(), row["syllable"]):
            plain = _plain(form)
            found.setdefault(plain, set()).add(syllable)
            found.setdefault(plain.replace("'", ""), set()).add(syllable)
    return {form: frozenset(each) for form, each in found.items()}


def _plain(text: str) -> str:
    """Return lower-case letters and apostrophes (ʻ, ‘, ’ and ` are meant as one)."""
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join("'" if c in "'‘’ʻʼ`´" else c for c in apart if c.isascii() or c in "‘’ʻʼ´")


@lru_cache(maxsize=256)
def before_pinyin(text: str) -> re.Pattern[str] | None:
    """Return what joined pinyin a text in Wade-Giles or postal spelling may stand for.

    Syllables are told apart by hyphens and blanks where there are any; without its apostrophe an
    initial may be meant either way. None where the text is no such spelling.

    Examples
    --------
    >>> bool(before_pinyin("Ch'ing-shan ts'un").fullmatch("qingshancun"))
    True
    >>> [bool(before_pinyin("Tungfang").fullmatch(each)) for each in ("tongfang", "dongfang")]
    [True, True]
    >>> before_pinyin("xqz") is None
    True
    """
    words = re.findall("[a-z']+|[0-9]+", re.sub("(?<=[a-z])[0-5](?![0-9])", "", _plain(text)))
    parts = [_word(word.strip("'")) for word in words]
    if not parts or not all(parts):
        return None
    return re.compile("".join(parts))


def _word(word: str) -> str:
    if word.isdecimal():
        return word
    ways = ("".join(_either(each) for each in way) for way in islice(_cuts(word), _MOST))
    alternatives = [*dict.fromkeys(ways)]
    return f"(?:{'|'.join(alternatives)})" if alternatives else ""


def _either(form: str) -> str:
    meant = sorted(_syllables()[form])
    return meant[0] if len(meant) == 1 else f"(?:{'|'.join(meant)})"


def _cuts(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways a word divides into syllables, longest syllables first."""
    known, dead = _syllables(), set[int]()

    def cut(at: int) -> Iterator[tuple[str, ...]]:
        if at == len(word):
            yield ()
        if at in dead:
            return
        empty = at != len(word)
        for size in range(min(8, len(word) - at), 0, -1):
            if word[at : at + size] in known:
                for rest in cut(at + size):
                    empty = False
                    yield (word[at : at + size], *rest)
        if empty:
            dead.add(at)

    return cut(0) if len(word) <= _LONGEST else iter(())

"""How syllables are joined into written words: apostrophe, capitals, tones, 儿, ü."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

# Macron, acute, caron, grave: the four tones. Diaeresis (ü) and circumflex (ê) are letters.
_TONES: Final = dict.fromkeys(map(ord, "\u0304\u0301\u030c\u0300"))
_TONE_NUMBER: Final = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_APOSTROPHE_BEFORE: Final = frozenset("aāáǎàoōóǒòeēéěè")


@lru_cache(maxsize=65536)
def toneless(text: str) -> str:
    """Return the text without tone marks; ü, ê and apostrophes stay.

    Examples
    --------
    >>> toneless("Lǚliáng Shì"), toneless("Xī'ān"), toneless("Xigazê Shi")
    ('Lüliang Shi', "Xi'an", 'Xigazê Shi')
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFD", text).translate(_TONES)
    return unicodedata.normalize("NFC", plain)


@lru_cache(maxsize=65536)
def ascii_letters(text: str, u: str = "v") -> str:
    """Return lower-case ASCII letters and figures only, ü as ``u`` says.

    Examples
    --------
    >>> ascii_letters("Lǚliáng Shì"), ascii_letters("Xī'ān", "u")
    ('lvliangshi', 'xian')
    """
    lower = toneless(text).lower()
    if not lower.isascii():
        lower = unicodedata.normalize("NFD", lower.replace("ü", u))
    return "".join(c for c in lower if c.isascii() and c.isalnum())


def joined(syllables: Sequence[str]) -> str:
    """Join syllables into one word with the apostrophe of rule 11 and the r of rule 12.

    Examples
    --------
    >>> joined(["xī", "ān"]), joined(["tiān", "é"]), joined(["pén", "r"])
    ("xī'ān", "tiān'é", 'pénr')
    """
    if not syllables:
        return ""
    parts = [syllables[0]]
    for syllable in syllables[1:]:
        if syllable[:1] in _APOSTROPHE_BEFORE and parts[-1][-1:].isalpha():
            parts.append("'")
        parts.append(syllable)
    return "".join(parts)


def capital(word: str) -> str:
    """Return the word with its first letter as a capital.

    Examples
    --------
    >>> capital("ānqìng"), capital("3")
    ('Ānqìng', '3')
    """
    return word[:1].upper() + word[1:]


def numbered(syllable: str) -> str:
    """Return a syllable with its tone as a figure, the way keys compare it.

    Examples
    --------
    >>> numbered("lǜ"), numbered("ma")
    ('lü4', 'ma0')
    """
    letters, tone = [], "0"
    for mark in unicodedata.normalize("NFD", syllable):
        if mark in _TONE_NUMBER:
            tone = _TONE_NUMBER[mark]
        else:
            letters.append(mark)
    return unicodedata.normalize("NFC", "".join(letters)) + tone

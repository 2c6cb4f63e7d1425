"""Romanization of the recipe's own names from the readings of their words.

Written from the 1984 rules for place names (natural villages joined; specific and generic apart)
and not from the toolkit's romanizer, which the sample county is there to test.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache


def joined(syllables: Sequence[str]) -> str:
    """Join syllables to one capitalised word, with apostrophes where a vowel follows.

    Examples
    --------
    >>> joined(("xiè", "jiā", "zhuāng")), joined(("tiān", "é"))
    ('Xièjiāzhuāng', "Tiān'é")
    """
    text = syllables[0] + "".join(
        f"'{each}" if _plain(each)[0] in "aoe" else each for each in syllables[1:]
    )
    return text[0].upper() + text[1:]


def romanization(
    specific: Sequence[str], generic: Sequence[str] = (), *, apart: bool = True
) -> str:
    """Spell a name, its specific and generic part written apart or joined.

    Examples
    --------
    >>> romanization(("qū", "jiāng"), ("jiē", "dào"))
    'Qūjiāng Jiēdào'
    >>> romanization(("liù", "lǐ"), ("pù",), apart=False)
    'Liùlǐpù'
    """
    if not apart or not generic:
        return joined([*specific, *generic])
    return f"{joined(specific)} {joined(generic)}"


@cache
def toneless(text: str) -> str:
    """Drop tone marks and keep ü.

    Examples
    --------
    >>> toneless("Lǚjiāwān")
    'Lüjiawan'
    """
    marks = {"\u0304", "\u0301", "\u030c", "\u0300"}
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if c not in marks))


def initials(syllables: Sequence[str]) -> str:
    """Return the first letter of each syllable.

    Examples
    --------
    >>> initials(("ōu", "jiā", "yuán"))
    'ojy'
    """
    return "".join(_plain(each)[0] for each in syllables)


def _plain(syllable: str) -> str:
    return toneless(syllable).lower()

"""Keys under which names that sound alike meet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from gazetteer.common.lazy import pd
from gazetteer.names.romanization import romanize

_MARKS = re.compile("[\u0300\u0301\u0304\u030c]")
_JOIN = re.compile(r"[\s\-]+(?=[aoe])")
_DROP = re.compile(r"[\s\-]+|^'|[()（）·.]")
_SYLLABLE = re.compile(
    r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)"
    r"([aoeiuv]+(?:ng(?![aoeiuv])|n(?![aoeiuv])|r(?![aoeiuv]))?)"
)


def toned(romanization: str) -> str:
    """Return the key that tells tones apart: small letters, joined, apostrophes kept.

    Examples
    --------
    >>> toned("Xī'ān Lù"), toned("Bīnhé Lù") == toned("bīnhélù")
    ("xī'ānlù", True)
    """
    text = unicodedata.normalize("NFC", romanization).lower().replace("’", "'")
    bare = unicodedata.normalize("NFD", text)
    cut = _JOIN.sub("'", bare)
    return unicodedata.normalize("NFC", _DROP.sub("", cut))


def toneless(romanization: str) -> str:
    """Return the key that ignores tones; ü is kept as v.

    Examples
    --------
    >>> toneless("Bīnhé Lù"), toneless("Lǜyīn Lù"), toneless("Xi'an")
    ('binhelu', 'lvyinlu', "xi'an")
    >>> toneless("")
    ''
    """
    return without_tones(toned(romanization)).replace("ü", "v")


def without_tones(romanization: str) -> str:
    """Return a romanization without tone marks; capitals, spaces and ü stay.

    Examples
    --------
    >>> without_tones("Lǜyīn Lù")
    'Lüyin Lu'
    """
    bare = _MARKS.sub("", unicodedata.normalize("NFD", romanization))
    return unicodedata.normalize("NFC", bare)


def spell(text: str, *, by_dictionary: bool = True) -> str:
    """Spell a name that has no romanization: by dictionary, or as the readings tables guess."""
    if not by_dictionary:
        return romanize(text).reading
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a while

    return " ".join(lazy_pinyin(text, style=Style.TONE))


def keys(texts: pd.Series, romanizations: pd.Series | None) -> pd.DataFrame:
    """Return the two keys (``sound``, ``tones``) of many names, each distinct spelling once."""
    spelt = pd.Series("", index=texts.index) if romanizations is None else romanizations.fillna("")
    missing = spelt == ""
    if missing.any():
        made = {text: spell(text) for text in texts[missing].unique()}
        spelt = spelt.where(~missing, texts.map(made))
    codes, unique = pd.factorize(spelt)
    tones = pd.Series([toned(each) for each in unique], dtype=object)
    sound = pd.Series([toneless(each) for each in unique], dtype=object)
    values = {"sound": sound.to_numpy()[codes], "tones": tones.to_numpy()[codes]}
    return pd.DataFrame(values, index=texts.index)


def in_dialect(key: str, rows: Iterable[Mapping[str, str]]) -> str:
    """Return a toneless key with the syllable parts merged that a dialect does not tell apart.

    Parameters
    ----------
    key
        From `toneless`.
    rows
        ``part`` (initial or final), ``from`` and ``to``, as in ``rule_dialect.csv``.

    Examples
    --------
    >>> merge = [{"part": "initial", "from": "n", "to": "l"}]
    >>> in_dialect("nanninglu", merge) == in_dialect("lanlinglu", merge)
    True
    >>> in_dialect("nanninglu", [])
    'nanninglu'
    """
    parts = {(row["part"], row["from"]): row["to"] for row in rows}
    if not parts:
        return key
    return _SYLLABLE.sub(lambda hit: _merged(hit[1], hit[2], parts), key)


def spellings_in_dialect(
    key: str, rows: Iterable[Mapping[str, str]], *, most: int = 64
) -> set[str]:
    """Return the toneless keys that a dialect does not tell from one, itself among them.

    Parameters
    ----------
    key, rows
        As in `in_dialect`.
    most
        Keys returned at most, so that a long name in a merging dialect stays quick.

    Examples
    --------
    >>> merge = [{"part": "initial", "from": "n", "to": "l"}]
    >>> sorted(spellings_in_dialect("nanlu", merge))
    ['lanlu', 'lannu', 'nanlu', 'nannu']
    """
    parts = {(row["part"], row["from"]): row["to"] for row in rows}
    found = {""}
    end = 0
    for hit in _SYLLABLE.finditer(key) if parts else ():
        between, end = key[end : hit.start()], hit.end()
        options = [
            a + b for a in _alike("initial", hit[1], parts) for b in _alike("final", hit[2], parts)
        ]
        found = {before + between + option for before in found for option in options}
        if len(found) > most:
            return {key}
    return {each + key[end:] for each in found} | {key}


def _alike(part: str, sound: str, parts: Mapping[tuple[str, str], str]) -> set[str]:
    to = parts.get((part, sound), sound)
    return {
        to,
        sound,
        *(other for (kind, other), end in parts.items() if (kind, end) == (part, to)),
    }


def _merged(initial: str, final: str, parts: Mapping[tuple[str, str], str]) -> str:
    first = parts.get(("initial", initial), initial)
    return first + parts.get(("final", final), final)


@cache
def known_sound(text: str, *, by_dictionary: bool = True) -> str:
    """Return the toneless key of a short text that is no name on record."""
    return toneless(spell(text, by_dictionary=by_dictionary))

"""What a clerk typed, made ready for comparing: simplified characters, letters, sounds."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product

from gazetteer.common import tables
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.names.romanization import tables as readings
from gazetteer.names.romanization.characters import is_han, standard
from gazetteer.names.romanization.spelling import ascii_letters
from gazetteer.names.search import figures, latin

LONGEST = 100
MOST_SOUNDS = 16
_NUMERALS = {
    "〇": "ling", "零": "ling", "一": "yi", "二": "er", "三": "san", "四": "si", "五": "wu",
    "六": "liu", "七": "qi", "八": "ba", "九": "jiu", "十": "shi", "百": "bai", "千": "qian",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """A search text in the forms that names are compared in.

    Parameters
    ----------
    text
        As typed, without surrounding blanks.
    han
        Simplified Chinese, blanks and brackets dropped; empty for a query in letters.
    letters
        Lower-case ASCII letters and figures (tones, blanks and apostrophes dropped; ü is v), in
        every spelling meant; empty for a query in Chinese.
    others
        Other characters that may be meant, where the query has traditional ones: as typed, and
        with those rewritten that are standard as well (於 as 于).
    figures
        `han` with its numbers in figures, empty where it has none.
    stems
        Letters without the generic that was typed in English.
    tones
        Tones that were typed, a figure each.
    spelt
        The letters typed, without figures of tones and English generic, for older spellings.
    chinese
        Chinese names with this official or postal Latin form (拉萨市 for Lhasa).
    """

    text: str
    han: str
    letters: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    figures: str = ""
    stems: tuple[str, ...] = ()
    tones: str = ""
    spelt: str = ""
    chinese: tuple[str, ...] = ()


def parse(text: str) -> Query:
    """Return the query that a text means.

    Raises
    ------
    InputError
        When the text is empty, or longer than a name can be.

    Examples
    --------
    >>> parse("  石 首 ").han, parse("龍港").han
    ('石首', '龙港')
    >>> parse("Lǚliáng Shì").letters, parse("lüliang").letters, parse("LSS").letters
    (('lvliangshi', 'luliangshi'), ('lvliang', 'luliang'), ('lss',))
    >>> parse("luliang").letters
    ('luliang', 'lvliang')
    >>> parse("於家莊").han, parse("於家莊").others
    ('於家庄', ('于家庄', '於家莊'))
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not any(each.isalnum() or is_han(each) for each in plain):
        raise InputError(
            Sentence("nothing to search for"),
            remedy=Sentence("Type a name, its pinyin or initials."),
        )
    if len(plain) > LONGEST:
        raise InputError(
            Sentence("a search text of {count} characters", count=len(plain)),
            remedy=Sentence("Type at most {longest}.", longest=LONGEST),
        )
    return _of_letters(plain) if _in_letters(plain) else _of_characters(plain)


def _of_characters(plain: str) -> Query:
    kept = "".join(each for each in plain if not each.isspace())
    han = simplified(kept)
    others = (kept.translate(_to_simplified() | _to_other()), kept) if han != kept else ()
    return Query(
        text=plain,
        han=han,
        others=tuple(each for each in others if each != han),
        figures=figures.folded(han) if figures.has_figures(han) else "",
    )


def _of_letters(plain: str) -> Query:
    toneless = latin.without_tone_figures(plain)
    english = latin.from_english(toneless)
    forms = [ascii_letters(each) for each in (toneless, plain, *_numbers_said(toneless))]
    typed = tuple(each for form in dict.fromkeys(forms) for each in _spellings(form))
    letters = tuple(dict.fromkeys([*typed, *english[:-1]]))
    stems = english[-1:]
    return Query(
        text=plain,
        han="",
        letters=letters,
        stems=stems,
        tones=latin.toned(plain),
        spelt=latin.without_english(toneless),
        chinese=latin.chinese_of((*letters, *stems)),
    )


def _numbers_said(text: str) -> tuple[str, ...]:
    """Return the letters with each number as it is said (850 nongchang: bawuling nongchang)."""
    if not any(each.isdecimal() for each in text):
        return ()
    return tuple(
        "".join(_NUMERALS.get(each, each) for each in way) for way in figures.writings(text)
    )


def _in_letters(text: str) -> bool:
    return all(
        unicodedata.name(each, "").startswith("LATIN") or not (each.isalpha() or is_han(each))
        for each in text
    )


def _spellings(letters: str) -> tuple[str, ...]:
    """Return the letters with ü written as v, as u, as yu, whichever was meant."""
    if "v" in letters:
        other = letters.replace("v", "u")
    else:
        other = letters.replace("lyu", "lv").replace("nyu", "nv")
        if other == letters:
            other = letters.replace("lu", "lv").replace("nu", "nv")
    return tuple(dict.fromkeys([letters, other]))


@cache
def _to_simplified() -> dict[int, str]:
    table: dict[int, str] = {}
    for line in tables.text("characters_fanti.txt").splitlines():
        if line.startswith("#") or "(" not in line:
            continue
        simple, _, others = line.strip().partition("(")
        for other in others.rstrip(")").replace(",", ""):
            # 乾, 著 and the like are standard characters themselves: not to be rewritten
            if other not in standard():
                table.setdefault(ord(other), simple)
    return _listed("") | table


@cache
def _to_other() -> dict[int, str]:
    """Return characters that are standard and in traditional text another (於, 乾, 昇)."""
    return _listed("traditional text only")


def _listed(where: str) -> dict[int, str]:
    rows = tables.rows("characters_traditional.csv")
    return {ord(row["traditional"]): row["standard"] for row in rows if row["where"] == where}


@lru_cache(maxsize=16384)
def ways(sign: str) -> tuple[str, ...]:
    """Return the letters of the readings of a standard character, the usual one first.

    Of all others nothing: their readings take longer to load than a search may take.

    Examples
    --------
    >>> ways("长"), ways("㐀")
    (('chang', 'zhang'), ())
    """
    usual = readings.usual().get(sign)
    found = usual.candidates if usual else readings.dictionary().get(sign, ())
    return tuple(dict.fromkeys(map(ascii_letters, found)))


def sounds(text: str) -> tuple[str, ...]:
    """Return joined letters of the ways in which characters may be read, the usual way first.

    Examples
    --------
    >>> sounds("石沟"), sounds("长寿"), sounds("㐀")
    (('shigou', 'dangou'), ('changshou', 'zhangshou'), ())
    """
    read = [ways(each) if is_han(each) else (ascii_letters(each),) for each in text]
    found = map("".join, islice(product(*read), MOST_SOUNDS))
    return tuple(each for each in dict.fromkeys(found) if each)


def simplified(text: str) -> str:
    """Return the text with traditional characters rewritten as standard ones.

    Examples
    --------
    >>> simplified("廣東韶關"), simplified("黃吳莊"), simplified("乾县")
    ('广东韶关', '黄吴庄', '乾县')
    """
    return text.translate(_to_simplified())

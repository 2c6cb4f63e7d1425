"""What a clerk typed, made ready for comparing: simplified characters, letters, sounds."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from gazetteer import tables
from gazetteer.errors import InputError
from gazetteer.romanization.spelling import ascii_letters

LONGEST = 100


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
    """

    text: str
    han: str
    letters: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


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
    if not any(each.isalnum() or unicodedata.category(each) == "Co" for each in plain):
        raise InputError("nothing to search for", remedy="Type a name, its pinyin or initials.")
    if len(plain) > LONGEST:
        raise InputError(
            f"a search text of {len(plain)} characters", remedy=f"Type at most {LONGEST}."
        )
    if _in_letters(plain):
        return Query(text=plain, han="", letters=_spellings(ascii_letters(plain)))
    kept = "".join(each for each in plain if not each.isspace())
    han = simplified(kept)
    others = (kept.translate(_to_simplified() | _to_other()), kept) if han != kept else ()
    return Query(text=plain, han=han, others=tuple(each for each in others if each != han))


def _in_letters(text: str) -> bool:
    return all(
        unicodedata.name(each, "").startswith("LATIN") or not each.isalpha() for each in text
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
    standard = set(tables.text("characters_standard.txt").split())
    for line in tables.text("characters_fanti.txt").splitlines():
        if line.startswith("#") or "(" not in line:
            continue
        simple, _, others = line.strip().partition("(")
        for other in others.rstrip(")").replace(",", ""):
            # 乾, 著 and the like are standard characters themselves: not to be rewritten
            if other not in standard:
                table.setdefault(ord(other), simple)
    return _listed("") | table


@cache
def _to_other() -> dict[int, str]:
    """Return characters that are standard and in traditional text another (於, 乾, 昇)."""
    return _listed("traditional text only")


def _listed(where: str) -> dict[int, str]:
    rows = tables.rows("characters_traditional.csv")
    return {ord(row["traditional"]): row["standard"] for row in rows if row["where"] == where}


def simplified(text: str) -> str:
    """Return the text with traditional characters rewritten as standard ones.

    Examples
    --------
    >>> simplified("廣東韶關"), simplified("黃吳莊"), simplified("乾县")
    ('广东韶关', '黄吴庄', '乾县')
    """
    return text.translate(_to_simplified())

"""Queries as people type them, made from names by rules of their own.

Nothing here reads the tables that the search uses: sounds are pypinyin's, Wade-Giles is its style
of that name, postal spellings and sounds of dialects are rewritten by the few rules below.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

from gazetteer.common import tables
from gazetteer.names.romanization.spelling import toneless

TAIL = re.compile(
    r"(社区|村|居|家)?(居民委员会|村民委员会|居委会|村委会|家委会|管委会|社区|村|街道办事处|街道|镇|乡)$"
)


class Target(NamedTuple):
    """A name that somebody looks for, with the names of the divisions above it."""

    text: str
    stem: str
    code: str
    romanization: str
    above: tuple[str, ...]


Kind = Callable[[Target, random.Random], str]


def stem(text: str) -> str:
    """Return a name without what it is."""
    short = TAIL.sub("", text)
    return short if len(short) >= 2 else text


@cache
def syllables(text: str, style: Style = Style.NORMAL) -> tuple[str, ...]:
    return tuple(lazy_pinyin(text, style=style, v_to_u=True, errors="ignore"))


@cache
def by_sound() -> dict[str, list[str]]:
    """Return the standard characters of each toneless sound, by their first reading."""
    found: dict[str, list[str]] = {}
    for line in tables.text("characters_readings.txt").splitlines():
        hit = re.match(r"U\+([0-9A-F]+):\s*(\S+)", line)
        if hit:
            sound = toneless(hit[2].split(",")[0])
            found.setdefault(sound, []).append(chr(int(hit[1], 16)))
    return found


STANDARD = tables.text("characters_standard.txt").split()[:3500]
STANDING = set(tables.text("characters_standard.txt").split())
TRADITIONAL = {
    row["standard"]: row["traditional"]
    for row in reversed(tables.rows("characters_traditional.csv"))
    if not row["where"]
} | {
    line[0]: line[2]
    for line in tables.text("characters_fanti.txt").splitlines()
    if "(" in line[1:2]
}


def other(signs: str | list[str], but: str, chance: random.Random) -> str:
    return chance.choice([each for each in signs if each != but])


# ------------------------------------------------------------------ characters


def wrong(target: Target, chance: random.Random) -> str:
    place = chance.randrange(len(target.stem))
    return target.text[:place] + chance.choice(STANDARD) + target.text[place + 1 :]


def missing(target: Target, chance: random.Random) -> str:
    place = chance.randrange(len(target.stem))
    return target.text[:place] + target.text[place + 1 :]


def homophone(target: Target, chance: random.Random) -> str:
    sound = dict(zip(target.stem, syllables(target.stem), strict=False))
    places = [i for i, c in enumerate(target.stem) if len(by_sound().get(sound.get(c, ""), [])) > 1]
    if not places:
        return ""
    place = chance.choice(places)
    sign = target.stem[place]
    return (
        target.text[:place]
        + other(by_sound()[sound[sign]], sign, chance)
        + target.text[place + 1 :]
    )


def traditional(target: Target, _: random.Random) -> str:
    text = "".join(TRADITIONAL.get(sign, sign) for sign in target.text)
    return text if text != target.text else ""


def swapped(*, whole: bool) -> Kind:
    def made(target: Target, chance: random.Random) -> str:
        places = [i for i in range(len(target.stem) - 1) if target.stem[i] != target.stem[i + 1]]
        if not places:
            return ""
        i = chance.choice(places)
        mixed = target.stem[:i] + target.stem[i + 1] + target.stem[i] + target.stem[i + 2 :]
        return mixed + (target.text[len(target.stem) :] if whole else "")

    return made


VILLAGES = ("村", "行政村", "村委会", "居委会", "社区", "村民委员会", "自然村", "社区居委会")
TOWNS = ("镇", "乡", "街道", "街道办事处", "街道办")


def generic_changed(target: Target, chance: random.Random) -> str:
    tail = target.text[len(target.stem) :]
    if not tail or not target.text.startswith(target.stem):
        return ""
    return target.stem + other([*(TOWNS if len(target.code) == 9 else VILLAGES)], tail, chance)


def address(*, levels: int, colloquial: bool = False) -> Kind:
    """Names of so many divisions above in front; colloquial: without their generics."""

    def made(target: Target, _: random.Random) -> str:
        above = target.above[-levels:]
        if len(above) < levels:
            return ""
        return "".join(stem(each) if colloquial else each for each in above) + (
            target.stem + "村" if colloquial and len(target.code) == 12 else target.text
        )

    return made


FIGURES = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))


def figures(target: Target, _: random.Random) -> str:
    """Chinese numerals of the stem as figures: 三十里铺 as 30里铺, 八五〇 as 850."""
    made = re.sub("[一二三四五六七八九]?十[一二三四五六七八九]?", _tens, target.text)
    made = re.sub(
        "[〇零一二三四五六七八九]{1,}", lambda run: "".join(FIGURES[c] for c in run[0]), made
    )
    return made if made != target.text else ""


def _tens(run: re.Match[str]) -> str:
    tens, _, ones = run[0].partition("十")
    return FIGURES.get(tens, "1") + FIGURES.get(ones, "0")


def rare(target: Target, _: random.Random) -> str:
    """One character alone that is no standard one."""
    found = [c for c in target.stem if c.isalpha() and c > "\u3400" and c not in STANDING]
    return found[0] if found else ""


# --------------------------------------------------------------------- letters


def joined(target: Target, _: random.Random) -> str:
    return re.sub(r"[^a-zü]", "", toneless(target.romanization).lower())


def spaced(target: Target, _: random.Random) -> str:
    return " ".join(syllables(target.stem))


def initials(*, of_stem: bool) -> Kind:
    def made(target: Target, _: random.Random) -> str:
        wanted = syllables(target.stem if of_stem else target.text)
        return "".join(each[:1] for each in wanted)

    return made


def toned(style: Style, between: str, *, of_stem: bool = False) -> Kind:
    return lambda target, _: between.join(syllables(target.stem if of_stem else target.text, style))


ENGLISH = {
    "村": "Village",
    "社区": "Community",
    "镇": "Town",
    "乡": "Township",
    "街道": "Subdistrict",
}


def english(target: Target, _: random.Random) -> str:
    """The stem as one word and an English generic: Shigou Village."""
    tail = target.text[len(target.stem) :]
    word = next((said for ours, said in ENGLISH.items() if ours in tail), "")
    return f"{''.join(syllables(target.stem)).capitalize()} {word}" if word else ""


def mistyped(how: str, *, of_stem: bool) -> Kind:
    """Joined letters with one slip: two swapped, one left out, one too many, a wrong one."""

    def made(target: Target, chance: random.Random) -> str:
        letters = "".join(syllables(target.stem if of_stem else target.text))
        if len(letters) < 5:
            return ""
        i = chance.randrange(1, len(letters) - 1)
        more = chance.choice("abcdefghijklmnopqrstuvwxyz")
        ways = {
            "transposed": letters[:i] + letters[i + 1] + letters[i] + letters[i + 2 :],
            "left out": letters[:i] + letters[i + 1 :],
            "too many": letters[:i] + more + letters[i:],
            "wrong": letters[:i] + more + letters[i + 1 :],
        }
        return ways[how] if ways[how] != letters else ""

    return made


Rules = tuple[tuple[str, str], ...]
RETROFLEX: Rules = (
    ("^zh", "z"), ("^ch", "c"), ("^sh", "s"), ("^z", "zh"), ("^c", "ch"), ("^s", "sh"),
)  # fmt: skip
LIPS: Rules = (
    ("^hu(?=[aeio])", "f"), ("^hu$", "fu"), ("^h", "f"), ("^f(?=[aeo])", "hu"), ("^f", "h"),
)  # fmt: skip
DIALECTS: dict[str, Rules] = {
    "n/l": (("^n", "l"), ("^l", "n")),
    "zh/z ch/c sh/s": RETROFLEX,
    "-n/-ng": ((r"([aei])ng$", r"\1n"), (r"([aei])n$", r"\1ng")),
    "h/f": LIPS,
}


def dialect(name: str, *, of_stem: bool) -> Kind:
    """Every syllable that the dialect hears otherwise, otherwise."""

    def made(target: Target, _: random.Random) -> str:
        typed = syllables(target.stem if of_stem else target.text)
        heard = [_heard(each, DIALECTS[name]) for each in typed]
        return "".join(heard) if list(typed) != heard else ""

    return made


def _heard(syllable: str, rules: Rules) -> str:
    for pattern, instead in rules:
        changed = re.sub(pattern, instead, syllable)
        if changed != syllable:
            return changed
    return syllable


def wade_giles(between: str, *, marks: bool, of_stem: bool) -> Kind:
    def made(target: Target, _: random.Random) -> str:
        typed = syllables(target.stem if of_stem else target.text, Style.WADEGILES)
        text = between.join(typed).capitalize()
        return text if marks else re.sub("['ʻ’]", "", text)

    return made


POSTAL: Rules = (
    ("^zh", "ch"), ("^q", "ts"), ("^j", "k"), ("^x(?=i)", "s"), ("^x", "hs"), ("^d", "t"),
    ("^b", "p"), ("^g(?=u[aei])", "kw"), ("^g", "k"), ("^h(?=u[aei])", "hw"), ("(?<=[kh]w)u", ""),
    ("^c(?!h)", "ts"), ("^z", "ts"), ("^r", "j"), ("ou$", "ow"), ("ian$", "ien"),
    ("^yan$", "yen"), ("ong$", "ung"),
)  # fmt: skip


def postal(target: Target, _: random.Random) -> str:
    found = []
    for syllable in syllables(target.stem):
        changed = syllable
        for pattern, instead in POSTAL:
            changed = re.sub(pattern, instead, changed)
        found.append(changed)
    return "".join(found).capitalize()


KINDS: dict[str, Kind] = {
    "full name": lambda target, _: target.text,
    "without generic": lambda target, _: target.stem,
    "two characters": lambda target, _: target.stem[:2],
    "traditional": traditional,
    "one wrong character": wrong,
    "one missing character": missing,
    "homophone": homophone,
    "swapped characters, stem": swapped(whole=False),
    "swapped characters, name": swapped(whole=True),
    "generic changed": generic_changed,
    "town + village": address(levels=1),
    "county + town + village": address(levels=2),
    "province to village": address(levels=4),
    "county + town + village without generics": address(levels=2, colloquial=True),
    "figures for numerals": figures,
    "one rare character alone": rare,
    "pinyin joined": joined,
    "pinyin properly spelled": lambda target, _: toneless(target.romanization),
    "pinyin, a blank between syllables": spaced,
    "initials of the name": initials(of_stem=False),
    "initials of the stem": initials(of_stem=True),
    "toned pinyin, official": lambda target, _: target.romanization,
    "toned pinyin, joined": toned(Style.TONE, ""),
    "toned pinyin, blanks": toned(Style.TONE, " "),
    "toned pinyin of the stem": toned(Style.TONE, "", of_stem=True),
    "tones as figures, joined": toned(Style.TONE3, ""),
    "tones as figures, stem": toned(Style.TONE3, " ", of_stem=True),
    "English order": english,
    **{
        f"letters {how}, {'stem' if of_stem else 'name'}": mistyped(how, of_stem=of_stem)
        for how in ("transposed", "left out", "too many", "wrong")
        for of_stem in (False, True)
    },
    **{
        f"dialect {name}, {'stem' if of_stem else 'name'}": dialect(name, of_stem=of_stem)
        for name in DIALECTS
        for of_stem in (False, True)
    },
    "Wade-Giles": wade_giles("-", marks=True, of_stem=False),
    "Wade-Giles, stem without marks": wade_giles("", marks=False, of_stem=True),
    "postal spelling, stem": postal,
}

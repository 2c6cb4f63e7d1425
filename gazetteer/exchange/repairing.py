"""Dirt inside names: what has one right reading is corrected, the rest is listed with candidates.

Nothing is changed silently: each correction is returned as a value with its kind, and a name that
holds any doubt keeps the doubtful part as it came.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from gazetteer.exchange.character_tables import (
    BOUND,
    bound_words,
    corrections,
    makings,
    perhaps,
    plain_characters,
    private_use,
    sequences,
    standard_characters,
)

_HAN = "\u3007\u3400-\u9fff\U00020000-\U000323af"
_BLANK = "[\\s\u3000]+"
_MARKS = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_SPACES = re.compile(f"(?<=[{_HAN}）)、·]){_BLANK}|{_BLANK}(?=[{_HAN}（(、·])")
_EDGES = re.compile(r"^[\s\u3000]+|[\s\u3000]+$")
_COMPATIBLE = re.compile(
    "[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f\ufe50-\ufe6b\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
)
_ZERO = re.compile("(?<=[一二三四五六七八九〇])[0０○◯Ｏ]|[0０○◯Ｏ](?=[一二三四五六七八九〇])")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_HOLE = re.compile("[?？\ufffd□〓]+")
_LONGEST_INSIDE = 200
"""Characters in brackets that are looked at: as many as a name may have, so that a cell of nothing
but brackets is not read through once for each."""
_BRACKET = re.compile(rf"[（(〔\[【]([^）)〕\]】]{{0,{_LONGEST_INSIDE}}})[）)〕\]】]")
_DESCRIBED = re.compile("[\u2ff0-\u2fff]")
_DESCRIPTION = re.compile("[\u2ff0-\u2ffd](..)")
_ROUND = re.compile("[零一二三四五六七八九〇][Oo]+|[Oo]+[零一二三四五六七八九〇]")
_LETTERS = re.compile(f"(?<=[{_HAN}])[a-zA-Z]+|[a-zA-Z]+(?=[{_HAN}])")
_PUNCTUATION = "？（）【】〔〕□〓、。·，．－—　“”‘’：；《》"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of a name that a person must decide on.

    Parameters
    ----------
    kind
        placeholder, private-use, brackets, description (⿰土夭), letters, pair (a word of two
        bound characters, one of them another), character (outside the standard table).
    part
        The part as it stands.
    candidates
        What the whole name may be, likeliest first; empty when there is no clue.
    """

    kind: str
    part: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """What was made of a name.

    Parameters
    ----------
    before, after
        The name as it came and with its certain corrections.
    kinds
        Kinds of the corrections, those of `KINDS`.
    doubts
        What is left to a person.
    """

    before: str
    after: str
    kinds: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def repair(name: str, *, known: Iterable[str] = ()) -> Repair:
    """Correct what has one right reading in a name and list the rest.

    Parameters
    ----------
    name
        Name as it came.
    known
        Names of other years or registers at the same code, or nearby: they fill the holes.

    Examples
    --------
    >>> repair("南砦　村").after, repair("八五一０农场").after, repair("东瞿阝村委会").after
    ('南寨村', '八五一〇农场', '东𨟠村委会')
    >>> repair("茶?村委会", known=["茶㘵村委会", "新厂村"]).doubts
    (Doubt(kind='placeholder', part='?', candidates=('茶㘵村委会',)),)
    >>> repair("石首市")
    Repair(before='石首市', after='石首市', kinds=(), doubts=())
    """
    after, kinds = _through(name, KINDS)
    if not kinds and plain_characters().issuperset(name):
        return Repair(name, name, (), ())
    others = [whole for each in known if is_whole(whole := clean(each)[0])]
    doubts = (
        replace(doubt, candidates=tuple(filter(is_whole, doubt.candidates)))
        for doubt in _doubts(after, others)
    )
    return Repair(name, after, kinds, tuple(doubts))


def is_whole(name: str) -> bool:
    """Whether a name has no hole or private character itself: only then it fills another's."""
    return not (_HOLE.search(name) or _PRIVATE.search(name) or _DESCRIBED.search(name))


def clean(name: str) -> tuple[str, tuple[str, ...]]:
    """Return a name without the damage of its way here (`DAMAGE`), and which kinds it had.

    Which character is meant is out of question; forms of another standard stay.

    Examples
    --------
    >>> clean("大青\ue82d　村"), clean("南砦村")
    (('大青㭎村', ('spaces', 'private-use')), ('南砦村', ()))
    """
    return _through(name, DAMAGE)


def _through(name: str, kinds: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return a name that no kind of correction changes any more, and the kinds that did.

    What one correction makes may be what an earlier one looks for (``，`` out of full width beside
    a blank, a character out of two beside a zero): they go round until nothing is left to do.
    """
    after, found = name, set[str]()
    while not plain_characters().issuperset(after):
        before = after
        for kind in kinds:
            corrected = _STEPS[kind](after)
            if corrected != after:
                found.add(kind)
                after = corrected
        if after == before:
            break
    return after, tuple(kind for kind in kinds if kind in found)


def _together(name: str) -> str:
    """Return a name in which characters that were taken apart are one again.

    Two parts of which one is no word by itself must make one common character only; a rare one
    can be made of the same parts in several ways, so it is for a person. Brackets round a single
    rare character go.
    """
    for wrong, right in corrections()["split"].items():
        name = name.replace(wrong, right)
    name = _BRACKET.sub(_out_of_brackets, name)
    at = 0
    while at < len(name) - 1:
        made = sequences().get(name[at : at + 2], "")
        if BOUND & set(name[at : at + 2]) and made in standard_characters():
            name = name[:at] + made + name[at + 2 :]
        at += 1
    return name


def _out_of_brackets(found: re.Match[str]) -> str:
    inside = found[1]
    rare = inside > "\uffff" or inside not in standard_characters()
    return inside if len(inside) == 1 and re.fullmatch(f"[{_HAN}]", inside) and rare else found[0]


def _by_table(kind: str) -> Callable[[str], str]:
    def corrected(name: str) -> str:
        table = corrections()[kind]
        kept = {at for at, _ in _halves(name)}
        return "".join(
            each if at in kept else table.get(each, each) for at, each in enumerate(name)
        )

    return corrected


DAMAGE = ("marks", "spaces", "digits", "compatibility", "private-use", "split")
"""What happens to a name on its way: undone on import, and reported."""
FORMS = ("glyph", "variant", "simplified")
"""Forms of characters that the standard of 2013 has not."""
KINDS = (*DAMAGE, *FORMS)

_STEPS: dict[str, Callable[[str], str]] = {
    "marks": lambda name: _MARKS.sub("", name),
    "spaces": lambda name: _SPACES.sub("", _EDGES.sub("", name)),
    "digits": lambda name: _ZERO.sub("〇", name),
    # characters that Unicode has for the sake of other codes alone
    "compatibility": lambda name: _COMPATIBLE.sub(
        lambda found: unicodedata.normalize("NFKC", found[0]), name
    ),
    "private-use": lambda name: "".join(private_use().get(each, each) for each in name),
    "split": _together,
    **{kind: _by_table(kind) for kind in FORMS},
}


def _halves(name: str) -> list[tuple[int, str]]:
    """Return where a variant stands beside half of a bound word, and that word (碌硃: 碌碡)."""
    found = []
    for at, each in enumerate(name):
        if each in standard_characters():
            continue
        for word in bound_words():
            after, before = name[at + 1 : at + 2] == word[1], name[max(at - 1, 0) : at] == word[0]
            if after or before:
                found.append((at, name[:at] + (word[0] if after else word[1]) + name[at + 1 :]))
    return found


def _doubts(name: str, known: Sequence[str]) -> Iterable[Doubt]:
    """Yield what is left in a name that no name should have."""
    for kind, pattern in (
        ("placeholder", _HOLE),
        ("private-use", _PRIVATE),
        ("brackets", _BRACKET),
        ("description", _DESCRIPTION),
        ("letters", _LETTERS),
    ):
        for match in pattern.finditer(name):
            made = _made_of(kind, match) or _circles(kind, match, name)
            wholes = [name[: match.start()] + one + name[match.end() :] for one in made]
            yield Doubt(kind, match[0], (*wholes, *_fitting(name, match, known)))
    halves = _halves(name)
    yield from _pairs(name, halves)
    for at, each in enumerate(name):
        if any(at == place for place, _ in halves) or _DESCRIBED.match(each):
            continue
        odd = each > "\u2e7f" and each not in standard_characters()
        if each in perhaps() or odd:
            meant = tuple(name.replace(each, right) for right in perhaps().get(each, ()))
            if not _PRIVATE.match(each) and each not in _PUNCTUATION:
                yield Doubt("character", each, (*_one_again(name, at), *meant))


def _pairs(name: str, halves: Sequence[tuple[int, str]]) -> Iterable[Doubt]:
    """Yield what stands beside half of a bound word: the word itself, or the plain form."""
    for at in dict.fromkeys(at for at, _ in halves):
        whole = dict.fromkeys(made for place, made in halves if place == at)
        forms = (table[name[at]] for table in corrections().values() if name[at] in table)
        plain = (name[:at] + form + name[at + 1 :] for form in forms)
        yield Doubt("pair", name[at], (*whole, *plain))


def _made_of(kind: str, found: re.Match[str]) -> tuple[str, ...]:
    """Return the characters that a description, or a code of private use, may stand for."""
    if kind in ("brackets", "description"):
        return makings().get(found[1], ())
    return perhaps().get(found[0], ()) if kind == "private-use" else ()


def _circles(kind: str, found: re.Match[str], name: str) -> tuple[str, ...]:
    """Return the circles that the letters O beside a numeral may stand for (三O一)."""
    beside = name[max(found.start() - 1, 0) : found.end() + 1]
    round_ones = kind == "letters" and not found[0].strip("Oo") and _ROUND.search(beside)
    return ("〇" * len(found[0]),) if round_ones else ()


def _one_again(name: str, at: int) -> tuple[str, ...]:
    """Return a name with a lone part and its neighbour as one character."""
    if name[at] not in BOUND:
        return ()
    pairs = [(at, name[at : at + 2]), (at - 1, name[max(at - 1, 0) : at + 1])]
    made = [(start, one) for start, pair in pairs if start >= 0 for one in makings().get(pair, ())]
    return tuple(name[:start] + one + name[start + 2 :] for start, one in made)


def _fitting(name: str, found: re.Match[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the known names that differ only in the doubtful part (and a character before it).

    A bracket often explains the character before it: 满（lang） stands for one character.
    """
    before, after = re.escape(name[: found.start()]), re.escape(name[found.end() :])
    patterns = [f"{before}.{{1,2}}{after}"]
    if found.start() > 0:
        shorter = re.escape(name[: found.start() - 1])
        patterns.append(f"{shorter}.{{1,2}}{after}")
    others = [ending_as(each, name) for each in known]
    fits = [each for pattern in patterns for each in others if re.fullmatch(pattern, each)]
    return tuple(dict.fromkeys(each for each in fits if each != name))


_COMMITTEES = ("社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "村委会", "居委会")


def ending_as(other: str, name: str) -> str:
    """Return a name with the committee's ending of another: editions abbreviate it differently.

    Examples
    --------
    >>> ending_as("大水奓村委会", "大水?村民委员会"), ending_as("石首市", "大水?村")
    ('大水奓村民委员会', '石首市')
    """
    mine = next((each for each in _COMMITTEES if name.endswith(each)), "")
    theirs = next((each for each in _COMMITTEES if other.endswith(each)), "")
    alike = mine and theirs and mine[0] == theirs[0]
    return other.removesuffix(theirs) + mine if alike else other

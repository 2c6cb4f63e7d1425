"""Rules on names that could be mistaken for another: same, alike in sound or in form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations

import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.common import tables
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text
from gazetteer.names.rules import lookalikes, scopes, sounds, terms
from gazetteer.names.rules.model import Candidate, Context, Neighbour, Remark, Scope, Settings

_SHOWN = 5
_WHERE = {
    "nation": Text("全国", "in the nation"),
    "province": Text("本省级行政区域内", "in the province"),
    "county": Text("本县级行政区域内", "in the county"),
    "built-up": Text("同一建成区内", "in the built-up area"),
}


def same_name(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(7), 9(8): names of one class are not the same within their scope."""
    if context.scope:
        found = context.lookup.same_text([candidate.text], context.scope)
        yield from _remark(candidate, context.scope, _current(found, candidate), _SAME)


_SAME = Text("重名", "has the same name")


def same_sound(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(7), 9(8): names of one class avoid sounding the same within their scope."""
    scope, settings = context.scope, context.settings
    if scope:
        spelt = spellings(candidate, settings)
        tones = {sounds.toned(each) for each in spelt}
        keys = {sounds.in_dialect(sounds.toneless(each), settings.dialect) for each in spelt}
        found = [each for key in sorted(keys) for each in context.lookup.same_sound(key, scope)]
        others = {e.id: e for e in _current(found, candidate) if e.text != candidate.text}
        level = [e for e in others.values() if sounds.toned(e.romanization) in tones]
        rest = [] if settings.tone_sensitive else [e for e in others.values() if e not in level]
        yield from _remark(candidate, scope, level, _SOUND, tones="equal")
        yield from _remark(candidate, scope, rest, _TONES, tones="differ")


_SOUND = Text("同音（声调相同）", "sounds the same, tones included,")
_TONES = Text("同音（声调不同）", "sounds the same but for the tones")


def spellings(candidate: Candidate, settings: Settings) -> set[str]:
    """Return how a candidate may be spelt: as applied for, by the rules, as it is likely read.

    Names on record have the first two; those never romanized are compared by dictionary.
    """
    spell = settings.romanize
    ruled = spell and spell(candidate.text, candidate.spelt_as)
    written = {each for each in (candidate.romanization, ruled) if each}
    if settings.by_dictionary or not written:
        written.add(sounds.spell(candidate.text, by_dictionary=settings.by_dictionary))
    return written


def look_alike(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(7), 9(8), near form: one character is taken for another."""
    if context.scope:
        made = lookalikes.variants(candidate.text)
        found = _current(context.lookup.same_text(list(made), context.scope), candidate)
        for each in found:
            my_part, its_part = made[each.text]
            how = Text(f"形近（{my_part}/{its_part}）", f"looks alike ({my_part}/{its_part})")
            yield from _remark(candidate, context.scope, [each], how)


@cache
def affixes() -> tuple[str, ...]:
    """Return the prefixes that do not tell two names apart (新, 大, 老)."""
    return tuple(tables.column("rule_affixes.csv", "affix"))


def without_affix(text: str) -> str:
    """Return a name without one leading 新, 大 or 老, when two characters are left.

    Examples
    --------
    >>> without_affix("新滨河路"), without_affix("大路")
    ('滨河路', '大路')
    """
    for affix in affixes():
        if text.startswith(affix) and len(text) > len(affix) + 2:
            return text[len(affix) :]
    return text


def affix_only(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(7), 9(8), near form: 新, 大 or 老 is the only difference (铜陵)."""
    if context.scope:
        stem = without_affix(candidate.text)
        longer = {affix + stem for affix in affixes() if without_affix(affix + stem) == stem}
        texts = ({stem} | longer) - {candidate.text}
        found = _current(context.lookup.same_text(sorted(texts), context.scope), candidate)
        yield from _remark(candidate, context.scope, found, _AFFIX)


_AFFIX = Text("仅差“新、大、老”", "differs only by 新, 大 or 老")


@cache
def allowed_pairs() -> frozenset[frozenset[str]]:
    """Return the pairs of generics under which one specific is customary (临夏市, 临夏县)."""
    rows = tables.rows("rule_same_specific_allowed.csv")
    return frozenset(frozenset((row["generic_a"], row["generic_b"])) for row in rows)


def customary(generics: Iterable[str]) -> bool:
    """Tell whether names of one specific part with these generics are customary neighbours.

    Examples
    --------
    >>> customary(["市", "县", "回族自治州"]), customary(["镇", "乡"])
    (True, False)
    """
    ends = {terms.split("某" + generic, "division")[1] or generic for generic in generics}
    ends = {_AUTONOMOUS.sub("", end) for end in ends}
    return all(frozenset(pair) in allowed_pairs() for pair in combinations(sorted(ends), 2))


_AUTONOMOUS = re.compile(r"^.+族(?=自治)")


def same_specific(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(7), 9(8), near form: the same specific with another generic (宁波 10(3))."""
    if context.scope and context.generic:
        found = context.lookup.same_specific(context.specific, context.scope)
        others = [
            each
            for each in _current(found, candidate)
            if each.text != candidate.text and not customary([each.generic, context.generic])
        ]
        yield from _remark(candidate, context.scope, others, _SPECIFIC)


_SPECIFIC = Text("专名相同、通名不同", "has the same specific part with another generic")


def other_name(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """上海市地名管理条例 25(2): a name given up, or another's alias, is not used again."""
    if context.scope:
        found = context.lookup.same_text([candidate.text], context.scope)
        used = [each for each in _others(found, candidate) if not each.current]
        yield from _remark(candidate, context.scope, used, _OTHER)


_OTHER = Text("与曾用名、别名或已销地名相同", "is a former name, an alias or an abolished name")


def area_given(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(8): streets and buildings are compared within one built-up area."""
    if context.scope and scopes.missing_area(candidate, context.settings):
        yield Remark(
            message=Text(
                f"“{candidate.text}”未指明建成区，按县级行政区域比较",
                f"{candidate.text}: no built-up area given, compared within the county",
            )
        )


def _others(found: Iterable[Neighbour], candidate: Candidate) -> list[Neighbour]:
    itself = {candidate.thing_id} - {None}
    return [each for each in found if each.thing_id not in itself and each.id != candidate.id]


def _current(found: Iterable[Neighbour], candidate: Candidate) -> list[Neighbour]:
    return [each for each in _others(found, candidate) if each.current]


def _places(found: Iterable[Neighbour]) -> BaseGeometry | None:
    """Return where the names in conflict are, for the map of conflicts."""
    shapes = [each.geometry for each in found if each.geometry is not None]
    return shapely.union_all(shapely.make_valid(shapes)) if shapes else None


def _remark(
    candidate: Candidate, scope: Scope, found: Sequence[Neighbour], how: Text, **details: str
) -> Iterator[Remark]:
    """Yield a remark on the names in the scope, and one on those of which that is not known."""
    placed = [each for each in found if each.placed]
    yield from _inside(candidate, scope, placed, how, **details)
    if nowhere := [each for each in found if not each.placed]:
        names = list(dict.fromkeys(each.text for each in nowhere))
        shown, where = "、".join(names[:_SHOWN]), _WHERE[scope.kind]
        yield Remark(
            clause=scope.clause,
            message=Text(
                f"“{candidate.text}”与{shown}{how.zh}（{len(nowhere)}处），"
                f"其所在政区或位置未注明，是否在{where.zh}未查",
                f"{candidate.text} {how.en} as or to {shown} ({len(nowhere)}), of which nobody "
                f"has told where it lies: not checked whether it is {where.en}",
            ),
            related=tuple(each.id for each in nowhere),
            key="nowhere",
            details={"names": names, "scope": scope.kind, "placed": False, **details},
            at_most=Severity.NOTE,
        )


def _inside(
    candidate: Candidate, scope: Scope, found: Sequence[Neighbour], how: Text, **details: str
) -> Iterator[Remark]:
    if not found:
        return
    names = list(dict.fromkeys(each.text for each in found))
    shown = "、".join(names[:_SHOWN]) + ("等" if len(names) > _SHOWN else "")
    where, count = _WHERE[scope.kind], len(found)
    yield Remark(
        clause=scope.clause,
        message=Text(
            f"“{candidate.text}”与{where.zh}的{shown}{how.zh}（{count}处）",
            f"{candidate.text} {how.en} as or to {count} name(s) {where.en}: {shown}",
        ),
        related=tuple(each.id for each in found),
        measured=count,
        tolerance=0,
        unit="names",
        details={"names": names, "scope": scope.kind, "scope_code": scope.code, **details},
        geometry=_places(found),
    )

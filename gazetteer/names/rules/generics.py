"""Rules on the generic part, its fit and the length of a name."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Mapping
from typing import Final

from gazetteer.common.language import Text
from gazetteer.names.rules import scopes, terms
from gazetteer.names.rules.model import Candidate, Context, Remark

_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_MEASURES = {
    "floors": Text("层数", "storeys"),
    "height_m": Text("高度（m）", "height (m)"),
    "floor_area_m2": Text("建筑面积（m²）", "floor area (m²)"),
    "land_area_m2": Text("用地面积（m²）", "land area (m²)"),
    "open_area_m2": Text("露天场地（m²）", "open space (m²)"),
    "open_percent": Text("露天场地比例（%）", "open space (%)"),
    "green_percent": Text("绿地率（%）", "green (%)"),
    "coverage_percent": Text("建筑密度（%）", "coverage (%)"),
    "floor_area_ratio": Text("容积率", "floor area ratio"),
}


def generic_missing(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9: a name has a specific and a generic part."""
    if candidate.text in terms.generics(candidate.name_class):
        yield _missing(candidate.text, Text("缺专名", "has no specific part"))
    elif not context.generic and not _any_generic(candidate.text):
        yield _missing(candidate.text, Text("缺通名", "has no generic part"))


def _any_generic(text: str) -> bool:
    return any(_ends(text, term) for term in terms.classes_of_generics())


def _missing(text: str, what: Text) -> Remark:
    return Remark(message=Text(f"“{text}”{what.zh}", f"{text} {what.en}"), key=what.en)


def generic_stacked(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(2): generics are not piled up (花园广场, 滨江路路), 民发〔2018〕146号."""
    pile = (
        _street_pile(candidate) if candidate.name_class == "street" else _pile(candidate, context)
    )
    if len(pile) > 1:
        shown = "、".join(pile)
        yield Remark(
            message=Text(
                f"“{candidate.text}”通名重叠（{shown}）",
                f"{candidate.text} piles up generic terms ({shown})",
            ),
            measured=len(pile),
            tolerance=1,
            unit="generic terms",
        )


_BUILT = {"estate", "building"}
_ROADS = ("大街", "大道", "马路", "路", "街", "道")
PILED = re.compile(rf"(?:{'|'.join(_ROADS)})(?:大街|大道|路|街)$")
"""Two generics of main streets at the end; 巷 and 支路 behind one name a branch of it."""
_THINGS: Final = (
    *("铁路", "公路", "马路", "水路", "岔路", "丁字路", "十字路", "十字街", "铁道", "街道", "通道"),
    *("隧道", "轨道", "古道", "栈道", "索道", "渠道", "河道", "驿道", "环道"),
)
"""Words that end as a generic does, of what a street is named after (铁路街): our own list."""


def _pile(candidate: Candidate, context: Context) -> list[str]:
    if candidate.name_class not in _BUILT or not context.generic:
        return []
    stem, pile = context.specific, [context.generic]
    known = {term for term in terms.generics("estate") if len(term) > 1}
    while end := next((term for term in _by_length(known) if _ends(stem, term)), None):
        stem, pile = stem[: -len(end)], [end, *pile]
    return pile


def _street_pile(candidate: Candidate) -> list[str]:
    if not PILED.search(candidate.text):
        return []
    last = next(each for each in _ROADS if candidate.text.endswith(each))
    named = candidate.text.removesuffix(last)
    first = next(each for each in _ROADS if named.endswith(each))
    one_word = named.endswith(_THINGS) or (first, last) == ("道", "路")  # 道路 is a word itself
    return [] if one_word and first != last else [first, last]


def _by_length(known: set[str]) -> list[str]:
    return sorted(known, key=lambda term: (-len(term), term))


def _ends(stem: str, term: str) -> bool:
    return stem.endswith(term) and len(stem) > len(term)


def generic_class(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(2): the generic says what the thing is."""
    barred = terms.barred(context.settings.profile, candidate.name_class)
    if context.generic:
        unfit = [context.generic] if context.generic in barred else []
    else:
        known = () if _may_be_bare(candidate.name_class) else terms.classes_of_generics()
        unfit = [term for term in {*known, *barred} if _ends(candidate.text, term)]
    if unfit:
        yield _unfit(candidate, max(unfit, key=len))


def _may_be_bare(name_class: str) -> bool:
    """Tell whether a class lives with any ending: features and facilities name a part first."""
    bare = {"institution", "area", "facility", "settlement", "village", "park"}
    return name_class in {*bare, scopes.UNKNOWN}


def _unfit(candidate: Candidate, generic: str) -> Remark:
    title = scopes.title(candidate.name_class)
    return Remark(
        message=Text(
            f"“{candidate.text}”的通名“{generic}”不适用于{title.zh}",
            f"{candidate.text}: the generic {generic} does not suit a {title.en}",
        ),
        details={"generic": generic},
    )


def generic_size(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(2): the thing has the size that its generic promises (local profile)."""
    rows = terms.thresholds(context.settings.profile, context.generic)
    known = [row for row in rows if row["measure"] in candidate.measures]
    failed = [row for row in known if not _met(row, candidate.measures)]
    alternatives = [row for row in rows if row["joined"] == "or"]
    met_one = any(row in known and row not in failed for row in alternatives)
    for row in failed:
        if row["joined"] == "and" or not met_one:
            yield _too_small(candidate, context.generic, row)


def _met(row: Mapping[str, str], measures: Mapping[str, float]) -> bool:
    compare = _COMPARE[row["op"]]
    return bool(compare(measures[row["measure"]], float(row["value"])))


def _too_small(candidate: Candidate, generic: str, row: Mapping[str, str]) -> Remark:
    value, limit = candidate.measures[row["measure"]], float(row["value"])
    what, wanted = _MEASURES[row["measure"]], f"{row['op']} {limit:g}"
    return Remark(
        message=Text(
            f"“{candidate.text}”：{what.zh}{value:g}，通名“{generic}”要求{wanted}",
            f"{candidate.text}: {what.en} is {value:g}, {generic} wants {wanted}",
        ),
        measured=value,
        tolerance=limit,
        unit=row["unit"],
        key=row["measure"],
        details={"source": row["source"], "measure": row["measure"]},
    )


def length(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 5: short enough to be used (limits of the local profile)."""
    count = len(candidate.text)
    limits = terms.limits(context.settings.profile, candidate.name_class)
    least, low = limits["minimum_characters"]
    most, high = limits["maximum_characters"]
    if count < least:
        yield _length(candidate.text, count, least, low, Text("过短，至少", "too short: at least"))
    elif count > most:
        yield _length(candidate.text, count, most, high, Text("过长，至多", "too long: at most"))


def _length(text: str, count: int, limit: float, source: str, what: Text) -> Remark:
    return Remark(
        message=Text(f"“{text}”{count}字，{what.zh}{limit:g}字", f"{text}, {what.en} {limit:g}"),
        measured=count,
        tolerance=limit,
        unit="characters",
        details={"source": source},
    )

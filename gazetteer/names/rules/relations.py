"""Rules on what a name refers to: its main name, its locality, a famous feature, its spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gazetteer.common.language import Text
from gazetteer.names.rules import sounds, terms
from gazetteer.names.rules.model import Candidate, Context, Remark, Scope

_BRANCH = re.compile(r"(?:[东西南北中上下前后内外]|支|横|[一二三四五六七八九十]+)$")


def derived_name(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """上海市地名管理条例 7(7), 宁波 10(4): a derived name agrees with its main name."""
    if candidate.main:
        main = terms.split(candidate.main, candidate.name_class)[0]
        if not candidate.text.startswith(main):
            yield _disagrees(candidate.text, candidate.main)
        return
    stem = main_specific(context.specific, context.generic)
    if stem and context.scope:
        yield from _misspelt_main(candidate, context, stem)


def main_specific(specific: str, generic: str) -> str | None:
    """Return the specific part of the name that a branch name derives from, if it is one.

    Examples
    --------
    >>> main_specific("滨河", "支路"), main_specific("滨河一", "巷"), main_specific("滨河", "路")
    ('滨河', '滨河', None)
    """
    if len(generic) > 1 and _BRANCH.match(generic[0]):
        return specific
    stem = _BRANCH.sub("", specific)
    return stem if stem != specific and len(stem) > 1 else None


def _misspelt_main(candidate: Candidate, context: Context, stem: str) -> Iterator[Remark]:
    """Yield a remark when the main name is not there but one of the same sound is."""
    scope = context.scope
    if scope is None or context.lookup.same_specific(stem, scope):
        return
    for generic in ("路", "街", "大道", "巷"):
        sound = sounds.known_sound(stem + generic, by_dictionary=context.settings.by_dictionary)
        key = sounds.in_dialect(sound, context.settings.dialect)
        for each in context.lookup.same_sound(key, scope):
            if each.current:
                yield _disagrees(candidate.text, each.text)
                return


def _disagrees(text: str, main: str) -> Remark:
    return Remark(
        message=Text(
            f"派生地名“{text}”与主地名“{main}”不一致",
            f"{text} does not agree with the main name {main}",
        ),
        details={"main": main},
    )


def local_name(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(10): a facility generally bears the name of its locality."""
    if candidate.name_class != "facility" or not candidate.local_names:
        return
    specifics = [terms.split(each, _guess(each))[0] for each in candidate.local_names]
    if not any(part and candidate.text.startswith(part) for part in specifics):
        shown = "、".join(candidate.local_names)
        yield Remark(
            message=Text(
                f"设施名称“{candidate.text}”未冠以所在地地名（{shown}）",
                f"{candidate.text} does not bear the name of its locality ({shown})",
            )
        )


def _guess(name: str) -> str:
    for name_class in ("subdistrict", "township", "division"):
        if terms.split(name, name_class)[1]:
            return name_class
    return "village"


def famous_feature(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(9): no famous feature or heritage site as a division's specific part."""
    if candidate.name_class not in DIVISIONS:
        return
    known = terms.features()
    short = context.specific
    if short in known or _begins_with(short, known):
        yield Remark(
            message=Text(
                f"“{candidate.text}”以著名自然地理实体或遗产遗址名称“{short}”作专名",
                f"{candidate.text} takes the name of a famous feature or site ({short})",
            ),
            details={"feature": short},
        )


DIVISIONS = {"division", "township", "ethnic-township", "subdistrict"}
"""Classes whose names are names of divisions (行政区划)."""


def _begins_with(specific: str, known: dict[str, str]) -> bool:
    """Tell whether a famous name of three characters or more begins the specific part."""
    return any(len(name) > 2 and specific.startswith(name) for name in known)


def outside_feature(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(9): no feature that reaches beyond the division as its specific part.

    A feature on record reaches beyond where it is kept under another division, or under a larger
    one than that which takes its name.
    """
    home = candidate.division_code
    if candidate.name_class not in DIVISIONS or not home:
        return
    anywhere = Scope(kind="nation", classes=FEATURES, clause="地名管理条例 9(9)")
    for each in context.lookup.same_text([context.specific], anywhere):
        if each.current and each.division_code and not each.division_code.startswith(home):
            yield Remark(
                message=Text(
                    f"“{candidate.text}”以超出本行政区域范围的地理实体“{each.text}”作专名",
                    f"{candidate.text} takes the name of {each.text}, which reaches beyond it",
                ),
                related=(each.id,),
                key=each.id,
                details={"feature": each.text, "feature_code": each.division_code},
                geometry=each.geometry,
            )


FEATURES = frozenset({"feature", "famous"})
"""Classes whose names are names of natural features."""


def famous_again(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(7): a new natural feature does not repeat a nationally known one."""
    natural = terms.features().get(candidate.text) == "natural"
    if natural and not candidate.existing and candidate.name_class in {"feature", "famous"}:
        yield Remark(
            message=Text(
                f"“{candidate.text}”与国内著名自然地理实体重名",
                f"{candidate.text} is the name of a nationally known natural feature",
            )
        )


def romanization(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 15(2): spelt by 汉语拼音方案 and the rules for place names."""
    if not candidate.romanization or context.settings.romanize is None:
        return
    expected = context.settings.romanize(candidate.text, candidate.spelt_as)
    if expected and not _agree(candidate.romanization, expected):
        yield Remark(
            message=Text(
                f"“{candidate.text}”拼写为 {candidate.romanization}，按规则应为 {expected}",
                f"{candidate.text} is spelt {candidate.romanization}, by the rules {expected}",
            ),
            details={"romanization": candidate.romanization, "expected": expected},
        )


def _agree(given: str, expected: str) -> bool:
    """Tell whether spellings agree: without tones or in capitals is allowed (1984 rules 9, 10)."""
    if given == expected:
        return True
    plain = sounds.without_tones(expected)
    return given == plain or given == plain.upper()

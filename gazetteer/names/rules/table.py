"""The table of naming rules, and the check of one name against all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gazetteer.common.errors import UnknownError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.names.rules import duplicates, generics, relations, scopes, terms, wording, writing
from gazetteer.names.rules.model import Candidate, Context, NameLookup, Remark, Settings

Check = Callable[[Candidate, Context], Iterator[Remark]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it enforces, how much it weighs, the function that does it.

    Parameters
    ----------
    id
        Name of the rule in findings.
    title
        What the name must satisfy.
    clause
        Article and paragraph.
    check
        Yields a remark for each thing to say.
    new
        Severity for a proposed name.
    existing
        Severity for a name in use; never above a warning.
    """

    id: str
    title: Text
    clause: str
    check: Check
    new: Severity
    existing: Severity


def _rule(name: str, zh: str, en: str, clause: str, check: Check, new: str, existing: str) -> Rule:
    weights = Severity(new), Severity(existing)
    text = Text(zh, en)
    return Rule(
        id=name, title=text, clause=clause, check=check, new=weights[0], existing=weights[1]
    )


_9 = "地名管理条例 9"
_R = relations
_W = wording
_D = duplicates
_G = generics
RULES: tuple[Rule, ...] = (
    _rule("same-name", "同类地名在范围内不重名", "no name twice within its scope",
          f"{_9}(7)(8)", _D.same_name, "error", "warning"),
    _rule("same-sound", "同类地名在范围内避免同音", "no homophone within its scope",
          f"{_9}(7)(8)", _D.same_sound, "warning", "warning"),
    _rule("look-alike", "避免一字形近", "not one look-alike character away from another",
          f"{_9}(7)(8)", _D.look_alike, "warning", "note"),
    _rule("affix-only", "不以新、大、老区别两地名", "not told apart by 新, 大, 老 alone",
          f"{_9}(7)(8)", _D.affix_only, "warning", "note"),
    _rule("same-specific", "避免专名相同而通名不同", "no specific part twice with other generics",
          f"{_9}(7)(8)", _D.same_specific, "warning", "note"),
    _rule("other-name", "不重用曾用名、别名", "no former name or alias used again",
          "上海市地名管理条例 25(2)", _D.other_name, "note", "note"),
    _rule("built-up-area", "指明所在建成区", "the built-up area is given",
          f"{_9}(8)", _D.area_given, "note", "note"),
    _rule("writing", "能规范书写", "can be written",
          f"{_9}(3)", _W.unwritable, "error", "warning"),
    _rule("rare-characters", "避免使用生僻字", "no character outside the 8,105",
          f"{_9}(3)", _W.rare_characters, "warning", "warning"),
    _rule("letters", "不用外文字母", "no foreign letters",
          f"{_9}(3)", _W.letters, "error", "warning"),
    _rule("symbols", "不用数字和符号", "no figures or signs",
          f"{_9}(3)", _W.symbols, "warning", "warning"),
    _rule("leader-name", "不以国家领导人名字作地名", "never a state leader's name",
          f"{_9}(4)", _W.leader_name, "error", "warning"),
    _rule("person-name", "一般不以人名作地名", "generally no personal name",
          f"{_9}(4)", _W.person_name, "warning", "warning"),
    _rule("foreign-name", "不以外国人名、地名作地名", "no foreign person or place",
          f"{_9}(5)", _W.foreign_name, "error", "warning"),
    _rule("company-name", "不以企业名称、商标作地名", "no company name or trademark",
          f"{_9}(6)", _W.company_name, "error", "warning"),
    _rule("advised-words", "含义明确健康（大、怪）", "no overstated or odd words",
          f"{_9}(1)", _W.advised_words, "note", "note"),
    _rule("generic-missing", "由专名和通名组成", "has a specific and a generic part",
          _9, _G.generic_missing, "warning", "note"),
    _rule("generic-stacked", "通名不重叠", "generics are not piled up",
          f"{_9}(2)", _G.generic_stacked, "warning", "warning"),
    _rule("generic-class", "通名符合类别", "the generic suits the class",
          f"{_9}(2)", _G.generic_class, "warning", "note"),
    _rule("generic-size", "通名符合规模", "the generic suits the size",
          f"{_9}(2)", _G.generic_size, "warning", "warning"),
    _rule("length", "长短适当", "neither too short nor too long",
          "地名管理条例 5", _G.length, "warning", "note"),
    _rule("derived-name", "派生地名与主地名一致", "a derived name agrees with its main name",
          "上海市地名管理条例 7(7)", _R.derived_name, "warning", "note"),
    _rule("local-name", "设施名与所在地地名统一", "a facility bears the local name",
          f"{_9}(10)", _R.local_name, "note", "note"),
    _rule("famous-feature", "不以著名实体、遗产作区划专名", "no famous feature as division name",
          f"{_9}(9)", _R.famous_feature, "warning", "warning"),
    _rule("outside-feature", "不以超出本行政区域范围的实体作区划专名", "no feature from beyond it",
          f"{_9}(9)", _R.outside_feature, "warning", "warning"),
    _rule("famous-again", "不与著名自然地理实体重名", "no second famous natural feature",
          f"{_9}(7)", _R.famous_again, "error", "warning"),
    _rule("romanization", "罗马字母拼写符合规则", "spelt by the romanization rules",
          "地名管理条例 15(2)", _R.romanization, "warning", "warning"),
)  # fmt: skip
"""All rules, in the order in which findings come. One rule, one function, one clause."""


def rule(name: str) -> Rule:
    """Return one rule.

    Raises
    ------
    UnknownError
        No rule has this id.
    """
    for each in RULES:
        if each.id == name:
            return each
    known = tuple(each.id for each in RULES)
    raise UnknownError(
        Sentence("No rule is called {name!r}", name=name),
        remedy=Sentence("Use one of {known}.", known=known),
    )


def catalogue() -> list[dict[str, Any]]:
    """Return the table of rules for people: id, clause, title and both severities.

    Examples
    --------
    >>> catalogue()[0]["id"], catalogue()[0]["new"], catalogue()[0]["existing"]
    ('same-name', 'error', 'warning')
    """
    return [
        {
            "id": each.id,
            "clause": each.clause,
            "zh": each.title.zh,
            "en": each.title.en,
            "new": each.new.value,
            "existing": each.existing.value,
            "function": f"{each.check.__module__}.{each.check.__name__}",
        }
        for each in RULES
    ]


def context_of(candidate: Candidate, lookup: NameLookup, settings: Settings) -> Context:
    """Return what the rules may ask about a candidate."""
    specific, generic = candidate.specific, candidate.generic
    if specific is None:
        specific, generic = terms.split(candidate.text, candidate.name_class)
    usable = len(candidate.text) <= writing.LONGEST
    scope = scopes.scope_of(candidate, settings) if usable else None
    return Context(
        lookup=lookup,
        settings=settings,
        specific=specific,
        generic=generic or "",
        scope=scope,
    )


def check(
    candidate: Candidate,
    lookup: NameLookup,
    *,
    settings: Settings | None = None,
    rules: Iterable[Rule] = RULES,
) -> list[Finding]:
    """Check one name against all rules.

    Parameters
    ----------
    candidate
        The proposed name, or one in use (``existing``).
    lookup
        A `Register`, or a store that answers the same three questions.
    settings
        Local practice; the national reading by default.
    rules
        The rules to apply.

    Raises
    ------
    InputError
        A proposed name that cannot be a name at all: empty, above 100 characters, control,
        bidirectional or private-use characters, emoji, markup.
    UnknownError
        A class of names that is not in ``rule_scopes.csv``.

    Examples
    --------
    >>> import pandas as pd
    >>> from gazetteer.names.rules import Register
    >>> streets = pd.DataFrame({"id": ["n1"], "text": ["滨河路"], "name_class": ["street"],
    ...     "built_up": ["b1"]})
    >>> new = Candidate(text="宾河路", name_class="street", built_up="b1")
    >>> [(each.rule, each.severity.value, each.related) for each in check(new, Register(streets))]
    [('same-sound', 'warning', ('n1',)), ('look-alike', 'warning', ('n1',))]
    """
    if not candidate.existing:
        writing.require(candidate.text)
    context = context_of(candidate, lookup, settings or Settings())
    return [
        finding(each, candidate, remark)
        for each in rules
        for remark in each.check(candidate, context)
    ]


def finding(rule: Rule, candidate: Candidate, remark: Remark) -> Finding:
    """Return the finding that a remark of a rule makes."""
    return Finding(
        rule=rule.id,
        clause=remark.clause or rule.clause,
        severity=_severity(rule, candidate, remark),
        subject=candidate.id or candidate.text,
        message=remark.message,
        measured=remark.measured,
        tolerance=remark.tolerance,
        unit=remark.unit,
        related=remark.related,
        geometry=remark.geometry if remark.geometry is not None else candidate.geometry,
        key=remark.key,
        details={"name": candidate.text, "name_class": candidate.name_class, **remark.details},
    )


def _severity(rule: Rule, candidate: Candidate, remark: Remark) -> Severity:
    weight = rule.existing if candidate.existing else rule.new
    order = list(Severity)
    return max(weight, remark.at_most or weight, key=order.index)


def only(names: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules of these ids, in the order of the table."""
    wanted = {rule(name).id for name in names}
    return tuple(each for each in RULES if each.id in wanted)

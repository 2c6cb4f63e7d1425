"""What the rules could not check: an empty or unverified list gives no verdict, and says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gazetteer.common.language import Text
from gazetteer.names.rules import scopes, terms, wording
from gazetteer.names.rules.audit import left_out, uncompared
from gazetteer.names.rules.model import Candidate, Settings, Unchecked
from gazetteer.names.rules.register import Register
from gazetteer.names.rules.table import RULES, Rule

LISTS = {
    "leader-name": ("leader", Text("国家领导人名单", "list of state leaders")),
    "person-name": ("person", Text("人名名单", "list of persons")),
    "foreign-name": ("foreign", Text("外国地名人名表", "table of foreign places and persons")),
    "company-name": ("company", Text("企业、商标名单", "list of companies and trademarks")),
}
"""Rules that compare with a list, and the kind of list."""

COMPARING = frozenset({"same-name", "same-sound", "look-alike", "affix-only", "same-specific"})
"""Rules that compare the names of a class within a division."""
_SHOWN = 6


def unchecked(
    settings: Settings,
    *,
    rules: Iterable[Rule] = RULES,
    candidate: Candidate | None = None,
    register: Register | None = None,
) -> list[Unchecked]:
    """Return the rules that say nothing, and why, in the order of the table.

    Parameters
    ----------
    settings
        As for the check.
    rules
        The rules that were to be applied.
    candidate
        The one name that was checked; all names of a register (`audit`) where None.
    register
        The register that was audited: names in it may be compared with no other.

    Examples
    --------
    >>> [each.rule for each in unchecked(Settings())][:3]
    ['other-name', 'built-up-area', 'leader-name']
    >>> office = Settings(listed={"leader": frozenset({"某某某"})})
    >>> "leader-name" in {each.rule for each in unchecked(office)}
    False
    """
    alone = {} if register is None else uncompared(register, settings)
    return [
        Unchecked(rule=each.id, clause=each.clause, title=each.title, reason=reason)
        for each in rules
        for reason in _reasons(each, settings, candidate, alone)
    ]


def _reasons(
    rule: Rule,
    settings: Settings,
    candidate: Candidate | None,
    alone: Mapping[str, Sequence[str]],
) -> Iterator[Text]:
    if rule.id in LISTS:
        yield from _of_list(*LISTS[rule.id], settings)
    elif rule.id == "romanization" and settings.romanize is None:
        yield Text("拼写规则未启用", "the rules of spelling are switched off")
    elif candidate is None:
        if rule.id in COMPARING:
            yield from _of_alone(alone)
        if rule.id in left_out():
            yield Text("现名普查不含申请资料", "wants data that only an application has")
    else:
        yield from _of_name(rule, settings, candidate)


def _of_alone(alone: Mapping[str, Sequence[str]]) -> Iterator[Text]:
    """Yield how many names of a register were compared with no other, and why."""
    for why, texts in alone.items():
        if texts:
            reason = _ALONE[why]
            shown = "、".join(texts[:_SHOWN]) + ("等" if len(texts) > _SHOWN else "")
            yield Text(
                f"{len(texts)} 个地名{reason.zh}，未比较：{shown}",
                f"{len(texts)} names, {reason.en}: not compared: {shown}",
            )


_ALONE = {
    "class": Text("类别不明", "class not known"),
    "division": Text("所在政区未注明", "division not told"),
}


def _of_list(kind: str, title: Text, settings: Settings) -> Iterator[Text]:
    if not wording.listed(settings, kind):
        yield Text(
            f"{title.zh}为空（用 gazetteer rules lists load 载入）",
            f"the {title.en} is empty (`gazetteer rules lists load`)",
        )
    elif not settings.listed.get(kind) and not terms.is_verified(kind):
        yield Text(f"{title.zh}未注明来源，未经核实", f"the {title.en} names no source")


def _of_name(rule: Rule, settings: Settings, candidate: Candidate) -> Iterator[Text]:
    """Yield why a rule on one name had nothing to go by."""
    if rule.id in COMPARING:
        yield from _of_scope(settings, candidate)
    elif rule.id == "romanization" and not candidate.romanization:
        yield Text("未提供罗马字母拼写", "no spelling is told")
    elif rule.id == "local-name":
        if candidate.name_class == "facility" and not candidate.local_names:
            yield Text("未提供所在地地名", "the names of the locality are not told")
    elif rule.id == "generic-size":
        generic = candidate.generic or terms.split(candidate.text, candidate.name_class)[1]
        wanted = {row["measure"] for row in terms.thresholds(settings.profile, generic)}
        if wanted - set(candidate.measures):
            shown = "、".join(sorted(wanted - set(candidate.measures)))
            yield Text(f"未提供规模（{shown}）", f"the size is not told ({shown})")


def _of_scope(settings: Settings, candidate: Candidate) -> Iterator[Text]:
    """Yield why a name was compared with no other."""
    if candidate.name_class == scopes.UNKNOWN:
        yield Text("类别不明，未比较", "class not known: not compared")
    elif candidate.name_class == scopes.KINDLESS:
        yield Text("乡、镇或街道未注明，未比较", "town, township or street office: not told")
    elif scopes.missing_division(candidate, settings):
        yield Text("未指明所在的县级政区，未比较", "the county is not told: not compared")

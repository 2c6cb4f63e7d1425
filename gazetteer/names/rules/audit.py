"""All names of a register against the rules at once, for the clean-up of names in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from gazetteer.common.findings import Finding
from gazetteer.common.language import Text
from gazetteer.common.lazy import pd
from gazetteer.names.rules import (
    duplicates,
    generics,
    lookalikes,
    relations,
    scopes,
    terms,
    wording,
)
from gazetteer.names.rules.model import Candidate, Remark, Settings
from gazetteer.names.rules.register import Register
from gazetteer.names.rules.table import RULES, Rule, check, finding
from gazetteer.names.rules.writing import LONGEST, UNWRITABLE

_SHOWN = 6
_FIELDS = [
    "text",
    "name_class",
    "id",
    "thing_id",
    "category",
    "division_code",
    "built_up",
    "specific",
    "generic",
    "romanization",
]


def audit(
    register: Register,
    *,
    settings: Settings | None = None,
    rules: Iterable[Rule] = RULES,
) -> list[Finding]:
    """Check every standard name in force of a register; severity never exceeds a warning.

    A rule that compares names gives one finding a group of names (``measured`` is its size);
    a rule on one name gives one finding a name. The forms (look-alike, affix, specific) and
    sounds are compared by exact keys, so the nation takes seconds.

    Parameters
    ----------
    register
        Names of a county, a province or the nation.
    settings
        As for a check of one name.
    rules
        The rules to apply.

    Examples
    --------
    >>> towns = pd.DataFrame({"id": ["a", "b", "c"], "text": ["小街镇", "小街镇", "小街乡"],
    ...     "name_class": "township", "division_code": ["530127101", "532601106", "530102200"]})
    >>> [(each.rule, each.subject, each.measured) for each in audit(Register(towns))]
    [('same-name', 'a', 2), ('same-specific', 'a', 3)]
    """
    settings = settings or Settings()
    live = _live(register)
    live = live.assign(scope=scope_keys(live, settings).reindex(live.index))
    found: list[Finding] = []
    for each in rules:
        if each.id in _GROUPS:
            found += _groups(each, live, register, settings)
        elif each.id in _SUSPECTS:
            found += _singles(each, live, register, settings)
    return found


def _live(register: Register) -> pd.DataFrame:
    frame = register.frame
    return frame[(frame["role"] == "standard") & (frame["status"] != "closed")]


def scope_keys(frame: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return for each name the scope in which it must be alone, empty where there is none."""
    parts = []
    for name_class, rows in frame.groupby("name_class", sort=False):
        kind = scopes.kind_of(str(name_class), settings)
        group = "|".join(sorted(scopes.peers(str(name_class))))
        area = _area(rows, kind, settings).mask(unplaced(rows, kind, among=frame), "")
        parts.append(area.map(lambda area, group=group: area and group + "@" + area))
    return pd.concat(parts) if parts else pd.Series(dtype=object)


def unplaced(rows: pd.DataFrame, kind: str, *, among: pd.DataFrame) -> pd.Series:
    """Tell which names no division places in a scope, in a register whose divisions are told."""
    divisions_known = bool((among["division_code"] != "").any())
    kind = "county" if kind == "built-up" else kind
    short = rows["division_code"].str.len() < scopes.DIGITS.get(kind, 0)
    return short & (rows["built_up"] == "") & divisions_known


def uncompared(register: Register, settings: Settings) -> dict[str, list[str]]:
    """Return the names that are compared with no other: class not known, or division not told.

    Examples
    --------
    >>> names = pd.DataFrame({"text": ["滨河路", "平安", "建设路"],
    ...     "division_code": ["421081", "", ""], "name_class": ["street", "unknown", "street"]})
    >>> uncompared(Register(names), Settings())
    {'class': ['平安'], 'division': ['建设路']}
    """
    live = _live(register)
    strange = live["name_class"] == scopes.UNKNOWN
    nowhere = [
        text
        for name_class, rows in live[~strange].groupby("name_class", sort=False)
        for text in rows["text"][
            unplaced(rows, scopes.kind_of(str(name_class), settings), among=live)
        ]
    ]
    return {"class": live["text"][strange].tolist(), "division": nowhere}


def _area(rows: pd.DataFrame, kind: str, settings: Settings) -> pd.Series:
    if kind == "none":
        return pd.Series("", index=rows.index, dtype=object)
    digits, division = scopes.DIGITS.get(kind, 6), rows["division_code"]
    begins = {each: settings.governed.beginning(each, digits) for each in division.unique()}
    codes = division.map(begins)
    if kind == "built-up":
        return rows["built_up"].where(rows["built_up"] != "", "county " + codes)
    return kind + " " + codes


def _groups(
    each: Rule, live: pd.DataFrame, register: Register, settings: Settings
) -> Iterator[Finding]:
    """Yield one finding for each group of names that share the key of a rule."""
    named = ~live["text"].isin(list(terms.classes_of_generics()))  # 市辖区 names nothing
    usable = live["text"].str.len().between(1, LONGEST)
    live = live[named & usable & (live["scope"] != "")]
    if live.empty:
        return
    made = _GROUPS[each.id](live, register, settings)
    keyed = live.loc[made.index].assign(key=made.to_numpy())
    keyed = keyed.drop_duplicates(["scope", "key", "thing_id"])
    if each.id != "same-name":
        keyed = _with_different_texts(keyed)
    twins = keyed[keyed.duplicated(["scope", "key"], keep=False)]
    columns = {name: twins[name].to_numpy(dtype=object) for name in _GROUPED}
    groups = set()
    for rows in twins.groupby(["scope", "key"], sort=False).indices.values():
        if (names := frozenset(twins.index[rows])) not in groups:  # two families, one pair
            groups.add(names)
            yield from _group(each, {name: column[rows] for name, column in columns.items()})


_GROUPED = ("id", "text", "name_class", "generic", "scope")


def _with_different_texts(keyed: pd.DataFrame) -> pd.DataFrame:
    """Return the names whose key stands for more than one text in its scope."""
    texts = keyed.drop_duplicates(["scope", "key", "text"])
    mixed = texts[texts.duplicated(["scope", "key"], keep=False)][["scope", "key"]]
    wanted = pd.MultiIndex.from_frame(mixed.drop_duplicates())
    return keyed[pd.MultiIndex.from_frame(keyed[["scope", "key"]]).isin(wanted)]


def _group(each: Rule, rows: dict[str, Any]) -> Iterator[Finding]:
    texts, ids = list(dict.fromkeys(rows["text"])), list(rows["id"])
    if each.id == "same-specific" and not _other_generics(rows["generic"]):
        return
    shown, count = "、".join(texts[:_SHOWN]), len(ids)
    sentence, name_class = _SAYS[each.id], rows["name_class"][0]
    candidate = Candidate(text=texts[0], name_class=name_class, id=ids[0], existing=True)
    remark = Remark(
        clause=scopes.require(name_class)["clause"],
        message=Text(
            f"{shown}：{sentence.zh}（{count}处）", f"{shown}: {sentence.en} ({count} places)"
        ),
        related=tuple(ids[1:]),
        measured=count,
        tolerance=1,
        unit="names",
        details={"names": texts, "scope": rows["scope"][0].partition("@")[2], "ids": ids},
    )
    yield finding(each, candidate, remark)


def _other_generics(generics: Iterable[str]) -> bool:
    return len(set(generics)) > 1 and not duplicates.customary(generics)


def _text(live: pd.DataFrame, register: Register, settings: Settings) -> pd.Series:
    return live["text"]


def _sound(live: pd.DataFrame, register: Register, settings: Settings) -> pd.Series:
    column = "tones" if settings.tone_sensitive else "sound"
    key: pd.Series = register.keys[column].loc[live.index]
    return key


def _specific(live: pd.DataFrame, register: Register, settings: Settings) -> pd.Series:
    known = live[live["generic"] != ""]
    return known["specific"]


def _stem(live: pd.DataFrame, register: Register, settings: Settings) -> pd.Series:
    return live["text"].map(duplicates.without_affix)


def _look(live: pd.DataFrame, register: Register, settings: Settings) -> pd.Series:
    """Return a key for each character of each name that has a look-alike; rows repeat.

    Two names of a scope with one key differ in one place, by characters of one family. A key
    is a hash of scope, place, family and the other characters.
    """
    texts = live["text"].to_numpy(dtype=np.str_)
    signs = texts.view(np.uint32).reshape(len(texts), -1).astype(np.uint64)
    # a weighted sum stands for a text: with random odd weights two texts hardly ever have one
    weights = np.random.default_rng(0).integers(1, 2**63, (2, signs.shape[1]), dtype=np.uint64) | 1
    whole = (signs * weights[0]).sum(axis=1, dtype=np.uint64)
    whole += pd.factorize(live["scope"])[0].astype(np.uint64) * np.uint64(2**61 - 1)
    parts = [_keys_at(signs[:, place], whole, weights[:, place]) for place in range(signs.shape[1])]
    rows, keys = (np.concatenate(each) for each in zip(*parts, strict=True))
    shared = pd.Series(keys).duplicated(keep=False).to_numpy()
    return pd.Series(keys[shared], index=live.index[rows[shared]])


def _keys_at(signs: Any, whole: Any, weights: Any) -> tuple[Any, Any]:
    """Return the rows that have a family at this place, and the key for each."""
    known, position = np.unique(signs, return_inverse=True)
    families = [lookalikes.families(chr(each)) if each else () for each in known]
    # a character of several families gives a row for each: flat lists them behind each other
    counts = np.array([len(each) for each in families])
    flat = np.array([family for each in families for family in each], dtype=np.uint64)
    starts = np.cumsum(counts) - counts
    rows = np.repeat(np.arange(len(signs)), counts[position])
    nth = np.arange(len(rows)) - np.repeat(
        np.cumsum(counts[position]) - counts[position], counts[position]
    )
    family = flat[starts[position[rows]] + nth] if len(rows) else flat
    return rows, whole[rows] - signs[rows] * weights[0] + (family + 1) * weights[1]


_GROUPS: dict[str, Callable[[pd.DataFrame, Register, Settings], pd.Series]] = {
    "same-name": _text,
    "same-sound": _sound,
    "look-alike": _look,
    "affix-only": _stem,
    "same-specific": _specific,
}
_SAYS = {
    "same-name": Text("重名", "same name"),
    "same-sound": Text("同音", "same sound"),
    "look-alike": Text("形近", "look alike"),
    "affix-only": Text("仅差“新、大、老”", "differ only by 新, 大 or 老"),
    "same-specific": Text("专名相同、通名不同", "same specific part, other generics"),
}


def _singles(
    each: Rule, live: pd.DataFrame, register: Register, settings: Settings
) -> Iterator[Finding]:
    """Yield what a rule says of the names that its quick test suspects."""
    suspects = live[_SUSPECTS[each.id](live, settings)]
    for row in suspects[_FIELDS].to_numpy(dtype=object):
        values = dict(zip(_FIELDS, row, strict=True))
        values["built_up"] = values["built_up"] or None
        candidate = Candidate(**values, existing=True)
        yield from check(candidate, register, settings=settings, rules=[each])


def _pattern(pattern: str) -> Callable[[pd.DataFrame, Settings], pd.Series]:
    return lambda live, settings: live["text"].str.contains(pattern, regex=True)


def _any_word(kind: str) -> Callable[[pd.DataFrame, Settings], pd.Series]:
    def suspects(live: pd.DataFrame, settings: Settings) -> pd.Series:
        return _with_words(live["text"], wording.listed(settings, kind))

    return suspects


def _with_words(texts: pd.Series, words: Iterable[str]) -> pd.Series:
    """Tell which texts hold one of the words; there may be thousands."""
    wanted = frozenset(filter(None, words))
    singles, begins = {word for word in wanted if len(word) == 1}, {word[:2] for word in wanted}
    lengths = sorted({len(word) for word in wanted})

    def holds(text: str) -> bool:
        for at in range(len(text) - 1):
            if text[at : at + 2] in begins:
                for length in lengths:
                    if text[at : at + length] in wanted:
                        return True
        return not singles.isdisjoint(text)

    return texts.isin({text for text in texts.unique() if holds(text)})


def _foreign(live: pd.DataFrame, settings: Settings) -> pd.Series:
    built = live["name_class"].isin(list(wording.COINED))
    begins = live["specific"].str.startswith(tuple(terms.coined_words()) or "\0")
    return _any_word("foreign")(live, settings) | (built & begins)


def _rare(live: pd.DataFrame, settings: Settings) -> pd.Series:
    rare = [sign for sign in set("".join(live["text"].unique())) if wording.is_rare(sign)]
    return _with_words(live["text"], rare)


def _length(live: pd.DataFrame, settings: Settings) -> pd.Series:
    counts = live["text"].str.len()
    suspect = pd.Series(False, index=live.index)
    for name_class, rows in live.groupby("name_class"):
        limits = terms.limits(settings.profile, str(name_class))
        least, most = limits["minimum_characters"][0], limits["maximum_characters"][0]
        suspect[rows.index] = ~counts[rows.index].between(least, most)
    return suspect


def _no_generic(live: pd.DataFrame, settings: Settings) -> pd.Series:
    return (live["generic"] == "") | live["text"].isin(list(terms.classes_of_generics()))


def _built(live: pd.DataFrame, settings: Settings) -> pd.Series:
    return live["name_class"].isin(["estate", "building"])


def _piled(live: pd.DataFrame, settings: Settings) -> pd.Series:
    streets = live["name_class"] == "street"
    return _built(live, settings) | (streets & live["text"].str.contains(generics.PILED))


def _unfit(live: pd.DataFrame, settings: Settings) -> pd.Series:
    return _no_generic(live, settings) | _built(live, settings)


def _famous(live: pd.DataFrame, settings: Settings) -> pd.Series:
    known = terms.features()
    longer = tuple(name for name in known if len(name) > 2)
    hit = live["specific"].isin(list(known)) | live["specific"].str.startswith(longer)
    return hit & live["name_class"].isin(list(relations.DIVISIONS))


def _outside(live: pd.DataFrame, settings: Settings) -> pd.Series:
    features = live.loc[live["name_class"].isin(list(relations.FEATURES)), "text"]
    return live["specific"].isin(features) & live["name_class"].isin(list(relations.DIVISIONS))


def _spelt(live: pd.DataFrame, settings: Settings) -> pd.Series:
    return (live["romanization"] != "") & (settings.romanize is not None)


def _branch(live: pd.DataFrame, settings: Settings) -> pd.Series:
    pairs = zip(live["specific"], live["generic"], strict=True)
    derived = [relations.main_specific(*pair) is not None for pair in pairs]
    return pd.Series(np.array(derived, dtype=bool), index=live.index) & (
        live["name_class"] == "street"
    )


_SUSPECTS: dict[str, Callable[[pd.DataFrame, Settings], pd.Series]] = {
    "writing": _pattern(UNWRITABLE),
    "rare-characters": _rare,
    "letters": _pattern(wording.LETTERS.pattern),
    "symbols": _pattern(f"{wording.DIGITS.pattern}|{wording.SYMBOLS.pattern}"),
    "leader-name": _any_word("leader"),
    "person-name": _any_word("person"),
    "foreign-name": _foreign,
    "company-name": _any_word("company"),
    "advised-words": lambda live, settings: _with_words(live["text"], terms.advised_words()),
    "generic-missing": _no_generic,
    "generic-stacked": _piled,
    "generic-class": _unfit,
    "length": _length,
    "derived-name": _branch,
    "famous-feature": _famous,
    "outside-feature": _outside,
    "romanization": _spelt,
}


def left_out() -> list[str]:
    """Return the rules that an audit does not apply: they need the application's own data.

    Examples
    --------
    >>> left_out()
    ['other-name', 'built-up-area', 'generic-size', 'local-name', 'famous-again']
    """
    return [each.id for each in RULES if each.id not in {*_GROUPS, *_SUSPECTS}]

"""Rules on the words and characters of a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gazetteer.common.findings import Severity
from gazetteer.common.language import Text
from gazetteer.names.romanization import characters
from gazetteer.names.rules import terms, writing
from gazetteer.names.rules.model import Candidate, Context, Remark, Scope, Settings

LETTERS = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ\u00c0-\u024f\u0370-\u052f\u3040-\u30ff\uac00-\ud7af]+")
DIGITS = re.compile(r"[0-9０-９]+")
_HAN_RANGE = r"\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_NUMERAL = "一二三四五六七八九十百千〇"
SYMBOLS = re.compile(rf"[^\w\s{_HAN_RANGE}]|_|(?<![{_NUMERAL}])〇+(?![{_NUMERAL}])")
"""Signs; 〇 is one unless it stands in a number (八五〇), it stands for a lost character then."""
_HAN = re.compile(rf"[{_HAN_RANGE}]")


def unwritable(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(3): a name on record can be written (no control signs, no markup)."""
    for problem in writing.problems(candidate.text):
        shown = candidate.text.encode("unicode_escape").decode() if problem else ""
        yield Remark(
            message=Text(f"“{candidate.text}”无法规范书写：{problem.zh}", f"{shown}: {problem.en}"),
            key=problem.en,
        )


def rare_characters(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(3): no character outside 通用规范汉字表 (8,105 characters)."""
    rare = [sign for sign in dict.fromkeys(candidate.text) if is_rare(sign)]
    if rare:
        shown = "、".join(rare)
        yield Remark(
            message=Text(
                f"“{candidate.text}”中“{shown}”不在《通用规范汉字表》内",
                f"{candidate.text}: {shown} is outside the 8,105 standard characters",
            ),
            measured=len(rare),
            tolerance=0,
            unit="characters",
            details={"characters": rare},
        )


def is_rare(sign: str) -> bool:
    """Tell whether a sign is a Chinese character outside 通用规范汉字表.

    Examples
    --------
    >>> is_rare("堺"), is_rare("堡"), is_rare("A"), is_rare("東")
    (True, False, False, True)
    """
    return bool(_HAN.match(sign)) and sign not in characters.standard()


def letters(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(3): the national script, no Latin or other foreign letters."""
    if hits := LETTERS.findall(candidate.text):
        shown = "、".join(hits)
        yield Remark(
            message=Text(
                f"“{candidate.text}”使用外文字母“{shown}”",
                f"{candidate.text} uses foreign letters ({shown})",
            )
        )


def symbols(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(3): no figures, dots or dashes in a name (民发〔2018〕146号)."""
    hits = DIGITS.findall(candidate.text) + SYMBOLS.findall(candidate.text)
    if hits:
        shown = "、".join(dict.fromkeys(hits))
        yield Remark(
            message=Text(
                f"“{candidate.text}”使用数字或符号“{shown}”，应改用汉字",
                f"{candidate.text} uses figures or signs ({shown}); write characters",
            )
        )


def leader_name(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(4): never the name of a state leader (the office's own list)."""
    yield from _listed(candidate, context, "leader", Text("国家领导人的名字", "a state leader"))


def person_name(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(4), 实施办法 3: generally no personal name (the office's own list)."""
    yield from _listed(candidate, context, "person", Text("人名", "a person"))


def foreign_name(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(5): no foreign personal or place name."""
    what = Text("外国人名、地名或外语词", "a foreign person, place or word")
    yield from _listed(candidate, context, "foreign", what)
    yield from _coined(candidate, context)


COINED = frozenset({"estate", "building"})
"""Classes whose names are coined: a foreign name that is a Chinese word as well is meant there."""


def _coined(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """Yield a doubt where a coined name begins as a foreign one that is a Chinese word, too.

    A place of the county that bears the word (a village 柏林村) explains it.
    """
    specific = context.specific
    fresh = not candidate.existing and candidate.name_class in {"street", "park"}
    if candidate.name_class not in COINED and not fresh:
        return
    for length in range(len(specific), 1, -1):
        word = specific[:length]
        real_place = word == specific and word in terms.whole_words()["foreign"]
        if word in terms.coined_words() and not real_place and not _allowed(word, context.settings):
            if not _is_local(word, candidate, context):
                yield Remark(
                    message=Text(
                        f"“{candidate.text}”的“{word}”是外国地名，也是汉语词，请复核",
                        f"{candidate.text}: {word} is a foreign place and a Chinese word, too; "
                        "please review",
                    ),
                    key=word,
                    details={"word": word, "kind": "foreign"},
                    at_most=Severity.WARNING if fresh else None,
                )
            return


def _allowed(word: str, settings: Settings) -> bool:
    return word in settings.not_linked | terms.shipped_lists().get("allowed", _NONE)


def _is_local(word: str, candidate: Candidate, context: Context) -> bool:
    scope = Scope(
        kind="county",
        classes=_LOCAL,
        code=(candidate.division_code or "")[:6] or None,
        clause="地名管理条例 9(5)",
    )
    found = context.lookup.same_specific(word, scope)
    return any(each.current and each.thing_id != candidate.thing_id for each in found)


_LOCAL = frozenset(
    {"division", "township", "ethnic-township", "subdistrict", "village", "settlement", "feature"}
)


def company_name(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(6), 实施办法 4: no company name or trademark (the office's own list)."""
    yield from _listed(candidate, context, "company", Text("企业名称或商标", "a company or brand"))


_NONE: frozenset[str] = frozenset()


def listed(settings: Settings, kind: str) -> frozenset[str]:
    """Return the words of a kind: of the tables and the office's, without those it allows."""
    shipped = terms.shipped_lists().get(kind, frozenset()) | terms.whole_words().get(kind, _NONE)
    allowed = settings.not_linked | terms.shipped_lists().get("allowed", frozenset())
    return (shipped | settings.listed.get(kind, frozenset())) - allowed


def _listed(candidate: Candidate, context: Context, kind: str, what: Text) -> Iterator[Remark]:
    whole = terms.whole_words().get(kind, _NONE)
    words = (word for word in listed(context.settings, kind) if word not in whole)
    exact = [context.specific] if context.specific in whole else []
    for word in [*_within(candidate.text, words), *exact]:
        yield Remark(
            message=Text(
                f"“{candidate.text}”含{what.zh}“{word}”",
                f"{candidate.text} has the name of {what.en} ({word})",
            ),
            key=word,
            details={"word": word, "kind": kind},
        )


def advised_words(candidate: Candidate, context: Context) -> Iterator[Remark]:
    """地名管理条例 9(1): none of the words of the 大、怪 clean-up (民发〔2018〕146号)."""
    kinds = terms.advised_words()
    for word in _within(context.specific, kinds):
        reasons = {"大": Text("刻意夸大", "overstates"), "怪": Text("怪异难懂", "is odd or feudal")}
        how = reasons[kinds[word]]
        yield Remark(
            message=Text(
                f"“{candidate.text}”的“{word}”涉嫌{how.zh}，请复核",
                f"{candidate.text}: {word} {how.en}; please review",
            ),
            key=word,
            details={"word": word, "kind": kinds[word]},
        )


def _within(text: str, words: Iterable[str]) -> Iterator[str]:
    """Yield the words that occur, without one that lies inside a longer one that occurs."""
    found = sorted((word for word in words if word in text), key=len, reverse=True)
    for place, word in enumerate(found):
        if not any(word in longer for longer in found[:place]):
            yield word

"""Numbers of the papers of an application (文号): each paper its own, none given twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.common.language import Sentence
from gazetteer.names.applications import Application
from gazetteer.office.names import cases
from gazetteer.office.names.number_facts import NUMBERED, fact
from gazetteer.store import County

FILES = {
    "application_form": "申请书",
    "reply": "批复",
    "filing_form": "备案登记表",
    "filing_report": "备案报告",
    "announcement": "公告",
    "certificate": "地名证明",
}
"""Documents by the kind of template, and the name of each file."""


def kind_of(word: str) -> str:
    """Return the kind of document that a word names, in Chinese or by its key.

    Raises
    ------
    UnknownError
        No such document.

    Examples
    --------
    >>> kind_of("备案报告"), kind_of("reply")
    ('filing_report', 'reply')
    """
    known = {**{zh: kind for kind, zh in FILES.items()}, **{kind: kind for kind in FILES}}
    if word not in known:
        what = Sentence("No document is called {word!r}", word=word)
        raise UnknownError(what, remedy=Sentence("Use one of {known}.", known=[*FILES.values()]))
    return known[word]


def lacking(case: Application, kinds: Sequence[str]) -> list[str]:
    """Return the documents among some that have no number yet."""
    return [each for each in kinds if each in NUMBERED and not case.facts.get(fact(each))]


def read(case: Application, given: Sequence[str], kinds: Sequence[str]) -> dict[str, str]:
    """Return the numbers by document that were given as ``公告=楚民〔2025〕3号``.

    A number by itself is that of the one document that still wants one.

    Parameters
    ----------
    given
        As typed.
    kinds
        Documents that are to be written.

    Raises
    ------
    InputError
        A number by itself, and several documents want one, or none; a number given twice; a
        document without its number; a document that bears none (申请书).
    UnknownError
        No such document.

    Examples
    --------
    >>> from gazetteer.names.applications import new
    >>> case = new(id="1", kind="naming", case="street", text="滨河路", applicant="住建局")
    >>> read(case, ["公告=3号", "备案报告=2号"], [])
    {'announcement': '3号', 'filing_report': '2号'}
    >>> read(case, ["3号"], ["filing_report", "announcement"])
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: '3号' would be the number of 备案报告, 公告. Give each...
    """
    numbers: dict[str, str] = {}
    for text in given:
        word, sign, number = text.partition("=")
        kind = _bearing(word.strip()) if sign else _only(case, text, kinds)
        number = (number if sign else text).strip()
        if not number:
            what = Sentence("{title} is given no number", title=FILES[kind])
            raise InputError(what, remedy=Sentence("Write 公告=楚民〔2026〕3号."))
        if kind in numbers or number in numbers.values():
            raise InputError(
                Sentence("{text!r} is given twice", text=text),
                remedy=Sentence("Give each document a number of its own."),
            )
        numbers[kind] = number
    return numbers


def _bearing(word: str) -> str:
    kind = kind_of(word)
    if kind not in NUMBERED:
        raise InputError(
            Sentence("{title} bears no number", title=FILES[kind]),
            remedy=Sentence("Numbers are borne by {titles}.", titles=_titles(NUMBERED)),
        )
    return kind


def _titles(kinds: Sequence[str]) -> list[str]:
    return [FILES[each] for each in kinds]


def _only(case: Application, number: str, kinds: Sequence[str]) -> str:
    wanting = lacking(case, kinds) or [each for each in kinds if each in NUMBERED]
    if not wanting:
        what = Sentence("No document that bears a number is to be written")
        remedy = Sentence("Numbers are borne by {titles}.", titles=_titles(NUMBERED))
        raise InputError(what, remedy=remedy)
    if len(wanting) != 1:
        titles = _titles(wanting)
        raise InputError(
            Sentence("{number!r} would be the number of {titles}", number=number, titles=titles),
            remedy=Sentence("Give each its own: --document-number 公告={number}.", number=number),
        )
    return wanting[0]


def claim(county: County, case: Application, numbers: Mapping[str, str]) -> Application:
    """Keep the numbers of documents with their application, as an event; return it with them.

    Raises
    ------
    ConflictError
        A number that another document bears already, of this application or another.
    """
    new = {kind: text for kind, text in numbers.items() if case.facts.get(fact(kind)) != text}
    if not new:
        return case
    borne = _borne(county)
    for kind, number in new.items():
        holder = borne.get(number)
        if holder not in (None, (case.id, kind)):
            what = Sentence(
                "{number!r} is the number of {title} of {holder!r}",
                number=number, title=FILES[holder[1]], holder=holder[0],
            )  # fmt: skip
            raise ConflictError(what, remedy=Sentence("Give this document the next number."))
    return cases.supplement(county, case.id, {fact(kind): text for kind, text in new.items()})


def _borne(county: County) -> dict[str, tuple[str, str]]:
    """Return the documents that bear a number, by it: application and kind."""
    return {
        each.facts[fact(kind)]: (each.id, kind)
        for each in cases.every(county)
        for kind in NUMBERED
        if each.facts.get(fact(kind))
    }

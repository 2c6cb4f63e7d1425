"""Read the text of a plan file (TOML); say where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from facilities.targets.model import Contradiction, Indicator, Plan, Scope, Statement, Target
from gazetteer.common import settings_file
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.common.settings_file import Fields, frozen

OPERATORS = (">=", ">", "<=", "<", "=", "+", "~")
_REMEDY = Sentence("See docs/facilities.md, target files")
_OWN = ("id", "name", "topic", "unit", "measure")
T = TypeVar("T")


def parse_plan(text: str, *, place: str = "plan") -> Plan:
    """Return the plan that a TOML text describes.

    Parameters
    ----------
    text
        Content of the file.
    place
        Name of the file, for messages.

    Returns
    -------
    Plan
        The plan with its indicators and statements.

    Raises
    ------
    InputError
        If it is no TOML, or a field is missing, unknown or of the wrong type.

    Examples
    --------
    >>> plan = parse_plan('''
    ... [plan]
    ... id = "my-county"
    ... name = "某县规划"
    ... place = "某县"
    ... place_code = "530127"
    ... document = "plan.docx"
    ... [[indicator]]
    ... id = "halls"
    ... name = "骨灰堂"
    ... topic = "cemetery"
    ... unit = "个"
    ... measure = "count"
    ... kinds = ["ash-hall"]
    ... [[indicator.target]]
    ... op = ">="
    ... value = 6
    ... year = 2025
    ... binding = "预期性"
    ... line = 390
    ... quote = "6处"
    ... ''')
    >>> plan.indicators[0].targets[0].source, dict(plan.indicators[0].parameters)
    ('plan.docx:390', {'kinds': ('ash-hall',)})
    >>> parse_plan("[plan]", place="a.toml")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: a.toml: [plan] lacks 'id'. See docs/facilities.md, target...
    """
    fields = settings_file.read(text, place=place, remedy=_REMEDY)
    fields.only(("plan", "scope", "indicator", "statement", "contradiction"))
    head = fields.table("plan", default={})
    document = {"document": head.text("document", default="")}
    statements = [each.assuming(**document) for each in fields.rows("statement", default=[])]
    made = head.filled(
        Plan,
        scope=_many(Scope, fields.rows("scope", default=[])),
        indicators=tuple(
            _indicator(each, document) for each in fields.rows("indicator", default=[])
        ),
        statements=_many(Statement, statements),
        contradictions=_many(Contradiction, fields.rows("contradiction", default=[])),
    )
    _unique([each.id for each in made.indicators], place)
    return made


def _many(kind: type[T], rows: Iterable[Fields]) -> tuple[T, ...]:
    return tuple(each.filled(kind) for each in rows)


def _indicator(row: Fields, document: Mapping[str, str]) -> Indicator:
    where = f"indicator {row.told.get('id', '?')!r}"
    targets = [
        _target(replace(each.assuming(**document), called=f"target of {where}"))
        for each in row.rows("target", default=[])
    ]
    named = {key: value for key, value in row.told.items() if key in _OWN}
    rest = {key: frozen(row.told[key]) for key in row if key not in (*_OWN, "target")}
    fields = replace(row, told=named, called=where)
    return fields.filled(Indicator, parameters=rest, targets=tuple(targets))


def _target(row: Fields) -> Target:
    made = row.filled(Target)
    if made.op not in OPERATORS:
        message = Sentence("{called}: operator {op!r}", called=row.called, op=made.op)
        raise InputError(
            message,
            place=row.place,
            remedy=Sentence("Use one of {listed}", listed=" ".join(OPERATORS)),
        )
    return made


def _unique(ids: list[str], place: str) -> None:
    twice = [each for each in ids if ids.count(each) > 1]
    if twice:
        raise InputError(
            Sentence("indicator {twice!r} stands twice", twice=twice[0]),
            place=place,
            remedy=Sentence("Rename one"),
        )

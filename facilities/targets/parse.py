"""Read the text of a plan file (TOML); say where it is wrong."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from typing import Any, TypeVar

from facilities.targets.model import Contradiction, Indicator, Plan, Scope, Statement, Target
from gazetteer.common.errors import InputError

OPERATORS = (">=", ">", "<=", "<", "=", "+", "~")
_REMEDY = "See docs/facilities.md, target files"
_INDICATOR = ("id", "name", "topic", "unit", "measure", "target")
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
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"no TOML: {error}", place=place, remedy=_REMEDY) from None
    _only(told, {"plan", "scope", "indicator", "statement", "contradiction"}, "the file", place)
    head = told.get("plan", {})
    if not isinstance(head, Mapping):
        raise InputError("[plan] is no table", place=place, remedy=_REMEDY)
    head = {key: _frozen(value) for key, value in head.items()}
    document = str(head.get("document", ""))
    plan = {
        **head,
        "scope": tuple(_make(Scope, row, "scope", place) for row in _rows(told, "scope", place)),
        "indicators": tuple(
            _indicator(r, document, place) for r in _rows(told, "indicator", place)
        ),
        "statements": _many(Statement, told, "statement", document, place),
        "contradictions": tuple(
            _make(Contradiction, row, "contradiction", place)
            for row in _rows(told, "contradiction", place)
        ),
    }
    made = _make(Plan, plan, "plan", place)
    _unique([each.id for each in made.indicators], place)
    return made


def _rows(told: Mapping[str, Any], name: str, place: str) -> list[Mapping[str, Any]]:
    rows = told.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise InputError(f"{name} is no list of tables", place=place, remedy=f"Write [[{name}]]")
    return rows


def _many(
    kind: type[T], told: Mapping[str, Any], name: str, document: str, place: str
) -> tuple[T, ...]:
    rows = _rows(told, name, place)
    return tuple(_make(kind, {"document": document, **row}, name, place) for row in rows)


def _indicator(row: Mapping[str, Any], document: str, place: str) -> Indicator:
    where = f"indicator {row.get('id', '?')!r}"
    targets = [
        _target({"document": document, **each}, where, place)
        for each in _rows(row, "target", place)
    ]
    own = {key: value for key, value in row.items() if key in _INDICATOR and key != "target"}
    rest = {key: _frozen(value) for key, value in row.items() if key not in _INDICATOR}
    fields = {**own, "parameters": rest, "targets": tuple(targets)}
    return _make(Indicator, fields, where, place)


def _target(row: Mapping[str, Any], where: str, place: str) -> Target:
    made = _make(Target, dict(row), f"target of {where}", place)
    if made.op not in OPERATORS:
        message = f"target of {where}: operator {made.op!r}"
        raise InputError(message, place=place, remedy=f"Use one of {' '.join(OPERATORS)}")
    return made


def _make(kind: type[T], row: Mapping[str, Any], what: str, place: str) -> T:
    """Fill a dataclass from a table, refusing missing and unknown fields and wrong types."""
    fields = getattr(kind, "__dataclass_fields__")  # noqa: B009
    _only(row, set(fields), what, place)
    values = {key: _frozen(value) for key, value in row.items()}
    for name, spec in fields.items():
        needed = spec.default is spec.default_factory
        if name not in values and needed:
            raise InputError(f"[{what}] lacks {name!r}", place=place, remedy=_REMEDY)
        if name in values and not _fits(values[name], str(spec.type)):
            message = f"[{what}] {name} = {values[name]!r} is not of type {spec.type}"
            raise InputError(message, place=place, remedy=_REMEDY)
    return kind(**values)


def _fits(value: Any, kind: str) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind.startswith("float"):
        return number and math.isfinite(value)
    if kind.startswith("int"):
        return number and float(value).is_integer()
    if kind == "str":
        return isinstance(value, str)
    if kind == "tuple[float, ...]":
        return isinstance(value, tuple) and all(_fits(each, "float") for each in value)
    if kind == "tuple[str, ...]":
        return isinstance(value, tuple) and all(isinstance(each, str) for each in value)
    return True


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _only(row: Mapping[str, Any], known: set[str], what: str, place: str) -> None:
    unknown = [key for key in row if key not in known]
    if unknown:
        raise InputError(f"[{what}] has no field {unknown[0]!r}", place=place, remedy=_REMEDY)


def _unique(ids: list[str], place: str) -> None:
    twice = [each for each in ids if ids.count(each) > 1]
    if twice:
        raise InputError(f"indicator {twice[0]!r} stands twice", place=place, remedy="Rename one")

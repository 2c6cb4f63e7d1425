"""JSON that is no GeoJSON: records in a list, records with children, codes with their names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from gazetteer.common.codes import is_code
from gazetteer.exchange.headers import plain, synonyms

_NAMES = frozenset({"fullname", "namezh", "label", "title"})
"""Plain keys for a name besides those that a table's header may have."""
DEEPEST = 60
"""Levels of an answer that are looked into; a division has six."""

Row = dict[str, Any]
Scalar = str | int | float


@cache
def _names() -> frozenset[str]:
    """Return the plain keys of which a record has at least one; an envelope has none."""
    return _NAMES | {key for kind in ("divisions", "names") for key in synonyms(kind)["name"]}


def rows(found: Any) -> list[Row | Scalar]:
    """Return every record of a JSON value, those above before those below them.

    What stands among records and is none (a line that is no JSON, a number) is returned as it is.

    Examples
    --------
    >>> rows([{"code": "42", "name": "湖北省", "children": [{"code": "4210", "name": "荆州市"}]}])
    [{'code': '42', 'name': '湖北省'}, {'code': '4210', 'name': '荆州市'}]
    >>> rows({"status": 0, "data": {"rows": [{"name": "石首市"}], "total": 1}})
    [{'name': '石首市'}]
    >>> rows({"86": {"420000": "湖北省"}})
    [{'code': '420000', 'name': '湖北省'}]
    >>> rows({"421081": {"name": "石首市"}}), rows([{"name": "石首市"}, 5, None])
    ([{'code': '421081', 'name': '石首市'}], [{'name': '石首市'}, 5])
    >>> rows({"command": "x"}), rows([1, 2])
    ([], [])
    """
    return list(_rows(found, 0))


def _rows(found: Any, depth: int) -> Iterator[Row | Scalar]:
    if depth > DEEPEST:
        return
    if isinstance(found, list):
        yield from _of_list(found, depth)
    elif isinstance(found, dict):
        yield from _of_codes(found, depth) if _are_codes(found) else _of_object(found, depth)


def _of_list(found: list[Any], depth: int) -> Iterator[Row | Scalar]:
    """Yield the records of a list; a list of lists of texts is a table below its header."""
    table = [each for each in found if isinstance(each, list) and each]
    if len(table) == len(found) > 1 and all(isinstance(each, str) for each in table[0]):
        head = table[0]
        yield from (dict(zip(head, row, strict=False)) for row in table[1:])
        return
    holds = any(isinstance(each, dict) for each in found)
    for each in found:
        if isinstance(each, dict | list):
            yield from _rows(each, depth + 1)
        elif holds and each is not None:
            yield each


def _are_codes(found: dict[str, Any]) -> bool:
    """Tell whether the keys are division codes and the values their names or records."""
    named = [key for key, value in found.items() if _names_one(value) and is_code(key)]
    return bool(named) and len(named) == len(found)


def _names_one(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, dict) and not _names().isdisjoint(map(plain, value))
    )


def _of_codes(found: dict[str, Any], depth: int) -> Iterator[Row | Scalar]:
    for code, named_or_nested in found.items():
        if isinstance(named_or_nested, str):
            yield {"code": code, "name": named_or_nested}
        else:
            yield from _of_object({"code": code} | named_or_nested, depth)


def _of_object(found: dict[str, Any], depth: int) -> Iterator[Row | Scalar]:
    """Yield an object as a record, where it is one, and what lies below it."""
    below = {key: value for key, value in found.items() if _holds(value)}
    if not _names().isdisjoint(map(plain, found)):
        empty = {key for key, value in found.items() if value == []}
        yield {key: value for key, value in found.items() if key not in below and key not in empty}
        below = {key: value for key, value in below.items() if isinstance(value, list)}
    for value in below.values():
        yield from _rows(value, depth + 1)


def _holds(value: Any) -> bool:
    """Tell whether a value holds records of its own."""
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and any(isinstance(each, dict | list) for each in value)

"""JSON that is no GeoJSON: records in a list, records with children, codes with their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gazetteer.exchange.codes import is_code
from gazetteer.exchange.headers import plain

_NAMES = frozenset({"name", "fullname", "namezh", "名称", "区划名称", "标准名称", "label", "title"})
"""Plain keys of which a record has at least one; an envelope around records has none."""
DEEPEST = 60
"""Levels of an answer that are looked into; a division has six."""

Row = dict[str, Any]


def rows(found: Any) -> list[Row]:
    """Return every record of a JSON value, those above before those below them.

    Examples
    --------
    >>> rows([{"code": "42", "name": "湖北省", "children": [{"code": "4210", "name": "荆州市"}]}])
    [{'code': '42', 'name': '湖北省'}, {'code': '4210', 'name': '荆州市'}]
    >>> rows({"status": 0, "data": {"rows": [{"name": "石首市"}], "total": 1}})
    [{'name': '石首市'}]
    >>> rows({"86": {"420000": "湖北省"}})
    [{'code': '420000', 'name': '湖北省'}]
    >>> rows({"command": "x"}), rows([1, 2])
    ([], [])
    """
    return list(_rows(found, 0))


def _rows(found: Any, depth: int) -> Iterator[Row]:
    if depth > DEEPEST:
        return
    if isinstance(found, list):
        yield from _of_list(found, depth)
    elif isinstance(found, dict):
        yield from _of_codes(found) if _are_codes(found) else _of_object(found, depth)


def _of_list(found: list[Any], depth: int) -> Iterator[Row]:
    """Yield the records of a list; a list of lists of texts is a table below its header."""
    table = [each for each in found if isinstance(each, list) and each]
    if len(table) == len(found) > 1 and all(isinstance(each, str) for each in table[0]):
        head = table[0]
        yield from (dict(zip(head, row, strict=False)) for row in table[1:])
        return
    for each in found:
        if isinstance(each, dict | list):
            yield from _rows(each, depth + 1)


def _are_codes(found: dict[str, Any]) -> bool:
    """Tell whether the keys are division codes and the values their names."""
    named = [key for key, value in found.items() if isinstance(value, str) and is_code(key)]
    return bool(named) and len(named) == len(found)


def _of_codes(found: dict[str, Any]) -> Iterator[Row]:
    yield from ({"code": code, "name": name} for code, name in found.items())


def _of_object(found: dict[str, Any], depth: int) -> Iterator[Row]:
    """Yield an object as a record, where it is one, and what lies below it."""
    below = {key: value for key, value in found.items() if _holds(value)}
    if any(plain(key) in _NAMES for key in found):
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

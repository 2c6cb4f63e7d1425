"""Rows of a form, in any of its shapes, as answers of a side: pure functions over values."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any

import shapely

from boundaries.inspection.field.sheets import KEYS
from boundaries.inspection.round.compare import Record, in_order, same
from boundaries.inspection.round.fields import LAYERS, SHEETS, Field, Layer, key_of
from boundaries.inspection.round.handed_out import Base
from gazetteer.common import typed_words
from gazetteer.common.language import Text

LONGEST_TEXT = 2000
"""Characters of one answer; the rest is cut off and said so."""
MOVED_DEG = 1e-7
"""A point of a form moved by less than this (a centimetre) was not moved."""
NUMBERS = {
    "measured_lon": 180.0,
    "measured_lat": 90.0,
    "azimuth_deg": 360.0,
    "measured_height_m": 9000.0,
    "measured_accuracy_m": 30.0,
}
"""Largest value of some numbers. A measurement worse than a handheld receiver's under trees (30 m)
says nothing of where a marker stands, and would excuse every distance."""

Told = tuple[Layer, dict[str, Any]]


class CellError(ValueError):
    """A cell that says something its field cannot hold; carries the reason as a `Text`."""

    def __init__(self, field: Field, reason: Text) -> None:
        super().__init__(reason.en)
        self.field = field
        self.reason = reason


def read(
    layer: Layer, rows: Iterable[Mapping[str, Any]], *, base: Base
) -> tuple[list[dict[str, Any]], list[Text]]:
    """Return what a side has filled in in a layer, and what could not be taken, row by row.

    Parameters
    ----------
    layer
        Which layer.
    rows
        Cells by column: names or headings of the fields, ``geometry``, ``record_id``, ``_row`` (the
        row in the file, for messages).
    base
        What was handed out to the side.

    Returns
    -------
    Answers: the key's fields, the side's fields that say something else than what was handed out,
    ``geometry`` where one was measured, ``id`` of a new record. A row without any is no answer.

    Examples
    --------
    >>> base = {"markers": ({"number": "1", "state": "good"}, {"number": "2", "state": "good"})}
    >>> rows = [{"界桩编号": "1", "界桩现状": "丢失"}, {"number": "2", "state": None},
    ...     {"number": "9", "state": "lost"}, {"number": "2", "state": "歪了", "_row": 5}]
    >>> told, notes = read("markers", rows, base=base)
    >>> told
    [{'number': '1', 'state': 'lost'}]
    >>> [each.zh for each in notes]
    ['界桩第4行：9不在本次联检发出的表中', '界桩第5行：界桩现状“歪了”不在可选值中',
     '界桩第5行：2的界桩现状未读出，整行不算作答']
    """
    known = {key_of(layer, each): each for each in base.get(layer, ())}
    taken: list[dict[str, Any]] = []
    notes: list[Text] = []
    for at, row in enumerate(rows, start=2):
        where = f"{SHEETS[layer].zh}第{row.get('_row', at)}行", f"{layer} row {row.get('_row', at)}"
        cells, faults = _cells(layer, row)
        notes += [
            Text(f"{where[0]}：{each.reason.zh}", f"{where[1]}: {each.reason.en}")
            for each in faults
        ]
        answer = _answer(layer, cells, row, known, {each.field.name for each in faults})
        if isinstance(answer, Text):
            notes.append(Text(f"{where[0]}：{answer.zh}", f"{where[1]}: {answer.en}"))
        elif answer is not None:
            taken.append(answer)
    return taken, notes


def _cells(layer: Layer, row: Mapping[str, Any]) -> tuple[dict[str, Any], list[CellError]]:
    """Return the fields of a row that hold something, and what is wrong with the others."""
    cells: dict[str, Any] = {}
    faults: list[CellError] = []
    for field in LAYERS[layer]:
        value = next((row[name] for name in field.words if name in row), None)
        try:
            parsed = _parsed(field, value)
        except CellError as error:
            faults.append(error)
            continue
        if parsed is not None:
            cells[field.name] = parsed
    return cells, faults


def _answer(
    layer: Layer,
    cells: dict[str, Any],
    row: Mapping[str, Any],
    known: Mapping[str, Record],
    unread: Set[str],
) -> dict[str, Any] | Text | None:
    """Return what a row tells: an answer, the reason why it cannot count, or nothing.

    A field that is asked for and cannot be read is none that was left as handed out.
    """
    if not cells:
        return None
    named = "line_code" if layer == "segments" else "number"
    if named not in cells:
        return Text("没有编号", "has no number")
    base = known.get(key_of(layer, cells))
    new = layer == "new_markers" or (layer == "reference_objects" and "ordinal" not in cells)
    doubt = (
        _unknown(layer, cells, new=new)
        if base is None
        else _not_its_own(layer, cells, known) or _unread(layer, cells, unread)
    )
    if doubt is not None:
        return doubt
    filled = _filled(layer, cells, base or {})
    place = _place(layer, filled, row.get("geometry"), base)
    if place is not None:
        filled["geometry"] = place
    if not filled:
        return None
    identifying: dict[str, Any] = {
        name: cells[name] for name in ("number", "line_code", "ordinal") if name in cells
    }
    identity = _text(row.get("record_id")) if new else None
    return {
        **{name: identifying[name] for name in KEYS[layer] if name in identifying},
        **filled,
        **({"id": identity} if identity else {}),
    }


def _unknown(layer: Layer, cells: Mapping[str, Any], *, new: bool) -> Text | None:
    """Return why a row that was not handed out is nothing new."""
    if not new:
        key = key_of(layer, cells)
        return Text(f"{key}不在本次联检发出的表中", f"{key} was not handed out in this round")
    if layer == "reference_objects" and "name" not in cells:
        return Text("新方位物没有名称", "a new reference object has no name")
    return None


def _not_its_own(
    layer: Layer, cells: Mapping[str, Any], known: Mapping[str, Record]
) -> Text | None:
    """Return why a row is not that of its key: what was handed out in it is rather another's."""
    handed = [
        field
        for field in LAYERS[layer]
        if not field.by_side and field.name in cells and field.name not in KEYS[layer]
    ]

    def fit(record: Record) -> int:
        return sum(
            same(_parsed(field, record.get(field.name)), cells[field.name], limit=1e-6)
            for field in handed
        )

    key = key_of(layer, cells)
    agreeing = fit(known[key])
    if agreeing == len(handed):
        return None
    other = max(known, key=lambda each: fit(known[each]))
    if fit(known[other]) <= agreeing:
        return None
    return Text(
        f"编号为{key}，其余发出内容却是{other}的（编号被改动），整行未采用",
        f"not taken: it is numbered {key}, the rest of what was handed out is that of {other}",
    )


def _unread(layer: Layer, cells: Mapping[str, Any], unread: Set[str]) -> Text | None:
    """Return why a row about something handed out is no answer: what is asked cannot be read."""
    asked = [each.label for each in LAYERS[layer] if each.compared and each.name in unread]
    if not asked:
        return None
    key, zh = key_of(layer, cells), "、".join(each.zh for each in asked)
    en = ", ".join(each.en for each in asked)
    return Text(f"{key}的{zh}未读出，整行不算作答", f"{en} of {key} cannot be read: no answer")


def _filled(layer: Layer, cells: Mapping[str, Any], base: Record) -> dict[str, Any]:
    """Return the side's own fields that say something: not what merely stands there already.

    A field that is asked for and handed out empty counts as told whatever it says.
    """
    return {
        field.name: cells[field.name]
        for field in LAYERS[layer]
        if field.by_side
        and field.name in cells
        and not (
            field.name in base
            and field.type != "choice"
            and same(base[field.name], cells[field.name], limit=1e-6)
        )
    }


def _place(
    layer: Layer, answer: Mapping[str, Any], shape: Any, base: Record | None
) -> shapely.Point | None:
    """Return the measured place: the fields, else a point that was set or moved."""
    lon, lat = answer.get("measured_lon"), answer.get("measured_lat")
    if lon is not None and lat is not None:
        return shapely.Point(lon, lat)
    if layer == "segments" or not isinstance(shape, shapely.Point) or shape.is_empty:
        return None
    if not (abs(shape.x) <= 180 and abs(shape.y) <= 90):
        return None
    was = None if base is None else base.get("geometry")
    if base is not None and (layer == "reference_objects" or was is None):
        return None
    moved = was is None or max(abs(was.x - shape.x), abs(was.y - shape.y)) > MOVED_DEG
    return shapely.Point(shape.x, shape.y) if moved else None


# ------------------------------------------------------------------ cells


def _parsed(field: Field, value: Any) -> Any:
    text = _text(value)
    if text is None:
        return None
    if field.type == "choice":
        return _choice(field, text)
    if field.type == "number":
        return number(field, text)
    if field.type == "date":
        return _date(field, value, text)
    if field.name == "number":
        return text.upper()[:64]
    return text[:LONGEST_TEXT]


def _text(value: Any) -> str | None:
    """Return a cell as text without control characters; None where there is nothing in it."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    plain = "".join(
        each if unicodedata.category(each) not in {"Cc", "Cf"} else " " for each in str(value)
    ).strip()
    return None if plain in ("", "None", "NaT", "<NA>", "nan", "NULL") else plain


def _choice(field: Field, text: str) -> str:
    plain = typed_words.folded(text)
    for value, word in (field.values or {}).items():
        if plain in (value, word.zh, typed_words.folded(word.en)):
            return value
    shown = text[:30]
    raise CellError(
        field,
        Text(
            f"{field.label.zh}“{shown}”不在可选值中", f"{field.name} {shown!r} is not in its list"
        ),
    )


def number(field: Field, text: str) -> float | int:
    """Return a number that a field can hold.

    Raises
    ------
    CellError
        When it is none, or beyond what the field can be.
    """
    try:
        found = float(text.replace("，", "").replace(",", ""))
    except ValueError:
        found = math.nan
    most = NUMBERS.get(field.name, 1e9)
    low = 0.0 if field.name in ("distance_m", "azimuth_deg", "measured_accuracy_m") else -most
    if not low <= found <= most:
        shown = text[:30]
        raise CellError(
            field,
            Text(f"{field.label.zh}“{shown}”不是可用的数", f"{field.name} {shown!r} is no number"),
        )
    return int(found) if field.name == "ordinal" else found


def _date(field: Field, value: Any, text: str) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    match = re.match(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})", text)
    match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        if match is None:
            raise ValueError(text)
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        shown = text[:30]
        raise CellError(
            field, Text(f"{field.label.zh}“{shown}”不是日期", f"{field.name} {shown!r} is no date")
        ) from None


# ------------------------------------------------------------------ one side's answers


def folded(layer: Layer, rows: Sequence[Mapping[str, Any]], *, base: Base) -> list[dict[str, Any]]:
    """Return a side's answers as they count now: of several about one key the last, by field.

    Parameters
    ----------
    layer
        Which layer.
    rows
        Answers in any order, each with ``recorded_at`` (by which they are put in order; equal
        ones by what they say) and ``evidence``.
    base
        What was handed out: new records under one number stay apart, they may be two things.

    Examples
    --------
    >>> base = {"markers": ({"number": "1"},)}
    >>> late = {"number": "1", "state": "lost", "recorded_at": "2026-03-02"}
    >>> early = {"number": "1", "state": "good", "remarks": "清理", "recorded_at": "2026-03-01"}
    >>> folded("markers", [late, early, late], base=base)[0]["state"]
    'lost'
    """
    known = {key_of(layer, each) for each in base.get(layer, ())}
    by_key: dict[str, dict[str, Any]] = {}
    apart: list[dict[str, Any]] = []
    for each in sorted(rows, key=in_order):
        key = key_of(layer, each)
        if key not in known:
            apart.append(dict(each))
            continue
        before = by_key.get(key, {})
        evidence = dict.fromkeys([*before.get("evidence", ()), *each.get("evidence", ())])
        by_key[key] = {**before, **each, "evidence": tuple(evidence)}
    return [*by_key.values(), *apart]


def keys(layer: Layer, rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the keys that rows of a form name, answered or not.

    Examples
    --------
    >>> keys("segments", [{"line_code": "4210", "ordinal": "1"}, {"line_code": None}])
    {'4210:1'}
    """
    named = set()
    for row in rows:
        cells, _ = _cells(layer, row)
        if set(KEYS[layer]) <= cells.keys():
            named.add(key_of(layer, cells))
    return named

"""What an import changes of what is on record, field by field: shown before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from gazetteer.common.language import Text
from gazetteer.exchange import labels
from gazetteer.kinds import Kind
from gazetteer.store import Change, County
from gazetteer.store.frames import CODES, HIDDEN, table_of
from gazetteer.store.tracing import corrections

SHOWN = 10
_QUIET = HIDDEN | {"source", "crs_source"}
"""Columns whose change is no news: bookkeeping, what is computed of a name, where it came from."""
_SHAPE = Text("图形", "geometry")
_LONG = 40
NAMED = ("divisions", "places", "names")
"""Layers whose things have their names in a table of their own."""


class Changed(NamedTuple):
    """One field of a record that an import writes anew.

    `called` is the code, number or name of the record, `field` the column, `before` and `after`
    its values; those of a geometry are not told.
    """

    called: str
    field: str
    before: Any
    after: Any

    def say(self, words: dict[str, str]) -> Text:
        """Return the change as one line."""
        if self.field == "geom":
            return Text(f"{self.called} {_SHAPE.zh}", f"{self.called} {_SHAPE.en}")
        pair = f"{_short(self.before)} → {_short(self.after)}"
        called = words.get(self.field, self.field)
        return Text(f"{self.called} {called}：{pair}", f"{self.called} {self.field}: {pair}")


def _short(value: Any) -> str:
    text = "—" if value is None or value == "" else str(value)
    return text if len(text) <= _LONG else text[:_LONG] + "…"


def changed(county: County, change: Change, kind: Kind) -> tuple[Changed, ...]:
    """Return what the open change has altered of what was on record before it.

    Parameters
    ----------
    county, change
        The county file and its open transaction.
    kind
        The kind that has landed; the names of its things are looked at, too.

    Returns
    -------
    tuple[Changed, ...]
        A field each; new records are none of them.
    """
    # of several kinds in one event each tells its own: only these bear names
    named = [table_of("names")] if kind.layer in NAMED else []
    tables = dict.fromkeys([table_of(kind.layer), *named])
    codes = {thing: code for code, thing in county.division_ids().items()}
    return tuple(
        Changed(_called(after), CODES.get(name, name), _code(one, codes), _code(other, codes))
        for table in tables
        for after, fields in corrections(county.connection, table, change.event)
        for name, (one, other) in fields.items()
        if name not in _QUIET
    )


def _called(row: dict[str, Any]) -> str:
    known = (row.get(each) for each in ("code", "number", "text", "name", "key"))
    first = next((str(each) for each in known if each), str(row["id"]))
    name = row.get("name")
    return f"{first} {name}" if name and name != first else first


def _code(value: Any, codes: dict[str, str]) -> Any:
    """Return the code of a division in place of its id; what is no JSON value as text."""
    if isinstance(value, str):
        return codes.get(value, value)
    return None if isinstance(value, bytes) else value


def sentences(changes: Iterable[Changed], kind: str) -> Iterator[Text]:
    """Yield what to say about the fields that an import changes.

    Examples
    --------
    >>> one = Changed("421081102 新厂镇", "kind", None, "镇")
    >>> [each.zh for each in sentences([one], "divisions")]
    ['改动库中已有内容 1 处：', '  421081102 新厂镇 类型：— → 镇']
    """
    every = [*changes]
    if every:
        zh, en = f"改动库中已有内容 {len(every)} 处：", f"{len(every)} fields on record change:"
        yield Text(zh, en)
    words = {**labels("names"), **labels(kind)}
    for each in every[:SHOWN]:
        said = each.say(words)
        yield Text(f"  {said.zh}", f"  {said.en}")
    if (rest := len(every) - SHOWN) > 0:
        yield Text(f"  另有 {rest} 处（--json 全列）", f"  and {rest} more (--json lists all)")

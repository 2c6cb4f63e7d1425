"""What stored values are called on the screen: words for enumerations, local time, plain numbers.

Logs and ``--json`` keep what is stored; these are for people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from cli import wording
from gazetteer.common import tables
from gazetteer.common.language import Text
from gazetteer.common.value_words import value_titles

if TYPE_CHECKING:
    import pandas as pd

    from gazetteer.store import County

TABLE = "screen_words.csv"


@cache
def _words() -> dict[tuple[str, str], Text]:
    rows = tables.rows(TABLE)
    return {(row["field"], row["value"]): Text(row["zh"], row["en"]) for row in rows}


def called(field: str, stored: Any) -> str:
    """Return the word for a stored value of a field; the value where it is no enumerated one.

    Examples
    --------
    >>> called("level", "township"), called("level", "甲"), called("difference", None)
    ('township', '甲', '')
    """
    if stored is None:
        return ""
    known = _words().get((field, str(stored))) or value_titles().get(field, {}).get(str(stored))
    return str(stored) if known is None else wording.told(known)


def step(ledger: str, stored: str) -> str:
    """Return what a step of an application or of the clean-up is called.

    Examples
    --------
    >>> step("own", "expert"), step("cleanup", "new")
    ('expert argument', 'new')
    """
    from gazetteer.names.applications import machine

    known = machine.ledger(ledger).get(stored)
    return called("case_state", stored) if known is None else wording.told(known.title)


def state(ledger: str, stored: str) -> str:
    """Return what the state of a case is called: its last step, or that it is new or complete.

    Examples
    --------
    >>> state("own", "review"), state("own", "complete")
    ('review', 'complete')
    """
    ending = stored if ("case_state", stored) in _words() else ""
    return called("case_state", ending) if ending else step(ledger, stored)


def command(stored: str) -> str:
    """Return what a command of the log is called: steps of cases by the step.

    Examples
    --------
    >>> command("import names"), command("applications review")
    ('import names', 'applications review')
    """
    group, _, rest = stored.partition(" ")
    if ("command", stored) in _words() or wording.language() == "en":
        return called("command", stored)
    if group in ("applications", "ledger"):
        title = step("own" if group == "applications" else "cleanup", rest)
        return f"{called('command_group', group)}{title}"
    if group == "disputes" and rest.startswith("step "):
        return f"{called('command_group', group)}{dispute_step(rest[5:])}"
    return stored


def dispute_step(stored: str) -> str:
    """Return what a step of a dispute is called."""
    from boundaries.disputes.dispute import step_kinds

    known = step_kinds().get(stored)
    return stored if known is None else wording.told(known.title)


def landed(counts: Mapping[str, Any] | str) -> str:
    """Return how many records of which layer an event has written.

    Examples
    --------
    >>> landed({"names_new": 2, "names_updated": 0, "lines_updated": 1, "applied": 3})
    'place names: 2 new; boundary lines: 1 updated; 3 applied'
    """
    found: dict[str, list[str]] = {}
    for name, count in (json.loads(counts) if isinstance(counts, str) else counts).items():
        if not count:
            continue
        table, _, what = name.rpartition("_")
        told = counted({what: count}, field="row_count")
        found.setdefault(table, []).append(told)
    zh = wording.language() == "zh"
    parts = (
        (layer(table) + ("：" if zh else ": ") if table else "") + listed(told)
        for table, told in found.items()
    )
    return ("；" if zh else "; ").join(parts)


def source(stored: str | None) -> str:
    """Return from what an event took its records: a file, or how many.

    Examples
    --------
    >>> source("12 files"), source("表.xlsx"), source(None)
    ('12 files', '表.xlsx', '')
    """
    several = re.fullmatch(r"(\d+) files", stored or "")
    return wording.sentence("{count} files", count=int(several[1])) if several else stored or ""


def plate(stored: str) -> str:
    """Return what a class of plates is called.

    Examples
    --------
    >>> plate("road"), plate("nothing of the kind")
    ('road sign', 'nothing of the kind')
    """
    return wording.told(_plates().get(stored, Text(stored, stored)))


@cache
def _plates() -> dict[str, Text]:
    rows = tables.rows("sign_plates.csv")
    return {row["plate_class"]: Text(row["zh"], row["en"]) for row in rows}


@cache
def _fields() -> dict[str, Text]:
    rows = tables.rows("field_labels.csv")
    return {row["field"]: Text(row["zh"], row["en"]) for row in rows}


def field(name: str) -> str:
    """Return what a field is called.

    Examples
    --------
    >>> field("valid_from"), field("geom")
    ('Valid from', 'shape')
    """
    known = _fields().get(name)
    return called("field", name) if known is None else wording.told(known)


def layer(name: str) -> str:
    """Return what a layer or a table of the county file is called.

    Examples
    --------
    >>> layer("divisions"), layer("division"), layer("nothing of the kind")
    ('divisions', 'divisions', 'nothing of the kind')
    """
    from gazetteer.kinds import KINDS

    for each in KINDS.values():
        if name in (each.name, each.word, each.table):
            return wording.told(each.title)
    return called("layer", name)


def moment(stored: str | None) -> str:
    """Return a moment of the log (UTC) with date and minute of local time; a day as it is.

    Examples
    --------
    >>> moment("2026-03-30"), moment(None), len(moment("2026-03-30T08:30:12.5Z"))
    ('2026-03-30', '', 16)
    """
    text = stored or ""
    if "T" not in text:
        return text
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


ALIAS = {
    ("application", "kind"): "case_kind",
    ("inspection", "state"): "round_state",
    ("dispute", "state"): "dispute_state",
    ("sign_order", "state"): "order_state",
    ("sign_key", "state"): "key_state",
    ("ledger", "kind"): "matter",
}
"""Columns whose values have words of their own, as the column alone does not tell."""


def of_table(table: str, column: str, stored: Any, names: Mapping[str, str]) -> str:
    """Return a stored value of a table's column as people read it; see `shown`.

    Examples
    --------
    >>> of_table("application", "state", "review", {}), of_table("ledger", "kind", "contact", {})
    ('review', 'contact')
    """
    if (table, column) in (("application", "state"), ("application_step", "step")) and stored:
        return state("own", str(stored))
    return shown(ALIAS.get((table, column), column), stored, names)


def shown(field: str, stored: Any, names: Mapping[str, str] | None = None) -> str:
    """Return a stored value of a field as people read it, in one short line.

    Parameters
    ----------
    field
        Name of the column.
    stored
        Value as the county file has it; a geometry as WKT.
    names
        Names by id, for columns that point to another record.

    Examples
    --------
    >>> shown("level", "township"), shown("length_m", 20341.27), shown("geom", "POINT (1 2)")
    ('township', '20341.27', 'a shape')
    >>> shown("facts", '{"scale": "1千米"}'), shown("left_id", "2c55", {"2c55": "曲江"})
    ('Scale: 1千米', '曲江')
    """
    if stored is None or stored == "":
        return wording.word("empty")
    if field == "geom":
        return wording.word("a shape")
    if field.endswith(("_at", "_on", "at")) and isinstance(stored, str):
        return moment(stored)
    if isinstance(stored, bool | float):
        return number(stored) if isinstance(stored, float) else wording.word("yes")
    if isinstance(stored, str) and stored.startswith(("{", "[")):
        return _parts(stored)
    return (names or {}).get(str(stored)) or called(field, stored)


def _parts(stored: str) -> str:
    """Return what a JSON text holds in words; of a list of objects how many there are."""
    try:
        held = json.loads(stored)
    except ValueError:
        return stored
    if isinstance(held, dict):
        plain = {
            name: each
            for name, each in held.items()
            if not isinstance(each, dict | list) and each not in (None, "")
        }
        return listed(f"{field(name)}: {each}" for name, each in plain.items())
    if any(isinstance(each, dict | list) for each in held):
        return wording.sentence("{count} entries", count=len(held))
    return listed(held)


def key(told: str, names: Mapping[str, str] | None = None) -> str:
    """Return a record's key as people read it: enumerated parts by their words.

    Examples
    --------
    >>> key("429921 / 楚溪县 / standard"), key("2026-01 / 1A / joint")
    ('429921 / 楚溪县 / standard', '2026-01 / 1A / joint')
    """
    parts = (
        wording.word("known by its shape")
        if each.startswith("geometry:")
        else with_name(called("key_part", called("role", each)), names or {})
        for each in told.split(" / ")
    )
    return " ".join(parts) if wording.language() == "zh" else " / ".join(parts)


def names_by_code(county: County, layer: str) -> dict[str, str]:
    """Return the names of a layer's records by code."""
    return names_in(county.layer(layer))


def names_in(frame: pd.DataFrame) -> dict[str, str]:
    """Return the names in a frame by code; nothing where it has none."""
    if "name" not in frame:
        return {}
    return dict(zip(frame["code"].astype(str), frame["name"].fillna("").astype(str), strict=True))


def with_name(code: str, names: Mapping[str, str]) -> str:
    """Return a code behind the name of what it stands for.

    Examples
    --------
    >>> with_name("429921100", {"429921100": "长乐镇"}), with_name("4299", {})
    ('长乐镇 429921100', '4299')
    """
    return f"{names[code]} {code}" if names.get(code) else code


def listed(items: Iterable[Any]) -> str:
    """Return a list in one line.

    Examples
    --------
    >>> listed(["甲", "乙"])
    '甲, 乙'
    """
    return wording.told(tuple(items))


def counted(counts: Mapping[str, int], *, field: str) -> str:
    """Return how many there are of each value of a field.

    Examples
    --------
    >>> counted({"error": 2, "note": 1}, field="severity")
    '2 error, 1 note'
    """
    zh = wording.language() == "zh"
    pairs = ((called(field, name), number) for name, number in counts.items())
    parts = [f"{name} {number}" if zh else f"{number} {name}" for name, number in pairs]
    return ("，" if zh else ", ").join(parts)


def number(value: float) -> str:
    """Return a number without a needless point: up to two digits behind it.

    Examples
    --------
    >>> number(2031.0), number(0.5), number(12.346), number(-0.001)
    ('2031', '0.5', '12.35', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def share(value: float) -> str:
    """Return a share or a score between 0 and 1 in per cent.

    Examples
    --------
    >>> share(0.954), share(1)
    ('95%', '100%')
    """
    return f"{value:.0%}"

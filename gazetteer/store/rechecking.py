"""Findings on record that a change has made untrue are closed in its own event.

Who keeps findings tells with them which check has found them and how it was asked; a change that
touches what they speak of asks that check again, inside its transaction. Findings that are gone are
closed, and what stands in their place (a gap that is narrower now) is recorded. Undoing the change
opens them again. What a person has seen on the spot (a joint inspection) cannot be asked again
here: the next round closes it.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from gazetteer.common.errors import GazetteerError
from gazetteer.common.findings import Finding
from gazetteer.store import findings, snapshots
from gazetteer.store.change import Change
from gazetteer.store.described import schema
from gazetteer.store.findings import ASKED

if TYPE_CHECKING:
    from gazetteer.store.county import County

_log = logging.getLogger(__name__)

CHECK, HOW = "check", "how"
"""What is told with findings that are kept: the check, and what it was asked."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """A check that can be asked again of a county file.

    Parameters
    ----------
    tables
        What it reads: a change of other tables leaves its findings true.
    again
        Gives all it finds now, asked as it was (`how`).
    by_subject
        Whether only findings of what was touched can have become untrue, so that a change of
        other rows need not ask it.
    """

    tables: frozenset[str]
    again: Callable[[County, Mapping[str, Any]], Sequence[Finding]]
    by_subject: bool = False


Checks = Callable[[], Mapping[str, Recheck]]
_CHECKS: ContextVar[Checks | None] = ContextVar("gazetteer_checks", default=None)


@contextmanager
def using(checks: Checks) -> Iterator[None]:
    """Ask these checks again when a change touches what their findings speak of.

    Parameters
    ----------
    checks
        Gives them by name, when there is a finding to ask about.
    """
    before = _CHECKS.set(checks)
    try:
        yield
    finally:
        _CHECKS.reset(before)


def asked(check: str, **how: Any) -> dict[str, Any]:
    """Return what is told with findings that are kept, for `gazetteer.store.keep_findings`.

    Examples
    --------
    >>> asked("boundaries check", faces=False)
    {'check': 'boundaries check', 'how': {'faces': False}}
    """
    told = {CHECK: check, HOW: dict(sorted(how.items()))}
    return dict(json.loads(json.dumps(told)))  # as it comes back from the county file


def close_untrue(county: County, change: Change) -> int:
    """Close the findings on record that an open change has made untrue; return how many.

    Parameters
    ----------
    county
        The county file, within the change.
    change
        All of whose rows are written.
    """
    checks = _CHECKS.get()
    groups = {} if checks is None else _kept(change.connection)
    if checks is None or not groups:
        return 0
    tables = [each.name for each in schema.RECORDED]
    rows = {each: _rows(change.connection, each, change.event) for each in tables}
    touched = {name for name, fids in rows.items() if fids}
    words = _words(change.connection, rows)
    closed = 0
    for asked, before in groups.items():
        told = json.loads(asked)
        known = checks().get(told[CHECK])
        if known is None or not known.tables & touched:
            continue
        if not known.by_subject or any(words & each.about for each in before):
            closed += _closed(county, change, known, told, before)
    if closed:
        change.count(findings_closed=closed)
        if (run := snapshots.present()) is not None:
            run.closed += closed
    return closed


class _Kept(NamedTuple):
    """An open finding: its id, its rule, and what it speaks of."""

    id: str
    rule: str
    about: frozenset[str]


def _kept(connection: sqlite3.Connection) -> dict[str, list[_Kept]]:
    """Return the open findings by how they were asked for, as JSON."""
    query = (
        "SELECT finding, rule, subject, related, details FROM finding WHERE state = 'open' "
        "AND instr(details, ?)"
    )
    groups: dict[str, list[_Kept]] = {}
    for finding, rule, subject, related, details in connection.execute(query, (f'"{ASKED}"',)):
        told = json.loads(details).get(ASKED)
        if isinstance(told, dict) and told.keys() == {CHECK, HOW}:
            about = frozenset({str(subject), *map(str, json.loads(related or "[]"))})
            key = json.dumps(told, sort_keys=True)
            groups.setdefault(key, []).append(_Kept(str(finding), str(rule), about))
    return groups


def _rows(connection: sqlite3.Connection, table: str, event: int) -> list[int]:
    """Return the rows of a table that an event has written, changed or taken away."""
    query = (
        f'SELECT fid FROM "{table}" WHERE event = ? UNION '
        f'SELECT fid FROM "{table}_history" WHERE superseded_by = ?'
    )
    return [int(fid) for (fid,) in connection.execute(query, (event, event))]


def _words(connection: sqlite3.Connection, rows: Mapping[str, Iterable[int]]) -> set[str]:
    """Return by which words findings may speak of rows: ids, and the names of things."""
    words: set[str] = set()
    for table, fids in rows.items():
        if table == "finding":
            continue
        for past in ("", "_history"):
            query = f'SELECT id FROM "{table}{past}" WHERE fid = ?'
            for fid in fids:
                words |= {str(each) for (each,) in connection.execute(query, (fid,))}
    for past in ("", "_history"):
        names = connection.execute(f'SELECT id, thing_id FROM "name{past}"')
        words |= {str(name) for name, thing in names if thing in words}
    return words


def _closed(
    county: County,
    change: Change,
    known: Recheck,
    told: Mapping[str, Any],
    before: Sequence[_Kept],
) -> int:
    """Ask a check again and close the findings that are gone; what it cannot answer stays."""
    try:
        found = {each.id: each for each in known.again(county, told[HOW])}
    except GazetteerError as error:
        _log.info("findings stay open: %s", error)
        return 0
    gone = [each for each in before if each.id not in found]
    places = {(each.rule, each.about) for each in gone}
    new = [
        each
        for each in found.values()
        if (each.rule, frozenset({each.subject, *each.related})) in places
    ]
    findings.record(change, new, asked=told)
    return findings.close(change, [each.id for each in gone])

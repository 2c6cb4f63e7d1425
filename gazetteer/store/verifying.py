"""A look over the whole log: everything is recomputed, and what does not agree is told.

All is read from one state of the file, so that nobody's writing meanwhile looks like tampering.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gazetteer.common.language import Text, Told
from gazetteer.store import derived, digests, events, inventory

NAMED = 12
WHAT = {
    "added": Text("新增", "added"),
    "changed": Text("变更", "changed"),
    "removed": Text("删除", "removed"),
}

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look over the whole log has found.

    Parameters
    ----------
    events, sealed, unsealed
        Numbers of events in all, with a hash, and without.
    broken
        One sentence for each event whose header, rows or place in the chain was changed.
    head
        Hash of the last sealed event.
    differing
        One sentence for each setting, schema object or style that is not as the last event left
        it, and for each derived table (search, R-tree) that is not what the records give.
    noted
        One sentence for each event that says what other programs did to settings, schema or
        styles, and for each that was put into the log past this program.
    """

    events: int
    sealed: int
    unsealed: int
    broken: tuple[str, ...]
    head: str
    differing: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether file and log agree in everything."""
        return not (self.broken or self.differing)

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: [*each] if isinstance(each, tuple) else each for name, each in told.items()}


def verify(connection: sqlite3.Connection, *, against: str | None = None) -> Verification:
    """Recompute the whole chain, every row's part in it, and what is derived from the rows.

    Parameters
    ----------
    connection
        Open county file, that reads from one state: see `County.snapshot`.
    against
        Hash of a receipt kept outside; it must be that of some event of this chain.

    Returns
    -------
    What was found; nothing is changed.
    """
    with digests.any_text(connection):
        found = events.whole(connection)
        broken = [*_damaged(connection), *_chain(found), *_rows(connection, found)]
        broken += _unexplained(connection)
        if against is not None and against not in {each["hash"] for each in found}:
            broken.append(Told.of("receipt {head}… is not in this chain", head=against[:12]))
        differing = (*_state(connection, found), *derived.differences(connection))
    sealed = [each for each in found if each["hash"] is not None]
    return Verification(
        events=len(found),
        sealed=len(sealed),
        unsealed=len(found) - len(sealed),
        broken=tuple(broken),
        head=str(sealed[-1]["hash"]) if sealed else events.GENESIS,
        differing=differing,
        noted=tuple(_noted(found)),
    )


def _damaged(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what SQLite finds: an index that lost its entries hides rows from every query."""
    for (told,) in connection.execute(f"PRAGMA integrity_check({NAMED})"):
        if told != "ok":
            yield Told.of("the file is damaged: {what}", what=told)


def _chain(found: Sequence[Event]) -> Iterator[str]:
    previous, unsealed, present = events.GENESIS, None, False
    for event in found:
        own = event["hash"]
        if own is None:
            unsealed = event["id"] if unsealed is None else unsealed
            continue
        if unsealed is not None:
            yield Told.of(
                "event {number}: not sealed, but event {later} behind it is",
                number=unsealed,
                later=event["id"],
            )
            unsealed = None
        header = events.header(event)
        if event["previous_hash"] != previous or own != events.chained(header, previous):
            yield Told.of("event {number}: header or chain changed", number=event["id"])
        if present and "digest" not in header:
            yield Told.of(
                "event {number}: hashed as events before it no longer were", number=event["id"]
            )
        present = present or "digest" in header
        previous = str(own)


def _unexplained(connection: sqlite3.Connection) -> Iterator[str]:
    for event in events.unexplained(connection):
        who, what = digests.plain(event["actor"]), digests.plain(event["command"])
        yield Told.of(
            "event {number}: not sealed, but in the name of {who!r} ({what!r})",
            number=event["id"],
            who=who,
            what=what,
        )


def _rows(connection: sqlite3.Connection, found: Sequence[Event]) -> Iterator[str]:
    first = next((each["id"] for each in found if each["digest"] is not None), None)
    last = found[-1]["id"] if first is None and found else (first or 1) - 1
    old = digests.rows_hashes_1(connection, last=last)
    new = {} if first is None else digests.rows_hashes(connection, after=0, first=first)
    for event in found:
        made, nothing = (old, digests.NOTHING_1) if event["id"] <= last else (new, digests.NOTHING)
        if event["hash"] is not None and event["rows_hash"] != made.get(event["id"], nothing):
            yield Told.of("event {number}: rows changed outside the log", number=event["id"])
    for table, number in digests.strays(connection):
        yield Told.of("rows of no event ({table}: {number})", table=table, number=number)


def _state(connection: sqlite3.Connection, found: Sequence[Event]) -> Iterator[str]:
    sealed = [each for each in found if each["state_hash"] is not None]
    if not sealed:
        return
    last, items = sealed[-1], inventory.present(connection)
    differing = inventory.differences(inventory.stored(connection), inventory.hashes(items))
    for what, names in differing.as_json().items():
        known = WHAT[what]
        for name in names[:NAMED]:
            yield Told.of(
                "{name}: {what} since event {number}", name=name, what=known, number=last["id"]
            )
        if len(names) > NAMED:
            yield Told.of(
                "{count} more: {what} since event {number}",
                count=len(names) - NAMED,
                what=known,
                number=last["id"],
            )
    if not differing and inventory.state_hash(items) != last["state_hash"]:
        yield Told.of(
            "settings, schema or styles: not as event {number} left them", number=last["id"]
        )


def _noted(found: Sequence[Event]) -> Iterator[str]:
    for event in found:
        if (event["actor"], event["command"]) == (events.ELSEWHERE, events.EDIT_FILE):
            yield Told.of(
                "event {number}: another program changed {detail}",
                number=event["id"],
                detail=event["detail"],
            )
        elif str(event["detail"]).startswith(f'{{"{events.UNEXPLAINED}"'):
            yield Told.of(
                "event {number}: no command and no trigger has written it", number=event["id"]
            )

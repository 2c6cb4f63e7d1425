"""A look over the whole log: everything is recomputed, and what does not agree is told.

All is read from one state of the file, so that nobody's writing meanwhile looks like tampering.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gazetteer.store import derived, digests, events, inventory

NAMED = 12

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
            broken.append(f"receipt {against[:12]}… is not in this chain")
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
            yield f"the file is damaged: {told}"


def _chain(found: Sequence[Event]) -> Iterator[str]:
    previous, unsealed, present = events.GENESIS, None, False
    for event in found:
        own = event["hash"]
        if own is None:
            unsealed = event["id"] if unsealed is None else unsealed
            continue
        if unsealed is not None:
            yield f"event {unsealed}: not sealed, but event {event['id']} behind it is"
            unsealed = None
        header = events.header(event)
        if event["previous_hash"] != previous or own != events.chained(header, previous):
            yield f"event {event['id']}: header or chain changed"
        if present and "digest" not in header:
            yield f"event {event['id']}: hashed as events before it no longer were"
        present = present or "digest" in header
        previous = str(own)


def _unexplained(connection: sqlite3.Connection) -> Iterator[str]:
    for event in events.unexplained(connection):
        who, what = digests.plain(event["actor"]), digests.plain(event["command"])
        yield f"event {event['id']}: not sealed, but in the name of {who!r} ({what!r})"


def _rows(connection: sqlite3.Connection, found: Sequence[Event]) -> Iterator[str]:
    first = next((each["id"] for each in found if each["digest"] is not None), None)
    last = found[-1]["id"] if first is None and found else (first or 1) - 1
    old = digests.rows_hashes_1(connection, last=last)
    new = {} if first is None else digests.rows_hashes(connection, after=0, first=first)
    for event in found:
        made, nothing = (old, digests.NOTHING_1) if event["id"] <= last else (new, digests.NOTHING)
        if event["hash"] is not None and event["rows_hash"] != made.get(event["id"], nothing):
            yield f"event {event['id']}: rows changed outside the log"
    for table, number in digests.strays(connection):
        yield f"rows of no event ({table}: {number})"


def _state(connection: sqlite3.Connection, found: Sequence[Event]) -> Iterator[str]:
    sealed = [each for each in found if each["state_hash"] is not None]
    if not sealed:
        return
    last, items = sealed[-1], inventory.present(connection)
    differing = inventory.differences(inventory.stored(connection), inventory.hashes(items))
    for what, names in differing.as_json().items():
        yield from (f"{name}: {what} since event {last['id']}" for name in names[:NAMED])
        if len(names) > NAMED:
            yield f"{len(names) - NAMED} more: {what} since event {last['id']}"
    if not differing and inventory.state_hash(items) != last["state_hash"]:
        yield f"settings, schema or styles: not as event {last['id']} left them"


def _noted(found: Sequence[Event]) -> Iterator[str]:
    for event in found:
        if (event["actor"], event["command"]) == (events.ELSEWHERE, events.EDIT_FILE):
            yield f"event {event['id']}: another program changed {event['detail']}"
        elif str(event["detail"]).startswith(f'{{"{events.UNEXPLAINED}"'):
            yield f"event {event['id']}: no command and no trigger has written it"

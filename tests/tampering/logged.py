"""The log itself edited, cut, reordered, rewritten."""

from __future__ import annotations

import shutil
import sqlite3

from gazetteer.store import County, events
from tests.tampering.way import Desk, Way, sql, told

CHAIN = "header or chain changed"
FOREIGN = "is not in this chain"
TAIL = "Nothing in a file tells that there was more of it; the receipt does."


def rewritten(desk: Desk) -> None:
    """Change something and hash the whole log anew, as the program does it."""
    with desk.opened() as c:
        c.execute("UPDATE boundary_line SET legal_status = 'disputed'")
        c.execute("UPDATE event SET hash = NULL, digest = NULL, state_hash = NULL")
    connection = sqlite3.connect(desk.path, isolation_level=None)
    events.seal(connection)
    connection.close()


def downgraded(desk: Desk) -> None:
    """Hash the last event as version 1 did, which does not bind the place of rows."""
    with desk.opened() as c:
        c.execute("UPDATE event SET digest = NULL, state_hash = NULL WHERE id = 6")
        (event,) = events.whole(c, "id = 6")
        own = events.chained(events.header(event), event["previous_hash"])
        c.execute("UPDATE event SET hash = ? WHERE id = 6", (own,))


def cut(desk: Desk) -> None:
    shutil.copy(desk.older, desk.path)


def unsealed_and_changed(desk: Desk) -> None:
    with desk.opened() as c:
        c.execute("UPDATE finding SET message = '假'")
        c.execute(
            "UPDATE event SET hash = NULL, previous_hash = NULL, rows_hash = NULL, digest = NULL "
            "WHERE id >= (SELECT event FROM finding)"
        )


def reordered(desk: Desk) -> None:
    with desk.opened() as c:
        for before, after in ((3, 0), (4, 3), (0, 4)):
            c.execute("UPDATE event SET id = ? WHERE id = ?", (after, before))


def inserted(desk: Desk) -> None:
    with desk.opened() as c:
        c.execute("UPDATE event SET id = 7 WHERE id = 6")
        c.execute(
            "INSERT INTO event (id, at, actor, command, digest, rows_hash, state_hash, "
            "previous_hash, hash) SELECT 6, at, 'x', 'x', digest, rows_hash, state_hash, "
            "previous_hash, hash FROM event WHERE id = 5"
        )


def elsewhere(desk: Desk) -> None:
    """Edit a row as QGIS would: through the triggers."""
    connection = sqlite3.connect(desk.path, isolation_level=None)
    connection.execute("UPDATE sign_key SET reason = '假'")
    connection.close()


def commanded(desk: Desk) -> None:
    with County(desk.path, writing=True) as county, county.change("edit", actor="某某") as change:
        change.connection.execute("UPDATE sign_key SET reason = '假'")


UNNAMED = "not sealed, but in the name of"
_FORGED = "INSERT INTO event (at, actor, command, account, host) VALUES ('2026-03-01T02:00:00Z'"
_LAST = "Whoever may write can write in another's name; the receipt shows that it came later."

WAYS = (
    told("who did it changed", CHAIN, sql("UPDATE event SET actor = '别人' WHERE id = 3")),
    told(
        "when it was done changed",
        CHAIN,
        sql("UPDATE event SET at = '2001-01-01T00:00:00Z' WHERE id = 3"),
    ),
    told(
        "reason, document or source changed",
        CHAIN,
        sql("UPDATE event SET document = '假' WHERE id = 3"),
    ),
    told("account or host changed", CHAIN, sql("UPDATE event SET host = '别处' WHERE id = 3")),
    told(
        "account and host emptied",
        CHAIN,
        sql("UPDATE event SET host = NULL, account = NULL WHERE id = 3"),
    ),
    told(
        "text put behind a NUL in an event",
        CHAIN,
        sql("UPDATE event SET actor = actor || char(0) || '假' WHERE id = 3"),
    ),
    told(
        "an event removed from the middle, its rows kept",
        CHAIN,
        sql("DELETE FROM event WHERE id = 3"),
    ),
    told(
        "the last event removed, its rows kept",
        "rows of no event",
        sql("DELETE FROM event WHERE id = 6"),
    ),
    told("two events exchanged", CHAIN, reordered),
    told("an event put in between", CHAIN, inserted),
    told(
        "an event in the middle made unsealed",
        "not sealed, but event",
        sql("UPDATE event SET hash = NULL WHERE id = 3"),
    ),
    told(
        "the digest of rows changed in its event",
        CHAIN,
        sql("UPDATE event SET rows_hash = 'ab' WHERE id = 3"),
    ),
    told("an event hashed by the older version, which binds less", "no longer were", downgraded),
    told("the last events made unsealed, a row changed", UNNAMED, unsealed_and_changed),
    told(
        "an event put at the end in an officer's name, for the next command to seal",
        UNNAMED,
        sql(f"{_FORGED}, '王海', 'names approve', 'wanghai', 'pc')"),
    ),
    told(
        "an edit elsewhere with an account put to it",
        UNNAMED,
        sql(f"{_FORGED}, 'external editor', 'edit update', 'wanghai', 'pc')"),
    ),
    Way(
        "an edit elsewhere put at the end that was none",
        sql(f"{_FORGED}, 'external editor', 'edit update', NULL, NULL)"),
        why="It bears nobody's name; the log shows it as an edit elsewhere.",
    ),
    Way(
        "a row changed and the whole log hashed anew",
        rewritten,
        receipt=FOREIGN,
        why="Whoever knows the format can; a receipt, best signed, tells.",
    ),
    Way("the log cut to an earlier head, rows with it", cut, receipt=FOREIGN, why=TAIL),
    Way(
        "a row edited elsewhere through the triggers (QGIS)",
        elsewhere,
        why="It is an event like any other: the log shows it as an edit elsewhere.",
    ),
    Way("a command run in another's name", commanded, why=_LAST),
)

"""Rows changed, added, taken away, moved between present and history."""

from __future__ import annotations

import sqlite3

from tests.tampering.way import Desk, sql, told

CHANGED = "rows changed outside the log"


def columns(connection: sqlite3.Connection, table: str) -> str:
    """Return the columns of a table, quoted and joined."""
    rows = connection.execute(f"PRAGMA table_info({table})")
    return ", ".join(f'"{row[1]}"' for row in rows)


def hide(desk: Desk) -> None:
    with desk.opened() as c:
        names = columns(c, "name")
        c.execute(
            f"INSERT INTO name_history ({names}, superseded_by) "
            f"SELECT {names}, 4 FROM name WHERE text = '藏龙镇'"
        )
        c.execute("DELETE FROM name WHERE text = '藏龙镇'")


def revive(desk: Desk) -> None:
    with desk.opened() as c:
        names = columns(c, "zone")
        c.execute(f"INSERT INTO zone ({names}) SELECT {names} FROM zone_history WHERE name = '废'")
        c.execute("DELETE FROM zone_history WHERE name = '废'")


def swap(desk: Desk) -> None:
    with desk.opened() as c:
        names = columns(c, "boundary_line")
        marks = ", ".join("?" * (names.count(",") + 1))
        now = c.execute(f"SELECT {names} FROM boundary_line").fetchone()
        (by,) = c.execute("SELECT superseded_by FROM boundary_line_history").fetchone()
        then = c.execute(f"SELECT {names} FROM boundary_line_history").fetchone()
        c.execute("DELETE FROM boundary_line")
        c.execute("DELETE FROM boundary_line_history")
        c.execute(f"INSERT INTO boundary_line ({names}) VALUES ({marks})", then)
        c.execute(
            f"INSERT INTO boundary_line_history ({names}, superseded_by) VALUES ({marks}, ?)",
            (*now, by),
        )


def exchange(desk: Desk) -> None:
    with desk.opened() as c:
        (one,), (other,) = c.execute("SELECT id FROM division ORDER BY fid LIMIT 2")
        c.execute(
            "UPDATE division SET id = iif(id = ?, ?, ?) WHERE id IN (?, ?)",
            (one, other, one, one, other),
        )


def unreadable(desk: Desk) -> None:
    with desk.opened() as c:
        c.execute("UPDATE name SET meaning = CAST(X'FFFE41' AS TEXT) WHERE text = '藏龙镇'")


_ADDED = (
    "INSERT INTO marker (id, number, event) "
    "VALUES ((SELECT id FROM thing WHERE kind = 'marker'), '{number}', {event})"
)
_LINE = "UPDATE boundary_line SET"

WAYS = (
    told("a value of a row changed", CHANGED, sql(f"{_LINE} agreement_document = '假'")),
    told("a value emptied", CHANGED, sql(f"{_LINE} agreement_document = NULL")),
    told("a value filled that was empty", CHANGED, sql(f"{_LINE} description = '假'")),
    told("a row deleted", CHANGED, sql("DELETE FROM marker WHERE number = '2'")),
    told("a row added to a sealed event", CHANGED, sql(_ADDED.format(number="9", event=3))),
    told(
        "a row added to an event that is none",
        "rows of no event",
        sql(_ADDED.format(number="9", event=99)),
    ),
    told(
        "a row added to no event", "rows of no event", sql(_ADDED.format(number="9", event="NULL"))
    ),
    told("a row moved to the history: a township vanishes", CHANGED, hide),
    told("a past row brought back in force", CHANGED, revive),
    told("present and past state exchanged: an agreed line is de facto again", CHANGED, swap),
    told(
        "a past row changed",
        CHANGED,
        sql("UPDATE boundary_line_history SET legal_status = 'disputed'"),
    ),
    told("a past row deleted", CHANGED, sql("DELETE FROM boundary_line_history")),
    told(
        "a past row added",
        CHANGED,
        sql(
            "INSERT INTO marker_history (fid, id, number, row_version, event, superseded_by) "
            "SELECT fid, id, '假', 0, 3, 4 FROM marker WHERE number = '1'"
        ),
    ),
    told(
        "`superseded_by` set to another event",
        CHANGED,
        sql("UPDATE boundary_line_history SET superseded_by = 6"),
    ),
    told(
        "`superseded_by` set to an event that is none",
        "rows of no event",
        sql("UPDATE boundary_line_history SET superseded_by = 99"),
    ),
    told(
        "the number of a past row (`row`) changed",
        CHANGED,
        sql("UPDATE boundary_line_history SET row = 77"),
    ),
    told(
        "the event of a row changed", CHANGED, sql("UPDATE marker SET event = 4 WHERE number = '1'")
    ),
    told(
        "`valid_to` set: a name ends",
        CHANGED,
        sql("UPDATE name SET valid_to = '2020-01-01' WHERE text = '藏龙镇'"),
    ),
    told(
        "`valid_from` changed",
        CHANGED,
        sql("UPDATE division SET valid_from = '1990-01-01' WHERE code = '421081'"),
    ),
    told(
        "text put behind a NUL",
        CHANGED,
        sql("UPDATE name SET text = text || char(0) || '假' WHERE text = '藏龙镇'"),
    ),
    told("bytes that are no UTF-8", CHANGED, unreadable),
    told(
        "a text turned into a blob of the same bytes",
        CHANGED,
        sql("UPDATE marker SET number = CAST(number AS BLOB) WHERE number = '1'"),
    ),
    told(
        "a whole number turned into a blob that reads alike",
        CHANGED,
        sql("UPDATE marker SET serial = CAST('1' AS BLOB) WHERE number = '1'"),
    ),
    told(
        "a real number changed in its last digit",
        CHANGED,
        sql("UPDATE boundary_line SET length_m = length_m + 1e-9"),
    ),
    told(
        "a geometry moved",
        CHANGED,
        sql(
            "UPDATE marker SET geom = (SELECT geom FROM marker WHERE number = '2') "
            "WHERE number = '1'"
        ),
    ),
    told("a geometry taken away", CHANGED, sql("UPDATE marker SET geom = NULL WHERE number = '1'")),
    told(
        "`row_version` changed",
        CHANGED,
        sql("UPDATE marker SET row_version = 7 WHERE number = '1'"),
    ),
    told(
        "the row's number (`fid`) changed",
        CHANGED,
        sql("UPDATE marker SET fid = 77 WHERE number = '1'"),
    ),
    told("the ids of two things exchanged", CHANGED, exchange),
    told(
        "a name hung on another thing",
        CHANGED,
        sql(
            "UPDATE name SET thing_id = (SELECT id FROM thing WHERE kind = 'marker') "
            "WHERE text = '藏龙镇'"
        ),
    ),
    told(
        "a key revoked in the file made active",
        CHANGED,
        sql("UPDATE sign_key SET state = 'active'"),
    ),
    told("a finding closed", CHANGED, sql("UPDATE finding SET state = 'closed'")),
)

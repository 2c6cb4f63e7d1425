"""Applications with their steps and papers, and the clean-up ledger, as records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

import shapely

from gazetteer.store.change import Change
from gazetteer.store.geometry import encode

Record = dict[str, Any]
_STEP = ("findings", "note", "undoes", "reason", "unchecked")
PEACE = "peace:"
"""Beginning of the numbers under which agreements, meetings and contacts stand in the ledger."""


def applications(connection: sqlite3.Connection, number: str | None = None) -> list[Record]:
    """Return applications as records of `gazetteer.names.applications.record`, oldest first."""
    query = (
        "SELECT id, number, kind, category, name, former_name, thing_id, applicant, content "
        "FROM application WHERE :number IS NULL OR number = :number ORDER BY fid"
    )
    rows = connection.execute(query, {"number": number}).fetchall()
    return [_application(connection, *row) for row in rows]


def _application(
    connection: sqlite3.Connection,
    own: str,
    number: str,
    kind: str,
    case: str,
    text: str | None,
    old_text: str | None,
    thing_id: str | None,
    applicant: str,
    content: str,
) -> Record:
    return {
        "id": number,
        "kind": kind,
        "case": case,
        "text": text or "",
        "old_text": old_text or "",
        "thing_id": thing_id,
        "applicant": applicant,
        **json.loads(content),
        "steps": _steps(connection, own),
    }


def _steps(connection: sqlite3.Connection, application: str) -> list[Record]:
    papers: dict[int, list[Record]] = {}
    query = (
        "SELECT kind, file_name, sha256, bytes, json_extract(attributes, '$.step') "
        "FROM attachment WHERE thing_id = ? ORDER BY fid"
    )
    for kind, name, sha256, size, ordinal in connection.execute(query, (application,)):
        paper = {"document": kind, "name": name, "sha256": sha256, "size": size}
        papers.setdefault(ordinal, []).append(paper)
    query = (
        "SELECT ordinal, step, actor, on_date, content FROM application_step "
        "WHERE application_id = ? ORDER BY ordinal"
    )
    return [
        {
            "step": step,
            "actor": actor,
            "on": on,
            "documents": papers.get(ordinal, []),
            **json.loads(content),
        }
        for ordinal, step, actor, on, content in connection.execute(query, (application,))
    ]


def keep_application(
    change: Change, record: Mapping[str, Any], *, flow: str, state: str, thing_id: str | None
) -> None:
    """Record an application, new or grown by further steps; steps on record stay as they are."""
    columns = _columns(record, flow=flow, state=state, thing_id=thing_id)
    find = "SELECT id FROM application WHERE number = ?"
    row = change.connection.execute(find, (record["id"],)).fetchone()
    if row is None:
        _insert(change.connection, "application", columns)
        row = change.connection.execute(find, (record["id"],)).fetchone()
    else:
        told = ", ".join(f"{name} = :{name}" for name in columns)
        query = f"UPDATE application SET {told} WHERE number = :number"
        change.connection.execute(query, columns)
    _keep_steps(change, str(row[0]), record["steps"])


def _columns(
    record: Mapping[str, Any], *, flow: str, state: str, thing_id: str | None
) -> dict[str, Any]:
    facts = record["facts"]
    content = {"facts": facts, "consultations": record["consultations"]}
    where = [shapely.Point(*position)] if (position := _position(facts)) else [None]
    return {
        "number": record["id"],
        "kind": record["kind"],
        "flow": flow,
        "category": record["case"],
        "state": state,
        "thing_id": thing_id,
        "name": record["text"] or None,
        "former_name": record["old_text"] or None,
        "applicant": record["applicant"],
        "filed_on": next((step["on"] for step in record["steps"]), None),
        "content": json.dumps(content, ensure_ascii=False),
        "geom": encode(where)[0],
    }


def _position(facts: Mapping[str, str]) -> tuple[float, float] | None:
    return (float(facts["lon"]), float(facts["lat"])) if {"lon", "lat"} <= set(facts) else None


def _keep_steps(change: Change, application: str, steps: list[Record]) -> None:
    query = "SELECT count(*) FROM application_step WHERE application_id = ?"
    (known,) = change.connection.execute(query, (application,)).fetchone()
    for ordinal, step in enumerate(steps[known:], start=known):
        content = {name: step[name] for name in _STEP}
        row = {
            "application_id": application,
            "ordinal": ordinal,
            "step": step["step"],
            "actor": step["actor"],
            "on_date": step["on"],
            "content": json.dumps(content, ensure_ascii=False, default=str),
        }
        _insert(change.connection, "application_step", row)
        _keep_papers(change, application, ordinal, step["documents"])
    change.count(steps=len(steps) - known)


def _keep_papers(change: Change, application: str, ordinal: int, papers: list[Record]) -> None:
    for paper in papers:
        row = {
            "thing_id": application,
            "kind": paper["document"],
            "file_name": paper["name"],
            "sha256": paper["sha256"],
            "bytes": paper["size"],
            "attributes": json.dumps({"step": ordinal}),
        }
        _insert(change.connection, "attachment", row)
    change.count(documents=len(papers))


def _insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    told, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO {table} ({told}) VALUES ({marks})", row)


# ------------------------------------------------------------------ clean-up ledger


def items(connection: sqlite3.Connection, number: str | None = None) -> list[Record]:
    """Return the items of the clean-up ledger as records, oldest first."""
    query = (
        "SELECT content FROM ledger WHERE (:number IS NULL OR number = :number) "
        "AND number NOT LIKE :peace ORDER BY fid"
    )
    given = {"number": number, "peace": f"{PEACE}%"}
    return [json.loads(each) for (each,) in connection.execute(query, given)]


def keep_item(change: Change, record: Mapping[str, Any], *, state: str) -> None:
    """Record an item of the clean-up ledger, new or grown; its earlier state goes to history."""
    row = {
        "number": record["id"],
        "state": state,
        "content": json.dumps(record, ensure_ascii=False, default=str),
    }
    query = "UPDATE ledger SET state = :state, content = :content WHERE number = :number"
    if change.connection.execute(query, row).rowcount == 0:
        _insert(change.connection, "ledger", row)


def unsealed(connection: sqlite3.Connection) -> list[Record]:
    """Return the events without a hash yet: edits made by other programs."""
    names = ("id", "at", "actor", "command", "detail")
    query = f"SELECT {', '.join(names)} FROM event WHERE hash IS NULL ORDER BY id"
    return [dict(zip(names, row, strict=True)) for row in connection.execute(query)]

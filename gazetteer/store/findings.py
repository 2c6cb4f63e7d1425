"""Findings kept in the county file, where QGIS shows them; a re-check closes what was put right."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text
from gazetteer.common.lazy import gpd, pd
from gazetteer.store.change import Change
from gazetteer.store.described import schema
from gazetteer.store.geometry import SRID, decode
from gazetteer.store.landing import land

ASKED = "asked"
"""Among the stored details: which check has found it and what it was asked."""
_KEPT = ("message_en", "key", ASKED)


def keep(
    change: Change,
    findings: Sequence[Finding],
    *,
    check: str | frozenset[str],
    asked: Mapping[str, Any] | None = None,
) -> dict[str, int]:
    """Record what a check has found; open findings of the same check that are gone are closed.

    Parameters
    ----------
    change
        Open transaction.
    findings
        All that the check has found this time.
    check
        Beginning of the names of the check's rules (``tiling/``), or these names themselves.
    asked
        How the check can be asked again after a change (`gazetteer.store.rechecking.asked`).

    Returns
    -------
    How many findings are new, still open (or open again) and closed.
    """
    record(change, findings, asked=asked)
    before = _open(change.connection, check)
    present = {each.id for each in findings}
    gone = close(change, set(before) - present)
    counts = {"new": 0, "open": len(present), "closed": gone}
    counts["new"] = change.counts.get("findings_new", 0)
    change.count(findings_closed=gone)
    return counts


def record(change: Change, findings: Sequence[Finding], *, asked: Mapping[str, Any] | None) -> None:
    """Record findings as open; see `keep`."""
    found = _frame(findings, asked)
    if len(found):
        land(change, "findings", found, key=["finding"])


def close(change: Change, findings: Iterable[str]) -> int:
    """Close findings by id; return how many."""
    gone = sorted(findings)
    change.connection.executemany(
        "UPDATE finding SET state = 'closed' WHERE finding = ?", [(each,) for each in gone]
    )
    return len(gone)


def _open(connection: sqlite3.Connection, check: str | frozenset[str]) -> list[str]:
    rows = connection.execute("SELECT finding, rule FROM finding WHERE state = 'open'")
    return [
        finding
        for finding, rule in rows
        if (rule.startswith(check) if isinstance(check, str) else rule in check)
    ]


def _frame(findings: Sequence[Finding], asked: Mapping[str, Any] | None) -> pd.DataFrame:
    rows = {each.id: _row(each, asked) for each in findings}
    shapes = {each.id: each.geometry for each in findings}
    return (
        gpd.GeoDataFrame(list(rows.values()), geometry=[shapes[each] for each in rows], crs=SRID)
        if rows
        else pd.DataFrame()
    )


def _row(finding: Finding, asked: Mapping[str, Any] | None) -> dict[str, Any]:
    details = {**finding.details, "message_en": finding.message.en, "key": finding.key}
    if asked is not None:
        details[ASKED] = asked
    return {
        "finding": finding.id,
        "rule": finding.rule,
        "clause": finding.clause,
        "severity": finding.severity.value,
        "subject": finding.subject,
        "message": finding.message.zh,
        "measured": finding.measured,
        "tolerance": finding.tolerance,
        "unit": finding.unit,
        "related": json.dumps(list(finding.related), ensure_ascii=False),
        "details": json.dumps(details, ensure_ascii=False, default=str),
        "state": "open",
    }


def open_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the findings that are still open, as values."""
    names = [column.name for column in schema.finding.c]
    told = ", ".join(names)
    for values in connection.execute(f"SELECT {told} FROM finding WHERE state = 'open'"):
        row = dict(zip(names, values, strict=True))
        details = json.loads(row["details"] or "{}")
        yield Finding(
            rule=row["rule"],
            clause=row["clause"] or "",
            severity=Severity(row["severity"]),
            subject=row["subject"] or "",
            message=Text(row["message"], details.get("message_en", row["message"])),
            measured=row["measured"],
            tolerance=row["tolerance"],
            unit=row["unit"],
            related=tuple(json.loads(row["related"] or "[]")),
            geometry=decode([row["geom"]])[0],
            key=details.get("key", ""),
            details={name: value for name, value in details.items() if name not in _KEPT},
        )

"""What was noticed while loading, as findings."""

from __future__ import annotations

from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text


def note(rule: str, message: Text, severity: Severity = Severity.NOTE) -> Finding:
    """Return a finding about the data that were loaded."""
    return Finding(
        rule=rule, clause="数据检查", severity=severity, subject=rule, message=message,
    )  # fmt: skip

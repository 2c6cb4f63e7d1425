"""A finding is a value; printing, tables, maps and Word reports are made from it elsewhere."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from gazetteer.common.language import Language, Text
from gazetteer.common.lazy import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class Severity(StrEnum):
    """How much a finding weighs: only an error or a warning makes a check fail (exit status 1)."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule or a check has to say about one subject.

    Parameters
    ----------
    rule
        Name of the rule, as in the table of rules.
    clause
        What it enforces, e.g. ``地名管理条例 9(3)``.
    severity
        Weight of the finding.
    subject
        Id or code of what it is about.
    message
        The sentence an official reads.
    measured, tolerance, unit
        The value found, the value allowed, and the unit of both.
    related
        Ids or codes of the other things concerned.
    geometry
        Where, in CGCS2000 longitude and latitude (EPSG:4490).
    key
        What tells this finding from others of the same rule, subject and related things, and stays
        the same on a re-check (a place in words, a rounded position).
    details
        Further fields of the check, put beside the others in JSON and tables.

    Examples
    --------
    >>> finding = Finding(rule="rare-characters", clause="地名管理条例 9(3)", subject="p1",
    ...     severity=Severity.WARNING, message=Text("含生僻字", "has a rare character"))
    >>> finding.id == finding.id, len(finding.id)
    (True, 12)
    >>> finding.as_json("en")["message"]
    'has a rare character'
    """

    rule: str
    clause: str
    severity: Severity
    subject: str
    message: Text
    measured: float | None = None
    tolerance: float | None = None
    unit: str | None = None
    related: tuple[str, ...] = ()
    geometry: BaseGeometry | None = None
    key: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Twelve hexadecimal characters, equal for the same finding of a later check."""
        parts = "\x1f".join([self.rule, self.subject, *sorted(self.related), self.key])
        return hashlib.sha256(parts.encode()).hexdigest()[:12]

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on (one entry of ``findings``).

        Parameters
        ----------
        language
            Language of the message.

        Returns
        -------
        dict
            JSON values; `measured` and `tolerance` in `unit`, the geometry as GeoJSON in the CRS
            that it was checked in, None where there is none; `details` beside them.
        """
        shape = None if self.geometry is None else shapely.geometry.mapping(self.geometry)
        return {
            "id": self.id,
            "rule": self.rule,
            "clause": self.clause,
            "severity": self.severity.value,
            "subject": self.subject,
            "message": self.message.say(language),
            "measured": self.measured,
            "tolerance": self.tolerance,
            "unit": self.unit,
            "related": list(self.related),
            **self.details,
            "geometry": shape,
        }


def summary(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by severity, and their total.

    Examples
    --------
    >>> summary([])
    {'total': 0, 'error': 0, 'warning': 0, 'note': 0}
    """
    counts = Counter(finding.severity for finding in findings)
    return {"total": counts.total(), **{each.value: counts[each] for each in Severity}}


def failed(findings: Iterable[Finding]) -> bool:
    """Tell whether a check that found these has failed: notes alone do not fail it."""
    return any(finding.severity is not Severity.NOTE for finding in findings)

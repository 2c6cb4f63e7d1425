"""Under which facts an application keeps the numbers of its papers."""

from __future__ import annotations

NUMBERED = ("reply", "filing_report", "announcement", "certificate")
"""Documents that bear a number; it stays with the application under `fact`."""


def fact(kind: str) -> str:
    """Return the fact under which an application keeps the number of a document.

    Examples
    --------
    >>> fact("reply"), fact("announcement")
    ('reply_number', 'announcement_number')
    """
    return f"{kind}_number"

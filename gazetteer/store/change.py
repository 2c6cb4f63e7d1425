"""One command's writing: an open transaction under the header of its event."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field


@dataclass(slots=True)
class Change:
    """One command's writing: an open transaction and the header of its event."""

    connection: sqlite3.Connection
    event: int
    counts: dict[str, int] = field(default_factory=dict)

    def keep_setting(self, key: str, value: str) -> None:
        """Write one setting of the county file."""
        self.connection.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = ?",
            (key, value, value),
        )

    def count(self, **numbers: int) -> None:
        """Add numbers to the event's header."""
        for name, number in numbers.items():
            self.counts[name] = self.counts.get(name, 0) + number

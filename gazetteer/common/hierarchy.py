"""What a division lies in: by the parents on record, by codes only where nothing is on record.

A town that another county governs (代管), a farm of the province, a unit with a code of its own:
the code does not tell what holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gazetteer.common import codes

DEEPEST = 64
"""Divisions above one another: there are six levels, and lists are known to repeat some."""


@dataclass(frozen=True)
class Hierarchy:
    """Divisions with what holds each.

    Parameters
    ----------
    above
        Code of what holds a division, None at the top, by code.
    level
        Level by code.

    Examples
    --------
    >>> frame = pd.DataFrame({"code": ["421081", "421023", "421023101", "421023101001"],
    ...     "level": ["county", "county", "township", "village"],
    ...     "parent_code": [None, None, "421081", "421023101"]})
    >>> told = Hierarchy.of(frame)
    >>> told.chain("421023101001")
    ['421023101001', '421023101', '421081', '4210', '42']
    >>> told.holds("421081", "421023101001"), told.holds("421023", "421023101001")
    (True, False)
    >>> told.holds("421023", "421023999"), told.at("421023101001", "township")
    (True, '421023101')
    >>> told.at("421081999001", "township"), told.at("421081", "township")
    ('421081999', '421081')
    """

    above: Mapping[str, str | None]
    level: Mapping[str, str]

    @classmethod
    def of(cls, divisions: pd.DataFrame) -> Hierarchy:
        """Return the hierarchy of a frame with ``code``, ``level`` and ``parent_code``."""
        rows = divisions[divisions["code"].notna()]
        listed = rows["code"].astype(str).tolist()
        known = set(listed)
        above = {
            code: parent if isinstance(parent, str) and parent else codes.parent(code, known)
            for code, parent in zip(listed, rows["parent_code"], strict=True)
        }
        return cls(above, dict(zip(listed, rows["level"], strict=True)))

    def chain(self, code: Any) -> list[str]:
        """Return a division and all that hold it, the nearest first.

        A code that is not on record is held by what its digits tell; what holds more than
        `DEEPEST` others in a row is a mistake, and the chain ends there.
        """
        found: list[str] = []
        while isinstance(code, str) and code and code not in found and len(found) < DEEPEST:
            found.append(code)
            code = self.above[code] if code in self.above else codes.parent(code, self.above)
        return found

    def holds(self, whole: str, code: Any) -> bool:
        """Tell whether a division is another, or lies in it."""
        if not whole:
            return True
        return whole in self.chain(code)

    def at(self, code: Any, level: str) -> str:
        """Return what holds a division at a level; the division itself where nothing does.

        The digits of a code that is not on record tell its level.
        """
        chain = self.chain(code)
        lowest = chain[0] if chain else ""
        return next((each for each in chain if self._level(each) == level), lowest)

    def _level(self, code: str) -> str | None:
        return self.level.get(code) or codes.LEVEL_BY_LENGTH.get(len(code))

"""Units that another division governs than their code tells (代管), for searches by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Governed:
    """Units whose code does not begin with that of what holds them (代管), with its code.

    Examples
    --------
    >>> units = Governed({"421023101": "421081"})
    >>> units.lies("421023101001", "421081"), units.lies("421023101001", "421023")
    (True, False)
    >>> units.lies("421023101001", "421023101"), units.lies("421023102", "421023")
    (True, True)
    >>> units.areas("421081"), units.areas("421023"), units.areas("4210")
    ((['421081', '421023101'], []), (['421023'], ['421023101']), (['4210'], []))
    """

    above: Mapping[str, str] = field(default_factory=dict)

    def lies(self, code: str, whole: str) -> bool:
        """Tell whether a code is that of a division or of what lies in it."""
        seen: set[str] = set()
        while unit := self._unit(code):
            if code in seen or whole.startswith(unit):
                break
            seen.add(code)
            code = self.above[unit]
        return code.startswith(whole)

    def beginning(self, code: str, digits: int) -> str:
        """Return the first digits of a code, or of that of what governs the unit it is of.

        Examples
        --------
        >>> units = Governed({"421023101": "421081"})
        >>> units.beginning("421023101001", 6), units.beginning("421023101001", 9)
        ('421081', '421023101')
        """
        seen: set[str] = set()
        while len(unit := self._unit(code)) > digits and code not in seen:
            seen.add(code)
            code = self.above[unit]
        return code[:digits]

    def areas(self, whole: str) -> tuple[list[str], list[str]]:
        """Return the beginnings of codes that lie in a division, and those among them that do not.

        What begins with one of the second lies elsewhere.
        """
        inside = [each for each in self.above if self.lies(each, whole)]
        return (
            [whole, *(each for each in inside if not each.startswith(whole))],
            [each for each in self.above if each.startswith(whole) and each not in inside],
        )

    def _unit(self, code: str) -> str:
        """Return the smallest of these units that a code is of, or lies in."""
        lengths = sorted({len(each) for each in self.above}, reverse=True)
        return next((code[:size] for size in lengths if code[:size] in self.above), "")

"""A source of new names, each used once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sample_county.lexicon import (
    NATURE,
    NATURE_TAILS,
    PREFIXES,
    SURNAMES,
    TRAP_SURNAMES,
    TRAPS,
    VILLAGE_TAILS,
    Word,
    word,
)

HOME = word("家:jiā")


class Namer:
    """Makes names of natural villages and features, none twice.

    Examples
    --------
    >>> from sample_county.chance import stream
    >>> namer = Namer(stream(421, "example"))
    >>> len({namer.village().text for _ in range(500)})
    500
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._used = {each.text for each in TRAPS} | {"余家台", "于家台"}

    def village(self) -> Word:
        """Return the name of a natural village, unused so far."""
        return self.new(self._village)

    def stem(self) -> Word:
        """Return the specific part of a feature's name (it may come back with another generic)."""
        return self._pick(NATURE) if self._rng.random() < 0.6 else self._pick(SURNAMES) + HOME

    def new(self, make: Callable[[], Word]) -> Word:
        """Call a maker until it returns a name that was not used."""
        while (made := make()).text in self._used:
            pass
        self._used.add(made.text)
        return made

    def _village(self) -> Word:
        kind = self._rng.random()
        if kind < 0.6:
            surname = self._pick(TRAP_SURNAMES if self._rng.random() < 0.06 else SURNAMES)
            made = surname + HOME + self._pick(VILLAGE_TAILS)
        elif kind < 0.7:
            made = self._pick(SURNAMES) + self._pick(VILLAGE_TAILS[:12])
        else:
            made = self._pick(NATURE) + self._pick(NATURE_TAILS)
        return self._pick(PREFIXES) + made if self._rng.random() < 0.22 else made

    def _pick(self, pool: tuple[Word, ...]) -> Word:
        return pool[int(self._rng.integers(len(pool)))]

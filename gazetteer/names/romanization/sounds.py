"""Further ways in which a name may be read, as the search keeps them."""

from __future__ import annotations

from itertools import islice, product

from gazetteer.names.romanization.characters import candidates, is_han
from gazetteer.names.romanization.spelling import ascii_letters

MOST_SOUNDS = 16


def other_sounds(text: str) -> list[tuple[str, str]]:
    """Return joined letters and initials of the ways a name may be read, sixteen at most.

    Examples
    --------
    >>> sorted(other_sounds("藏龙"))
    [('canglong', 'cl'), ('zanglong', 'zl')]
    """
    ways = [
        dict.fromkeys(ascii_letters(way) for way in (candidates(each) or (each,)))
        for each in text
        if is_han(each) or each.isalnum()
    ]
    readings = islice(product(*ways), MOST_SOUNDS)
    return [("".join(each), "".join(syllable[:1] for syllable in each)) for each in readings]

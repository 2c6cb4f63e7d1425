"""The romanization that the rules expect of a name, where every reading is decided."""

from __future__ import annotations

from collections.abc import Callable

from gazetteer.names.romanization import Decisions, romanize


def by_rules(
    decisions: Decisions | None = None, *, within: str = ""
) -> Callable[[str, str], str | None]:
    """Return a function that spells a name of a class, or None while a reading is undecided.

    It is the speller of the import: a class is one of the rules, a level of divisions or a
    GB/T 18521 code, and a name of one class is spelled in one way only.

    Parameters
    ----------
    decisions
        The office's decided readings, above the shipped ones.
    within
        Division code, for readings that are valid there alone.

    Examples
    --------
    >>> by_rules()("滨河路", "street"), by_rules()("乐亭县", "division")
    ('Bīnhé Lù', None)
    """

    def spell(text: str, name_class: str) -> str | None:
        found = romanize(text, category=name_class, decisions=decisions, within=within)
        return found.romanization if found.decided else None

    return spell

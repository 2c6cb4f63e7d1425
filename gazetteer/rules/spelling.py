"""The romanization that the rules expect of a name, where every reading is decided."""

from __future__ import annotations

from collections.abc import Callable

from gazetteer.romanization import Decisions, romanize

CATEGORIES = {
    "division": "division",
    "township": "division",
    "ethnic-township": "division",
    "subdistrict": "division",
    "township-unit": "division",
    "settlement": "settlement",
    "street": "street",
    "estate": "building",
    "building": "building",
    "facility": "institution",
    "institution": "institution",
    "feature": "nature",
    "famous": "nature",
}
"""How each class of names is written; the others by their own endings."""
ADMINISTRATIVE_VILLAGE = "21610"
"""GB/T 18521: the name of an administrative village parts from 村."""


def by_rules(
    decisions: Decisions | None = None, *, within: str = ""
) -> Callable[[str, str], str | None]:
    """Return a function that spells a name of a class, or None while a reading is undecided.

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
        category = CATEGORIES.get(name_class)
        if name_class == "village" and text.endswith("村"):
            category = ADMINISTRATIVE_VILLAGE
        found = romanize(text, category=category, decisions=decisions, within=within)
        return found.romanization if found.decided else None

    return spell

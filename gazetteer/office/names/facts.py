"""Facts of an application: which there are, and that each can be printed as it is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.names import categories
from gazetteer.office.names.finding import point
from gazetteer.office.names.number_facts import NUMBERED, fact

LONGEST = 2_000
"""Characters of one fact of an application; longer is taken for a mistake."""
POSITION = ("lon", "lat")
ACTED_ON = frozenset({"division_code", "built_up", "category", "lon", "lat", "romanization"})
"""Facts from which an approval makes the name and its place."""
PRINTED = frozenset(
    {"division", "location", "meaning", "origin", "reason", "scale", "nature", "thing"}
    | {"request", *map(fact, NUMBERED)}
)
"""Facts that documents print."""


def checked_facts(given: Mapping[str, str]) -> dict[str, str]:
    """Return facts that can be kept and printed, with the code of their category.

    Raises
    ------
    InputError
        No fact is called so, half a position, a value too long or with what cannot be seen.
    UnknownError
        No such category.
    """
    known = sorted(ACTED_ON | PRINTED)
    if strange := [each for each in given if each not in known]:
        near = get_close_matches(strange[0], known, n=3) or known
        what = Sentence("no fact is called {strange!r}", strange=strange[0][:40])
        raise InputError(what, remedy=Sentence("Use one of {listed}.", listed=tuple(near)))
    facts = {name: on_one_line(name, value) for name, value in given.items()}
    if facts.get("category"):
        facts["category"] = categories.require(facts["category"])
    if ("lon" in facts) != ("lat" in facts):
        raise InputError(
            Sentence("A position wants both lon and lat"), remedy=Sentence("Give both, in degrees.")
        )
    if "lon" in facts:
        point(f"{facts['lon']},{facts['lat']}")
    return facts


def on_one_line(name: str, value: str) -> str:
    """Return a value on one line that shows as it is written."""
    if len(value) > LONGEST:
        what = Sentence(
            "{name} has {count:,} characters ({begin!r}...)",
            name=name,
            count=len(value),
            begin=value[:12],
        )
        raise InputError(what, remedy=Sentence("Use at most {longest:,}.", longest=LONGEST))
    hidden = [each for each in value if unicodedata.category(each) in {"Cc", "Cf", "Co", "Cs"}]
    if hidden:
        what = Sentence(
            "{name} holds U+{codepoint:04X}, which cannot be seen or printed",
            name=name,
            codepoint=ord(hidden[0]),
        )
        raise InputError(what, remedy=Sentence("Retype it."))
    return value

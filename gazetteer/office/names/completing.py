"""Names that another program has written, completed: spelling, keys of the search, sounds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from gazetteer.office.names.readings import other_sounds, spelt
from gazetteer.office.names.spelling import decisions
from gazetteer.store import County, renaming


def complete(county: County) -> int:
    """Complete the names edited elsewhere, as one event; return how many there were.

    A name whose text was changed, or that has no spelling, is spelled anew; for any other only
    the keys of the search are filled, which are no part of the record. Without such names
    nothing is written.
    """
    names = renaming.unfinished(county.connection)
    if names.empty:
        return 0
    codes = _codes(county, names)
    made = spelt(names.assign(division_code=codes), decisions(county)).assign(division_code=codes)
    renamed = names["before"].notna() & (names["before"] != names["text"])
    anew = names["romanization"].isna() | renamed
    with county.change("names complete", reason="edited elsewhere") as change:
        renaming.complete(change, made)
        renaming.respell(change, made[anew], other_sounds(made[anew]))
    return len(names)


def _codes(county: County, names: pd.DataFrame) -> pd.Series:
    """Return the division of each name: that of its thing, else the one it lies in."""
    lacking = names.loc[names["division"].isna() & names["thing_id"].notna(), "thing_id"]
    positions = county.positions(set(lacking))
    locator = county.locator()
    lying = {
        thing: found[-1]["code"] for thing, at in positions.items() if (found := locator.at(*at))
    }
    return names["division"].where(names["division"].notna(), names["thing_id"].map(lying))


@contextmanager
def writing(path: Path) -> Iterator[County]:
    """Open a county file for writing, with the names edited elsewhere completed."""
    with County(path, writing=True) as county:
        complete(county)
        yield county

"""Readings that the office decides, and the names that each decision spells anew."""

from __future__ import annotations

from datetime import date

import pandas as pd

from gazetteer.importing.spelling import name_rows, sounds
from gazetteer.names.romanization import Decisions, decide, undecided
from gazetteer.office.names.spelling import decisions
from gazetteer.store import County, default_actor, renaming
from gazetteer.store.landing import land


def open_readings(county: County) -> pd.DataFrame:
    """Return the characters in doubt, once for each specific part, likeliest errors first.

    Columns as in `gazetteer.names.romanization.undecided`.
    """
    names = renaming.undecided(county.connection)
    categories = names["category"].tolist()
    return undecided(names["text"].tolist(), decisions(county), categories=categories)


def settle(
    county: County,
    text: str,
    reading: str,
    *,
    source: str,
    actor: str | None = None,
    on: date | None = None,
    outside: bool = False,
) -> pd.DataFrame:
    """Record a reading and spell every name with that part anew, in one event.

    These are the names that begin with the text, and those of which it is a piece (费县调关站).

    Parameters
    ----------
    county
        County file open for writing.
    text, reading
        Specific part or whole name; pinyin with tone marks, one syllable a character.
    source
        The evidence (地名志, 实地核实 ...).
    actor, on
        Who decided, and when; the account and today where not given.
    outside
        Accept a syllable that no dictionary gives the character.

    Returns
    -------
    The names whose spelling changed: ``text``, ``before``, ``romanization``.

    Raises
    ------
    InputError
        The reading does not fit the text.
    """
    who, when = actor or default_actor(), (on or date.today()).isoformat()
    before = decisions(county)
    after = decide(before, text, reading, source=source, who=who, when=when, outside=outside)
    names = renaming.holding(county.connection, text)
    respelt = spelt(names, after)
    concerned = names["text"].str.startswith(text) | differing(spelt(names, before), respelt)
    changed = differing(names, respelt) & concerned
    with county.change("names decide", actor=who, reason=source) as change:
        land(change, "readings", _row(after, text), key=["specific"])
        renaming.respell(change, respelt[changed], other_sounds(respelt[changed]))
    respelled = names.loc[changed, ["text", "romanization"]].rename(
        columns={"romanization": "before"}
    )
    return respelled.assign(romanization=respelt.loc[changed, "romanization"])


def _row(readings: Decisions, text: str) -> pd.DataFrame:
    made = readings[text]
    values = {
        "specific": text,
        "reading": made.written,
        "source": made.source,
        "confidence": made.confidence,
        "decided_by": made.who,
        "decided_on": made.when,
    }
    return pd.DataFrame([values])


def spelt(names: pd.DataFrame, readings: Decisions) -> pd.DataFrame:
    """Return names of the store with the spelling that the rules and decisions give them."""
    rows = name_rows(
        names["text"], codes=names["division_code"], details=names[["category"]], decisions=readings
    )
    kept = names[["fid", "thing_id", "role"]].reset_index(drop=True)
    made = rows.drop(columns=["role"]).reset_index(drop=True)
    return pd.concat([kept, made], axis=1).set_axis(names.index)


def other_sounds(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the further sounds of names whose reading is undecided, with the thing of each."""
    found = sounds(rows)
    return found.assign(
        thing_id=found["row"].map(dict(zip(rows["row"], rows["thing_id"], strict=True)))
    )


def sounding(names: pd.DataFrame) -> pd.DataFrame:
    """Return the further sounds of names of the store whose reading nobody has decided."""
    return other_sounds(names.assign(row=names["fid"], undecided=True))


def differing(names: pd.DataFrame, respelt: pd.DataFrame) -> pd.Series:
    """Tell for each name whether its spelling, or that it is decided, has changed."""
    spelling = names["romanization"].fillna("") != respelt["romanization"].fillna("")
    decided = names["romanization_decided"].fillna(-1).astype(int) != respelt[
        "romanization_decided"
    ].astype(int)
    return spelling | decided

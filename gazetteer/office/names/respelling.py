"""Spellings of earlier versions beside those of the rules now: changed on a person's yes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence
from gazetteer.names.romanization import Decisions, romanize
from gazetteer.office.names.readings import differing, other_sounds, spelt
from gazetteer.office.names.spelling import decisions
from gazetteer.store import County, renaming

ALL = "all"


@dataclass(frozen=True, slots=True)
class Respelling:
    """A name in force that the rules now spell otherwise.

    Parameters
    ----------
    id, code, role, name
        Its row, the code of what bears it ("" for none), standard or another role, its text.
    before, after
        The spelling on record and that of the rules.
    why
        `otherwise`: spelled otherwise; `open`: decided on record, and no rule decides it;
        `settled`: undecided on record, and decided now.
    candidates
        What there is to choose from where it is open.
    """

    id: int
    code: str
    role: str
    name: str
    before: str
    after: str
    why: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """The names that the rules spell otherwise, and how many more a person has decided."""

    rows: tuple[Respelling, ...]
    kept: int


def pending(county: County) -> Pending:
    """Return the names in force whose spelling, or that it is decided, differs from the rules.

    What a person has decided is only counted: spellings approved with a name, read by the office's
    own decision, or written in another program.
    """
    return _pending(county)[0]


def _pending(county: County) -> tuple[Pending, pd.DataFrame]:
    """Return what is pending, and the names concerned as the rules spell them."""
    names, made = _differing(county)
    of_persons = _of_persons(county, names)
    by_rule = names[~of_persons]
    readings = decisions(county)
    rows = (_respelling(row, made.loc[at], readings) for at, row in by_rule.iterrows())
    return Pending(tuple(rows), int(of_persons.sum())), made


def chosen(rows: Collection[Respelling], accepted: Collection[str]) -> tuple[Respelling, ...]:
    """Return the names that are accepted by the code of what bears them, their row, or ``all``.

    Raises
    ------
    UnknownError
        No name with that code or row is to be respelled.
    """
    known = {ALL, *(each.code for each in rows), *(str(each.id) for each in rows)} - {""}
    if unknown := [each for each in accepted if each not in known]:
        remedy = Sentence("List them with `gazetteer names respell COUNTY`, or accept all.")
        raise UnknownError(
            Sentence("no name of {unknown!r} is to be respelled", unknown=unknown[0]), remedy=remedy
        )
    return tuple(each for each in rows if {ALL, each.code, str(each.id)} & set(accepted))


def respell(
    county: County, accepted: Collection[str], *, reason: str | None = None
) -> tuple[Respelling, ...]:
    """Spell names as the rules do now, as one event; return those that changed.

    Parameters
    ----------
    county
        County file open for writing.
    accepted
        Codes of what bears the names, rows (`id`), or ``all``.
    reason
        Why, for the log.

    Raises
    ------
    UnknownError
        No name with that code or row is to be respelled.
    """
    found, made = _pending(county)
    accepting = chosen(found.rows, accepted)
    if not accepting:
        return ()
    rows = made[made["fid"].isin({each.id for each in accepting})]
    detail = {"respelled": {str(each.id): [each.before, each.after] for each in accepting}}
    with county.change("names respell", reason=reason, detail=detail) as change:
        renaming.respell(change, rows, other_sounds(rows))
    return accepting


def _differing(county: County) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the names in force that differ, and the same as the rules spell them."""
    names = renaming.in_force(county.connection).reset_index(drop=True)
    if names.empty:
        return names, names
    made = spelt(names, decisions(county))
    changed = differing(names, made)
    return names[changed], made[changed]


def _of_persons(county: County, names: pd.DataFrame) -> pd.Series:
    by_hand = renaming.spelled_by_persons(county.connection)
    sources = {each.text: each.source for each in decisions(county).by_text.values() if each.source}
    held = [
        fid in by_hand
        or any(text.startswith(origin) and source == of for origin, of in sources.items())
        for fid, text, source in zip(
            names["fid"], names["text"], names["romanization_source"], strict=True
        )
    ]
    return pd.Series(held, names.index, dtype=bool)


def _respelling(row: pd.Series, made: pd.Series, readings: Decisions) -> Respelling:
    before, after = row["romanization"] or "", made["romanization"]
    was, now = bool(row["romanization_decided"]), bool(made["romanization_decided"])
    why = "open" if was and not now else "settled" if now and not was else "otherwise"
    doubts = romanize(row["text"], category=row["category"], decisions=readings).undecided
    candidates = tuple(way for each in doubts for way in each.candidates) if not now else ()
    return Respelling(
        int(row["fid"]), row["code"] or "", row["role"], row["text"], before, after, why, candidates
    )

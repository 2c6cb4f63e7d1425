"""Where graves may not be, by profile: the law gives areas, the distances are local."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from gazetteer.common import tables
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRule:
    """One class of restricted zone.

    Parameters
    ----------
    zone
        Class, as in the ``kind`` of the layer of features.
    label
        What reports call it.
    distance_m
        Width around the features, metres; None where the clause names no distance.
    visible
        Whether only what can be seen from the features counts (where there is a terrain).
    clause, source
        What says so, and how far it was seen.
    """

    zone: str
    label: Text
    distance_m: float | None
    visible: bool
    clause: str
    source: str


def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles.

    Examples
    --------
    >>> profile_names()[0], "three-lines-six-areas" in profile_names()
    ('national-2012', True)
    """
    return tuple(dict.fromkeys(tables.column("cemetery_profiles.csv", "profile")))


def zone_rules(name: str) -> Mapping[str, ZoneRule]:
    """Return the rules of a profile by class of zone.

    Raises
    ------
    UnknownError
        If there is no such profile.

    Examples
    --------
    >>> zone_rules("shandong")["railway"].distance_m, zone_rules("national-2012")["dyke"].distance_m
    (500.0, None)
    """
    rows = [row for row in tables.rows("cemetery_profiles.csv") if row["profile"] == name]
    if not rows:
        message = Sentence("no cemetery profile {name!r}", name=name)
        raise UnknownError(
            message, remedy=Sentence("Use one of {listed}", listed=tuple(profile_names()))
        )
    return rules_of(rows)


def rules_of(rows: Iterable[Mapping[str, str]]) -> Mapping[str, ZoneRule]:
    """Return the rules that the rows of a profile table give, by class of zone.

    Parameters
    ----------
    rows
        ``zone, name_zh, name_en, distance_m, visible, clause, source`` as in
        ``data/cemetery_profiles.csv``; an empty distance is none that the clause names.

    Raises
    ------
    InputError
        If a distance is no number of 0 or more.

    Examples
    --------
    >>> row = {"zone": "river", "name_zh": "河道", "name_en": "river", "distance_m": "-5",
    ...     "visible": "no", "clause": "县政府通告", "source": "本县"}
    >>> rules_of([row | {"distance_m": "300"}])["river"].distance_m
    300.0
    >>> rules_of([row])
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: distance '-5' of zone 'river'. Give metres of 0 or more,...
    """
    return {row["zone"]: _rule(row) for row in rows}


def seen_as_far_as(rules: Mapping[str, ZoneRule], metres: float | None) -> Mapping[str, ZoneRule]:
    """Return rules whose visible ranges reach so many metres; None leaves them as they are.

    Raises
    ------
    InputError
        If that is not above zero.

    Examples
    --------
    >>> rules = seen_as_far_as(zone_rules("three-lines-six-areas"), 1500)
    >>> rules["river"].distance_m, rules["relic"].distance_m
    (1500.0, 0.0)
    """
    if metres is None:
        return rules
    if not 0 < metres < math.inf:
        raise InputError(
            Sentence("a sight of {metres} m", metres=metres),
            remedy=Sentence("Give metres above zero"),
        )
    far = float(metres)
    return {z: replace(r, distance_m=far) if r.visible else r for z, r in rules.items()}


def _rule(row: Mapping[str, str]) -> ZoneRule:
    return ZoneRule(
        zone=row["zone"],
        label=Text(row["name_zh"], row["name_en"]),
        distance_m=_distance(row),
        visible=row["visible"].strip().lower() in {"yes", "是"},
        clause=row["clause"],
        source=row["source"],
    )


def _distance(row: Mapping[str, str]) -> float | None:
    stated = row["distance_m"].strip()
    try:
        metres = float(stated) if stated else None
    except ValueError:
        metres = -1.0
    if metres is not None and not (metres >= 0 and math.isfinite(metres)):
        message = Sentence("distance {stated!r} of zone {row!r}", stated=stated, row=row["zone"])
        raise InputError(message, remedy=Sentence("Give metres of 0 or more, or nothing"))
    return metres

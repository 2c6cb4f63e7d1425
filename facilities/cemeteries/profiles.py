"""Where graves may not be, by profile: the law gives areas, the distances are local."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gazetteer import tables
from gazetteer.errors import UnknownError
from gazetteer.language import Text


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
        message = f"no cemetery profile {name!r}"
        raise UnknownError(message, remedy=f"Use one of {', '.join(profile_names())}")
    return {row["zone"]: _rule(row) for row in rows}


def _rule(row: Mapping[str, str]) -> ZoneRule:
    return ZoneRule(
        zone=row["zone"],
        label=Text(row["name_zh"], row["name_en"]),
        distance_m=float(row["distance_m"]) if row["distance_m"] else None,
        visible=row["visible"] == "yes",
        clause=row["clause"],
        source=row["source"],
    )

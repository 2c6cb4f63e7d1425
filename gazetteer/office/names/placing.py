"""Where a name applied for lies: inside the county, inside the division it is told to be in."""

from __future__ import annotations

from collections.abc import Mapping

import shapely

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.names.rules import Unchecked
from gazetteer.office.names.checking import EDGE_DEGREES
from gazetteer.store import County, lookup

RULE, CLAUSE = "position", "地名管理条例 9(2)"


def require_inside(county: County, position: tuple[float, float], *, code: str | None) -> None:
    """Refuse a position outside the county, or outside the division told.

    Streets lie along edges: what is within some 100 m of a division lies in it.

    Parameters
    ----------
    position
        Longitude and latitude, CGCS2000 degrees.
    code
        Code of the division told, if any.

    Raises
    ------
    InputError
        The position lies outside; the message says where it lies. Nothing is refused where the
        county file has no polygon of the division: `unchecked` says so.
    """
    for each in filter(None, dict.fromkeys([_county(county), code])):
        area = lookup.division_area(county.connection, each)
        if area is not None and not shapely.dwithin(area, shapely.Point(position), EDGE_DEGREES):
            name = (lookup.division_path(county.connection, each) or [each])[-1]
            found = county.locator().at(*position)
            where = (
                Sentence("in {name} ({code})", name=found[-1]["name"], code=found[-1]["code"])
                if found
                else Sentence("in no division")
            )
            lon, lat = position
            what = Sentence(
                "{lon},{lat} lies outside {name} ({code}), {where} of the county file",
                lon=lon,
                lat=lat,
                name=name,
                code=each,
                where=where,
            )
            raise InputError(what, remedy=Sentence("Correct the position or the division."))


def unchecked(county: County, facts: Mapping[str, str]) -> list[Unchecked]:
    """Return why a position was not compared with the polygons, if so."""
    if "lon" not in facts:
        return [_not("没有坐标", "no position is told")]
    code = facts.get("division_code") or _county(county)
    if lookup.division_area(county.connection, code) is None:
        return [_not(f"县库中没有{code}的界线多边形", f"the county file has no polygon of {code}")]
    return []


def _county(county: County) -> str:
    return county.division_code.removeprefix("00")


def _not(zh: str, en: str) -> Unchecked:
    return Unchecked(rule=RULE, clause=CLAUSE, reason=Text(zh, en))

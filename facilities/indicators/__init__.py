"""The measures that a plan may ask for: one indicator, one function, one name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from facilities.indicators.beds import area_per_100_households, bed_share, beds_per_thousand
from facilities.indicators.measured import Case, Measured, NotServed
from facilities.indicators.numbers import count, largest, smallest, total
from facilities.indicators.presence import presence, units_served
from facilities.indicators.surroundings import co_location, outside_hazard
from facilities.indicators.told import graves_treated, reported
from facilities.indicators.walk import farthest_minutes, within_minutes
from gazetteer.errors import UnknownError

MEASURES: Mapping[str, Callable[[Case], Measured]] = {
    "presence": presence,
    "units-served": units_served,
    "count": count,
    "total": total,
    "largest": largest,
    "smallest": smallest,
    "beds-per-thousand": beds_per_thousand,
    "bed-share": bed_share,
    "area-per-100-households": area_per_100_households,
    "within-minutes": within_minutes,
    "farthest-minutes": farthest_minutes,
    "co-location": co_location,
    "outside-hazard": outside_hazard,
    "graves-treated": graves_treated,
    "reported": reported,
}
"""The visible table of measures."""


def measure(case: Case) -> Measured:
    """Measure one indicator of one county.

    Raises
    ------
    UnknownError
        If the target file names a measure that does not exist.
    InputError
        If a parameter is missing or does not fit.
    """
    name = case.indicator.measure
    if name not in MEASURES:
        message = f"indicator {case.indicator.id!r} asks for measure {name!r}"
        raise UnknownError(message, remedy=f"Use one of {', '.join(MEASURES)}")
    return MEASURES[name](case)


__all__ = ["MEASURES", "Case", "Measured", "NotServed", "measure"]

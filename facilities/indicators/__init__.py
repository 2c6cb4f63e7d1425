"""The measures that a plan may ask for: one indicator, one function, one name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from facilities.indicators.beds import area_per_100_households, bed_share, beds_per_thousand
from facilities.indicators.figures import graves_treated, reported
from facilities.indicators.measured import Case, Measured, NotServed, not_judged
from facilities.indicators.numbers import count, largest, smallest, total
from facilities.indicators.parameters import fit, not_read
from facilities.indicators.presence import presence, units_served
from facilities.indicators.since import new_count, new_total, new_units
from facilities.indicators.surroundings import co_location, outside_hazard
from facilities.indicators.units import OF_COLUMNS, WHOLE, is_share, times
from facilities.indicators.walk import farthest_minutes, within_minutes
from facilities.units import factor
from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence, Text

MEASURES: Mapping[str, Callable[[Case], Measured]] = {
    "presence": presence,
    "units-served": units_served,
    "count": count,
    "total": total,
    "new-count": new_count,
    "new-total": new_total,
    "new-units": new_units,
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
        message = Sentence(
            "indicator {id!r} asks for measure {name!r}", id=case.indicator.id, name=name
        )
        raise UnknownError(message, remedy=Sentence("Use one of {listed}", listed=tuple(MEASURES)))
    fit(case)
    measured = _measured(case)
    return replace(measured, findings=(*measured.findings, *not_read(case)))


def _measured(case: Case) -> Measured:
    how = MEASURES[case.indicator.measure]
    if case.indicator.measure in OF_COLUMNS:
        return how(case.but(unit_factor=times(case.indicator)))
    return _bounded(case, _in_unit(how(case), times(case.indicator)))


def _in_unit(measured: Measured, factor: float) -> Measured:
    """Return a value in the unit of its indicator."""
    if measured.value is None or factor == 1:
        return measured
    return replace(measured, value=round(measured.value * factor, 9))


def _bounded(case: Case, measured: Measured) -> Measured:
    """Return a share only where it lies from nothing to the whole: beyond, the data are wrong."""
    share = is_share(case.indicator)
    whole = factor("%", into=case.indicator.unit, what="") * WHOLE if share else None
    if measured.value is None or (whole is None and measured.value >= 0):
        return measured
    if whole is not None and 0 <= measured.value <= whole:
        return measured
    message = Text(
        f"数据有误：得 {measured.value:g} {case.indicator.unit}，超出可能范围，不作判定",
        f"the data are wrong: {measured.value:g} {case.indicator.unit} cannot be, no verdict",
    )
    return not_judged(case, measured, "share-beyond", message)


__all__ = ["MEASURES", "Case", "Measured", "NotServed", "measure"]

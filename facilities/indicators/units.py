"""In which unit a measure answers, and what brings it into that of the indicator's targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from facilities.records import UNITS
from facilities.targets.model import Indicator
from facilities.units import factor, unit
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

NATURAL: Final[Mapping[str, str]] = {
    **dict.fromkeys(("presence", "bed-share", "within-minutes", "co-location"), "%"),
    **dict.fromkeys(("outside-hazard", "graves-treated"), "%"),
    **dict.fromkeys(("count", "units-served", "new-count", "new-units"), "个"),
    "beds-per-thousand": "张/千人",
    "area-per-100-households": "平方米/百户",
    "farthest-minutes": "分钟",
}
"""Units of the measures that have one; of a column it is that of the column."""
OF_COLUMNS: Final = ("total", "new-total", "largest", "smallest")
WHOLE: Final = 100.0


def times(asked: Indicator) -> float:
    """Return what the value of a measure is multiplied by to stand in the unit of an indicator.

    Raises
    ------
    InputError
        If the unit is not known, or of another kind than the measure: a share in % compared with
        "1 个", or with "1" for the whole; a ``unit_factor`` that is none of the two units.

    Examples
    --------
    >>> land = Indicator(id="land", name="", topic="", unit="公顷", measure="total",
    ...     parameters={"column": "land_m2"})
    >>> times(land)
    0.0001
    >>> times(Indicator(id="x", name="", topic="", unit="个", measure="presence"))
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: indicator 'x' (presence): a number in % cannot be told in...
    """
    column = str(asked.parameters.get("column", ""))
    natural = UNITS.get(column) if asked.measure in OF_COLUMNS else NATURAL.get(asked.measure)
    if natural is None:
        return 1.0
    multiplier = factor(natural, into=asked.unit, what=f"indicator {asked.id!r} ({asked.measure})")
    _same_factor(asked, multiplier)
    if asked.measure in NATURAL and natural == "%":
        _targets_fit(asked, WHOLE * multiplier)
    return multiplier


def _same_factor(asked: Indicator, multiplier: float) -> None:
    stated = asked.parameters.get("unit_factor")
    if isinstance(stated, int | float) and abs(stated - multiplier) > 1e-6 * multiplier:
        message = Sentence(
            "indicator {id!r}: unit_factor {stated} is not that of {unit} ({multiplier})",
            id=asked.id,
            stated=stated,
            unit=asked.unit,
            multiplier=multiplier,
        )
        raise InputError(message, remedy=Sentence("Leave unit_factor out: the units decide it"))


def _targets_fit(asked: Indicator, whole: float) -> None:
    """Refuse a target beyond the whole, and a whole written as 1."""
    for goal in asked.targets:
        as_part = goal.op in {">=", ">", "="} and 0 < goal.value <= 1 < whole
        if as_part or not 0 <= goal.value <= whole:
            message = Sentence(
                "indicator {id!r}: target {value:g} {unit} of a share",
                id=asked.id,
                value=goal.value,
                unit=asked.unit,
            )
            remedy = Sentence("Write it from 0 to {whole:g}, the whole as {whole:g}", whole=whole)
            raise InputError(message, remedy=remedy)


def is_share(asked: Indicator) -> bool:
    """Tell whether the values of an indicator are parts of a whole."""
    known = unit(asked.unit)
    return known is not None and known.dimension == "share"

"""Which parameters each measure reads; one that it does not read is told, not passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from facilities.indicators.measured import Case, problem
from gazetteer.findings import Finding
from gazetteer.language import Text

_EVERY = {"definition"}
_WHICH = {"kinds", "names", "operator_type", "services", "persons"}
_WHERE = {"level", "division_kinds", "places"}
_FACILITIES = _EVERY | _WHICH | _WHERE
_UNITS = _FACILITIES | {"managed_too"}
_NUMBER = _FACILITIES | {"column", "unit_factor"}
_PERIOD = {"since", "until"}
_WALK = _FACILITIES | {
    "minutes", "base", "age_group", "profile", "metric", "count", "speed_m_s",
}  # fmt: skip

READS: Mapping[str, set[str]] = {
    "presence": _UNITS,
    "units-served": _UNITS,
    "count": _FACILITIES,
    "total": _NUMBER,
    "new-count": _FACILITIES | _PERIOD,
    "new-total": _NUMBER | _PERIOD,
    "new-units": _UNITS | _PERIOD,
    "largest": _NUMBER,
    "smallest": _NUMBER,
    "beds-per-thousand": _FACILITIES | {"base", "age_group"},
    "bed-share": _FACILITIES | {"part"},
    "area-per-100-households": _FACILITIES | {"base"},
    "within-minutes": _WALK,
    "farthest-minutes": _WALK,
    "co-location": _FACILITIES | {"near", "within_m"},
    "outside-hazard": _FACILITIES | {"zone_kinds"},
    "graves-treated": _EVERY,
    "reported": _EVERY,
}
"""Parameters by measure; ``definition`` is said and changes nothing."""


def not_read(case: Case) -> Iterator[Finding]:
    """Yield a finding for each parameter of an indicator that its measure does not read."""
    known = READS[case.indicator.measure]
    for name in case.indicator.parameters:
        if name not in known:
            message = Text(
                f"测度 {case.indicator.measure} 不读参数 {name},未起作用",
                f"measure {case.indicator.measure} does not read {name}: it has no effect",
            )
            yield problem(case, "parameter-not-read", message, key=name)

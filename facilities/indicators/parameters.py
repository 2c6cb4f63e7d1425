"""Which parameters each measure reads; one that it does not read is told, not passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from facilities.indicators.measured import Case, problem
from facilities.records import UNITS
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence, Text

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


_LISTS = ("kinds", "near", "zone_kinds", "names", "services", "persons", "division_kinds", "places")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "part": tuple(name for name, unit in UNITS.items() if unit == "张" and name != "beds"),
    "metric": ("network", "straight"),
    "count": ("people", "households"),
}


def fit(case: Case) -> None:
    """Refuse parameters that no measure could read: they would count nothing, without a word.

    Raises
    ------
    InputError
        If a list is a word or empty, or a word is none of those that may stand there.

    Examples
    --------
    >>> from facilities.targets.model import Indicator
    >>> def asked(**told):
    ...     how = {"unit": "%", "measure": "presence", "parameters": told}
    ...     fit(Case(None, Indicator(id="x", name="", topic="", **how)))
    >>> asked(kinds="ash-hall")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: indicator 'x': kinds = 'ash-hall' is no list. Write a lis...
    >>> asked(metric="road")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: indicator 'x': metric = 'road'. Use one of network, straight
    """
    given = case.indicator.parameters
    for name in given.keys() & {*_LISTS}:
        if not case.words(name):
            message = Sentence("indicator {id!r}: {name} is empty", id=case.indicator.id, name=name)
            raise InputError(message, remedy=Sentence("Name one at least, or leave it out"))
    for name, words in _CHOICES.items():
        if name in given and given[name] not in words:
            message = Sentence(
                "indicator {id!r}: {name} = {given!r}",
                id=case.indicator.id,
                name=name,
                given=given[name],
            )
            raise InputError(message, remedy=Sentence("Use one of {listed}", listed=tuple(words)))


def not_read(case: Case) -> Iterator[Finding]:
    """Yield a finding for each parameter of an indicator that its measure does not read."""
    known = READS[case.indicator.measure]
    for name in case.indicator.parameters:
        if name not in known:
            message = Text(
                f"测度 {case.indicator.measure} 不读参数 {name}，未起作用",
                f"measure {case.indicator.measure} does not read {name}: it has no effect",
            )
            yield problem(case, "parameter-not-read", message, key=name)

"""What a survey is measured against: tolerances with source and state, numbering, files, score.

A small breach of an unverified tolerance fails no delivery: it is a note until the office has
confirmed the profile. A gross one (many times the tolerance) is an error whoever has confirmed
what: no technical design allows it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from boundaries.numbering import Scheme
from gazetteer.common import settings_file, tables
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.common.settings_file import Fields

STATES = ("verified", "confirmed", "recalled")

GROSS_FACTOR = 10.0
"""Times a tolerance from which a breach is gross, for a profile that was written before it had to
say so; the shipped profile says where the figure comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """One limit with its unit, where it comes from, and whether anybody has seen the text.

    What exceeds ``gross`` (same unit) is an error whatever the state of the tolerance.
    """

    name: str
    value: float
    unit: str
    title: Text
    source: str
    state: str
    gross: float = math.inf

    @property
    def trusted(self) -> bool:
        """Whether a breach may fail a delivery."""
        return self.state in ("verified", "confirmed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A kind of survey: scale, CRS, files, numbering, tolerances and score.

    Parameters
    ----------
    name
        Its name on the command line.
    title
        What people call it.
    scale
        Denominator of the scale of the survey.
    scheme
        How lines and markers are numbered.
    tolerances
        Tolerance by name.
    required_files
        Roles that a delivery must have.
    central_meridian
        In degrees; 0 takes the zone of the middle of the delivery.
    vertical_datum
        Height system; empty where none is asked for.
    score
        Points that a finding costs by its severity, with ``full`` and ``pass``.
    confirmed_by
        Office that has confirmed the profile.
    confirmed_on
        ISO date of that.

    Examples
    --------
    >>> profile = shipped("township-10000")
    >>> profile.tolerance("marker_on_line").value, profile.tolerance("marker_on_line").state
    (1.0, 'recalled')
    >>> [profile.weigh("marker_on_line", Severity.WARNING, off).value for off in (4.0, 11.0)]
    ['note', 'error']
    >>> confirmed = profile.confirm(by="某县民政局", on="2026-03-01")
    >>> [confirmed.weigh("marker_on_line", Severity.WARNING, off).value for off in (4.0, 11.0)]
    ['warning', 'error']
    """

    name: str
    title: Text
    scale: int
    scheme: Scheme
    tolerances: Mapping[str, Tolerance]
    required_files: tuple[str, ...] = ()
    central_meridian: float = 0.0
    vertical_datum: str = ""
    score: Mapping[str, float] = field(default_factory=dict)
    confirmed_by: str = ""
    confirmed_on: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether the office has put its name and a date under the profile."""
        return bool(self.confirmed_by and self.confirmed_on)

    def tolerance(self, name: str) -> Tolerance:
        """Return a tolerance by name.

        Parameters
        ----------
        name
            Of the tolerance.

        Returns
        -------
        Tolerance
            Its value, unit and state.

        Raises
        ------
        InputError
            When the profile has none of that name.
        """
        if name not in self.tolerances:
            msg = Sentence(
                "profile {profile!r} has no tolerance {name!r}", profile=self.name, name=name
            )
            raise InputError(msg, remedy=Sentence("Add a section [tolerances.{name}].", name=name))
        return self.tolerances[name]

    def weigh(self, name: str, severity: Severity, measured: float | None = None) -> Severity:
        """Return the severity of a breach: a note where the tolerance is not to be relied on.

        Parameters
        ----------
        name
            Of the tolerance.
        severity
            What the breach is where the tolerance holds.
        measured
            Value found, in the unit of the tolerance; a gross one is an error in any state, and so
            is one that is no number.

        Returns
        -------
        Severity
            The severity that the finding gets.
        """
        limit = self.tolerance(name)
        if measured is not None and not measured <= limit.gross:
            return Severity.ERROR
        return severity if self.confirmed or limit.trusted else Severity.NOTE

    def confirm(self, *, by: str, on: str) -> Profile:
        """Return the profile as confirmed by an office on a date (ISO text).

        Parameters
        ----------
        by
            Name of the office.
        on
            ISO date.

        Returns
        -------
        Profile
            A new profile; this one stays as it is.
        """
        return dataclasses.replace(self, confirmed_by=by, confirmed_on=on)


def shipped(name: str) -> Profile:
    """Return a profile that comes with the toolkit.

    Parameters
    ----------
    name
        Such as ``township-10000``.

    Returns
    -------
    Profile
        The profile as shipped.

    Raises
    ------
    InputError
        When there is no profile of that name.
    """
    file = f"survey_profile_{name.replace('-', '_')}.toml"
    try:
        text = tables.text(file)
    except FileNotFoundError as error:
        remedy = Sentence("Use township-10000 or give the path of a profile file.")
        raise InputError(Sentence("no profile {name!r}", name=name), remedy=remedy) from error
    return parse(text, place=file)


def parse(text: str, *, place: str = "profile") -> Profile:
    """Read a profile from TOML.

    Parameters
    ----------
    text
        Content of the file.
    place
        Name of the file, for messages.

    Raises
    ------
    InputError
        When it is no TOML, or a field is missing or of the wrong kind.

    Examples
    --------
    >>> parse("scale = 'big'", place="mine.toml")
    Traceback (most recent call last):
    ...
    gazetteer.common.errors.InputError: mine.toml: field 'name' is missing. Compare with the ship...
    """
    fields = settings_file.read(text, place=place, remedy=Sentence("Compare with the shipped one."))
    return _profile(fields)


def _profile(fields: Fields) -> Profile:
    name, limits = fields.text("name"), fields.table("tolerances")
    numbering, coordinates = fields.table("numbering"), fields.table("coordinates")
    score = fields.table("score")
    factor = fields.table("gross", default={}).number("factor", default=GROSS_FACTOR)
    return Profile(
        name=name,
        title=fields.table("title").title(),
        scale=fields.whole("scale"),
        scheme=Scheme(**{each: numbering.text(each) for each in _SCHEME}),
        tolerances={each: _tolerance(each, limits.table(each), factor) for each in limits},
        required_files=fields.table("files").texts("required"),
        central_meridian=coordinates.number("central_meridian"),
        vertical_datum=coordinates.text("vertical_datum", default=""),
        score={each: score.number(each) for each in score if each in _SCORE},
        confirmed_by=fields.text("confirmed_by", default=""),
        confirmed_on=fields.text("confirmed_on", default=""),
    )


_SCHEME = ("line", "marker", "source", "state")
_SCORE = ("full", "pass", "error", "warning", "note")


def _tolerance(name: str, fields: Fields, factor: float) -> Tolerance:
    state = fields.text("state")
    if state not in STATES:
        msg = Sentence(
            "state {state!r} of {name!r} is not one of {listed}",
            state=state,
            name=name,
            listed=tuple(STATES),
        )
        raise InputError(msg, place=fields.place)
    return Tolerance(
        name=name,
        value=fields.number("value"),
        unit=fields.text("unit"),
        title=fields.table("title").title(),
        source=fields.text("source"),
        state=state,
        gross=_gross(name, fields, factor),
    )


def _gross(name: str, fields: Fields, factor: float) -> float:
    """Return from where a breach is gross; a bound of values (a height) has no such place."""
    times = fields.number("gross_factor", default=factor, bounded=False)
    if not times >= 1:
        raise InputError(
            Sentence("the gross factor {times:g} of {name!r} is below 1", times=times, name=name),
            place=fields.place,
        )
    return fields.number("value") * times if times < math.inf else math.inf

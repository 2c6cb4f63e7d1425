"""How fast who walks, how far from a road a place may lie: configuration with its source."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gazetteer.common import tables
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence, Text

SLACK_S = 0.05
"""Times are told to a tenth of a second, and compared with a limit to that precision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A way of walking.

    Parameters
    ----------
    name
        Name of the profile, as in ``data/walking_profiles.csv``.
    label
        What a report calls it.
    speed_m_s
        Walking speed, metres per second.
    tolerance_m
        Farthest leg between a place and a road, metres.
    detour_factor
        Walked over straight distance, used where there is no network and for direct ways.
    direct_m
        Farthest straight distance, metres, between two places that are also reached directly, off
        the roads of a network, where that is shorter; 0 for roads alone.
    source
        Where the numbers come from.

    Examples
    --------
    >>> Profile(name="slow", label=Text("慢", "slow"), speed_m_s=0, source="")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: walking speed 0 m/s. Give a speed above zero
    """

    name: str
    label: Text
    speed_m_s: float
    tolerance_m: float = 500.0
    detour_factor: float = 1.3
    direct_m: float = 300.0
    source: str

    def __post_init__(self) -> None:
        """Refuse what cannot be walked."""
        if not self.speed_m_s > 0:
            raise InputError(
                Sentence("walking speed {speed_m_s:g} m/s", speed_m_s=self.speed_m_s),
                remedy=Sentence("Give a speed above zero"),
            )
        if not (self.tolerance_m >= 0 and self.detour_factor >= 1):
            message = Sentence(
                "tolerance {tolerance_m:g} m, detour factor {detour_factor:g}",
                tolerance_m=self.tolerance_m,
                detour_factor=self.detour_factor,
            )
            raise InputError(
                message, remedy=Sentence("Tolerance is 0 or more, the detour factor 1 or more")
            )
        if not self.direct_m >= 0:
            raise InputError(
                Sentence("a direct way of {direct_m:g} m", direct_m=self.direct_m),
                remedy=Sentence("Give 0 or more metres"),
            )

    def seconds(self, metres: float) -> float:
        """Return the time for a length.

        Examples
        --------
        >>> profile("elderly").seconds(720) / 60
        15.0
        """
        return metres / self.speed_m_s


def profiles() -> tuple[str, ...]:
    """Return the names of the shipped profiles.

    Examples
    --------
    >>> profiles()
    ('adult', 'elderly', 'child')
    """
    return tuple(tables.column("walking_profiles.csv", "profile"))


def profile(name: str, *, speed_m_s: float | None = None) -> Profile:
    """Return a shipped profile, at a speed of one's own where one is given.

    Parameters
    ----------
    name
        One of `profiles`.
    speed_m_s
        Metres a second; the shipped speed where not given.

    Returns
    -------
    Profile
        Who walks how fast.

    Raises
    ------
    UnknownError
        If there is none of that name.
    InputError
        If nobody walks at that speed.

    Examples
    --------
    >>> profile("adult").speed_m_s, profile("elderly", speed_m_s=0.6).speed_m_s
    (1.1, 0.6)
    """
    if speed_m_s is not None:
        adjusted = replace(profile(name), speed_m_s=speed_m_s)
        return replace(adjusted, source=f"{speed_m_s:g} m/s as given")
    for row in tables.rows("walking_profiles.csv"):
        if row["profile"] == name:
            return Profile(
                name=name,
                label=Text(row["name_zh"], row["name_en"]),
                speed_m_s=float(row["speed_m_s"]),
                tolerance_m=float(row["tolerance_m"]),
                detour_factor=float(row["detour_factor"]),
                direct_m=float(row["direct_m"]),
                source=row["source"],
            )
    raise UnknownError(
        Sentence("no walking profile {name!r}", name=name),
        remedy=Sentence("Use one of {listed}", listed=tuple(profiles())),
    )

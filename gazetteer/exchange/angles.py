"""Angles in any writing: degrees, minutes and seconds, marked or parted, with a side or a sign."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

_MARKS = str.maketrans(
    {
        **dict.fromkeys("°º˚⁰∘度", "°"),
        **dict.fromkeys("′'’‘‛ʹ´`＇分", "'"),
        **dict.fromkeys('″"”“ʺ〃＂˝秒', '"'),
    }
)
"""The marks of degrees, minutes and seconds as devices and people write them."""
_SIDE = r"([东西南北][经纬]?|[经纬]|[EWNS])?"
_ANGLE = re.compile(
    rf"{_SIDE}:?([-+]?\d{{1,3}}(?:\.\d+)?)"
    rf"(?:°(?:(\d{{1,2}}(?:\.\d+)?)'?(?:(?<=')(\d{{1,2}}(?:\.\d+)?)\"?)?)?)?{_SIDE}"
)
_PARTED = re.compile(
    r"(\d{1,3})[\s:-]+(\d{1,2}(?:\.\d+)?)(?:[\s:-]+(\d{1,2}(?:\.\d+)?))?(?=\s*[EWNS]?$)"
)
"""Degrees, minutes and seconds between spaces, colons or hyphens."""
_NEGATIVE = tuple("西南WS")


def degrees_of(text: str) -> float | None:
    """Return an angle in degrees, however it is written; `None` for a text that is none.

    Examples
    --------
    >>> degrees_of("112°24.51′"), degrees_of("112º60′"), degrees_of("W 112.5")
    (112.4085, None, -112.5)
    """
    parts = _parts(text)
    if parts is None:
        return None
    _, degrees, minutes, seconds = parts
    size = abs(Fraction(degrees)) + Fraction(minutes or 0) / 60 + Fraction(seconds or 0) / 3600
    west = degrees.startswith("-") or parts[0][:1] in _NEGATIVE
    return float(-size if west else size)


def side_of(text: str) -> str:
    """Return the side that an angle tells: 东, 北, E ...; empty for none.

    Examples
    --------
    >>> side_of("N 29 42 36"), side_of("东经112°30′"), side_of("112.5"), side_of("x")
    ('N', '东', '', '')
    """
    return (_parts(text) or ("",))[0][:1]


def _parts(text: str) -> tuple[str, str, str | None, str | None] | None:
    """Return the side (东, N ... or empty), degrees, minutes and seconds of an angle."""
    marked = text.strip().replace("度", "°").replace("经°", "经").replace("纬°", "纬")
    marked = marked.translate(_MARKS).replace("''", '"')
    narrow = unicodedata.normalize("NFKC", marked).upper().strip()
    parted = _PARTED.sub(lambda at: f"{at[1]}°{at[2]}'{at[3] or ''}", narrow)
    match = _ANGLE.fullmatch(re.sub(r"\s+", "", parted))
    if not match:
        return None
    before, degrees, minutes, seconds, after = match.groups()
    if not _whole_parts(degrees, minutes, seconds):
        return None
    return before or after or "", degrees, minutes, seconds


def _whole_parts(degrees: str, minutes: str | None, seconds: str | None) -> bool:
    """Tell whether only the last part has decimals, and none reaches sixty."""
    parts = [each for each in (degrees, minutes, seconds) if each is not None]
    small = all(float(each) < 60 for each in parts[1:])
    return small and not any("." in each for each in parts[:-1])

"""What a camera writes into a photo (EXIF): where, in which direction and when it was taken."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from PIL import ExifTags, Image

BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    MemoryError,
    OverflowError,
    Image.DecompressionBombError,
)
"""What Pillow raises when an image is damaged, foreign or too large."""


class Described(NamedTuple):
    """What a photo says of itself.

    Parameters
    ----------
    place
        Longitude and latitude in degrees (WGS 84, taken as CGCS2000), or None.
    direction_deg
        Direction of view, degrees from north, or None.
    taken
        Local date and time as ISO text, or an empty string.
    """

    place: tuple[float, float] | None
    direction_deg: float | None
    taken: str


def described(image: Image.Image) -> Described:
    """Return what the camera has written into a photo.

    A place at 0, 0 is what cameras write without a fix, and one that is not on Earth is none.

    Examples
    --------
    >>> image = Image.new("RGB", (4, 4))
    >>> described(image)
    Described(place=None, direction_deg=None, taken='')
    >>> image.getexif().get_ifd(ExifTags.IFD.GPSInfo).update(
    ...     {1: "N", 2: (29.0, 42.0, 0.0), 3: "E", 4: (112.0, 30.0, 0.0), 17: 45.0})
    >>> described(image)
    Described(place=(112.5, 29.7), direction_deg=45.0, taken='')
    """
    exif = image.getexif()
    gps = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    taken = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or ""
    direction = _number(gps.get(ExifTags.GPS.GPSImgDirection))
    return Described(_place(gps), direction, _moment(str(taken)))


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef))
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef))
    if lon is None or lat is None or (lon, lat) == (0.0, 0.0):
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _degrees(parts: Any, side: Any) -> float | None:
    angles = parts[:3] if isinstance(parts, tuple | list) else ()
    numbers = [number for part in angles if (number := _number(part)) is not None]
    if not angles or len(numbers) < len(angles):
        return None
    total: float = sum(number / 60**power for power, number in enumerate(numbers))
    return -total if side in ("S", "W", b"S", b"W") else total


def _number(value: Any) -> float | None:
    try:
        number: float = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _moment(text: str) -> str:
    match = re.match(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", text)
    return f"{match[1]}-{match[2]}-{match[3]}T{match[4]}" if match else ""

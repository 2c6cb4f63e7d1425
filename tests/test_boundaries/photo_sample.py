"""A photo as a phone would leave it, with its position."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def photo(lon: float, lat: float) -> bytes:
    """A small JPEG with a position in EXIF."""
    image = Image.new("RGB", (32, 24), "green")
    exif = image.getexif()
    exif[0x8825] = {1: "N", 2: _dms(lat), 3: "E", 4: _dms(lon), 17: 45.0}
    exif[0x0132] = "2025:06:01 09:30:00"
    target = BytesIO()
    image.save(target, "JPEG", exif=exif)
    return target.getvalue()


def _dms(value: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(value * 3600, 60)
    degrees, minutes = divmod(minutes, 60)
    return degrees, minutes, round(seconds, 4)

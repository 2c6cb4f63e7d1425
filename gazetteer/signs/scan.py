"""Photos of signs: the codes they show, and where and when they were taken."""

from __future__ import annotations

import hashlib
import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFilter, ImageOps, UnidentifiedImageError

from gazetteer.common.language import Text
from gazetteer.signs import qr

MAX_PIXELS = 120_000_000
"""Larger images are refused unread: more than any phone takes, and a gigabyte when unpacked."""
MAX_BYTES = 100_000_000
LARGEST_SIDE = 4000
"""Pixels to which a photo is reduced before it is searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo as read; `error` tells why it could not be.

    Parameters
    ----------
    file
        Name of the file.
    sha256
        Fingerprint of its bytes.
    texts
        Texts of the QR codes in it.
    position
        Longitude and latitude in degrees from EXIF (WGS 84, taken as CGCS2000), or None.
    taken
        Local date and time (ISO), or empty.
    """

    file: str
    sha256: str = ""
    texts: tuple[str, ...] = ()
    position: tuple[float, float] | None = None
    taken: str = ""
    error: Text | None = None


def read(content: bytes, *, file: str) -> Photo:
    """Read the QR codes of a photo: skewed, dark, small or blurred ones too.

    Examples
    --------
    >>> read(b"no image", file="a.jpg").error.en
    'is not an image'
    """
    mark = hashlib.sha256(content).hexdigest()
    if len(content) > MAX_BYTES:
        return Photo(file=file, sha256=mark, error=Text("文件过大", "is too large a file"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content)) as image:
                return _read(image, file=file, mark=mark)
    except UnidentifiedImageError:
        error = Text("不是图像文件", "is not an image")
    except Image.DecompressionBombError:
        error = Text("图像过大", "is too large an image")
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError) as problem:
        said = str(problem)[:80]
        error = Text(f"图像损坏（{said}）", f"is a damaged image ({said})")
    return Photo(file=file, sha256=mark, error=error)


def _read(image: Image.Image, *, file: str, mark: str) -> Photo:
    if image.width * image.height > MAX_PIXELS:
        return Photo(file=file, sha256=mark, error=Text("图像过大", "is too large an image"))
    position, taken = _described(image)
    if image.format == "JPEG":
        image.draft("L", (LARGEST_SIDE, LARGEST_SIDE))
    image.load()
    grey = ImageOps.exif_transpose(image).convert("L")
    grey.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    found = next((texts for texts in map(qr.texts, _tries(grey)) if texts), [])
    return Photo(file=file, sha256=mark, texts=tuple(found), position=position, taken=taken)


def _tries(grey: Image.Image) -> Iterator[NDArray[np.uint8]]:
    """Yield a photo as it is, then brightened, sharpened, enlarged."""
    yield np.asarray(grey)
    bright = ImageOps.autocontrast(grey, cutoff=1)
    yield np.asarray(bright)
    yield np.asarray(bright.filter(ImageFilter.UnsharpMask(radius=2, percent=500, threshold=0)))
    if max(grey.size) <= LARGEST_SIDE // 2:
        large = bright.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
        yield np.asarray(large)
        yield np.asarray(large.filter(ImageFilter.UnsharpMask(radius=4, percent=250, threshold=0)))


def _described(image: Image.Image) -> tuple[tuple[float, float] | None, str]:
    exif = image.getexif()
    gps = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    when = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or ""
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef))
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef))
    fits = lon is not None and lat is not None and abs(lon) <= 180 and abs(lat) <= 90
    position = (lon, lat) if lon is not None and lat is not None and fits else None
    found = re.match(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", str(when))
    taken = f"{found[1]}-{found[2]}-{found[3]}T{found[4]}" if found else ""
    return position if position != (0.0, 0.0) else None, taken


def _degrees(parts: Any, side: Any) -> float | None:
    if not isinstance(parts, tuple | list) or not parts:
        return None
    try:
        numbers = [float(part) for part in parts[:3]]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    total: float = sum(number / 60**power for power, number in enumerate(numbers))
    if not math.isfinite(total):
        return None
    return -total if side in ("S", "W", b"S", b"W") else total

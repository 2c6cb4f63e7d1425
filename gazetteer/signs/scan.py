"""Photos of signs: the codes they show, and where and when they were taken."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from gazetteer.common import photographs
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
    except photographs.BROKEN as problem:
        said = str(problem)[:80]
        error = Text(f"图像损坏（{said}）", f"is a damaged image ({said})")
    return Photo(file=file, sha256=mark, error=error)


def _read(image: Image.Image, *, file: str, mark: str) -> Photo:
    if image.width * image.height > MAX_PIXELS:
        return Photo(file=file, sha256=mark, error=Text("图像过大", "is too large an image"))
    seen = photographs.described(image)
    if image.format == "JPEG":
        image.draft("L", (LARGEST_SIDE, LARGEST_SIDE))
    image.load()
    grey = ImageOps.exif_transpose(image).convert("L")
    grey.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    found = next((texts for texts in map(qr.texts, _tries(grey)) if texts), [])
    texts = tuple(found)
    return Photo(file=file, sha256=mark, texts=texts, position=seen.place, taken=seen.taken)


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

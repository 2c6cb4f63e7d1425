"""Photos of markers: whether they open, and where, when and in which direction they were taken."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from PIL import Image, UnidentifiedImageError

from boundaries.azimuths import LonLat
from gazetteer.common import photographs
from gazetteer.common.language import Text

MAX_PIXELS = 200_000_000
"""Larger images are refused unread: a phone takes at most 200 megapixels."""

END, TAIL, LARGE = b"\xff\xd9", 65_536, 1_000_000
"""A JPEG's end, in how many last bytes it is looked for, and from how many bytes on that is enough:
a smaller file may have a thumbnail's end there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """What a photo file says; `error` tells why it cannot be read.

    Parameters
    ----------
    file
        Name of the file.
    place
        Longitude and latitude from EXIF in degrees (WGS 84, taken as CGCS2000), or None.
    direction_deg
        Direction of view, degrees from north, or None.
    taken
        Local date and time as ISO text, or an empty string.
    width, height
        Pixels.
    """

    file: str
    place: LonLat | None = None
    direction_deg: float | None = None
    taken: str = ""
    width: int = 0
    height: int = 0
    error: Text | None = None

    @property
    def label(self) -> str:
        """The file's name up to its first separator: the number of the marker by convention.

        Examples
        --------
        >>> Photo(file="照片/421081101102001A_1.jpg").label
        '421081101102001A'
        """
        return re.split(r"[_\-\s(（.]", PurePath(self.file).name, maxsplit=1)[0]


def read(content: bytes, *, file: str, thorough: bool = True) -> Photo:
    """Read a photo: the whole image is decoded, so that a cut-off file is noticed.

    Without `thorough` a large JPEG that has its end is taken as whole, and any other is decoded
    at an eighth of its size: many times faster.

    Examples
    --------
    >>> read(b"not an image", file="x.jpg").error.en
    'is not an image'
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(content))
            if image.width * image.height > MAX_PIXELS:
                return Photo(file=file, error=Text("图像过大", "is too large an image"))
            seen = photographs.described(image)
            photo = Photo(file=file, width=image.width, height=image.height, **seen._asdict())
            if not thorough and image.format == "JPEG":
                if len(content) > LARGE and END in content[-TAIL:]:
                    return photo
                image.draft("L", (image.width // 8, image.height // 8))
            image.load()
            return photo
    except UnidentifiedImageError:
        return Photo(file=file, error=Text("不是图像文件", "is not an image"))
    except photographs.BROKEN as error:
        return Photo(file=file, error=Text("图像损坏，无法完整读取", f"is damaged ({error})"))

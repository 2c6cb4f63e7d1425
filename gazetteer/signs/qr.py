"""QR codes: made by one library, read again by another."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from gazetteer.common.errors import GazetteerError, InputError
from gazetteer.common.language import Sentence

QUIET = 4
"""Modules of white around a code (ISO/IEC 18004)."""
CORRECTION = "m"
PREVIEW_PX_A_RADIAN = 1_370.0
"""Pixels a radian of a scanner's preview: 1,920 over a field of 70 degrees, the usual phone's."""
PIXELS_A_MODULE = 2.5
"""Pixels a module that reading needs with a hand-held camera: our own default, by experiment."""
LEAST_MODULE_MM = 0.5
"""Smaller modules are lost to dirt and weather on an outdoor plate: our own default."""
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

Matrix = NDArray[np.bool_]


def make(content: str) -> Matrix:
    """Return the modules of a QR code without quiet zone; True is dark.

    Raises
    ------
    InputError
        When the content does not fit.

    Examples
    --------
    >>> make("HTTPS://DM.EXAMPLE.CN/S/10000000000X").shape
    (25, 25)
    """
    try:
        code = segno.make_qr(content, error=CORRECTION, boost_error=False)
    except ValueError as error:
        raise InputError(Sentence("does not fit into a QR code ({quote})", quote=error)) from error
    return np.array(code.matrix, dtype=bool)


def path(matrix: Matrix) -> str:
    """Return the dark modules as one SVG path, a module a unit, quiet zone included.

    Examples
    --------
    >>> path(np.array([[True, True, False]]))
    'M4 4h2v1h-2z'
    """
    parts = []
    for y, row in enumerate(matrix):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], row.view(np.int8), [0]))))
        parts += [
            f"M{x + QUIET} {y + QUIET}h{end - x}v1h-{end - x}z"
            for x, end in edges.reshape(-1, 2).tolist()
        ]
    return "".join(parts)


def svg(matrix: Matrix) -> str:
    """Return a QR code with its quiet zone as SVG, one unit a module."""
    side = len(matrix) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path d="{path(matrix)}"/></svg>'
    )


@lru_cache(maxsize=16_384)
def drawn(content: str) -> str:
    """Return a content's QR code as SVG, kept: a plate is drawn to be read, then to be printed."""
    return svg(make(content))


def texts(image: Image.Image | NDArray[np.uint8]) -> list[str]:
    """Return the texts of all QR codes in an image, without repetition."""
    return list(dict.fromkeys(each.text for each in zxingcpp.read_barcodes(image, _QR)))


def grey(content: bytes) -> NDArray[np.uint8]:
    """Return an image's pixels in grey."""
    with Image.open(BytesIO(content)) as image:
        return np.asarray(image.convert("L"))


def upright_texts(image: NDArray[np.uint8]) -> list[str]:
    """Return the texts of all QR codes in an image of our own making: upright, dark on light."""
    found = zxingcpp.read_barcodes(
        image, _QR, try_rotate=False, try_downscale=False, try_invert=False
    )
    return [each.text for each in found]


def check(matrix: Matrix, content: str) -> None:
    """Read a code again with the other library.

    Raises
    ------
    GazetteerError
        When it reads otherwise.
    """
    modules = np.pad(~matrix, QUIET, constant_values=True)
    image = np.kron(modules, np.ones((3, 3), dtype=np.uint8)).astype(np.uint8) * 255
    if texts(image) != [content]:
        raise GazetteerError(
            Sentence(
                "The QR code of {content!r} does not read as it was made", content=content[:60]
            )
        )


def reading_distance_m(module_mm: float) -> float:
    """Return the metres from which a code with modules of some size (mm) is read by a phone.

    With 53 modules and the quiet zone this is close to the rule of thumb of ten times the side.

    Examples
    --------
    >>> round(reading_distance_m(40 / 61), 2), round(reading_distance_m(120 / 61), 2)
    (0.36, 1.08)
    """
    return module_mm * PREVIEW_PX_A_RADIAN / PIXELS_A_MODULE / 1000


@lru_cache(maxsize=64)
def modules(length: int) -> int:
    """Return the modules of one side for a content of capitals and digits of some length.

    Examples
    --------
    >>> modules(36), modules(250)
    (25, 53)
    """
    return len(make("A" * length))

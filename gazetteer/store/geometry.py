"""Geometries as GeoPackage blobs (OGC 12-128r19, clause 2.1.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

from gazetteer.common.errors import StoreError
from gazetteer.common.language import Sentence
from gazetteer.common.lazy import np, shapely

SRID = 4490
_HEADER = struct.Struct("<2sBBi")
_LITTLE_ENDIAN, _ENVELOPE_XY, _EMPTY = 0b1, 0b10, 0b10000
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def encode(shapes: Sequence[Any] | np.ndarray) -> list[bytes | None]:
    r"""Return GeoPackage blobs of geometries in EPSG:4490; a missing geometry stays missing.

    Examples
    --------
    >>> encode([shapely.Point(112.5, 29.7), None])[0][:8]
    b'GP\x00\x01\x8a\x11\x00\x00'
    """
    array = np.asarray(shapes, dtype=object)
    bodies = shapely.to_wkb(array, byte_order=1, flavor="iso")
    bounds = shapely.bounds(array)
    points = shapely.get_type_id(array) == shapely.GeometryType.POINT
    empty = shapely.is_empty(array)
    return [
        None if body is None else _blob(body, envelope, is_point=bool(point), is_empty=bool(void))
        for body, envelope, point, void in zip(bodies, bounds, points, empty, strict=True)
    ]


def _blob(body: bytes, bounds: np.ndarray, *, is_point: bool, is_empty: bool) -> bytes:
    if is_empty:
        return _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _EMPTY, SRID) + body
    if is_point:
        return _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN, SRID) + body
    x0, y0, x1, y1 = bounds
    head = _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _ENVELOPE_XY, SRID)
    return head + struct.pack("<4d", x0, x1, y0, y1) + body


def decode(blobs: Iterable[bytes | None]) -> np.ndarray:
    """Return the geometries of GeoPackage blobs as an object array.

    Examples
    --------
    >>> decode(encode([shapely.Point(112.5, 29.7), None]))
    array([<POINT (112.5 29.7)>, None], dtype=object)
    >>> decode([b"GP"])
    Traceback (most recent call last):
    gazetteer.common.errors.StoreError: a geometry of the file is damaged or cut off. Restore a...
    """
    try:
        bodies = [None if blob is None else blob[_body_start(blob) :] for blob in blobs]
        found = np.asarray(shapely.from_wkb(np.array(bodies, dtype=object)), dtype=object)
    except _cut() as error:
        remedy = Sentence("Restore a backup, or draw it again.")
        raise StoreError(
            Sentence("a geometry of the file is damaged or cut off"), remedy=remedy
        ) from error
    return found


def _body_start(blob: bytes) -> int:
    return 8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 0b111]


def _cut() -> tuple[type[Exception], ...]:
    """Return what a blob raises that is too short, or no blob at all."""
    return (KeyError, IndexError, TypeError, struct.error, shapely.errors.ShapelyError)


def envelope(blob: bytes | None) -> tuple[float, float, float, float] | None:
    """Return (min x, max x, min y, max y) of a blob, or nothing where it is missing or empty.

    A damaged one has no bounds: SQLite asks for them while it writes, and `decode` tells of it.
    """
    try:
        return _envelope(blob)
    except _cut():
        return None


def _envelope(blob: bytes | None) -> tuple[float, float, float, float] | None:
    if blob is None or blob[3] & _EMPTY:
        return None
    if (blob[3] >> 1) & 0b111:
        order = "<" if blob[3] & _LITTLE_ENDIAN else ">"
        low_x, high_x, low_y, high_y = struct.unpack_from(order + "4d", blob, 8)
        return low_x, high_x, low_y, high_y
    bounds = shapely.bounds(shapely.from_wkb(blob[_body_start(blob) :])).tolist()
    low_x, low_y, high_x, high_y = bounds
    return None if np.isnan(low_x) else (low_x, high_x, low_y, high_y)


def sql_functions() -> dict[str, Any]:
    """Return the functions that GeoPackage R-tree triggers call, by name.

    Examples
    --------
    >>> blob = encode([shapely.Point(112.5, 29.7)])[0]
    >>> sql_functions()["ST_MinX"](blob), sql_functions()["ST_IsEmpty"](None)
    (112.5, None)
    """

    def bound(position: int) -> Any:
        def read(blob: bytes | None) -> float | None:
            found = envelope(blob)
            return None if found is None else found[position]

        return read

    def is_empty(blob: bytes | None) -> int | None:
        return None if blob is None else int(envelope(blob) is None)

    named = {f"ST_{side}": bound(i) for i, side in enumerate(["MinX", "MaxX", "MinY", "MaxY"])}
    return {**named, "ST_IsEmpty": is_empty}

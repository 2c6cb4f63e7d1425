"""In which system do these coordinates come? Measured against known divisions, and then asked.

A guess is never acted on: it is a value to show beside the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from gazetteer.common.coordinates import CGCS2000, CGCS2000_ELLIPSOID, zone_of_prefix
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.offsets import UNSHIFT
from gazetteer.exchange.locating import look
from gazetteer.exchange.sources.raw import Objects

SAME_M = 30.0
"""Offset in metres up to which outlines count as the same: generalization moves a centre less."""
OTHER_DATUM_M = 400.0
"""Offset in metres up to which another datum explains it (Xi'an 80, Beijing 54: 20 to 200 m)."""


class Guess(NamedTuple):
    """How well the coordinates fit the known divisions in one system.

    Parameters
    ----------
    system
        What to say to ``--crs``.
    offset_m
        Median distance in metres of a division's middle from the known one's.
    matched
        Number of divisions compared.
    """

    system: str
    offset_m: float
    matched: int


def guesses(shapes: gpd.GeoDataFrame, known: gpd.GeoDataFrame) -> list[Guess]:
    """Return the systems that the coordinates may be in, the best fitting one first.

    Parameters
    ----------
    shapes
        Polygons or points of divisions with their `code`, numbers as delivered (CRS unknown).
    known
        The same divisions (some suffice) with `code` and geometry in EPSG:4490.

    Raises
    ------
    InputError
        When no code is common to both.

    Examples
    --------
    >>> from gazetteer.common.offsets import wgs84_to_gcj02
    >>> area = shapely.box(112.3, 29.6, 112.5, 29.8)
    >>> known = gpd.GeoDataFrame({"code": ["421081"]}, geometry=[area], crs="EPSG:4490")
    >>> moved = shapely.transform(area, lambda xy: np.column_stack(wgs84_to_gcj02(*xy.T)))
    >>> delivered = gpd.GeoDataFrame({"code": ["421081"]}, geometry=[moved])
    >>> [(each.system, each.offset_m < 30) for each in guesses(delivered, known)]
    [('gcj02', True), ('EPSG:4490', False), ('bd09', False)]
    """
    both = pd.merge(
        pd.DataFrame({"code": shapes["code"], "given": shapes.geometry.to_numpy()}),
        pd.DataFrame({"code": known["code"], "known": known.geometry.to_numpy()}),
        on="code",
    )
    both = both[both["given"].notna() & both["known"].notna()]
    if both.empty:
        raise InputError(
            Sentence("no division code is common to the file and the county file"),
            remedy=Sentence("Import the divisions first, or state the CRS."),
        )
    wanted = _middles(both["known"].to_numpy())
    given = _middles(both["given"].to_numpy())
    found = [Guess(name, _offset_m(moved, wanted), len(both)) for name, moved in _candidates(given)]
    return sorted(found, key=lambda each: each.offset_m)


def question(found: Sequence[Guess]) -> Text:
    """Return what to ask, with the figures; the user decides.

    Examples
    --------
    >>> question([Guess("gcj02", 3.0, 12), Guess("EPSG:4490", 512.0, 12)]).en
    'Measured on 12 divisions the coordinates fit gcj02 (3 m off; EPSG:4490 512 m off): say --crs \
gcj02 if that is right.'
    >>> question([Guess("EPSG:4526", 87.0, 5)]).en
    "Measured on 5 divisions the coordinates are 87 m off as EPSG:4526: another datum (Xi'an 80, \
Beijing 54)? Ask for the shift parameters."
    """
    best, others = found[0], found[1:]
    if best.offset_m <= SAME_M:
        rest = ", ".join(f"{each.system} {each.offset_m:.0f} m off" for each in others)
        offsets = f"{best.offset_m:.0f} m off" + (f"; {rest}" if rest else "")
        return Text(
            f"与 {best.matched} 个已知政区比较，坐标符合 {best.system}（{offsets}）；"
            f"如属实请指定 --crs {best.system}",
            f"Measured on {best.matched} divisions the coordinates fit {best.system} ({offsets}): "
            f"say --crs {best.system} if that is right.",
        )
    zh, en = "各系统均不符", "No system fits; is it the right county?"
    if best.offset_m <= OTHER_DATUM_M:
        zh = "可能是其他基准（西安 80、北京 54），请索取转换参数"
        en = "another datum (Xi'an 80, Beijing 54)? Ask for the shift parameters."
    return Text(
        f"与 {best.matched} 个已知政区比较，按 {best.system} 偏差 {best.offset_m:.0f} 米：{zh}",
        f"Measured on {best.matched} divisions the coordinates are {best.offset_m:.0f} m off as "
        f"{best.system}: {en}",
    )


def _middles(shapes: Objects) -> np.ndarray:
    return np.asarray(shapely.get_coordinates(shapely.centroid(shapes)))


def _candidates(given: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Return each system that the numbers allow, with the points as CGCS2000."""
    seen = look(given)
    if seen is None:
        raise InputError(
            Sentence("the coordinates are no numbers"),
            remedy=Sentence("Check the coordinate columns."),
        )
    points = given[:, ::-1] if seen.swapped else given
    if seen.degrees:
        shifted = [
            (name, np.column_stack(undo(points[:, 0], points[:, 1])))
            for name, undo in UNSHIFT.items()
        ]
        return [(CGCS2000, points), *shifted]
    zone = zone_of_prefix(seen.prefix) if seen.prefix else None
    epsgs = [zone.epsg(prefixed=True)] if zone else range(4534, 4555)
    return [(f"EPSG:{epsg}", _from_plane(points, epsg)) for epsg in epsgs]


def _from_plane(points: np.ndarray, epsg: int) -> np.ndarray:
    way = pyproj.Transformer.from_crs(epsg, 4490, always_xy=True)
    return np.column_stack(way.transform(points[:, 0], points[:, 1]))


def _offset_m(points: np.ndarray, wanted: np.ndarray) -> float:
    _, _, metres = CGCS2000_ELLIPSOID.inv(points[:, 0], points[:, 1], wanted[:, 0], wanted[:, 1])
    return float(np.median(metres))

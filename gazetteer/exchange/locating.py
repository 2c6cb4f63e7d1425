"""Coordinates become CGCS2000: stated, told with certainty from the numbers, or asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from gazetteer.common import coordinates
from gazetteer.common.coordinates import CHINA
from gazetteer.common.errors import CrsError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.offsets import UNSHIFT, unshift
from gazetteer.common.reference_frames import is_gauss_kruger, prefix_of
from gazetteer.exchange.rejects import Problems
from gazetteer.exchange.sources.raw import Objects

Axes = Literal["east-north", "north-east"]
DATUM_ONLY = ("cgcs2000", "国家2000", "2000国家大地坐标系")
"""Names that say the datum and leave the zone to be told from the eastings."""

LARGEST = 1e9
"""No coordinate in degrees or metres is larger; what is larger is an error in one row."""

_DEGREE_CHOICES = Text(
    "EPSG:4490（CGCS2000）、EPSG:4326（WGS 84、GPS）、gcj02（高德、腾讯）或 bd09（百度）",
    "EPSG:4490 (CGCS2000), EPSG:4326 (WGS 84, GPS), gcj02 (Amap, Tencent), bd09 (Baidu)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What is said about the coordinates of one table.

    Parameters
    ----------
    asked
        What the user says: a CRS, ``gcj02``, ``bd09``, or ``cgcs2000`` with the zone left open.
    file
        What the file or its format says.
    certain
        Whether the file says it itself, so that the user may not say otherwise.
    header
        What the headers of the coordinate columns say.
    axes
        The order of the two coordinates, when the user says it.
    place
        The file, for messages.
    lost
        What would have stated the system and is not there, for messages.
    """

    asked: str | None = None
    file: pyproj.CRS | None = None
    certain: bool = False
    header: str | None = None
    axes: Axes | None = None
    place: str = ""
    lost: str = ""


class System(NamedTuple):
    """How coordinates reach CGCS2000: what to call the system, and the shift or the CRS."""

    name: str
    crs: pyproj.CRS
    encrypted: str | None = None
    swapped: bool = False


class Look(NamedTuple):
    """What the middle of the coordinates looks like."""

    degrees: bool
    swapped: bool
    prefix: int | None
    x: float
    y: float


def look(xy: npt.NDArray[np.float64]) -> Look | None:
    """Tell degrees from metres, the order of the axes and the zone prefix, over China.

    Northings over China lie between 2 and 6 million metres, eastings below 1 million or, with the
    zone before them, above 13 million: no order can be mistaken for the other.

    Examples
    --------
    >>> look(np.array([[38_512_345.0, 3_300_000.0]]))
    Look(degrees=False, swapped=False, prefix=38, x=38512345.0, y=3300000.0)
    >>> look(np.array([[29.7, 112.4]])).swapped, look(np.array([[3.3e6, 5e5]])).swapped
    (True, True)
    >>> look(np.array([[np.nan, 1e300]])) is None
    True
    """
    sound = np.isfinite(xy).all(axis=1) & (np.abs(xy) < LARGEST).all(axis=1)
    if not sound.any():
        return None
    x, y = (float(each) for each in np.median(xy[sound], axis=0))
    if abs(x) <= 180 and abs(y) <= 180:
        west, south, east, north = CHINA
        swapped = south <= x <= north and west <= y <= east
        return Look(degrees=True, swapped=swapped, prefix=None, x=x, y=y)
    swapped = bool(_exchanged(np.array([[x, y]]))[0])
    easting = y if swapped else x
    return Look(False, swapped, int(easting // 1e6) if easting >= 1e7 else None, x, y)


def system(xy: npt.NDArray[np.float64], stated: Stated) -> System | None:
    """Return the coordinate system of a table, or refuse with the choices.

    Returns ``None`` when no coordinate is a number at all.

    Raises
    ------
    CrsError
        When none is stated, two contradict, or the numbers are not of the stated one.
    """
    seen = look(xy)
    if seen is None:
        return None
    swapped = _swapped(seen, stated)
    if stated.asked and stated.asked.lower() in UNSHIFT:
        _fits(seen, pyproj.CRS(4326), stated)
        return System(stated.asked.lower(), pyproj.CRS(4490), stated.asked.lower(), swapped)
    crs = _named(seen, stated)
    _fits(seen, crs, stated)
    coordinates.transformer_to_cgcs2000(crs)
    return System(_label(crs), crs, None, swapped)


def _swapped(seen: Look, stated: Stated) -> bool:
    """Return whether to exchange the coordinates; never without being told."""
    if stated.axes:
        return stated.axes == "north-east"
    if seen.swapped:
        what = (
            Text("经度和纬度", "longitude and latitude")
            if seen.degrees
            else Text("东坐标和北坐标", "easting and northing")
        )
        msg = Sentence(
            "{what} look swapped: the first coordinate ({x:.8g}) looks like a north one, "
            "the second like an east",
            what=what,
            x=seen.x,
        )
        raise CrsError(
            msg,
            place=stated.place,
            remedy=Sentence("Say --axes north-east if they stand so, or map the columns."),
        )
    return False


def _named(seen: Look, stated: Stated) -> pyproj.CRS:
    """Return the CRS that the user, the file or the header states; they must agree."""
    if stated.asked:
        asked = _asked(seen, stated)
        if stated.certain and stated.file is not None and not _agree(asked, stated.file):
            msg = Sentence(
                "the file says {stated}, not {asked}",
                stated=_label(stated.file),
                asked=_label(asked),
            )
            raise CrsError(
                msg,
                place=stated.place,
                remedy=Sentence("Leave --crs out, or take away the .prj or crs that is wrong."),
            )
        return asked
    if stated.header in UNSHIFT:
        raise CrsError(
            Sentence("the headers say {header}", header=stated.header),
            place=stated.place,
            remedy=Sentence("Say --crs {header} to have them converted.", header=stated.header),
        )
    if stated.header:
        return coordinates.parse_crs(stated.header)
    if stated.file is not None:
        return stated.file
    what = (
        Sentence("{unstated} ({lost} is missing)", unstated=_unstated(seen), lost=stated.lost)
        if stated.lost
        else _unstated(seen)
    )
    raise CrsError(what, place=stated.place, remedy=_choose(choices(seen)))


def _asked(seen: Look, stated: Stated) -> pyproj.CRS:
    """Return the CRS that the user asks for; the zone prefix completes a bare ``cgcs2000``."""
    asked = stated.asked or ""
    if asked.lower() not in DATUM_ONLY or seen.degrees:
        return coordinates.parse_crs(asked)
    zone = coordinates.zone_of_prefix(seen.prefix) if seen.prefix else None
    if zone is None:
        msg = Sentence("the eastings ({easting:.8g}) do not tell the zone", easting=_easting(seen))
        raise CrsError(msg, place=stated.place, remedy=_choose(choices(seen)))
    return pyproj.CRS.from_epsg(zone.epsg(prefixed=True))


def _agree(one: pyproj.CRS, other: pyproj.CRS) -> bool:
    """Tell whether two CRS place a point alike, whatever their names and axes."""
    if one.equals(other, ignore_axis_order=True):
        return True
    if not (coordinates.same_datum(one) and coordinates.same_datum(other)):
        return False
    if one.is_geographic or other.is_geographic:
        return bool(one.is_geographic and other.is_geographic)
    return one.to_dict() == other.to_dict() if one.to_epsg() is None else False


def _choose(known: Text) -> Sentence:
    return Sentence("Choose --crs {choices}.", choices=known)


def _unstated(seen: Look) -> Sentence:
    kind = Text("度", "degrees") if seen.degrees else Text("米", "metres")
    return Sentence(
        "the coordinates ({x:.8g}, {y:.8g}) are in {kind} of an unstated system",
        x=seen.x,
        y=seen.y,
        kind=kind,
    )


def _easting(seen: Look) -> float:
    return seen.y if seen.swapped else seen.x


def choices(seen: Look) -> Text:
    """Return the systems that the numbers may be in.

    Examples
    --------
    >>> choices(Look(False, False, 38, 38_512_345.0, 3.3e6)).en
    "EPSG:4526 (CGCS2000, zone 38), or EPSG:2362 (Xi'an 80) with +towgs84 parameters"
    """
    if seen.degrees:
        return _DEGREE_CHOICES
    zone = coordinates.zone_of_prefix(seen.prefix) if seen.prefix else None
    if zone is None:
        return Text(
            "EPSG:4534 至 EPSG:4554（CGCS2000，中央子午线 75° 至 135°）中本县所用的",
            "EPSG:4534 to EPSG:4554 (CGCS2000, central meridian 75° to 135°), as the county has",
        )
    xian = 2324 + zone.number if zone.width == 3 else 2314 + zone.number
    ours = zone.epsg(prefixed=True)
    return Text(
        f"EPSG:{ours}（CGCS2000，{zone.number} 带）或 EPSG:{xian}（西安 80）加 +towgs84",
        f"EPSG:{ours} (CGCS2000, zone {zone.number}), or EPSG:{xian} (Xi'an 80) "
        "with +towgs84 parameters",
    )


def _fits(seen: Look, crs: pyproj.CRS, stated: Stated) -> None:
    """Refuse numbers that cannot be of a CRS: metres for degrees, a zone too much or too little."""
    if crs.is_geographic and not seen.degrees:
        msg = Sentence(
            "{label} is in degrees, but the coordinates ({x:.8g}, {y:.8g}) are not",
            label=_label(crs),
            x=seen.x,
            y=seen.y,
        )
        raise CrsError(msg, place=stated.place, remedy=_choose(choices(seen)))
    if crs.is_projected and seen.degrees:
        msg = Sentence(
            "{label} is in metres, but the coordinates ({x:.8g}, {y:.8g}) are not",
            label=_label(crs),
            x=seen.x,
            y=seen.y,
        )
        raise CrsError(msg, place=stated.place, remedy=_choose(_DEGREE_CHOICES))
    if is_gauss_kruger(crs) and (expected := prefix_of(crs)) != seen.prefix:
        msg = Sentence(
            "{label} has {wanted} before the easting, but {easting:.8g} has {prefix}",
            label=_label(crs),
            wanted=_zone(expected),
            easting=_easting(seen),
            prefix=_zone(seen.prefix),
        )
        raise CrsError(msg, place=stated.place, remedy=_choose(choices(seen)))


def _zone(prefix: int | None) -> Text:
    return Text("无带号", "no zone") if prefix is None else Text(f"带号 {prefix}", f"zone {prefix}")


def _label(crs: pyproj.CRS) -> str:
    epsg = crs.to_epsg(min_confidence=70)
    return f"EPSG:{epsg}" if epsg else str(crs.name)[:60]


def tame(shapes: Objects, *, problems: Problems, column: str = "") -> Objects:
    """Return shapes without those that have a coordinate that is no number; these are noted."""
    shapes = shapes.copy()
    wild = _any_coordinate(shapes, lambda xy: ~np.isfinite(xy) | (np.abs(xy) >= LARGEST))
    problems.add(wild, column, Text("坐标不是有限的数", "A coordinate is no finite number"))
    shapes[wild] = None
    return shapes


def place(
    shapes: Objects, system: System, *, problems: Problems, column: str = "", keep: bool = False
) -> Objects:
    """Return shapes in CGCS2000 (with `keep`: as they came), and note those that lie nowhere.

    What has a coordinate that is no number, or lies outside China, becomes ``None`` and a problem.
    """
    if system.swapped:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    shapes = tame(shapes, problems=problems, column=column)
    if system.encrypted:
        moved = unshift(shapes, system=system.encrypted)
    elif system.crs.is_geographic and not system.crs.is_bound:
        moved = shapes
    else:
        moved = coordinates.to_cgcs2000(_series(shapes, system.crs)).to_numpy()
    degrees = bool(system.crs.is_geographic)
    outside = _any_coordinate(moved, _not_in_china)
    if not degrees:  # what is exchanged in a grid may still lie somewhere in China
        outside |= _any_coordinate(shapes, lambda xy: _exchanged(xy)[:, None])
    problems.add(outside, column, lambda row: _outside(shapes[row], degrees))
    moved = np.array(shapes if keep and not system.encrypted else moved, dtype=object)
    moved[outside] = None
    return moved


def _series(shapes: Objects, crs: pyproj.CRS) -> Any:
    import geopandas as gpd

    return gpd.GeoSeries(shapes, crs=crs)


def _any_coordinate(
    shapes: Objects, test: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.bool_]]
) -> npt.NDArray[np.bool_]:
    """Return which shapes have a coordinate that the test is true of."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    found = np.zeros(len(shapes), dtype=bool)
    found[owner[test(xy).any(axis=1)]] = True
    return found


def _not_in_china(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    west, south, east, north = CHINA
    inside = (xy >= (west, south)) & (xy <= (east, north))
    return ~inside


def _exchanged(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which metres have their northing first."""
    north = (xy > 1.5e6) & (xy < 6.5e6)
    return np.asarray(north[:, 0] & ~north[:, 1])


def _outside(shape: Any, degrees: bool) -> Text:
    x, y = shapely.get_coordinates(shape)[0]
    cause = _cause(x, y, degrees=degrees)
    zh, en = (f"：{cause.zh}", f": {cause.en}") if cause else ("", "")
    return Text(
        f"坐标（{x:.8g}，{y:.8g}）不在中国范围内{zh}",
        f"Coordinates ({x:.8g}, {y:.8g}) lie outside China{en}",
    )


def _cause(x: float, y: float, *, degrees: bool) -> Text | None:
    """Return why one row may lie elsewhere, where the numbers tell.

    Examples
    --------
    >>> _cause(29.7, 112.4, degrees=True).en, _cause(0, 0, degrees=True).en
    ('longitude and latitude look swapped', 'the position was not filled in')
    >>> _cause(1124, 297, degrees=True).en, _cause(3.3e6, 5e5, degrees=False).en
    ('the decimal point looks lost', 'easting and northing look swapped')
    """
    if x == 0 and y == 0:
        return Text("坐标为 0，未填写位置", "the position was not filled in")
    if _inside(y, x):
        return Text("经度和纬度似乎颠倒，请对调", "longitude and latitude look swapped")
    seen = look(np.array([[x, y]]))
    if seen is not None and seen.swapped:
        return Text("纵横坐标似乎颠倒，请对调", "easting and northing look swapped")
    powers = range(10)
    if degrees and any(_inside(x / 10**n, y / 10**m) for n in powers for m in (n - 1, n, n + 1)):
        return Text("小数点似乎丢失", "the decimal point looks lost")
    return None


def _inside(lon: float, lat: float) -> bool:
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north

"""Coordinates are CGCS2000 in the right zone, axes in order, plausible, and not encrypted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from boundaries.azimuths import central_meridian
from boundaries.survey.case import Case, Issue, column
from boundaries.survey.checks.completeness import TITLES
from boundaries.survey.delivery import LAYERS
from boundaries.survey.reference_frame import faults
from boundaries.survey.shifts import Known, Shifted, shifted
from gazetteer.common.coordinates import CGCS2000, to_cgcs2000, zone_at, zone_of_prefix
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text
from gazetteer.common.reference_frames import LIKELY, displacement, encrypted

Floats = npt.NDArray[np.float64]

FARTHEST_M = 5000.0
"""A larger displacement is another place or zone, not a shift."""


def reference_frame(case: Case) -> Iterator[Issue]:
    """Yield what is wrong with a layer's CRS, axes or zone prefix."""
    for fault in faults(case.delivery):
        title = TITLES[fault.role]
        message = Text(title.zh + fault.message.zh, f"the {title.en} layer {fault.message.en}")
        yield Issue(fault.kind, fault.role, message)


def crs_word(crs: pyproj.CRS) -> str:
    """Return how a coordinate system is called in Chinese: datum, zone width, central meridian.

    Examples
    --------
    >>> from pyproj import CRS
    >>> crs_word(CRS(4546)), crs_word(CRS(4490))
    ('CGCS2000 3度带，中央经线111°', 'CGCS2000经纬度')
    """
    datum = crs.name.split(" / ")[0]
    if crs.is_geographic:
        return {"China Geodetic Coordinate System 2000": "CGCS2000"}.get(datum, datum) + "经纬度"
    found = re.search(r"(\d)-degree Gauss-Kruger CM (\d+(?:\.\d+)?)E", crs.name)
    return f"{datum} {found[1]}度带，中央经线{found[2]}°" if found else crs.name


def zone(case: Case) -> Iterator[Issue]:
    """Yield layers in a zone that the delivery does not lie in, or in more than one CRS."""
    frames = {
        role: case.delivery.layer(role)
        for role in LAYERS
        if role in case.sound and len(case.delivery.layer(role))
    }
    known = {fault.role for fault in faults(case.delivery)}
    main = case.main
    if main is None:
        return
    for role, frame in frames.items():
        if frame.crs != main.crs and role not in known:
            one, other = crs_word(frame.crs), crs_word(main.crs)
            zh = f"{TITLES[role].zh}的坐标系（{one}）与其他图层（{other}）不同"
            en = f"the {TITLES[role].en} are in {frame.crs.name}, other layers in {main.crs.name}"
            yield Issue("mixed", role, Text(zh, en))
    yield from _prefixes(case, main)
    yield from _right_zone(case, main)


def _prefixes(case: Case, main: gpd.GeoDataFrame) -> Iterator[Issue]:
    """Yield tables whose eastings begin with the number of another zone than the layers are in."""
    meridian = central_meridian(main.crs)
    for role in COORDINATES if meridian is not None else ():
        given = column(case.delivery.table(role), "east_m").dropna().astype(float) // 1_000_000
        zones = {zone_of_prefix(int(each)) for each in given[given > 0].unique()}
        wrong = sorted(each.number for each in zones if each and each.meridian != meridian)
        if wrong:
            shown = "、".join(map(str, wrong))
            zh = f"{TITLES[role].zh}的横坐标带号为{shown}，图层的中央经线为{meridian:g}°"
            en = f"eastings in the {TITLES[role].en} are of zone {shown},"
            yield Issue("mixed", role, Text(zh, f"{en} the layers of {meridian:g}° E"))


COORDINATES = ("marker_results", "registrations", "boundary_points")
"""Tables with coordinates."""


def _right_zone(case: Case, frame: gpd.GeoDataFrame) -> Iterator[Issue]:
    """Allow either zone to a county on both sides of a zone's edge, but only one of them."""
    meridian = central_meridian(frame.crs)
    if meridian is None:
        return
    west, _, east, _ = to_cgcs2000(frame).total_bounds
    fixed = case.profile.central_meridian
    allowed = {fixed} if fixed else {float(zone_at(edge).meridian) for edge in (west, east)}
    if meridian not in allowed:
        right = "、".join(f"{each:g}°" for each in sorted(allowed))
        zh = f"中央经线为{meridian:g}°，测区（{west:.2f}°–{east:.2f}°E）应为{right}"
        en = f"central meridian {meridian:g}° for a survey of {west:.2f} to {east:.2f}° E"
        en += f" that belongs to {' or '.join(f'{each:g}°' for each in sorted(allowed))}"
        yield Issue("zone", "units", Text(zh, en), measured=meridian)
    else:
        yield from _far_away(case, meridian)


def _far_away(case: Case, meridian: float) -> Iterator[Issue]:
    """Yield a delivery that lies far from register or photos, and the zone that would fit."""
    for source, pairs in (("register", _from_register(case)), ("photos", _from_photos(case))):
        away = estimate_shift(*pairs) if len(pairs[0]) else None
        if away is None or away.length_m < FARTHEST_M:
            continue
        zh = f"成果相对{VERSUS[source].zh}相距{away.length_m / 1000:.0f}千米"
        en = f"the delivery lies {away.length_m / 1000:.0f} km from {VERSUS[source].en}"
        right = _fitting(case, pairs, meridian)
        hint_zh = "坐标带或坐标系有误" if right is None else f"坐标应为中央经线{right:g}°的坐标"
        hint_en = "wrong zone or CRS" if right is None else f"as if of central meridian {right:g}°"
        message = Text(f"{zh}，{hint_zh}", f"{en}: {hint_en}")
        yield Issue("zone", "units", message, measured=meridian)
        return


def _fitting(case: Case, pairs: tuple[Floats, Floats], meridian: float) -> float | None:
    """Return the central meridian whose grid puts the delivered numbers where they belong."""
    lonlat, known = pairs
    to_plane = pyproj.Transformer.from_crs(CGCS2000, case.crs, always_xy=True)
    plane = np.column_stack(to_plane.transform(*lonlat.T))
    for turn in (-6.0, -3.0, 3.0, 6.0):
        grid = pyproj.CRS(zone_at(meridian + turn).epsg(prefixed=False))
        back = pyproj.Transformer.from_crs(grid, CGCS2000, always_xy=True)
        away = estimate_shift(np.column_stack(back.transform(plane[:, 0], plane[:, 1])), known)
        if away is not None and away.length_m < FARTHEST_M:
            return meridian + turn
    return None


VERSUS = {"register": Text("登记界线", "the register"), "photos": Text("照片位置", "the photos")}


class Shift(NamedTuple):
    """A common displacement: east and north in metres, pairs, spread, system, certainty 0 to 1."""

    east_m: float
    north_m: float
    pairs: int
    spread_m: float
    system: str
    certainty: float

    @property
    def length_m(self) -> float:
        """Length of the displacement in metres."""
        return float(np.hypot(self.east_m, self.north_m))


def estimate_shift(lonlat: Floats, reference: Floats) -> Shift | None:
    """Estimate the common displacement of points, and which encrypted system it is like.

    Parameters
    ----------
    lonlat
        Points as delivered, longitude and latitude in degrees, shape (n, 2).
    reference
        The same points from another source on CGCS2000.

    Returns
    -------
    Shift or None
        Median displacement; `certainty` is 1 less the median distance between the displacements
        and those that the best system would give, as a share of the latter, and falls with few
        pairs. None without pairs.

    Examples
    --------
    >>> from gazetteer.common.offsets import wgs84_to_gcj02
    >>> true = np.array([[112.4, 29.7], [112.5, 29.8], [112.6, 29.7]])
    >>> shift = estimate_shift(np.column_stack(wgs84_to_gcj02(*true.T)), true)
    >>> shift.system, round(shift.certainty, 2), round(shift.east_m), round(shift.north_m)
    ('GCJ-02', 0.83, 546, -286)
    """
    kept = np.isfinite(lonlat).all(axis=1) & np.isfinite(reference).all(axis=1)
    if not kept.any():
        return None
    seen = displacement(reference[kept], lonlat[kept])
    median = np.median(seen, axis=0)
    spread = float(np.median(np.hypot(*(seen - median).T)))
    system, likeness = encrypted(reference[kept], seen)
    certainty = likeness * (1 - 0.5 / len(seen))
    return Shift(float(median[0]), float(median[1]), int(kept.sum()), spread, system, certainty)


def shift(case: Case) -> Iterator[Issue]:
    """Yield a common displacement of the delivery, else each layer or table that has one alone."""
    seen = list(_outside(case))
    displaced = shifted(case, known=[each.known for each in seen])
    if displaced.whole:
        first = next(each for each in seen if each.known.away is not None)
        yield _issue(case, first.shift, first.known.role, first.known.source)
        return
    for each in displaced.alone:
        yield _layer(case, each)


class Outside(NamedTuple):
    """A layer compared with what is known outside the delivery."""

    known: Known
    shift: Shift


def _outside(case: Case) -> Iterator[Outside]:
    """Yield the displacement against the register's polygons and the photos, where it is one."""
    limit = case.profile.tolerance("shift_suspicion").value
    sources = (
        ("units", "register", _from_register(case)),
        ("markers", "photos", _from_photos(case)),
    )
    for role, source, pairs in sources:
        away = estimate_shift(*pairs) if len(pairs[0]) else None
        if away is None or away.length_m >= FARTHEST_M:
            continue
        if away.length_m <= limit:
            yield Outside(Known(role, source, None), away)
        elif away.pairs >= 3 and away.spread_m <= away.length_m / 2:
            yield Outside(Known(role, source, (away.east_m, away.north_m)), away)


def _layer(case: Case, moved: Shifted) -> Issue:
    """Tell of one layer or table, with the vector, and the system that it is like."""
    title = Text(
        "、".join(TITLES[role].zh for role in moved.roles),
        ", ".join(TITLES[role].en for role in moved.roles),
    )
    vector = np.array([[moved.east_m, moved.north_m]])
    middle = gpd.GeoSeries([case.middle], crs=case.crs).to_crs(CGCS2000).iloc[0]
    system, likeness = encrypted(np.array([[middle.x, middle.y]]), vector)
    named = likeness >= LIKELY
    against = VERSUS.get(moved.against) or TITLES[moved.against]
    shown = f"{moved.east_m:+.2f} m / {moved.north_m:+.2f} m"
    zh = f"{title.zh}相对{against.zh}整体偏移（东/北）{shown}"
    en = f"the {title.en} are shifted against {against.en} by {shown} (east/north)"
    if moved.pairs:
        zh, en = f"{zh}（{moved.pairs}处）", f"{en} in {moved.pairs} places"
    if named:
        zh, en = f"{zh}，疑为{system}加密坐标", f"{en}, like {system}"
    elif moved.length_m > FARTHEST_M:
        misread = _misread(case, moved.roles)
        zh, en = f"{zh}，{misread.zh}", f"{en}, {misread.en}"
    return Issue(
        "layer",
        moved.roles[0],
        Text(zh, en),
        Severity.ERROR,
        moved.tolerance,
        moved.length_m,
        related=moved.roles[1:],
        details={
            "east_m": moved.east_m,
            "north_m": moved.north_m,
            "system": system if named else "",
        },
        certain=named,
    )


def _misread(case: Case, roles: tuple[str, ...]) -> Text:
    """Say in what way a table has to be read to lie where the layers lie."""
    bounds = case.bounds
    tables = [case.delivery.table(role) for role in roles if role in case.delivery.tables]
    for table in tables if bounds is not None else ():
        given = table.reindex(columns=["east_m", "north_m"]).dropna().to_numpy(dtype=float)
        for reading, read in _readings(case):
            placed = read(given)
            if len(placed) and shapely.contains_xy(bounds, *placed.T).mean() > SOME:
                return reading
    return Text("疑坐标带有误", "perhaps of another zone")


SOME = 0.5
"""Share of the rows of a table that have to lie where the layers are to be read rightly."""


def _readings(case: Case) -> Iterator[tuple[Text, Callable[[Floats], Floats]]]:
    yield Text("疑X、Y颠倒", "X and Y swapped"), lambda xy: xy[:, ::-1]
    yield Text("疑以千米为单位", "in kilometres"), lambda xy: xy * 1000
    meridian = central_meridian(case.crs) or 0.0
    for turn in (-6.0, -3.0, 3.0, 6.0):
        grid = pyproj.CRS(zone_at(meridian + turn).epsg(prefixed=False))
        to_own = pyproj.Transformer.from_crs(grid, case.crs, always_xy=True)
        zh, en = (
            f"疑为中央经线{meridian + turn:g}°的坐标",
            f"of central meridian {meridian + turn:g}°",
        )
        yield Text(zh, en), partial(_moved, to_own)


def _moved(way: pyproj.Transformer, xy: Floats) -> Floats:
    return np.column_stack(way.transform(xy[:, 0] % 1_000_000, xy[:, 1]))


def _issue(case: Case, displaced: Shift, role: str, source: str) -> Issue:
    named = displaced.certainty >= LIKELY
    like_zh = f"，疑为{displaced.system}加密坐标" if named else "，原因不明"
    like_en = f", like {displaced.system}" if named else ", of unknown cause"
    vector = f"{displaced.east_m:+.1f} m / {displaced.north_m:+.1f} m"
    zh = f"坐标相对{VERSUS[source].zh}整体偏移（东/北）{vector}{like_zh}"
    zh += f"（{displaced.pairs}对，离散{displaced.spread_m:.1f} m，把握{displaced.certainty:.0%}）"
    en = f"coordinates are shifted against {VERSUS[source].en} by {vector} (east/north){like_en}"
    en += f" ({displaced.pairs} pairs, spread {displaced.spread_m:.1f} m, "
    en += f"certainty {displaced.certainty:.0%})"
    return Issue(
        "shift",
        case.delivery.name or "delivery",
        Text(zh, en),
        Severity.ERROR,
        "shift_suspicion",
        displaced.length_m,
        key="shift",
        details={
            "east_m": displaced.east_m,
            "north_m": displaced.north_m,
            "role": role,
            "system": displaced.system if named else "",
            "certainty": displaced.certainty,
        },
        certain=named,
    )


def _from_register(case: Case) -> tuple[Floats, Floats]:
    """Middles and corners of units, delivered and in the register, by code."""
    if case.register is None or "units" not in case.sound:
        return np.empty((0, 2)), np.empty((0, 2))
    register = case.register[case.register.geometry.notna() & ~case.register.geometry.is_empty]
    registered = to_cgcs2000(register).set_index(register["code"].astype(str)).geometry
    registered = registered[~registered.index.duplicated(keep=False)]
    units = to_cgcs2000(case.delivery.layer("units"))
    delivered = units.set_index(case.resolved).geometry
    common = [code for code in delivered.index.unique() if code in registered.index]
    once = [c for c in common if isinstance(delivered[c], shapely.Polygon | shapely.MultiPolygon)]
    return _places(delivered[once]), _places(registered[once])


def _places(shapes: gpd.GeoSeries) -> Floats:
    """Return the middle and the corners of each box: five places, so that one unit tells."""
    west, south, east, north = shapes.bounds.to_numpy().T
    points = shapely.centroid(shapes.to_numpy())
    pairs = [(shapely.get_x(points), shapely.get_y(points))]
    pairs += [(x, y) for x in (west, east) for y in (south, north)]
    return np.vstack([np.column_stack(pair) for pair in pairs])


def _from_photos(case: Case) -> tuple[Floats, Floats]:
    """Markers and the positions in their photos' EXIF."""
    markers = to_cgcs2000(case.metric("markers"))
    where = dict(zip(column(markers, "number").astype(str), markers.geometry, strict=True))
    pairs = [
        (*where[case.marker_of(photo)].coords[0], *photo.place)
        for photo in case.delivery.photos
        if photo.place is not None and case.marker_of(photo) in where
    ]
    table = pd.DataFrame(pairs, columns=["x", "y", "photo_x", "photo_y"], dtype=float).to_numpy()
    return table[:, :2], table[:, 2:]

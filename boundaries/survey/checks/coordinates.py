"""Coordinates are CGCS2000 in the right zone, axes in order, plausible, and not encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from boundaries.azimuths import central_meridian
from boundaries.survey.case import Case, Issue, column
from boundaries.survey.checks.completeness import TITLES
from boundaries.survey.delivery import LAYERS
from boundaries.survey.reference_frame import faults
from boundaries.survey.shifts import Shifted, shifted
from gazetteer.coordinates import CGCS2000, to_cgcs2000, zone_at
from gazetteer.findings import Severity
from gazetteer.frames import LIKELY, displacement, encrypted
from gazetteer.language import Text

Floats = npt.NDArray[np.float64]

FARTHEST_M = 5000.0
"""A larger displacement is another place or zone, not a shift."""


def reference_frame(case: Case) -> Iterator[Issue]:
    """Yield what is wrong with a layer's CRS, axes or zone prefix."""
    for fault in faults(case.delivery):
        title = TITLES[fault.role]
        message = Text(title.zh + fault.message.zh, f"the {title.en} layer {fault.message.en}")
        yield Issue(fault.kind, fault.role, message)


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
            zh = f"{TITLES[role].zh}的坐标系（{frame.crs.name}）与其他图层（{main.crs.name}）不同"
            en = f"the {TITLES[role].en} are in {frame.crs.name}, other layers in {main.crs.name}"
            yield Issue("mixed", role, Text(zh, en))
    yield from _right_zone(case, main)


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
    >>> from gazetteer.offsets import wgs84_to_gcj02
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
    alone = shifted(case)
    displaced = {role for each in alone for role in each.roles}
    found = _whole(case)
    if found is not None and found[1] not in displaced:
        yield _issue(case, *found)
        return
    for each in alone:
        yield _layer(case, each)


def _whole(case: Case) -> tuple[Shift, str, str] | None:
    """Return the displacement against the register's polygons or the photos, and what has it."""
    limit = case.profile.tolerance("shift_suspicion").value
    sources = (
        ("units", "register", _from_register(case)),
        ("markers", "photos", _from_photos(case)),
    )
    for role, source, pairs in sources:
        found = estimate_shift(*pairs) if len(pairs[0]) else None
        if found is None or not limit < found.length_m < FARTHEST_M:
            continue
        if found.pairs >= 3 and found.spread_m <= found.length_m / 2:
            return found, role, source
    return None


def _layer(case: Case, found: Shifted) -> Issue:
    """Tell of one layer or table, with the vector, and the system that it is like."""
    title = Text(
        "、".join(TITLES[role].zh for role in found.roles),
        ", ".join(TITLES[role].en for role in found.roles),
    )
    vector = np.array([[found.east_m, found.north_m]])
    middle = gpd.GeoSeries([case.middle], crs=case.crs).to_crs(CGCS2000).iloc[0]
    system, likeness = encrypted(np.array([[middle.x, middle.y]]), vector)
    named = likeness >= LIKELY
    shown = f"{found.east_m:+.2f} m / {found.north_m:+.2f} m"
    zh = f"{title.zh}相对{TITLES[found.against].zh}整体偏移（东/北）{shown}（{found.pairs}处）"
    en = f"the {title.en} are shifted against the {TITLES[found.against].en} by {shown}"
    en += f" (east/north, {found.pairs} places)"
    if named:
        zh, en = f"{zh}，疑为{system}加密坐标", f"{en}, like {system}"
    elif found.length_m > FARTHEST_M:
        zh, en = f"{zh}，疑坐标带有误", f"{en}, perhaps of another zone"
    return Issue(
        "layer",
        found.roles[0],
        Text(zh, en),
        Severity.ERROR,
        found.tolerance,
        found.length_m,
        related=found.roles[1:],
        details={"east_m": found.east_m, "north_m": found.north_m},
        certain=named,
    )


def _issue(case: Case, found: Shift, role: str, source: str) -> Issue:
    named = found.certainty >= LIKELY
    like_zh = f"，疑为{found.system}加密坐标" if named else "，原因不明"
    like_en = f", like {found.system}" if named else ", of unknown cause"
    versus = {
        "register": Text("登记界线", "the register"),
        "photos": Text("照片位置", "the photos"),
    }
    vector = f"{found.east_m:+.1f} m / {found.north_m:+.1f} m"
    zh = f"坐标相对{versus[source].zh}整体偏移（东/北）{vector}{like_zh}"
    zh += f"（{found.pairs}对，离散{found.spread_m:.1f} m，把握{found.certainty:.0%}）"
    en = f"coordinates are shifted against {versus[source].en} by {vector} (east/north){like_en}"
    en += f" ({found.pairs} pairs, spread {found.spread_m:.1f} m, certainty {found.certainty:.0%})"
    return Issue(
        "shift",
        case.delivery.name or "delivery",
        Text(zh, en),
        Severity.ERROR,
        "shift_suspicion",
        found.length_m,
        key="shift",
        details={
            "east_m": found.east_m,
            "north_m": found.north_m,
            "role": role,
            "system": found.system if named else "",
            "certainty": found.certainty,
        },
        certain=named,
    )


def _from_register(case: Case) -> tuple[Floats, Floats]:
    """Middles and corners of units, delivered and in the register, by code."""
    if case.register is None or "units" not in case.sound:
        return np.empty((0, 2)), np.empty((0, 2))
    register = case.register[case.register.geometry.notna() & ~case.register.geometry.is_empty]
    there = to_cgcs2000(register).set_index(register["code"].astype(str)).geometry
    units = to_cgcs2000(case.delivery.layer("units"))
    here = units.set_index(case.resolved).geometry
    common = [code for code in here.index.unique() if code in there.index]
    once = [c for c in common if isinstance(here[c], shapely.Polygon | shapely.MultiPolygon)]
    return _places(here[once]), _places(there[once])


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

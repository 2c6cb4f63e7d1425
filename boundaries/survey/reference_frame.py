"""Which frame of reference coordinates are in: faults of CRS, axes, zone and place of a layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pyproj

from boundaries.survey.delivery import LAYERS, Delivery
from gazetteer.common import reference_frames
from gazetteer.common.coordinates import same_datum, to_cgcs2000
from gazetteer.common.language import Text

NEIGHBOURHOOD_DEG = 0.5
"""A layer that lies farther from the others than this is of another place."""


class Fault(NamedTuple):
    """A fault of a layer's frame of reference; one that blocks makes its coordinates useless."""

    kind: str
    role: str
    message: Text
    blocks: bool


def faults(delivery: Delivery) -> Iterator[Fault]:
    """Yield the faults of every layer, the first that explains the others alone."""
    sound: dict[str, tuple[float, float, float, float]] = {}
    for role in LAYERS:
        frame = delivery.layer(role)
        if not len(frame) or frame.geometry.is_empty.all():
            continue
        fault = _fault(frame, role)
        if fault is not None:
            yield fault
        if fault is None or not fault.blocks:
            sound[role] = tuple(to_cgcs2000(frame).total_bounds)
    yield from _elsewhere(sound)


def sound_roles(delivery: Delivery) -> frozenset[str]:
    """Return the layers without a fault that makes their coordinates useless."""
    blocked = {fault.role for fault in faults(delivery) if fault.blocks}
    return frozenset(role for role in LAYERS if role in delivery.layers) - blocked


def _fault(frame: gpd.GeoDataFrame, role: str) -> Fault | None:
    if frame.crs is None:
        message = Text("未说明坐标系", "states no coordinate reference system")
        return Fault("crs-missing", role, message, True)
    wrong = reference_frames.fault(np.asarray(frame.total_bounds), frame.crs)
    if wrong is not None and not np.isfinite(frame.total_bounds).all():
        return Fault(wrong.kind, role, wrong.message, True)
    if not same_datum(frame.crs):
        zh = f"坐标系为{frame.crs.name}，不是2000国家大地坐标系"
        return Fault("datum", role, Text(zh, f"is in {frame.crs.name}, not on CGCS2000"), True)
    if wrong is not None:
        return Fault(wrong.kind, role, wrong.message, True)
    return _not_cgcs2000(frame.crs, role)


def _not_cgcs2000(crs: pyproj.CRS, role: str) -> Fault | None:
    """WGS 84 agrees with CGCS2000 to centimetres, yet a survey has to be labelled as what it is."""
    geodetic = crs.geodetic_crs
    name = geodetic.name if geodetic is not None else crs.name
    if "China" in name or "CGCS2000" in name:
        return None
    zh = f"坐标系标注为{name}，应为2000国家大地坐标系"
    return Fault("label", role, Text(zh, f"is labelled {name} instead of CGCS2000"), False)


def _elsewhere(sound: dict[str, tuple[float, float, float, float]]) -> Iterator[Fault]:
    """Yield the layers that lie far from most: the few are wrong, not what they are far from."""
    near = {
        role: {
            other for other, box in sound.items() if reference_frames.within(box, _around(bounds))
        }
        for role, bounds in sound.items()
    }
    if not near:
        return
    main = max(near, key=lambda role: (len(near[role]), role == "units"))
    together = near[main] | {role for role in sound if main in near[role]}
    for role in sound:
        if role not in together:
            rest = Text("其他图层", "the other layers")
            if role != "units" and "units" in together:
                rest = Text("行政区", "the units")
            zh = f"的位置与{rest.zh}相距甚远，坐标带或坐标系有误"
            yield Fault(
                "elsewhere", role, Text(zh, f"lies far from {rest.en}: wrong zone or CRS"), True
            )


def _around(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    return (
        west - NEIGHBOURHOOD_DEG,
        south - NEIGHBOURHOOD_DEG,
        east + NEIGHBOURHOOD_DEG,
        north + NEIGHBOURHOOD_DEG,
    )

"""Route descriptions (走向说明) and photos of a survey."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import shapely
from PIL import Image, ImageDraw
from shapely import ops

from sample_county.delivery.survey import LineRecord, MarkerRecord, Survey
from sample_county.geodesy import GEOD, degrees, geodesic_length
from sample_county.model import XY

SECTORS = (
    "北", "北偏东北", "东北", "东偏东北", "东", "东偏东南", "东南", "南偏东南",
    "南", "南偏西南", "西南", "西偏西南", "西", "西偏西北", "西北", "北偏西北",
)  # fmt: skip


def sector(azimuth: float) -> str:
    """Name the sector of a true azimuth in degrees.

    Examples
    --------
    >>> sector(0.0), sector(359.0), sector(90.0), sector(11.25)
    ('北', '北', '东', '北偏东北')
    """
    return SECTORS[int((azimuth + 11.25) % 360 // 22.5)]


def description(survey: Survey, line: LineRecord) -> str:
    """Describe a line from marker to marker: direction of the chord (true north), length along."""
    path = shapely.LineString(line.xy)
    stops = {m.number: path.project(shapely.Point(m.at)) for m in _numbered(survey, line.code)}
    ends = [("界线起点", 0.0), *((f"{n}号界桩", at) for n, at in stops.items())]
    ends.append(("界线终点", path.length))
    return "".join(
        f"从{start}起，界线向{_leg(path, from_m, to_m)}，至{end}。"
        for (start, from_m), (end, to_m) in pairwise(ends)
    )


def _numbered(survey: Survey, code: str) -> list[MarkerRecord]:
    """One post of each marker of a line."""
    return [marker for marker in survey.markers_of(code) if not marker.number.endswith("B")]


def _leg(path: shapely.LineString, from_m: float, to_m: float) -> str:
    part = ops.substring(path, from_m, to_m)
    start, end = shapely.get_coordinates(degrees(part))[[0, -1]]
    azimuth = GEOD.inv(*start, *end)[0] % 360
    return f"{sector(azimuth)}{geodesic_length(part) / 1000:.2f}千米"


def photo(at: XY, *, seed: int) -> bytes:
    """Draw a small picture of a marker post, with position and time in its EXIF (WGS 84)."""
    rng = np.random.default_rng(seed)
    sky, ground = (
        (150, 185, 215),
        tuple(int(v) for v in rng.integers((80, 110, 40), (120, 160, 80))),
    )
    image = Image.new("RGB", (96, 72), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, int(rng.integers(36, 46)), 96, 72), fill=ground)
    left = int(rng.integers(36, 48))
    draw.rectangle((left, 20, left + 12, 64), fill=(225, 222, 214), outline=(90, 90, 90))
    draw.rectangle((left + 3, 26, left + 9, 40), fill=(180, 30, 30))
    lon, lat = shapely.get_coordinates(degrees(shapely.Point(at)))[0]
    exif = image.getexif()
    exif[0x8825] = {1: "N", 2: _dms(lat), 3: "E", 4: _dms(lon), 16: "T", 17: 45.0}
    exif[0x0132] = "2025:06:10 09:30:00"
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, quality=70)
    return target.getvalue()


def _dms(value: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(float(value) * 3600, 60)
    whole, minutes = divmod(minutes, 60)
    return whole, minutes, round(seconds, 3)

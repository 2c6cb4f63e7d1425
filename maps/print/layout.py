"""Paper, frame, projection and scale of a sheet; positions on paper are mm from its top left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Language, Sentence

PAPERS_MM = {
    "A4": (297.0, 210.0),
    "A3": (420.0, 297.0),
    "figure": (160.0, 145.0),
    # a map over a page of a report
    "plate": (170.0, 215.0),
}
MARGIN_MM, TITLE_MM, FOOT_MM, INNER_MM = 12.0, 20.0, 14.0, 7.0
BINDING_MM, IMPRINT_MM = 25.0, 22.0
"""Margin on the left where sheets are bound (GB/T 14689: 25 mm), and under the map."""
BOUND = ("A4", "A3")
"""Papers that are sheets of their own; the others are pictures in a document."""
SCALES = (1.0, 1.2, 1.4, 1.5, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 7.5,
          8.0, 9.0, 10.0)  # fmt: skip
ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0, 10.0)
WIDE_DEGREES = 6.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet of paper with a map frame (left, top, right, bottom in mm) at one scale."""

    width: float
    height: float
    frame: Box
    crs: CRS
    centre: tuple[float, float]
    scale: float
    bound: bool = False

    def to_paper(self, geometries: NDArray[Any]) -> NDArray[Any]:
        """Return geographic geometries (EPSG:4490) as millimetres on the paper."""
        forward = Transformer.from_crs("EPSG:4490", self.crs, always_xy=True).transform
        middle = (self.frame[0] + self.frame[2]) / 2, (self.frame[1] + self.frame[3]) / 2
        step = 1000 / self.scale

        def move(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
            x, y = forward(degrees[:, 0], degrees[:, 1])
            return np.column_stack(
                [
                    middle[0] + (np.asarray(x) - self.centre[0]) * step,
                    middle[1] - (np.asarray(y) - self.centre[1]) * step,
                ]
            )

        return np.asarray(shapely.transform(geometries, move))

    def to_degrees(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return longitude and latitude of positions on the paper."""
        back = Transformer.from_crs(self.crs, "EPSG:4490", always_xy=True).transform
        middle = (self.frame[0] + self.frame[2]) / 2, (self.frame[1] + self.frame[3]) / 2
        step = self.scale / 1000
        x = self.centre[0] + (points[:, 0] - middle[0]) * step
        y = self.centre[1] - (points[:, 1] - middle[1]) * step
        return np.column_stack(back(x, y))


def projection(box: Box) -> CRS:
    """Return Gauss-Krüger in the 3° zone of the middle of a box of degrees; Albers for wide ones.

    Examples
    --------
    >>> projection((112.2, 29.5, 112.9, 30)).to_epsg()
    4547
    >>> "Albers" in projection((73, 18, 135, 54)).to_wkt()
    True
    """
    if box[2] - box[0] > WIDE_DEGREES:
        return CRS.from_proj4(
            "+proj=aea +lat_0=0 +lon_0=105 +lat_1=25 +lat_2=47 +ellps=GRS80 +units=m +no_defs"
        )
    meridian = round((box[0] + box[2]) / 2 / 3) * 3
    if not 75 <= meridian <= 135:
        return CRS.from_proj4(f"+proj=tmerc +lon_0={meridian} +x_0=500000 +ellps=GRS80 +units=m")
    return CRS.from_epsg(4534 + (meridian - 75) // 3)


def projection_name(crs: CRS, language: Language) -> str:
    """Return what a sheet's projection is called.

    Examples
    --------
    >>> projection_name(projection((112.2, 29.5, 112.9, 30)), "zh")
    '2000国家大地坐标系 高斯-克吕格投影 3°带 中央经线114°'
    >>> projection_name(projection((73, 18, 135, 54)), "en")
    'CGCS2000 Albers equal-area conic, 105° E'
    """
    operation: Any = crs.coordinate_operation
    meridian = next(each.value for each in operation.params if "ongitude" in each.name)
    kind = "albers" if "Albers" in operation.method_name else "gauss-krueger"
    return _NAMES[kind][language].format(f"{meridian:g}")


_NAMES = {
    "gauss-krueger": {
        "zh": "2000国家大地坐标系 高斯-克吕格投影 3°带 中央经线{}°",
        "en": "CGCS2000 Gauss-Krüger, 3° zone, central meridian {}° E",
    },
    "albers": {
        "zh": "2000国家大地坐标系 阿尔伯斯等积圆锥投影 中央经线{}°",
        "en": "CGCS2000 Albers equal-area conic, {}° E",
    },
}


def layout(box: Box, *, paper: str) -> Layout:
    """Return the sheet that shows a box of degrees at the largest round scale that fits.

    Examples
    --------
    >>> sheet = layout((112.2, 29.5, 112.9, 30.0), paper="A3")
    >>> sheet.scale, sheet.width > sheet.height
    (250000.0, True)
    """
    if paper not in PAPERS_MM:
        raise UnknownError(
            Sentence("No paper is called {paper!r}", paper=paper),
            remedy=Sentence("Use {listed}.", listed=tuple(PAPERS_MM)),
        )
    if not all(math.isfinite(side) for side in box):
        raise InputError(
            Sentence("Nothing on the sheet has a place"),
            remedy=Sentence("Give layers with geometry."),
        )
    crs = projection(box)
    forward = Transformer.from_crs("EPSG:4490", crs, always_xy=True)
    west, south, east, north = forward.transform_bounds(*box, densify_pts=21)
    wide, high = max(east - west, 100.0), max(north - south, 100.0)
    long, short = PAPERS_MM[paper]
    width, height = (long, short) if wide >= high else (short, long)
    bound = paper in BOUND
    left, foot = (BINDING_MM, IMPRINT_MM) if bound else (MARGIN_MM, FOOT_MM)
    frame = (left, TITLE_MM, width - MARGIN_MM, height - foot)
    room = frame[2] - frame[0] - 2 * INNER_MM, frame[3] - frame[1] - 2 * INNER_MM
    scale = round_up(max(wide / room[0], high / room[1]) * 1000, steps=SCALES)
    return Layout(width, height, frame, crs, ((west + east) / 2, (south + north) / 2), scale, bound)


def round_up(value: float, *, steps: Sequence[float] = ROUND) -> float:
    """Return the next round number, for scales and steps.

    Examples
    --------
    >>> round_up(187_000.0), round_up(0.1), round_up(9.1)
    (200000.0, 0.1, 10.0)
    """
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return next(step * power for step in steps if step * power >= value * (1 - 1e-9))


def graticule(sheet: Layout, *, spacing_mm: float = 70.0) -> list[tuple[str, NDArray[Any]]]:
    """Return meridians and parallels that cross the frame: label and positions on the paper.

    Parameters
    ----------
    sheet
        Layout of the sheet.
    spacing_mm
        Least distance of neighbouring lines on paper in mm.

    Examples
    --------
    >>> lines = graticule(layout((112.2, 29.5, 112.9, 30.0), paper="A3"))
    >>> lines[0][0]
    '112°10′'
    """
    left, top, right, bottom = sheet.frame
    # A frame that is straight on paper is bent in degrees: its outermost meridians and parallels
    # may lie in the middle of an edge, so the edges are sampled, not the corners alone.
    along = np.linspace(0, 1, 25)
    edge = np.concatenate(
        [
            np.column_stack([left + along * (right - left), np.full(25, side)])
            for side in (top, bottom)
        ]
        + [
            np.column_stack([np.full(25, side), top + along * (bottom - top)])
            for side in (left, right)
        ]
    )
    west, south = sheet.to_degrees(edge).min(axis=0)
    east, north = sheet.to_degrees(edge).max(axis=0)
    least = (north - south) / (bottom - top) * spacing_mm
    step = next((each for each in _STEPS if each >= least), 10.0)
    lines = []
    for at, low, high, other in ((0, west, east, (south, north)), (1, south, north, (west, east))):
        for value in np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step:
            run = np.linspace(*other, 40)
            line = [(value, each) if at == 0 else (each, value) for each in run]
            lines.append((_degrees(float(value)), np.array(line)))
    return [
        (label, shapely.get_coordinates(sheet.to_paper(np.array([shapely.linestrings(line)]))))
        for label, line in lines
    ]


_STEPS = (1 / 60, 2 / 60, 5 / 60, 10 / 60, 15 / 60, 0.5, 1.0, 2.0, 5.0)


def _degrees(value: float) -> str:
    minutes = round(abs(value) * 60)
    return f"{'-' if value < 0 else ''}{minutes // 60}°{minutes % 60:02d}′"


def cell(sheet: Layout, x: float, y: float) -> str:
    """Return the letter and number of the index square of a position on the paper.

    Examples
    --------
    >>> cell(layout((112.2, 29.5, 112.9, 30.0), paper="A3"), 13, 21)
    'A1'
    """
    columns, rows = cells(sheet)
    left, top, right, bottom = sheet.frame
    column = min(columns - 1, max(0, int((x - left) / (right - left) * columns)))
    row = min(rows - 1, max(0, int((y - top) / (bottom - top) * rows)))
    return f"{chr(65 + row)}{column + 1}"


def cells(sheet: Layout) -> tuple[int, int]:
    """Return how many columns and rows of index squares (about 50 mm) a sheet has."""
    left, top, right, bottom = sheet.frame
    return max(2, round((right - left) / 50)), max(2, round((bottom - top) / 50))

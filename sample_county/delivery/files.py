"""Write a survey as the files of a delivery: layers, tables, cards, texts, photos."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyproj import Transformer
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from sample_county import excel
from sample_county.delivery import texts
from sample_county.delivery.survey import LineRecord, MarkerRecord, Survey
from sample_county.geodesy import GEOD, degrees, gcj02, geodesic_area, geodesic_length
from sample_county.layers import DAY, fixed_day
from sample_county.model import CRS, XY
from sample_county.plain import plainly

Columns = dict[str, list[Any]]
POINTS_EVERY = 12  # vertices between the boundary points that the table lists
FILES = {
    "units": "乡级行政区.gpkg",
    "lines": "界线.shp",
    "markers": "界桩.gpkg",
    "reference_objects": "方位物.gpkg",
    "tri_points": "三交点.gpkg",
    "areas": "面积统计表.xlsx",
    "lengths": "长度统计表.xlsx",
    "marker_results": "界桩成果表.xlsx",
    "boundary_points": "边界点成果表.xlsx",
    "registrations": "界桩登记表.xlsx",
}


def write(survey: Survey, folder: Path) -> None:
    """Write our side's delivery to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for role, make in WRITERS.items():
        if role not in survey.left_out:
            make(survey, folder / FILES[role])
            if role in survey.cut_off:
                content = (folder / FILES[role]).read_bytes()
                (folder / FILES[role]).write_bytes(content[: len(content) // 2])
    _texts(survey, folder / "走向说明")
    _photos(survey, folder / "照片")


def write_line(line: LineRecord, folder: Path, *, encrypted: bool = False) -> None:
    """Write one line alone: the other side's delivery, or the agreed line."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = _placed(shapely.LineString(line.xy), CRS, encrypted=encrypted)
    _save(folder / "界线.shp", _line_columns([line]), [shape], CRS)


def _units(survey: Survey, path: Path) -> None:
    columns: Columns = {
        "行政区划代码": [unit.code for unit in survey.units],
        "行政区名称": [unit.name for unit in survey.units],
    }
    _layer(survey, path, "units", columns, [unit.shape for unit in survey.units])


def _lines(survey: Survey, path: Path) -> None:
    shapes: list[BaseGeometry] = [shapely.LineString(line.xy) for line in survey.lines]
    _layer(survey, path, "lines", _line_columns(survey.lines), shapes)


def _line_columns(lines: Sequence[LineRecord]) -> Columns:
    return {
        "界线代码": [line.code for line in lines],
        "界线名称": [line.name for line in lines],
        "左侧代码": [line.left for line in lines],
        "右侧代码": [line.right for line in lines],
        "界线性质": [line.status for line in lines],
        "协议书": [line.document for line in lines],
    }


def _markers(survey: Survey, path: Path) -> None:
    markers = survey.markers
    columns: Columns = {
        "界桩编号": [marker.number for marker in markers],
        "界线代码": [marker.line for marker in markers],
        "界桩类型": [marker.kind for marker in markers],
        "材质": [marker.material for marker in markers],
        "高程": [marker.height for marker in markers],
        "点位中误差": [marker.accuracy for marker in markers],
        "埋设日期": [marker.set_on for marker in markers],
        "位置说明": [marker.place for marker in markers],
    }
    _layer(survey, path, "markers", columns, [shapely.Point(m.at) for m in markers])


def _objects(survey: Survey, path: Path) -> None:
    objects, at = survey.objects, {marker.number: marker.at for marker in reversed(survey.markers)}
    nowhere = (survey.units[0].shape.centroid.x, survey.units[0].shape.centroid.y)
    polar = [grid_polar(at.get(each.number, nowhere), each.at, crs=survey.crs) for each in objects]
    pairs = list(zip(objects, polar, strict=True))
    columns: Columns = {
        "界桩编号": [each.number for each in objects],
        "序号": [each.ordinal for each in objects],
        "方位物名称": [each.name for each in objects],
        "坐标方位角": [round((a + each.azimuth_error) % 360, 4) for each, (a, _) in pairs],
        "距离": [round(d + each.distance_error, 2) for each, (_, d) in pairs],
    }
    _layer(survey, path, "reference_objects", columns, [shapely.Point(o.at) for o in objects])


def grid_polar(start: XY, end: XY, *, crs: str) -> tuple[float, float]:
    """Return grid azimuth (degrees) in a CRS and geodesic distance (m) between two points.

    Examples
    --------
    >>> azimuth, distance = grid_polar((600000.0, 3287800.0), (600100.0, 3287800.0), crs=CRS)
    >>> round(azimuth, 6), round(distance, 3)  # the grid stretches lengths off its meridian
    (90.0, 99.988)
    """
    (x0, y0), (x1, y1) = plane(start, crs=crs), plane(end, crs=crs)
    ends = shapely.get_coordinates(degrees(shapely.LineString([start, end])))
    return math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360, GEOD.inv(*ends[0], *ends[1])[2]


def plane(at: XY, *, crs: str) -> XY:
    """Return a point of the plane (m, EPSG:4546) in another plane CRS (m)."""
    if crs == CRS:
        return at
    x, y = Transformer.from_crs(CRS, crs, always_xy=True).transform(*at)
    return x, y


def _tri_points(survey: Survey, path: Path) -> None:
    points = survey.tri_points
    columns: Columns = {
        "三交点编号": [point.number for point in points],
        "三方行政区代码": ["、".join(point.codes) for point in points],
        "协议": [point.document for point in points],
    }
    _layer(survey, path, "tri_points", columns, [shapely.Point(point.at) for point in points])


def _layer(
    survey: Survey, path: Path, role: str, columns: Columns, shapes: Sequence[BaseGeometry]
) -> None:
    """Write a layer in the CRS of the delivery, with the flaws planted in its coordinates."""
    crs = survey.layer_crs.get(role, survey.crs)
    kept = {name: v for name, v in columns.items() if (role, name) not in survey.columns_left_out}
    moved: list[Any] = [_placed(shape, crs, encrypted=survey.encrypted) for shape in shapes]
    if role in survey.shifted:
        east, north = survey.shifted[role]
        moved = [affinity.translate(shape, east, north) for shape in moved]
    names = [str(each) for each in next(iter(columns.values()))]
    moved = [_other_shape(survey, role, *pair) for pair in zip(names, moved, strict=True)]
    if role in survey.swapped:
        moved = [shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in moved]
    label = survey.labels.get(role, crs)
    _save(path, kept, moved, label or crs)
    if not label:
        path.with_suffix(".prj").unlink()


def _other_shape(survey: Survey, role: str, name: str, shape: BaseGeometry) -> BaseGeometry | None:
    if (role, name) in survey.bare:
        return None
    return shape.centroid.buffer(1.0) if (role, name) in survey.alien else shape


def _placed(shape: BaseGeometry, crs: str, *, encrypted: bool) -> BaseGeometry:
    """Move a shape to another CRS, through GCJ-02 if encrypted."""
    if not encrypted:
        return shape if crs == CRS else degrees(shape, crs=crs)
    back = Transformer.from_crs("EPSG:4490", crs, always_xy=True)

    def shift(xy: np.ndarray) -> Any:
        return np.c_[back.transform(*np.array([gcj02(*each) for each in xy]).T)]

    return shapely.transform(degrees(shape), shift)


def _save(path: Path, columns: Columns, shapes: Sequence[BaseGeometry], crs: str) -> None:
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)
    shp = path.suffix == ".shp"
    more = (
        {"driver": "ESRI Shapefile", "encoding": "GB18030", "DBF_DATE_LAST_UPDATE": DAY}
        if shp
        else {"driver": "GPKG", "layer": path.stem, "dataset_options": {"VERSION": "1.3"}}
    )
    path.unlink(missing_ok=True)
    with fixed_day(), plainly(path) as plain_path:
        pyogrio.write_dataframe(frame, plain_path, **more)


def _areas(survey: Survey, path: Path) -> None:
    rows = [
        [u.code, u.name, round(geodesic_area(u.shape) * survey.told_areas.get(u.code, 1) / 1e6, 4)]
        for u in survey.units
    ]
    _table(
        survey, path, "面积统计表(CGCS2000椭球面)", ["行政区划代码", "名称", "面积(平方公里)"], rows
    )


def _lengths(survey: Survey, path: Path) -> None:
    rows = [
        [
            line.code,
            line.name,
            round(_length(line) * survey.told_lengths.get(line.code, 1) / 1000, 4),
        ]
        for line in survey.lines
    ]
    _table(survey, path, "长度统计表(CGCS2000椭球面)", ["界线代码", "界线名称", "长度(km)"], rows)


def _length(line: LineRecord) -> float:
    return geodesic_length(shapely.LineString(line.xy))


def _results(survey: Survey, path: Path) -> None:
    rows = []
    for marker in survey.markers:
        altered = survey.told_results.get(marker.number, {})
        if altered is not None:
            east, north = plane(altered.get("at", marker.at), crs=survey.crs)
            high = altered.get("height", marker.height)
            rows.append([marker.number, round(north, 2), round(east, 2), high, "实测"])
    header = ["界桩编号", "X坐标(m)", "Y坐标(m)", "高程(m)", "备注"]
    _table(survey, path, "界桩成果表", header, rows)


def _points(survey: Survey, path: Path) -> None:
    rows = []
    for line in survey.lines:
        middle = line.xy[len(line.xy) // 2]
        for serial, at in enumerate(line.xy[6:-6:POINTS_EVERY] or [middle], start=1):
            number = f"{line.code}-{serial:03d}"
            written = survey.told_points.get(number, at)
            if written is not None:
                east, north = plane(written, crs=survey.crs)
                code = survey.told_point_lines.get(number, line.code)
                rows.append([number, code, round(north, 3), round(east, 3), 35.0])
    header = ["边界点编号", "界线代码", "X坐标(m)", "Y坐标(m)", "高程(m)"]
    _table(survey, path, "边界点成果表", header, rows)


def _registrations(survey: Survey, path: Path) -> None:
    rows = []
    for marker in survey.markers:
        altered = survey.told_registrations.get(marker.number, {})
        if altered is not None:
            rows.append(_registration(survey, marker, altered))
    header = ["界桩编号", "界线代码", "界桩类型", "材质", "X坐标(m)", "Y坐标(m)", "高程(m)"]
    _table(survey, path, "界桩登记表", [*header, "位置说明", "技术负责人", "登记日期"], rows)


def _registration(survey: Survey, marker: MarkerRecord, altered: dict[str, Any]) -> list[Any]:
    east, north = plane(altered.get("at", marker.at), crs=survey.crs)
    return [
        marker.number,
        altered.get("line", marker.line),
        altered.get("kind", marker.kind),
        altered.get("material", marker.material),
        round(north, 2),
        round(east, 2),
        altered.get("height", marker.height),
        marker.place,
        "陈测",
        altered.get("set_on", marker.set_on),
    ]


def _table(
    survey: Survey, path: Path, title: str, header: list[str], rows: list[list[Any]]
) -> None:
    """Write a table, with the rows that a planted defect leaves out or puts in."""
    role = next(role for role, name in FILES.items() if name == path.name)
    kept = [row for row in rows if (role, row[0]) not in survey.rows_left_out]
    more = survey.told_rows.get(role, [])
    excel.write(path, {title[:5]: [[title], header, *kept, *more]})


def _texts(survey: Survey, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for line in survey.lines:
        text = survey.told_texts.get(line.code, texts.description(survey, line))
        if text is not None:
            path = folder / f"{line.code}走向说明.txt"
            path.write_bytes(text.encode("gb18030"))


def _photos(survey: Survey, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for seed, marker in enumerate(survey.markers):
        place = survey.told_photos.get(marker.number, marker.at)
        if place is not None:
            content = place if isinstance(place, bytes) else texts.photo(place, seed=seed)
            (folder / f"{marker.number}_1.jpg").write_bytes(content)


WRITERS: dict[str, Callable[[Survey, Path], None]] = {
    "units": _units,
    "lines": _lines,
    "markers": _markers,
    "reference_objects": _objects,
    "tri_points": _tri_points,
    "areas": _areas,
    "lengths": _lengths,
    "marker_results": _results,
    "boundary_points": _points,
    "registrations": _registrations,
}

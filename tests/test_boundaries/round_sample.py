"""A small county with two lines and a tri-point, a round on it, forms filled as a side does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import shapely
from PIL import Image

from boundaries.inspection.field import bundle as bundles
from boundaries.inspection.office import planning
from boundaries.office import records
from gazetteer.store import County, create
from gazetteer.store.landing import land

CODE, A, B, C = "429921", "429921001", "429921002", "429921003"
LINE, OTHER = f"{A}002", f"{A}003"
CORNER = "001002003I"
WEST, NORTH = 112.400, 29.700
NUMBER = "2026-1"
METRE = 1 / 96_700
"""Degrees of longitude a metre is here, nearly."""


def spot(at: float, off: float = 0.0) -> shapely.Point:
    """Return a point so many kilometres along the first line, so many metres north of it."""
    return shapely.Point(WEST + at * 1000 * METRE, NORTH + off / 110_860)


def county(folder: Path, *, markers: int = 4, name: str = "县.gpkg") -> Path:
    """Write a county file: a line of `markers` half-kilometres, a second one from its end."""
    path = folder / name
    create(path, division_code=CODE, name="样例县", actor="test")
    end = spot(0.5 * (markers + 1))
    line = shapely.LineString([spot(0), end])
    second = shapely.LineString([end, shapely.Point(end.x, end.y - 0.01)])
    with County(path, writing=True) as opened, opened.change("fixture") as change:
        told = pd.DataFrame({"code": [A, B, C], "name": ["甲街道", "乙镇", "丙乡"]})
        ids = land(change, "divisions", told.assign(level="township"), key=["code"]).ids.tolist()
        lines = gpd.GeoDataFrame(
            {
                "code": [LINE, OTHER],
                "name": ["甲乙线", "甲丙线"],
                "left_id": [ids[0]] * 2,
                "right_id": ids[1:],
                "level": "township",
                "legal_status": "agreed",
                "length_m": [1000.0 * 0.5 * (markers + 1), 1100.0],
                "last_inspected": "2021-03-01",
            },
            geometry=[shapely.MultiLineString([each]) for each in (line, second)],
            crs=4490,
        )
        line_ids = land(change, "lines", lines, key=["code"]).ids
        numbers = [f"{LINE}{n:03d}Q" for n in range(1, markers + 1)]
        posts = gpd.GeoDataFrame(
            {
                "number": numbers,
                "line_id": line_ids.iloc[0],
                "serial": range(1, markers + 1),
                "marker_type": "single",
                "accuracy_m": 0.1,
                "description": "位于田埂上",
            },
            geometry=[spot(0.5 * n) for n in range(1, markers + 1)],
            crs=4490,
        )
        marker_ids = land(change, "markers", posts, key=["number"]).ids
        rows = [
            (owner, n + 1, thing, 90.0 * n, 30.0 + n, spot(0.5 * (at + 1), 30.0 + n))
            for at, owner in enumerate(marker_ids)
            for n, thing in enumerate(("独立树", "桥头", "水井"))
        ]
        names = ["marker_id", "ordinal", "name", "azimuth_deg", "distance_m", "geometry"]
        objects = gpd.GeoDataFrame(pd.DataFrame(rows, columns=names), crs=4490)
        land(change, "reference_objects", objects, key=["marker_id", "ordinal"])
        corner = gpd.GeoDataFrame(
            {"number": [CORNER], "division_codes": ["、".join((A, B, C))]}, geometry=[end], crs=4490
        )
        land(change, "tri_points", corner, key=["number"])
    return path


def opened(path: Path, *lines: str, number: str = NUMBER, **told: Any) -> None:
    """Plan and open a round."""
    with County(path, writing=True) as county_file:
        known = records.of_county(county_file)
        days = {"starts_on": "2026-03-01", "ends_on": "2026-03-20"}
        round_ = planning.plan(known, number, lines or (LINE,), **{**days, **told})
        planning.keep(county_file, round_, command="inspection plan")
        planning.open_round(county_file, number, command="inspection open")


def handed_out(path: Path, folder: Path, *, side: str, number: str = NUMBER) -> tuple[Path, Path]:
    """Write the forms of a side; return GeoPackage and Excel form."""
    with County(path) as county_file:
        known = records.of_county(county_file)
        state = planning.state_of(county_file, number, records=known)
        made = bundles.of_round(state, known, side=side, county=county_file.division_code)
    files = bundles.write(made, folder)
    return files[0], files[1]


Rows = Mapping[str, Mapping[str, Any]]


def fill_package(path: Path, layer: str, key: str, told: Rows) -> None:
    """Fill in rows of a layer by the value of a column, as QField saves them."""
    frame = pyogrio.read_dataframe(path, layer=layer)
    shapes = list(frame.geometry)
    for at, value in enumerate(frame[key].astype(str)):
        for name, given in told.get(value, told.get("*", {})).items():
            if name == "geometry":
                shapes[at] = given
            else:
                frame[name] = frame[name].astype(object)
                frame.loc[at, name] = given
    frame = frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))
    pyogrio.write_dataframe(frame, path, layer=layer, layer_options={"GEOMETRY_NAME": "geom"})


def add_marker(path: Path, number: str, place: shapely.Point, **told: Any) -> None:
    """Add a new marker to a GeoPackage form."""
    row = {"number": [number], "line_code": [LINE], "marker_type": ["single"]}
    more = {"set_jointly": ["yes"], **{name: [value] for name, value in told.items()}}
    frame = gpd.GeoDataFrame({**row, **more}, geometry=[place], crs=4490)
    pyogrio.write_dataframe(frame, path, layer="new_markers", append=True)


def fill_workbook(path: Path, sheet: str, key: str, told: Rows) -> None:
    """Fill in rows of an Excel form by the value of a column; a key not there takes a new row."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    heads = {cell.value: cell.column for cell in page[1]}
    rows = {str(page.cell(at, heads[key]).value): at for at in range(2, page.max_row + 1)}
    empty = next((at for value, at in rows.items() if value == "None"), page.max_row + 1)
    wanted = {value: told["*"] for value in rows if value != "None"} if "*" in told else {}
    for value, cells in {**wanted, **told}.items():
        if value == "*":
            continue
        at = rows.get(value)
        if at is None:
            at, empty = _first_empty(page, heads[key]), empty + 1
            page.cell(at, heads[key]).value = value
        for name, given in cells.items():
            page.cell(at, heads[name]).value = given
    book.save(path)


def _first_empty(page: Any, column: int) -> int:
    return next(at for at in range(2, page.max_row + 2) if page.cell(at, column).value is None)


def answered(package: Path) -> None:
    """Answer in a GeoPackage that all is in order."""
    fill_package(package, "markers", "number", {"*": {"state": "good"}})
    fill_package(package, "reference_objects", "number", {"*": {"presence": "present"}})
    fill_package(package, "segments", "line_code", {"*": {"recognisable": "yes"}})


def answered_workbook(form: Path) -> None:
    """Answer in an Excel form that all is in order."""
    fill_workbook(form, "界桩", "界桩编号", {"*": {"界桩现状": "完好"}})
    book = openpyxl.load_workbook(form)
    for sheet, head, word in (("方位物", "方位物现状", "存在"), ("界线段", "实地可辨认", "是")):
        page = book[sheet]
        column = next(cell.column for cell in page[1] if cell.value == head)
        for at in range(2, page.max_row + 1):
            if page.cell(at, 1).value is not None:
                page.cell(at, column).value = word
    book.save(form)


def photo(
    path: Path, *, at: shapely.Point | None = None, taken: str = "2026:03:05 10:00:00"
) -> Path:
    """Write a JPEG with the EXIF of a phone."""
    image = Image.new("RGB", (64, 48), (hash(path.name) % 255, 90, 120))
    exif = Image.Exif()
    if taken:
        exif[306] = taken
    if at is not None:
        gps = exif.get_ifd(0x8825)
        gps.update({1: "N", 2: dms(at.y), 3: "E", 4: dms(at.x), 17: 90.0})
    image.save(path, exif=exif)
    return path


def dms(value: float) -> tuple[float, float, float]:
    """Return degrees as degrees, minutes, seconds."""
    minutes = (value - int(value)) * 60
    return float(int(value)), float(int(minutes)), (minutes - int(minutes)) * 60


def gpx(path: Path, offset: Callable[[int], float], *, points: int = 100, step_s: int = 20) -> Path:
    """Write a track along the first line, so many metres off it at each point."""
    fixes = [
        f'<trkpt lon="{spot(0.02 * n).x:.8f}" lat="{spot(0.02 * n, offset(n)).y:.8f}">'
        f"<time>2026-03-05T{8 + n * step_s // 3600:02d}:{n * step_s // 60 % 60:02d}:"
        f"{n * step_s % 60:02d}Z</time></trkpt>"
        for n in range(points)
    ]
    head = '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    path.write_text(f"{head}{''.join(fixes)}</trkseg></trk></gpx>", encoding="utf-8")
    return path

"""A small survey in good order, and defects that can be planted in it one at a time.

Four townships around (640 km, 3,287 km) of EPSG:4546 (112.4° E), their four lines, three single
markers and one double one, all deliverables that the profile asks for. All is computed here with
pyproj and shapely, nothing with the checker.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import geopandas as gpd
import numpy as np
import openpyxl
import pyproj
import shapely

from tests.test_boundaries.photo_sample import photo

CRS = "EPSG:4546"
WEST, SOUTH = 640_000.0, 3_287_000.0
GEOD = pyproj.Geod(a=6378137, rf=298.257222101)
TO_LONLAT = pyproj.Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)
CODES = {"a": "421081101", "b": "421081102", "c": "421081103", "d": "421081104"}
NAMES = {"a": "笔架镇", "b": "东升镇", "c": "新厂乡", "d": "大垸镇"}
World = dict[str, Any]


def wavy(start: tuple[float, float], end: tuple[float, float], phase: float) -> np.ndarray:
    """A bent line between two points, its ends kept, 1 mm grid."""
    t = np.linspace(0, 1, 41)[:, None]
    straight = np.array(start) + (np.array(end) - np.array(start)) * t
    across = np.array([start[1] - end[1], end[0] - start[0]]) / math.dist(start, end)
    bend = 60 * np.sin(math.pi * t) * np.sin(5 * t + phase)
    return np.round(straight + across * bend, 3)


def world() -> World:
    """The survey as it should be; ends of chains: c centre, n e s w, corners."""
    x, y = WEST, SOUTH
    c, n, e = (x + 4e3, y + 3e3), (x + 4e3, y + 6e3), (x + 8e3, y + 3e3)
    s, w = (x + 4e3, y), (x, y + 3e3)
    chains = {
        "nc": wavy(n, c, 0.3),
        "wc": wavy(w, c, 1.0),
        "ce": wavy(c, e, 2.0),
        "cs": wavy(c, s, 0.7),
    }
    nw, ne, se, sw = (x, y + 6e3), (x + 8e3, y + 6e3), (x + 8e3, y), (x, y)
    rings = {
        "a": [nw, *chains["nc"], *chains["wc"][::-1][1:]],
        "b": [ne, *chains["ce"][::-1], *chains["nc"][::-1][1:]],
        "c": [sw, *chains["wc"], *chains["cs"][1:]],
        "d": [se, *chains["cs"][::-1], *chains["ce"][1:]],
    }
    sides = {"nc": "ba", "wc": "ac", "ce": "bd", "cs": "dc"}  # left, right
    lines = {}
    for key, (left, right) in sides.items():
        low, high = sorted((CODES[left], CODES[right]))
        lines[key] = {
            "code": low + high[6:],
            "name": f"{NAMES[left]}与{NAMES[right]}线",
            "left": CODES[left],
            "right": CODES[right],
            "xy": [tuple(map(float, p)) for p in chains[key]],
            "status": "法定界线",
        }
    markers = []
    for key, station, side in (
        ("nc", 10, "Q"),
        ("nc", 30, "Q"),
        ("ce", 20, "Q"),
        ("cs", 12, "A"),
        ("cs", 12, "B"),
    ):
        line = lines[key]
        serial = 1 + sum(m["line"] == line["code"] and m["side"] != "B" for m in markers)
        serial -= side == "B"
        at = line["xy"][station]
        markers.append(marker(line["code"], serial, side, at))
    return {
        "units": {
            CODES[k]: {"name": NAMES[k], "ring": [tuple(map(float, p)) for p in r]}
            for k, r in rings.items()
        },
        "lines": lines,
        "markers": markers,
        "references": [r for m in markers for r in references(m)],
        "tri_points": [
            {
                "number": "101103102I",
                "codes": "421081101,421081102,421081103",
                "document": "协议1",
                "at": c,
            }
        ],
        "areas": None,
        "lengths": None,
        "results": {},
        "registrations": {},
        "photos": {},
        "texts": {},
        "crs": CRS,
        "layer_crs": {},
        "drop_files": set(),
        "swap_axes": False,
        "shift": None,
    }


def marker(line: str, serial: int, side: str, at: tuple[float, float]) -> dict[str, Any]:
    kind = "双立" if side in "AB" else "单立"
    number = f"{line}{serial:03d}{side}"
    return {
        "number": number,
        "line": line,
        "serial": serial,
        "side": side,
        "type": kind,
        "at": at,
        "height": 36.5 + serial,
        "accuracy": 0.05,
    }


def references(m: dict[str, Any]) -> list[dict[str, Any]]:
    """Three objects around a marker: plane azimuth and geodesic distance."""
    found = []
    for number, (name, east, north) in enumerate(
        (("水塔", 60, 35), ("电杆", -80, 10), ("桥头", 12, -95)), 1
    ):
        at = (m["at"][0] + east, m["at"][1] + north)
        start, end = TO_LONLAT.transform(*m["at"]), TO_LONLAT.transform(*at)
        distance = GEOD.inv(*start, *end)[2]
        azimuth = math.degrees(math.atan2(east, north)) % 360
        found.append(
            {
                "number": m["number"],
                "ordinal": number,
                "name": name,
                "azimuth": azimuth,
                "distance": distance,
                "at": at,
            }
        )
    return found


def geodesic_area(ring: list[tuple[float, float]]) -> float:
    return abs(GEOD.polygon_area_perimeter(*TO_LONLAT.transform(*zip(*ring, strict=True)))[0])


def geodesic_length(xy: list[tuple[float, float]]) -> float:
    return float(GEOD.line_length(*TO_LONLAT.transform(*zip(*xy, strict=True))))


def write(folder: Path, w: World) -> Path:
    """Write the delivery as files."""
    folder.mkdir(parents=True, exist_ok=True)
    _layers(folder, w)
    _tables(folder, w)
    _cards(folder, w)
    _texts(folder, w)
    _photos(folder, w)
    for name in w["drop_files"]:
        target = folder / name
        if target.is_dir():
            for each in target.iterdir():
                each.unlink()
        else:
            target.unlink()
    return folder


def _layers(folder: Path, w: World) -> None:
    units = {
        "行政区划代码": list(w["units"]),
        "行政区名称": [u["name"] for u in w["units"].values()],
    }
    _save(
        folder / "乡级行政区.gpkg",
        units,
        [shapely.Polygon(u["ring"]) for u in w["units"].values()],
        w,
        "units",
    )
    rows = list(w["lines"].values())
    lines = {
        "界线代码": [r["code"] for r in rows],
        "界线名称": [r["name"] for r in rows],
        "左侧代码": [r["left"] for r in rows],
        "右侧代码": [r["right"] for r in rows],
        "界线性质": [r["status"] for r in rows],
        "协议书": ["石界协〔2025〕1号" for _ in rows],
    }
    _save(folder / "界线.shp", lines, [shapely.LineString(r["xy"]) for r in rows], w, "lines")
    markers = {
        "界桩编号": [m["number"] for m in w["markers"]],
        "界线代码": [m["line"] for m in w["markers"]],
        "界桩类型": [m["type"] for m in w["markers"]],
        "高程": [m["height"] for m in w["markers"]],
        "点位中误差": [m["accuracy"] for m in w["markers"]],
    }
    _save(
        folder / "界桩.geojson",
        markers,
        [shapely.Point(m["at"]) for m in w["markers"]],
        w,
        "markers",
    )
    objects = {
        "界桩编号": [r["number"] for r in w["references"]],
        "序号": [r["ordinal"] for r in w["references"]],
        "方位物名称": [r["name"] for r in w["references"]],
        "坐标方位角": [r["azimuth"] for r in w["references"]],
        "距离": [r["distance"] for r in w["references"]],
    }
    _save(
        folder / "方位物.gpkg",
        objects,
        [shapely.Point(r["at"]) for r in w["references"]],
        w,
        "references",
    )
    points = {
        "三交点编号": [t["number"] for t in w["tri_points"]],
        "三方行政区代码": [t["codes"] for t in w["tri_points"]],
        "协议": [t["document"] for t in w["tri_points"]],
    }
    _save(
        folder / "三交点.gpkg",
        points,
        [shapely.Point(t["at"]) for t in w["tri_points"]],
        w,
        "tri_points",
    )


def _save(
    path: Path, columns: dict[str, list[Any]], shapes: list[Any], w: World, role: str
) -> None:
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
    if w["shift"] is not None:
        geographic = frame.to_crs("EPSG:4490")
        frame = geographic.set_geometry(geographic.geometry.apply(w["shift"])).to_crs(CRS)
    if role in w["layer_crs"]:
        frame = frame.to_crs(w["layer_crs"][role])
    if w["swap_axes"]:
        frame = frame.set_geometry(
            frame.geometry.map(lambda g: shapely.ops.transform(lambda a, b: (b, a), g))
        )
    if path.suffix == ".geojson":
        frame.to_file(path, driver="GeoJSON", engine="pyogrio", RFC7946="NO")
        return
    if role not in w["layer_crs"]:
        frame = frame.set_crs(w["crs"], allow_override=True)
    encoding = {"encoding": "GB18030"} if path.suffix == ".shp" else {}
    frame.to_file(path, engine="pyogrio", **encoding)


def _sheet(path: Path, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def _tables(folder: Path, w: World) -> None:
    areas = w["areas"] or {code: geodesic_area(u["ring"]) for code, u in w["units"].items()}
    names = {code: u["name"] for code, u in w["units"].items()}
    body = [[code, names.get(code, ""), round(value / 1e6, 5)] for code, value in areas.items()]
    _sheet(
        folder / "面积统计表.xlsx",
        [["面积统计表"], ["代码", "名称", "面积(平方公里)"], *body, ["合计", "", 48.0]],
    )
    lengths = w["lengths"] or {r["code"]: geodesic_length(r["xy"]) for r in w["lines"].values()}
    _sheet(
        folder / "长度统计表.xlsx",
        [["界线代码", "长度(km)"], *[[c, round(v / 1000, 4)] for c, v in lengths.items()]],
    )
    rows = []
    for m in w["markers"]:
        told = {
            "number": m["number"],
            "at": m["at"],
            "height": m["height"],
            **w["results"].get(m["number"], {}),
        }
        rows.append(
            [
                told["number"],
                round(told["at"][1], 2),
                round(told["at"][0], 2),
                round(told["height"], 2),
            ]
        )
    rows = [row for row in rows if row[0] is not None]
    _sheet(
        folder / "界桩成果表.xlsx",
        [["界桩成果表"], ["界桩编号", "坐标(m)", None, "高程(m)"], [None, "X", "Y", None], *rows],
    )
    points = [
        [f"{r['code']}-{n}", round(r["xy"][n][1], 3), round(r["xy"][n][0], 3), 30.0]
        for r in w["lines"].values()
        for n in (5, 15, 25)
    ]
    _sheet(folder / "边界点成果表.xlsx", [["边界点编号", "X坐标(m)", "Y坐标(m)", "高程"], *points])


def _cards(folder: Path, w: World) -> None:
    document = docx.Document()
    for m in w["markers"]:
        told = {
            "number": m["number"],
            "height": m["height"],
            **w["registrations"].get(m["number"], {}),
        }
        if told["number"] is None:
            continue
        table = document.add_table(rows=0, cols=4)
        own = [r for r in w["references"] if r["number"] == m["number"]]
        for row in (
            ["界桩编号", told["number"], "界线代码", m["line"]],
            ["界桩类型", m["type"], "材质", "花岗岩"],
            ["高程(m)", f"{told['height']:.2f}", "登记日期", "2025年6月1日"],
            ["方位物序号", "方位物名称", "坐标方位角", "距离(m)"],
            *[
                [str(r["ordinal"]), r["name"], f"{r['azimuth']:.4f}", f"{r['distance']:.2f}"]
                for r in own
            ],
            ["位置说明", "位于田埂上", "技术负责人", "张三"],
        ):
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = value
        document.add_paragraph()
    document.save(folder / "界桩登记表.docx")


def _texts(folder: Path, w: World) -> None:
    document = docx.Document()
    for key, text in {**TEXTS, **w["texts"]}.items():
        if text is None:
            continue
        document.add_paragraph(f"{w['lines'][key]['name']}（{w['lines'][key]['code']}）")
        own = [m["number"] for m in w["markers"] if m["line"] == w["lines"][key]["code"]]
        document.add_paragraph(text.format(*[f"{each}号界桩" for each in own]))
    document.save(folder / "走向说明.docx")


TEXTS = {
    "nc": "从界线起点起，界线向南751米，至{0}。从{0}起，界线向南1.50千米，至{1}。"
    "从{1}起，界线向南751米，至界线终点。",
    "wc": "从界线起点起，界线向东4.01千米，至界线终点。",
    "ce": "从界线起点起，界线沿水渠向东2.00千米，至{0}。从{0}起，界线向东2.01千米，至界线终点。",
    "cs": "从界线起点起，界线向南900米，至{0}。从{0}起，界线向南2.11千米，至界线终点。",
}


def _photos(folder: Path, w: World) -> None:
    (folder / "照片").mkdir(exist_ok=True)
    for m in w["markers"]:
        usual = {"at": m["at"], "content": None, "missing": False}
        shown = {**usual, **w["photos"].get(m["number"], {})}
        if not shown["missing"]:
            content = shown["content"] or photo(*TO_LONLAT.transform(*shown["at"]))
            (folder / "照片" / f"{m['number']}_1.jpg").write_bytes(content)


def register() -> gpd.GeoDataFrame:
    """The divisions as of the survey date, as the county file gives them."""
    w = world()
    shapes = [shapely.MultiPolygon([shapely.Polygon(u["ring"])]) for u in w["units"].values()]
    rows = {
        "code": list(w["units"]),
        "name": [u["name"] for u in w["units"].values()],
        "level": "township",
        "parent_code": "421081",
    }
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS).to_crs("EPSG:4490")


Plant = Callable[[World], None]


def planted(*plants: Plant) -> World:
    """Return the world with defects; the good one is untouched."""
    changed = copy.deepcopy(world())
    for plant in plants:
        plant(changed)
    return changed

"""A plan with facilities, graves, homes and roads whose verdicts are easily wrong, with the truth.

Each number of the truth is worked out here, by hand or by trying all: none of it by what judges
plans, reads dates, measures walks or chooses sites.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely

from sample_county.geodesy import degrees, geodesic_area, lonlat
from sample_county.model import COUNTY, Unit, World
from sample_county.plain import table

FOLDER = "raw/规划核查"
AS_OF = "2025-12-31"
DETOUR, DIRECT_M = 1.3, 300.0
"""What a direct way is longer than the straight line, and how long that may be (walking table)."""
HEADER = ("设施名称", "设施类别", "区划代码", "经度", "纬度", "启用日期", "床位数", "占地面积")
_DATED = 'since = "2021-01-01"'


def write(county: World, folder: Path) -> dict[str, Any]:
    """Write the files to ``raw/规划核查`` and return what is true of them."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    units = [unit for unit in county.villages if unit.kind == "村"][:6]
    _facilities(place, units)
    drawn = _drawn(place, units[5])
    (place / "规划.toml").write_text(_plan(county, units), encoding="utf-8")
    graves = [("1", "已搬迁"), ("2", "已治理"), ("3", "未治理"), ("4", "")]
    table(place / "坟墓.csv", ("编号", "限制区", "是否治理"), [(n, "公路", s) for n, s in graves])
    return {
        "path": FOLDER,
        "as_of": AS_OF,
        "verdicts": _verdicts(drawn),
        "findings": [
            ["target-operator", "home-size-misread"],
            ["plan-targets-differ", "stations"],
            ["target-of-few", "few"],
            ["plan-statements-differ", "农村福利院数"],
            ["plan-sum-differs", "planned"],
        ],
        "yard": _yard(place, county),
        "median": _median(place, county),
    }


def _facilities(place: Path, units: Sequence[Unit]) -> None:
    """Write old and new halls, an extension, dates in words and numbers of many decimals."""
    rows = [
        ("老骨灰堂", "骨灰堂", 0, "2010-05-01", None, None),
        ("新骨灰堂", "骨灰堂", 1, "2023年6月", None, None),
        ("他处骨灰堂", "骨灰堂", 4, "二〇二四年一月", None, None),
        ("无日期互助中心", "农村互助照料中心", 2, None, None, None),
        ("北山公墓", "公益性公墓", 0, "1998", None, "206666.6666667"),
        ("北山公墓扩建", "公益性公墓", 0, "2024.06", None, "200000.0000001"),
        ("百床敬老院", "敬老院", 3, "2015-01-01", 100, None),
    ]
    table(
        place / "设施.csv",
        HEADER,
        [
            (name, kind, units[at].code, *_near(units[at], turn), opened, beds, land)
            for turn, (name, kind, at, opened, beds, land) in enumerate(rows)
        ],
    )


def _near(unit: Unit, turn: int) -> tuple[float, float]:
    return lonlat((unit.seat[0] + 60 * turn, unit.seat[1]))


def _drawn(place: Path, unit: Unit) -> float:
    """Write a cemetery that is drawn as an area, and return its land in m²."""
    x, y = unit.seat
    shape = degrees(shapely.box(x, y, x + 120, y + 80))
    properties = {"设施名称": "图上公墓", "设施类别": "村级公益性公墓", "区划代码": unit.code}
    _geojson(place / "公墓.geojson", [(properties, shape)])
    return float(geodesic_area(shapely.box(x, y, x + 120, y + 80)))


def _geojson(path: Path, rows: Iterable[tuple[dict[str, Any], shapely.Geometry]]) -> None:
    features = [
        {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)}
        for properties, shape in rows
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")


def _plan(county: World, units: Sequence[Unit]) -> str:
    towns = {town.code: town.name.text for town in county.townships}
    named = [f"{towns[units[at].parent]}/{units[at].name.text}" for at in (1, 3)]
    places = json.dumps(named, ensure_ascii=False)
    ash, land = 'kinds = ["ash-hall"]', 'column = "land_m2"\nnames = ["北山公墓", "北山公墓扩建"]'
    grounds = f'kinds = ["public-cemetery", "village-cemetery"]\n{land}'
    homes = 'kinds = ["elderly-home"]\ncolumn = "beds"'
    towns_of = 'level = "township"\nkinds = ["child-protection-station"]'
    rows = [
        _row("halls", "个", "new-count", [("=", 2, "新建骨灰堂2处")], ash, _DATED),
        _row("halls-more", "个", "new-count", [("=", 3, "新建骨灰堂3处")], ash, _DATED),
        _row("halls-named", "个", "new-units", [("=", 2, "各新建1处")], ash, _DATED,
             f'level = "village"\nplaces = {places}'),
        _row("mutual", "个", "new-count", [("=", 1, "新建1处")], 'kinds = ["mutual-aid-centre"]',
             _DATED),
        _row("extension", "亩", "new-total", [("+", 300, "征地300亩")], grounds, _DATED),
        _row("extended", "平方米", "largest", [(">=", 1, "1平方米")], grounds),
        _row("drawn", "平方米", "total", [(">=", 9000, "9000平方米")],
             'kinds = ["village-cemetery"]\ncolumn = "land_m2"\nnames = ["图上公墓"]'),
        _row("home-size", "张", "largest", [("<=", 100, "100张床位以下")], homes),
        _row("home-size-misread", "张", "largest", [("<", 100, "100张床位以下")], homes),
        _row("stations", "%", "presence", [("=", 100, "100"), (">=", 55, "达55%")], towns_of),
        _row("few", "%", "presence", [(">=", 95, "达到95%")], towns_of),
        _row("graves", "%", "graves-treated", [("=", 100, "全部100%")]),
    ]  # fmt: skip
    head = f'''[plan]
id = "planned"
name = "楚溪县设施规划（虚构，核查用）"
place = "{COUNTY[1]}"
place_code = "{COUNTY[0]}"
document = "规划.toml"

[[scope]]
level = "township"
expected = {len(county.townships)}
'''
    targets = [("农村福利院数", 13, []), ("农村福利院数", 14, []), ("", 48.7, [36.58, 3.3, 8.59])]
    return "\n".join([head, *rows, *(_statement(*each) for each in targets)])


def _row(
    name: str, unit: str, measure: str, goals: Sequence[tuple[str, float, str]], *more: str
) -> str:
    head = f'[[indicator]]\nid = "{name}"\nname = "{name}"\ntopic = "t"\nunit = "{unit}"'
    targets = [
        f'[[indicator.target]]\nop = "{op}"\nvalue = {value}\nyear = 2025\nbinding = "预期性"\n'
        f'line = 1\nquote = "{quote}"'
        for op, value, quote in goals
    ]
    return "\n".join([head, f'measure = "{measure}"', *more, *targets, ""])


def _statement(subject: str, value: float, parts: list[float]) -> str:
    return (
        f'[[statement]]\ntopic = "t"\nname = "实绩"\ntext = ""\nyear = "2020"\nbinding = "实绩"\n'
        f'line = 2\nquote = "{value}"\nsubject = "{subject}"\nvalue = {value}\nparts = {parts}\n'
    )


def _verdicts(drawn_m2: float) -> list[dict[str, Any]]:
    """Return value and verdict of each indicator: two new halls, one of them where it should be."""
    verdicts: list[tuple[str, float | None, bool | str | None]] = [
        ("halls", 2, True),
        ("halls-more", 2, False),
        ("halls-named", 1, False),
        ("mutual", None, None),
        ("extension", 300, True),
        ("extended", 206666.6666667, True),
        ("drawn", drawn_m2, True),
        ("home-size", 100, True),
        ("home-size-misread", 100, False),
        ("stations", 0, "conflict"),
        ("few", 0, False),
        ("graves", 50, False),
    ]
    return [{"indicator": name, "value": value, "met": met} for name, value, met in verdicts]


def _yard(place: Path, county: World) -> dict[str, float]:
    """Write a station, homes in its yard 361 m off the road, and others; return their metres."""
    x, y = county.outline.centroid.coords[0]
    road = shapely.LineString([(x - 2000, y), (x + 2000, y)])
    _geojson(place / "道路.geojson", [({"名称": "核查路"}, degrees(road))])
    station = (x, y + 361)
    spot = lonlat(station)
    table(place / "站点.csv", HEADER[:5], [("院内站", "日间照料中心", "", *spot)])
    homes = {"同院": (0, 20), "邻院": (140, 0), "路边": (900, -351), "对面": (0, -700)}
    table(
        place / "住户.csv",
        ("id", "lon", "lat", "people"),
        [(name, *lonlat((x + e, y + 361 + n)), 10) for name, (e, n) in homes.items()],
    )
    return {name: _walk((x + e, y + 361 + n), station, y) for name, (e, n) in homes.items()}


def _walk(home: tuple[float, float], station: tuple[float, float], road_y: float) -> float:
    """Return the shorter of the direct way, where it is short enough, and that by the road."""
    straight = math.dist(home, station)
    by_road = abs(home[1] - road_y) + abs(home[0] - station[0]) + abs(station[1] - road_y)
    return round(min(by_road, DETOUR * straight if straight <= DIRECT_M else math.inf), 1)


def _median(place: Path, county: World) -> dict[str, Any]:
    """Write homes and candidates, and return the best three of them by trying all."""
    homes, spots = county.villages[::6], county.villages[3::15]
    table(
        place / "需求.csv",
        ("id", "lon", "lat", "people"),
        [(unit.code, *lonlat(unit.seat), 100) for unit in homes],
    )
    table(
        place / "备选.csv",
        HEADER[:5],
        [(unit.code, "日间照料中心", unit.code, *lonlat(unit.seat)) for unit in spots],
    )
    away = {s.code: [math.dist(h.seat, s.seat) for h in homes] for s in spots}
    totals = {
        three: math.fsum(100 * min(each) for each in zip(*(away[s] for s in three), strict=True))
        for three in itertools.combinations(away, 3)
    }
    best = min(totals, key=totals.__getitem__)
    return {"sites": 3, "chosen": sorted(best), "total_m": round(DETOUR * totals[best])}

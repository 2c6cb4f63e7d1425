"""The raw tables: divisions, place names and people as Excel, streets and facilities as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from sample_county import excel
from sample_county.chance import stream
from sample_county.geodesy import degrees, gcj02, lonlat
from sample_county.lexicon import CATEGORIES
from sample_county.model import COUNTY, PREFECTURE, Place, Unit, World
from sample_county.rows import (
    CATALOGUE_FLAWS,
    DIVISION_FLAWS,
    FACILITY_FLAWS,
    PEOPLE_FLAWS,
    RowFlaw,
)

Row = list[Any]
FORMER_TOWNS = {"429921100": "普济公社", "429921102": "九龙公社", "429921105": "灯塔公社"}
DIVISION_HEADER = [
    "区划代码",
    "名称",
    "级别",
    "类型",
    "上级代码",
    "驻地经度",
    "驻地纬度",
    "曾用名",
    "启用日期",
]
CATALOGUE_HEADER = [
    "地名代码",
    "标准名称",
    "地名类别",
    "类别代码",
    "所在政区",
    "政区代码",
    "经度",
    "纬度",
    "至经度",
    "至纬度",
    "罗马字母拼写",
    "曾用名",
    "别名",
    "地名含义",
    "地名来历",
    "设立年份",
]
STREET_HEADER = [
    "标准名称",
    "地名类别",
    "政区代码",
    "经度",
    "纬度",
    "起点经度",
    "起点纬度",
    "止点经度",
    "止点纬度",
    "长度(米)",
    "宽度(米)",
    "命名年份",
    "曾用名",
]
FACILITY_HEADER = [
    "名称",
    "类型",
    "政区代码",
    "地址",
    "运营单位",
    "床位数",
    "护理型床位数",
    "经度",
    "纬度",
]
PEOPLE_HEADER = [
    "区划代码",
    "名称",
    "统计日期",
    "户数",
    "户籍人口",
    "常住人口",
    "常住0-17岁",
    "常住18-59岁",
    "常住60-79岁",
    "常住80岁及以上",
]


def divisions(world: World, path: Path) -> list[dict[str, Any]]:
    """Write the list of divisions; return what is wrong with which row."""
    rows: list[Row] = [
        [PREFECTURE[0], PREFECTURE[1], "地级", "市", "42", None, None, None, "1994-01-01"],
        [
            COUNTY[0],
            COUNTY[1],
            "县级",
            "县",
            PREFECTURE[0],
            *lonlat(world.townships[0].seat),
            None,
            "1994-01-01",
        ],
    ]
    rows += [_division(unit, "乡级") for unit in world.townships]
    rows += [_division(unit, "村级") for unit in world.villages]
    planted = _planted(rows, DIVISION_FLAWS, world.seed)
    excel.write(path, {"行政区划": [DIVISION_HEADER, *rows]})
    return planted


def _division(unit: Unit, level: str) -> Row:
    former = FORMER_TOWNS.get(unit.code)
    day = "2001-05-01" if unit.kind == "街道" else "1994-01-01"
    return [
        unit.code,
        unit.name.text,
        level,
        unit.kind,
        unit.parent,
        *lonlat(unit.seat),
        former,
        day,
    ]


def catalogue(world: World, path: Path) -> list[dict[str, Any]]:
    """Write the place-name catalogue; return what is wrong with which row."""
    units = {unit.code: unit.name.text for unit in (*world.townships, *world.villages)}
    spelled = stream(world.seed, "spelled").random(len(world.places)) < 0.5
    rows = [
        _entry(place, units, spelled=bool(known))
        for place, known in zip(world.places, spelled, strict=True)
    ]
    planted = _planted(rows, CATALOGUE_FLAWS, world.seed)
    excel.write(path, {"地名目录": [CATALOGUE_HEADER, *rows]})
    return planted


def _entry(place: Place, units: dict[str, str], *, spelled: bool) -> Row:
    category, category_name = CATEGORIES[place.kind]
    end = lonlat(place.end) if place.end else (None, None)
    where = COUNTY[1] + units[place.division[:9]] + units[place.division]
    return [
        place.code,
        place.name.text,
        category_name,
        category,
        where,
        place.division,
        *lonlat(place.at),
        *end,
        place.name.romanization if spelled else None,
        place.former or None,
        place.alias or None,
        place.meaning or None,
        place.origin or None,
        place.year,
    ]


def streets(world: World, path: Path) -> None:
    """Write the streets as CSV in GB18030."""
    rows = [
        [
            street.name.text,
            "道路、街巷",
            street.division,
            *_middle(street.shape),
            *lonlat(street.shape.coords[0]),
            *lonlat(street.shape.coords[-1]),
            round(street.shape.length, 1),
            street.width_m,
            street.year,
            street.former,
        ]
        for street in world.streets
    ]
    _csv(path, [STREET_HEADER, *rows], "gb18030")


def _middle(shape: shapely.LineString) -> tuple[float, float]:
    point = degrees(shapely.line_interpolate_point(shape, 0.5, normalized=True))
    return round(float(shapely.get_x(point)), 6), round(float(shapely.get_y(point)), 6)


def facilities(world: World, path: Path) -> list[dict[str, Any]]:
    """Write the facilities as CSV in UTF-8 with GCJ-02 positions; return the planted rows."""
    rows: list[Row] = [
        [
            each.name,
            each.kind,
            each.division,
            each.address,
            each.operator,
            each.beds,
            each.nursing_beds,
            *(round(value, 6) for value in gcj02(*lonlat(each.at))),
        ]
        for each in world.facilities
    ]
    planted = _planted(rows, FACILITY_FLAWS, world.seed)
    _csv(path, [FACILITY_HEADER, *rows], "utf-8-sig")
    return planted


def people(world: World, path: Path) -> list[dict[str, Any]]:
    """Write the inhabitants of each village as Excel; return the planted rows."""
    names = {unit.code: unit.name.text for unit in world.villages}
    rows: list[Row] = [
        [
            each.division,
            names[each.division],
            "2024-12-31",
            each.households,
            each.registered,
            each.resident,
            *each.ages,
        ]
        for each in world.people
    ]
    planted = _planted(rows, PEOPLE_FLAWS, world.seed)
    excel.write(path, {"人口": [PEOPLE_HEADER, *rows]})
    return planted


def _planted(rows: list[Row], flaws: Sequence[RowFlaw], seed: int) -> list[dict[str, Any]]:
    """Put flawed copies of good rows in between and tell where they are."""
    rng = stream(seed, f"rows {len(rows)}")
    after = np.sort(rng.choice(np.arange(len(rows) // 2, len(rows)), len(flaws), replace=False))
    planted = []
    for number, (flaw, index) in enumerate(zip(flaws, after, strict=True)):
        at = int(index) + number + 1
        row = flaw.spoil(list(rows[at - 1]))
        rows.insert(at, row)
        planted.append(flaw.told(row, at + 2))
    return planted


def _csv(path: Path, rows: Sequence[Sequence[Any]], encoding: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))

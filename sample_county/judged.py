"""Figures whose verdicts are easily false, and addresses as lists write them, with the truth.

Totals beside parts, one name of two villages, more nursing beds than beds, units in headers, shares
beyond the whole, nothing to judge. Every number of the truth is worked out here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sample_county.geodesy import lonlat
from sample_county.model import COUNTY, Unit, World
from sample_county.plain import table

FOLDER = "raw/设施核查"
AS_OF = "2025-12-31"
_TOTAL, _PART, _BEDS = 1000, 100, 80
_TRADITIONAL = {"镇": "鎮", "乡": "鄉", "区": "區", "长": "長", "乐": "樂", "东": "東"}


def write(county: World, folder: Path) -> dict[str, Any]:
    """Write the files to ``raw/设施核查`` and return what is true of them."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    twins = _twins(county)
    _population(place, county)
    _facilities(place, county, twins)
    (place / "规划.toml").write_text(_plan(), encoding="utf-8")
    addresses = _addresses(county, twins)
    table(place / "地址.csv", ("地址",), [(each["text"],) for each in addresses])
    return {
        "path": FOLDER,
        "as_of": AS_OF,
        "people": {county.townships[0].code: _TOTAL, county.townships[1].code: _TOTAL},
        "verdicts": _verdicts(county),
        "findings": [
            ["demand-rest", "beds"],
            *(["facility-number", each] for each in ("green", "land", "served")),
            ["no-record", "green"],
            ["not-reported", "reported"],
            ["number-unknown", "green"],
            ["part-beyond-whole", "nursing"],
            ["served-homonym", "unclear"],
            ["served-undecided", "unclear"],
        ],
        "addresses": addresses,
    }


def _twins(county: World) -> tuple[Unit, Unit]:
    """Return the two villages of one name."""
    seen: dict[str, Unit] = {}
    for unit in county.villages:
        if unit.name.text in seen:
            return seen[unit.name.text], unit
        seen[unit.name.text] = unit
    raise AssertionError("the county has two villages of one name")


def _population(place: Path, county: World) -> None:
    """Write the totals of two townships beside the figure of one village of the first."""
    first, second = county.townships[:2]
    village = next(unit for unit in county.villages if unit.parent == first.code)
    people = ((first, _TOTAL), (second, _TOTAL), (village, _PART))
    rows = [(u.code, u.name.text, "2024-12-31", "户籍", "60+", number) for u, number in people]
    header = ("区划代码", "名称", "统计日期", "人口口径", "年龄组", "人口")
    table(place / "人口.csv", header, rows)


def _facilities(place: Path, county: World, twins: tuple[Unit, Unit]) -> None:
    one, other = twins
    area = f"{one.name.text}、{_of(county, other)}"
    spot = {unit.code: lonlat(unit.seat) for unit in (*county.townships, *county.villages)}
    town = county.townships[0].code
    header = (
        "设施名称", "设施类别", "区划代码", "经度", "纬度", "服务范围", "床位数", "护理型床位数",
        "占地面积(亩)", "绿化率",
    )  # fmt: skip
    rows = [
        ("错报敬老院", "敬老院", town, *spot[town], "", 50, 80, "", ""),
        ("实报敬老院", "敬老院", other.code, *spot[other.code], "", _BEDS - 50, 15, "", ""),
        ("片区公墓", "农村公益性公墓", one.parent, *spot[one.code], area, "", "", 55, 160),
        ("县办墓区", "节地生态安葬点", COUNTY[0], *spot[town], one.name.text, "", "", "", ""),
    ]  # fmt: skip
    table(place / "设施.csv", header, rows)


def _of(county: World, unit: Unit) -> str:
    """Return the whole township that a unit lies in, but for the unit itself."""
    town = next(town for town in county.townships if town.code == unit.parent)
    return f"{town.name.text}全部(除{unit.name.text}外)"


_INDICATORS = (
    ("beds", "张", "beds-per-thousand", ">=", 41,
     'kinds = ["elderly-home"]\nbase = "registered"\nage_group = "60+"'),
    ("nursing", "%", "bed-share", ">=", 60, 'kinds = ["elderly-home"]\npart = "nursing_beds"'),
    ("served", "‰", "presence", ">=", 900, 'kinds = ["village-cemetery"]\nlevel = "village"'),
    ("unclear", "‰", "presence", ">=", 6, 'kinds = ["eco-burial-place"]\nlevel = "village"'),
    ("land", "公顷", "largest", "<=", 3.3, 'kinds = ["village-cemetery"]\ncolumn = "land_m2"'),
    ("green", "%", "smallest", ">=", 80, 'kinds = ["village-cemetery"]\ncolumn = "green_percent"'),
    ("reported", "%", "reported", ">=", 65, ""),
)  # fmt: skip


def _plan() -> str:
    head = (
        f'[plan]\nid = "judged"\nname = "楚溪县核查规划（虚构）"\nplace = "{COUNTY[1]}"\n'
        f'place_code = "{COUNTY[0]}"\ndocument = "规划.toml"\n'
    )
    rows = [
        f'[[indicator]]\nid = "{name}"\nname = "{name}"\ntopic = "t"\nunit = "{unit}"\n'
        f'measure = "{measure}"\n{more}\n[[indicator.target]]\nop = "{op}"\nvalue = {value}\n'
        f'year = 2026\nbinding = "预期性"\nline = 1\nquote = "{value}{unit}"\n'
        for name, unit, measure, op, value, more in _INDICATORS
    ]
    return "\n".join([head, *rows])


def _verdicts(county: World) -> list[dict[str, Any]]:
    """Return value and state of each indicator: one twin and the town of the other are served."""
    one, other = _twins(county)
    town = [unit for unit in county.villages if unit.parent == other.parent]
    served = {one.code} | {unit.code for unit in town} - {other.code}
    share = 1000 * len(served) / len(county.villages)
    verdicts: list[tuple[str, float | None, str]] = [
        ("beds", 1000 * _BEDS / (2 * _TOTAL), "unmet"),
        ("nursing", 50, "unmet"),
        ("served", share, "unmet"),
        ("unclear", None, "not-judged"),
        ("land", 55 / 15, "unmet"),
        ("green", None, "not-judged"),
        ("reported", None, "not-judged"),
    ]
    return [{"indicator": name, "value": value, "state": state} for name, value, state in verdicts]


def _addresses(county: World, twins: tuple[Unit, Unit]) -> list[dict[str, Any]]:
    """Return addresses as lists write them, the code that is right, and whether it is certain."""
    towns = {town.code: town.name for town in county.townships}
    addresses: list[tuple[str, str, bool]] = []
    for unit in county.villages[::11]:
        town, name = towns[unit.parent].text, unit.name.text
        plain = f"{town}{name}"
        old = "".join(_TRADITIONAL.get(sign, sign) for sign in plain)
        ways = (plain, f"{COUNTY[1]}{plain}", f"湖北省{COUNTY[1]}{plain}3组", old)
        addresses += [(way, unit.code, True) for way in ways]
        addresses += [(f"石渚县{plain}", unit.code, False)]
    addresses += [(f"{town.name.text}敬老院", town.code, True) for town in county.townships]
    addresses += [(f"{COUNTY[1]}{twins[0].name.text}", "", False)]
    keys = ("text", "code", "certain")
    return [dict(zip(keys, each, strict=True)) for each in addresses]

"""Example data (示例数据): people and facilities placed by a recipe, for a county without any.

Every number comes from a hash of the unit's code: the same county always gets the same data, and
nothing in it says anything about the real one. Outputs made from it are headed 示例数据.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.plane import CGCS2000, Plane

GOLDEN_ANGLE = np.pi * (3 - 5**0.5)
_RESIDENT, _ELDERLY, _HOUSEHOLD = 0.87, 0.24, 2.8
_SERVICES = ("全托", "日托", "上门")


def chance(code: str, salt: str) -> float:
    """Return a number from 0 up to 1 that code and salt decide.

    Examples
    --------
    >>> chance("321283100", "beds") == chance("321283100", "beds") != chance("321283100", "x")
    True
    """
    digest = hashlib.sha256(f"{salt}:{code}".encode()).digest()[:8]
    return int.from_bytes(digest, "big") / 2**64


def spread_seats(divisions: pd.DataFrame, *, spacing_m: float = 420.0) -> pd.DataFrame:
    """Give villages without a seat one, on a spiral round the seat of their township.

    The n-th such village of a township lies ``spacing_m`` times the square root of n away, turned
    by the golden angle: even spacing, no two in one place. A village whose township has no seat
    stays without.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["t", "v"], "name": ["甲镇", "乙村"],
    ...     "level": ["township", "village"], "parent_code": [None, "t"],
    ...     "seat_lon": [120.0, None], "seat_lat": [32.0, None]})
    >>> spread_seats(table)["seat_lon"].round(4).tolist()
    [120.0, 119.9967]
    """
    table = divisions.reset_index(drop=True)
    seat = table[["seat_lon", "seat_lat"]].astype(float)
    seats = dict(zip(table["code"], seat.to_numpy(), strict=True))
    bare = table[(table["level"] == "village") & seat["seat_lon"].isna()]
    turn = bare.groupby("parent_code").cumcount() + 1
    for row, number in turn.items():
        middle = seats.get(table["parent_code"].iat[row])
        if middle is not None and np.isfinite(middle).all():
            seat.loc[row] = _on_spiral(middle, int(number), spacing_m)
    return table.assign(seat_lon=seat["seat_lon"], seat_lat=seat["seat_lat"])


def _on_spiral(
    middle: np.ndarray[tuple[int], np.dtype[np.float64]], n: int, step_m: float
) -> list[float]:
    plane = Plane(float(middle[0]))
    start = plane.metres([shapely.Point(middle)])[0]
    radius, angle = step_m * n**0.5, n * GOLDEN_ANGLE
    spot = shapely.Point(start.x + radius * np.cos(angle), start.y + radius * np.sin(angle))
    point = plane.degrees([spot])[0]
    return [point.x, point.y]


def example_population(divisions: pd.DataFrame, *, as_of: str = "2024-12-31") -> pd.DataFrame:
    """Return people of each village: 800 to 3,800 registered, of them 24 % aged 60 or more.

    87 % of the registered are resident; a household has 2.8 people.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["v"], "name": ["乙村"], "level": ["village"]})
    >>> people = example_population(table)
    >>> people[["base", "age_group", "people"]].values.tolist()[0][:2], len(people)
    (['registered', 'all'], 4)
    """
    rows = []
    for village in divisions[divisions["level"] == "village"].to_dict("records"):
        code = str(village["code"])
        everyone = 800 + int(3000 * chance(code, "people"))
        for base, share in (("registered", 1.0), ("resident", _RESIDENT)):
            for group, part in (("all", 1.0), ("60+", _ELDERLY)):
                people = round(everyone * share * part)
                households = round(people / _HOUSEHOLD)
                rows.append((code, village["name"], as_of, base, group, people, households))
    columns = ["division_code", "name", "as_of", "base", "age_group", "people", "households"]
    return pd.DataFrame(rows, columns=columns)


def example_facilities(divisions: pd.DataFrame) -> gpd.GeoDataFrame:
    """Place facilities at the seats of townships and villages.

    Townships: a comprehensive elderly centre in 70 %, an elderly home of 40 to 200 beds in 80 % (35
    to 75 % of the beds nursing beds), a child-protection station in 75 % and an officer in all
    others, a health station in all. Villages: a home-care station in 30 %, a day-care centre in
    10 %, a health station in 50 %, a cemetery in 60 % of those that are villages (5 to 60 亩).
    Sites lie up to 150 m from the seat.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["t"], "name": ["甲镇"], "level": ["township"],
    ...     "seat_lon": [120.0], "seat_lat": [32.0]})
    >>> "health-station" in set(example_facilities(table)["kind"])
    True
    """
    rows: list[tuple[str, str, str, str, dict[str, object], object]] = []
    for unit in divisions.to_dict("records"):
        seat = (float(unit["seat_lon"]), float(unit["seat_lat"]))
        makers = {"township": _of_township, "village": _of_village}
        maker = makers.get(str(unit["level"]))
        if maker is None:
            continue
        code, name = str(unit["code"]), str(unit["name"])
        for kind, label, attributes in maker(code, name):
            spot = None if kind.endswith("officer") else _near(seat, f"{code}{kind}")
            rows.append((f"{code}-{kind}", f"{name}{label}(示例)", kind, code, attributes, spot))
    table = pd.DataFrame(
        [row[:4] for row in rows], columns=["id", "name", "kind", "division_code"], dtype=object
    )
    texts = [json.dumps(row[4], ensure_ascii=False) for row in rows]
    beds = [row[4].get("beds") for row in rows]
    shapes = np.array([*(row[5] for row in rows), None], dtype=object)[:-1]
    return gpd.GeoDataFrame(
        table.assign(attributes=texts, beds=beds), geometry=shapes, crs=CGCS2000
    )


Placed = Iterator[tuple[str, str, dict[str, object]]]


def _of_township(code: str, name: str) -> Placed:
    if chance(code, "centre") < 0.7:
        yield "comprehensive-elderly-centre", "综合养老服务中心", {"services": list(_SERVICES)}
    if chance(code, "home") < 0.8:
        beds = 40 + int(160 * chance(code, "beds"))
        nursing = int(beds * (0.35 + 0.4 * chance(code, "nursing")))
        yield "elderly-home", "养老院", {"beds": beds, "nursing_beds": nursing}
    if chance(code, "station") < 0.75:
        yield "child-protection-station", "未成年人保护工作站", {}
    else:
        yield "child-protection-officer", "未成年人保护专干", {}
    yield "health-station", "卫生院", {}


def _of_village(code: str, name: str) -> Placed:
    if chance(code, "care") < 0.3:
        yield "home-care-station", "居家养老服务站", {"services": ["上门"]}
    if chance(code, "day") < 0.1:
        yield "day-care-centre", "日间照料中心", {"services": ["日托"]}
    if chance(code, "health") < 0.5:
        yield "health-station", "卫生室", {}
    if chance(code, "grave") < 0.6 and "居" not in name and "社区" not in name:
        land = (5 + 55 * chance(code, "land")) * 10_000 / 15
        green = 60 + int(35 * chance(code, "green"))
        yield "village-cemetery", "公益性公墓", {"land_m2": round(land), "green_percent": green}


def _near(seat: tuple[float, float], key: str) -> shapely.Point | None:
    if not np.isfinite(seat).all():
        return None
    plane = Plane(seat[0])
    start = plane.metres([shapely.Point(seat)])[0]
    radius, angle = 150 * chance(key, "radius") ** 0.5, 2 * np.pi * chance(key, "angle")
    spot = shapely.Point(start.x + radius * np.cos(angle), start.y + radius * np.sin(angle))
    point: shapely.Point = plane.degrees([spot])[0]
    return point

"""The desk work before an inspection: each planted change is found, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from boundaries.description_placing import Placed
from boundaries.description_reading import read
from boundaries.inspection import deskwork
from boundaries.inspection.deskwork import Desk, Situation, paper
from boundaries.inspection.deskwork.course import Course, Reach, match
from boundaries.inspection.deskwork.described import _in_leg
from boundaries.office.records import Records
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.findings import Severity
from gazetteer.documents import word

CRS = "EPSG:4547"
X, Y = 500_000.0, 3_287_000.0
DAY = "2021-05-01"
TOLD = (
    "从界线起点起，界线沿清水河向东1.00千米，至001Q号界桩。"
    "从001Q号界桩起，界线向东1.00千米，穿过X012，至界线终点。"
)
Frames = dict[str, gpd.GeoDataFrame]


def at(x: float, y: float = 0.0) -> shapely.Point:
    return shapely.Point(X + x, Y + y)


def run(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in points])


def frame(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)


def names(*rows: tuple[str, str, str, float, float]) -> gpd.GeoDataFrame:
    return frame(
        [
            {
                "thing_id": thing, "text": text, "role": role, "status": "recorded",
                "category": None, "geometry": at(x, y),
            }
            for thing, text, role, x, y in rows
        ]
    )  # fmt: skip


def county() -> Frames:
    """Return a line of 2 km with a marker, a road across it and a river beside it."""
    row = {
        "id": "l1", "code": "L1", "name": "甲—乙线", "left_code": "01", "right_code": "02",
        "legal_status": "agreed", "agreement_document": "协〔2016〕1号",
        "agreement_date": "2016-01-01", "length_m": 2000.0, "last_inspected": DAY,
        "description": TOLD, "geometry": run((0, 0), (2000, 0)),
    }  # fmt: skip
    marker = {
        "id": "m1", "number": "001Q", "line_id": "l1", "line_code": "L1", "state": "good",
        "marker_type": "single", "material": "花岗岩", "description": "位于王家湾北",
        "geometry": at(1000),
    }  # fmt: skip
    objects = [
        {"id": f"o{n}", "number": "001Q", "marker_id": "m1", "ordinal": n, "name": name,
         "azimuth_deg": 10.0, "distance_m": 20.0, "geometry": at(1000, 20 + n)}
        for n, name in enumerate(["水塔", "桥头", "独立树"], 1)
    ]  # fmt: skip
    roads = [
        {
            "id": "r1",
            "name": "X012",
            "road_class": "县道",
            "geometry": run((1500, -9), (1500, 9)),
        },
        {"id": "r2", "name": "清水河", "road_class": None, "geometry": run((0, 5), (1000, 5))},
    ]
    zone = {"id": "z1", "code": "Z1", "kind": "built-up", "name": "老街",
            "geometry": shapely.box(X + 100, Y - 50, X + 200, Y + 50)}  # fmt: skip
    shop = {"id": "f1", "name": "养老院", "geometry": at(1200, 3)}
    return {
        "lines": frame([row]),
        "markers": frame([marker]),
        "reference_objects": frame(objects),
        "roads": frame(roads),
        "zones": frame([zone]),
        "facilities": frame([shop]),
        "names": names(
            ("n1", "王家湾", "standard", 1000, -200), ("n9", "远村", "standard", 0, 9e3)
        ),
    }


def desk(now: Frames, then: Frames, *, divisions: dict[str, str] | None = None) -> Desk:
    """Return the desk of a county that was `then` and is `now`."""
    back = {name: each.to_crs(CGCS2000) for name, each in now.items()}
    empty = gpd.GeoDataFrame({"number": []}, geometry=[], crs=CGCS2000)
    known = Records(back["lines"], back["markers"], back["reference_objects"], empty, back["roads"])
    units = {"01": "甲镇", "02": "乙镇"}
    situations = [
        Situation({n: each for n, each in told.items() if n != "names"}, told["names"], codes)
        for told, codes in ((now, {**units, **(divisions or {})}), (then, units))
    ]
    return Desk(known, situations[0], {DAY: situations[1]})


def found(now: Frames, then: Frames | None = None, **how: Any) -> dict[str, Any]:
    """Return the findings on the line by rule, the last of each."""
    told = deskwork.check(desk(now, then or county(), **how), {"L1": DAY}, today="2024-01-01")
    return {each.rule.removeprefix("desk/"): each for each in told["L1"]}


def test_where_nothing_has_changed_nothing_is_found() -> None:
    assert found(county()) == {}


Change = Callable[[Frames], None]


def _road(name: str, x: float) -> Change:
    def change(now: Frames) -> None:
        row = {"id": name, "name": name, "road_class": "乡道", "geometry": run((x, -90), (x, 90))}
        now["roads"] = pd.concat([now["roads"], frame([row])], ignore_index=True)

    return change


def _set(layer: str, field: str, value: Any) -> Change:
    def change(now: Frames) -> None:
        changed = now[layer].copy()
        changed.at[0, field] = value
        now[layer] = changed

    return change


def _only(layer: str, *rows: int) -> Change:
    def change(now: Frames) -> None:
        now[layer] = now[layer].iloc[list(rows)].reset_index(drop=True)

    return change


def _river(y: float) -> Change:
    def change(now: Frames) -> None:
        changed = now["roads"].copy()
        changed.at[1, "geometry"] = run((0, 5), (500, y), (1000, 5))
        now["roads"] = changed

    return change


def _renamed(now: Frames) -> None:
    now["names"] = names(
        ("n1", "王家新村", "standard", 1000, -200), ("n1", "王家湾", "former", 1000, -200)
    )


def _new_zone(now: Frames) -> None:
    zone = {"id": "z2", "code": "Z2", "kind": "works", "name": "砂场",
            "geometry": shapely.box(X + 700, Y - 30, X + 800, Y + 30)}  # fmt: skip
    now["zones"] = pd.concat([now["zones"], frame([zone])], ignore_index=True)


def _new_water(now: Frames) -> None:
    pond = {"id": "z3", "code": "Z3", "kind": "河流", "name": "新河",
            "geometry": shapely.box(X + 1700, Y - 90, X + 1730, Y + 90)}  # fmt: skip
    now["zones"] = pd.concat([now["zones"], frame([pond])], ignore_index=True)


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (_road("Y100", 300), {"crossing-new", "feature-unmentioned"}),
        (_road("", 300), {"crossing-new"}),
        (_set("roads", "name", "G3"), {"crossing-renamed", "feature-unmentioned", "name-unknown"}),
        (_only("roads", 1), {"crossing-no-more", "name-unknown"}),
        (_river(120.0), {"feature-moved", "feature-left"}),
        (_set("lines", "geometry", run((0, 0), (500, 40), (2000, 0))),
         {"line-moved", "feature-left"}),
        (_set("lines", "legal_status", "de-facto"), {"not-agreed"}),
        (_set("lines", "description", None), {"description-missing"}),
        (_set("lines", "description", TOLD.replace("东", "西", 1)), {"description-direction"}),
        (_set("lines", "description", TOLD.replace("清水河", "浊水河")), {"name-unknown"}),
        (_set("markers", "state", "damaged"), {"marker-state", "marker-on-record"}),
        (_set("markers", "geometry", at(1001, 0)), {"marker-position"}),
        (_set("markers", "number", "009Q"),
         {"marker-number", "references-few", "description-marker"}),
        (_only("reference_objects", 0, 1), {"references-few", "reference-changed"}),
        (_renamed, {"name-changed", "name-outdated"}),
        (_only("names", 1), {"name-closed"}),
        (_new_zone, {"works"}),
        (_new_water, {"crossing-new", "feature-unmentioned"}),
        (_set("facilities", "id", "f2"), {"works"}),
    ],
)  # fmt: skip
def test_each_change_is_found(change: Change, rules: set[str]) -> None:
    now = county()
    change(now)
    told = found(now)
    assert set(told) == rules, {rule: each.message.zh for rule, each in told.items()}
    assert all(each.message.zh and each.message.en for each in told.values())


def test_a_changed_river_moves_no_line() -> None:
    now = county()
    _river(120.0)(now)
    left = found(now)["feature-moved"]
    assert left.clause.endswith(" 7") and "不改变界线" in left.message.zh
    assert 90 < left.measured < 120 and left.details["group"] == "changes"
    moved = county()
    _set("lines", "geometry", run((0, 0), (500, 40), (2000, 0)))(moved)
    assert found(moved)["line-moved"].severity is Severity.ERROR
    _set("lines", "agreement_document", "协〔2023〕9号")(moved)
    assert found(moved)["line-moved"].severity is Severity.NOTE


def test_a_renamed_neighbour_asks_for_the_line_and_its_inscriptions() -> None:
    told = found(county(), divisions={"02": "乙街道"})
    assert set(told) == {"side-renamed"} and "乙街道" in told["side-renamed"].message.zh


def test_a_line_never_inspected_has_nothing_to_compare_with() -> None:
    now = county()
    told = deskwork.check(desk(now, now), {"L1": None})
    assert [each.rule for each in told["L1"]] == ["desk/never-inspected"]
    assert deskwork.since({"L1": {"last_inspected": float("nan")}}, day=None) == {"L1": None}


def test_an_overdue_line_says_since_when() -> None:
    told = deskwork.check(desk(county(), county()), {"L1": DAY}, today="2027-01-01")
    assert [each.message.zh for each in told["L1"]] == ["应于2026-05-01前联检，已超期"]


def test_a_description_names_features_leg_by_leg() -> None:
    part = run((0, 0), (3000, 0))
    sentence = "界线沿清水河向东1.00千米，再沿山脊、X012向东2.00千米，穿过G55、Y003，至2号界桩。"
    (leg,) = read(sentence).legs
    mentions = _in_leg(Placed(leg=leg, start=0.0, end=3000.0, part=part))
    told = [(each.how, each.name, each.part.length) for each in mentions]
    assert [each[:2] for each in told] == [
        ("follows", "清水河"), ("follows", "山脊"), ("follows", "X012"),
        ("crosses", "G55"), ("crosses", "Y003"),
    ]  # fmt: skip
    assert [round(each[2]) for each in told] == [1000, 2000, 2000, 2000, 2000]


def test_a_line_in_parts_is_looked_at_as_well() -> None:
    now = county()
    parts = shapely.MultiLineString([run((0, 0), (900, 0)), run((1000, 0), (2000, 0))])
    _set("lines", "geometry", parts)(now)
    _road("Y100", 1800)(now)
    told = found(now)
    assert told["crossing-new"].details["station_m"] == 1700


def test_crossings_under_one_name_are_matched_one_by_one() -> None:
    course = Course(run((0, 0), (2000, 0)))
    roads = frame([{"name": "环路", "geometry": run((100, -9), (100, 9), (400, 9), (400, -9))}])
    now = course.crossings(roads, reach=Reach())
    assert [round(each.station_m) for each in now] == [100, 400]
    told = match(now[:1], now, reach=Reach())
    assert (len(told.new), told.gone, told.renamed) == (1, [], [])


def test_the_paper_has_a_column_for_what_the_field_sees() -> None:
    now = county()
    _road("=HYPERLINK(1)<b>", 300)(now)
    whole = desk(now, county())
    told = deskwork.check(whole, {"L1": DAY})
    listed = paper.rows(told)
    assert listed["外业核查结果"].tolist() == ["", ""] and listed["里程（米）"].tolist() == [
        300,
        300,
    ]
    content = word.write(paper.blocks(whole, told, {"L1": DAY}, title="内业核查记录"))
    texts = [
        cell
        for block in word.read(content)
        if isinstance(block, word.Table)
        for row in block.rows
        for cell in row
    ]
    assert any("=HYPERLINK(1)<b>" in str(each) for each in texts)
    dateless = deskwork.check(desk(now, now), {"L1": None})
    assert paper.rows(dateless)["里程（米）"].tolist()[0] == "", "None would merge the cell"
    english = paper.blocks(whole, told, {"L1": DAY}, title="Desk work", language="en")
    assert "Compared with" in str(english[2])
    assert replace(told["L1"][0]).id == told["L1"][0].id


def test_a_river_as_an_area_may_leave_the_line_too() -> None:
    then, now = county(), county()
    for told, y in ((then, 0.0), (now, 60.0)):
        river = {"id": "z4", "code": "Z4", "kind": "water", "name": "清水河",
                 "geometry": run((0, y + 5), (1000, y + 5)).buffer(4)}  # fmt: skip
        told["zones"] = pd.concat([told["zones"], frame([river])], ignore_index=True)
        told["roads"] = told["roads"].iloc[[0]].reset_index(drop=True)
    left = found(now, then)
    assert set(left) == {"feature-moved", "feature-left"}
    assert 50 < left["feature-moved"].measured < 70

"""A township's people on one point are spread where that is known, and never walked else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from cli.main import main
from facilities.county import County
from facilities.demand import demand_points
from facilities.grain import grained
from gazetteer.store import County as CountyFile
from gazetteer.store import create
from gazetteer.store.landing import land, with_division_ids

DIVISIONS = pd.DataFrame(
    {
        "code": ["421081", "421081101", "421081101201", "421081101202", "421081102"],
        "name": ["石首市", "新厂镇", "东村", "西村", "高基庙镇"],
        "level": ["county", "township", "village", "village", "township"],
        "parent_code": [None, "421081", "421081101", "421081101", "421081"],
        "seat_lon": [112.40, 112.41, 112.42, 112.43, 112.44],
        "seat_lat": [29.7] * 5,
    }
)
TOTALS = {"421081101": 900, "421081102": 300}


def figures(people: dict[str, float], *, base: str = "resident", age: str = "all") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "division_code": [*people], "people": [*people.values()], "base": base,
            "age_group": age, "as_of": "2020-11-01", "households": None,
        }
    )  # fmt: skip


def county(*tables: pd.DataFrame) -> County:
    sites = gpd.GeoDataFrame({"id": ["f"]}, geometry=[shapely.Point(112.42, 29.7)], crs=4490)
    return County(DIVISIONS, sites, pd.concat(tables, ignore_index=True))


def test_a_total_goes_to_its_villages_in_proportion_to_what_is_known_of_them() -> None:
    registered = figures({"421081101201": 200, "421081101202": 100}, base="registered")
    here = county(figures(TOTALS), registered)
    points, _ = here.people(base="resident", age_group="all")
    found = grained(points, here)
    assert found.points.set_index("division_code")["people"].to_dict() == pytest.approx(
        {"421081101201": 600.0, "421081101202": 300.0}
    )
    assert found.unanswered["division_code"].tolist() == ["421081102"]
    assert [each.rule for each in found.findings] == ["demand-spread", "demand-grain"]
    assert found.points["people"].sum() + found.unanswered["people"].sum() == 1200


def test_a_village_without_a_figure_lets_nothing_be_spread() -> None:
    here = county(figures(TOTALS), figures({"421081101201": 200}, base="registered"))
    found = grained(here.people(base="resident", age_group="all")[0], here)
    assert found.points.empty
    assert found.unanswered["people"].tolist() == [900.0, 300.0]


def test_figures_of_several_registers_are_no_shares() -> None:
    here = county(
        figures(TOTALS),
        figures({"421081101201": 200}, base="registered"),
        figures({"421081101202": 100}, age="60+"),
    )
    assert grained(here.people(base="resident", age_group="all")[0], here).points.empty


def test_what_a_county_holds_beyond_its_townships_goes_to_no_village_of_theirs() -> None:
    """The villages of 新厂镇 stand in its own total: the county's rest is of 高基庙镇."""
    both = {"421081": 1300, "421081101": 900}
    registered = figures({"421081101201": 200, "421081101202": 100}, base="registered")
    here = county(figures(both), registered)
    found = grained(here.people(base="resident", age_group="all")[0], here)
    assert found.points["people"].sum() == 900
    assert found.unanswered[["division_code", "people"]].values.tolist() == [["421081", 400.0]]


def test_a_spread_total_says_by_which_figure() -> None:
    registered = figures({"421081101201": 200, "421081101202": 100}, base="registered", age="60+")
    here = county(figures(TOTALS), registered)
    found = grained(here.people(base="resident", age_group="all")[0], here).findings[0].message
    assert "按各村户籍60+岁人口（2020-11-01）的比例摊到2个村" in found.zh


def test_villages_are_walked_as_before() -> None:
    here = county(figures({"421081101201": 20, "421081101202": 10}))
    points, _ = here.people(base="resident", age_group="all")
    found = grained(points, here)
    assert found.points.equals(points) and found.unanswered.empty and not found.findings


def test_what_a_total_leaves_beyond_its_villages_has_no_place() -> None:
    own = {"421081101": 900.0, "421081101201": 500.0, "421081101202": 300.0}
    here = county(figures(own))
    found = grained(here.people(base="resident", age_group="all")[0], here)
    assert found.points["people"].tolist() == [500.0, 300.0]
    assert found.unanswered["people"].tolist() == [100.0]


@pytest.fixture(scope="module")
def totals_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("grain") / "石首.gpkg"
    create(path, division_code="421081")
    rows = DIVISIONS.assign(id=DIVISIONS["code"], geometry=None)
    spots = gpd.GeoDataFrame(rows, geometry="geometry", crs=4490)
    spots["parent_id"] = spots.pop("parent_code")
    with CountyFile(path, writing=True) as opened, opened.change("put") as change:
        land(change, "divisions", spots, key=["code"])
        site = {"name": ["某养老院"], "kind": ["养老院"], "division_code": ["421081101"]}
        there = gpd.GeoDataFrame(site, geometry=[shapely.Point(112.42, 29.7)], crs=4490)
        ids = opened.division_ids()
        land(change, "facilities", with_division_ids(there, ids), key=["name"])
        people = with_division_ids(figures(TOTALS), ids)
        land(change, "population", people, key=["division_id"])
    return path


def test_reach_says_that_it_has_no_answer(totals_alone: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(totals_alone, tmp_path))
    line = ["facilities", "reach", str(path), "--kind", "养老院", "--straight", "--minutes", "60"]
    said = CliRunner().invoke(main, ["--lang", "zh", *line])
    assert said.exit_code in (0, 1), said.output
    assert "未检查：2 处共 1,200 人只有合计数，不知各村人数，步行可达无法回答" in said.output
    told = CliRunner().invoke(main, [*line, "--json"])
    rows = json.loads(told.output)
    assert [row["reason"] for row in rows] == ["grain", "grain"]
    assert not any(row[each] is not None for row in rows for each in ("seconds", "reached"))


def test_totals_give_no_site(totals_alone: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(totals_alone, tmp_path))
    line = ["facilities", "site", str(path), "--kind", "养老院", "--straight", "--target", "60%"]
    said = CliRunner().invoke(main, line)
    assert said.exit_code == 2
    assert "totals only" in said.output or "只有合计数" in said.output


def test_a_township_that_is_not_in_force_is_a_total_all_the_same() -> None:
    here = county(figures({"421081199": 70, "421081101201": 20}))
    found = grained(here.people(base="resident", age_group="all")[0], here)
    assert found.points["people"].tolist() == [20.0]
    assert found.unanswered["people"].tolist() == [70.0]


def test_people_without_a_known_level_are_left_as_they_are() -> None:
    alone = pd.DataFrame({"division_code": ["x"], "people": [7]})
    here = county(figures(TOTALS))
    points, _ = demand_points(alone)
    assert grained(points, here).points["people"].tolist() == [7.0]

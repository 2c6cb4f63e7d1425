import itertools
import json
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from facilities.county import in_force
from facilities.demand import age_range, demand_points, select
from facilities.kinds import Kind, kind_named, kinds
from facilities.records import NUMBERS, check, unfold
from facilities.walking import Profile, profile, profiles
from gazetteer.common.coordinates import geodesic_area_m2
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Text
from gazetteer.exchange.values import period

from .towns import divisions, population, sites


def rules(findings):
    return [each.rule for each in findings]


@pytest.mark.parametrize("name", sorted(kinds()))
def test_every_kind_has_a_source_and_is_found_by_all_its_names(name):
    kind = kinds()[name]
    assert kind.source and kind.label.zh and kind.label.en
    assert all(kind_named(word).kind == name for word in (kind.label.zh, *kind.aliases))


def test_a_kind_is_a_station_or_a_person():
    with pytest.raises(InputError, match="counts as 'robot'"):
        Kind(kind="x", label=Text("x", "x"), group="g", counts_as="robot", source="s")


@pytest.mark.parametrize("name", profiles())
def test_every_profile_can_walk_and_says_where_its_speed_is_from(name):
    assert 0.3 < profile(name).speed_m_s < 2 and profile(name).source


def test_a_profile_that_cannot_walk_is_refused():
    with pytest.raises(InputError):
        Profile(name="x", label=Text("x", "x"), speed_m_s=1, detour_factor=0.5, source="")
    with pytest.raises(UnknownError):
        profile("bicycle")


@pytest.mark.parametrize(
    "value", ["约50", "-5", -5, "5O", "=1+1", "<b>5</b>", "五十", "1e9", float("inf")]
)
def test_a_number_that_is_none_is_unknown_and_told(value):
    frame, findings = unfold(sites([("f", "某院", "elderly-home", None, {"beds": value})]))
    assert pd.isna(frame["beds"].iat[0]) and rules(findings) == ["facility-number"]


@pytest.mark.parametrize(("value", "read"), [("50", 50), (50.0, 50), (" 7 ", 7), ("0", 0)])
def test_a_number_is_a_number(value, read):
    frame, findings = unfold(sites([("f", "某院", "elderly-home", None, {"beds": value})]))
    assert frame["beds"].iat[0] == read and not findings


@given(st.floats(0, 1e9), st.integers(0, 17))
def test_a_number_is_a_number_however_many_decimals_it_has(value, decimals):
    """55 mu are 36666.666… m²: as a number, as text, in JSON, with thousands set apart."""
    text = f"{value:.{decimals}f}"
    ways = [{"land_m2": value}, {"land_m2": text}, {"land_m2": f"{value:,.{decimals}f}"},
            {"attributes": json.dumps({"占地面积": value})},
            {"attributes": json.dumps({"占地面积": text})}]  # fmt: skip
    rows = [(f"f{n}", "某公墓", "village-cemetery", None, way) for n, way in enumerate(ways)]
    frame, findings = unfold(sites(rows))
    assert not findings
    wanted = [value, float(text), float(text), value, float(text)]
    assert frame["land_m2"].tolist() == wanted


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_day_is_a_day_however_it_is_written(day):
    month = f"{day:%Y-%m}"
    han = "".join("〇一二三四五六七八九"[int(digit)] for digit in f"{day.year}")
    numeral = ["", *"一二三四五六七八九", "十", "十一", "十二"][day.month]
    year = day.year
    months = [f"{year}年{day.month}月", f"{year}-{day.month}", f"{year}.{day.month:02d}",
              f"{han}年{numeral}月", f"{year}年{numeral}月"]  # fmt: skip
    days = [f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}"]
    assert {period(each) for each in months} == {month}
    assert {period(each) for each in days} == {f"{day:%Y-%m-%d}"}
    rows = [(f"f{n}", "某院", "elderly-home", None, {"attributes": json.dumps({"启用日期": told})})
            for n, told in enumerate([*months, *days])]  # fmt: skip
    frame, findings = unfold(sites(rows))
    assert not findings and len(in_force(frame, "2100-01-01", start="opened")) == len(rows)
    assert in_force(frame, "1949-12-31", start="opened").empty


def test_a_month_without_a_year_is_told():
    row = ("f", "某院", "elderly-home", None, {"opened": "六月"})
    frame, findings = unfold(sites([row]))
    assert frame["opened"].iat[0] is None and rules(findings) == ["facility-date"]


AREA = shapely.box(120, 32, 120.002, 32.002)  # about 189 m by 222 m


def drawn(**more):
    return gpd.GeoDataFrame(
        {"id": ["c"], "name": ["甲村公墓"], "kind": ["village-cemetery"]} | more,
        geometry=[AREA], crs=4490,
    )  # fmt: skip


def test_a_cemetery_drawn_as_an_area_keeps_its_area_and_its_land():
    frame, findings = unfold(drawn())
    land = geodesic_area_m2(gpd.GeoSeries([AREA], crs=4490))[0]
    assert not findings and frame["land_m2"].iat[0] == pytest.approx(land)
    assert frame["outline"].iat[0].equals(AREA) and AREA.contains(frame.geometry.iat[0])
    kept = {"attributes": [json.dumps({"outline": AREA.wkt})]}
    again, _ = unfold(drawn(**kept).set_geometry([shapely.Point(120.001, 32.001)]).set_crs(4490))
    assert again["land_m2"].iat[0] == pytest.approx(land)


def test_land_on_record_counts_and_is_held_to_the_land_as_drawn():
    land = geodesic_area_m2(gpd.GeoSeries([AREA], crs=4490))[0]
    for told, wanted in ((land * 1.05, []), (land * 1.3, ["facility-land-differs"])):
        frame, findings = unfold(drawn(land_m2=[told]))
        assert frame["land_m2"].iat[0] == told and rules(findings) == wanted


def test_a_blank_is_unknown_without_a_word():
    frame, findings = unfold(sites([("f", "某院", "elderly-home", None, {"beds": ""})]))
    assert pd.isna(frame["beds"].iat[0]) and not findings


@given(st.text(max_size=60))
def test_any_attributes_give_a_row_or_a_finding(text):
    frame, findings = unfold(sites([("f", "某院", "elderly-home", None, {"attributes": text})]))
    assert len(frame) == 1
    try:
        fine = not text or isinstance(json.loads(text), dict)
    except ValueError:
        fine = False
    assert ("facility-attributes" in rules(findings)) != fine


def test_attributes_unfold_and_columns_win():
    told = json.dumps({"beds": 10, "nursing_beds": 4, "services": "全托、日托", "serves": ["a"]})
    frame, _ = unfold(
        sites([("f", "某院", "elderly-home", None, {"beds": 12, "attributes": told})])
    )
    row = frame.iloc[0]
    assert (row["beds"], row["nursing_beds"], row["services"]) == (12, 4, ("全托", "日托"))
    assert row["serves"] == ["a"] and set(NUMBERS) <= set(frame)


def test_the_bad_list_of_places_is_told_one_by_one():
    county = shapely.box(120, 32, 120.3, 32.1)
    spot = shapely.Point(120.05, 32.05)
    frame = sites(
        [
            ("a", "甲院", "elderly-home", None, {"geometry": spot}),
            ("b", "甲养老院", "elderly-home", None, {"geometry": shapely.Point(120.0501, 32.05)}),
            ("c", "远院", "elderly-home", None, {"geometry": shapely.Point(121, 33)}),
            ("d", "零院", "elderly-home", None, {"geometry": shapely.Point(0, 0)}),
            ("e", "无点", "elderly-home", None, {}),
            ("f", "怪站", "ufo-port", None, {"geometry": shapely.Point(120.2, 32.05)}),
            ("g", "专干", "child-protection-officer", None, {}),
        ]
    )
    found = {(each.rule, each.subject) for each in check(frame, county=county)}
    assert found == {
        ("facility-twice", "a"), ("facility-outside", "c"), ("facility-position", "d"),
        ("facility-position", "e"), ("facility-kind", "f"),
    }  # fmt: skip


def test_records_without_ids_or_with_doubled_ones_are_refused():
    frame = sites([("f", "a", "ash-hall", None), ("f", "b", "ash-hall", None)])
    with pytest.raises(InputError, match="stands twice"):
        unfold(frame)
    with pytest.raises(InputError, match="column 'kind'"):
        unfold(frame.drop(columns="kind"))


@pytest.mark.parametrize("text", ["60-", "老人", "6O+", "-5", "1-2-3"])
def test_what_is_no_age_group_is_refused(text):
    with pytest.raises(InputError, match="age group"):
        age_range(text)


@given(st.lists(st.integers(1, 99), max_size=6, unique=True), st.integers(0, 500))
def test_ages_cut_finer_give_the_same_sum(cuts, each):
    bounds = [0, *sorted(cuts), None]
    groups = [
        f"{low}+" if high is None else f"{low}-{high - 1}"
        for low, high in itertools.pairwise(bounds)
    ]
    table = pd.DataFrame(
        {
            "division_code": "1",
            "name": "甲",
            "as_of": "2024",
            "base": "registered",
            "age_group": groups,
            "people": each,
            "households": 0,
        }
    )
    rows, findings = select(table, base="registered", age_group="all")
    assert rows["people"].tolist() == [each * len(groups)] and not findings


def test_overlapping_groups_are_not_added_up():
    table = pd.DataFrame(
        {
            "division_code": ["1"] * 2,
            "name": "甲",
            "as_of": "2024",
            "base": "registered",
            "age_group": ["60-69", "65+"],
            "people": [5, 5],
        }
    )
    rows, findings = select(table, base="registered", age_group="60+")
    assert rows.empty and rules(findings) == ["demand-age-group"]


def test_a_chain_is_found_behind_a_dead_end():
    table = pd.DataFrame(
        {
            "division_code": ["1"] * 3,
            "name": "甲",
            "as_of": "2024",
            "base": "registered",
            "age_group": ["60-64", "60-69", "70+"],
            "people": [1, 5, 5],
        }
    )
    assert select(table, base="registered", age_group="60+")[0]["people"].tolist() == [10]


def test_the_latest_figures_not_after_the_date_count():
    old = population().assign(as_of="2020-12-31", people=1)
    both = pd.concat([old, population()])
    assert (
        select(both, base="registered", age_group="60+", as_of="2023-01-01")[0]["people"].sum() == 6
    )
    assert select(both, base="registered", age_group="60+")[0]["people"].sum() == 600
    assert select(both, base="registered", as_of="1999-01-01")[0].empty
    with pytest.raises(InputError, match="register"):
        select(both, base="floating")


def test_demand_points_fall_back_on_the_seat_and_lose_nobody():
    rows, _ = select(population(), base="registered", age_group="60+")
    points, findings = demand_points(rows, divisions())
    assert points["people"].sum() == 600 and points.geometry.notna().all() and not findings
    without, findings = demand_points(rows)
    assert len(without) == 6 and rules(findings) == ["demand-position"] * 6
    broken, findings = demand_points(rows.assign(people=["约50", -1, None, 1, 2, 3]), divisions())
    assert (
        broken["people"].tolist() == [0, 0, 0, 1, 2, 3] and rules(findings) == ["demand-people"] * 3
    )


def test_two_rows_of_one_division_keep_two_ids():
    table = pd.DataFrame({"division_code": ["1", "1"], "name": "甲", "people": [1, 2]})
    shapes = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy([120, 120.1], [32, 32]), crs=4490)
    assert demand_points(shapes)[0]["id"].tolist() == ["1", "1#2"]


@pytest.mark.real_data
def test_shanghai_facilities_are_read_with_their_one_blank(real_data):
    table = pd.read_csv(real_data / "facilities-shanghai" / "facilities.tsv", sep="\t")
    shapes = gpd.points_from_xy(table["lng"], table["lat"])
    frame = gpd.GeoDataFrame(
        {"id": [f"s{n}" for n in range(len(table))], "name": table["name"], "kind": "elderly-home"},
        geometry=shapes,
        crs=4490,
    )
    findings = check(frame, county=shapely.box(120.8, 30.6, 122.2, 31.9))
    lost = [each for each in findings if each.rule == "facility-position"]
    outside = [each for each in findings if each.rule == "facility-outside"]
    assert len(table) == 72 and ["爱照护总部" in each.message.zh for each in lost] == [True]
    assert len(outside) == 8 and any("武汉" in each.message.zh for each in outside)

"""Real, imperfect data: read whole, rejected with reasons where it is wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import shapely

from gazetteer import exchange
from gazetteer.common.coordinates import geodesic_length_m
from gazetteer.common.errors import CrsError

pytestmark = pytest.mark.real_data

DISTRICTS = {
    "changping": (22, 1), "chaoyang": (43, 1), "daxing": (22, 4), "fengtai": (26, 0),
    "haidian": (29, 0), "miyun": (20, 0), "shijingshan": (9, 0), "shunyi": (25, 0),
}  # fmt: skip
"""Townships of each district, and how many repeat a code of another."""


@pytest.mark.national
@pytest.mark.parametrize(
    ("year", "rows", "villages"), [(2017, 720_987, 673_803), (2018, 713_479, 666_260)]
)
def test_the_statistical_list_without_header(
    real_data: Path, year: int, rows: int, villages: int
) -> None:
    started = time.process_time()
    found = exchange.read(real_data / f"villages/nbs_{year}.tsv.xz", "divisions")
    assert time.process_time() - started < 30
    assert (found.read, len(found.frame), len(found.rejects)) == (rows, rows, 0)
    counts = found.frame["level"].value_counts()
    assert counts["village"] == villages
    assert counts["province"] == 31
    above = found.frame["parent_code"].dropna()
    assert above.isin(set(found.frame["code"])).all()
    # 八五一０农场, 瞿阝, private-use characters: undone, each reported
    assert 40 < len(found.cleaned) < 80
    assert len(found.suspect) > 1000


def test_the_ministrys_list(real_data: Path) -> None:
    found = exchange.read(real_data / "divisions-2025/divisions.csv", "divisions")
    assert (found.read, len(found.rejects), found.encoding) == (41_932, 0, "utf-8-sig")
    frame = found.frame.set_index("code")
    assert frame.loc["429004", ["level", "kind", "parent_code"]].tolist() == [
        "county", "县级市", "42",
    ]  # fmt: skip
    assert frame["kind"].value_counts()["镇"] >= 21_536  # 18 more bear no kind in the list
    assert frame["level"].value_counts()["township"] == 38_723


def test_the_township_list(real_data: Path) -> None:
    found = exchange.read(real_data / "townships-2023/streets.csv", "divisions")
    assert (found.read, len(found.rejects)) == (41_352, 0)
    assert found.frame.set_index("code").loc["441900003", "parent_code"] == "4419"


@pytest.mark.parametrize("district", DISTRICTS)
def test_township_polygons_of_beijing(real_data: Path, district: str) -> None:
    path = real_data / f"beijing-townships/defects/{district}/{district}-all.geojson"
    rows, repeated = DISTRICTS[district]
    found = exchange.read(path, "boundaries")
    assert (found.read, len(found.rejects)) == (rows, repeated)
    assert all("重复" in reason for reason in found.rejects["_reason_zh"])
    given = found.frame["code"].dropna()
    assert given.str.fullmatch(r"1101\d{5}").all()
    assert len(exchange.read(path, "boundaries", repeats=True).frame) == rows


def test_points_and_outlines_in_gcj02(real_data: Path) -> None:
    folder = real_data / "pilot-areas"
    with pytest.raises(CrsError, match="--crs gcj02"):
        exchange.read(folder / "places_gcj02_2016.tsv", "divisions")
    places = exchange.read(folder / "places_gcj02_2016.tsv", "divisions", crs="gcj02")
    assert (places.read, len(places.rejects), places.converted) == (5814, 0, "gcj02")
    assert places.frame["seat_lon"].notna().sum() == 2068
    outlines = exchange.read(
        folder / "counties_gcj02_2025_datav.geojsonl", "boundaries", crs="gcj02"
    )
    assert len(outlines.frame) == 22
    town = outlines.frame.set_index("code").loc["321283", "geometry"]
    located = places.frame[places.frame["seat_lon"].notna()]
    inside = located[located["code"].str.startswith("321283")]
    points = shapely.points(inside["seat_lon"], inside["seat_lat"])
    assert shapely.contains(town.buffer(0.01), points).mean() > 0.95


def test_roads_of_taixing(real_data: Path) -> None:
    found = exchange.read(real_data / "roads-taixing/data_link.csv", "roads", crs="wgs84")
    assert (found.read, len(found.rejects)) == (5400, 0)
    stated = found.frame["length_m"].astype(float).sum()
    assert stated == pytest.approx(2_410_000, rel=0.01)
    ratio = geodesic_length_m(found.frame.geometry) / found.frame["length_m"].astype(float)
    assert ratio.median() == pytest.approx(1, abs=0.001)


def test_facilities_of_shanghai_have_one_without_coordinates(real_data: Path) -> None:
    path = real_data / "facilities-shanghai/facilities.tsv"
    with pytest.raises(CrsError, match="unstated"):
        exchange.read(path, "facilities")
    found = exchange.read(path, "facilities", crs="gcj02")
    assert (found.read, len(found.frame)) == (72, 71)
    assert found.rejects[["name", "_row", "_reason_zh"]].to_numpy().tolist() == [
        ["爱照护总部", 13, "没有坐标或图形"]
    ]


def test_counties_packed_with_xz(real_data: Path) -> None:
    found = exchange.read(real_data / "counties-2019/counties.geojson.xz", "boundaries")
    assert (found.read, len(found.rejects)) == (2901, 0)

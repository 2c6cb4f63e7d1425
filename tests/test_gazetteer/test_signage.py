"""Signs on the county file: doors, codes, keys, rounds, orders, what a map and the desk show."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gazetteer.desk import agenda
from gazetteer.errors import ConflictError, InputError, UnknownError
from gazetteer.signage import doors, issuing, keys, printing, registry, rounds
from gazetteer.signage.issuing import Selection
from gazetteer.signs import numbering, payload
from gazetteer.signs.inspection import Visit
from gazetteer.signs.verify import verify
from gazetteer.store import County
from gazetteer.store.landing import land
from maps.county import passed
from tests.test_gazetteer import desk_county

STREET, BASE = "建设路", "https://dm.example.cn/s"
KEY = payload.new_key()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county with a street of 200 m from the west to the east, along 29.52 N."""
    path = desk_county.make(tmp_path_factory.mktemp("signs") / "县.gpkg")
    line = shapely.LineString([(112.219, 29.52), (112.221, 29.52)])
    with County(path, writing=True) as county, county.change("import roads") as change:
        land(change, "roads", gpd.GeoDataFrame({"name": [STREET]}, geometry=[line], crs=4490),
             key=["name"])  # fmt: skip
    return path


@pytest.fixture
def county(made: Path, tmp_path: Path) -> County:
    return County(Path(shutil.copy(made, tmp_path / "县.gpkg")), writing=True)


def survey(*lon: float) -> gpd.GeoDataFrame:
    """Return doors on the northern side."""
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, np.full(len(lon), 29.5201)), crs=4490)


def number(county: County, *lon: float) -> list[str]:
    found = doors.number_street(county, STREET, survey(*lon), by=numbering.profile("east-south"))
    return list(found.doors["number"])


def visit(sign: dict[str, str], state: str, on: str = "2026-03-18") -> Visit:
    return Visit(sign_id=sign["id"], code=sign["code"], state=state, visited_on=on)


def issued(county: County) -> list[dict[str, str]]:
    frame = registry.signs(county)
    return frame[frame["code"].notna()].to_dict("records")


def test_doors_are_numbered_once_and_addressed(county: County) -> None:
    with county:
        assert number(county, 112.2205, 112.2200, 112.2195) == ["2", "4", "6"]
        assert number(county, 112.2205, 112.2200, 112.2195) == ["2", "4", "6"]
        frame = county.frame("signs")
        assert len(frame) == 3
        assert frame["address"].iloc[0] == "石首市新厂镇建设路2号"
        assert number(county, 112.2202)[0] == "2附1", "between 2 and 4 only a 附号 is free"
        with pytest.raises(UnknownError, match="no street is called"):
            doors.number_street(
                county, "无此路", survey(112.22), by=numbering.profile("east-south")
            )


def test_a_place_gets_its_sign_once(county: County) -> None:
    with county:
        keys.add(county, KEY.public_key())
        first = issuing.issue(county, Selection(category="23"), base=BASE, key=KEY)
        again = issuing.issue(county, Selection(category="23"), base=BASE, key=KEY)
        assert (len(first.codes), again.codes, again.before) == (3, (), 3)
        found = verify(issued(county)[0]["content"], known=registry.known(county))
        assert (found.state, found.checked_against) == ("genuine", ("signature", "county file"))
        assert county.setting(issuing.BASE) == "HTTPS://DM.EXAMPLE.CN/S"
        with pytest.raises(ConflictError, match="revoked already"):
            for _ in range(2):
                issuing.revoke(county, first.codes[0], reason="道路取消")
        fresh = issuing.issue(county, Selection(category="23"), key=KEY)
        assert len(fresh.codes) == 1 and fresh.codes[0] not in first.codes


def test_a_key_that_is_strange_or_revoked_signs_nothing(county: County) -> None:
    with county:
        chosen = Selection(names=[STREET])
        with pytest.raises(InputError, match="no base address"):
            issuing.issue(county, chosen)
        with pytest.raises(UnknownError, match="not registered"):
            issuing.issue(county, chosen, base=BASE, key=KEY)
        name = keys.add(county, KEY.public_key())
        keys.revoke(county, name, reason="失窃")
        with pytest.raises(ConflictError, match="is revoked"):
            issuing.issue(county, chosen, base=BASE, key=KEY)
        assert issued(county) == []


def test_orders_show_on_the_desk_and_on_the_map(county: County) -> None:
    with county:
        issuing.issue(county, Selection(names=[STREET]), base=BASE)
        (sign,) = issued(county)
        done = rounds.inspect(county, [visit(sign, "damaged")])
        assert (
            len(done.opened) == 1 and rounds.inspect(county, [visit(sign, "damaged")]).visits == 0
        )
        told = agenda.agenda(county, on=date(2026, 3, 20)).as_json()["orders"]
        assert [(each["name"], each["cause"]) for each in told] == [(STREET, "damaged")]
        json.dumps(told, allow_nan=False)
        frames = {"signs": registry.shown(county), "sign_orders": registry.orders(county)}
        names = county.frame("names")
        internal, _ = passed(frames, names=names, profile="internal")
        assert not {"content", "key", "thing_id"} & set(internal["signs"].columns)
        assert internal["signs"]["state"].tolist() == ["damaged"]
        assert internal["sign_orders"].geometry.iloc[0].equals(shapely.Point(112.22, 29.52))
        public, _ = passed(frames, names=names, profile="public")
        assert "sign_orders" not in public and "state" not in public["signs"]
        rounds.inspect(county, [visit(sign, "present", on="2026-04-01")])
        assert registry.orders(county).empty and len(registry.orders(county, every=True)) == 1


def test_what_is_printed_is_what_was_issued(county: County) -> None:
    with county:
        number(county, 112.2205)
        issuing.issue(county, Selection(doors=STREET), base=BASE)
        (plate,) = printing.plates(county, registry.signs(county))
        assert [box.text for box in plate.boxes][:2] == [STREET, "2号"]

"""What a file does not say: no column, no value, no sound row; none ends in a traceback."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from boundaries import survey
from gazetteer import exchange, store
from gazetteer.common import missing
from gazetteer.importing import Imported, bring_in
from gazetteer.office.names import readings
from gazetteer.office.names.agenda import agenda
from gazetteer.office.signs import keys, registry
from gazetteer.signs import signing
from gazetteer.store import County
from tests.test_boundaries import survey_sample


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "county.gpkg"
    store.create(path, division_code="421081", name="石首市")
    return path


def bring(path: Path, kind: str, file: Path, **how: str) -> Imported:
    with County(path, writing=True) as county:
        return bring_in(county, exchange.read(file, kind, **how), kind, command=f"import {kind}")


def table(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_catalogue_without_coordinates_lands_without_positions(
    empty: Path, tmp_path: Path
) -> None:
    done = bring(empty, "names", table(tmp_path, "名.csv", "标准名称,类别\n罗店村,21610\n"))
    assert (done.landed, done.rejected) == (1, 0)
    with County(empty) as county:
        places = county.layer("places")
        assert places.geometry.isna().all()
        assert county.layer("names")["text"].tolist() == ["罗店村"]


@pytest.mark.parametrize("kind", ["boundaries", "zones", "lines", "roads"])
def test_a_file_without_one_sound_row_gives_all_of_them_back(
    empty: Path, tmp_path: Path, kind: str
) -> None:
    told = {"code": ["1"], "name": ["新厂镇"], "kind": ["built-up"], "left_code": ["421081100"]}
    frame = gpd.GeoDataFrame(
        told | {"right_code": ["421081101"]}, geometry=[shapely.Point(112, 29)], crs=4490
    )
    path = tmp_path / "点.geojson"
    path.write_text(frame.to_json(), encoding="utf-8")
    done = bring(empty, kind, path)
    assert (done.read, done.landed, done.rejected) == (1, 0, 1)


def test_the_agenda_stands_where_a_division_is_undecided_and_a_place_has_no_class(
    empty: Path, tmp_path: Path
) -> None:
    divisions = table(tmp_path, "区划.csv", "代码,名称\n421081,石首市\n421081100,浩堡镇\n")
    bring(empty, "divisions", divisions)
    names = table(tmp_path, "名.csv", "标准名称,经度,纬度\n燕头堡,112.4,29.7\n")
    bring(empty, "names", names, crs="EPSG:4490")
    with County(empty) as county:
        assert set(readings.open_readings(county)["specific"]) >= {"浩堡", "燕头"}
        json.dumps(agenda(county, on=date(2026, 3, 30)).as_json(), allow_nan=False)
        assert county.layer("places")["category"].tolist() == [None]


def test_revoking_one_key_leaves_the_others(empty: Path) -> None:
    made = [signing.new_key().public_key() for _ in range(2)]
    with County(empty, writing=True) as county:
        first, other = (keys.add(county, each) for each in made)
        keys.revoke(county, first, reason="lost")
        known = registry.known(county).keys
    assert bool(known[first].revoked_on)
    assert known[other].revoked_on == ""


@pytest.mark.parametrize("share", [1, None])
def test_a_delivery_with_empty_cells_is_checked_to_the_end(
    tmp_path: Path, share: int | None
) -> None:
    delivery = survey.read(survey_sample.write(tmp_path / "d", survey_sample.world()))
    for frame in delivery.layers.values():
        for name in frame.columns.drop("geometry"):
            frame.loc[frame.index[:share], name] = None
    profile = survey.shipped("township-10000").confirm(by="某县民政局", on="2026-01-01")
    assert survey.check(delivery, profile=profile, register=survey_sample.register())


@given(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=5))
def test_missing_texts_are_none_and_the_others_as_they_were(values: list[str | None]) -> None:
    frame = pd.DataFrame({"text": pd.Series(values, dtype="str"), "number": 1.5})
    assert missing.nones(frame)["text"].tolist() == values

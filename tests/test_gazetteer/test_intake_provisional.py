"""Areas that a drawing names and no list has numbered: they land, until a list brings the codes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from gazetteer import exchange, store
from gazetteer.common.errors import InputError
from gazetteer.importing import Imported, bring_in
from gazetteer.office.names.agenda import agenda
from gazetteer.store import County
from tests.test_gazetteer.test_exchange_brought import drawing

CODED = "代码,名称\n421081,石首市\n421081100,新厂镇\n421081101,横沟市镇\n"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    path = tmp_path / "石首.gpkg"
    store.create(path, division_code="421081", name="石首市")
    return path


def bring(county: Path, file: Path, kind: str = "boundaries", **given: object) -> Imported:
    with County(county, writing=True) as opened:
        reading = exchange.read(file, kind, **given)
        return bring_in(opened, reading, kind, command="import")


def drawn(county: Path) -> Imported:
    path = drawing(county.with_name("乡镇界.dxf"))
    return bring(county, path, crs="EPSG:4546", mapping={"name": "Layer"})


def named(county: Path, *names: str) -> Imported:
    square = [[[112.4, 29.7], [112.5, 29.7], [112.5, 29.8], [112.4, 29.7]]]
    shape = {"type": "Polygon", "coordinates": square}
    rows = [{"type": "Feature", "properties": {"名称": n}, "geometry": shape} for n in names]
    path = county.with_name("a.geojson")
    told = json.dumps({"type": "FeatureCollection", "features": rows}, ensure_ascii=False)
    path.write_text(told, encoding="utf-8")
    return bring(county, path)


def divisions(county: Path) -> dict[str, tuple[str, bool]]:
    with County(county) as opened:
        frame = opened.layer("divisions")
    shaped = frame["geometry"].notna()
    return {c: (n, bool(s)) for c, n, s in zip(frame["code"], frame["name"], shaped, strict=True)}


def coded(county: Path, rows: str = CODED) -> Imported:
    path = county.with_name("区划.csv")
    path.write_text(rows, encoding="utf-8")
    return bring(county, path, "divisions")


def test_areas_of_a_drawing_land_in_an_empty_county_and_say_under_which_codes(
    county: Path,
) -> None:
    done = drawn(county)
    assert (done.landed, done.rejected) == (2, 0)
    assert divisions(county) == {"421081901": ("新厂镇", True), "421081902": ("横沟市镇", True)}
    assert any("421081901–421081902" in note.zh for note in done.notes)
    again = drawn(county)
    assert (again.unchanged, again.rejected) == (2, 0)


def test_the_first_list_with_codes_gives_them_and_misses_nobody(county: Path) -> None:
    drawn(county)
    done = coded(county)
    assert (done.landed, done.updated, done.rejected) == (3, 2, 0)
    assert done.absences.missing == () and not done.questions
    assert any("421081901 新厂镇 → 421081100" in note.zh for note in done.notes)
    assert divisions(county) == {
        "421081": ("石首市", False),
        "421081100": ("新厂镇", True),
        "421081101": ("横沟市镇", True),
    }
    assert coded(county).unchanged == 3
    assert drawn(county).unchanged == 2  # matched by name, as before


PLACES = "名称,类别,经度,纬度\n幸福小区,小区,112.48,29.72\n王家湾,自然村,112.48,29.73\n"


def places(county: Path) -> Imported:
    path = county.with_name("地名.csv")
    path.write_text(PLACES, encoding="utf-8")
    return bring(county, path, "names", crs="EPSG:4490")


def test_names_follow_the_code_and_the_same_file_again_doubles_nothing(county: Path) -> None:
    assert places(county).landed == 2  # no division is known yet
    named(county, "新厂镇")
    assert (places(county).updated, places(county).unchanged) == (2, 2)
    coded(county)
    with County(county) as opened:
        codes = opened.layer("names").set_index("text")["division_code"]
        assert codes["幸福小区"] == codes["王家湾"] == codes["新厂镇"] == "421081100"
    assert places(county).unchanged == 2
    with County(county) as opened:
        assert len(opened.layer("places")) == 2 and opened.verify().broken == ()


def test_a_list_without_a_drawn_unit_leaves_its_code_and_says_that_it_is_missing(
    county: Path,
) -> None:
    coded(county, "代码,名称\n421081,石首市\n")
    drawn(county)
    done = coded(county, "代码,名称\n421081100,新厂镇\n")
    assert [each.code for each in done.absences.missing] == ["421081902"]
    assert set(divisions(county)) == {"421081", "421081100", "421081902"}


def test_where_townships_are_on_record_an_unknown_name_comes_back(county: Path) -> None:
    coded(county)
    done = named(county, "新厂镇", "没有的镇")
    assert (done.landed, done.rejected) == (1, 1)
    assert done.rejects["名称"].tolist() == ["没有的镇"]


def test_what_waits_for_its_true_code_stands_on_the_agenda(county: Path) -> None:
    named(county, "新厂镇")
    with County(county) as opened:
        told = agenda(opened, on=date(2026, 5, 1)).as_json()["provisional"]
    assert told == [{"code": "421081901", "name": "新厂镇"}]
    coded(county)
    with County(county) as opened:
        assert agenda(opened, on=date(2026, 5, 1)).provisional == ()


def test_a_second_drawing_goes_on_numbering(county: Path) -> None:
    drawn(county)
    assert named(county, "东升镇").landed == 1
    assert divisions(county)["421081903"] == ("东升镇", True)


def test_one_name_twice_lands_once_and_the_other_area_comes_back(county: Path) -> None:
    done = named(county, "东升镇", "东升镇")
    assert (done.landed, done.rejected) == (1, 1)
    coded(county)
    known = named(county, "新厂镇", "新厂镇")
    assert (known.landed, known.rejected) == (1, 1)


def test_a_prefecture_gives_no_codes(tmp_path: Path) -> None:
    path = tmp_path / "荆州.gpkg"
    store.create(path, division_code="421000", name="荆州市")
    assert (named(path, "石首市").landed, divisions(path)) == (0, {})


def test_a_drawing_without_a_told_column_proposes_its_layers(county: Path) -> None:
    path = drawing(county.with_name("a.dxf"))
    with pytest.raises(InputError, match="--map name=Layer") as told:
        exchange.read(path, "boundaries", crs="EPSG:4546")
    assert told.value.remedy is not None and "PaperSpace" not in told.value.remedy.en

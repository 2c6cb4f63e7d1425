"""Signs on the county file: doors, codes, keys, rounds, orders, what a map and the desk show."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gazetteer import exchange
from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.importing.spelling import name_rows
from gazetteer.office.names import agenda
from gazetteer.office.names.readings import other_sounds
from gazetteer.office.signs import (
    auditing,
    certificates,
    doors,
    issuing,
    keys,
    printing,
    registry,
    rounds,
)
from gazetteer.office.signs.issuing import Selection
from gazetteer.signs import numbering, payload, registers, signing
from gazetteer.signs.inspection import Visit
from gazetteer.signs.verify import Key, Known, verify
from gazetteer.store import County, renaming
from gazetteer.store.landing import land
from maps.county import passed
from tests.test_gazetteer import desk_county

STREET, BASE = "建设路", "https://dm.example.cn/s"
KEY = signing.new_key()


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
        frame = county.layer("signs")
        assert len(frame) == 3
        assert frame["address"].iloc[0] == "石首市新厂镇建设路2号"
        assert number(county, 112.2202)[0] == "2附1", "between 2 and 4 only a 附号 is free"
        with pytest.raises(UnknownError, match="no street is called"):
            doors.number_street(
                county, "无此路", survey(112.22), by=numbering.profile("east-south")
            )


def test_a_survey_with_old_numbers_lands_them_or_hands_them_back(
    county: County, tmp_path: Path
) -> None:
    old = {112.2205: "12A", 112.2203: "-3", 112.2200: "甲9", 112.2198: "１１", 112.2196: "十三"}
    path = tmp_path / "门.csv"
    rows = [f"{number},{lon},29.5201" for lon, number in old.items()]
    rows += ["7,112.2205,29.5201", ",112.2194,29.5201"]  # the first door's place; a new door
    path.write_text("\n".join(["门牌号,经度,纬度", *rows]) + "\n", encoding="utf-8")
    survey_ = exchange.read(path, "doors", crs="cgcs2000")
    by = numbering.profile("east-south")
    with county:
        found = doors.number_street(county, STREET, survey_.frame, by=by)
        assert list(found.doors["number"]) == ["12A", "甲9", "11", "十三", "14"]
        back = doors.rejects(survey_, found.refused)
        assert list(back["门牌号"]) == ["-3", "7"] and list(back["_row"]) == [3, 7]
        assert list(found.doors["address"])[:2] == [
            "石首市新厂镇建设路12A号", "石首市新厂镇建设路甲9号",
        ]  # fmt: skip
        again = doors.number_street(county, STREET, survey_.frame, by=by)
        assert list(again.doors["number"]) == list(found.doors["number"])
        assert sorted(county.layer("signs")["number"]) == sorted(found.doors["number"])
        other = survey_.frame.head(1).assign(number="20")
        told = doors.number_street(county, STREET, other, by=by)
        assert told.doors["number"].iloc[0] == "12A"
        assert "signs/door-number-differs" in {each.rule for each in told.findings}


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


def by_register(county: County) -> Known:
    """Return what a register says that the office has signed, to one who has the office's key."""
    text = json.dumps(registry.dated_register(county, key=KEY))
    own = signing.public_text(KEY.public_key())
    given = {signing.key_id(KEY.public_key()): Key(public_key=own)}
    return registers.known(text, place="register.json", keys=given)


def test_county_file_and_register_judge_alike(county: County) -> None:
    with county:
        keys.add(county, KEY.public_key())
        issuing.issue(county, Selection(names=[STREET]), base=BASE)
        issuing.issue(county, Selection(category="23"), key=KEY)
        both = [registry.known(county), by_register(county)]
        signs = issued(county)
        assert {payload.is_signed(each["content"]) for each in signs} == {True, False}
        for sign in signs:
            whole, code = sign["content"], sign["code"]
            stripped = f"{BASE}/{code}"
            moved = whole.replace("DM.EXAMPLE.CN", "EVIL.EXAMPLE")
            texts = [
                whole,
                stripped,
                code,
                moved,
                whole.replace("/S/", "/T/"),
                f"{stripped}?a=1",
                whole[:-1],
                f"{whole}#x",
            ]
            here, there = ([verify(text, known=known).state for text in texts] for known in both)
            assert here == there
            carries = payload.is_signed(whole)
            assert here[1:5] == [*(["forged", "unknown"] if carries else ["genuine"] * 2),
                                 "forged", "forged"]  # fmt: skip


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
        names = county.layer("names")
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


def rename(county: County, old: str, new: str, *, on: str) -> None:
    """Close a standard name and open another, as an approved application does."""
    names = county.layer("names")
    (thing,) = names.loc[(names["text"] == old) & (names["role"] == "standard"), "thing_id"]
    rows = name_rows(
        pd.Series([new]), codes=pd.Series(["421081100"]), details=pd.DataFrame({}, [0])
    )
    with county.change("test rename") as change:
        renaming.close_name(change, thing_id=thing, text=old, on=on)
        rows = rows.assign(thing_id=thing, valid_from=on, status="approved")
        renaming.insert_names(change, rows, other_sounds(rows))


def test_a_plate_of_a_former_name_gets_one_order(county: County) -> None:
    with county:
        number(county, 112.2205)
        for chosen in (Selection(names=[STREET]), Selection(doors=STREET)):
            issuing.issue(county, chosen, base=BASE)
        assert auditing.findings(county) == []
        rename(county, STREET, "江渡路", on="2026-01-01")
        found = auditing.findings(county)
        assert {each.rule for each in found} == {"signs/former-name"}
        said = [each.message.zh for each in found]
        assert "牌面“建设路2号”已于 2026-01-01 更名为“江渡路”" in said
        told = verify(issued(county)[0]["code"], known=registry.known(county))
        assert told.state == "renamed", "a code without signature, too"
        keys.add(county, KEY.public_key())
        assert verify(issued(county)[0]["code"], known=by_register(county)).state == "renamed"
        assert len(auditing.open_orders(county, found)) == 2
        assert auditing.open_orders(county, found) == ()
        assert set(registry.orders(county)["cause"]) == {"wrong-text"}
        found = doors.number_street(
            county, "江渡路", survey(112.2205), by=numbering.profile("east-south")
        )
        assert found.doors["address"].tolist() == ["石首市新厂镇江渡路2号"]
        assert {each["text"] for each in issued(county)} == {STREET}, "the plate says what it said"
        for each in issued(county):
            issuing.revoke(county, each["code"], reason="更名")
        assert registry.orders(county).empty, "a plate that is revoked needs no work"
        assert auditing.findings(county) == []


def test_a_plate_of_an_abolished_name_is_to_be_taken_down(county: County) -> None:
    with county:
        issuing.issue(county, Selection(names=["滨河路"]), base=BASE)
        names = county.layer("names")
        (thing,) = names.loc[names["text"] == "滨河路", "thing_id"]
        with county.change("test abolish") as change:
            renaming.close_name(change, thing_id=thing, text="滨河路", on="2026-01-01")
        (found,) = auditing.findings(county)
        assert found.rule == "signs/abolished"
        auditing.open_orders(county, [found])
        assert registry.orders(county)["work"].tolist() == ["拆除"]


def test_an_address_is_certified_with_those_before(county: County) -> None:
    with county:
        doors.number_street(
            county, STREET, survey(112.2205).assign(postcode="434400"),
            by=numbering.profile("east-south"), postcode="434000",
        )  # fmt: skip
        rename(county, STREET, "江渡路", on="2026-01-01")
        for door in ("江渡路2号", "江渡路2", "石首市新厂镇建设路2号"):
            told = certificates.address(county, door)
            assert told.address == "石首市新厂镇江渡路2号"
        assert (told.former, told.postcode) == (["石首市新厂镇建设路2号"], "434400")
        assert told.romanization == "Jiāngdù Lù"
        with pytest.raises(UnknownError, match="no door is called"):
            certificates.address(county, "江渡路4号")


def test_streets_of_one_name_are_told_apart(county: County) -> None:
    with county:
        desk_county.bring(
            county, county.path, "names",
            f"标准名称,类别代码,政区代码,经度,纬度\n{STREET},23510,421081101,112.62,29.53\n",
        )  # fmt: skip
        with pytest.raises(InputError, match="--within"):
            number(county, 112.2205)
        found = doors.number_street(
            county, STREET, survey(112.2205), by=numbering.profile("east-south"),
            within="421081100",
        )  # fmt: skip
        assert found.doors["address"].tolist() == ["石首市新厂镇建设路2号"]


def test_markers_and_further_names_stand_on_their_plates(county: County) -> None:
    with county:
        desk_county.bring(
            county, county.path, "names",
            "标准名称,类别代码,政区代码,经度,纬度,少数民族文字,地名含义\n"
            "延吉街,23510,421081100,112.25,29.52,연길거리,因延吉得名\n",
        )  # fmt: skip
        line = shapely.MultiLineString([[(112.3, 29.5), (112.3, 29.6)]])
        with county.change("import lines") as change:
            ids = county.layer("divisions").set_index("code")["id"]
            rows = {"code": ["421081100101"], "legal_status": ["agreed"],
                    "left_id": [ids["421081100"]], "right_id": [ids["421081101"]]}  # fmt: skip
            land(change, "lines", gpd.GeoDataFrame(rows, geometry=[line], crs=4490), key=["code"])
        own = county.layer("lines")["id"].iloc[0]
        with county.change("import markers") as change:
            rows = {"number": ["421081100101001A"], "line_id": [own]}
            at = [shapely.Point(112.3, 29.55)]
            land(change, "markers", gpd.GeoDataFrame(rows, geometry=at, crs=4490), key=["number"])
        issuing.issue(county, Selection(markers="421081100"), base=BASE)
        issuing.issue(county, Selection(names=["延吉街"]), plate_class="plaque", base=BASE)
        marker, plaque = printing.plates(county, registry.signs(county))
        assert [box.text for box in marker.boxes][:2] == ["新厂镇 │ 调关镇", "421081100101001A"]
        assert [box.text for box in plaque.boxes][:4] == [
            "연길거리", "延吉街", "YANJI JIE", "因延吉得名。",
        ]  # fmt: skip
        assert auditing.findings(county) == []
        with pytest.raises(UnknownError, match="no marker stands"):
            issuing.issue(county, Selection(markers="999"), base=BASE)


def test_a_form_that_says_two_things_of_one_sign_is_refused(county: County) -> None:
    with county:
        issuing.issue(county, Selection(names=[STREET]), base=BASE)
        (sign,) = issued(county)
        path = county.path.with_name("巡查.csv")
        rows = [f"{sign['code']},完好", f"{sign['code']},损坏", "100000000001,完好", "<b>,损坏"]
        path.write_text("\n".join(["标志编码,现状", *rows]), encoding="utf-8")
        visits, refused = rounds.form_visits(county, path)
        assert [each.state for each in visits] == ["present"]
        assert len(refused) == 3 and "stands twice" in refused[0]


def test_a_classified_place_gets_no_sign_and_is_told(county: County) -> None:
    (first, *_) = registry.standing(county)[lambda names: names["thing_id"].isin(
        county.layer("places")["id"]
    )].to_dict("records")  # fmt: skip
    with county.change("classify") as change:
        change.connection.execute(
            "UPDATE place SET classification = 'secret' WHERE id = ?", (first["thing_id"],)
        )
    done = issuing.issue(county, Selection(names=[first["text"]]), base=BASE)
    assert (done.codes, done.withheld) == ((), (first["text"],))
    assert issued(county) == []

"""Dirty names in the county file: listed with candidates, decided, corrected, kept corrected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from gazetteer import exchange
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.exchange import repairing
from gazetteer.importing import bring_in
from gazetteer.office.names import finding, repairs
from gazetteer.office.names.readings import sounding
from gazetteer.store import County, create, tracing, undoing

DIVISIONS = """行政区划代码,名称,级别
421081,石首市,县级
421081100,新厂镇,乡级
421081100201,南砦村委会,村级
421081100202,茶?村委会,村级
421081100203,　大青 \ue82d村委会,村级
421081100204,后门村委会,村级
"""
OTHER = "421081100202\t茶㘵村民委员会\n421081100204\t鲘门村民委员会\n421081100\t新厂镇\n"


def bring(county: County, path: Path) -> object:
    return bring_in(county, exchange.read(path, "divisions"), "divisions", command="import")


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    create(tmp_path / "a.gpkg", division_code="421081")
    (tmp_path / "a.csv").write_text(DIVISIONS, encoding="utf-8")
    (tmp_path / "b.tsv").write_text(OTHER, encoding="utf-8")
    with County(tmp_path / "a.gpkg", writing=True) as opened:
        bring(opened, tmp_path / "a.csv")
        yield opened


def named(county: County) -> dict[str, str]:
    frame = county.layer("divisions")
    names = county.layer("names").set_index("division_code")["text"]
    assert (frame.set_index("code")["name"] == names).all(), "divisions and their names agree"
    return dict(names)


def test_import_undoes_the_damage_of_the_way_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(DIVISIONS, encoding="utf-8")
    found = exchange.read(tmp_path / "a.csv", "divisions")
    assert found.frame["name"].tolist()[4] == "大青㭎村委会"
    assert found.cleaned[["row", "before", "after"]].to_numpy().tolist() == [
        [6, "\u3000大青 \ue82d村委会", "大青 \ue82d村委会"],
        [6, "大青 \ue82d村委会", "大青㭎村委会"],
    ]
    assert found.suspect["before"].tolist() == ["茶?村委会"]
    assert found.original["名称"].tolist()[4] == "\u3000大青 \ue82d村委会"


def test_candidates_of_another_edition_are_listed(county: County, tmp_path: Path) -> None:
    known = repairs.editions([tmp_path / "b.tsv"])
    found = {each.code[-3:]: each for each in repairs.dirty(county, known=known)}
    assert found["201"].repair.after == "南寨村委会" and found["201"].repair.kinds == ("variant",)
    assert found["202"].repair.doubts[0].candidates == ("茶㘵村委会",)
    assert found["204"].repair.doubts[0].candidates == ("鲘门村委会",)
    assert "203" not in found, "put right on the way in"


def test_what_is_decided_is_one_event_and_stays(county: County, tmp_path: Path) -> None:
    known = repairs.editions([tmp_path / "b.tsv"])
    found = repairs.dirty(county, known=known)
    exchange.write(repairs.table(found), tmp_path / "脏字.xlsx", layer="脏字")
    book = openpyxl.load_workbook(tmp_path / "脏字.xlsx")
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    said = {"南砦村委会": "是", "茶?村委会": "茶㘵 村委会", "后门村委会": ""}
    for row in range(2, sheet.max_row + 1):
        name = sheet.cell(row, titles.index(repairs.NAME) + 1).value
        sheet.cell(row, titles.index(repairs.CHOICE) + 1).value = said.get(str(name))
    book.save(tmp_path / "脏字.xlsx")
    chosen = repairs.decided(county, tmp_path / "脏字.xlsx")
    assert repairs.carry_out(county, chosen, reason="核对") == 2
    event = county.events(last=1)[0]
    assert (event["command"], event["reason"]) == ("names repair", "核对")
    names = named(county)
    assert names["421081100201"] == "南寨村委会" and names["421081100202"] == "茶㘵村委会"
    spelling = county.layer("names").set_index("text")["romanization"]
    assert spelling["茶㘵村委会"].startswith("Chá")
    # the list is stale now; the same file does not bring the dirt back
    with pytest.raises(ConflictError, match="changed meanwhile"):
        repairs.decided(county, tmp_path / "脏字.xlsx")
    again = bring(county, tmp_path / "a.csv")
    assert (again.updated, again.unchanged) == (0, 6)  # type: ignore[attr-defined]
    assert named(county) == names
    assert "茶㘵村委会" not in {each.repair.before for each in repairs.dirty(county)}
    assert not county.verify().broken


def test_certain_corrections_in_bulk_can_be_undone(county: County, tmp_path: Path) -> None:
    before = named(county)
    with pytest.raises(InputError, match="no kind of correction 'all'"):
        repairs.certain([], kinds=["all"])
    chosen = repairs.certain(repairs.dirty(county), kinds=repairing.FORMS)
    assert [*chosen.values()] == ["南寨村委会"]
    assert repairs.carry_out(county, chosen) == 1
    told = tracing.history(county, "421081100201")
    assert {"南砦村委会", "南寨村委会"} <= {each for step in told for each in map(str, _said(step))}
    undoing.undo(county, county.events(last=1)[0]["id"])
    assert named(county) == before
    bring(county, tmp_path / "a.csv")
    assert named(county) == before, "what was undone is not corrected on import"


def _said(step: dict[str, object]) -> list[object]:
    fields = step["fields"]
    assert isinstance(fields, dict)
    return [value for both in fields.values() for value in both]


@pytest.mark.parametrize("text", ["", "  ", "字" * 201])
def test_a_decision_must_be_a_name(county: County, text: str) -> None:
    with pytest.raises(InputError, match="is no name"):
        repairs.carry_out(county, {repairs.dirty(county)[0].fid: text})
    with pytest.raises(ConflictError, match="no name in force"):
        repairs.carry_out(county, {10**6: "石首"})


def test_a_name_that_comes_back_is_found_by_all_its_sounds(tmp_path: Path) -> None:
    create(tmp_path / "a.gpkg", division_code="421081")
    rows = "行政区划代码,名称,级别\n421081,石首市,县级\n421081201,盖家堡,乡级\n"
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    with County(tmp_path / "a.gpkg", writing=True) as county:
        bring(county, tmp_path / "a.csv")
        wanted = county.layer("names", keep=("fid",)).set_index("text")["fid"]["盖家堡"]
        asked = ("gaijiabu", "gejiabao", "gaijiapu")
        found = [_hits(county, letters) for letters in asked]
        repairs.carry_out(county, {int(wanted): "红星村"})
        assert not any(_hits(county, letters) for letters in asked)
        undoing.undo(county, county.events(last=1)[0]["id"], sounding=sounding)
        assert [_hits(county, letters) for letters in asked] == found
    assert all(found)


def _hits(county: County, letters: str) -> list[str]:
    return [hit.candidate.text for hit in finding.search(county, letters).hits]

"""Things without names under known codes: what a file says otherwise is asked before it lands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from boundaries.office import importing
from cli.main import main
from gazetteer import exchange, store
from gazetteer.common.errors import ConflictError
from gazetteer.importing import Decided, Imported, bring_in
from gazetteer.store import County

UNITS = (
    "代码,名称\n421081,石首市\n421081100,新厂镇\n421081101,横沟市镇\n421081102,大垸镇\n"
    "421081100201,罗店村\n421081100202,沟石村\n"
)
# kind -> the file as it comes first, as it comes again, the code that is asked about
FILES = {
    "divisions": (
        "区划代码,名称,上级代码\n{0},罗店村,{1}\n",
        ("421081100201", "421081100"), ("421081100201", "421081101"), "421081100201",
    ),
    "lines": (
        "code,left_code,right_code,wkt\n"
        '{0},421081100,{1},"LINESTRING (112.4 29.7, 112.5 29.7)"\n',
        ("A1", "421081101"), ("A1", "421081102"), "A1",
    ),
    "facilities": (
        "名称,类别,经度,纬度\n{0},养老院,{1},29.7\n",
        ("福利院", "112.4"), ("福利院", "112.41"), "福利院",
    ),
    "population": (
        "区划代码,名称,人口,时间\n{0},{1},100,2020\n",
        ("421081100", "新厂镇"), ("421081100", "横沟市镇"), "421081100",
    ),
}  # fmt: skip
OPTIONS = {"crs": "EPSG:4490"}


def bring(county: Path, kind: str, text: str, **said: object) -> Imported:
    path = county.with_name(f"{kind}.csv")
    path.write_text(text, encoding="utf-8")
    given = {} if kind in ("divisions", "population") else OPTIONS
    reading = importing.read(path, kind, **given)
    with County(county, writing=True) as opened:
        return bring_in(opened, reading, kind, command="import", **said)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    path = tmp_path / "石首.gpkg"
    store.create(path, division_code="421081", name="石首市")
    bring(path, "divisions", UNITS)
    return path


def stored(county: Path, kind: str) -> list[object]:
    with County(county) as opened:
        frame = opened.layer(kind)
    if kind == "divisions":
        return [*zip(frame["code"], frame["name"], frame["parent_code"], strict=True)]
    if kind == "lines":
        return [*zip(frame["left_code"], frame["right_code"], strict=True)]
    if kind == "facilities":
        return [shape.wkt for shape in frame.geometry]
    return [*zip(frame["division_code"], frame["name"], frame["people"], strict=True)]


def given(code: str, decision: str) -> Decided:
    return Decided({decision: frozenset({code})})


@pytest.mark.parametrize("kind", FILES)
def test_what_differs_is_asked_and_nothing_of_it_written(county: Path, kind: str) -> None:
    text, first, later, code = FILES[kind]
    if kind != "population":  # figures under another unit's name are asked the first time, too
        bring(county, kind, text.format(*first))
    before = stored(county, kind)
    done = bring(county, kind, text.format(*later))
    assert [(each.code, each.decision) for each in done.questions] == [(code, "")]
    assert (done.landed, done.rejected, stored(county, kind)) == (0, 1, before)
    assert done.questions[0].message.zh in done.rejects["_reason_zh"].iloc[0]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("decision", ["corrected", "kept", "rejected"])
def test_a_decision_is_carried_out_and_remembered(county: Path, kind: str, decision: str) -> None:
    text, first, later, code = FILES[kind]
    before = bring(county, kind, text.format(*first)) and stored(county, kind)
    done = bring(county, kind, text.format(*later), decided=given(code, decision))
    assert (done.landed, done.rejected) == ((0, 1) if decision == "rejected" else (1, 0))
    assert (stored(county, kind) == before) is (decision != "corrected")
    again = bring(county, kind, text.format(*later))
    assert not again.open


@pytest.mark.parametrize("kind", FILES)
def test_a_trial_shows_the_question_and_no_renaming_is_for_things_without_names(
    county: Path, kind: str
) -> None:
    text, first, later, code = FILES[kind]
    bring(county, kind, text.format(*first))
    assert len(bring(county, kind, text.format(*later), trying=True).questions) == 1
    with pytest.raises(ConflictError, match="--corrected, --keep or --reject"):
        bring(county, kind, text.format(*later), decided=given(code, "renamed"))


@pytest.mark.parametrize("column", ["", ",上级代码"])
def test_a_list_that_tells_no_parent_leaves_the_one_on_record(county: Path, column: str) -> None:
    text, _, later, code = FILES["divisions"]
    bring(county, "divisions", text.format(*later), decided=given(code, "corrected"))
    before = stored(county, "divisions")
    plain = f"区划代码,名称{column}\n{code},罗店村{',' if column else ''}\n"
    done = bring(county, "divisions", plain)
    assert (done.unchanged, done.questions) == (1, ())
    assert sorted(map(str, stored(county, "divisions"))) == sorted(map(str, before))


def test_shapes_that_state_what_the_code_tells_ask_about_another_parent_on_record(
    county: Path,
) -> None:
    """A polygon layer may end a 代管; one that states nothing leaves it."""
    text, first, later, code = FILES["divisions"]
    bring(county, "divisions", text.format(*later), decided=given(code, "corrected"))
    shape = '"POLYGON ((112.4 29.7, 112.41 29.7, 112.41 29.71, 112.4 29.7))"'
    silent = f"区划代码,名称,wkt\n{code},罗店村,{shape}\n"
    assert bring(county, "boundaries", silent).questions == ()
    stating = f"区划代码,名称,上级代码,wkt\n{code},罗店村,{first[1]},{shape}\n"
    (question,) = bring(county, "boundaries", stating).open
    assert question.code == code
    held = {row[0]: row[2] for row in stored(county, "divisions")}
    assert held[code] == later[1], "nothing changes before a person has decided"
    assert bring(county, "boundaries", stating, decided=given(code, "corrected")).open == ()
    held = {row[0]: row[2] for row in stored(county, "divisions")}
    assert held[code] == first[1]


def test_a_unit_renamed_and_moved_is_one_decision(county: Path) -> None:
    row = "区划代码,名称,上级代码\n421081100201,洪山村,421081101\n"
    assert len(bring(county, "divisions", row).open) == 2
    done = bring(county, "divisions", row, decided=given("421081100201", "renamed"))
    assert (done.renamed, done.open) == (1, ())
    assert ("421081100201", "洪山村", "421081101") in stored(county, "divisions")


def test_two_decisions_about_one_code_are_refused() -> None:
    with pytest.raises(ConflictError, match="two decisions"):
        Decided({"kept": frozenset({"1", "2"}), "rejected": frozenset({"2"})})


def test_sides_exchanged_are_the_same_line(county: Path) -> None:
    text = FILES["lines"][0]
    bring(county, "lines", text.format("A1", "421081101"))
    exchanged = text.replace("421081100,{1}", "421081101,421081100").format("A1", "")
    assert not bring(county, "lines", exchanged).questions


def test_how_far_a_facility_may_have_moved_is_told(county: Path) -> None:
    text, first, later, _ = FILES["facilities"]
    bring(county, "facilities", text.format(*first))
    assert not bring(county, "facilities", text.format("福利院", "112.4009")).questions
    moved = bring(county, "facilities", text.format(*later), decided=Decided(moved_m=2000))
    assert (moved.updated, moved.questions) == (1, ())


@pytest.mark.parametrize("name", ["新厂", "新 厂镇", "李家湾", ""])
def test_figures_of_the_unit_itself_or_of_a_settlement_in_it_are_not_asked(
    county: Path, name: str
) -> None:
    assert not bring(county, "population", FILES["population"][0].format("421081100", name)).open


def test_figures_under_a_name_that_the_unit_bore_are_not_asked(county: Path) -> None:
    renamed = "区划代码,名称,级别\n421081100,石首新镇,乡级\n"
    assert bring(county, "divisions", renamed, decided=given("421081100", "renamed")).renamed == 1
    figures = FILES["population"][0]
    assert not bring(county, "population", figures.format("421081100", "新厂镇")).open
    assert bring(county, "population", figures.format("421081100", "横沟市镇")).open


def marker(number: str, line: str) -> str:
    return f"number,line_code,lon,lat\n{number},{line},112.45,29.7\n"


def test_a_number_on_another_line_is_asked(county: Path) -> None:
    text = FILES["lines"][0]
    bring(county, "lines", text.format("A1", "421081101"))
    bring(county, "lines", text.format("A2", "421081102"))
    bring(county, "markers", marker("0001", "A1"))
    done = bring(county, "markers", marker("0001", "A2"))
    assert [(q.code, q.before, q.after) for q in done.open] == [("0001", "A1", "A2")]
    kept = bring(county, "markers", marker("0001", "A2"), decided=given("0001", "kept"))
    assert (kept.landed, kept.unchanged) == (1, 1)
    taken = bring(county, "markers", marker("0001", "A2"), decided=given("0001", "corrected"))
    assert taken.updated == 1


def ran(county: Path, *words: str) -> Result:
    command = ["import", "facilities", str(county), str(county.with_name("facilities.csv"))]
    return CliRunner().invoke(main, [*command, "--crs", "EPSG:4490", *words])


@pytest.mark.parametrize("named", [[], ["--rejects", "退回.xlsx"]])
def test_the_rejects_of_two_files_of_one_command_do_not_replace_each_other(
    county: Path, named: list[str]
) -> None:
    for suffix, mark in ((".csv", ","), (".tsv", "\t")):
        text = f"区划代码{mark}名称\n{suffix}{mark}甲镇\n"
        county.with_name(f"区划{suffix}").write_text(text, encoding="utf-8")
    files = [str(county.with_name(f"区划{suffix}")) for suffix in (".csv", ".tsv")]
    named = [each if each.startswith("-") else str(county.with_name(each)) for each in named]
    call = ["import", "divisions", str(county), *files, *named, "--json"]
    told = json.loads(CliRunner().invoke(main, call).output)
    again = [exchange.read(Path(each["rejects_file"]), "divisions").rejects for each in told]
    assert [each["区划代码"].tolist() for each in again] == [[".csv"], [".tsv"]]


def test_the_command_shows_the_question_and_takes_the_answer(county: Path) -> None:
    text, first, later, _ = FILES["facilities"]
    bring(county, "facilities", text.format(*first))
    county.with_name("facilities.csv").write_text(text.format(*later), encoding="utf-8")
    asked = ran(county)
    assert asked.exit_code == 1 and "位置移动" in asked.output and "--corrected" in asked.output
    assert "--renamed 代码" not in asked.output
    assert ran(county, "--moved", "2000", "--dry-run").exit_code == 0
    assert ran(county, "--corrected", "福利院").exit_code == 0
    assert ran(county).exit_code == 0


def test_a_polygon_that_crosses_itself_does_not_stand_in_the_way_of_later_files(
    county: Path,
) -> None:
    crossed = '"POLYGON ((112 29, 112.1 29.1, 112.1 29, 112 29.1, 112 29))"'
    hole = '"POLYGON ((112 29, 112.2 29, 112.2 29.1, 112 29, 112.05 29.1, 112 29))"'
    rows = (("421081100", crossed), ("421081101", hole), ("421081102", crossed))
    text = "code,wkt\n" + "".join(f"{code},{shape}\n" for code, shape in rows)
    bring(county, "boundaries", text, decided=Decided({}))
    landed = bring(county, "facilities", "名称,类别,经度,纬度\n福利院,养老院,112.05,29.05\n")
    assert (landed.landed, landed.outside.placed) == (1, 1)


HOMES = "名称,类别,政区代码,经度,纬度\n福利院,养老院,{0},{1},29.7\n"


def homes(county: Path) -> list[object]:
    with County(county) as opened:
        assert opened.verify().broken == ()
        return sorted(opened.layer("facilities")["division_code"].fillna(""))


def test_a_facility_whose_division_is_known_later_is_not_another_one(county: Path) -> None:
    bring(county, "facilities", HOMES.format("", "112.4"))
    assert homes(county) == [""]
    for code in ("421081100", "421081100201"):  # of no division, in a township, in its village
        done = bring(county, "facilities", HOMES.format(code, "112.4005"))
        assert (done.updated, homes(county)) == (1, [code])
        assert bring(county, "facilities", HOMES.format(code, "112.4005")).unchanged == 1


@pytest.mark.parametrize("code", ["", "421081"])
def test_a_file_that_knows_less_of_the_division_leaves_it(county: Path, code: str) -> None:
    bring(county, "facilities", HOMES.format("421081100", "112.4"))
    assert bring(county, "facilities", HOMES.format(code, "112.4")).unchanged == 1
    assert homes(county) == ["421081100"]


@pytest.mark.parametrize(("code", "lon"), [("421081101", "112.4"), ("421081100201", "112.402")])
def test_one_elsewhere_is_another(county: Path, code: str, lon: str) -> None:
    bring(county, "facilities", HOMES.format("421081100", "112.4"))
    bring(county, "facilities", HOMES.format(code, lon))
    assert homes(county) == ["421081100", code]

"""A later list under known codes: what it renames is asked; no name is lost by not answering."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.main import main
from gazetteer import exchange, store
from gazetteer.importing import Decided, Imported, bring_in
from gazetteer.importing.sameness import likeness
from gazetteer.office.names import finding
from gazetteer.store import County

FIRST = "421081201,桃花山乡\n421081202,久合垸乡\n421081203,团山乡\n"
LATER = "421081101,桃花山镇\n421081202,高基庙乡\n"


def list_of(folder: Path, name: str, rows: str) -> Path:
    path = folder / name
    path.write_text(f"代码,名称\n421081,石首市\n{rows}", encoding="utf-8")
    return path


def bring(county: Path, file: Path, kind: str = "divisions", **said: object) -> Imported:
    with County(county, writing=True) as opened:
        reading = exchange.read(file, kind)
        return bring_in(opened, reading, kind, command="import", **said)


def found(county: Path, text: str) -> list[tuple[str, str]]:
    with County(county) as opened:
        hits = finding.search(opened, text).as_json()["hits"]
    return [(hit["name"], hit["matched"]) for hit in hits]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    path = tmp_path / "石首.gpkg"
    store.create(path, division_code="421081", name="石首市")
    bring(path, list_of(tmp_path, "2023.csv", FIRST))
    return path


def test_another_name_under_a_known_code_is_asked_and_not_written(
    county: Path, tmp_path: Path
) -> None:
    done = bring(county, list_of(tmp_path, "2024.csv", LATER))
    assert [(q.code, q.before, q.after, q.decision) for q in done.questions] == [
        ("421081202", "久合垸乡", "高基庙乡", "")
    ]
    assert (done.landed, done.updated, done.rejected) == (2, 0, 1)
    assert found(county, "久合垸") == [("久合垸乡", "久合垸乡")]
    assert found(county, "高基庙") == []
    with County(county) as opened:
        names = opened.layer("divisions").set_index("code")["name"]
    assert names["421081202"] == "久合垸乡"


def test_what_a_list_leaves_out_is_said_with_what_may_have_followed(
    county: Path, tmp_path: Path
) -> None:
    done = bring(county, list_of(tmp_path, "2024.csv", LATER))
    assert [each.name for each in done.absences.missing] == ["桃花山乡", "团山乡"]
    assert [(each.after.code, each.guess) for each in done.absences.successors] == [
        ("421081101", "撤乡设镇")
    ]
    said = "\n".join(each.zh for each in done.notes)
    assert "421081203 团山乡" in said
    assert "撤乡设镇？" in said


def test_a_decided_renaming_keeps_the_old_name_as_an_earlier_one(
    county: Path, tmp_path: Path
) -> None:
    later = list_of(tmp_path, "2024.csv", LATER)
    said = Decided({"renamed": frozenset({"421081202"})}, on="2024-05-01")
    done = bring(county, later, decided=said)
    assert (done.renamed, done.rejected, done.open) == (1, 0, ())
    assert found(county, "久合垸") == [("高基庙乡", "久合垸乡")]
    with County(county) as opened:
        before = opened.layer("divisions", as_of="2024-04-30").set_index("code")["name"]
        after = opened.layer("divisions", as_of="2024-05-01").set_index("code")["name"]
        assert not opened.verify().broken
    assert (before["421081202"], after["421081202"]) == ("久合垸乡", "高基庙乡")
    again = bring(county, later)
    assert (again.open, again.updated, again.rejected) == ((), 0, 0)
    older = bring(county, list_of(tmp_path, "2023.csv", FIRST))
    assert [(q.likeness, q.decision) for q in older.questions] == [("earlier", "kept")]


@pytest.mark.parametrize(
    ("decision", "name", "rejected"),
    [("corrected", "高基庙乡", 0), ("kept", "久合垸乡", 0), ("rejected", "久合垸乡", 1)],
)
def test_each_decision_does_what_it_says_and_is_not_asked_again(
    county: Path, tmp_path: Path, decision: str, name: str, rejected: int
) -> None:
    later = list_of(tmp_path, "2024.csv", LATER)
    done = bring(county, later, decided=Decided({decision: frozenset({"all"})}))
    assert (done.rejected, done.open) == (rejected, ())
    assert [hit for hit, _ in found(county, name[:3])] == [name]
    assert bring(county, later).open == ()


def test_a_code_whose_name_stands_under_another_code_says_so(county: Path, tmp_path: Path) -> None:
    swapped = list_of(tmp_path, "x.csv", "421081202,团山乡\n421081203,久合垸乡\n")
    done = bring(county, swapped)
    assert [(q.code, q.elsewhere) for q in done.open] == [
        ("421081202", "421081203"), ("421081203", "421081202"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("short", "whole"), [("久合垸", "久合垸乡"), ("久?垸乡", "久合垸乡"), ("東垸乡", "东垸乡")]
)
def test_a_name_that_only_completes_one_on_record_is_asked_as_a_renaming_is(
    county: Path, tmp_path: Path, short: str, whole: str
) -> None:
    before = list_of(tmp_path, "x.csv", f"421081209,{short}\n")
    after = list_of(tmp_path, "y.csv", f"421081209,{whole}\n")
    bring(county, before)
    asked = bring(county, after)
    assert [(each.likeness, each.decision) for each in asked.questions] == [("better", "")]
    assert (asked.rejected, asked.changes) == (1, ())
    assert bring(county, after, decided=Decided({"kept": frozenset({"all"})})).open == ()
    assert [each.decision for each in bring(county, after).questions] == ["kept"]
    done = bring(county, after, decided=Decided({"corrected": frozenset({"421081209"})}))
    assert (done.rejected, next(hit for hit, _ in found(county, whole))) == (0, whole)


def test_another_kind_under_the_same_code_is_a_question(county: Path, tmp_path: Path) -> None:
    done = bring(county, list_of(tmp_path, "x.csv", "421081201,桃花山镇\n"))
    assert "撤乡设镇" in done.open[0].message.zh


@pytest.mark.parametrize("later", ["桃花山地区办事处", "桃花山镇", "高基庙街道"])
def test_a_name_that_is_kept_keeps_its_kind(county: Path, tmp_path: Path, later: str) -> None:
    rows = f"421081201,{later}\n"
    keep = Decided({"kept": frozenset({"421081201"})})
    done = bring(county, list_of(tmp_path, "统计.csv", rows), decided=keep)
    assert (done.landed, done.updated, done.rejected) == (2, 0, 0)
    with County(county) as opened:
        unit = opened.layer("divisions").set_index("code").loc["421081201"]
    assert (unit["name"], unit["kind"]) == ("桃花山乡", "乡")


def test_a_row_by_a_former_name_does_not_bring_its_kind_back(county: Path, tmp_path: Path) -> None:
    renamed = Decided({"renamed": frozenset({"421081201"})})
    bring(county, list_of(tmp_path, "2024.csv", "421081201,桃花山镇\n"), decided=renamed)
    bring(county, list_of(tmp_path, "旧表.csv", "421081201,桃花山乡\n"))
    with County(county) as opened:
        unit = opened.layer("divisions").set_index("code").loc["421081201"]
    assert (unit["name"], unit["kind"]) == ("桃花山镇", "镇")


def test_a_catalogue_and_a_polygon_layer_ask_in_the_same_way(county: Path, tmp_path: Path) -> None:
    head = "标准名称,地名代码,经度,纬度\n"
    for name, text in (("a.csv", "滨江路"), ("b.csv", "解放路")):
        row = f"{text},42108100023510000001,112.4,29.7\n"
        (tmp_path / name).write_text(head + row, encoding="utf-8")
    ways = {"crs": "EPSG:4490"}
    with County(county, writing=True) as opened:
        for name, asked in (("a.csv", 0), ("b.csv", 1)):
            reading = exchange.read(tmp_path / name, "names", **ways)
            done = bring_in(opened, reading, "names", command="import")
            assert len(done.open) == asked
        reading = exchange.read(tmp_path / "b.csv", "names", **ways)
        said = Decided({"renamed": frozenset({"all"})})
        assert bring_in(opened, reading, "names", command="x", decided=said).renamed == 1
    assert found(county, "滨江路")[0] == ("解放路", "滨江路")
    ring = [[[112.4, 29.7], [112.5, 29.7], [112.5, 29.8], [112.4, 29.7]]]
    told = {"type": "Feature", "properties": {"code": "421081202", "name": "高基庙乡"},
            "geometry": {"type": "Polygon", "coordinates": ring}}  # fmt: skip
    layer = tmp_path / "界.geojson"
    layer.write_text(json.dumps({"type": "FeatureCollection", "features": [told]}), "utf-8")
    assert bring(county, layer, "boundaries").rejected == 1
    kept = bring(county, layer, "boundaries", decided=Decided({"kept": frozenset({"all"})}))
    assert (kept.landed, kept.rejected) == (1, 0)
    with County(county) as opened:
        row = opened.layer("divisions").set_index("code").loc["421081202"]
    assert (row["name"], row["geometry"] is not None) == ("久合垸乡", True)


def test_a_rejected_row_is_not_said_to_be_missing(county: Path, tmp_path: Path) -> None:
    rows = "421081201,桃花山乡\n421081202,久合垸乡\n421081203000,\n"
    done = bring(county, list_of(tmp_path, "2024.csv", rows))
    assert (done.rejected, done.absences.missing) == (1, ())


def test_the_command_shows_asks_and_answers(county: Path, tmp_path: Path) -> None:
    later = str(list_of(tmp_path, "2024.csv", LATER))
    call = ["import", "divisions", str(county), later, "--lang", "zh"]
    tried = CliRunner().invoke(main, [*call, "--renamed", "all", "--dry-run"])
    assert (tried.exit_code, "久合垸乡 → 高基庙乡" in tried.output) == (0, True)
    assert "未写入（--dry-run）" in tried.output
    assert found(county, "高基庙") == []
    unasked = CliRunner().invoke(main, [*call, "--renamed", "421081299"])
    assert (unasked.exit_code, found(county, "桃花山")) == (2, [("桃花山乡", "桃花山乡")])
    asked = CliRunner().invoke(main, call)
    assert asked.exit_code == 1
    assert "421081202 久合垸乡 → 高基庙乡：更名、改错，还是代码另用？" in asked.output
    assert "改正 0" in asked.output
    done = CliRunner().invoke(main, [*call, "--renamed", "421081202", "--json"])
    told = json.loads(done.output)
    assert (done.exit_code, told["renamed"], told["rejected"]) == (0, 1, 0)


SPECIFIC = st.sampled_from(["桃花山", "久合垸", "高基庙", "团山", "大垸"])
GENERIC = st.sampled_from(["乡", "镇", "", "街道", "街道办事处"])
LISTS = st.dictionaries(
    st.integers(201, 204), st.tuples(SPECIFIC, GENERIC).map("".join), min_size=1, max_size=4
)


@settings(max_examples=6, deadline=None)
@given(st.lists(LISTS, min_size=2, max_size=3))
def test_no_later_list_makes_a_name_unfindable_that_nobody_decided_on(
    lists: list[dict[int, str]],
) -> None:
    with tempfile.TemporaryDirectory() as told:
        folder = Path(told)
        county = folder / "c.gpkg"
        store.create(county, division_code="421081", name="石首市")
        named: set[str] = set()
        for rows in lists:
            text = "".join(f"421081{code},{name}\n" for code, name in rows.items())
            bring(county, list_of(folder, "list.csv", text))
            for name in named:
                hits = found(county, name)
                assert any(now.startswith(name) or was == name for now, was in hits)
            with County(county) as opened:
                named |= set(opened.layer("divisions")["name"])


@given(SPECIFIC, SPECIFIC, GENERIC)
def test_another_specific_part_is_another_name(one: str, other: str, generic: str) -> None:
    told = likeness(one + generic, other + generic, level="township")
    assert told == ("same" if one == other else "other")

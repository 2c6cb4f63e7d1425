"""Applications in the county file: what is refused, and then changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gazetteer.common.errors import ConflictError, GazetteerError, InputError, UnknownError
from gazetteer.office.names import attachments, cases
from gazetteer.office.names.cases import Form
from gazetteer.store import County
from gazetteer.store.landing import land
from tests.test_gazetteer.desk_county import DAY, NAMING, PAPERS, RENAMING, elsewhere, paper, take

BAD_NAMES = {
    "empty": "",
    "blank": "  ",
    "endless": "路" * 10_000,
    "control": "滨\x07河路",
    "bidirectional": "滨\u202e河路",
    "emoji": "滨河路😀",
    "private use": "滨\ue000河路",
    "markup": "<b>滨河路</b>",
    "formula": "=HYPERLINK(1)",
}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RENAMING, replace(RENAMING, text="沿江路")),
        (RENAMING, replace(RENAMING, kind="abolishing", text="")),
        (replace(RENAMING, kind="abolishing", text=""), RENAMING),
        (NAMING, NAMING),
        (NAMING, replace(NAMING, text="兰亭路")),
        (replace(NAMING, facts={}), replace(NAMING, facts={})),
    ],
    ids=["renaming", "abolishing", "abolished", "naming", "one place", "one name"],
)
def test_a_second_application_on_one_thing_waits_for_the_first(
    path: Path, first: Form, second: Form
) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, first).id
        with pytest.raises(ConflictError, match=f"Application {number} .* is still open"):
            cases.register(county, second)
        cases.register(county, elsewhere(NAMING, "112.26"))  # another thing
        take(county, path.parent, number, "withdraw")
        assert cases.register(county, second).id


def test_a_name_outside_its_division_is_refused(path: Path) -> None:
    areas = {"421081": (112.0, 113.0), "421081100": (112.2, 112.3), "421081101": (112.6, 112.7)}
    with County(path, writing=True) as county:
        with county.change("import boundaries") as change:
            shapes = [
                shapely.MultiPolygon([shapely.box(a, 29.5, b, 29.6)]) for a, b in areas.values()
            ]
            own = county.layer("divisions").set_index("code").loc[list(areas)].reset_index()
            rows = own[["code", "name", "level"]].assign(geometry=shapes)
            land(change, "divisions", gpd.GeoDataFrame(rows, crs=4490), key=["code"])
        for lon, says in (
            ("112.65", "新厂镇.*in 调关镇"),
            ("110.0", "outside 石首市.*in no division"),
        ):
            with pytest.raises(InputError, match=says):
                cases.register(county, elsewhere(NAMING, lon))
        number = cases.register(county, elsewhere(NAMING, "112.3005")).id  # a street on the edge
        with pytest.raises(InputError, match="outside"):
            cases.supplement(county, number, {"lon": "112.65", "lat": "29.55"})
        take(county, path.parent, number, "apply", "review")
        assert "position" not in {e["rule"] for e in cases.get(county, number).steps[-1].unchecked}


def test_one_file_is_one_paper(path: Path, tmp_path: Path) -> None:
    scan, empty = tmp_path / "扫描件.pdf", tmp_path / "空.pdf"
    scan.write_bytes(b"%PDF-1.7 all in one")
    empty.write_bytes(b"")
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        whole = attachments.read((kind, scan) for kind in PAPERS["apply"])
        with pytest.raises(InputError, match=r"扫描件.pdf .* is the same file as"):
            cases.advance(county, number, "apply", actor="王五", on=DAY, documents=whole)
        take(county, path.parent, number, "apply", "review")
        again = attachments.read([("expert-report", path.parent / "scheme.txt")])
        with pytest.raises(InputError, match="is the same file as"):
            cases.advance(county, number, "expert", actor="王五", on=DAY, documents=again)
        with pytest.raises(InputError, match="is empty"):
            attachments.read([("scheme", empty)])
        assert [each.step for each in cases.get(county, number).steps] == ["apply", "review"]


@pytest.mark.parametrize("text", BAD_NAMES.values(), ids=BAD_NAMES)
def test_what_cannot_be_a_name_is_refused_and_changes_nothing(path: Path, text: str) -> None:
    with County(path, writing=True) as county:
        head = county.info()["head"]
        with pytest.raises(InputError) as refused:
            cases.register(county, replace(NAMING, text=text))
        assert "\n" not in str(refused.value) and len(str(refused.value)) < 300
        assert cases.every(county) == [] and county.info()["head"] == head


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"applicant": " "}, InputError),
        ({"applicant": "住建局\u202e"}, InputError),
        ({"case": "castle"}, UnknownError),
        ({"facts": {"lon": "500", "lat": "29"}}, InputError),
        ({"facts": {"lon": "112"}}, InputError),
        ({"facts": {"division_code": "999999"}}, UnknownError),
        ({"facts": {"built_up": "Z9"}}, UnknownError),
        ({"facts": {"meaning": "长" * 5_000}}, InputError),
        ({"kind": "renaming", "old_text": "无此路"}, InputError),
        ({"kind": "renaming", "case": "village", "old_text": "红光村"}, InputError),
        ({"kind": "renaming", "old_text": "滨河路", "thing": "421081100"}, InputError),
        ({"thing": "no-such-thing"}, UnknownError),
        ({"extra": ("party",)}, UnknownError),
    ],
)
def test_a_form_that_cannot_be_taken_changes_nothing(
    path: Path, change: dict[str, object], error: type[GazetteerError]
) -> None:
    with County(path, writing=True) as county:
        with pytest.raises(error):
            cases.register(county, replace(NAMING, **change))  # type: ignore[arg-type]
        assert cases.every(county) == []


def test_steps_out_of_order_or_time_are_refused(path: Path) -> None:
    with County(path, writing=True) as county:
        number = cases.register(county, NAMING).id
        with pytest.raises(ConflictError, match="it comes after"):
            take(county, path.parent, number, "approve")
        take(county, path.parent, number, "apply")
        with pytest.raises(ConflictError, match="2025-03-02 is before"):
            take(county, path.parent, number, "review", on=date(2025, 3, 2))
        with pytest.raises(InputError, match="in the future"):
            take(county, path.parent, number, "review", on=date(2999, 1, 1))
        with pytest.raises(ConflictError, match="1 steps, not 0"):
            cases.advance(county, number, "review", actor="王五", on=DAY, expected=0)
        with pytest.raises(InputError, match="lacks expert-report"):
            take(county, path.parent, number, "review")
            cases.advance(county, number, "expert", actor="王五", on=DAY)
        assert [each.step for each in cases.get(county, number).steps] == ["apply", "review"]


def test_a_vanished_document_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.docx: the document cannot be read"):
        attachments.read([("reply", tmp_path / "gone.docx")])
    with pytest.raises(InputError, match="cannot be read"):
        attachments.read([("reply", tmp_path)])
    with pytest.raises(UnknownError, match="No document is called 'poem'"):
        attachments.read([paper(tmp_path, "poem")])


def test_papers_changed_or_gone_are_noticed(path: Path) -> None:
    with County(path, writing=True) as county:
        case = take(county, path.parent, cases.register(county, NAMING).id, "apply")
    assert attachments.vanished(case, path.parent) == []
    (path.parent / "scheme.txt").write_text("other", encoding="utf-8")
    (path.parent / "basic-facts.txt").unlink()
    assert attachments.vanished(case, path.parent) == [
        "scheme.txt 与登记时不一致", "basic-facts.txt 已不存在",
    ]  # fmt: skip

"""Layers of polygons as delivered: which column numbers the units, which levels there are."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from boundaries import tiling
from boundaries.office import sources
from gazetteer import store
from gazetteer.common.errors import InputError
from gazetteer.store import County, events
from gazetteer.store.landing import land


def written(folder: Path, **columns: list[object]) -> Path:
    number = len(next(iter(columns.values())))
    shapes = [box(100 * i, 0, 100 * i + 100, 100) for i in range(number)]
    path = folder / "layer.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4547").to_file(path)
    return path


def test_a_column_of_numbers_names_units_without_codes(tmp_path: Path) -> None:
    frame = sources.units(written(tmp_path, id=[7, 8], name=["东镇", "西镇"]))
    assert frame["code"].tolist() == ["7", "8"]
    assert frame["name"].tolist() == ["东镇", "西镇"]


def test_running_numbers_are_no_levels(tmp_path: Path) -> None:
    frame = sources.units(written(tmp_path, id=[10, 1000, 100012, 42]))
    ((units, parents),) = sources.levels(frame)
    assert len(units) == 4 and parents is None


def test_units_without_a_code_belong_to_the_lowest_level(tmp_path: Path) -> None:
    path = written(tmp_path, code=["421081", "421081100", None], name=["县", "镇", "无码"])
    (_, none), (towns, parents) = sources.levels(sources.units(path))
    assert none is None and parents is not None
    assert towns["name"].tolist() == ["镇", "无码"]
    assert parents["code"].tolist() == ["421081"]


def governed(folder: Path, **columns: list[object]) -> Path:
    """Two counties side by side, the second town by its code in the first and governed by the
    second (代管)."""
    shapes = [box(0, 0, 100, 100), box(100, 0, 300, 100), box(0, 0, 100, 100),
              box(100, 0, 200, 100), box(200, 0, 300, 100)]  # fmt: skip
    path = folder / "layer.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4547").to_file(path)
    return path


CODES = ["421023", "421081", "421023100", "421023101", "421081100"]
PARENTS = [None, None, "421023", "421081", "421081"]


@pytest.mark.parametrize("header", ["parent_code", "上级代码", "parent"])
def test_the_parent_that_a_file_tells_counts(tmp_path: Path, header: str) -> None:
    padded = [None if each is None else each.ljust(12, "0") for each in PARENTS]
    path = governed(tmp_path, code=[each.ljust(12, "0") for each in CODES], **{header: padded})
    frame = sources.units(path)
    assert frame["parent_code"].tolist()[2:] == PARENTS[2:]
    found = [e for units, above in sources.levels(frame) for e in tiling.check(units, parent=above)]
    assert found == [], "each county is filled by what it governs"
    (note,) = sources.other_parents(frame)
    assert (note.severity, note.subject, note.related) == ("note", "421081", ("421023101",))


def test_without_such_a_column_the_code_tells_the_parent(tmp_path: Path) -> None:
    frame = sources.units(governed(tmp_path, code=CODES))
    assert frame["parent_code"].tolist()[3] == "421023"
    assert sources.other_parents(frame) == []
    found = [e for units, above in sources.levels(frame) for e in tiling.check(units, parent=above)]
    assert found, "by its code the town lies outside its county"


def test_levels_follow_parents_where_codes_are_no_division_codes(tmp_path: Path) -> None:
    parents = [None, None, "甲", "乙", "乙"]
    frame = sources.units(governed(tmp_path, code=[*"甲乙丙丁戊"], parent_code=parents))
    (upper, none), (lower, above) = sources.levels(frame)
    assert none is None and above is not None
    assert [upper["code"].tolist(), lower["code"].tolist()] == [[*"甲乙"], [*"丙丁戊"]]
    assert above["code"].tolist() == [*"甲乙"]
    assert tiling.check(lower, parent=above) == []


def test_parents_in_a_circle_make_no_endless_levels(tmp_path: Path) -> None:
    parents = ["乙", "甲", "甲", "乙", "戊"]
    frame = sources.units(governed(tmp_path, code=[*"甲乙丙丁戊"], parent_code=parents))
    assert sum(len(units) for units, _ in sources.levels(frame)) == 5


@pytest.mark.real_data
def test_findings_name_the_units_by_their_ids(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "tiling-c3k"
    path = tmp_path / "c3k.gpkg"
    path.write_bytes(lzma.decompress((folder / "c3k.gpkg.xz").read_bytes()))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    found = tiling.check(sources.units(path))
    pairs = {(each.details["kind"], frozenset(each.details["units"])) for each in found}
    assert pairs >= {(each["type"], frozenset({str(each["a"]), str(each["b"])})) for each in truth}
    assert len(found) == len(truth) == 318


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two towns that meet, on record since 1 March; on 5 March one is corrected to leave a gap."""
    path = tmp_path / "县.gpkg"
    for day, west in (("2026-03-01", 112.5), ("2026-03-05", 112.49)):
        monkeypatch.setattr(events, "now", lambda day=day: f"{day}T08:00:00Z")
        if not path.exists():
            store.create(path, division_code="421081", name="石首市", actor="test")
        towns = gpd.GeoDataFrame(
            {"code": ["421081100", "421081101"], "name": ["甲镇", "乙镇"], "level": "township"},
            geometry=[box(112.4, 29.6, west, 29.7), box(112.5, 29.6, 112.6, 29.7)],
            crs="EPSG:4490",
        )
        with County(path, writing=True) as county, county.change("import") as change:
            land(change, "divisions", towns, key=["code"])
    return path


@pytest.mark.parametrize(
    ("day", "west"),
    [("2026-03-02", 112.5), ("2026-03-05", 112.5), ("2026-03-06", 112.49)],
)
def test_before_a_day_a_county_file_is_as_it_was_on_record(
    edited: Path, day: str, west: float
) -> None:
    """A correction changes no day of validity: looked at by these alone nothing would be new."""
    found = sources.before(edited, day)
    assert found is not None and found.total_bounds.tolist()[0] == 112.4
    assert found.set_index("code").geometry["421081100"].bounds[2] == west


@pytest.mark.parametrize(
    ("day", "said"),
    [("2999-01-01", "future"), ("2026-03-01", "on record"), ("1999-01-01", "on record"),
     ("旧.gpkg", "no day")],
)  # fmt: skip
def test_a_day_that_nothing_can_be_compared_with_is_refused(
    edited: Path, day: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        sources.before(edited, day)

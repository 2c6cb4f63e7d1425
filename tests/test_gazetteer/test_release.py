"""Nothing leaves that its profile does not let pass."""

from __future__ import annotations

import ast

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

from gazetteer import release
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.tables import rows
from tests.test_house import MODULES


def _lines() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "name": ["甲乙线", "争议段"],
            "legal_status": ["agreed", "disputed"],
            "agreement_document": ["协议书", None],
        },
        geometry=[LineString([(112.123456, 30), (113, 30)])] * 2,
        crs=4490,
    )


def _markers() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"number": ["1"], "height_m": [31.25], "marker_type": ["single"]},
        geometry=[Point(112.1, 30.1)],
        crs=4490,
    )


def test_internal_lets_everything_pass_with_its_notice() -> None:
    released = release.gate({"lines": _lines(), "own": _markers()})
    pd.testing.assert_frame_equal(released.layers["lines"], _lines())
    assert released.withheld == ()
    assert released.notice.zh == "密级：内部。内部资料，注意保存"


def test_public_withholds_heights_places_of_markers_and_disputed_lines() -> None:
    released = release.gate(
        {"lines": _lines(), "markers": _markers(), "tri_points": _markers()},
        profile="public",
        classification="public",
    )
    assert list(released.layers["markers"].columns) == ["number", "marker_type"]
    assert released.layers["lines"]["name"].tolist() == ["甲乙线"]
    assert "agreement_document" not in released.layers["lines"]
    assert "tri_points" not in released.layers
    told = {(each.layer, each.what, each.records) for each in released.withheld}
    assert {
        ("lines", "legal_status=disputed", 1),
        ("markers", "height_m", 1),
        ("markers", "geometry", 1),
        ("tri_points", "*", 1),
    } <= told


def test_public_precision_keeps_neighbours_together() -> None:
    pair = gpd.GeoDataFrame(
        {"name": ["a", "b"]},
        geometry=[box(112, 30, 112.123456, 31), box(112.123456, 30, 113, 31)],
        crs=4490,
    )
    shown = release.gate({"divisions": pair}, profile="public", classification="public")
    left, right = shown.layers["divisions"].geometry
    assert left.bounds[2] == right.bounds[0] == 112.1235
    assert pair.geometry[0].bounds[2] == 112.123456


def test_what_is_classified_higher_is_refused_by_name() -> None:
    frame = pd.DataFrame({"name": ["甲", "乙"], "密级": [None, "秘密"]})
    with pytest.raises(release.ReleaseError, match=r"1 records may not leave.*names 乙 \(秘密\)"):
        release.gate({"names": frame})
    hidden = pd.DataFrame({"id": ["p7"], "attributes": ['{"密级": "机密"}']})
    with pytest.raises(release.ReleaseError, match="places p7"):
        release.gate({"places": hidden})
    broken = hidden.assign(attributes='{"密级": ')
    with pytest.raises(release.ReleaseError, match="places p7"):
        release.gate({"places": broken})
    with pytest.raises(release.ReleaseError, match="Classified internal"):
        release.gate({}, profile="public")


def test_only_the_gate_makes_what_a_writer_asks_for() -> None:
    makers = {
        name
        for name, tree in MODULES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Released"
    }
    assert makers == {"gazetteer.release.gate"}


def test_unknown_profile_and_classification_say_which_there_are() -> None:
    with pytest.raises(UnknownError, match="Use internal, public"):
        release.gate({}, profile="open")
    with pytest.raises(InputError, match="Use public, internal, confidential"):
        release.gate({}, classification="hush")


def test_rounding_refuses_metres() -> None:
    with pytest.raises(InputError, match="rounded in degrees"):
        release.gate({"lines": _lines().to_crs(4546)}, profile="public", classification="public")


def test_manifest_tells_hashes_and_changes() -> None:
    released = release.gate({})
    first = release.manifest({"a": b"1", "b": b"2"}, released=released)
    second = release.manifest({"a": b"1", "b": b"3", "c": b""}, released=released, previous=first)
    assert second["changes"] == {"added": ["c"], "changed": ["b"], "removed": []}
    assert first["files"][0]["sha256"] == release.sha256(b"1")


@pytest.mark.parametrize("row", rows("release_fields.csv"), ids=lambda row: row["layer"])
def test_each_row_of_fields(row: dict[str, str]) -> None:
    assert row["profile"] in release.profiles()
    assert row["geometry"] in ("keep", "withhold")
    public = row["profile"] == "public"
    assert not (public and {"height_m", "accuracy_m", "attributes"} & set(row["fields"].split()))

"""Imports of the raw files again: all is known, what is rejected comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gazetteer.store import County
from tests.test_cli.asking import COUNTY, run, told, truth
from tests.test_cli.markers import gone, marker_findings

Look = Callable[[Path], None]


def look_at_import(kind: str, name: str, *how: str) -> Look:
    def look(demo: Path) -> None:
        wanted = truth(demo)["files"][name]
        found = told("import", kind, demo / COUNTY, demo / wanted["path"], *how)
        assert found["read"] == wanted["rows"]
        assert found["rejected"] == wanted["rejected"]
        assert found["landed"] + found["rejected"] == found["read"]
        assert found["unchanged"] == found["landed"], "the same file again changes nothing"

    return look


def look_at_zones(demo: Path) -> None:
    layer = ("--layer", "建成区")
    found = told("import", "zones", demo / COUNTY, demo / "raw" / "道路水系.gpkg", *layer)
    assert found["landed"] == found["unchanged"] == found["read"] == 12


def look_at_water(demo: Path) -> None:
    wanted = truth(demo)["waters"]
    for layer, rows in wanted["layers"].items():
        found = told("import", "water", demo / COUNTY, demo / wanted["path"], "--layer", layer)
        strange = wanted["rejected"] if layer == "水系杂" else 0
        assert (found["read"], found["rejected"]) == (rows, strange)
        assert found["unchanged"] == found["landed"] == rows - strange
    with County(demo / COUNTY) as county:
        water = county.layer("water")
    assert len(water) == len(wanted["waters"])
    assert set(water["name"]) == {each["name"] for each in wanted["waters"]}
    coded = water[water["code"].notna()]
    assert coded["place_id"].notna().all(), "each bears the code of its place in the catalogue"


def look_at_import_lines(demo: Path) -> None:
    found = told("import", "lines", demo / COUNTY, demo / "raw" / "界线.shp")
    assert (found["read"], found["landed"], found["rejected"]) == (36, 36, 0)
    with County(demo / COUNTY) as county:
        lines = county.layer("lines").set_index("code")
    wanted = truth(demo)["lines"]
    assert set(lines.index) == set(wanted)
    for code, row in lines.iterrows():
        assert row["length_m"] == pytest.approx(wanted[code]["geodesic_m"], rel=1e-6)
    assert (lines["legal_status"] == "agreed").sum() == 25, "a bare layer does not change them"
    assert lines.loc["429921101924", ["level", "right_code"]].tolist() == ["county", "429921101"]


def look_at_import_markers(demo: Path) -> None:
    forms = demo / "界桩表格"
    crs = ("--crs", "EPSG:4546")
    for name in ("界桩登记表.docx", "界桩登记表.xlsx", "界桩成果表.xlsx", "界桩成果表.docx"):
        found = told("import", "markers", demo / COUNTY, forms / name, *crs)
        assert found["landed"] == found["read"] == 3, name
    assert marker_findings(demo) == gone(demo)
    refused = run("import", "markers", demo / COUNTY, forms / "界桩成果表.xlsx")
    assert refused.exit_code == 2 and "--crs" in refused.output


def look_at_import_references(demo: Path) -> None:
    layer = demo / "raw" / "delivery-整改后" / "own" / "方位物.gpkg"
    found = told("import", "reference-objects", demo / COUNTY, layer)
    assert found["landed"] == found["read"] == truth(demo)["delivery"]["counts"]["objects"]
    assert found["read"] - found["unchanged"] == len(gone(demo)), "what is gone comes again"
    cards = told(
        "import", "reference-objects", demo / COUNTY, demo / "界桩表格" / "界桩登记表.docx"
    )
    assert cards["landed"] == cards["read"] >= 9


def look_at_import_tri_points(demo: Path) -> None:
    layer = demo / "raw" / "delivery-整改后" / "own" / "三交点.gpkg"
    found = told("import", "tri-points", demo / COUNTY, layer)
    assert found["unchanged"] == found["read"] == truth(demo)["delivery"]["counts"]["tri_points"]


LOOKS = {
    "import divisions": look_at_import("divisions", "divisions", "--crs", "EPSG:4490"),
    "import boundaries": look_at_import("boundaries", "villages"),
    "import names": look_at_import("names", "names", "--crs", "EPSG:4490"),
    "import roads": look_at_import("roads", "roads", "--layer", "道路"),
    "import facilities": look_at_import("facilities", "facilities", "--crs", "gcj02"),
    "import population": look_at_import("population", "population"),
    "import zones": look_at_zones,
    "import water": look_at_water,
    "import lines": look_at_import_lines,
    "import markers": look_at_import_markers,
    "import reference-objects": look_at_import_references,
    "import tri-points": look_at_import_tri_points,
}

"""Eight Beijing districts before and after a repair: the check finds what was repaired."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import geopandas as gpd
import pytest

from boundaries import survey
from boundaries.survey import report

PROFILE = dataclasses.replace(survey.shipped("township-10000"), required_files=())


def register_of(folder: Path, district: str) -> gpd.GeoDataFrame:
    """The repaired version's names and codes, and the district's outline."""
    outline = gpd.read_file(folder / "fixed" / district / f"{district}-outline.geojson")
    towns = gpd.read_file(folder / "fixed" / district / f"{district}-all.geojson")
    parent = str(outline["code"].iloc[0])
    rows = [{"code": parent, "name": outline["Name"].iloc[0], "level": "county"}]
    rows += [
        {"code": str(code), "name": name, "level": "township", "parent_code": parent}
        for code, name in zip(towns["code"], towns["Name"], strict=True)
    ]
    shapes = [*outline.geometry, *towns.geometry]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4490")


def closed(folder: Path, district: str) -> Counter[str]:
    """Count by rule the findings, notes left out, that the repair closed."""
    known = register_of(folder, district)
    before, after = (
        survey.check(
            survey.read(folder / version / district / f"{district}-all.geojson"),
            profile=PROFILE,
            register=known,
        )
        for version in ("defects", "fixed")
    )
    compared = report.layer(after, before=report.layer(before))
    gone = compared[(compared["state"] == "closed") & (compared["severity"] != "note")]
    return Counter(gone["rule"])


REPAIRED = {
    "changping": {"register/name": 4, "register/missing-unit": 1, "tiling/duplicate-code": 1},
    "chaoyang": {"register/name": 20, "register/missing-unit": 1, "tiling/duplicate-code": 1},
    "daxing": {"register/code": 5},
    "fengtai": {},
    "haidian": {
        "fields/missing-column": 1,
        "register/missing-unit": 7,
        "tiling/gap": 2,
        "tiling/overlap": 4,
    },
    "miyun": {"register/name": 1},
    "shijingshan": {"fields/missing-column": 1},
    "shunyi": {"register/name": 7, "tiling/overlap": 2},
}


@pytest.mark.real_data
@pytest.mark.parametrize("district", REPAIRED)
def test_the_check_finds_what_the_later_version_repaired(real_data: Path, district: str) -> None:
    assert closed(real_data / "beijing-townships", district) == REPAIRED[district]

"""Names searched, spelled, mended: what each command leaves in the demo."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd

from gazetteer.store import County
from tests.test_cli.asking import COUNTY, run, told, truth


def look_at_search(demo: Path) -> None:
    asked = [each for each in truth(demo)["searches"] if each["matching"] <= 10]
    queries = demo / "queries.txt"
    queries.write_text("\n".join(each["query"] for each in asked), encoding="utf-8")
    lines = run("names", "search", demo / COUNTY, "--batch", queries).output.splitlines()
    assert len(lines) == len(asked) > 300
    for each, line in zip(asked, lines, strict=True):
        hits = json.loads(line)["hits"]
        assert each["expected"] in {hit["name"] for hit in hits}, each


def look_at_at(demo: Path) -> None:
    found = told("names", "at", demo / COUNTY, "112.5006,29.7240")
    assert [each["level"] for each in found["divisions"]] == ["county", "township", "village"]
    assert found["divisions"][0]["code"] == "429921"


def look_at_romanize(demo: Path) -> None:
    found = told("names", "romanize", demo / COUNTY, "楚溪县")
    assert found[0]["romanization"] == truth(demo)["county"]["romanization"]


def look_at_repairs(demo: Path) -> None:
    with County(demo / COUNTY) as opened:
        name = str(opened.layer("divisions")["name"].iloc[-1])
    table = demo / "脏字.csv"
    table.write_text(f"行政区划代码,名称\n429921001299,南砦{name}\n", encoding="utf-8")
    assert told("import", "divisions", demo / COUNTY, table)["landed"] == 1
    listed = told("names", "repairs", demo / COUNTY, "--out", demo / "脏字.xlsx")
    wanted = [each for each in listed["names"] if each["name"] == f"南砦{name}"]
    assert wanted[0]["after"] == f"南寨{name}" and wanted[0]["kinds"] == ["variant"]
    done = told("names", "repairs", demo / COUNTY, "--accept", "--kind", "variant")
    assert done["repaired"] >= 1
    assert not [each for each in done["names"] if each["kinds"] == ["variant"]]
    (made,) = told("names", "repairs", "茶?村")
    assert made["doubts"] == [{"kind": "placeholder", "part": "?", "candidates": []}]
    assert run("names", "repairs", "--accept").exit_code == 2


def look_at_duplicates(demo: Path) -> None:
    assert told("names", "duplicates", demo / COUNTY)["proposals"] == []
    hit = told("names", "search", demo / COUNTY, "雷家湖")["hits"][0]["id"]
    with County(demo / COUNTY) as opened:
        places = gpd.GeoDataFrame(opened.layer("places")).set_index("id")
    lon, lat = places.loc[hit].geometry.coords[0][:2]
    again = demo / "重复.csv"
    again.write_text(f"名称,经度,纬度\n雷家湖,{lon + 0.0005},{lat}\n", encoding="utf-8")
    told("import", "names", demo / COUNTY, again, "--crs", "EPSG:4490")
    (found,) = told("names", "duplicates", demo / COUNTY)["proposals"]
    assert found["kept"] == hit and found["kept_name"] == found["dropped_name"] == "雷家湖"
    done = told("names", "duplicates", demo / COUNTY, "--accept", found["key"])
    assert (done["merged"], done["proposals"]) == (1, [])
    assert run("names", "duplicates", demo / COUNTY, "--accept", "nothing").exit_code == 2


LOOKS = {
    "names duplicates": look_at_duplicates,
    "names repairs": look_at_repairs,
    "names search": look_at_search,
    "names at": look_at_at,
    "names romanize": look_at_romanize,
}

"""泰兴市 from an office's files through a county file to reports: time of each step, and figures.

Run: ``python -m benchmarks.facilities_county OUT``; people and facilities are made by the recipe of
the recipe of the tests (示例数据), as are the seats of villages that have none; everything else is
real: divisions and outline (GCJ-02), road tables. Prints one JSON object, times in seconds of
the processor; OUT gets the county file and the reports.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from facilities import answers, sources
from facilities.status import status
from gazetteer import exchange, store
from gazetteer.common.offsets import gcj02_to_wgs84, wgs84_to_gcj02
from gazetteer.importing import bring_in
from gazetteer.store import County
from maps import facilities as drawn
from tests.test_facilities.example import example_facilities, example_population, spread_seats

DATA = Path(os.environ.get("GAZETTEER_REAL_DATA", "../shared/data"))
CODE = "321283"
NAMES = {"code": "区划代码", "name": "名称", "level": "级别", "parent": "上级代码"}
LEVELS = {"county": "县级", "town": "乡级", "village": "村级"}
CARE = ("home-care-station", "comprehensive-elderly-centre", "day-care-centre")


def files(out: Path) -> dict[str, Path]:
    """Write divisions and outline as an office would have them, seats spread by the recipe."""
    table = pd.read_csv(DATA / "pilot-areas" / "places_gcj02_2016.tsv", sep="\t", dtype=str)
    table = table[table["code"].str.startswith(CODE)].reset_index(drop=True)
    lon, lat = gcj02_to_wgs84(table["lon_gcj02"].astype(float), table["lat_gcj02"].astype(float))
    plain = {"level": table["level"].replace("town", "township"), "parent_code": table["parent"]}
    spread = spread_seats(table.assign(**plain, seat_lon=lon, seat_lat=lat))
    seats = wgs84_to_gcj02(spread["seat_lon"].to_numpy(), spread["seat_lat"].to_numpy())
    table = table.assign(level=table["level"].map(LEVELS), 驻地经度=seats[0], 驻地纬度=seats[1])
    table = table.rename(columns=NAMES)
    columns = [*NAMES.values(), "驻地经度", "驻地纬度"]
    table[columns].to_csv(out / "区划.csv", index=False)
    lines = (DATA / "pilot-areas" / "counties_gcj02_2017.geojsonl").read_text("utf-8").splitlines()
    outline = [row for row in map(json.loads, lines) if row["properties"]["code"] == CODE]
    told = json.dumps({"type": "FeatureCollection", "features": outline}, ensure_ascii=False)
    (out / "县界.geojson").write_text(told, encoding="utf-8")
    return {"divisions": out / "区划.csv", "boundaries": out / "县界.geojson"}


def example_files(out: Path, county: Path) -> dict[str, Path]:
    """Write people and facilities made by the recipe, as an office's files."""
    with County(county) as opened:
        divisions = pd.DataFrame(opened.layer("divisions").drop(columns="geometry"))
    people = example_population(divisions)
    people = people.assign(age_group=people["age_group"].replace("all", "全部"))
    people.to_csv(out / "示例人口.csv", index=False)
    sites = example_facilities(divisions)
    placed = sites[sites.geometry.notna()]
    lon, lat = wgs84_to_gcj02(placed.geometry.x.to_numpy(), placed.geometry.y.to_numpy())
    told = [json.loads(text) for text in placed["attributes"]]
    table = pd.DataFrame(placed.drop(columns=["geometry", "attributes", "id"])).assign(
        lon=lon,
        lat=lat,
        护理型床位数=[row.get("nursing_beds") for row in told],
        占地面积=[row.get("land_m2") for row in told],
        绿化率=[row.get("green_percent") for row in told],
    )
    table.to_csv(out / "示例设施.csv", index=False)
    return {"population": out / "示例人口.csv", "facilities": out / "示例设施.csv"}


def taixing(out: Path) -> dict[str, Any]:
    """Bring 泰兴市 in and answer the planner's questions; return times and figures."""
    out.mkdir(parents=True, exist_ok=True)
    county = out / "泰兴市.gpkg"
    county.unlink(missing_ok=True)
    told: dict[str, Any] = {}

    def timed(name: str, call: Callable[[], Any]) -> Any:
        start = time.process_time()
        found = call()
        told[f"{name}_s"] = round(time.process_time() - start, 2)
        return found

    store.create(county, division_code=CODE, name="泰兴市", actor="benchmark")
    told["landed"] = {}
    for kind, path in files(out).items():
        told["landed"] |= timed(f"import_{kind}", lambda k=kind, p=path: _import(county, k, p))
    for kind, path in example_files(out, county).items():
        told["landed"] |= timed(f"import_{kind}", lambda k=kind, p=path: _import(county, k, p))
    folder = DATA / "roads-taixing"
    roads = sources.Roads(
        path=folder / "data_link.csv", nodes=folder / "data_node.csv", crs="EPSG:4326",
        not_on_foot=("1",),
    )  # fmt: skip
    loaded = timed("load", lambda: sources.county(county, as_of="2025-12-31", roads=roads))
    plan = sources.plan("example", code=CODE)
    found = timed("status", lambda: status(loaded.frames, plan, outline=loaded.outline))
    timed("status_report", lambda: drawn.hand_on_status(found, out, loaded=loaded))
    asked = answers.Asked(words=CARE, base="registered", age="60+")
    served = timed("reach", lambda: answers.served(loaded, asked))
    wanted = answers.Wanted(share=0.8, seconds=20)
    sited = timed("site", lambda: answers.sited(loaded, asked, wanted))
    timed(
        "site_report",
        lambda: drawn.hand_on_site(sited.placement, sited.report, out, loaded=loaded),
    )
    siting = sited.placement.siting
    reach = served.report.reach
    told["end_to_end_s"] = round(told["load_s"] + told["status_s"] + told["status_report_s"], 2)
    told["figures"] = {
        "network": list(loaded.frames.network.size) if loaded.frames.network else None,
        "example": loaded.example,
        "verdicts": {row.indicator.id: [row.measured.value, row.met] for row in found.rows},
        "people": reach.people, "served": reach.served,
        "new_sites_for_80_percent": len(siting.chosen), "gap": siting.gap,
    }  # fmt: skip
    return told


def _import(county: Path, kind: str, path: Path) -> dict[str, Any]:
    crs = "EPSG:4490" if kind == "population" else "gcj02"
    with County(county, writing=True) as opened:
        found = bring_in(opened, exchange.read(path, kind, crs=crs), kind, command=f"import {kind}")
    return {kind: [found.read, found.landed, found.rejected]}


if __name__ == "__main__":
    answer = taixing(Path(sys.argv[1]))
    answer |= {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    print(json.dumps(answer, ensure_ascii=False, indent=1))

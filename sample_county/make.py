"""Make the raw files of the sample county and the truth about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import shapely

from sample_county import (
    applications,
    bordered,
    inspection,
    judged,
    knowledge,
    layers,
    planned,
    planting,
    plates,
    sheets,
    sited,
    waters,
    world,
)
from sample_county.delivery import make_delivery
from sample_county.geodesy import degrees, geodesic_area, geodesic_length, lonlat
from sample_county.model import COUNTY, CRS, World
from sample_county.truth import Truth

DELIVERY = "raw/delivery"
Progress = Callable[[str], None]
FILES = {
    "divisions": "raw/行政区划名录.xlsx",
    "names": "raw/地名目录.xlsx",
    "population": "raw/人口统计.xlsx",
    "streets": "raw/城镇街道.csv",
    "facilities": "raw/民政设施.csv",
    "townships": "raw/乡镇界.shp",
    "villages": "raw/村界.shp",
    "outline": "raw/县界.shp",
    "lines": "raw/界线.shp",
    "roads": "raw/道路水系.gpkg",
    "water": waters.PATH,
}


def make(folder: Path, *, seed: int = 421, progress: Progress | None = None) -> Truth:
    """Write the raw files of the sample county to a folder, and the truth to ``truth.json``.

    Parameters
    ----------
    folder
        Made if absent; files of an earlier run are replaced, others are left alone.
    seed
        The same seed writes the same files, byte for byte.
    progress
        Called with one sentence at each step.

    Returns
    -------
    Truth
        What is true in the county, with every planted defect.
    """
    say = progress or (lambda _: None)
    say("draws the county")
    county = world.build(seed)
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    for path in FILES.values():
        (folder / path).unlink(missing_ok=True)
    truth = Truth(seed, county=_county(county))
    say("writes maps")
    _maps(county, folder, truth)
    say("writes tables")
    _tables(county, folder, truth)
    say("delivers the survey")
    delivered = make_delivery(folder / DELIVERY, county=county)
    truth.delivery = {"path": DELIVERY, **asdict(delivered)}
    truth.applications = applications.write(county, folder)
    truth.proposals = applications.proposals(county)
    truth.signs = plates.write(county, folder, seed=seed)
    truth.planned = planned.write(county, folder)
    truth.judged = judged.write(county, folder)
    truth.bordered = bordered.write(county, folder)
    truth.sited = sited.write(county, folder)
    truth.waters = waters.write(county, folder)
    note = "layers 水系面, 水系线, 水系杂 (what has no place in a layer of waters)"
    rows, rejected = sum(truth.waters["layers"].values()), truth.waters["rejected"]
    _file(truth, "water", rows, rejected=rejected, crs="EPSG:4490", note=note)
    say("inspects a line")
    truth.inspection = inspection.write(county, folder, seed=seed)
    say("writes down the truth")
    _knowledge(county, truth)
    truth.write(folder / "truth.json")
    return truth


def _county(county: World) -> dict[str, Any]:
    box = degrees(county.outline).bounds
    return {
        "code": COUNTY[0],
        "name": COUNTY[1],
        "romanization": COUNTY[2],
        "plane_m2": county.outline.area,
        "geodesic_m2": geodesic_area(county.outline),
        "bounds": [round(value, 6) for value in box],
    }


def _maps(county: World, folder: Path, truth: Truth) -> None:
    shapes, flaws = planting.plant(county)
    layers.townships(county, folder / FILES["townships"], shapes)
    layers.villages(county, folder / FILES["villages"])
    layers.outline(county, folder / FILES["outline"], code=COUNTY[0], name=COUNTY[1])
    layers.lines(county, folder / FILES["lines"])
    layers.roads(county, folder / FILES["roads"])
    truth.tiling = [_flaw(flaw) for flaw in flaws]
    gbk = {"encoding": "GBK"}
    _file(truth, "townships", len(county.townships), crs=CRS, **gbk, note="no .cpg, no language id")
    _file(truth, "villages", len(county.villages), crs="EPSG:4490", **gbk, note="without flaws")
    _file(truth, "outline", 1, crs=CRS, **gbk)
    _file(truth, "lines", len(county.lines), crs=CRS, **gbk)
    _file(truth, "roads", len(county.roads), crs="EPSG:4490", note="layers 道路, 河流 and 建成区")


def _tables(county: World, folder: Path, truth: Truth) -> None:
    planted = {
        "divisions": sheets.divisions(county, folder / FILES["divisions"]),
        "names": sheets.catalogue(county, folder / FILES["names"]),
        "facilities": sheets.facilities(county, folder / FILES["facilities"]),
        "population": sheets.people(county, folder / FILES["population"]),
    }
    sheets.streets(county, folder / FILES["streets"])
    truth.rows = [{"file": key} | row for key, rows in planted.items() for row in rows]
    good = {
        "divisions": 2 + len(county.townships) + len(county.villages),
        "names": len(county.places),
        "facilities": len(county.facilities),
        "population": len(county.people),
    }
    for key, count in good.items():
        _file(truth, key, count + len(planted[key]), rejected=_rejected(planted[key]))
    truth.files["facilities"] |= {"crs": "gcj02", "encoding": "utf-8-sig"}
    truth.files["names"]["crs"] = "EPSG:4490"
    _file(truth, "streets", len(county.streets), crs="EPSG:4490", encoding="gb18030")


def _rejected(rows: list[dict[str, Any]]) -> int:
    return sum(row["expected"] == "reject" for row in rows)


def _file(truth: Truth, key: str, rows: int, **more: Any) -> None:
    truth.files[key] = {"path": FILES[key], "rows": rows, "rejected": 0} | more


def _knowledge(county: World, truth: Truth) -> None:
    truth.areas = {
        unit.code: {
            "name": unit.name.text,
            "plane_m2": unit.shape.area,
            "geodesic_m2": geodesic_area(unit.shape),
        }
        for unit in (*county.townships, *county.villages)
    }
    truth.lines = {
        line.code: {
            "name": line.name,
            "left": line.left,
            "right": line.right,
            "plane_m": line.shape.length,
            "geodesic_m": geodesic_length(line.shape),
        }
        for line in county.lines
    }
    known = knowledge.entries(county, sheets.FORMER_TOWNS)
    truth.readings = knowledge.readings(county, known)
    truth.twins, truth.homophones = knowledge.twins(county), knowledge.homophones(county)
    truth.rare = [
        {"name": row["value"], "key": row["key"]}
        for row in truth.rows
        if row["kind"] == "rare-character"
    ]
    truth.searches = knowledge.searches(known)


def _flaw(flaw: planting.Flaw) -> dict[str, Any]:
    at = shapely.point_on_surface(flaw.face)
    lon, lat = lonlat((at.x, at.y))
    return {
        "id": flaw.id,
        "kind": flaw.kind,
        "units": list(flaw.units),
        "shift_m": flaw.shift_m,
        "area_m2": flaw.face.area,
        "x": round(at.x, 3),
        "y": round(at.y, 3),
        "lon": lon,
        "lat": lat,
        "wkt": shapely.to_wkt(flaw.face, rounding_precision=3),
    }

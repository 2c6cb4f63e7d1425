"""`survey check` on the sample county's delivery, and on as many copies of it side by side.

    python -m benchmarks.survey [--copies 1 4 12] [--top 0]

Copies lie 60 km north of one another under other codes, so that a check whose time grows faster
than the survey shows. Processor time of the check alone; `--top N` adds the N dearest functions.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from boundaries import survey
from boundaries.survey.delivery import Delivery
from sample_county import world
from sample_county.delivery import make_delivery

STEP_M, CODE, METRES = 60_000, "429921", "EPSG:4546"


def coded(told: Any, turn: int) -> Any:
    return told.replace(CODE, f"4299{21 + turn}") if isinstance(told, str) else told


def rows(frame: pd.DataFrame, turn: int) -> pd.DataFrame:
    table = frame.copy()
    for name in table.columns.drop("geometry", errors="ignore"):
        if not pd.api.types.is_numeric_dtype(table[name]):
            table[name] = table[name].map(lambda told: coded(told, turn))
    if "north_m" in table:
        table["north_m"] = table["north_m"] + STEP_M * turn
    return table


def moved(frame: gpd.GeoDataFrame, turn: int) -> gpd.GeoDataFrame:
    there = rows(frame, turn).to_crs(METRES)
    return there.set_geometry(there.translate(0, STEP_M * turn)).to_crs(frame.crs)


def north(place: tuple[float, float] | None, turn: int) -> tuple[float, float] | None:
    if place is None:
        return None
    spot = gpd.GeoSeries([shapely.Point(place)], crs="EPSG:4490").to_crs(METRES)
    there = spot.translate(0, STEP_M * turn).to_crs("EPSG:4490").iloc[0]
    return there.x, there.y


def copies(one: Delivery, count: int) -> Delivery:
    turns = range(count)
    return replace(
        one,
        layers={
            role: pd.concat([moved(frame, turn) for turn in turns], ignore_index=True)
            for role, frame in one.layers.items()
        },
        tables={
            role: pd.concat([rows(frame, turn) for turn in turns], ignore_index=True)
            for role, frame in one.tables.items()
        },
        descriptions={
            coded(line, turn): coded(text, turn)
            for turn in turns
            for line, text in one.descriptions.items()
        },
        photos=tuple(
            replace(each, file=coded(each.file, turn), place=north(each.place, turn))
            for turn in turns
            for each in one.photos
        ),
    )


def register_of(county: Any) -> gpd.GeoDataFrame:
    towns = county.townships
    table = {"code": [t.code for t in towns], "name": [t.name.text for t in towns]}
    shapes = [shapely.MultiPolygon([town.shape]) for town in towns]
    frame = gpd.GeoDataFrame(
        {**table, "level": "township", "parent_code": CODE}, geometry=shapes, crs=METRES
    )
    return frame.to_crs("EPSG:4490")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 4, 12])
    parser.add_argument("--top", type=int, default=0)
    given = parser.parse_args()
    county = world.build(421)
    with tempfile.TemporaryDirectory() as folder:
        make_delivery(Path(folder), defects=(), county=county)
        own, other = (survey.read(Path(folder) / side) for side in ("own", "other-side"))
    profile = survey.shipped("township-10000").confirm(by="楚溪县民政局", on="2025-09-01")
    register = register_of(county)
    for count in given.copies:
        asked = {
            "profile": profile, "other_side": copies(other, count),
            "register": pd.concat([moved(register, n) for n in range(count)], ignore_index=True),
        }  # fmt: skip
        whole, watch = copies(own, count), cProfile.Profile()
        start = time.process_time()
        found = survey.check(whole, **asked)
        used = time.process_time() - start
        told = {"copies": count, "lines": len(whole.layer("lines")), "findings": len(found)}
        print(json.dumps({**told, "cpu_s": round(used, 2)}))

        if given.top:
            watch.runcall(survey.check, whole, **asked)
            pstats.Stats(watch).sort_stats("cumtime").print_stats(given.top)


if __name__ == "__main__":
    main()

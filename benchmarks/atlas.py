"""Size and opening time of an atlas of 3,000 polygons and 100,000 names, beside plain folium.

Run: ``python -m benchmarks.atlas [--names 100000]``; prints one JSON object. Plain folium gets the
same polygons (with a tooltip) and no names; its page needs the network, so that only its making
and its size can be told here.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd

import maps
from maps.atlas.contents import unpacked
from tests.test_maps.browser import DESK, Opened, chromium

DATA = Path(os.environ.get("GAZETTEER_REAL_DATA", "../shared/data"))
SEED = 4490


def polygons() -> gpd.GeoDataFrame:
    """Return 3,000 towns (566,527 vertices); every third came in 2001, its forerunner before."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c3k.gpkg"
        path.write_bytes(lzma.decompress((DATA / "tiling-c3k" / "c3k.gpkg.xz").read_bytes()))
        towns = gpd.read_file(path)
    frame = gpd.GeoDataFrame(
        {
            "code": [f"4210{at:08d}" for at in range(len(towns))],
            "name": [f"第{at}镇" for at in range(len(towns))],
            "level": "township",
            "valid_from": ["2001-05-01" if at % 3 == 0 else None for at in range(len(towns))],
            "valid_to": ["2015-01-01" if at % 3 == 1 else None for at in range(len(towns))],
        },
        geometry=towns.geometry.values,
        crs=towns.crs,
    )
    return frame.to_crs(4490)


def names(count: int, box: tuple[float, float, float, float]) -> pd.DataFrame:
    """Return real village names at random places, a tenth of them former."""
    with lzma.open(DATA / "villages" / "nbs_2018.tsv.xz", "rt", encoding="utf-8") as lines:
        split = [line.rstrip("\n").split("\t") for line in lines]
    rows = [row for row in split if len(row[0]) == 12]
    rows = (rows * (count // len(rows) + 1))[:count]
    random = np.random.default_rng(SEED)
    former = random.random(count) < 0.1
    return pd.DataFrame(
        {
            "id": [f"n{at}" for at in range(count)],
            "text": [row[1] for row in rows],
            "division_code": [row[0][:9] for row in rows],
            "role": np.where(former, "former", "standard"),
            "valid_to": np.where(former, "1984-01-01", None),
            "lon": random.uniform(box[0], box[2], count).round(6),
            "lat": random.uniform(box[1], box[3], count).round(6),
        }
    )


def opening(path: Path) -> dict[str, Any]:
    """Return milliseconds in the browser: until ready, a search, a step of the slider, a zoom."""
    with chromium() as browser:
        page = Opened(browser, path, DESK).page
        timed = """async act => { const start = performance.now(); act();
            await new Promise(requestAnimationFrame); return performance.now() - start; }"""
        return {
            "ready_ms": int(page.evaluate("Number(document.documentElement.dataset.ready)")),
            "index_and_search_ms": page.evaluate(
                """() => { const start = performance.now();
                window.index = Atlas.searchIndex(atlas.state.layers);
                Atlas.search(window.index, 'shanjia'); return performance.now() - start; }"""
            ),
            "search_ms": page.evaluate(
                """() => { const start = performance.now(); const n = 20;
                const asked = ['李家', 'wjz', 'zhang'];
                for (let i = 0; i < n; i += 1) Atlas.search(window.index, asked[i % 3]);
                return (performance.now() - start) / n; }"""
            ),
            "slider_ms": page.evaluate(f"({timed})(() => atlas.setDay(700000))"),
            "zoom_ms": page.evaluate(
                f"({timed})(() => atlas.map.setZoom(atlas.map.getZoom() + 2, {{animate: false}}))"
            ),
        }


def plain_folium(towns: gpd.GeoDataFrame, folder: Path) -> dict[str, Any]:
    """Return what folium needs for the same polygons."""
    start = time.perf_counter()
    page = folium.Map(location=[30, 114], tiles=None)
    folium.GeoJson(towns, tooltip=folium.GeoJsonTooltip(["name"])).add_to(page)
    target = folder / "folium.html"
    page.save(target)
    return {"make_s": time.perf_counter() - start, "mb": target.stat().st_size / 1e6}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=100_000)
    count = parser.parse_args().names
    towns = polygons()
    told = names(count, tuple(towns.total_bounds))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.perf_counter()
        made = maps.atlas({"divisions": towns}, title="三千镇", names=told)
        spent = time.perf_counter() - start
        path = made.save(folder / "atlas.html")
        block = re.search(r'id="atlas-contents">([^<]*)<', made.html)
        document = unpacked(block[1] if block else "")
        plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        figures = {
            "polygons": len(towns),
            "names": count,
            "atlas": {
                "make_s": spent, "mb": path.stat().st_size / 1e6, "unpacked_mb": len(plain) / 1e6,
                **opening(path),
            },
            "folium": plain_folium(towns, folder),
        }  # fmt: skip
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()

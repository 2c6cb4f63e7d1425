"""The tiling check beside mapshaper, shapely's coverage functions and PostGIS, in one run.

    .venv/bin/python -m benchmarks.tiling 40000
    .venv/bin/python -m benchmarks.tiling 3000 --apart --only ours --only mapshaper

Each program reads the same shapefile in a process of its own; wall time, processor time and peak
memory are those of the whole process (for PostGIS: of the statement, after loading). mapshaper is
installed with npm under .bench/ (ignored by git); PostGIS is used where `initdb` and the extension
are there. What each finds is held against the truth of the recipe.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.towns import towns

BENCH = Path(__file__).resolve().parent.parent / ".bench"
WIDTHS_M = (0.01, 0.05, 0.5, 1, 5, 10, 50, 100, 500, 1000, 10_000)


def ours(path: Path, truth: list[dict[str, Any]]) -> dict[str, Any]:
    """Every defect, by the package."""
    from boundaries.tiling import Checker

    start, busy = time.perf_counter(), time.process_time()
    units = gpd.read_file(path)
    read = time.perf_counter()
    checker = Checker(units)
    findings = checker.findings()
    done, busy = time.perf_counter(), time.process_time() - busy
    again = checker.recheck(units.iloc[[len(units) // 2]])
    recheck = time.perf_counter() - done
    same = [each.id for each in again.findings()] == [each.id for each in findings]
    told = {(each.details["kind"], *each.details["units"]): each for each in findings}
    errors = [
        abs(told[row["kind"], *row["units"]].measured / row["area_m2"] - 1)
        for row in truth
        if (row["kind"], *row["units"]) in told
    ]
    missed = {}
    for width in WIDTHS_M:
        now = {
            (each.details["kind"], *each.details["units"])
            for each in checker.findings(width_m=width)
        }
        wanted = [row for row in truth if row["width_m"] <= width]
        missed[width] = sum((row["kind"], *row["units"]) not in now for row in wanted)
    return {
        "read_s": read - start,
        "check_s": done - read,
        "read_and_check_processor_s": busy,
        "recheck_s": recheck,
        "recheck_same": same,
        "found": len(findings),
        "true": len(errors),
        "of": len(truth),
        "largest_area_error": max(errors, default=0.0),
        "missed_by_width": missed,
    }


def lines(path: Path, truth: list[dict[str, Any]]) -> dict[str, Any]:
    """Shared lines, and polygons again."""
    from boundaries.lines import extract, rebuild

    units = gpd.read_file(path)
    start = time.perf_counter()
    network = extract(units)
    extracted = time.perf_counter()
    again = rebuild(network)
    done = time.perf_counter()
    pair = [shapely.normalize(each.geometry.to_numpy()) for each in (units, again)]
    return {
        "extract_s": extracted - start,
        "rebuild_s": done - extracted,
        "lines": len(network.lines),
        "tri_points": int(network.nodes["tri_point"].sum()),
        "equal": int(shapely.equals_exact(*pair, 0.0).sum()),
        "of": len(units),
    }


def coverage(path: Path, truth: list[dict[str, Any]]) -> dict[str, Any]:
    """Invalid edges by GEOS at several gap widths: how many of the gaps have one at their place."""
    shapes = gpd.read_file(path).geometry.to_numpy()
    told: dict[str, Any] = {}
    for width in (0, 10, 100, 500):
        start = time.perf_counter()
        edges = shapely.coverage_invalid_edges(shapes, gap_width=width)
        seconds = time.perf_counter() - start
        tree = shapely.STRtree(edges[~shapely.is_empty(edges)])
        hits = {
            kind: sum(
                len(tree.query(shapely.Point(row["x"], row["y"]), "dwithin", row["width_m"] + 0.1))
                > 0
                for row in truth
                if row["kind"] == kind
            )
            for kind in ("gap", "overlap")
        }
        told[f"gap_width={width}"] = {"seconds": seconds, **hits}
    return told


def joined(path: Path, truth: list[dict[str, Any]]) -> dict[str, Any]:
    """Overlaps by a spatial self-join, gaps as holes of the union, with shapely."""
    start = time.perf_counter()
    shapes = gpd.read_file(path).geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    half = one < other
    overlaps = int(
        (shapely.area(shapely.intersection(shapes[one[half]], shapes[other[half]])) > 0).sum()
    )
    holes = sum(len(part.interiors) for part in shapely.get_parts(shapely.union_all(shapes)))
    return {"seconds": time.perf_counter() - start, "overlap": overlaps, "gap": holes}


def mapshaper(path: Path, truth: list[dict[str, Any]]) -> dict[str, Any]:
    """The -clean command of mapshaper, which repairs and lists nothing."""
    program = BENCH / "node_modules" / ".bin" / "mapshaper"
    if not program.exists():
        subprocess.run(["npm", "install", "--prefix", BENCH, "mapshaper"], check=True, stdout=2)
    out = path.with_name("cleaned.shp")
    start = time.perf_counter()
    subprocess.run([program, path, "-clean", "-o", out], check=True, capture_output=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": time.perf_counter() - start,
        "processor_s": used.ru_utime + used.ru_stime,
        "peak_gb": used.ru_maxrss * 1024 / 1e9,
    }


def postgis(path: Path, truth: list[dict[str, Any]]) -> dict[str, Any]:
    """Overlaps by self-join and gaps as holes of the union, in a throw-away cluster."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not binaries or shutil.which("runuser") is None or os.getuid() != 0:
        return {"absent": "apt install postgresql-postgis, and run as root"}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        return _in_cluster(binaries[-1].parent, Path(folder), path)


def _in_cluster(programs: Path, folder: Path, path: Path) -> dict[str, Any]:
    def run(*command: str | Path, text: str | None = None) -> str:
        told = ["runuser", "-u", "postgres", "--", *map(str, command)]
        done = subprocess.run(told, input=text, capture_output=True, encoding="utf-8", check=True)
        return done.stdout

    data, socket = folder / "data", str(folder)
    run(programs / "initdb", "-D", data, "-A", "trust")
    run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o",
        f"-c listen_addresses='' -k {socket} -c shared_buffers=256MB", "start")  # fmt: skip
    try:
        query = (programs / "psql", "-h", socket, "-d", "postgres", "-qAt")
        run(*query, text="CREATE EXTENSION postgis; CREATE TABLE t (id int, g geometry);")
        shapes = gpd.read_file(path).geometry.to_wkb(hex=True)
        rows = "".join(f"{place}\t{shape}\n" for place, shape in enumerate(shapes))
        run(
            *query,
            text=f"COPY t FROM STDIN;\n{rows}\\.\nCREATE INDEX ON t USING gist (g); ANALYZE t;",
        )
        told: dict[str, Any] = {
            "version": run(*query, "-c", "SELECT postgis_lib_version()").strip()
        }
        statements = {
            "overlap": "SELECT count(*) FROM t a JOIN t b ON a.id < b.id AND a.g && b.g "
            "AND ST_Overlaps(a.g, b.g)",
            "gap": "SELECT sum(ST_NumInteriorRings(g)) FROM "
            "(SELECT (ST_Dump(ST_Union(g))).geom AS g FROM t) u",
        }
        for kind, statement in statements.items():
            start = time.perf_counter()
            told[kind] = int(run(*query, "-c", statement).strip())
            told[f"{kind}_s"] = time.perf_counter() - start
        return told
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "fast", "stop")


MEASURED = {each.__name__: each for each in (ours, mapshaper, lines, coverage, joined, postgis)}


def apart(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return units each of which draws its lines for itself, by some metres beside its neighbours.

    As layers do that were put together from the drawings of many offices.
    """
    chance = np.random.default_rng(11)
    shapes = shapely.segmentize(units.geometry.to_numpy(), 150.0)
    moved = each_by_itself(shapes, lambda size: chance.normal(0, 2.0, size), decimals=3)
    return units.set_geometry(gpd.GeoSeries(moved, crs=units.crs))


def each_by_itself(
    shapes: np.ndarray, noise: Callable[[tuple[int, ...]], np.ndarray], *, decimals: int
) -> np.ndarray:
    """Return shapes each of which has moved its corners by noise of its own."""
    moved = shapes.copy()
    for place, shape in enumerate(shapes):
        corner, same = np.unique(shapely.get_coordinates(shape), axis=0, return_inverse=True)
        drawn = np.round(corner + noise(corner.shape), decimals)
        moved[place] = shapely.set_coordinates(shape, drawn[same.ravel()])
    return moved


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=40_000)
    parser.add_argument("--only", choices=MEASURED, action="append")
    parser.add_argument("--apart", action="store_true", help="each unit drawn for itself")
    parser.add_argument("--as-child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    folder = BENCH / f"towns-{given.count}{'-apart' * given.apart}"
    path = folder / "towns.shp"
    if given.as_child:
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
        json.dump(MEASURED[given.as_child](path, truth), sys.stdout, default=float)
        return
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = towns(given.count)
        units = apart(made.units) if given.apart else made.units
        units.to_file(path, engine="pyogrio", encoding="utf-8")
        (folder / "truth.json").write_text(json.dumps([] if given.apart else made.truth), "utf-8")
    vertices = int(np.sum(shapely.get_num_coordinates(gpd.read_file(path).geometry.to_numpy())))
    print(f"{given.count} towns, {vertices:,} vertices, load {os.getloadavg()[0]:.1f}")
    for name in given.only or MEASURED:
        _measure(name, [str(given.count), *(["--apart"] if given.apart else [])])


def _measure(name: str, layer: list[str]) -> None:
    """Run one program in a process of its own and print what it took."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    child = [sys.executable, "-m", "benchmarks.tiling", *layer, "--as-child", name]
    measured = ["/usr/bin/time", "-f", "%M", *child] if Path("/usr/bin/time").exists() else child
    done = subprocess.run(measured, capture_output=True, encoding="utf-8", check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = time.perf_counter() - start
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        print(f"{name}: failed\n{done.stderr[-2000:]}")
        return
    peak = done.stderr.split()[-1] if measured is not child else after.ru_maxrss
    told = json.dumps(json.loads(done.stdout), ensure_ascii=False)
    print(f"{name}: wall {wall:.1f} s, processor {processor:.1f} s, peak {int(peak) / 1e6:.2f} GB")
    print(f"    {told}", flush=True)


if __name__ == "__main__":
    main()

"""Time of walking and siting: a network of 1.3 million nodes, a covering model, a whole county.

Run: ``python -m benchmarks.facilities [--nodes 1300000] [--facilities 5000]``; prints one JSON
object. The network is a street grid with streets of random length, one street in seven taken out.
*Bare* is scipy's Dijkstra from all facilities at once over the same matrix: times only, without
asking which facility (``bare_s``), and with it (``bare_with_ids_s``). *Ours* is `nearest`, the
people given to their facility and the load of each facility. The best of ``--turns`` counts.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse.csgraph import dijkstra

from facilities.county import County
from facilities.ground import Ground, distances_m, ground, nearest
from facilities.network import Network, network_from_tables
from facilities.network.snap import Spots, attach
from facilities.plane import CGCS2000, Plane
from facilities.reach import reach
from facilities.report import status_blocks, status_sheets
from facilities.siting import fewest_sites, least_total, most_people
from facilities.status import status
from facilities.targets import shipped_plan
from facilities.two_step import two_step
from facilities.walking import profile
from gazetteer.common.offsets import gcj02_to_wgs84
from gazetteer.documents import word
from tests.test_facilities.example import example_facilities, example_population, spread_seats

DATA = Path(os.environ.get("GAZETTEER_REAL_DATA", "../shared/data"))
SEED = 20251231


def best(turns: int, call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest time of several turns in seconds, and the last result."""
    times, result = [], None
    for _ in range(turns):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
    return round(min(times), 3), result


def streets(nodes: int) -> Network:
    """Return a street grid of about so many nodes, 80 m apart on average."""
    rng = np.random.default_rng(SEED)
    side = round(nodes**0.5)
    x, y = np.meshgrid(np.arange(side) * 80.0, np.arange(side) * 80.0)
    number = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    kept = rng.random(len(tail)) > 1 / 7
    length = 80 * rng.uniform(1, 1.6, len(tail))
    xy = np.column_stack([x.ravel() + 500_000, y.ravel() + 3_500_000])
    return Network(Plane(120.0), xy, tail[kept], head[kept], length[kept])


def on_nodes(network: Network) -> Spots:
    """Put a demand point on every node that has a street."""
    number, edges = network.size
    edge, share = np.full(number, -1), np.zeros(number)
    edge[network.head] = np.arange(edges)
    share[network.head] = 1.0
    edge[network.tail], share[network.tail] = np.arange(edges), 0.0
    return Spots(edge, share, np.zeros(number))


def walking(nodes: int, count: int, turns: int) -> dict[str, Any]:
    """Measure nearest and allocation against bare Dijkstra; every node is a demand point."""
    built, network = best(1, lambda: streets(nodes))
    matrix_s, matrix = best(1, lambda: network.matrix)
    rng = np.random.default_rng(SEED + 1)
    number = network.size[0]
    at = rng.choice(number, count, replace=False)
    people = rng.integers(1, 60, number).astype(float)
    off = np.full((number, 2), np.nan)  # without a position there is no direct way
    where = Ground(profile("elderly"), network, at, off, off[:count], on_nodes(network))

    def ours() -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        tree = nearest(where)
        served = tree.facility >= 0
        load = np.bincount(tree.facility[served], weights=people[served], minlength=count)
        return tree.metres, load

    bare_s, far = best(turns, lambda: dijkstra(matrix, indices=at, min_only=True))
    with_ids_s, _ = best(
        turns, lambda: dijkstra(matrix, indices=at, min_only=True, return_predecessors=True)
    )
    ours_s, (metres, load) = best(turns, ours)
    far = np.where(where.ends[0][:, 0] >= 0, far, np.inf)
    assert np.allclose(metres, far)
    assert load.sum() == people[np.isfinite(far)].sum()
    return {
        "nodes": number, "edges": network.size[1], "facilities": count, "generated_s": built,
        "matrix_s": matrix_s, "bare_s": bare_s, "bare_with_ids_s": with_ids_s, "ours_s": ours_s,
        "ours_over_bare": round(ours_s / bare_s, 2),
        "unreached_nodes": int(np.isinf(far).sum()),
    }  # fmt: skip


def reaching(nodes: int, homes: int, count: int, turns: int) -> dict[str, Any]:
    """Measure the whole `reach` of so many homes beside the bare search of the same network.

    The bare search has its matrix and its nodes given, once those of the roads alone, once with
    every home a node too, as a search that answers for homes needs; `reach` starts from tables of
    points, puts homes and facilities on the roads and gives back the table of who is served.
    """
    network, rng = streets(nodes), np.random.default_rng(SEED + 2)
    matrix, _ = network.matrix, network.segments
    at = rng.choice(network.size[0], count, replace=False)

    def beside(number: int, chosen: npt.NDArray[Any]) -> gpd.GeoDataFrame:
        spots = network.xy_m[chosen] + rng.uniform(-60, 60, (number, 2))
        shapes = network.plane.degrees(shapely.points(spots))
        return gpd.GeoDataFrame({"id": np.arange(number)}, geometry=shapes, crs=CGCS2000)

    demand = beside(homes, rng.choice(network.size[0], homes)).assign(people=3.0)
    sites = beside(count, at)
    bare_s, _ = best(
        turns, lambda: dijkstra(matrix, indices=at, min_only=True, return_predecessors=True)
    )
    every = np.concatenate([sites.geometry.to_numpy(), demand.geometry.to_numpy()])
    held = attach(network, network.plane.metres(every), tolerance_m=500)
    whole, starts = held.network.matrix, held.node[:count]
    homes_s, far = best(
        turns, lambda: dijkstra(whole, indices=starts, min_only=True, return_predecessors=True)
    )
    asked = {"profile": profile("elderly"), "network": network, "minutes": 15}
    ours_s, found = best(turns, lambda: reach(demand, sites, **asked))
    metres = found.frame["metres"].fillna(np.inf)
    assert (metres <= far[0][held.node[count:]] + 0.051).all()  # shorter only by direct ways
    by_road = metres[~found.frame["direct"]]
    assert np.allclose(by_road, far[0][held.node[count:]][by_road.index], atol=0.051)
    return {
        "nodes": network.size[0], "homes": homes, "facilities": count, "bare_roads_s": bare_s,
        "bare_with_homes_s": homes_s, "reach_s": ours_s,
        "reach_over_bare_roads": round(ours_s / bare_s, 2),
        "reach_over_bare_with_homes": round(ours_s / homes_s, 2),
        "served": found.served, "metres": round(float(found.frame["metres"].sum()), 1),
    }  # fmt: skip


def covering(turns: int) -> dict[str, Any]:
    """Measure covering models of 2,000 demand points and 500 candidates to proven optimum."""
    rng = np.random.default_rng(SEED)
    homes, sites = rng.random((2000, 2)) * 20_000, rng.random((500, 2)) * 20_000
    people = rng.integers(1, 400, 2000).astype(float)
    metres = np.hypot(*(homes[:, np.newaxis] - sites).transpose(2, 0, 1))
    told: dict[str, Any] = {}
    for limit in (900, 1500):
        most_s, most = best(turns, lambda m=limit: most_people(people, metres, limit=m, sites=40))
        few_s, few = best(
            turns, lambda m=limit: fewest_sites(people, metres, limit=m, target_share=0.5)
        )
        told[f"{limit}_m"] = {
            "most_people_s": most_s, "gap": most.gap, "people": most.objective,
            "fewest_sites_s": few_s, "fewest_gap": few.gap, "sites": few.objective,
        }  # fmt: skip
    return told


def medians() -> dict[str, Any]:
    """Measure the p-median of 2,000 demand points and 500 candidates, without and with a bound."""
    rng = np.random.default_rng(SEED)
    homes, sites = rng.random((2000, 2)) * 20_000, rng.random((500, 2)) * 20_000
    people = rng.integers(1, 400, 2000).astype(float)
    metres = np.hypot(*(homes[:, np.newaxis] - sites).transpose(2, 0, 1))
    told: dict[str, Any] = {}
    for count in (5, 10, 20, 40, 100):
        start = time.process_time()
        took_s, found = best(1, lambda n=count: least_total(people, metres, limit=1500, sites=n))
        used = round(time.process_time() - start, 2)
        told[f"{count}_sites"] = {"s": took_s, "cpu_s": used, "gap": found.gap}
    return told


def medians_taixing(budgets: range = range(1, 11)) -> dict[str, Any]:
    """Measure the p-median of 泰兴市 beside spopt's exact model over the places with roads."""
    if not DATA.is_dir():
        return {"skipped": f"no real data at {DATA}"}
    import pulp
    from spopt.locate import PMedian

    county = _taixing()
    points, _ = county.people(base="registered", age_group="60+")
    points = points[points.geometry.notna()]
    where = ground(points, points, profile=profile("elderly"), network=county.network)
    metres = distances_m(where)
    main = np.isfinite(metres).sum(axis=1) > 1
    metres, people = metres[np.ix_(main, main)], points["people"].to_numpy(dtype=float)[main]
    told: dict[str, Any] = {"places": len(metres)}
    for sites in budgets:
        ours_s, found = best(1, lambda n=sites: least_total(people, metres, limit=720, sites=n))
        model = PMedian.from_cost_matrix(metres, people, p_facilities=sites)
        theirs_s, solved = best(1, lambda m=model: m.solve(pulp.HiGHS(msg=False)))
        exact = pulp.value(solved.problem.objective)
        told[str(sites)] = {
            "over_exact": round(found.objective / exact - 1, 6), "gap": found.gap,
            "ours_s": ours_s, "spopt_s": theirs_s,
        }  # fmt: skip
    return told


def shared(turns: int) -> dict[str, Any]:
    """Measure two-step floating catchments on four million pairs."""
    rng = np.random.default_rng(SEED)
    cost = rng.uniform(0, 3600, (8000, 500))
    people, beds = rng.integers(1, 400, 8000).astype(float), rng.integers(5, 90, 500).astype(float)
    rings = [(600.0, 1.0), (1200.0, 0.68), (1800.0, 0.22)]
    plain_s, _ = best(turns, lambda: two_step(people, beds, cost, limit=1800))
    rings_s, _ = best(turns, lambda: two_step(people, beds, cost, limit=1800, zones=rings))
    return {"pairs": cost.size, "plain_s": plain_s, "rings_s": rings_s}


def taixing() -> dict[str, Any]:
    """Measure 泰兴市 from its tables to the Word report, with example data (示例数据)."""
    if not DATA.is_dir():
        return {"skipped": f"no real data at {DATA}"}
    start = time.perf_counter()
    county = _taixing()
    read = time.perf_counter()
    found = status(county, shipped_plan("example"))
    judged = time.perf_counter()
    word.write(status_blocks(found, example=True))
    status_sheets(found, example=True)
    stop = time.perf_counter()
    return {
        "read_s": round(read - start, 2), "status_s": round(judged - read, 2),
        "report_s": round(stop - judged, 2), "total_s": round(stop - start, 2),
    }  # fmt: skip


def _taixing() -> County:
    tables = [pd.read_csv(DATA / "roads-taixing" / f"data_{n}.csv") for n in ("node", "link")]
    network, _ = network_from_tables(*tables, crs="EPSG:4326", excluded_types=("1",))
    table = pd.read_csv(DATA / "pilot-areas" / "places_gcj02_2016.tsv", sep="\t", dtype=str)
    table = table[table["code"].str.startswith("321283")]
    lon, lat = gcj02_to_wgs84(table["lon_gcj02"].astype(float), table["lat_gcj02"].astype(float))
    levels = {"county": "county", "town": "township", "village": "village"}
    divisions = spread_seats(pd.DataFrame({
        "code": table["code"], "name": table["name"], "level": table["level"].map(levels),
        "kind": None, "parent_code": table["parent"], "seat_lon": lon, "seat_lat": lat,
    }))  # fmt: skip
    people, sites = example_population(divisions), example_facilities(divisions)
    return County(divisions, sites, people, network=network, as_of="2025-12-31")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_300_000)
    parser.add_argument("--facilities", type=int, default=5_000)
    parser.add_argument("--turns", type=int, default=3)
    asked = parser.parse_args()
    told = {
        "walking": walking(asked.nodes, asked.facilities, asked.turns),
        "reaching": reaching(200_000, 100_000, 500, asked.turns),
        "covering": covering(asked.turns),
        "medians": medians(),
        "medians_taixing": medians_taixing(),
        "shared_supply": shared(asked.turns),
        "taixing": taixing(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()

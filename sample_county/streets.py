"""Roads between villages, streets of the towns, bridges over the river, an expressway over all.

The network is noded: pieces meet only at their ends, but for the expressway (layer 1), which
crosses the roads below it on bridges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay
from shapely import ops

from sample_county.chance import stream
from sample_county.land import Floats, rough
from sample_county.lexicon import SIDES, STREET_TAILS, STREET_WORDS, Word
from sample_county.model import Name, Road, Street, Unit

BRIDGES = 4
BRIDGE_HALF_M = 220.0
EXTRA_SHARE, EXTRA_LONGEST_M = 0.35, 4_500.0
GRID = {"county": (11, 8, 250.0), "quarter": (4, 3, 220.0), "town": (4, 3, 160.0)}


@dataclass(frozen=True)
class Network:
    """Roads, named streets, and the built-up area of each seat (by township code)."""

    roads: tuple[Road, ...]
    streets: tuple[Street, ...]
    built_up: dict[str, shapely.Polygon]


def network(
    seed: int,
    towns: tuple[Unit, ...],
    villages: tuple[Unit, ...],
    outline: shapely.Polygon,
    river: shapely.LineString,
) -> Network:
    """Lay out the roads and streets of the county."""
    rng = stream(seed, "roads")
    grids = [_grid(rng, town, rank) for rank, town in enumerate(towns)]
    built_up = {town.code: grid[0] for town, grid in zip(towns, grids, strict=True)}
    country = _country_roads(rng, towns, villages, outline, river)
    town_area = shapely.union_all(list(built_up.values()))
    outside = [
        (name, kind, bridge, part)
        for name, kind, bridge, line in country
        for part in shapely.get_parts(shapely.difference(line, town_area))
    ]
    streets = _streets(rng, towns, grids)
    inside = [
        (s.name.text, "街道", False, part) for s in streets for part in shapely.get_parts(s.shape)
    ]
    return Network((*_noded(outside + inside), *_expressway(rng, outline)), streets, built_up)


def _grid(
    rng: np.random.Generator, town: Unit, rank: int
) -> tuple[shapely.Polygon, list[shapely.LineString]]:
    """Built-up area of a seat and its street lines, turned by some degrees (m, EPSG:4546)."""
    columns, rows, step = GRID["county" if rank == 0 else "quarter" if rank == 1 else "town"]
    xs = np.cumsum(np.r_[0.0, rng.uniform(0.75, 1.25, columns - 1) * step])
    ys = np.cumsum(np.r_[0.0, rng.uniform(0.75, 1.25, rows - 1) * step])
    turn = np.radians(rng.uniform(-25.0, 25.0))
    # the grid is made level and turned as a whole, so that streets stay parallel
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])

    def place(points: list[tuple[float, float]]) -> Floats:
        centred = np.array(points) - (xs[-1] / 2, ys[-1] / 2)
        placed: Floats = np.round(centred @ spin + town.seat, 3)
        return placed

    lines = [shapely.LineString(place([(x, ys[0]), (x, ys[-1])])) for x in xs]
    lines += [shapely.LineString(place([(xs[0], y), (xs[-1], y)])) for y in ys]
    corners = [(xs[0], ys[0]), (xs[-1], ys[0]), (xs[-1], ys[-1]), (xs[0], ys[-1])]
    return shapely.Polygon(place(corners)), lines


def _streets(
    rng: np.random.Generator,
    towns: tuple[Unit, ...],
    grids: list[tuple[shapely.Polygon, list[shapely.LineString]]],
) -> tuple[Street, ...]:
    """Name each street line; the long ones of the county town are split into east and west."""
    streets: list[Street] = []
    for rank, (town, (_, lines)) in enumerate(zip(towns, grids, strict=True)):
        pool = [STREET_WORDS[int(i)] for i in rng.permutation(len(STREET_WORDS))]
        for number, line in enumerate(lines):
            generic = STREET_TAILS[min(int(rng.exponential(0.9)), 3)]
            parts = [line]
            if rank == 0 and line.length > 2_200.0:
                middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
                start, end = line.coords[0], line.coords[-1]
                parts = [shapely.LineString([start, middle.coords[0]])]
                parts.append(shapely.LineString([middle.coords[0], end]))
            for side, part in zip((SIDES[1], SIDES[0]), parts, strict=False):
                tail = generic if len(parts) == 1 else _sided(side, generic)
                streets.append(_street(rng, town, Name(pool[number], tail, apart=True), part))
    return tuple(streets)


def _sided(side: Word, generic: Word) -> Word:
    """East or west half of a street: the modifier joins a generic of one syllable."""
    return side + generic


def _street(rng: np.random.Generator, town: Unit, name: Name, shape: shapely.LineString) -> Street:
    width = {"大道": 42.0, "路": 24.0, "街": 16.0, "巷": 6.0}.get(name.generic.text, 24.0)
    former = f"{name.specific.text[0]}字街" if rng.random() < 0.06 else ""
    return Street(name, town.code, width, int(rng.integers(1953, 2022)), shape, former)


def _country_roads(
    rng: np.random.Generator,
    towns: tuple[Unit, ...],
    villages: tuple[Unit, ...],
    outline: shapely.Polygon,
    river: shapely.LineString,
) -> list[tuple[str, str, bool, shapely.LineString]]:
    """Roads between neighbouring villages: all are reached, some more than once."""
    seats = np.array([unit.seat for unit in villages])
    edges, crossing = _candidates(seats, outline, river)
    lengths = np.hypot(*(seats[edges[:, 0]] - seats[edges[:, 1]]).T)
    bridges = _bridges(seats, edges, crossing, towns)
    # without a bridge no road crosses the river; the tree then reaches every village
    usable = ~crossing | np.isin(np.arange(len(edges)), bridges)
    size = len(seats)
    graph = coo_array((lengths[usable], edges[usable].T), shape=(size, size))
    tree = {
        tuple(sorted(pair)) for pair in np.array(minimum_spanning_tree(graph).nonzero()).T.tolist()
    }
    chosen = [
        i
        for i in np.flatnonzero(usable).tolist()
        if tuple(sorted(edges[i].tolist())) in tree
        or i in bridges
        or (lengths[i] < EXTRA_LONGEST_M and rng.random() < EXTRA_SHARE)
    ]
    kinds = _classes(seats, edges, lengths, chosen, towns)
    lines = _curves(rng, seats, edges[chosen])
    names = {"县道": "X", "乡道": "Y", "村道": "C"}
    roads: list[tuple[str, str, bool, shapely.LineString]] = []
    for number, (i, line) in enumerate(zip(chosen, lines, strict=True)):
        label = f"{names[kinds[i]]}{number + 1:03d}"
        if crossing[i]:
            roads += _over_the_river(label, kinds[i], line, river)
        else:
            roads.append((label, kinds[i], False, line))
    return roads


def _candidates(
    seats: Floats, outline: shapely.Polygon, river: shapely.LineString
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of neighbouring seats inside the county, and whether the river parts them."""
    corners = Delaunay(seats).simplices
    sides = np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    edges = np.unique(sides, axis=0)
    lines = shapely.linestrings(seats[edges])
    edges, lines = edges[inside := shapely.contains(outline, lines)], lines[inside]
    return edges, shapely.intersects(lines, river)


def _bridges(
    seats: Floats, edges: np.ndarray, crossing: np.ndarray, towns: tuple[Unit, ...]
) -> list[int]:
    """Edges that get a bridge: near the county town first, then well apart."""
    middles = seats[edges].mean(axis=1)
    over = np.flatnonzero(crossing)
    reach = np.hypot(*(middles[over] - towns[0].seat).T)
    chosen = [int(over[np.argmin(reach)])]
    while len(chosen) < BRIDGES:
        # each next bridge lies where the nearest one before is farthest
        gaps = [np.hypot(*(middles[over] - middles[i]).T) for i in chosen]
        chosen.append(int(over[np.argmax(np.min(gaps, axis=0))]))
    return chosen


def _classes(
    seats: Floats, edges: np.ndarray, lengths: Floats, chosen: list[int], towns: tuple[Unit, ...]
) -> dict[int, str]:
    """County road on the way from a seat to the county town; township road on other long ways."""
    size = len(seats)
    graph = coo_array((lengths[chosen], edges[chosen].T), shape=(size, size))
    nodes = [int(np.argmin(np.hypot(*(seats - town.seat).T))) for town in towns]
    _, before = dijkstra(graph, directed=False, indices=nodes[0], return_predecessors=True)
    main: set[tuple[int, int]] = set()
    for node in nodes[1:]:
        while before[node] >= 0:
            main.add((min(node, int(before[node])), max(node, int(before[node]))))
            node = int(before[node])  # noqa: PLW2901
    return {
        i: "县道"
        if tuple(edges[i].tolist()) in main
        else "乡道"
        if lengths[i] > 2_600.0
        else "村道"
        for i in chosen
    }


def _curves(rng: np.random.Generator, seats: Floats, edges: np.ndarray) -> list[shapely.LineString]:
    """Slightly winding lines; those that would cross another away from its ends stay straight."""
    curved = [
        shapely.LineString(np.round(rough(rng, *seats[edge], roughness=0.06, spacing=150.0), 3))
        for edge in edges
    ]
    for _ in range(6):
        bad = _crossing(curved, edges)
        if not bad:
            break
        for i in bad:
            curved[i] = shapely.LineString(np.round(seats[edges[i]], 3))
    return curved


def _crossing(lines: list[shapely.LineString], edges: np.ndarray) -> set[int]:
    """Numbers of lines that meet another one elsewhere than at one common end."""
    bad = {i for i, line in enumerate(lines) if not line.is_simple}
    for i, j in shapely.STRtree(lines).query(lines, predicate="intersects").T:
        if i < j:
            shared = set(edges[i].tolist()) & set(edges[j].tolist())
            meeting = shapely.intersection(lines[i], lines[j])
            if len(shared) != 1 or meeting.geom_type != "Point":
                bad |= {int(i), int(j)}
    return bad


def _over_the_river(
    label: str, kind: str, line: shapely.LineString, river: shapely.LineString
) -> list[tuple[str, str, bool, shapely.LineString]]:
    """Split a road that crosses the river into approach, bridge, approach."""
    crossings = shapely.get_parts(shapely.intersection(line, river))
    places = [shapely.line_locate_point(line, point) for point in crossings]
    start = max(min(places) - BRIDGE_HALF_M, 0.15 * line.length)
    end = min(max(places) + BRIDGE_HALF_M, 0.85 * line.length)
    spans = ((0.0, start, False), (start, end, True), (end, line.length, False))
    return [
        (label, kind, bridge, shapely.LineString(ops.substring(line, a, b)))
        for a, b, bridge in spans
    ]


def _noded(pieces: list[tuple[str, str, bool, shapely.LineString]]) -> list[Road]:
    """Node all lines at their crossings; each piece keeps what its line was."""
    lines = [piece[3] for piece in pieces]
    parts = shapely.get_parts(shapely.union_all(lines, grid_size=0.001))
    # the ends of a piece touch other lines: only its middle tells which line it was
    middles = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    nearest = shapely.STRtree(lines).nearest(middles)
    roads = []
    for part, index in zip(parts, nearest, strict=True):
        name, kind, bridge, _ = pieces[int(index)]
        roads.append(Road(name, kind, bridge, 0, part))
    return sorted(roads, key=lambda road: (road.road_class, road.name, road.shape.coords[0]))


def _expressway(rng: np.random.Generator, outline: shapely.Polygon) -> list[Road]:
    """Draw a road on bridges from the north to the south-east, without a junction in the county."""
    x0, y0, x1, y1 = outline.bounds
    ends = np.array([(x0 + 0.62 * (x1 - x0), y1), (x0 + 0.86 * (x1 - x0), y0)])
    line = shapely.LineString(np.round(rough(rng, *ends, roughness=0.05, spacing=800.0), 3))
    inside = shapely.get_parts(shapely.intersection(line, outline))
    return [Road("楚溪高速公路", "高速公路", True, 1, part) for part in inside]

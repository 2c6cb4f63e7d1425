"""The ground plan: cells that tile exactly, parted by fractal lines, and a river between them.

Seeds are scattered (dense near the county town), their Voronoi ridges are replaced by rough lines.
Each line stays in the kite of its ridge (the two seeds and the two ends); kites of different ridges
do not overlap, so lines never cross, and as neighbours share a line, cells tile exactly.
All coordinates are metres, EPSG:4546 (CGCS2000, 3-degree zone, central meridian 111°E) as
(easting, northing), rounded to 1 mm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Voronoi, cKDTree

from sample_county.chance import stream

Floats = NDArray[np.float64]
Pair = tuple[int, int]

CENTRE = (645_100.0, 3_287_800.0)  # about 112.5°E 29.7°N: the county lies on both sides of 112.5°
HALF_WIDTH, HALF_HEIGHT = 24_500.0, 16_000.0
TOWN = (CENTRE[0] - 2_600.0, CENTRE[1] + 1_900.0)
VERTEX_SPACING = 55.0


@dataclass(frozen=True)
class Land:
    """Cells, the lines between them, and the river.

    Parameters
    ----------
    seeds
        A point inside each cell (m, EPSG:4546); the first `inside` cells make up the county.
    inside
        Number of cells of the county; the others surround it.
    chains
        Line between two cells, keyed by both (smaller first).
    vertices
        Where three cells or more meet.
    ends
        Vertex numbers at the start and end of each chain.
    river
        Pairs of cells parted by the river, from west to east.
    river_line
        The river's centre line (m, EPSG:4546).
    """

    seeds: Floats
    inside: int
    chains: dict[Pair, Floats]
    vertices: Floats
    ends: dict[Pair, Pair]
    river: tuple[Pair, ...]
    river_line: shapely.LineString

    def between(self, cells: Iterable[int], others: Iterable[int]) -> list[Pair]:
        """List the chains that part one set of cells from another."""
        ours, theirs = set(cells), set(others)
        return [
            (a, b)
            for a, b in self.chains
            if (a in ours and b in theirs) or (b in ours and a in theirs)
        ]

    def polygon(self, cells: Iterable[int]) -> shapely.Polygon | shapely.MultiPolygon:
        """Return the union of cells, with every vertex of its outline kept (m, EPSG:4546)."""
        members = set(cells)
        edges = [
            shapely.LineString(c)
            for (a, b), c in self.chains.items()
            if (a in members) ^ (b in members)
        ]
        # edges of one side only bound the union; a face without a seed of ours is a hole
        faces = shapely.get_parts(shapely.polygonize(edges))
        points = shapely.points(self.seeds[sorted(members)])
        kept = [shapely.normalize(face) for face in faces if shapely.contains(face, points).any()]
        return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def build(seed: int, *, cells: int = 164) -> Land:
    """Lay out the ground plan of a county of so many cells.

    Examples
    --------
    >>> land = build(421, cells=40)
    >>> parts = [land.polygon([cell]) for cell in range(40)]
    >>> whole = land.polygon(range(40))
    >>> round(sum(part.area for part in parts) - whole.area, 3)
    0.0
    """
    rng = stream(seed, "land")
    seeds = _scatter(rng, cells)
    voronoi = Voronoi(seeds)
    ends = _ends(voronoi, cells)
    vertices = np.round(voronoi.vertices, 3)
    path = _river_path(rng, voronoi, ends, cells)
    river = _pairs_along(path, ends)
    bends = _bends(path, vertices)
    chains = {
        pair: _river_chain(seeds, vertices, pair, ends[pair], bends)
        if pair in river
        else _rough_chain(rng, seeds, vertices, pair, ends[pair])
        for pair in ends
    }
    line = _joined([chains[pair] for pair in river], vertices[path[0]])
    return Land(seeds, cells, chains, vertices, ends, tuple(river), line)


def _radius(rng: np.random.Generator, angles: Floats) -> Floats:
    """Radius of the county outline at each angle, as a share of the ellipse."""
    share = np.ones_like(angles)
    for wave in range(2, 9):
        share += 0.15 / wave**0.7 * rng.normal() * np.cos(wave * angles + rng.uniform(0, 6.28))
    return np.clip(share, 0.68, 1.3)


def _scatter(rng: np.random.Generator, cells: int) -> Floats:
    """Seeds of the county's cells, of the land around, and a far ring that closes the diagram."""
    cloud = rng.uniform(-1.9, 1.9, (60_000, 2))
    table = np.linspace(-np.pi, np.pi, 721)
    outline = _radius(rng, table)
    distance = np.hypot(*cloud.T)
    # the outline is a radius by angle, so a point lies inside where it is nearer than that
    ratio = distance / np.interp(np.arctan2(cloud[:, 1], cloud[:, 0]), table, outline)
    metres = cloud * (HALF_WIDTH, HALF_HEIGHT) + CENTRE
    near = np.hypot(*(metres - TOWN).T) / 4_500.0
    inside = _centres(rng, metres[ratio < 1.0], 0.16 + np.exp(-(near[ratio < 1.0] ** 2)), cells)
    ring = metres[(ratio > 1.04) & (ratio < 1.45)]
    around = _centres(rng, ring, np.ones(len(ring)), cells // 2)
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    far = np.c_[np.cos(angles), np.sin(angles)] * 90_000.0 + CENTRE
    return np.vstack([inside, around, far])


def _centres(rng: np.random.Generator, points: Floats, weights: Floats, count: int) -> Floats:
    """Place centres by a few rounds of weighted k-means: spread, yet of uneven distance."""
    centres = points[rng.choice(len(points), count, replace=False, p=weights / weights.sum())]
    for _ in range(4):
        _, nearest = cKDTree(centres).query(points)
        # a centre without points stays where it is
        mass = np.bincount(nearest, weights, count)
        sums = np.c_[[np.bincount(nearest, weights * axis, count) for axis in points.T]].T
        centres = np.where(mass[:, None] > 0, sums / np.maximum(mass, 1e-9)[:, None], centres)
    return centres


def _ends(voronoi: Voronoi, inside: int) -> dict[Pair, Pair]:
    """Vertex numbers of each ridge that touches the county."""
    ends: dict[Pair, Pair] = {}
    for (p, q), (v, w) in zip(voronoi.ridge_points, voronoi.ridge_vertices, strict=True):
        if min(p, q) < inside and min(v, w) >= 0:
            ends[int(min(p, q)), int(max(p, q))] = (int(v), int(w))
    return ends


def _river_path(
    rng: np.random.Generator, voronoi: Voronoi, ends: dict[Pair, Pair], inside: int
) -> list[int]:
    """Vertices of the river, from the west outline past the county town to the east outline."""
    vertices = voronoi.vertices
    inner = {pair: v for pair, v in ends.items() if max(pair) < inside}
    edges = np.array(list(inner.values()))
    outline = {v for pair, both in ends.items() if max(pair) >= inside for v in both}
    rim = sorted(outline & set(edges.ravel().tolist()))
    lengths = np.hypot(*(vertices[edges[:, 0]] - vertices[edges[:, 1]]).T)
    cost = lengths * rng.uniform(0.5, 2.0, len(lengths))
    # the river crosses the county and does not follow its outline
    cost += 30_000.0 * np.isin(edges, rim).all(axis=1)
    size = len(vertices)
    graph = coo_array((cost, edges.T), shape=(size, size))
    west, east = (
        _outer(vertices, rim, CENTRE[1] + 4_000.0),
        _outer(vertices, rim, CENTRE[1], east=True),
    )
    used = np.unique(edges)
    south_of_town = (TOWN[0] + 300.0, TOWN[1] - 1_100.0)
    ford = int(used[np.argmin(np.hypot(*(vertices[used] - south_of_town).T))])
    _, before = dijkstra(graph, directed=False, indices=ford, return_predecessors=True)
    head = _walk(before, west)
    # the second half may not meet the first: a river runs in no circle
    cost = cost + 1e6 * np.isin(edges, head[:-1]).any(axis=1)
    graph = coo_array((cost, edges.T), shape=(size, size))
    _, before = dijkstra(graph, directed=False, indices=ford, return_predecessors=True)
    return head + _walk(before, east)[::-1][1:]


def _outer(vertices: Floats, rim: list[int], northing: float, *, east: bool = False) -> int:
    """Vertex of the outline on the west (or east) side nearest to a northing."""
    side = 1.0 if east else -1.0
    reach = side * (vertices[rim, 0] - CENTRE[0]) - 1.2 * np.abs(vertices[rim, 1] - northing)
    return rim[int(np.argmax(reach))]


def _walk(before: NDArray[np.int32], start: int) -> list[int]:
    """Follow predecessors from a vertex back to the source."""
    path = [start]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path


def _pairs_along(path: list[int], ends: dict[Pair, Pair]) -> list[Pair]:
    """Pairs of cells on both sides of each step of a path."""
    by_ends = {frozenset(v): pair for pair, v in ends.items()}
    return [by_ends[frozenset(step)] for step in pairwise(path)]


def _bends(path: list[int], vertices: Floats) -> dict[int, Floats]:
    """Direction of the river at each of its vertices (m), from west to east, for smooth joints."""
    along = vertices[path]
    slopes = np.gradient(along, axis=0)
    return dict(zip(path, slopes, strict=True))


def _river_chain(
    seeds: Floats, vertices: Floats, pair: Pair, ends: Pair, bends: dict[int, Floats]
) -> Floats:
    """Cubic curve between two vertices of the river, bent as far as its kite allows."""
    start, end = vertices[list(ends)]
    step = end - start
    places = list(bends)
    way = 1.0 if places.index(ends[0]) < places.index(ends[1]) else -1.0
    tangents = [bends[v] * way * np.hypot(*step) / np.hypot(*bends[v]) for v in ends]
    count = max(4, int(np.hypot(*step) / VERTEX_SPACING) + 1)
    t = np.linspace(0.0, 1.0, count)[:, None]
    for bend in (1.4, 1.0, 0.7, 0.4, 0.2):
        # a Hermite curve; where it leaves its kite, the next one bends less
        line: Floats = (
            (2 * t**3 - 3 * t**2 + 1) * start
            + (t**3 - 2 * t**2 + t) * tangents[0] * bend
            + (3 * t**2 - 2 * t**3) * end
            + (t**3 - t**2) * tangents[1] * bend
        )
        if _fits(line, seeds, pair, start, end):
            break
    else:
        line = start + t * step
    rounded: Floats = np.round(line, 3)
    return rounded


def _rough_chain(
    rng: np.random.Generator, seeds: Floats, vertices: Floats, pair: Pair, ends: Pair
) -> Floats:
    """Midpoint displacement between two vertices, as rough as its kite allows."""
    start, end = vertices[list(ends)]
    roughness = 0.24
    while roughness > 0.01:
        line = rough(rng, start, end, roughness=roughness, spacing=VERTEX_SPACING)
        if _fits(line, seeds, pair, start, end):
            return np.round(line, 3)
        roughness *= 0.8
    return np.round(np.array([start, end]), 3)


def rough(
    rng: np.random.Generator, start: Floats, end: Floats, *, roughness: float, spacing: float
) -> Floats:
    """Return a fractal line between two points.

    Parameters
    ----------
    rng, start, end
        Random stream, and the ends (m), which are kept.
    roughness
        Sideways shift of a midpoint as a share of the segment's length (one standard deviation).
    spacing
        Wanted distance between vertices (m).

    Examples
    --------
    >>> line = rough(stream(1, "x"), np.zeros(2), np.array([100.0, 0.0]), roughness=0.2, spacing=30)
    >>> line.shape, line[0].tolist(), line[-1].tolist()
    ((5, 2), [0.0, 0.0], [100.0, 0.0])
    """
    line = np.array([start, end])
    levels = max(0, int(np.ceil(np.log2(max(np.hypot(*(end - start)), 1e-9) / spacing))))
    for level in range(levels):
        steps = np.diff(line, axis=0)
        shift = np.clip(rng.normal(size=len(steps)), -1.6, 1.6) * roughness * 0.93**level
        middle = (line[:-1] + line[1:]) / 2 + np.c_[-steps[:, 1], steps[:, 0]] * shift[:, None]
        # the vertices before stand at even places, their moved midpoints between them
        merged = np.empty((2 * len(line) - 1, 2))
        merged[::2], merged[1::2] = line, middle
        line = merged
    return line


def _fits(line: Floats, seeds: Floats, pair: Pair, start: Floats, end: Floats) -> bool:
    """Tell whether a line is simple and stays in the kite of its ridge."""
    middle = (start + end) / 2
    tips = middle + (seeds[list(pair)] - middle) * 0.85
    kite = shapely.Polygon([start, tips[0], end, tips[1]])
    curve = shapely.LineString(line)
    body = shapely.LineString(line[1:-1]) if len(line) > 3 else curve
    return bool(curve.is_simple and kite.is_valid and kite.covers(body))


def _joined(chains: list[Floats], start: Floats) -> shapely.LineString:
    """Join chains end to end, turning each as needed."""
    line = [start]
    for chain in chains:
        forward = np.array_equal(chain[0], line[-1])
        line.extend((chain if forward else chain[::-1])[1:])
    return shapely.LineString(np.array(line))

"""A network from a layer of road lines: noded at crossings, bridges and tunnels kept apart.

Lines that cross on one level (same ``layer``, ``bridge`` and ``tunnel``) meet there. Lines on
different levels meet only where a bridge or tunnel ends.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.ops import substring

from facilities.network import checks
from facilities.network.graph import Network
from facilities.plane import Array, Plane, cgcs2000, geodesic_lengths_m
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence

JOIN_M = 1.0
"""Default gap up to which a road that stops short of another counts as joined, metres."""


def network_from_lines(
    roads: gpd.GeoDataFrame,
    *,
    join_m: float = JOIN_M,
    excluded_classes: tuple[str, ...] = (),
    longest_m: float = checks.LONGEST_EDGE_M,
) -> tuple[Network, list[Finding]]:
    """Build a network from a line layer.

    Parameters
    ----------
    roads
        Lines in any CRS of CGCS2000 or WGS 84; optional columns ``id, name, road_class, bridge,
        tunnel, layer``.
    join_m
        Ends nearer than this to each other or to another road of their level are joined, metres.
    excluded_classes
        Values of ``road_class`` nobody may walk on.
    longest_m
        Pieces longer than this are findings and left out, metres.

    Returns
    -------
    tuple
        The network, with geodesic lengths, and the findings on zero and overlong pieces, islands.

    Raises
    ------
    CrsError
        If the CRS is missing or does not fit.
    InputError
        If the layer holds no line.

    Examples
    --------
    Two roads that cross make a crossroads; a bridge over them does not:

    >>> cross = ["LINESTRING (120 32, 120.02 32)", "LINESTRING (120.01 31.99, 120.01 32.01)",
    ...          "LINESTRING (120.005 31.99, 120.005 32.01)"]
    >>> roads = gpd.GeoDataFrame({"bridge": [False, False, True]},
    ...     geometry=gpd.GeoSeries.from_wkt(cross), crs="EPSG:4490")
    >>> network, findings = network_from_lines(roads)
    >>> network.size, [each.rule for each in findings]
    ((7, 5), ['road-island'])
    """
    layer = _usable(roads, excluded_classes)
    plane = Plane.of(layer)
    lines = plane.metres(layer.geometry.array)
    levels = _levels(layer)
    pieces, owner = _split(lines, _cuts(lines, levels, join_m))
    length = geodesic_lengths_m(plane.degrees(pieces))
    ids, names = _text(layer, "id")[owner], _text(layer, "name")[owner]
    findings = [*checks.zero_lengths(ids, length)]
    findings += checks.long_edges(ids, length, longest_m=longest_m)
    keep = length <= longest_m
    network = _network(plane, pieces[keep], length[keep], names[keep], join_m)
    return network, [*findings, *checks.disconnected(network)]


def _usable(roads: gpd.GeoDataFrame, excluded: tuple[str, ...]) -> gpd.GeoDataFrame:
    layer = cgcs2000(roads, what="roads")
    if excluded and "road_class" in layer:
        layer = layer[~layer["road_class"].astype(str).isin(excluded)]
    layer = layer.assign(id=_text(layer, "id")).explode(index_parts=False).reset_index(drop=True)
    layer = layer[(layer.geom_type == "LineString") & ~layer.geometry.is_empty]
    if layer.empty:
        raise InputError(
            Sentence("the layer holds no line"), place="roads", remedy=Sentence("Give a line layer")
        )
    return layer.reset_index(drop=True)


def _text(layer: gpd.GeoDataFrame, column: str) -> Array:
    values = layer[column] if column in layer else pd.Series("", index=layer.index)
    if column == "id" and column not in layer:
        values = pd.Series(layer.index, index=layer.index)
    return np.asarray(values.fillna("").astype(str), dtype=object)


def _levels(layer: gpd.GeoDataFrame) -> Array:
    """Give lines on one level one number; 0 is the ground."""
    levels = pd.DataFrame(index=layer.index)
    for column in ("bridge", "tunnel", "layer"):
        values = layer[column] if column in layer else pd.Series(0, index=layer.index)
        levels[column] = values.map(_level)
    ground = (levels == "0").all(axis=1).to_numpy()
    number = levels.agg("|".join, axis=1).factorize()[0] + 1
    return np.where(ground, 0, number)


def _level(value: object) -> str:
    text = str(value).strip().lower()
    if text in {"", "nan", "none", "no", "false", "0", "0.0", "f", "<na>"}:
        return "0"
    return "1" if text in {"yes", "true", "t", "1.0"} else text


def _cuts(lines: Array, levels: Array, join_m: float) -> dict[int, list[float]]:
    """Return where to cut each line, in metres from its start."""
    cuts: dict[int, list[float]] = defaultdict(list)
    _cut_at_crossings(lines, levels, cuts)
    _cut_at_ends(lines, levels, join_m, cuts)
    return cuts


def _cut_at_crossings(lines: Array, levels: Array, cuts: dict[int, list[float]]) -> None:
    # Each pair once (one < other), and only on one level: a bridge over a road is no crossing.
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    pair = (one < other) & (levels[one] == levels[other])
    one, other = one[pair], other[pair]
    meeting = shapely.intersection(lines[one], lines[other])
    points, owner = shapely.get_coordinates(meeting, return_index=True)
    spots = shapely.points(points)
    for line in (one[owner], other[owner]):
        _note(cuts, line, shapely.line_locate_point(lines[line], spots))


def _cut_at_ends(lines: Array, levels: Array, join_m: float, cuts: dict[int, list[float]]) -> None:
    # Ends come in two halves, starts and stops, so that the line of an end is its number modulo
    # their count. A bridge may land on the ground, but the ground does not climb it.
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    end, line = shapely.STRtree(lines).query(ends, predicate="dwithin", distance=join_m)
    come_from = end % len(lines)
    same = levels[come_from] == levels[line]
    landing = (levels[come_from] != 0) & (levels[line] == 0)
    meets = (come_from != line) & (same | landing)
    _note(cuts, line[meets], shapely.line_locate_point(lines[line[meets]], ends[end[meets]]))


def _note(cuts: dict[int, list[float]], line: Array, along_m: Array) -> None:
    for number, metres in zip(line.tolist(), along_m.tolist(), strict=True):
        cuts[number].append(metres)


def _split(lines: Array, cuts: dict[int, list[float]]) -> tuple[Array, Array]:
    pieces: list[Any] = []
    owner: list[int] = []
    for number, line in enumerate(lines):
        at = [0.0, *_inner(cuts.get(number, []), line.length), line.length]
        if len(at) == 2:
            pieces.append(line)
        else:
            pieces += [substring(line, a, b) for a, b in pairwise(at)]
        owner += [number] * (len(at) - 1)
    return np.asarray(pieces, dtype=object), np.asarray(owner)


def _inner(at_m: list[float], length_m: float, *, least_m: float = 0.01) -> list[float]:
    """Return distances in order, those within a centimetre of an end or of each other dropped."""
    kept: list[float] = []
    for metres in sorted(at_m):
        if least_m < metres < length_m - least_m and (not kept or metres - kept[-1] > least_m):
            kept.append(metres)
    return kept


def _network(plane: Plane, pieces: Array, length_m: Array, names: Array, join_m: float) -> Network:
    starts, stops = shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)
    ends = shapely.get_coordinates(np.concatenate([starts, stops]))
    node, spots = _merged(ends, join_m)
    tail, head = node[: len(pieces)], node[len(pieces) :]
    return Network(plane, spots, tail, head, length_m, pieces, names)


def _merged(ends: Array, join_m: float) -> tuple[Array, Array]:
    """Make one node of the ends that lie within the join distance, at their mean."""
    # Nearness is no equivalence (a near b, b near c): the connected groups are, and each is a node.
    pairs = cKDTree(ends).query_pairs(join_m, output_type="ndarray")
    shape = (len(ends), len(ends))
    near = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
    count, node = connected_components(near, directed=False)
    members = np.bincount(node, minlength=count)
    mean = [np.bincount(node, weights=ends[:, axis], minlength=count) / members for axis in (0, 1)]
    return node, np.column_stack(mean)

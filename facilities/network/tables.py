"""A network from node and link tables (the GMNS layout that OSM tools write)."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.network import checks
from facilities.network.graph import Network
from facilities.plane import Array, Plane, cgcs2000, geodesic_lengths_m, geodesic_m
from gazetteer.common.errors import CrsError, InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence, Text

NODE_COLUMNS = ("node_id", "x_coord", "y_coord")
LINK_COLUMNS = ("from_node_id", "to_node_id")
END_M = 1.0
"""A link drawn to within a metre of its nodes ends at them."""


def network_from_tables(
    nodes: pd.DataFrame,
    links: pd.DataFrame,
    *,
    crs: str,
    excluded_types: Collection[str] = (),
    longest_m: float = checks.LONGEST_EDGE_M,
) -> tuple[Network, list[Finding]]:
    """Build a network from node and link tables.

    Parameters
    ----------
    nodes
        ``node_id, x_coord, y_coord``.
    links
        ``from_node_id, to_node_id`` and optionally ``link_id, length`` (metres), ``geometry``
        (WKT), ``name, link_type``. Without ``length`` lengths are geodesic.
    crs
        CRS of the coordinates, e.g. ``"EPSG:4326"``; it is never guessed.
    excluded_types
        Values of ``link_type`` nobody may walk on (motorways).
    longest_m
        Links above this length in metres are findings and left out.

    Returns
    -------
    tuple
        The network, and findings: unknown nodes, zero and overlong links, lengths that
        contradict the drawing, islands.

    Raises
    ------
    InputError
        If a column is missing or a node stands twice.
    CrsError
        If coordinates or lengths cannot be of this CRS.

    Examples
    --------
    >>> nodes = pd.DataFrame({"node_id": [7, 8], "x_coord": [120.0, 120.01], "y_coord": [32.0, 32]})
    >>> links = pd.DataFrame({"from_node_id": [7, 7], "to_node_id": [8, 99]})
    >>> network, findings = network_from_tables(nodes, links, crs="EPSG:4326")
    >>> [round(m) for m in network.length_m], [each.rule for each in findings]
    ([945], ['road-unknown-node'])
    """
    _require(nodes, NODE_COLUMNS, "node table")
    _require(links, LINK_COLUMNS, "link table")
    points = _points(nodes, crs)
    plane = Plane.of(points)
    kept, findings = _known(links, pd.Index(nodes["node_id"].astype(str)))
    if excluded_types and "link_type" in kept:
        kept = kept[~kept["link_type"].astype(str).isin({str(kind) for kind in excluded_types})]
    lines, strayed = _lines(kept, points, crs)
    length, more = _lengths(kept, lines, longest_m)
    usable = np.isfinite(length) & (length <= longest_m)
    network = Network(
        plane=plane,
        xy_m=shapely.get_coordinates(plane.metres(points.geometry.array)),
        tail=kept["tail"].to_numpy()[usable],
        head=kept["head"].to_numpy()[usable],
        length_m=length[usable],
        shapes=plane.metres(lines[usable]),
        names=_names(kept)[usable],
    )
    return network, [*findings, *strayed, *more, *checks.disconnected(network)]


def _require(table: pd.DataFrame, columns: tuple[str, ...], what: str) -> None:
    missing = [name for name in columns if name not in table]
    if missing:
        message = Sentence(
            "column {missing!r} is missing, there are {present}",
            missing=missing[0],
            present=tuple(table.columns),
        )
        raise InputError(message, place=what, remedy=Sentence("Rename the column"))


def _points(nodes: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    if nodes["node_id"].duplicated().any():
        twice = nodes.loc[nodes["node_id"].duplicated(), "node_id"].iloc[0]
        raise InputError(
            Sentence("node {twice!r} stands twice", twice=twice),
            place="node table",
            remedy=Sentence("Keep one"),
        )
    x = pd.to_numeric(nodes["x_coord"], errors="coerce")
    y = pd.to_numeric(nodes["y_coord"], errors="coerce")
    if x.isna().any() or y.isna().any():
        row = nodes.loc[x.isna() | y.isna(), "node_id"].iloc[0]
        raise InputError(
            Sentence("node {row!r} has no coordinates", row=row),
            place="node table",
            remedy=Sentence("Give them"),
        )
    frame = gpd.GeoDataFrame(geometry=shapely.points(x, y), crs=crs)
    return cgcs2000(frame, what="node table")


def _known(links: pd.DataFrame, ids: pd.Index) -> tuple[pd.DataFrame, list[Finding]]:
    tail = ids.get_indexer(pd.Index(links["from_node_id"].astype(str)))
    head = ids.get_indexer(pd.Index(links["to_node_id"].astype(str)))
    names = links["link_id"] if "link_id" in links else pd.Series(links.index, index=links.index)
    table = links.assign(tail=tail, head=head, edge=names.astype(str))
    lost = table[(tail < 0) | (head < 0)]
    findings = [
        _unknown(row["edge"], row["from_node_id"], row["to_node_id"])
        for row in lost.to_dict("records")
    ]
    return table[(tail >= 0) & (head >= 0)], findings


def _unknown(edge: str, tail: object, head: object) -> Finding:
    message = Text(
        f"路段 {edge} 的端点 {tail}-{head} 不在节点表中，不计入路网",
        f"road edge {edge} names a node that is not in the table ({tail}-{head}): left out",
    )
    return checks.finding("road-unknown-node", edge, message)


def _lines(links: pd.DataFrame, points: gpd.GeoDataFrame, crs: str) -> tuple[Array, list[Finding]]:
    """Return the line of each link, drawn from its first node to its second.

    Tables draw links either way round, and some miss their nodes: the first are turned, the
    others led to their nodes and told. A place half-way along a link would else be put a whole
    link away from where it is.
    """
    # Where a link has no drawing the straight line between its nodes stands for it; one drawn from
    # its second node to its first is turned, because shares are measured from the tail.
    spots = shapely.get_coordinates(points.geometry.array)
    ends = np.stack([spots[links["tail"]], spots[links["head"]]], axis=1)
    straight = np.asarray(shapely.linestrings(ends), dtype=object)
    if "geometry" not in links:
        return straight, []
    drawn = _drawn(links["geometry"], crs)
    fits = (shapely.get_type_id(drawn) == 1) & ~shapely.is_empty(drawn)
    lines = np.where(fits, drawn, straight)
    _refuse_strangers(ends, lines)
    lines = np.where(_backwards(lines, ends), shapely.reverse(lines), lines)
    return _led_to_nodes(lines, ends, links["edge"].to_numpy())


def _misses(lines: Array, ends: Array) -> tuple[Array, Array]:
    """Return how far the start and the stop of each line are from its nodes, metres."""
    starts = shapely.get_coordinates(shapely.get_point(lines, 0))
    stops = shapely.get_coordinates(shapely.get_point(lines, -1))
    pairs = ((starts, ends[:, 0]), (stops, ends[:, 1]))
    first, second = (geodesic_m(a[:, 0], a[:, 1], b[:, 0], b[:, 1]) for a, b in pairs)
    return first, second


def _backwards(lines: Array, ends: Array) -> Array:
    as_drawn, turned = _misses(lines, ends), _misses(lines, ends[:, ::-1])
    return np.asarray(sum(turned) < sum(as_drawn))


def _led_to_nodes(lines: Array, ends: Array, ids: Array) -> tuple[Array, list[Finding]]:
    missed = np.maximum(*_misses(lines, ends))
    led, findings = lines.copy(), []
    for row in np.flatnonzero(missed > END_M).tolist():
        middle = shapely.get_coordinates(lines[row])
        led[row] = shapely.LineString([ends[row, 0], *middle, ends[row, 1]])
        findings.append(checks.strayed(ids[row], float(missed[row])))
    return led, findings


def _drawn(column: pd.Series, crs: str) -> Array:
    values = column.to_numpy(dtype=object)
    texts = np.array([isinstance(value, str) for value in values], dtype=bool)
    if texts.any():
        wkt = [value if is_text else None for value, is_text in zip(values, texts, strict=True)]
        values = shapely.from_wkt(wkt, on_invalid="ignore")
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(values), crs=crs)
    return np.asarray(cgcs2000(frame, what="link table").geometry.array, dtype=object)


def _refuse_strangers(ends: Array, lines: Array) -> None:
    """Refuse link geometries that lie elsewhere than their nodes (another CRS, another county)."""
    away = np.minimum(_misses(lines, ends)[0], _misses(lines, ends[:, ::-1])[0])
    if len(away) and np.median(away) > 5000:
        message = Sentence(
            "link geometries start {median:.0f} m away from their nodes", median=np.median(away)
        )
        raise CrsError(message, place="link table", remedy=Sentence("Give both tables in one CRS"))


def _lengths(links: pd.DataFrame, lines: Array, longest_m: float) -> tuple[Array, list[Finding]]:
    ids, drawn = links["edge"].to_numpy(), geodesic_lengths_m(lines)
    given = drawn
    findings: list[Finding] = []
    if "length" in links:
        table = pd.to_numeric(links["length"], errors="coerce").to_numpy(dtype=float)
        bad = ~np.isfinite(table) | (table < 0)
        findings += [_bad_length(name) for name in ids[bad]]
        given = np.where(bad, drawn, table)
        usual = given <= longest_m
        findings += checks.wrong_lengths(ids[usual], given[usual], drawn[usual])
    findings += checks.zero_lengths(ids, given)
    findings += checks.long_edges(ids, given, longest_m=longest_m)
    return given, findings


def _bad_length(edge: object) -> Finding:
    message = Text(
        f"路段 {edge} 的长度不是非负数，改用图上长度",
        f"the length of road edge {edge} is no positive number: the drawn length is used",
    )
    return checks.finding("road-length-unreadable", edge, message)


def _names(links: pd.DataFrame) -> Array:
    if "name" not in links:
        return np.full(len(links), "", dtype=object)
    return np.asarray(links["name"].fillna("").astype(str), dtype=object)

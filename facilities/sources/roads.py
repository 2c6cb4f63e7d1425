"""The walking network: roads of the county file, a line layer, or node and link tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from facilities.network import Network, network_from_lines, network_from_tables
from facilities.plane import CGCS2000, Array
from facilities.sources.files import layer
from facilities.sources.notes import note
from gazetteer.common.errors import InputError, reason
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text

NOT_ON_FOOT = ("高速公路", "motorway", "motorway_link")
"""Classes of road that nobody may walk on, where no others are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """Where the walking network comes from.

    Parameters
    ----------
    path
        Line layer, or with `nodes` a table of links; None takes the roads of the county file.
    nodes
        Table of nodes (``node_id, x_coord, y_coord``).
    crs
        CRS of the layer or of the nodes, where the file does not state it.
    not_on_foot
        Classes (``road_class`` or ``link_type``) nobody may walk on.
    straight
        No network: straight lines times the detour factor, and every output says so.
    """

    path: Path | None = None
    nodes: Path | None = None
    crs: str | None = None
    not_on_foot: tuple[str, ...] = NOT_ON_FOOT
    straight: bool = False


OWN_ROADS = Roads()


def network_of(
    roads: Roads, stored: gpd.GeoDataFrame
) -> tuple[Network | None, gpd.GeoDataFrame, list[Finding]]:
    """Return the network, its lines for maps, and what was found on them."""
    if roads.straight:
        return None, stored, []
    if roads.nodes is not None:
        network, findings = _of_tables(roads)
        return network, _drawn(network), findings
    lines = stored if roads.path is None else layer(roads.path, "roads", crs=roads.crs)
    if lines.empty:
        return None, lines, [_no_roads()]
    network, findings = network_from_lines(lines, excluded_classes=roads.not_on_foot)
    return network, lines, findings


def _of_tables(roads: Roads) -> tuple[Network, list[Finding]]:
    if roads.path is None or roads.crs is None:
        message = Sentence("a table of nodes needs the table of links and a CRS")
        raise InputError(
            message, remedy=Sentence("Give --roads LINKS.csv --nodes NODES.csv --crs CRS.")
        )
    tables = (_csv(roads.nodes), _csv(roads.path))
    return network_from_tables(*tables, crs=roads.crs, excluded_types=roads.not_on_foot)


def _drawn(network: Network) -> gpd.GeoDataFrame:
    """Return the links of a network as roads for a map, each way once."""
    # A table of links holds a two-way road twice, once from each end.
    ways = np.sort(np.column_stack([network.tail, network.head]), axis=1)
    _, first = np.unique(ways, axis=0, return_index=True)
    number = np.arange(len(first))
    table = {"id": [f"link-{each}" for each in number], "name": _names(network, first)}
    lines = network.plane.degrees(network.lines[first])
    return gpd.GeoDataFrame({**table, "road_class": None}, geometry=lines, crs=CGCS2000)


def _names(network: Network, rows: Array) -> list[str | None]:
    names = [""] * len(rows) if network.names is None else network.names[rows]
    return [str(each) or None for each in names]


def _csv(path: Path | None) -> pd.DataFrame:
    try:
        return pd.read_csv(str(path), low_memory=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        message = Sentence("cannot be read as a table: {why}", why=reason(error))
        raise InputError(
            message, place=str(path), remedy=Sentence("Give a CSV file in UTF-8.")
        ) from None


def _no_roads() -> Finding:
    message = Text(
        "没有道路，按直线距离乘绕行系数计算",
        "no roads: straight lines times the detour factor are measured",
    )
    return note("no-roads", message, Severity.WARNING)

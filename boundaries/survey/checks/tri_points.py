"""Tri-points stand where three units meet, each has one, and each has its document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.survey.case import Case, Issue, column, present
from boundaries.survey.edges import GRID_M, directed_segments
from gazetteer.findings import Severity
from gazetteer.language import Text

NEAR_M = 100.0
"""A tri-point this near a node is that node's, however badly placed, in metres."""


def on_node(case: Case) -> Iterator[Issue]:
    """Yield each tri-point at which not all its units meet, and each node without tri-point."""
    points, units = case.metric("tri_points"), case.metric("units")
    if not len(points) or not len(units):
        return
    limit = case.profile.tolerance("tri_point_on_node").value
    nodes = nodes_of(case)
    for row in points.to_dict("records"):
        meeting = units.sindex.query(row["geometry"].buffer(limit), predicate="intersects")
        if len(meeting) < _expected(case, row.get("division_codes")):
            yield _off(row, _distance(nodes, row["geometry"]))
    spots = points.geometry.to_numpy()
    for node in nodes.to_dict("records"):
        if shapely.distance(node["place"], spots).min() > NEAR_M:
            shown = "、".join(node["units"])
            said = Text(f"{shown}的交点没有三交点", f"no tri-point where {shown} meet")
            related = tuple(node["units"][1:])
            yield Issue("missing", node["units"][0], said, shape=node["place"], related=related)


def _expected(case: Case, told: Any) -> int:
    """Return how many delivered units meet: a tri-point on the county's edge has others, too."""
    known = set(case.codes) | set(case.codes.values())
    return sum(code in known for code in codes_of(told)) if present(told) else 3


def _distance(nodes: pd.DataFrame, point: BaseGeometry) -> float:
    return float(min((point.distance(each) for each in nodes["place"]), default=float("nan")))


def _off(row: Mapping[Any, Any], away: float) -> Issue:
    zh = f"三交点{row.get('number')}不在三个行政区的交点上，距最近交点{away:.2f}米"
    en = f"tri-point {row.get('number')} is {away:.2f} m from where three units meet"
    said, name, shape = Text(zh, en), "tri_point_on_node", row["geometry"]
    return Issue("off-node", str(row.get("number")), said, Severity.ERROR, name, away, shape)


def codes_of(told: Any) -> list[str]:
    """Return the codes in a cell, however they are separated.

    Examples
    --------
    >>> codes_of("421081101、421081102, 421081103")
    ['421081101', '421081102', '421081103']
    """
    return re.findall(r"[0-9A-Za-z]+", str(told))


def nodes_of(case: Case) -> pd.DataFrame:
    """Return the vertices where three units or more meet: a point in metres, units by code."""
    units = case.metric("units")
    segments = directed_segments(units.geometry.to_numpy(), case.unit_codes)
    once = segments[["x1", "y1", "owner"]].drop_duplicates()
    counts = once.groupby(["x1", "y1"])["owner"].transform("size")
    many = once[counts >= 3].groupby(["x1", "y1"])["owner"].agg(sorted)
    xy = np.array(many.index.tolist(), dtype=float).reshape(-1, 2) * GRID_M
    return pd.DataFrame({"place": shapely.points(xy), "units": many.tolist()})


def documents(case: Case) -> Iterator[Issue]:
    """Yield each tri-point without its three codes or without its document."""
    points = case.delivery.layer("tri_points")
    columns = (column(points, name) for name in ("number", "division_codes", "document"))
    for number, codes, document in zip(*columns, strict=True):
        if "document" in points and not present(document):
            said = Text(f"三交点{number}没有协议", f"tri-point {number} has no document")
            yield Issue("document", str(number), said, Severity.WARNING)
        if present(codes) and len(set(codes_of(codes))) != 3:
            said = Text(
                f"三交点{number}应有三个行政区代码", f"tri-point {number} needs three codes"
            )
            yield Issue("codes", str(number), said)

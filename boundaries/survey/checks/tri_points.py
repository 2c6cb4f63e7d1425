"""Tri-points stand where three units meet, each has one, and each has its document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.survey.case import Case, Issue, column, present
from boundaries.survey.nodes import codes_of, nodes_of
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text

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
            message = Text(f"{shown}的交点没有三交点", f"no tri-point where {shown} meet")
            related = tuple(node["units"][1:])
            yield Issue("missing", node["units"][0], message, shape=node["place"], related=related)


def _expected(case: Case, cell: Any) -> int:
    """Return how many delivered units meet: a tri-point on the county's edge has others, too."""
    known = set(case.codes) | set(case.codes.values())
    return sum(code in known for code in codes_of(cell)) if present(cell) else 3


def _distance(nodes: pd.DataFrame, point: BaseGeometry) -> float:
    return float(min((point.distance(each) for each in nodes["place"]), default=float("nan")))


def _off(row: Mapping[Any, Any], away: float) -> Issue:
    zh = f"三交点{row.get('number')}不在三个行政区的交点上，距最近交点{away:.2f}米"
    en = f"tri-point {row.get('number')} is {away:.2f} m from where three units meet"
    message, name, shape = Text(zh, en), "tri_point_on_node", row["geometry"]
    return Issue("off-node", str(row.get("number")), message, Severity.ERROR, name, away, shape)


def documents(case: Case) -> Iterator[Issue]:
    """Yield each tri-point without its three codes or without its document."""
    points = case.delivery.layer("tri_points")
    columns = (column(points, name) for name in ("number", "division_codes", "document"))
    for number, codes, document in zip(*columns, strict=True):
        if "document" in points and not present(document):
            message = Text(f"三交点{number}没有协议", f"tri-point {number} has no document")
            yield Issue("document", str(number), message, Severity.WARNING)
        if present(codes) and len(set(codes_of(codes))) != 3:
            message = Text(
                f"三交点{number}应有三个行政区代码", f"tri-point {number} needs three codes"
            )
            yield Issue("codes", str(number), message)


def names(case: Case) -> Iterator[Issue]:
    """Yield each tri-point whose codes or number are not those of the units that meet at it."""
    points, units = case.metric("tri_points"), case.metric("units")
    numbers = column(points, "number")
    for number, count in numbers.dropna().astype(str).value_counts().items():
        if count > 1:
            zh, en = (
                f"三交点编号{number}出现{count}次",
                f"tri-point {number} is given {count} times",
            )
            yield Issue("duplicate", str(number), Text(zh, en))
    if not len(points) or not len(units):
        return
    nodes = nodes_of(case)
    limit = case.profile.tolerance("tri_point_on_node").value
    places = shapely.STRtree(nodes["place"].to_numpy())
    yield from _ungrammatical(numbers.dropna().astype(str).tolist())
    for row in points.to_dict("records"):
        at = places.query_nearest(row["geometry"], max_distance=max(limit, 1e-3))
        if len(at):
            yield from _names(case, row, set(nodes["units"].iloc[int(at[0])]))


def _ungrammatical(numbers: list[str]) -> Iterator[Issue]:
    """Yield numbers that are not made of three units' last digits, where most are."""
    odd = [each for each in numbers if not _GRAMMAR.fullmatch(each)]
    if 2 * len(odd) < len(numbers):
        for number in odd:
            zh = f"三交点编号{number}不是由三个行政区代码的后三位组成"
            en = f"tri-point number {number} is not made of the last digits of three codes"
            yield Issue("number", number, Text(zh, en))


_GRAMMAR = re.compile(r"\d{9}\D*")


def _names(case: Case, row: Mapping[Any, Any], meeting: set[str]) -> Iterator[Issue]:
    number, delivered = str(row.get("number")), {*case.codes, *case.codes.values()}
    codes = codes_of(row["division_codes"]) if present(row.get("division_codes")) else []
    mapped = set(map(case.code_of, codes))
    shown = "、".join(sorted(meeting))
    right = mapped & delivered <= meeting and len(mapped & meeting) >= min(3, len(meeting))
    if len(mapped) == 3 and not right:
        zh = f"三交点{number}的行政区代码为{'、'.join(codes)}，图形为{shown}"
        en = f"tri-point {number} is told as of {', '.join(codes)}, the polygons show {shown}"
        yield Issue("units", number, Text(zh, en), shape=row["geometry"])
        return
    parts = set(re.findall(r"\d{3}", number)) if _GRAMMAR.fullmatch(number) else set()
    expected = {code[-3:] for code in (mapped if len(mapped) == 3 else meeting)}
    if parts and len(expected) == 3 and parts != expected:
        zh = f"三交点编号{number}与其行政区（{shown}）不符"
        en = f"the number of tri-point {number} does not follow from its units ({shown})"
        yield Issue("number", number, Text(zh, en), shape=row["geometry"])

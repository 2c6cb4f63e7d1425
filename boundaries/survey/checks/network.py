"""The lines of a delivery are its own, each once, whole, and named after its sides."""

from __future__ import annotations

import re
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.survey.case import Case, Issue, column, present
from boundaries.survey.edges import BACK, GRID_M, KEY, directed_segments
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text

Objects = npt.NDArray[np.object_]

TWICE_M = 1.0
"""Lines that have more than so many metres in common are one line delivered twice."""
KINDS = re.compile(r"(?<=..)(街道办事处|街道|民族镇|民族乡|镇|乡|办事处|农场|林场|管理区)$")
"""What is left off the name of a unit in the name of its line (MZ/T 150: 界线命名)."""


def twice(case: Case) -> Iterator[Issue]:
    """Yield each pair of line records that run over the same ground."""
    lines = case.metric("lines")
    segments = directed_segments(lines.geometry.to_numpy(), np.arange(len(lines)))
    turned = (segments["x1"] > segments["x2"]) | (
        (segments["x1"] == segments["x2"]) & (segments["y1"] > segments["y2"])
    )
    segments.loc[turned, KEY] = segments.loc[turned, BACK].to_numpy()
    segments["length"] = GRID_M * np.hypot(
        segments["x1"] - segments["x2"], segments["y1"] - segments["y2"]
    )
    both = segments.merge(segments, on=[*KEY, "length"], suffixes=("", "_other"))
    both = both[both["owner"] < both["owner_other"]]
    for (one, other), common in both.groupby(["owner", "owner_other"]):
        if common["length"].sum() > TWICE_M:
            yield _twice(lines, int(one), int(other), float(common["length"].sum()))


def _twice(lines: gpd.GeoDataFrame, one: int, other: int, length: float) -> Issue:
    codes = [str(column(lines, "code").iloc[each]) for each in (one, other)]
    if codes[0] == codes[1]:
        zh, en = f"界线{codes[0]}提交了两次", f"line {codes[0]} is delivered twice"
    else:
        zh = f"界线{codes[0]}与界线{codes[1]}为同一条线"
        en = f"lines {codes[0]} and {codes[1]} are the same line"
    message = Text(f"{zh}（重合{length:.0f}米）", f"{en} ({length:.0f} m in common)")
    related = tuple(codes[1:]) if codes[0] != codes[1] else ()
    return Issue("twice", codes[0], message, shape=lines.geometry.iloc[one], related=related)


def foreign(case: Case) -> Iterator[Issue]:
    """Yield each line of which neither side was surveyed: a neighbour's."""
    lines, units = case.metric("lines"), set(case.unit_codes)
    if not units:
        return
    for (_, line), seen in zip(lines.iterrows(), case.sides, strict=True):
        stated = [line.get(name) for name in ("left_code", "right_code")]
        mapped = {case.code_of(each) for each in stated if present(each)}
        if mapped and not mapped & units and seen.left is None and seen.right is None:
            shown = "、".join(sorted(mapped))
            zh = f"界线{line.get('code')}两侧（{shown}）均不是本次成果的行政区"
            en = f"line {line.get('code')} lies between {shown}, which are not of this survey"
            yield Issue("foreign", str(line.get("code")), Text(zh, en), shape=line.geometry)


def whole(case: Case) -> Iterator[Issue]:
    """Yield each line that stops short of the edge that its two units share."""
    lines, units = case.metric("lines"), case.metric("units")
    if not len(lines) or len(units) < 2:
        return
    shared = case.shared
    for code, records in lines.assign(pair=case.pairs(lines)).groupby(
        column(lines, "code").astype(str)
    ):
        edge = shared.get(records["pair"].iloc[0])
        if edge is not None:
            yield from _short(case, str(code), records.geometry.union_all(), edge)


def _short(case: Case, code: str, line: BaseGeometry, segments: Objects) -> Iterator[Issue]:
    """Compare segment by segment; what is left over and touches the line is its missing end."""
    limit = case.profile.tolerance("line_on_edge").value
    off = shapely.distance(shapely.line_interpolate_point(segments, 0.5, normalized=True), line)
    lost = shapely.line_merge(shapely.union_all(segments[off > limit + GRID_M / 2]))
    parts = shapely.get_parts(lost)
    ends = parts[shapely.distance(parts, line) <= limit] if len(parts) else parts
    length = float(shapely.length(ends).sum())
    if length > limit:
        zh = f"界线{code}比两侧行政区的共边短{length:.2f}米"
        en = f"line {code} is {length:.2f} m shorter than the edge that its units share"
        shape = shapely.union_all(ends)
        limit_name = "line_on_edge"
        yield Issue("short", code, Text(zh, en), Severity.ERROR, limit_name, length, shape)


def names(case: Case) -> Iterator[Issue]:
    """Yield each line that is not named after its sides, where most lines are; names in tables."""
    lines = case.delivery.layer("lines")
    stems = _stems(case)
    named = []
    for code, name, left, right in zip(
        *(column(lines, each) for each in ("code", "name", "left_code", "right_code")), strict=True
    ):
        sides = [stems[str(each)] for each in (left, right) if str(each) in stems]
        if present(name) and len(sides) == 2:
            named.append((str(code), str(name), sides))
    wrong = [
        each for each in named if not all(any(stem in each[1] for stem in side) for side in each[2])
    ]
    if 2 * len(wrong) < len(named):
        for code, name, sides in wrong:
            zh = f"界线{code}名称为“{name}”，两侧为{sides[0][0]}、{sides[1][0]}"
            en = f"line {code} is called {name}, its sides are {sides[0][0]} and {sides[1][0]}"
            yield Issue("name", code, Text(zh, en))
    yield from _in_tables(case)


def _stems(case: Case) -> dict[str, list[str]]:
    """Return what units are called in names of lines: by the register, and as delivered."""
    units = case.delivery.layer("units")
    columns = column(units, "code").astype(str), case.resolved, column(units, "name").astype(str)
    register = case.register
    known = {} if register is None else dict(zip(register["code"], register["name"], strict=True))
    called = {}
    for code, right, name in zip(*columns, strict=True):
        called[right or code] = dict.fromkeys((known.get(right, name), name))
        if code not in known:  # as lines may name it, too
            called[code] = called[right or code]
    return {
        code: [KINDS.sub("", each) for each in names if isinstance(each, str)]
        for code, names in called.items()
    }


def _in_tables(case: Case) -> Iterator[Issue]:
    for layer, role, title in (
        ("lines", "lengths", "长度统计表"),
        ("units", "areas", "面积统计表"),
    ):
        frame, table = case.delivery.layer(layer), case.delivery.table(role)
        known = dict(zip(column(frame, "code").astype(str), column(frame, "name"), strict=True))
        pairs = zip(column(table, "code"), column(table, "name"), strict=True)
        for code, name in pairs:
            right = known.get(str(code))
            if present(name) and present(right) and str(name).strip() != str(right).strip():
                zh = f"{title}中{code}的名称为“{name}”，图层为“{right}”"
                en = f"{code} is called {name} in {role} and {right} in the layer"
                yield Issue("name-in-table", str(code), Text(zh, en), key=role)

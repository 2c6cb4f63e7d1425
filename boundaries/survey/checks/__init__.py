"""The checks of a survey: one table, each with what it enforces and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from boundaries.survey.case import Case, Issue
from boundaries.survey.checks import (
    completeness,
    coordinates,
    descriptions,
    markers,
    measures,
    photos,
    references,
    register,
    topology,
    tri_points,
)
from gazetteer.findings import Finding
from gazetteer.language import Text

SURVEY = "GB/T 17796-2009"
LAW = "行政区域界线管理条例"


class Check(NamedTuple):
    """One check: what it is called, the clause it enforces, the roles it needs, its function."""

    name: str
    title: Text
    clause: str
    needs: tuple[str, ...]
    run: Callable[[Case], Iterable[Issue | Finding]]


CHECKS: tuple[Check, ...] = (
    Check(
        "files", Text("成果齐全", "files complete"), f"{SURVEY} 成果清单", (), completeness.files
    ),
    Check(
        "fields", Text("字段齐全", "fields complete"), f"{SURVEY} 成果清单", (), completeness.fields
    ),
    Check(
        "shapes",
        Text("图形类型", "kinds of geometry"),
        f"{SURVEY} 成果清单",
        (),
        completeness.shapes,
    ),
    Check(
        "reference-frame",
        Text("坐标系", "reference frame"),
        "测绘法 9; CGCS2000",
        (),
        coordinates.reference_frame,
    ),
    Check("zone", Text("坐标带", "zone"), f"{SURVEY} 3°带", (), coordinates.zone),
    Check("shift", Text("整体偏移", "common shift"), "测绘法 9; CGCS2000", (), coordinates.shift),
    Check("tiling", Text("面拓扑", "tiling"), f"{LAW} 2", ("units",), topology.tiles),
    Check(
        "edges",
        Text("线面一致", "lines equal edges"),
        f"{LAW} 2",
        ("lines", "units"),
        topology.lines_on_edges,
    ),
    Check(
        "sides",
        Text("界线两侧", "sides of lines"),
        f"{LAW} 2",
        ("lines", "units"),
        topology.sides_as_told,
    ),
    Check(
        "lines",
        Text("界线齐全", "lines complete"),
        f"{LAW} 2",
        ("lines", "units"),
        topology.missing_lines,
    ),
    Check(
        "both-sides",
        Text("双方一致", "both sides equal"),
        f"{LAW} 5",
        ("lines", "other_side"),
        topology.both_sides,
    ),
    Check(
        "status", Text("界线性质", "legal status"), f"{LAW} 2", ("lines",), register.legal_status
    ),
    Check(
        "markers",
        Text("界桩位置", "place of markers"),
        f"{LAW} 5; {SURVEY}",
        ("lines", "markers"),
        markers.on_line,
    ),
    Check(
        "marker-lines",
        Text("界桩所属", "lines of markers"),
        f"{LAW} 5",
        ("lines", "markers"),
        markers.line_known,
    ),
    Check(
        "numbering",
        Text("编号", "numbering"),
        "界桩编号规则",
        ("lines", "markers"),
        markers.numbering,
    ),
    Check("heights", Text("高程", "heights"), SURVEY, ("markers",), markers.heights),
    Check(
        "reference-count",
        Text("方位物数量", "number of reference objects"),
        f"{SURVEY} 方位物",
        ("markers", "reference_objects"),
        references.count,
    ),
    Check(
        "references",
        Text("方位物", "reference objects"),
        f"{SURVEY} 方位物",
        ("markers", "reference_objects", "right-zone"),
        references.polar,
    ),
    Check(
        "tri-points",
        Text("三交点", "tri-points"),
        SURVEY,
        ("units", "tri_points"),
        tri_points.on_node,
    ),
    Check(
        "tri-point-documents",
        Text("三交点协议", "documents of tri-points"),
        SURVEY,
        ("tri_points",),
        tri_points.documents,
    ),
    Check(
        "register",
        Text("名称代码", "names and codes"),
        "行政区划管理条例 17; GB/T 2260",
        ("units", "register"),
        register.names_and_codes,
    ),
    Check("areas", Text("面积", "areas"), SURVEY, ("units", "areas", "unshifted"), measures.areas),
    Check(
        "lengths",
        Text("长度", "lengths"),
        SURVEY,
        ("lines", "lengths", "unshifted"),
        measures.lengths,
    ),
    Check(
        "coordinates",
        Text("成果表坐标", "coordinates in tables"),
        f"{SURVEY} 界桩成果表",
        ("markers", "marker_results", "unshifted", "right-zone"),
        measures.coordinates,
    ),
    Check(
        "registrations",
        Text("界桩登记表", "registrations"),
        f"{SURVEY} 界桩登记表",
        ("markers", "registrations"),
        measures.registrations,
    ),
    Check(
        "boundary-points",
        Text("边界点", "boundary points"),
        f"{SURVEY} 边界点成果表",
        ("lines", "boundary_points", "unshifted", "right-zone"),
        measures.boundary_points,
    ),
    Check("photos", Text("照片", "photos"), f"{SURVEY} 界桩登记表", ("photos",), photos.readable),
    Check(
        "photo-places",
        Text("照片位置", "places of photos"),
        f"{SURVEY} 界桩登记表",
        ("markers", "photos", "unshifted"),
        photos.at_marker,
    ),
    Check(
        "descriptions",
        Text("走向说明", "route descriptions"),
        f"{SURVEY} 走向说明",
        ("lines", "markers", "descriptions"),
        descriptions.agree,
    ),
)
"""In the order in which they run and are printed."""

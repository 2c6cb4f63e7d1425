"""The checks of a survey: one table, each with what it enforces and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from boundaries.survey.case import Case, Issue
from boundaries.survey.checks import (
    completeness,
    coordinates,
    dates,
    descriptions,
    markers,
    measures,
    network,
    photos,
    points,
    references,
    register,
    registrations,
    topology,
    tri_points,
)
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text

SURVEY = "GB/T 17796-2009"
LAW = "行政区域界线管理条例"


FRAMES = (
    *("crs-missing", "implausible", "datum", "axes", "zone-prefix", "degrees", "metres"),
    *("label", "elsewhere"),
)
DESCRIBED = (
    *("missing", "marker", "tri-point", "distance", "direction", "left-out", "repeated"),
    *("feature", "unreadable", "not-checked"),
)


class Check(NamedTuple):
    """One check: what it is called, the clause it enforces, the roles it needs, its function.

    `places` are the roles whose coordinates it compares with each other: it is left out where one
    of them is displaced as a whole, which is told by itself. `kinds` are its findings.
    """

    name: str
    title: Text
    clause: str
    needs: tuple[str, ...]
    run: Callable[[Case], Iterable[Issue | Finding]]
    kinds: tuple[str, ...]
    places: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()


CHECKS: tuple[Check, ...] = (
    Check(
        "files",
        Text("成果齐全", "files complete"),
        f"{SURVEY} 成果清单",
        (),
        completeness.files,
        kinds=("missing", "unreadable"),
    ),
    Check(
        "fields",
        Text("字段齐全", "fields complete"),
        f"{SURVEY} 成果清单",
        (),
        completeness.fields,
        kinds=("missing-column", "empty", "unreadable", "twice"),
    ),
    Check(
        "shapes",
        Text("图形类型", "kinds of geometry"),
        f"{SURVEY} 成果清单",
        (),
        completeness.shapes,
        kinds=("no-geometry", "geometry-type"),
    ),
    Check(
        "reference-frame",
        Text("坐标系", "reference frame"),
        "测绘法 9; CGCS2000",
        (),
        coordinates.reference_frame,
        kinds=FRAMES,
    ),
    Check(
        "zone",
        Text("坐标带", "zone"),
        f"{SURVEY} 3°带",
        (),
        coordinates.zone,
        kinds=("mixed", "zone"),
    ),
    Check(
        "shift",
        Text("整体偏移", "common shift"),
        "测绘法 9; CGCS2000",
        ("right-zone",),
        coordinates.shift,
        kinds=("shift", "layer"),
    ),
    Check(
        "tiling",
        Text("面拓扑", "tiling"),
        f"{LAW} 2",
        ("units",),
        topology.tiles,
        kinds=("gap", "overlap"),
    ),
    Check(
        "edges",
        Text("线面一致", "lines equal edges"),
        f"{LAW} 2",
        ("lines", "units"),
        topology.lines_on_edges,
        kinds=("off-edge",),
        places=("lines", "units"),
    ),
    Check(
        "line-records",
        Text("界线记录", "line records"),
        f"{LAW} 2",
        ("lines",),
        network.twice,
        kinds=("twice",),
    ),
    Check(
        "foreign-lines",
        Text("他县界线", "lines of others"),
        f"{LAW} 2",
        ("lines", "units"),
        network.foreign,
        kinds=("foreign",),
        places=("lines", "units"),
    ),
    Check(
        "line-ends",
        Text("界线长短", "ends of lines"),
        f"{LAW} 2",
        ("lines", "units"),
        network.whole,
        kinds=("short",),
        places=("lines", "units"),
    ),
    Check(
        "line-names",
        Text("界线名称", "names of lines"),
        "MZ/T 150-2020 6.1.3",
        ("lines", "units"),
        network.names,
        kinds=("name", "name-in-table"),
    ),
    Check(
        "sides",
        Text("界线两侧", "sides of lines"),
        f"{LAW} 2",
        ("lines", "units"),
        topology.sides_as_told,
        kinds=("sides",),
        places=("lines", "units"),
    ),
    Check(
        "lines",
        Text("界线齐全", "lines complete"),
        f"{LAW} 2",
        ("lines", "units"),
        topology.missing_lines,
        kinds=("missing-line",),
        places=("lines", "units"),
    ),
    Check(
        "both-sides",
        Text("双方一致", "both sides equal"),
        f"{LAW} 5",
        ("lines", "other_side", "unshifted", "right-zone"),
        topology.both_sides,
        kinds=("both-sides",),
        places=("lines",),
    ),
    Check(
        "status",
        Text("界线性质", "legal status"),
        f"{LAW} 2",
        ("lines",),
        register.legal_status,
        kinds=("legal-status",),
    ),
    Check(
        "agreements",
        Text("界线协议", "agreements"),
        f"{LAW} 5",
        ("lines",),
        register.agreements,
        kinds=("no-agreement",),
    ),
    Check(
        "markers",
        Text("界桩位置", "place of markers"),
        f"{LAW} 5; {SURVEY}",
        ("lines", "markers"),
        markers.on_line,
        kinds=("off-line",),
        places=("lines", "markers"),
    ),
    Check(
        "marker-lines",
        Text("界桩所属", "lines of markers"),
        f"{LAW} 5",
        ("lines", "markers"),
        markers.line_known,
        kinds=("unknown-line",),
    ),
    Check(
        "numbering",
        Text("编号", "numbering"),
        "界桩编号规则",
        ("lines", "markers", "right-zone"),
        markers.numbering,
        kinds=(
            *("grammar", "line", "duplicate", "one-place", "type", "gap", "order"),
            "line-code",
        ),
        places=("lines", "markers"),
    ),
    Check(
        "heights",
        Text("高程", "heights"),
        SURVEY,
        ("markers",),
        markers.heights,
        kinds=("height", "accuracy", "height-differs"),
    ),
    Check(
        "dates",
        Text("日期", "dates"),
        SURVEY,
        ("markers",),
        dates.plausible,
        kinds=("future", "early"),
    ),
    Check(
        "reference-markers",
        Text("方位物所属", "markers of reference objects"),
        f"{SURVEY} 方位物",
        ("markers", "reference_objects"),
        references.known,
        kinds=("unknown-marker",),
    ),
    Check(
        "reference-count",
        Text("方位物数量", "number of reference objects"),
        f"{SURVEY} 方位物",
        ("markers", "reference_objects"),
        references.count,
        kinds=("too-few",),
    ),
    Check(
        "references",
        Text("方位物", "reference objects"),
        f"{SURVEY} 方位物",
        ("markers", "reference_objects", "right-zone"),
        references.polar,
        kinds=("azimuth", "distance"),
        places=("markers", "reference_objects"),
    ),
    Check(
        "tri-points",
        Text("三交点", "tri-points"),
        SURVEY,
        ("units", "tri_points"),
        tri_points.on_node,
        kinds=("off-node", "missing"),
        places=("units", "tri_points"),
    ),
    Check(
        "tri-point-names",
        Text("三交点编号", "numbers of tri-points"),
        SURVEY,
        ("units", "tri_points"),
        tri_points.names,
        kinds=("duplicate", "units", "number"),
        places=("units", "tri_points"),
    ),
    Check(
        "tri-point-documents",
        Text("三交点协议", "documents of tri-points"),
        SURVEY,
        ("tri_points",),
        tri_points.documents,
        kinds=("document", "codes"),
    ),
    Check(
        "register",
        Text("名称代码", "names and codes"),
        "行政区划管理条例 17; GB/T 2260",
        ("units", "register"),
        register.names_and_codes,
        kinds=("missing-unit", "code", "name", "unknown-unit"),
    ),
    Check(
        "areas",
        Text("面积", "areas"),
        SURVEY,
        ("units", "areas", "unshifted"),
        measures.areas,
        kinds=("area", "area-missing", "area-unknown"),
        sizes=("units",),
    ),
    Check(
        "lengths",
        Text("长度", "lengths"),
        SURVEY,
        ("lines", "lengths", "unshifted"),
        measures.lengths,
        kinds=("length", "length-missing", "length-unknown"),
        sizes=("lines",),
    ),
    Check(
        "coordinates",
        Text("成果表坐标", "coordinates in tables"),
        f"{SURVEY} 界桩成果表",
        ("markers", "marker_results", "unshifted", "right-zone"),
        measures.coordinates,
        kinds=("coordinates", "marker-missing", "marker-unknown"),
        places=("markers", "marker_results"),
    ),
    Check(
        "registrations",
        Text("界桩登记表", "registrations"),
        f"{SURVEY} 界桩登记表",
        ("markers", "registrations"),
        measures.registrations,
        kinds=("registration-missing", "registration-unknown"),
    ),
    Check(
        "registration-fields",
        Text("登记表内容", "content of registrations"),
        f"{SURVEY} 界桩登记表",
        ("markers", "registrations"),
        registrations.fields,
        kinds=("line-code", "marker-type", "material"),
    ),
    Check(
        "registration-places",
        Text("登记表坐标", "coordinates in registrations"),
        f"{SURVEY} 界桩登记表",
        ("markers", "registrations", "unshifted", "right-zone"),
        registrations.places,
        kinds=("coordinates",),
        places=("markers", "registrations"),
    ),
    Check(
        "boundary-points",
        Text("边界点", "boundary points"),
        f"{SURVEY} 边界点成果表",
        ("lines", "boundary_points", "unshifted", "right-zone"),
        points.boundary_points,
        kinds=("off-line", "other-line", "order", "missing"),
        places=("lines", "boundary_points"),
    ),
    Check(
        "photos",
        Text("照片", "photos"),
        f"{SURVEY} 界桩登记表",
        ("photos",),
        photos.readable,
        kinds=("unreadable", "missing"),
    ),
    Check(
        "photo-places",
        Text("照片位置", "places of photos"),
        f"{SURVEY} 界桩登记表",
        ("markers", "photos", "unshifted", "right-zone"),
        photos.at_marker,
        kinds=("away",),
        places=("markers", "photos"),
    ),
    Check(
        "descriptions",
        Text("走向说明", "route descriptions"),
        f"{SURVEY} 走向说明",
        ("lines", "markers", "descriptions", "right-zone"),
        descriptions.agree,
        kinds=DESCRIBED,
        places=("lines", "markers", "tri_points"),
    ),
)
"""In the order in which they run and are printed."""

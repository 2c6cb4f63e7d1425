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


FRAMES = "crs-missing implausible datum axes zone-prefix degrees metres label elsewhere"
NUMBERED = "grammar line duplicate one-place type gap order line-code"
DESCRIBED = (
    "missing marker tri-point distance direction left-out repeated feature unreadable not-checked"
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


def _check(
    name: str,
    title: str,
    clause: str,
    needs: str,
    run: Callable[[Case], Iterable[Issue | Finding]],
    kinds: str,
    places: str = "",
    sizes: str = "",
) -> Check:
    """Return a check: its title as Chinese|English, roles and findings with blanks between."""
    zh, en = title.split("|")
    listed = (tuple(each.split()) for each in (kinds, places, sizes))
    return Check(name, Text(zh, en), clause, tuple(needs.split()), run, *listed)


# fmt: off
CHECKS: tuple[Check, ...] = (
    _check("files", "成果齐全|files complete", f"{SURVEY} 成果清单",
           "", completeness.files, "missing unreadable"),
    _check("fields", "字段齐全|fields complete", f"{SURVEY} 成果清单",
           "", completeness.fields, "missing-column empty unreadable twice"),
    _check("shapes", "图形类型|kinds of geometry", f"{SURVEY} 成果清单",
           "", completeness.shapes, "no-geometry geometry-type"),
    _check("reference-frame", "坐标系|reference frame", "测绘法 9；CGCS2000",
           "", coordinates.reference_frame, FRAMES),
    _check("zone", "坐标带|zone", f"{SURVEY} 3°带",
           "", coordinates.zone, "mixed zone"),
    _check("shift", "整体偏移|common shift", "测绘法 9；CGCS2000",
           "right-zone", coordinates.shift, "shift layer"),
    _check("tiling", "面拓扑|tiling", f"{LAW} 2",
           "units", topology.tiles, "gap overlap"),
    _check("edges", "线面一致|lines equal edges", f"{LAW} 2",
           "lines units", topology.lines_on_edges, "off-edge", "lines units"),
    _check("line-records", "界线记录|line records", f"{LAW} 2",
           "lines", network.twice, "twice"),
    _check("foreign-lines", "他县界线|lines of others", f"{LAW} 2",
           "lines units", network.foreign, "foreign", "lines units"),
    _check("line-ends", "界线长短|ends of lines", f"{LAW} 2",
           "lines units", network.whole, "short", "lines units"),
    _check("line-names", "界线名称|names of lines", "MZ/T 150-2020 6.1.3",
           "lines units", network.names, "name name-in-table"),
    _check("sides", "界线两侧|sides of lines", f"{LAW} 2",
           "lines units", topology.sides_as_told, "sides", "lines units"),
    _check("lines", "界线齐全|lines complete", f"{LAW} 2",
           "lines units", topology.missing_lines, "missing-line", "lines units"),
    _check("both-sides", "双方一致|both sides equal", f"{LAW} 5",
           "lines other_side unshifted right-zone", topology.both_sides, "both-sides", "lines"),
    _check("status", "界线性质|legal status", f"{LAW} 2",
           "lines", register.legal_status, "legal-status"),
    _check("agreements", "界线协议|agreements", f"{LAW} 5",
           "lines", register.agreements, "no-agreement"),
    _check("markers", "界桩位置|place of markers", f"{LAW} 5; {SURVEY}",
           "lines markers", markers.on_line, "off-line", "lines markers"),
    _check("marker-lines", "界桩所属|lines of markers", f"{LAW} 5",
           "lines markers", markers.line_known, "unknown-line"),
    _check("numbering", "编号|numbering", "界桩编号规则",
           "lines markers right-zone", markers.numbering, NUMBERED, "lines markers"),
    _check("heights", "高程|heights", SURVEY,
           "markers", markers.heights, "height accuracy height-differs"),
    _check("dates", "日期|dates", SURVEY,
           "markers", dates.plausible, "future early"),
    _check("reference-markers", "方位物所属|markers of reference objects", f"{SURVEY} 方位物",
           "markers reference_objects", references.known, "unknown-marker"),
    _check("reference-count", "方位物数量|number of reference objects", f"{SURVEY} 方位物",
           "markers reference_objects", references.count, "too-few"),
    _check("references", "方位物|reference objects", f"{SURVEY} 方位物",
           "markers reference_objects right-zone", references.polar, "azimuth distance",
           "markers reference_objects"),
    _check("tri-points", "三交点|tri-points", SURVEY,
           "units tri_points", tri_points.on_node, "off-node missing", "units tri_points"),
    _check("tri-point-names", "三交点编号|numbers of tri-points", SURVEY,
           "units tri_points", tri_points.names, "duplicate units number", "units tri_points"),
    _check("tri-point-documents", "三交点协议|documents of tri-points", SURVEY,
           "tri_points", tri_points.documents, "document codes"),
    _check("register", "名称代码|names and codes", "行政区划管理条例 17；GB/T 2260",
           "units register", register.names_and_codes, "missing-unit code name unknown-unit"),
    _check("areas", "面积|areas", SURVEY,
           "units areas unshifted", measures.areas, "area area-missing area-unknown",
           sizes="units"),
    _check("lengths", "长度|lengths", SURVEY,
           "lines lengths unshifted", measures.lengths, "length length-missing length-unknown",
           sizes="lines"),
    _check("coordinates", "成果表坐标|coordinates in tables", f"{SURVEY} 界桩成果表",
           "markers marker_results unshifted right-zone", measures.coordinates,
           "coordinates marker-missing marker-unknown", "markers marker_results"),
    _check("registrations", "界桩登记表|registrations", f"{SURVEY} 界桩登记表",
           "markers registrations", measures.registrations,
           "registration-missing registration-unknown"),
    _check("registration-fields", "登记表内容|content of registrations", f"{SURVEY} 界桩登记表",
           "markers registrations", registrations.fields, "line-code marker-type material"),
    _check("registration-places", "登记表坐标|coordinates in registrations", f"{SURVEY} 界桩登记表",
           "markers registrations unshifted right-zone", registrations.places, "coordinates",
           "markers registrations"),
    _check("boundary-points", "边界点|boundary points", f"{SURVEY} 边界点成果表",
           "lines boundary_points unshifted right-zone", points.boundary_points,
           "off-line other-line order missing", "lines boundary_points"),
    _check("photos", "照片|photos", f"{SURVEY} 界桩登记表",
           "photos", photos.readable, "unreadable missing"),
    _check("photo-places", "照片位置|places of photos", f"{SURVEY} 界桩登记表",
           "markers photos unshifted right-zone", photos.at_marker, "away", "markers photos"),
    _check("descriptions", "走向说明|route descriptions", f"{SURVEY} 走向说明",
           "lines markers descriptions right-zone", descriptions.agree, DESCRIBED,
           "lines markers tri_points"),
)
# fmt: on
"""In the order in which they run and are printed."""

"""Deliverables are complete: files there and readable, columns there, compulsory cells filled."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from boundaries.forms import table
from boundaries.survey.case import Case, Issue, column, filled
from boundaries.survey.delivery import LAYERS, TABLES, Trouble
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text

TITLES: dict[str, Text] = {
    "units": Text("行政区面", "unit polygons"),
    "lines": Text("界线", "boundary lines"),
    "markers": Text("界桩点", "markers"),
    "reference_objects": Text("方位物", "reference objects"),
    "tri_points": Text("三交点", "tri-points"),
    "registrations": Text("界桩登记表", "marker registrations"),
    "marker_results": Text("界桩成果表", "table of marker coordinates"),
    "boundary_points": Text("边界点成果表", "table of boundary points"),
    "areas": Text("面积统计表", "table of areas"),
    "lengths": Text("长度统计表", "table of lengths"),
    "descriptions": Text("走向说明", "route descriptions"),
    "photos": Text("界桩照片", "photos of markers"),
}

NAMED_BY = {"markers": "number", "units": "code", "lines": "code", "tri_points": "number"}


def files(case: Case) -> Iterator[Issue]:
    """Yield a required deliverable that is missing, what could not be read or read as it says."""
    unreadable = {each.role for each in case.delivery.troubles if not each.column and not each.row}
    for role in case.profile.required_files:
        if not case.delivery.has(role) and role not in unreadable:
            title = TITLES.get(role, Text(role, role))
            message = Text(f"缺少{title.zh}", f"the {title.en} are missing")
            yield Issue("missing", role, message)
    for trouble in case.delivery.troubles:
        if not trouble.column and not trouble.row:
            subject = trouble.role or trouble.file
            yield Issue("unreadable", subject, _in_file(trouble), key=trouble.file)
    for note in case.delivery.notes:
        yield Issue("read-otherwise", note.role, _in_file(note), Severity.NOTE, key=note.file)


def _in_file(trouble: Trouble) -> Text:
    zh, en = trouble.message
    return Text(f"{trouble.file}：{zh}", f"{trouble.file}: {en}")


def fields(case: Case) -> Iterator[Issue]:
    """Yield a compulsory column that is missing, an empty compulsory cell, an unreadable one."""
    cells = [each for each in case.delivery.troubles if each.row and each.column]
    unread = {(each.role, each.column) for each in cells}  # told by themselves, not as empty
    for role in (*LAYERS, *TABLES):
        frame = case.delivery.records(role)
        if role in case.delivery.layers or role in case.delivery.tables:
            yield from (each for each in _fields_of(role, frame) if (role, each.key) not in unread)
    yield from _twice(case)
    for trouble in case.delivery.troubles:
        if trouble.column or trouble.row:
            key = f"{trouble.file}:{trouble.row}"
            yield Issue("unreadable", trouble.role, _in_file(trouble), key=key)


ROWS = {
    "registrations": ("number",),
    "marker_results": ("number",),
    "boundary_points": ("line_code", "number"),
    "areas": ("code",),
    "lengths": ("code",),
    "reference_objects": ("number", "ordinal"),
}
"""What tells the rows of a table from each other; a layer's own numbers are told elsewhere."""


def _twice(case: Case) -> Iterator[Issue]:
    """Yield what a table has more than one row of: nobody knows which of them holds."""
    for role, names in ROWS.items():
        frame = case.delivery.records(role)
        keys = pd.DataFrame({name: column(frame, name) for name in names}).dropna().astype(str)
        counts = keys.value_counts() if len(keys) else pd.Series(dtype=int)
        for key, count in counts[counts > 1].items():
            parts = key if isinstance(key, tuple) else (key,)
            subject = str(parts[names.index("number") if "number" in names else 0])
            title, nth = TITLES[role], role == "reference_objects"
            which = f"第{float(str(parts[1])):.0f}个" if nth else ""
            zh = f"{title.zh}中{subject}{which}有{count}行"
            message = Text(zh, f"the {title.en} have {count} rows of {subject}")
            yield Issue("twice", subject, message, key=f"{role}:{':'.join(map(str, parts))}")


def _fields_of(role: str, frame: pd.DataFrame) -> Iterator[Issue]:
    title = TITLES[role]
    for field in table.fields(role):
        if not field.required:
            continue
        if field.column not in frame:
            zh = f"{title.zh}缺少字段“{field.headers[0]}”"
            en = f"the {title.en} have no column {field.headers[0]} ({field.column})"
            yield Issue("missing-column", role, Text(zh, en), key=field.column)
            continue
        empty = frame[~filled(frame, field.column)]
        if len(empty):
            yield _empty(role, field, empty)


def _empty(role: str, field: table.Field, empty: pd.DataFrame) -> Issue:
    title = TITLES[role]
    names = column(empty, NAMED_BY.get(role, "number")).dropna().astype(str).tolist()
    shown = "、".join(names[:6]) or f"{len(empty)}行"
    zh = f"{title.zh}的“{field.headers[0]}”有{len(empty)}处为空（{shown}）"
    listed = ", ".join(names[:6]) or f"{len(empty)} rows"
    en = f"{len(empty)} of the {title.en} have an empty {field.headers[0]} ({listed})"
    return Issue("empty", role, Text(zh, en), related=tuple(names), key=field.column)


def shapes(case: Case) -> Iterator[Issue]:
    """Yield each layer that holds records without geometry or of another kind of geometry."""
    for role, kind in LAYERS.items():
        frame = case.delivery.layer(role)
        if not len(frame):
            continue
        bare = frame.geometry.isna() | frame.geometry.is_empty
        alien = ~bare & ~frame.geometry.geom_type.fillna("").str.endswith(kind)
        for word, rows in (("no-geometry", bare), ("geometry-type", alien)):
            if rows.any():
                names = column(frame, NAMED_BY.get(role, "number"))[rows].astype(str).tolist()
                zh = f"{TITLES[role].zh}有{len(names)}条记录没有{_ZH[kind]}图形"
                en = f"{len(names)} of the {TITLES[role].en} have no {kind} geometry"
                yield Issue(word, role, Text(zh, en), related=tuple(names[:50]))


_ZH = {"Polygon": "面", "LineString": "线", "Point": "点"}

"""Boundary lines, markers, reference objects and tri-points as they land in the county file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common.codes import LEVEL_BY_LENGTH
from gazetteer.common.coordinates import CGCS2000, geodesic_length_m
from gazetteer.common.language import Text
from gazetteer.exchange.rejects import ROW, SHEET
from gazetteer.importing.prepared import Prepared
from gazetteer.importing.resolving import Refused
from gazetteer.store import County
from gazetteer.store.landing import with_division_ids

_SCALE = re.compile(r"(?:1\s*[:∶/比]\s*)?(\d+(?:\.\d+)?)\s*(万)?")
# what `exchange.read` puts beside the fields, and what only serves to find others
_ABOUT = (SHEET, ROW, "crs_source")


def scale_of(text: Any) -> int | None:
    """Return the denominator of a scale as offices write it; None where it is none.

    Examples
    --------
    >>> scale_of("1:10000"), scale_of("1∶5万"), scale_of(10000), scale_of("大比例尺")
    (10000, 50000, 10000, None)
    """
    match = _SCALE.fullmatch(str(text).strip().replace(",", "")) if text is not None else None
    return int(float(match[1]) * (10_000 if match[2] else 1)) if match else None


def lines(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare boundary lines; each is known by its code, its sides by their division codes.

    The length is the geodesic one of the line itself. A side beyond the county's own border need
    not be stored, but one of the two has to be; a line with an agreement is agreed.
    """
    ids = county.division_ids()
    left, right = frame["left_code"], frame["right_code"]
    scales = frame["scale"].astype(object)
    scale = scales.map(scale_of).astype(object)
    stated = frame["legal_status"].astype(object)
    # a line that is known keeps its status where the file says none
    known = frame["code"].isin(county.layer("lines")["code"])
    signed = pd.Series(
        np.where(frame["agreement_document"].notna(), "agreed", "de-facto"), frame.index
    ).where(~known)
    rows = frame.drop(columns=list(_ABOUT), errors="ignore").assign(
        level=[level_between(*pair) for pair in zip(left, right, strict=True)],
        legal_status=stated.where(stated.notna(), signed),
        scale=scale.where(scale.notna(), None),
        geometry=_flat_lines(frame["geometry"]),
        source=source,
    )
    rows = rows.assign(length_m=_lengths(rows["geometry"]))
    refused = [
        _refuse(frame, frame["code"].isna(), "code", _NO_CODE),
        _refuse(frame, ~(left.isin(list(ids)) | right.isin(list(ids))), "left_code", _NO_SIDE),
        _refuse(frame, left.notna() & (left == right), "right_code", _SAME_SIDES),
        _refuse(frame, scales.notna() & scale.isna(), "scale", _NO_SCALE),
        _refuse(frame, frame["code"].notna() & frame["code"].duplicated(), "code", _AGAIN),
    ]
    return Prepared(with_division_ids(rows, ids), refused)


def markers(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare markers; each is known by its number and tied to its line by the line's code."""
    known = _ids(county, "lines", "code")
    stored = frame["line_code"].map(known).astype(object)
    rows = frame.drop(columns=["line_code", *_ABOUT], errors="ignore").assign(
        line_id=stored.where(stored.notna(), None),
        geometry=_flat(frame["geometry"]),
    )
    unknown = frame["line_code"].notna() & stored.isna()
    refused = [
        _refuse(frame, unknown, "line_code", _NO_LINE),
        _refuse(frame, frame["number"].duplicated(), "number", _AGAIN),
    ]
    return Prepared(rows, refused)


def reference_objects(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare reference objects; marker and ordinal tell one from another.

    Without an ordinal they are numbered as they stand.
    """
    known = _ids(county, "markers", "number")
    stored = frame["number"].astype(str).map(known).astype(object)
    # numbers are compared as texts: one column may hold 4 and "4"
    counted = frame.groupby(frame["number"].astype(str)).cumcount() + 1
    ordinal = frame["ordinal"].astype(object).where(frame["ordinal"].notna(), counted)
    shapes = frame["geometry"] if "geometry" in frame else pd.Series(None, frame.index)
    rows = frame.drop(columns=["number", *_ABOUT], errors="ignore").assign(
        marker_id=stored.where(stored.notna(), None), ordinal=ordinal, geometry=_flat(shapes)
    )
    again = pd.DataFrame({"marker": stored, "ordinal": ordinal.astype(str)}).duplicated()
    refused = [
        _refuse(frame, stored.isna(), "number", _NO_MARKER),
        _refuse(frame, stored.notna() & again, "ordinal", _AGAIN),
    ]
    return Prepared(rows, refused)


def tri_points(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare tri-points; each is known by its number."""
    codes = frame["division_codes"].map(_joined).astype(object)
    rows = frame.drop(columns=list(_ABOUT), errors="ignore").assign(
        division_codes=codes, geometry=_flat(frame["geometry"])
    )
    return Prepared(rows, [_refuse(frame, frame["number"].duplicated(), "number", _AGAIN)])


# ------------------------------------------------------------------ shared steps

_NO_CODE = Text(
    "没有界线代码，也不能按编号规则由两侧代码得出",
    "no line code, and none follows from its sides by the numbering scheme",
)
_NO_SIDE = Text(
    "两侧政区都不在库中，请先导入行政区划",
    "neither side is in the county file: import divisions first",
)
_SAME_SIDES = Text("左右两侧代码相同", "both sides have the same code")
_NO_SCALE = Text("比例尺无法识别，应如 1:10000", "no scale: write it as 1:10000")
_AGAIN = Text("与前面一行重复", "the same as a row before it")
_NO_LINE = Text(
    "库中没有此界线，请先导入界线", "no such line in the county file: import lines first"
)
_NO_MARKER = Text(
    "库中没有此界桩，请先导入界桩", "no such marker in the county file: import markers first"
)


def _refuse(frame: pd.DataFrame, which: Any, column: str, reason: Text) -> Refused:
    return Refused(frame.index[np.asarray(which, dtype=bool)], column, reason)


def _ids(county: County, layer: str, column: str) -> Mapping[str, str]:
    stored = county.layer(layer)
    return dict(zip(stored[column].astype(str), stored["id"], strict=True))


def level_between(left: Any, right: Any) -> str | None:
    """Return the level of a line: the highest on which its two sides differ.

    Examples
    --------
    >>> level_between("421081100", "421081101"), level_between("421081100", "421023")
    ('township', 'county')
    >>> level_between("421081100", None) is None
    True
    """
    if not (isinstance(left, str) and isinstance(right, str)):
        return None
    levels = LEVEL_BY_LENGTH.items()
    return next((level for digits, level in levels if left[:digits] != right[:digits]), None)


def _joined(codes: Any) -> str | None:
    if codes is None or isinstance(codes, str):
        return codes
    return "、".join(codes) or None


def _flat(shapes: pd.Series) -> gpd.GeoSeries:
    some = shapes.astype(object).where(shapes.notna(), None)
    flat = shapely.force_2d(some.to_numpy(dtype=object))
    return gpd.GeoSeries(flat, index=shapes.index, crs=CGCS2000)


def _flat_lines(shapes: pd.Series) -> gpd.GeoSeries:
    def several(shape: Any) -> Any:
        single = isinstance(shape, shapely.LineString)
        return shapely.MultiLineString([shape]) if single else shape

    return _flat(shapes).map(several)


def _lengths(shapes: gpd.GeoSeries) -> Any:
    return geodesic_length_m(gpd.GeoSeries(shapes, crs=CGCS2000))

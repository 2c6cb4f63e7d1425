"""What a side takes to the field: GeoPackage and Excel form, of one record definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from boundaries.inspection.field.sheets import GUIDE
from boundaries.inspection.round import fields
from boundaries.inspection.round import handed_out as handed
from boundaries.inspection.round.fields import LAYERS, SHEETS, Field, Layer
from boundaries.inspection.round.handed_out import Base
from boundaries.inspection.round.sides import for_side
from boundaries.inspection.round.state import RoundState
from boundaries.office.records import Records
from gazetteer import release
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange import forms
from gazetteer.release import Released
from gazetteer.store import LayerStyle
from gazetteer.store.packages import put_styles

SPARE_ROWS = 50
"""Empty rows for what is new, in the sheets that take it."""
GEOMETRY = {
    "markers": "Point",
    "reference_objects": "Point",
    "segments": "LineString",
    "new_markers": "Point",
}
BOUNDS = {"measured_lon": (70, 140), "measured_lat": (0, 60)}
"""Degrees that a measured position may have: China, and what lies around it."""
ANY = (0, 1_000_000)
"""What any other number may be: metres, counts."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What is handed out to one side, as values.

    Parameters
    ----------
    number, side, county
        Round, code of the side, code of the county file.
    base
        Records of the side.
    digest
        Hash of all that the round hands out.
    lines
        Agreed lines, to be looked at.
    released
        What the release gate said.
    """

    number: str
    side: str
    county: str
    base: Base
    digest: str
    lines: gpd.GeoDataFrame
    released: Released

    @property
    def stem(self) -> str:
        """How its files are called before their ending."""
        return fields.file_stem(number=self.number, side=self.side)

    @property
    def meta(self) -> dict[str, str]:
        """The meta record of its forms."""
        values = (self.county, self.number, self.side, str(fields.SCHEMA), self.digest)
        return dict(zip(fields.META, values, strict=True))


def of_round(state: RoundState, records: Records, *, side: str, county: str) -> Bundle:
    """Return what a round hands out to one side, through the release gate.

    Raises
    ------
    InputError, ConflictError
        When it is no side of the round, or the round is not open: nothing is handed out before.
    ReleaseError
        When a record is classified above what may leave.
    """
    inspected = state.round
    if inspected.state == "planned":
        remedy = Sentence("Open it first: gazetteer inspection open.")
        raise ConflictError(
            Sentence("round {number!r} is not open yet", number=inspected.number), remedy=remedy
        )
    require_side(state, side)
    base = for_side(state.base, state.concerned, side)
    numbers = {each["number"] for each in base["markers"]}
    raw = records.markers[records.markers["number"].isin(numbers)]
    codes = {each["line_code"] for layer in ("markers", "segments") for each in base[layer]}
    lines = state.lines[state.lines["code"].isin(codes)]
    released = release.gate({"markers": raw, "lines": lines})
    return Bundle(
        number=inspected.number,
        side=side,
        county=county,
        base=base,
        digest=handed.digest(state.base),
        lines=lines[["code", "name", "legal_status", "geometry"]],
        released=released,
    )


def require_side(state: RoundState, side: str) -> None:
    """Refuse a code that is no side of a round."""
    if side not in state.round.sides:
        known = tuple(f"{code} {name}" for code, name in state.sides.items())
        msg = Sentence(
            "{side!r} is no side of round {number!r}", side=side[:20], number=state.round.number
        )
        raise InputError(msg, remedy=Sentence("Sides: {known}.", known=known))


def write(
    bundle: Bundle,
    folder: Path,
    *,
    styles: Sequence[LayerStyle] = (),
    further: Mapping[str, bytes] | None = None,
) -> tuple[Path, ...]:
    """Write the forms of a bundle and its manifest to a folder; the manifest is the last file.

    Parameters
    ----------
    bundle, folder
        What goes where; the folder is made if absent.
    styles
        How QGIS and QField show and edit its layers.
    further
        Documents made elsewhere (booklet, project) by their endings.

    Raises
    ------
    InputError
        When the folder cannot be written to.
    """
    made: dict[str, release.Made] = {
        ".gpkg": lambda draft: _package(bundle, styles, draft),
        ".xlsx": lambda draft: _workbook(bundle, draft),
        **(further or {}),
    }
    files = release.leave_all(
        folder,
        {f"{bundle.stem}{ending}": content for ending, content in made.items()},
        released=bundle.released,
        name=f"{bundle.stem}-{release.MANIFEST}",
        further={"round": bundle.meta},
    )
    return tuple(files)


# ------------------------------------------------------------------ GeoPackage


def frame_of(layer: Layer, bundle: Bundle) -> gpd.GeoDataFrame:
    """Return a layer of the GeoPackage: all fields in order, what is handed out filled in."""
    records = bundle.base.get(layer, ())
    columns = {each.name: _column(each, layer, records) for each in LAYERS[layer]}
    if layer in ("new_markers", "reference_objects"):
        columns["record_id"] = pd.Series([None] * len(records), dtype=object)
    shapes = [each.get("geometry") for each in records]
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=shapes, crs=CGCS2000)


def _column(field: Field, layer: Layer, records: Sequence[Mapping[str, Any]]) -> pd.Series:
    values = [filled(field, layer, each) for each in records]
    return pd.Series(values, dtype=float if field.type == "number" else object)


def filled(field: Field, layer: Layer, record: Mapping[str, Any]) -> Any:
    """Return what a form shows in a field when it is handed out: nothing where the side answers."""
    answered = field.by_side and not (layer == "reference_objects" and field.type != "choice")
    return None if answered else record.get(field.name)


def _package(bundle: Bundle, styles: Sequence[LayerStyle], path: Path) -> list[Text]:
    for at, layer in enumerate(LAYERS):
        pyogrio.write_dataframe(
            frame_of(layer, bundle),
            path,
            layer=layer,
            driver="GPKG",
            append=at > 0,
            geometry_type=GEOMETRY[layer],
            layer_options={"GEOMETRY_NAME": "geom", "FID": "fid"},
            **({} if at else {"dataset_options": {"VERSION": "1.3"}}),
        )
    lines = {"layer": fields.LINES_LAYER, "layer_options": {"GEOMETRY_NAME": "geom"}}
    pyogrio.write_dataframe(bundle.lines, path, append=True, promote_to_multi=True, **lines)
    meta = pd.DataFrame({"key": list(bundle.meta), "value": list(bundle.meta.values())})
    pyogrio.write_dataframe(meta.astype(object), path, layer=fields.META_LAYER, append=True)
    if styles:
        put_styles(path, styles)
    return []


# ------------------------------------------------------------------ Excel form


def _workbook(bundle: Bundle, path: Path) -> list[Text]:
    sheets = [_sheet(layer, bundle.base.get(layer, ())) for layer in LAYERS]
    about = (fields.META_SHEET, {"key": "value", **bundle.meta})
    return forms.write(path, sheets, about=about, guide=(GUIDE, _guide(bundle)))


def _guide(bundle: Bundle) -> tuple[str, ...]:
    """Return the lines of the first sheet: what this is, how it is filled in."""
    return (
        f"行政区域界线联合检查记录表　第{bundle.number}号联检　填表方：{bundle.side}",
        bundle.released.notice.zh,
        "白色单元格可以填写，灰色的为发出内容，不可改动；没有检查的行留空，不算作答。",
        "坐标为2000国家大地坐标系（CGCS2000）经纬度，单位为度。日期写作 2026-03-05。",
        "新的方位物填在“方位物”表末尾的空行，序号留空；新的界桩填在“新增界桩”表。",
        "照片文件名以界桩编号开头，如 429921001002001Q_1.jpg，或写入“照片”栏（多张用分号隔开）。",
        "界桩被移动的，以协议位置为准；重新埋设、修复、修测须有毗邻方在场。",
    )


def _sheet(layer: Layer, records: Sequence[Mapping[str, Any]]) -> forms.Sheet:
    return forms.Sheet(
        name=SHEETS[layer].zh,
        columns=[_form_column(each, layer, records) for each in LAYERS[layer]],
        rows=[[_shown(field, layer, each) for field in LAYERS[layer]] for each in records],
        spare=SPARE_ROWS if layer in ("new_markers", "reference_objects") else 0,
    )


def _form_column(field: Field, layer: Layer, records: Sequence[Mapping[str, Any]]) -> forms.Column:
    asked = field.by_side
    return forms.Column(
        heading=field.label.zh,
        width=_width(field, layer, records),
        free=asked,
        spare=field.name != "ordinal",
        text=field.type in ("text", "date"),
        words=[each.zh for each in (field.values or {}).values()] if asked else (),
        bounds=BOUNDS.get(field.name, ANY) if asked and field.type == "number" else None,
    )


def _shown(field: Field, layer: Layer, record: Mapping[str, Any]) -> Any:
    value, words = filled(field, layer, record), field.values or {}
    return words[value].zh if value in words else value


def _width(field: Field, layer: Layer, records: Sequence[Mapping[str, Any]]) -> float:
    """Return the characters that a column takes: its heading, what stands in it, what is asked."""
    texts = [field.label.zh, *(each.zh for each in (field.values or {}).values())]
    texts += [str(filled(field, layer, each) or "") for each in records]
    widest = max(sum(2 if ord(sign) > 255 else 1 for sign in text) for text in texts)
    return float(min(40, max(10, widest + 2)))

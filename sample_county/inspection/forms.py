"""Fill in the forms that were handed out, as each side does: in QField, in Excel.

Nothing is known here but the names of the columns and sheets, as the office's guide tells them.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import shapely

from sample_county import excel
from sample_county.inspection.make import NOTES
from sample_county.plain import plainly

Row = Mapping[str, Any]
SHEETS = {
    "markers": "界桩",
    "reference_objects": "方位物",
    "segments": "界线段",
    "new_markers": "新增界桩",
}
HEADS = {
    "number": "界桩编号", "line_code": "界线代码", "marker_type": "界桩类型", "state": "界桩现状",
    "measured_lon": "实测经度", "measured_lat": "实测纬度", "measured_accuracy_m": "实测精度（米）",
    "cleared": "已清理周边", "repainted": "已描红", "remarks": "备注", "inspected_on": "检查日期",
    "inspector": "检查人", "presence": "方位物现状", "recognisable": "实地可辨认",
    "feature_changed": "地物有变化", "changed_feature": "变化的地物", "works": "跨界生产建设",
    "works_description": "生产建设情况", "resurvey": "需要修测", "material": "材质",
    "measured_height_m": "实测高程（米）",
    "set_on": "埋设日期", "set_jointly": "各方共同设立", "other_side_present": "毗邻方在场",
}  # fmt: skip
WORDS = {
    "good": "完好", "lost": "丢失", "moved": "移位", "damaged": "损坏", "illegible": "字迹不清",
    "present": "存在", "gone": "已不存在", "yes": "是", "no": "否", "single": "单立桩",
    "double": "双立桩",
}  # fmt: skip
KEYS: dict[str, Callable[[Row], str]] = {
    "markers": lambda row: str(row["number"]),
    "reference_objects": lambda row: f"{row['number']}/{int(row['ordinal'])}",
    "segments": lambda row: f"{row['line_code']}:{int(row['ordinal'])}",
}
NOTHING_SEEN: dict[str, Any] = {
    "markers": {"*": {"state": "good"}},
    "reference_objects": {"*": {"presence": "present"}},
    "segments": {"*": {"recognisable": "yes"}},
    "new_markers": [],
}
"""What an old tablet says, whose clock is in 2099: all is as it should be."""
PARTLY = 2
"""The second side's first Excel form comes with every second marker only."""


def fill(handed_out: Path, brought: Path, *, form: str) -> list[Path]:
    """Fill in a side's forms from its notes; return the files, in the order they are sent.

    Parameters
    ----------
    handed_out
        Folder of the side's bundle.
    brought
        The side's folder, beside its notes: there the filled forms go.
    form
        ``gpkg``: one GeoPackage; ``xlsx``: a form filled in half, later one filled in whole, from
        the pages of the printed booklet.
    """
    notes = json.loads(
        (brought.parent / NOTES.format(side=brought.name)).read_text(encoding="utf-8")
    )
    (empty,) = sorted(handed_out.glob(f"*.{form}"))
    if form == "gpkg":
        target = brought / empty.name
        shutil.copyfile(empty, target)
        _package(target, notes)
        return [target]
    half = brought / f"{empty.stem}_第一批.xlsx"
    whole = brought / f"{empty.stem}_全部.xlsx"
    _workbook(empty, half, notes, every=PARTLY, saved=b"2026-03-06T10:00:00Z")
    _workbook(empty, whole, notes, every=1, saved=b"2026-03-09T01:00:00Z")
    old = brought / f"{empty.stem}_旧平板.xlsx"
    _workbook(empty, old, NOTHING_SEEN, every=1, saved=b"2099-01-01T00:00:00Z")
    # the later one reaches the office first
    return [whole, half, old]


def answer(notes: Mapping[str, Any], layer: str, row: Row) -> dict[str, Any]:
    """Return what a side says of a row: the usual, and what its notes have on it."""
    noted = notes[layer]
    return {**noted["*"], **noted.get(KEYS[layer](row), {})}


def _package(path: Path, notes: Mapping[str, Any]) -> None:
    with plainly(path) as plain_path:
        _answered(plain_path, notes)


def _answered(path: Path, notes: Mapping[str, Any]) -> None:
    for layer in KEYS:
        frame = pyogrio.read_dataframe(path, layer=layer)
        answers = [answer(notes, layer, row) for row in frame.to_dict("records")]
        for name in dict.fromkeys(name for each in answers for name in each):
            values = [each.get(name) for each in answers]
            number = name.startswith("measured")
            frame[name] = pd.Series(values, dtype=float if number else object)
        pyogrio.write_dataframe(frame, path, layer=layer, layer_options={"GEOMETRY_NAME": "geom"})
    rows = notes["new_markers"]
    if rows:
        places = [shapely.Point(row["measured_lon"], row["measured_lat"]) for row in rows]
        frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=places, crs="EPSG:4490")
        frame["record_id"] = [f"r{at}" for at in range(1, len(rows) + 1)]
        pyogrio.write_dataframe(frame, path, layer="new_markers", append=True)


def _workbook(
    empty: Path, path: Path, notes: Mapping[str, Any], *, every: int, saved: bytes
) -> None:
    book = openpyxl.load_workbook(empty)
    for layer in KEYS:
        page = book[SHEETS[layer]]
        columns = {cell.value: cell.column for cell in page[1]}
        for at in range(2, page.max_row + 1):
            row = _known(page, columns, layer, at)
            if row is None or (at % every and every > 1):
                continue
            _write(page, columns, at, answer(notes, layer, row))
    if every == 1:
        page = book[SHEETS["new_markers"]]
        columns = {cell.value: cell.column for cell in page[1]}
        for at, row in enumerate(notes["new_markers"], start=2):
            _write(page, columns, at, row)
        if notes is not NOTHING_SEEN:
            _around(book)
    packed = io.BytesIO()
    book.save(packed)
    excel.freeze(packed, path, stamp=saved)


def _around(book: Any) -> None:
    """Do what offices do with a form before they send it: a title on top, another name."""
    book["界桩"].insert_rows(1)
    book["界桩"].cell(1, 1).value = "界桩现状表"
    book["方位物"].title = "方位物(已填)"


def _known(page: Any, columns: Mapping[str, int], layer: str, at: int) -> Row | None:
    """Return the key's cells of a row; None where the row is empty."""
    ordinal = {"reference_objects": "方位物序号", "segments": "段序号"}.get(layer)
    named = "界线代码" if layer == "segments" else "界桩编号"
    value = page.cell(at, columns[named]).value
    number = 0 if ordinal is None else page.cell(at, columns[ordinal]).value
    if value is None or number is None:
        return None
    return {"number": value, "line_code": value, "ordinal": number}


def _write(page: Any, columns: Mapping[str, int], at: int, told: Row) -> None:
    for name, value in told.items():
        page.cell(at, columns[HEADS[name]]).value = WORDS.get(value, value)

"""The tour's daily care: form, edit in a GIS, undo, diff, a colleague's copy, yearbook, book."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiona
import openpyxl

from gazetteer.common import plain_names
from gazetteer.common.language import Text
from gazetteer.office.county import forms
from gazetteer.office.names import book, yearbook
from gazetteer.office.names.completing import complete
from gazetteer.office.names.readings import sounding
from gazetteer.store import County, comparing, copies, merging, undoing

FOLDER = "日常"
WITHIN = "429921001"
MEANING = "含义"
POINT = (112.5006, 29.7240)


def steps(folder: Path, county: Path) -> Iterator[Text]:
    """Go through a week of an office; the county file holds at its end what it held before.

    All but one meaning that a colleague has found out, which is merged.
    """
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    yield _form(county, place)
    yield _edited_elsewhere(county)
    yield _merged(county, place)
    made = copies.backup(county, place)
    yield Text(
        f"   备份:{made.path.name}({made.events} 个事件,已校验)",
        f"   backup: {made.path.name} ({made.events} events, verified)",
    )
    yield _published(county, place)


def _form(county: Path, place: Path) -> Text:
    """Edit a form as a clerk does in Excel, bring it back, see the difference, undo it."""
    path = place / "地名表单.xlsx"
    with County(county) as opened:
        rows = forms.write(opened, "names", path, within=WITHIN)
    _write_meanings(path, {2: "因河得名", 3: "因桥得名"})
    with County(county, writing=True) as opened:
        before = opened.events(last=1)[0]["id"]
        back = forms.bring_back(opened, path)
        event = opened.events(last=1)[0]["id"]
        sides = [comparing.state(opened, known_at=str(each)) for each in (before, event)]
        differing = [*comparing.differences(*sides)]
        undone = undoing.undo(opened, event, reason="演示", sounding=sounding)
    applied = back.count("applied")
    count = len(differing)
    return Text(
        f"   表单 {rows} 行,改 {applied} 行入库;比对 {count} 处不同;撤销为事件 {undone.event}",
        f"   a form of {rows} rows, {applied} edited and applied; {count} differences; "
        f"undone by event {undone.event}",
    )


def _write_meanings(path: Path, meanings: dict[int, str]) -> None:
    book_ = openpyxl.load_workbook(path)
    sheet = book_.worksheets[0]
    column = [cell.value for cell in sheet[1]].index(MEANING) + 1
    for row, text in meanings.items():
        sheet.cell(row, column).value = text
    book_.save(path)


def _edited_elsewhere(county: Path) -> Text:
    """Add a place as QGIS does: through GDAL, without this program; then take it back."""
    point = {"type": "Point", "coordinates": POINT}
    with plain_names.reading(county) as own, fiona.open(own, "a", layer="place") as layer:
        empty: dict[str, Any] = dict.fromkeys(layer.schema["properties"])
        told: dict[str, Any] = {"code": "QGIS-1", "key": "QGIS-1", "classification": "internal"}
        told["row_version"] = 1
        layer.write({"type": "Feature", "geometry": point, "properties": empty | told})
    with County(county, writing=True) as opened:
        sealed = len(opened.seal()["sealed"])
        complete(opened)
        event = opened.events(last=1)[0]
        undone = undoing.undo(opened, event["id"], reason="演示", sounding=sounding)
    return Text(
        f"   GIS 软件中的修改:{sealed} 处,已记入日志({event['actor']});撤销为事件 {undone.event}",
        f"   edits made in a GIS: {sealed}, logged ({event['actor']}); undone by {undone.event}",
    )


def _merged(county: Path, place: Path) -> Text:
    """Let a colleague work on a copy while the office goes on; bring the copy in."""
    copy, path = place / "同事的副本.gpkg", place / "同事的表单.xlsx"
    shutil.copyfile(county, copy)
    with County(copy, writing=True) as theirs:
        forms.write(theirs, "names", path, within=WITHIN)
        _write_meanings(path, {4: "据地名志"})
        forms.bring_back(theirs, path)
    with County(copy) as theirs, County(county, writing=True) as ours:
        merged = merging.merge(ours, theirs)
    return Text(
        f"   合并同事的副本:取 {merged.updated} 行,冲突 {len(merged.conflicts)} 处",
        f"   a colleague's copy merged: {merged.updated} rows, {len(merged.conflicts)} conflicts",
    )


def _published(county: Path, place: Path) -> Text:
    with County(county) as opened:
        found = yearbook.figures(opened)
        content = book.book(opened)
    yearbook.write(found, place / "年鉴.xlsx")
    (place / "地名录.docx").write_bytes(content)
    return Text(
        f"   年鉴 {len(found)} 张表;地名录 {FOLDER}/地名录.docx",
        f"   yearbook of {len(found)} tables; book of names: {FOLDER}/地名录.docx",
    )

"""Forms that came back: of the round and side, read honestly, their answers as rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from boundaries.inspection.field import answers, files
from boundaries.inspection.field.files import Form, Given
from boundaries.inspection.office.incoming import Came, Desk, Markers, came, refused
from boundaries.inspection.office.storage import Row
from boundaries.inspection.round import dates, fields
from boundaries.inspection.round import handed_out as handed
from boundaries.inspection.round.fields import LAYERS, SHEETS, key_of
from gazetteer.common.language import Sentence, Text


def form(given: Given, place: Desk, _: Markers) -> Came:
    """Look at a form: refuse what is not the side's own or may lose answers, else take its rows."""
    if files.unmerged(given):
        reason = Text(
            "还有未合并的改动（-wal文件），请先在QField/QGIS中关闭再复制",
            "has changes not merged yet (-wal): close it in QField or QGIS and copy it again",
        )
        return refused(given, reason)
    brought = files.form(given)
    _require_own(brought.meta, given, place)
    rows: list[Row] = []
    notes = [*brought.notes, *dates.doubts(brought.dated, place.state.round, place.received_on)]
    for layer in LAYERS:
        _require_rows(layer, brought, given, place)
        answered, faults = answers.read(layer, brought.rows.get(layer, ()), base=place.base)
        notes += faults
        rows += [_row(layer, each, given, brought.dated, place.side) for each in answered]
    if not rows:
        nothing = Text("表中没有读到任何答案", "no answer could be read in it")
        return refused(given, nothing, *notes)
    about = {"rows": len(rows)}
    return came(
        given,
        place,
        "form",
        held=len(rows),
        notes=notes,
        rows=rows,
        dated=brought.dated,
        about=about,
    )


def _require_own(meta: Mapping[str, str], given: Given, place: Desk) -> None:
    """Refuse a form of another county, round, side, version or state of what was handed out."""
    wanted = (place.county, place.state.round.number, place.side, str(fields.SCHEMA), place.digest)
    words = {
        "county": Text("县", "county"),
        "round": Text("联检轮次", "round"),
        "side": Text("填表方", "side"),
        "schema": Text("表格版本", "form version"),
        "base": Text("次发出的表", "state handed out"),
    }
    for key, want in zip(fields.META, wanted, strict=True):
        stated = str(meta.get(key, "")).removesuffix(".0")
        if stated != want:
            shown = stated[:12] or "—", want[:12]
            reason = Text(
                f"属于另一{words[key].zh}：{shown[0]}，应为{shown[1]}",
                f"it belongs to another {words[key].en}: {shown[0]}, not {shown[1]}",
            )
            remedy = Sentence("Give the file to its own round.")
            raise files.RefusedError(reason, place=given.name, remedy=remedy)


def _row(
    layer: fields.Layer, record: Mapping[str, Any], given: Given, dated: str, side: str
) -> Row:
    point = record.get("geometry")
    content = {
        "layer": layer,
        "record": handed.plain(record),
        "receipt": given.sha256,
        "file_name": given.name,
        "dated": dated,
    }
    return Row(
        key=fields.key_of(layer, record),
        side=side,
        content=content,
        point=point if isinstance(point, shapely.Point) else None,
    )


def _require_rows(layer: fields.Layer, form: Form, given: Given, place: Desk) -> None:
    """Refuse a form in which nothing of what was handed out in a layer can be found."""
    known = {key_of(layer, each) for each in place.base.get(layer, ())}
    if not known or answers.keys(layer, form.rows.get(layer, ())) & known:
        return
    zh = f"“{SHEETS[layer].zh}”中找不到发出的任何一行"
    reason = Text(zh, f"not one row handed out can be found in {layer}")
    raise files.RefusedError(
        reason, place=given.name, remedy=Sentence("Fill in the form as it was sent.")
    )

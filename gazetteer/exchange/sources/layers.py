"""GeoPackage, Shapefile, KML, MapInfo, DXF and TopoJSON, by GDAL."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError

from gazetteer.errors import InputError
from gazetteer.exchange.formats.notices import CUT_NAMES
from gazetteer.exchange.sources.raw import Raw, text_column
from gazetteer.language import Text

DRIVERS = {
    "gpkg": "GPKG",
    "shp": "ESRI Shapefile",
    "kml": "LIBKML",
    "kmz": "LIBKML",
    "tab": "MapInfo File",
    "mif": "MapInfo File",
    "dxf": "DXF",
    "topojson": "TopoJSON",
}
"""The one GDAL driver that each format may be opened with."""
_PARTS = {
    "shp": {"shx": "the index", "dbf": "the attributes"},
    "tab": {"dat": "the attributes", "map": "the shapes", "id": "the index"},
    "mif": {"mid": "the attributes"},
}
_FAILURES = (
    DataSourceError,
    DataLayerError,
    RuntimeError,
    ValueError,
    LookupError,
    UnboundLocalError,  # pyogrio 0.13 on a .prj that GDAL cannot export
)
_LARGEST_LEGEND = 1 << 16
_ORDINARY_DBF = 1 << 22
"""Bytes of a .dbf from which its encoding is told."""


def read(
    path: Path, form: str, *, place: str, layer: str | None = None, encoding: str | None = None
) -> list[Raw]:
    """Read the layers of a file, or the one that is named.

    Raises
    ------
    InputError
        For a file that is damaged, lacks a part, is of another kind than its name says, or has no
        such layer.
    """
    _complete(path, form, place)
    notes: tuple[Text, ...] = ()
    if form == "shp":
        encoding, notes = _dbf_encoding(path, encoding)
    try:
        try:
            found = _layers(path, form, place, layer, encoding, notes)
        except UnicodeDecodeError:  # what says no encoding and is not UTF-8 was made on Windows
            found = _layers(path, form, place, layer, encoding or "GB18030", notes)
    except InputError:
        raise
    except _FAILURES as error:
        reason = str(error).splitlines()[0][:120] if str(error) else "damaged"
        msg = f"it cannot be read as {DRIVERS[form]} ({reason.rstrip('. ')})"
        raise InputError(msg, place=place, remedy="Copy or export it again.") from error
    return [each for each in found if len(each.cells)]


def _layers(
    path: Path,
    form: str,
    place: str,
    layer: str | None,
    encoding: str | None,
    notes: tuple[Text, ...],
) -> list[Raw]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = _names(path, form, place, layer, encoding)
        return [_layer(path, name, form, place, encoding, notes) for name in names]


def _complete(path: Path, form: str, place: str) -> None:
    """Refuse a format of several files when one of them is missing."""
    beside = {each.suffix.lower().lstrip(".") for each in path.parent.glob(f"{_escaped(path)}.*")}
    for suffix, what in _PARTS.get(form, {}).items():
        if suffix not in beside:
            msg = f"{path.stem}.{suffix} ({what}) is not beside it"
            raise InputError(msg, place=place, remedy=f"Copy all files named {path.stem}.*.")


def _escaped(path: Path) -> str:
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in path.stem)


def _names(path: Path, form: str, place: str, layer: str | None, encoding: str | None) -> list[str]:
    """Return the names of the layers to read, having checked which driver opens the file."""
    layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    if layers:
        driver = pyogrio.read_info(path, layer=layers[0], encoding=encoding)["driver"]
        if driver != DRIVERS[form] and {driver, DRIVERS[form]} != {"KML", "LIBKML"}:
            msg = f"it is a {driver} file, not {DRIVERS[form]}"
            raise InputError(msg, place=place, remedy="Rename it to what it is.")
    if layer is not None and layer not in layers:
        msg = f"no layer {layer!r}"
        raise InputError(msg, place=place, remedy=f"Layers: {', '.join(layers)}.")
    return layers if layer is None else [layer]


def _layer(
    path: Path, name: str, form: str, place: str, encoding: str | None, notes: tuple[Text, ...]
) -> Raw:
    """Read one layer as cells and shapes."""
    meta, _, geometry, columns = pyogrio.raw.read(path, layer=name, encoding=encoding)
    count = len(columns[0]) if columns else 0 if geometry is None else len(geometry)
    fields = [str(field) for field in meta["fields"]]
    fields = _whole_names(path, fields) if form == "shp" else fields
    cells = pd.DataFrame(
        {field: text_column(column) for field, column in zip(fields, columns, strict=True)},
        index=range(count),
        dtype=object,
    )
    _all_there(path, form, count, place)
    shapes, broken = _shapes(geometry, count)
    crs = _crs(meta.get("crs"))
    return Raw(
        cells=cells,
        rows=np.arange(1, count + 1),
        named=True,
        sheet="" if form == "shp" else name,
        shapes=shapes,
        broken=broken,
        crs=crs,
        stated=crs is not None,
        crs_part=f"{path.stem}.prj" if form == "shp" else "",
        encoding=encoding or "",
        notes=notes,
    )


def _all_there(path: Path, form: str, count: int, place: str) -> None:
    """Compare what was read with the number of records that a .dbf announces."""
    if form != "shp":
        return
    head = _beside(path, "dbf").read_bytes()[:8]
    announced = int.from_bytes(head[4:8], "little")
    if announced != count:
        msg = f"it announces {announced} rows but holds {count}"
        raise InputError(msg, place=place, remedy="The copy is incomplete: copy it again.")


def _beside(path: Path, suffix: str) -> Path:
    return next(
        each
        for each in path.parent.glob(f"{_escaped(path)}.*")
        if each.suffix.lower() == f".{suffix}"
    )


def _whole_names(path: Path, fields: list[str]) -> list[str]:
    """Return the whole names of fields that were cut, from the legend that we write beside."""
    legend = path.with_name(f"{path.stem}{CUT_NAMES}")
    try:
        known = legend.is_file() and legend.stat().st_size <= _LARGEST_LEGEND
        lines = legend.read_text("utf-8-sig").splitlines() if known else []
    except (OSError, UnicodeDecodeError):
        return fields
    whole = dict(line.split("\t") for line in lines if line.count("\t") == 1)
    told = [whole.get(field, field) for field in fields]
    return told if len(set(told)) == len(told) else fields


def _shapes(geometry: Any, count: int) -> tuple[Any, dict[int, Text]]:
    """Return shapes without heights, and which ones were no geometry."""
    if geometry is None:
        return None, {}
    shapes = shapely.force_2d(shapely.from_wkb(geometry, on_invalid="ignore"))
    given = np.array([each is not None for each in geometry], dtype=bool)
    lost = np.flatnonzero(given & shapely.is_missing(shapes))
    return shapes, {int(each): Text("图形无法读取", "Geometry unreadable") for each in lost}


def _crs(stated: str | None) -> pyproj.CRS | None:
    if not stated:
        return None
    try:
        crs = pyproj.CRS.from_user_input(stated)
    except CRSError:
        return None
    # MapInfo's datum 0 is whatever its writer left open
    left_open = crs.datum is not None and crs.datum.name == "MIF 0"
    return None if crs.is_engineering or left_open else crs


def _dbf_encoding(path: Path, encoding: str | None) -> tuple[str, tuple[Text, ...]]:
    """Return the encoding of the attributes: given, stated by a .cpg that is right, or told."""
    if encoding:
        return encoding, ()
    data = _beside(path, "dbf").read_bytes()[:_ORDINARY_DBF]
    told = "UTF-8" if _decodes(data, "utf-8") else "GB18030"
    marked = next(
        (each for each in path.parent.glob(f"{_escaped(path)}.*") if each.suffix.lower() == ".cpg"),
        None,
    )
    stated = marked.read_bytes()[:40].decode("ascii", "replace").strip() if marked else ""
    if not stated or stated.upper().replace("-", "") == told.replace("-", "").upper():
        return told, ()
    if told == "UTF-8" and not data.isascii():
        note = Text(f".cpg 写的是 {stated}，实际为 UTF-8", f".cpg says {stated}, it is UTF-8")
        return told, (note,)
    if stated.upper() in ("UTF-8", "UTF8", "65001"):
        note = Text(f".cpg 写的是 {stated}，实际为 {told}", f".cpg says {stated}, it is {told}")
        return told, (note,)
    return {"936": "GB18030", "CP936": "GB18030", "GBK": "GB18030", "GB2312": "GB18030"}.get(
        stated.upper(), stated
    ), ()


def _decodes(data: bytes, encoding: str) -> bool:
    """Tell whether the records decode; characters cut at the width of a field are forgiven."""
    start = int.from_bytes(data[8:10], "little")
    width = int.from_bytes(data[10:12], "little")
    records = data[start:]
    if not width:
        return True
    bad = high = 0
    for at in range(0, len(records), width):
        record = records[at : at + width]
        high += not record.isascii()
        try:
            record.decode(encoding)
        except UnicodeDecodeError:
            bad += 1
    return bad <= high // 20

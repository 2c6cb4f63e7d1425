"""GeoPackage, GeoJSON, Shapefile and KML, by GDAL."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from gazetteer.common.coordinates import CGCS2000, to_cgcs2000
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.formats import notices
from gazetteer.exchange.formats.cells import plain
from gazetteer.exchange.formats.spreadsheets import only

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_FIELD_NAME = 10
"""Characters in a field name of a Shapefile."""
LONGEST_TEXT = 254
"""Bytes in a text field of a Shapefile."""


def _put(frame: pd.DataFrame, path: Path, **options: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(frame, path, **options)


def geopackage(
    frames: Mapping[str, pd.DataFrame], path: Path, notice: str | None = None
) -> list[Text]:
    """Write each frame as a layer, or as a table where it has no geometry."""
    for number, (name, frame) in enumerate(frames.items()):
        given = _plain_layer(frame)
        # QGIS before 3.26 warns of a version above 1.3
        options = {"dataset_options": {"VERSION": "1.3"}} if number == 0 else {"append": True}
        about = notices.description(notice)
        _put(given, path, driver="GPKG", layer=name, layer_options=about, **options)
    return []


def geojson(
    frames: Mapping[str, pd.DataFrame], path: Path, notice: str | None = None
) -> list[Text]:
    """Write one layer after RFC 7946: longitude and latitude, outer rings anticlockwise."""
    given = _layer(only(frames, path), path).set_crs("OGC:CRS84", allow_override=True)
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": 9} | notices.description(notice)
    _put(given, path, driver="GeoJSON", layer_options=options)
    return []


def kml(frames: Mapping[str, pd.DataFrame], path: Path, notice: str | None = None) -> list[Text]:
    """Write one layer for map viewers; the column ``name`` is what they label it with."""
    given = _layer(only(frames, path), path).set_crs("EPSG:4326", allow_override=True)
    given = given[~shapely.is_missing(given.geometry.to_numpy())]
    texts = pd.DataFrame(given.drop(columns=given.geometry.name)).map(_text)
    about = notices.description(notice)
    named = gpd.GeoDataFrame(texts, geometry=given.geometry)
    _put(named, path, driver="LIBKML", dataset_options=about)
    lost = len(only(frames, path)) - len(given)
    note = Text(
        f"{lost} 行没有图形，未写入 KML", f"{lost} rows without geometry are not in the KML"
    )
    return [note] if lost else []


def _text(value: Any) -> str | None:
    """Return a value as text that XML can hold: a control character becomes a space.

    The driver writes markup as CDATA, which the sign of its end would break: it is set apart.
    """
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return None
    return _CONTROL.sub(" ", str(value)).replace("]]>", "]] >")


def shapefile(
    frames: Mapping[str, pd.DataFrame], path: Path, notice: str | None = None
) -> list[Text]:
    """Write one layer in GB18030, with short field names and their legend beside it."""
    given = _layer(only(frames, path), path)
    short = short_names([str(name) for name in given.columns if name != "geometry"])
    notes = _cut(given)
    given = given.rename(columns=short)
    _put(given, path, driver="ESRI Shapefile", encoding="GB18030")
    path.with_suffix(".cpg").write_text("GB18030", encoding="ascii")
    notices.beside(path, notice)
    if any(old != new for old, new in short.items()):
        legend = "".join(f"{new}\t{old}\n" for old, new in short.items())
        path.with_name(f"{path.stem}{notices.CUT_NAMES}").write_text(legend, encoding="utf-8-sig")
        notes.append(Text("字段名截短，对照表见 -fields.txt", "Field names cut; see -fields.txt"))
    return notes


def short_names(names: list[str]) -> dict[str, str]:
    """Return a distinct name of at most ten bytes for each field.

    Examples
    --------
    >>> short_names(["name", "division_code", "division_name", "所在区划代码"])
    {'name': 'name', 'division_code': 'division_c', 'division_name': 'division_n', \
'所在区划代码': '所在区划代'}
    """
    found: dict[str, str] = {}
    for name in names:
        candidate, number = _bytes(name, LONGEST_FIELD_NAME), 0
        while candidate.lower() in {each.lower() for each in found.values()}:
            number += 1
            candidate = f"{_bytes(name, LONGEST_FIELD_NAME - len(str(number)))}{number}"
        found[name] = candidate
    return found


def _bytes(text: str, most: int) -> str:
    """Return as many characters of a text as fit in that many bytes of GB18030."""
    while len(text.encode("gb18030", "replace")) > most:
        text = text[:-1]
    return text


def _cut(frame: gpd.GeoDataFrame) -> list[Text]:
    """Say which columns have texts longer than a Shapefile holds."""
    notes = []
    for name in frame.columns.drop("geometry"):
        texts = [each for each in frame[name] if isinstance(each, str)]
        long = sum(len(each.encode("gb18030", "replace")) > LONGEST_TEXT for each in texts)
        if long:
            notes.append(
                Text(
                    f"{name}：{long} 个值超过 254 字节，已截断",
                    f"{name}: {long} values longer than 254 bytes were cut",
                )
            )
    return notes


def _layer(frame: pd.DataFrame, path: Path) -> gpd.GeoDataFrame:
    """Return a layer in CGCS2000 with plain columns, or refuse a frame without geometry."""
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(
            Sentence("the table has no geometry"),
            place=path.name,
            remedy=Sentence("Export it to Excel, CSV or GeoPackage."),
        )
    return _plain_layer(frame)


def _plain_layer(frame: pd.DataFrame) -> Any:
    table = plain(frame)
    if not isinstance(frame, gpd.GeoDataFrame):
        return table
    shapes = to_cgcs2000(frame.geometry) if frame.crs is not None else frame.geometry
    return gpd.GeoDataFrame(table, geometry=shapes.to_numpy(), crs=CGCS2000)

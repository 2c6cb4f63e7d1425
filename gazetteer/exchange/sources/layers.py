"""GeoPackage, Shapefile, MapInfo, DXF, TopoJSON, FlatGeobuf and GML, by GDAL."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError

from gazetteer.common import plain_names, rehearsal
from gazetteer.common.errors import InputError, reason
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.sources import drawing, encodings, mapinfo, shapefile
from gazetteer.exchange.sources.raw import (
    Heights,
    Objects,
    Raw,
    flat,
    text_column,
    unique_names,
)

DRIVERS = {
    "gpkg": "GPKG",
    "shp": "ESRI Shapefile",
    "tab": "MapInfo File",
    "mif": "MapInfo File",
    "dxf": "DXF",
    "topojson": "TopoJSON",
    "fgb": "FlatGeobuf",
    "gml": "GML",
}
"""The one GDAL driver that each format may be opened with."""
_INDEX, _ATTRIBUTES = Text("索引", "the index"), Text("属性", "the attributes")
_PARTS = {
    "shp": {"shx": _INDEX, "dbf": _ATTRIBUTES},
    "tab": {"dat": _ATTRIBUTES, "map": Text("图形", "the shapes"), "id": _INDEX},
    "mif": {"mid": _ATTRIBUTES},
}
_FAILURES = (
    DataSourceError,
    DataLayerError,
    RuntimeError,
    ValueError,
    LookupError,
    UnboundLocalError,  # pyogrio 0.13 on a .prj that GDAL cannot export
)
EVERY = "1=1"
"""A condition that every row of a GeoPackage meets: with one GDAL counts the rows, without it
believes the number that the file keeps beside them (``gpkg_ogr_contents``)."""
_BYTES = "ISO-8859-1"
"""Texts are taken as their bytes: each of the 256 is one character, none is lost or refused."""


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
    try:
        with (
            plain_names.reading(path) as plain_path,
            _opened(plain_path, form, place=place, encoding=encoding) as source,
        ):
            names = _names(source, form, place, layer)
            found = [_layer(source, name, place=place, form=form) for name in names]
    except InputError:
        raise
    except _FAILURES as error:
        msg = Sentence(
            "it cannot be read as {driver} ({why})", driver=DRIVERS[form], why=reason(error)
        )
        raise InputError(msg, place=place, remedy=Sentence("Copy or export it again.")) from error
    return [each for each in found if len(each.cells)]


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as GDAL is to open it, and what is known of it before."""

    path: Path
    form: str
    encoding: str | None
    stated: str = ""
    where: str = ""
    attributes: shapefile.Attributes | None = None
    notes: tuple[Text, ...] = ()


@contextmanager
def _opened(path: Path, form: str, *, place: str, encoding: str | None) -> Iterator[_Source]:
    """Give a file with its own word on its encoding and its index proved."""
    asked = encodings.asked(encoding) if encoding else None
    with ExitStack() as stack:
        if form == "shp":
            held = shapefile.attributes(path, place=place)
            path, notes = stack.enter_context(shapefile.sound(path, held, place=place))
            notes = (*notes, *shapefile.left_out(held))
            yield _Source(path, form, asked, held.stated, held.where, held, notes)
        elif form in ("tab", "mif"):
            path, stated = stack.enter_context(mapinfo.plain(path, form))
            yield _Source(path, form, asked, stated, "Charset")
        elif form == "topojson":
            yield _Source(stack.enter_context(_as_utf_8(path, place, encoding)), form, None)
        elif form == "dxf":
            stack.enter_context(drawing.decoding(path, asked, place=place))
            yield _Source(path, form, None)
        elif form == "gml":  # GDAL writes what it has learnt of it beside, and asks for schemas
            pyogrio.set_gdal_config_options({"GML_DOWNLOAD_WFS_SCHEMA": False})
            folder = stack.enter_context(TemporaryDirectory(prefix=rehearsal.ROOM))
            yield _Source(Path(shutil.copy(path, folder)), form, None)
        else:  # their standards know one encoding: two bytes that GBK has, too, are no doubt
            yield _Source(path, form, asked, encodings.UTF_8, form)


@contextmanager
def _as_utf_8(path: Path, place: str, encoding: str | None) -> Iterator[Path]:
    """Give a text as UTF-8, whatever it is in."""
    text, name = encodings.decode(path.read_bytes(), place=place, encoding=encoding)
    if name == "utf-8":
        yield path
        return
    with TemporaryDirectory(prefix=rehearsal.ROOM) as folder:
        target = Path(folder, path.name)
        target.write_text(encodings.shown(text), encoding="utf-8")
        yield target


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _options(form: str) -> dict[str, Any]:
    """Return how GDAL is to read: texts as their bytes, rows counted rather than looked up."""
    options: dict[str, Any] = {"encoding": _BYTES}
    if form == "gpkg":
        options["where"] = EVERY
    return options


def _complete(path: Path, form: str, place: str) -> None:
    """Refuse a format of several files when one of them is missing."""
    beside = {each.suffix.lower().lstrip(".") for each in shapefile.parts(path)}
    for suffix, what in _PARTS.get(form, {}).items():
        if suffix not in beside:
            msg = Sentence(
                "{stem}.{suffix} ({what}) is not beside it",
                stem=path.stem,
                suffix=suffix,
                what=what,
            )
            raise InputError(
                msg, place=place, remedy=Sentence("Copy all files named {stem}.*.", stem=path.stem)
            )


def _names(source: _Source, form: str, place: str, layer: str | None) -> list[str]:
    """Return the names of the layers to read, having checked which driver opens the file."""
    with _quiet():
        layers = [str(name) for name in pyogrio.list_layers(source.path)[:, 0]]
        if layers:
            driver = pyogrio.read_info(source.path, layer=layers[0], encoding=_BYTES)["driver"]
            if driver != DRIVERS[form]:
                msg = Sentence(
                    "it is a {driver} file, not {expected}", driver=driver, expected=DRIVERS[form]
                )
                raise InputError(msg, place=place, remedy=Sentence("Rename it to what it is."))
    if layer is not None and layer not in layers:
        msg = Sentence("no layer {layer!r}", layer=layer)
        raise InputError(
            msg, place=place, remedy=Sentence("Layers: {listed}.", listed=tuple(layers))
        )
    return layers if layer is None else [layer]


def _layer(source: _Source, name: str, *, place: str, form: str) -> Raw:
    """Read one layer as cells and shapes."""
    with _quiet():
        meta, fids, geometry, columns = pyogrio.raw.read(
            source.path, layer=name, return_fids=True, **_options(form)
        )
    count = len(fids)
    heads = [_bytes(str(field)) for field in meta["fields"]]
    decided = _decided(columns, [str(field) for field in meta["fields"]], source)
    if decided is None:
        raise InputError(
            Sentence("its text is of no encoding that can be told"), place=place, remedy=_SAY
        )
    fields = [encodings.decoded(each, decided.name, full=True)[0] for each in heads]
    cells, garbled = _cells(columns, fields, decided.name, source, count=count)
    _all_there(source.attributes, count, place)
    shapes, heights, broken = _shapes(geometry)
    crs = _crs(meta.get("crs"))
    shp = form == "shp"
    return Raw(
        cells=cells,
        rows=np.asarray(fids) + 1 if shp else np.arange(1, count + 1),
        named=True,
        sheet="" if shp else name,
        shapes=shapes,
        heights=heights,
        broken=broken,
        garbled=garbled,
        crs=crs,
        stated=crs is not None,
        crs_part=f"{source.path.stem}.prj" if shp else "",
        encoding=decided.name,
        drawn=form == "dxf",
        cut=frozenset(
            field
            for field, head in zip(cells.columns, heads, strict=True)
            if shp and shapefile.cut(head)
        ),
        notes=(*source.notes, *decided.notes),
    )


_SAY = Sentence("Say what it is with --encoding.")


def _decided(columns: Any, fields: list[str], source: _Source) -> encodings.Decided | None:
    """Return the encoding that was asked for, or the one of all texts and names of fields."""
    if source.encoding:
        return encodings.Decided(source.encoding)
    texts = {text for column in columns for text in _distinct(column) if not text.isascii()}
    held = [_bytes(text) for text in (*texts, *fields)]
    return encodings.decide(held, stated=source.stated, where=source.where)


def _distinct(column: Any) -> set[str]:
    if column.dtype.kind != "O":
        return set()
    return {each for each in column.tolist() if isinstance(each, str)}


def _bytes(text: str) -> bytes:
    """Return the bytes of a text that was read as bytes; what GDAL has decoded is UTF-8."""
    try:
        return text.encode(_BYTES)
    except UnicodeEncodeError:
        return text.encode()


def _cells(
    columns: Any, fields: list[str], encoding: str, source: _Source, *, count: int
) -> tuple[pd.DataFrame, dict[int, str | int]]:
    """Return the cells under distinct names, and the rows with bytes of another encoding."""
    names = unique_names(_whole(source, fields))
    widths = source.attributes.widths if source.attributes else []
    garbled: dict[int, str | int] = {}
    cells: dict[str, Any] = {}
    for at, (name, column) in enumerate(zip(names, columns, strict=True)):
        lost: set[int] = set()
        width = widths[at] if len(widths) == len(names) else 0
        held = _decode(column, encoding, lost, width=width) if column.dtype.kind == "O" else column
        cells[name] = text_column(held)
        garbled |= dict.fromkeys(lost, name)
    return pd.DataFrame(cells, index=range(count), dtype=object), garbled


def _whole(source: _Source, fields: list[str]) -> list[str]:
    return shapefile.whole_names(source.path, fields) if source.form == "shp" else fields


def _decode(column: Any, encoding: str, lost: set[int], *, width: int = 0) -> Any:
    """Return a column of texts decoded; rows that cannot be are added to `lost`."""
    known: dict[str, tuple[str, bool]] = {}
    found = np.array(column, dtype=object)
    for row, text in enumerate(found.tolist()):
        if isinstance(text, str) and not text.isascii():
            if text not in known:
                held = _bytes(text)
                full = bool(width) and len(held) > width - 4
                known[text] = encodings.decoded(held, encoding, full=full)
            found[row], sound = known[text]
            if not sound:
                lost.add(row)
    return found


def _all_there(held: shapefile.Attributes | None, count: int, place: str) -> None:
    """Compare what was read with the number of records that a .dbf has."""
    if held is not None and held.count - held.deleted != count:
        msg = Sentence(
            "it announces {announced} rows but holds {held}",
            announced=held.count - held.deleted,
            held=count,
        )
        raise InputError(
            msg, place=place, remedy=Sentence("The copy is incomplete: copy it again.")
        )


def _shapes(geometry: Any) -> tuple[Objects | None, Heights | None, dict[int, Text]]:
    """Return shapes without heights, the heights of points, and which ones were no geometry."""
    if geometry is None:
        return None, None, {}
    shapes, heights = flat(shapely.from_wkb(geometry, on_invalid="ignore"))
    given = np.array([each is not None for each in geometry], dtype=bool)
    lost = np.flatnonzero(given & shapely.is_missing(shapes))
    broken = {int(each): Text("图形无法读取", "Geometry unreadable") for each in lost}
    return shapes, heights, broken


def _crs(stated: str | None) -> pyproj.CRS | None:
    if not stated:
        return None
    try:
        crs = pyproj.CRS.from_user_input(stated)
    except CRSError:
        return None
    # MapInfo's datum 0 is whatever its writer left open
    left_open = crs.datum is not None and crs.datum.name == "MIF 0"
    undefined = crs.name.startswith("Undefined ")  # what a GeoPackage has for a system not told
    return None if crs.is_engineering or left_open or undefined else crs

"""A contractor's delivery folder, read at the edge into one value.

Files are known by words in their names (``ROLES``); a GeoPackage may hold several layers, named in
the same way; columns are known by their headers (``data/survey_fields.csv``)::

    乡级行政区.gpkg   units              界桩登记表.docx     registrations (cards or one list)
    界线.shp          lines              界桩成果表.xlsx     marker_results
    界桩.geojson      markers            边界点成果表.xlsx   boundary_points
    方位物.gpkg       reference_objects  面积统计表.xlsx     areas
    三交点.gpkg       tri_points         长度统计表.xlsx     lengths
    走向说明.docx     descriptions       照片/编号_1.jpg     photos

Layers keep the CRS in which they were delivered. What cannot be read becomes a trouble and never
stops the rest.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from boundaries import photos
from boundaries.forms import card, excel, table
from boundaries.forms.table import Cells
from gazetteer import exchange
from gazetteer.common.errors import GazetteerError, InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.documents import word
from gazetteer.exchange.sources import kml
from gazetteer.exchange.sources.raw import Raw, rows_of

ROLES: dict[str, tuple[str, ...]] = {
    "registrations": ("界桩登记", "登记表", "registration"),
    "marker_results": ("界桩成果", "marker_result"),
    "boundary_points": ("边界点", "boundary_point"),
    "areas": ("面积", "area"),
    "lengths": ("长度", "length"),
    "descriptions": ("走向说明", "description"),
    "tri_points": ("三交点", "tri_point"),
    "reference_objects": ("方位物", "reference_object"),
    "markers": ("界桩", "marker"),
    "lines": ("界线", "边界线", "line"),
    "units": ("行政区", "区划", "乡镇", "units", "township"),
}
"""Words in file and layer names by role; the first role that matches wins."""

LAYERS = {
    "units": "Polygon",
    "lines": "LineString",
    "markers": "Point",
    "reference_objects": "Point",
    "tri_points": "Point",
}
"""Roles that are map layers, with their kind of geometry (single or multi)."""

TABLES = ("marker_results", "boundary_points", "areas", "lengths")
VECTOR = {".gpkg", ".shp", ".geojson", ".json", ".gml", ".kml", ".tab", ".fgb"}
SHEETS = {".xlsx", ".xls", ".xlsm", ".ods"}
IMAGES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".bmp"}
IGNORED = {".dbf", ".shx", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".qgz", ".qgs", ".gpkg-wal"}


class Trouble(NamedTuple):
    """Something in a file that could not be taken over."""

    role: str
    file: str
    message: Text
    column: str = ""
    row: int = 0


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What a contractor delivered.

    Parameters
    ----------
    layers
        Frames by role, in the CRS delivered, columns as in ``data/survey_fields.csv``.
    tables
        Frames of the result tables and of the registration cards by role.
    descriptions
        Route descriptions (走向说明) by the number or name of the line they head, or by file.
    photos
        What each photo says.
    files
        Files of each role, relative to the folder.
    fingerprints
        SHA-256 of each file of a layer, by the same name.
    troubles
        What could not be read.
    notes
        What was read otherwise than its file says: its encoding, its records.
    """

    name: str = ""
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[photos.Photo, ...] = ()
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    notes: tuple[Trouble, ...] = ()

    def layer(self, role: str) -> gpd.GeoDataFrame:
        """Return a layer, empty (with its columns) where none was delivered."""
        frame = self.layers.get(role)
        return gpd.GeoDataFrame(table.empty(role), geometry=[]) if frame is None else frame

    def table(self, role: str) -> pd.DataFrame:
        """Return a table, empty (with its columns) where none was delivered."""
        frame = self.tables.get(role)
        return table.empty(role) if frame is None else frame

    def sha256(self, role: str) -> str:
        """Return the SHA-256 of the file of a layer, or one over those of its several files."""
        files = dict.fromkeys(self.files.get(role, ()))
        known = {name: self.fingerprints[name] for name in files if name in self.fingerprints}
        return over(known.items()) if len(known) > 1 else "".join(known.values())

    def records(self, role: str) -> pd.DataFrame:
        """Return a layer or table, empty (with its columns) where none was delivered."""
        return self.layer(role) if role in LAYERS else self.table(role)

    def size(self, role: str) -> int:
        """Return how many rows, texts or photos of a role there are."""
        if role in ("photos", "descriptions"):
            return len(getattr(self, role))
        return len(self.records(role))

    def has(self, role: str) -> bool:
        """Tell whether a role was delivered in any form."""
        delivered = role in self.layers or role in self.tables or bool(self.files.get(role))
        return delivered or bool(
            getattr(self, role, ()) if role in ("photos", "descriptions") else ()
        )


def role_of(name: str) -> str | None:
    """Return the role that a file or layer name tells, or None.

    Examples
    --------
    >>> role_of("界桩登记表"), role_of("石首市界桩"), role_of("三交点"), role_of("readme")
    ('registrations', 'markers', 'tri_points', None)
    """
    small = name.lower().replace("-", "_").replace(" ", "_")
    return next((role for role, words in ROLES.items() if any(w in small for w in words)), None)


def over(fingerprints: Iterable[tuple[str, str]]) -> str:
    """Return one SHA-256 over files, told by their names and the SHA-256 of each."""
    listed = "\n".join(f"{each} {name}" for name, each in fingerprints)
    return hashlib.sha256(listed.encode()).hexdigest()


class _Pile:
    """What has been read so far; the only thing here that changes."""

    def __init__(self) -> None:
        self.layers: dict[str, list[gpd.GeoDataFrame]] = defaultdict(list)
        self.tables: dict[str, list[pd.DataFrame]] = defaultdict(list)
        self.descriptions: dict[str, str] = {}
        self.photos: list[photos.Photo] = []
        self.files: dict[str, list[str]] = defaultdict(list)
        self.fingerprints: dict[str, str] = {}
        self.troubles: list[Trouble] = []
        self.notes: list[Trouble] = []

    def trouble(self, role: str, file: str, error: Exception | str) -> None:
        text = str(error)
        self.troubles.append(Trouble(role, file, Text(f"无法读取：{text}", f"unreadable: {text}")))

    def take(self, role: str, file: str, records: table.Records) -> pd.DataFrame:
        self.troubles += [
            Trouble(role, file, each.message, each.column, each.row) for each in records.problems
        ]
        return records.frame


def read(folder: Path) -> Delivery:
    """Read a delivery folder, or a single vector file as a delivery of units only.

    Parameters
    ----------
    folder
        The folder, or one vector file.

    Returns
    -------
    Delivery
        What could be read, and what could not.

    Raises
    ------
    InputError
        When the folder does not exist or holds nothing that is known.
    """
    if not folder.exists():
        raise InputError(Sentence("no such folder"), place=str(folder))
    pile = _Pile()
    single = folder.is_file()
    for path in [folder] if single else sorted(each for each in folder.rglob("*")):
        name = path.name if single else path.relative_to(folder).as_posix()
        if path.is_file() and not path.name.startswith((".", "~$")):
            _read_file(pile, path, name, fallback="units" if single else None)
    if not (pile.layers or pile.tables or pile.photos or pile.troubles):
        remedy = Sentence("Name files by what they hold: 乡级行政区, 界线, 界桩, 界桩成果表 ...")
        raise InputError(Sentence("nothing of a survey found"), place=str(folder), remedy=remedy)
    return _delivery(folder.stem if single else folder.name, pile)


def _read_file(pile: _Pile, path: Path, name: str, *, fallback: str | None) -> None:
    suffix, role = path.suffix.lower(), role_of(path.stem) or fallback
    if suffix in IMAGES:
        pile.files["photos"].append(name)
        pile.photos.append(photos.read(path.read_bytes(), file=name))
    elif suffix in VECTOR:
        _read_vector(pile, path, name, role)
    elif suffix in SHEETS or suffix == ".docx":
        _read_office(pile, path, name, role)
    elif suffix in (".txt", ".md") and role == "descriptions":
        pile.files["descriptions"].append(name)
        pile.descriptions[path.stem] = _decode(path.read_bytes())
    elif role and suffix not in IGNORED:
        pile.trouble(role, name, f"file type {suffix or '(none)'}")


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _read_vector(pile: _Pile, path: Path, name: str, role: str | None) -> None:
    try:
        opened = exchange.opened(path)
    except GazetteerError as error:
        pile.trouble(role or "units", name, error)
        return
    pile.fingerprints[name] = opened.sha256
    layers = _layers(path, opened.tables)
    for layer, raw in layers:
        of_layer = role if len(layers) == 1 and role else role_of(layer) or role
        if of_layer is not None:
            _take_layer(pile, name, raw, role=of_layer)


def _layers(path: Path, raws: Sequence[Raw]) -> list[tuple[str, Raw]]:
    """Return the layers of a file by their names; those of a KML are its folders."""
    if path.suffix.lower() != ".kml" or kml.FOLDER not in raws[0].cells:
        return [(each.sheet, each) for each in raws]
    folders = raws[0].cells[kml.FOLDER].fillna("")
    return [
        (name.rpartition("/")[2], rows_of(raws[0], np.flatnonzero(folders == name)))
        for name in folders.unique()
    ]


def _take_layer(pile: _Pile, name: str, raw: Raw, *, role: str) -> None:
    pile.files[role].append(name)
    pile.notes += [Trouble(role, name, each) for each in raw.notes]
    pile.troubles += [
        Trouble(role, name, each, "geometry", at + 1) for at, each in raw.broken.items()
    ]
    taken = pile.take(role, name, table.adopt(raw.cells, role))
    if role in LAYERS and raw.shapes is not None:
        if role == "markers" and "height_m" not in taken and raw.heights is not None:
            taken = taken.assign(height_m=raw.heights)
        pile.layers[role].append(gpd.GeoDataFrame(taken, geometry=raw.shapes, crs=raw.crs))
    else:
        pile.tables[role].append(taken)


def _read_office(pile: _Pile, path: Path, name: str, role: str | None) -> None:
    content = path.read_bytes()
    try:
        if path.suffix.lower() == ".docx":
            blocks = word.read(content, place=name)
            if role == "descriptions":
                pile.files[role].append(name)
                _describe(pile, path.stem, blocks)
                return
            sheets = [(name, each.rows) for each in blocks if isinstance(each, word.Table)]
        else:
            sheets = list(excel.read(content, place=name).items())
    except InputError as error:
        pile.trouble(role or "", name, error)
        return
    for sheet, cells in sheets:
        of_sheet = role_of(sheet) or role
        if of_sheet and any(any(row) for row in cells):
            _read_cells(pile, name, of_sheet, cells)


def _describe(pile: _Pile, stem: str, blocks: list[word.Block]) -> None:
    """Put each paragraph under the heading above it: a paragraph without a full stop."""
    head = stem
    for block in blocks:
        if isinstance(block, word.Paragraph):
            if len(block.text) <= 40 and "。" not in block.text and "，" not in block.text:
                head = block.text
            else:
                before = pile.descriptions.get(head)
                pile.descriptions[head] = f"{before}\n{block.text}" if before else block.text


def _read_cells(pile: _Pile, name: str, role: str, cells: Cells) -> None:
    if name not in pile.files[role]:
        pile.files[role].append(name)
    if role == "registrations" and card.is_card(cells):
        marker_card = card.from_cells(cells)
        records = table.Records(pd.DataFrame([marker_card.fields]), marker_card.problems)
        pile.tables["registrations"].append(pile.take(role, name, records))
        pile.tables["card_references"].append(marker_card.references)
        return
    pile.tables[role].append(pile.take(role, name, table.from_cells(cells, role)))


def _delivery(name: str, pile: _Pile) -> Delivery:
    mapped = {role: _together(pile, role, frames) for role, frames in pile.layers.items()}
    merged = {role: _stack(frames) for role, frames in pile.tables.items()}
    return Delivery(
        name=name,
        layers=mapped,
        tables={role: table.typed(frame, role) for role, frame in merged.items()},
        descriptions=pile.descriptions,
        photos=tuple(pile.photos),
        files={role: tuple(names) for role, names in pile.files.items()},
        fingerprints=pile.fingerprints,
        troubles=tuple(pile.troubles),
        notes=tuple(pile.notes),
    )


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [each.dropna(axis=1, how="all") for each in frames if len(each)]
    columns = list(dict.fromkeys(column for each in frames for column in each.columns))
    return pd.concat(filled, ignore_index=True).reindex(columns=columns) if filled else frames[0]


def _together(pile: _Pile, role: str, frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Join the files of one layer; those in another CRS are moved to the first one's, and told."""
    first = frames[0]
    for each in frames[1:]:
        if each.crs != first.crs:
            message = Text("同一图层的文件坐标系不同", "files of one layer differ in CRS")
            pile.troubles.append(Trouble(role, pile.files[role][-1], message, "crs"))
    same = [first, *(_moved(each, first) for each in frames[1:])]
    return gpd.GeoDataFrame(_stack(same), geometry="geometry", crs=first.crs) if same[1:] else first


def _moved(frame: gpd.GeoDataFrame, first: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if frame.crs is None or first.crs is None:
        return frame.set_crs(first.crs, allow_override=True)
    return frame.to_crs(first.crs)

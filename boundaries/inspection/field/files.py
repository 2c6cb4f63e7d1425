"""The one place where what comes in from the field is opened: forms, tracks, photos, archives."""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pyogrio

from boundaries.inspection.field import sheets as sheets_
from boundaries.inspection.round import fields
from boundaries.inspection.round.fields import LAYERS, Layer
from gazetteer.common import durable, hashing, plain_names, rehearsal
from gazetteer.common.errors import InputError, reason
from gazetteer.common.language import Sentence, Text
from gazetteer.common.missing import nones
from gazetteer.exchange import forms
from gazetteer.exchange.sources import opening, unpack
from gazetteer.exchange.sources.layers import EVERY
from gazetteer.store import kept
from gazetteer.store.packages import last_change

LARGEST = 512 * 1024**2
"""Bytes of one file."""
MOST_FILES = 20_000
MOST_ROWS = 100_000
"""Rows in one layer of a form."""
MOST_FIXES = 2_000_000
MOST_XML = 256 * 1024**2
PHOTOS = frozenset({".jpg", ".jpeg", ".png", ".heic", ".tif", ".tiff", ".webp"})
HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
IGNORED = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
SIDECARS = ("-wal", "-shm", "-journal")

_SAVE = Sentence("Open it in Excel and save it again.")
_WRONG = Sentence("Give a file of the bundle, as QField, QGIS or Excel has saved it.")
OWN = (".qgz", ".qgs", ".qgz~", "-手册.pdf", "-清单.json")
"""Ends of the names of what a bundle holds besides its forms: nothing to be received."""


OWN_COLUMNS = ("geometry", "record_id")
"""Columns of a GeoPackage's layers besides the fields."""


class RefusedError(InputError):
    """A file that cannot be taken; `reason` is why, in both languages."""

    def __init__(self, reason: Text, *, place: str, remedy: Sentence) -> None:
        super().__init__(reason, place=place, remedy=remedy)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Form:
    """A form that came back: its meta record, its own date, rows by layer, remarks on reading."""

    meta: Mapping[str, str]
    dated: str
    rows: Mapping[Layer, list[dict[str, Any]]]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Fixes:
    """Tracks of a GPX file: one frame a segment (lon, lat, time as text)."""

    segments: tuple[pd.DataFrame, ...] = ()
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One file to be received: its name, where it lies now, its hash, size and kind.

    `error` says why it cannot be looked at (an archive that is none, a file too large).
    """

    name: str
    path: Path
    sha256: str = ""
    bytes: int = 0
    kind: str = ""
    error: Text | None = None


@contextmanager
def given(paths: Sequence[Path]) -> Iterator[list[Given]]:
    """Yield every file of paths, of folders and of zip archives, each once, in order of names.

    Raises
    ------
    InputError
        When a path is not there, or too many files are.
    """
    durable.sweep_rooms()
    with tempfile.TemporaryDirectory(prefix=rehearsal.ROOM) as folder:
        by_hash: dict[str, Given] = {}
        for at, path in enumerate(paths):
            for each in _expanded(path, Path(folder) / str(at)):
                by_hash.setdefault(each.sha256 or each.name, each)
            if len(by_hash) > MOST_FILES:
                msg = Sentence("more than {most_files:,} files at once", most_files=MOST_FILES)
                raise InputError(msg, remedy=Sentence("Give them folder by folder."))
        yield list(by_hash.values())


def _expanded(path: Path, folder: Path) -> Iterator[Given]:
    if path.is_dir():
        for each in sorted(path.rglob("*")):
            if each.is_file() and not each.is_symlink() and not _ignored(each):
                yield from _file(each, folder)
        return
    if not path.is_file():
        opening.check(path)
    yield from _file(path, folder)


def _ignored(path: Path) -> bool:
    name = path.name.lower()
    return name in IGNORED or name.startswith("._") or name.endswith((*SIDECARS, *OWN))


def _file(path: Path, folder: Path) -> Iterator[Given]:
    try:
        yield from _opened(path, folder)
    except OSError as error:
        why = reason(error)
        refused = Text(f"无法读取（{why.zh}）", f"cannot be read ({why.en})")
        yield Given(path.name, path, error=refused)


def _opened(path: Path, folder: Path) -> Iterator[Given]:
    size = path.stat().st_size
    if size > LARGEST:
        yield Given(path.name, path, bytes=size, error=_too_large())
        return
    kind = kind_of(path)
    if kind != "zip":
        yield Given(path.name, path, hashing.fingerprint(path), size, kind)
        return
    inside = folder / hashlib.sha256(str(path).encode()).hexdigest()[:12]
    inside.mkdir(parents=True, exist_ok=True)
    try:
        members = unpack.unpacked(path, "zip", inside)
    except InputError as error:
        reason = Text(f"压缩包不能解开（{error.what.zh}）", error.what.en)
        yield Given(path.name, path, bytes=size, error=reason)
        return
    for each in members:
        if not _ignored(each):
            digest = hashing.fingerprint(each)
            yield Given(each.name, each, digest, each.stat().st_size, kind_of(each))


def kind_of(path: Path) -> str:
    """Return what a file is by its first bytes: gpkg, xlsx, gpx, zip, photo, heic, or nothing.

    What only its name calls a photo or a form is looked at as one, so that the answer says what
    is wrong with it.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    suffix = path.suffix.lower()
    if head.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if head.startswith(b"PK"):
        return "xlsx" if _is_workbook(path) else "zip"
    if b"<gpx" in head.lower() or suffix == ".gpx":
        return "gpx"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        return "heic"
    if suffix in PHOTOS or head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*")):
        return "photo"
    return {".gpkg": "gpkg", ".xlsx": "xlsx"}.get(suffix, "")


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except unpack.BROKEN:
        return path.suffix.lower() == ".xlsx"


def _too_large() -> Text:
    size = f"{LARGEST >> 20} MB"
    return Text(f"文件大于{size}", f"is larger than {size}")


# ------------------------------------------------------------------ forms


def form(given_file: Given) -> Form:
    """Return a form that came back.

    Raises
    ------
    InputError
        When it is no form of a bundle, or damaged.
    """
    if given_file.kind == "gpkg":
        with plain_names.reading(given_file.path) as plain:
            return _package(plain, given_file.name)
    return _workbook(given_file.path, given_file.name)


def _package(path: Path, name: str) -> Form:
    try:
        layers = {str(each) for each, _ in pyogrio.list_layers(path)}
        if not {fields.META_LAYER, *LAYERS} & layers or fields.META_LAYER not in layers:
            reason = Text("不是联检发出的GeoPackage", "it is no GeoPackage of a bundle")
            raise RefusedError(reason, place=name, remedy=_WRONG)
        meta = pyogrio.read_dataframe(path, layer=fields.META_LAYER, max_features=100, where=EVERY)
        notes: list[Text] = []
        rows = {layer: _features(path, layer, notes) for layer in LAYERS if layer in layers}
    except sheets_.UnreadableError as error:
        raise RefusedError(error.reason, place=name, remedy=_WRONG) from error
    except InputError:
        raise
    except (ValueError, OSError, RuntimeError, KeyError) as error:
        reason = Text("GeoPackage已损坏", "the GeoPackage is damaged")
        remedy = Sentence("Copy it again from the device.")
        raise RefusedError(reason, place=name, remedy=remedy) from error
    return Form(
        _meta(meta.get("key", ()), meta.get("value", ())), last_change(path), rows, tuple(notes)
    )


def _features(path: Path, layer: Layer, notes: list[Text]) -> list[dict[str, Any]]:
    frame = pyogrio.read_dataframe(
        path, layer=layer, max_features=MOST_ROWS + 1, fid_as_index=True, where=EVERY
    )
    if len(frame) > MOST_ROWS:
        zh, en = (
            f"图层{layer}超过{MOST_ROWS:,}行",
            f"layer {layer} has more than {MOST_ROWS:,} rows",
        )
        raise RefusedError(Text(zh, en), place=path.name, remedy=_WRONG)
    plain = nones(pd.DataFrame(frame), frame.columns)
    asked = plain.drop(columns=[*OWN_COLUMNS], errors="ignore")
    sheets_.columns_of(layer, list(asked.columns), asked, notes)
    return [
        {**{str(name): value for name, value in row.items()}, "_row": fid}
        for fid, row in zip(frame.index.tolist(), plain.to_dict("records"), strict=True)
    ]


def _workbook(path: Path, name: str) -> Form:
    try:
        sheets = forms.read(path, place=name)
    except forms.UncomputedError as error:
        raise RefusedError(error.said, place=name, remedy=_SAVE) from error
    if fields.META_SHEET not in sheets:
        reason = Text("不是联检发出的Excel表", "it is no Excel form of a bundle")
        raise RefusedError(reason, place=name, remedy=_WRONG)
    about = sheets[fields.META_SHEET].cells
    meta = _meta(about.get(0, ()), about.get(1, ()))
    read = [sheets_.Sheet(name, raw.cells, [*raw.rows]) for name, raw in sheets.items()]
    try:
        rows, notes = sheets_.read(read)
    except sheets_.UnreadableError as error:
        raise RefusedError(error.reason, place=name, remedy=_WRONG) from error
    return Form(meta, _modified(path), rows, tuple(notes))


def _meta(keys: Any, values: Any) -> dict[str, str]:
    pairs = zip(list(keys), list(values), strict=False)
    return {str(key): str(value) for key, value in pairs if value is not None}


_UNREADABLE: tuple[type[Exception], ...] = (KeyError, *unpack.BROKEN)


def _modified(path: Path) -> str:
    """Return when a workbook was last saved by its own account (ISO, UTC)."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/core.xml") as stream:
            text = stream.read(65536).decode("utf-8", "replace")
    except _UNREADABLE:
        return ""
    match = re.search(r"<dcterms:modified[^>]*>([0-9T:\-]{10,19})", text)
    return f"{match[1]}Z" if match else ""


# ------------------------------------------------------------------ tracks


def track(given_file: Given) -> Fixes:
    """Return the fixes of a GPX file, segment by segment.

    Raises
    ------
    InputError
        When it is no GPX, too large, or carries entity definitions.
    """
    if given_file.bytes > MOST_XML:
        reason = Text("轨迹文件过大", "the track is too large")
        raise RefusedError(reason, place=given_file.name, remedy=Sentence("Split it."))
    raw = content(given_file)
    if re.search(rb"<!(DOCTYPE|ENTITY)", raw[:65536], re.IGNORECASE):
        reason = Text("GPX中定义了实体，不可信", "the GPX defines entities")
        raise RefusedError(
            reason, place=given_file.name, remedy=Sentence("Do not trust this file.")
        )
    try:
        root = ET.fromstring(raw)
    except (ET.ParseError, ValueError) as error:
        reason = Text("不是可读的GPX", "it is no GPX that can be read")
        remedy = Sentence("Export the track again from the device.")
        raise RefusedError(reason, place=given_file.name, remedy=remedy) from error
    segments = [_segment(each) for each in root.iter() if _tag(each) in ("trkseg", "rte")]
    kept = tuple(each for each in segments if len(each))
    if not kept:
        reason = Text("其中没有轨迹", "there is no track in it")
        remedy = Sentence("Record the track as trk/trkseg/trkpt.")
        raise RefusedError(reason, place=given_file.name, remedy=remedy)
    if sum(map(len, kept)) > MOST_FIXES:
        reason = Text("轨迹点过多", "the track is too long")
        raise RefusedError(reason, place=given_file.name, remedy=Sentence("Split it."))
    times = [time for each in kept for time in each["time"] if time]
    return Fixes(kept, max(times, default=""))


def _segment(element: ET.Element) -> pd.DataFrame:
    rows = []
    for point in element:
        if _tag(point) not in ("trkpt", "rtept"):
            continue
        time = next((child.text for child in point if _tag(child) == "time"), None)
        rows.append((point.get("lon"), point.get("lat"), (time or "").strip()))
    frame = pd.DataFrame(rows, columns=["lon", "lat", "time"])
    for name in ("lon", "lat"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    sound = frame["lon"].between(-180, 180) & frame["lat"].between(-90, 90)
    return frame[sound].reset_index(drop=True)


def _tag(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def unmerged(given_file: Given) -> bool:
    """Tell whether changes of a GeoPackage still lie in a file beside it (``-wal``)."""
    beside = given_file.path.with_name(f"{given_file.path.name}-wal")
    return beside.is_file() and beside.stat().st_size > 0


# ------------------------------------------------------------------ keeping


def content(given_file: Given) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    InputError
        When it cannot be read any more.
    """
    try:
        return given_file.path.read_bytes()
    except OSError as error:
        msg = Sentence("it cannot be read ({why})", why=reason(error))
        raise InputError(msg, place=given_file.name, remedy=Sentence("Copy it again.")) from error


def keep(given_file: Given, folder: Path) -> Path:
    """Keep a copy of a received file under its hash; see `gazetteer.store.kept.keep`."""
    named = {"sha256": given_file.sha256, "file_name": given_file.name}
    return kept.keep(given_file.path, folder, **named)

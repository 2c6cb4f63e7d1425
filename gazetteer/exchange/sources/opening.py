"""One door for all formats: told by the first bytes, the suffix only where those leave a choice."""

from __future__ import annotations

import codecs
import logging
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from gazetteer.common import rehearsal
from gazetteer.common.errors import InputError, reason
from gazetteer.common.hashing import fingerprint
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange.sources import (
    delimited,
    encodings,
    features,
    kml,
    layers,
    markup,
    unpack,
    workbook,
)
from gazetteer.exchange.sources.raw import Raw

_log = logging.getLogger(__name__)

_MAGIC = (
    (b"\x1f\x8b", "gz"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bz2"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"SQLite format 3\0", "gpkg"),
    (b"%PDF", "pdf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x00\x00\x27\x0a", "shp"),
    (b"fgb", "fgb"),
)
_ARCHIVES = ("gz", "xz", "bz2", "zip")
_REMEDIES = {
    "pdf": Sentence("Ask for the table behind it as Excel."),
    "rar": Sentence("Unpack it first, or ask for a .zip."),
    "7z": Sentence("Unpack it first, or ask for a .zip."),
    "docx": Sentence("Copy its table into Excel."),
    "xml": Sentence("Give a CSV, Excel, GeoJSON, GeoPackage, Shapefile or KML."),
}
_TABLES = frozenset({"shp", "gpkg", "csv", "tsv", "txt", "xlsx", "xls", "kml", "tab", "mif", "dxf"})
_TABLES |= {"geojson", "geojsonl", "json", "topojson", "fgb", "gml"}
_PLAIN = ("csv", "tsv", "txt")
_JSON = re.compile(rb'\{\s*"[^"]*"\s*:|\[\s*[{\[]')
"""How JSON begins; a table in brackets does not."""
_LOOKED_AT = 1 << 14
"""Bytes of markup from which it is told what it is."""
_DEEPEST = 2
"""Archives in archives: a .csv.gz in a .zip is read, a further one is not."""


def check(path: Path) -> None:
    """Refuse a path that is no readable file, or has nothing in it.

    Raises
    ------
    InputError
        With what is wrong and, for a missing file, the name that comes near.
    """
    if path.is_dir():
        inside = sorted(each.name for each in path.iterdir() if _suffix(each) in _TABLES)
        remedy = (
            Sentence("Name a file in it: {listed}.", listed=tuple(inside[:10]))
            if inside
            else Sentence("Name a file.")
        )
        raise InputError(Sentence("it is a folder"), place=path.name, remedy=remedy)
    if not path.exists():
        siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        near = get_close_matches(path.name, siblings, n=1)
        raise InputError(
            Sentence("no such file"),
            place=path.name,
            remedy=Sentence("Did you mean {near}?", near=near[0])
            if near
            else Sentence("Check the path."),
        )
    try:
        with path.open("rb") as stream:
            first = stream.read(1)
    except OSError as error:
        raise InputError(
            Sentence("it cannot be opened ({why})", why=reason(error)),
            place=path.name,
            remedy=Sentence("Close it elsewhere or ask for the right to read it."),
        ) from error
    if not first:
        raise InputError(
            Sentence("the file is empty"), place=path.name, remedy=Sentence("Is it the right file?")
        )


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The tables of a file as they stand in it, and which file it was.

    Parameters
    ----------
    tables
        Sheets, layers, members of an archive.
    source, sha256
        Name and fingerprint of the file.
    """

    tables: tuple[Raw, ...]
    source: str
    sha256: str


def opened(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> Opened:
    """Open a file of any format without asking of what kind its tables are.

    Parameters
    ----------
    path
        The file.
    sheet
        Name of the sheet, layer or member wanted; all where not given.
    encoding
        Of its text; told from the text where not given.

    Returns
    -------
    Opened
        Its tables, with name and SHA-256 of the file.

    Raises
    ------
    InputError
        In one line with what is wrong and what to do.
    """
    tables = tuple(read(path, sheet=sheet, encoding=encoding))
    return Opened(tables=tables, source=path.name, sha256=fingerprint(path))


def read(path: Path, *, sheet: str | None = None, encoding: str | None = None) -> list[Raw]:
    """Read every table of a file: sheets, layers, members of an archive.

    Raises
    ------
    InputError
        In one line with what is wrong and what to do.
    """
    check(path)
    found = _read(path, path.name, sheet, encoding, depth=0)
    if not found:
        raise InputError(
            Sentence("it holds no rows"), place=path.name, remedy=Sentence("Is it the right file?")
        )
    for raw in found:
        _log.info("%s: %s", path, _as_read(raw))
    return found


def _as_read(raw: Raw) -> str:
    """Return how one table was read: nothing of what it holds."""
    crs = "no CRS" if raw.crs is None else f"CRS {raw.crs.name}"
    sheet = f"sheet {raw.sheet!r}" if raw.sheet else "its only table"
    return f"{sheet}, {len(raw.rows)} rows, encoding {raw.encoding or 'of the format'}, {crs}"


def form_of(path: Path) -> str:
    """Return the format of a file as the suffix that it should have.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     csv = Path(folder) / "a.xlsx"
    ...     _ = csv.write_text("code,name", "utf-8")
    ...     form_of(csv)
    'csv'
    """
    with path.open("rb") as stream:
        head = stream.read(65536)
    form = next((form for mark, form in _MAGIC if head.startswith(mark)), None)
    if form == "zip":
        return _zip_form(path)
    if form:
        return form
    return _text_form(head, _suffix(path))


def _text_form(head: bytes, suffix: str) -> str:
    """Return the format of a text file."""
    start = _narrow(head).lstrip(b"\xef\xbb\xbf \t\r\n")
    if suffix in ("mif", "dxf"):
        return suffix
    if suffix == "tab" and start.lower().startswith(b"!table"):
        return "tab"
    if start.startswith(b"<"):
        low = start[:_LOOKED_AT].lower()
        known = (
            ("kml", b"<kml"),
            ("gml", b"opengis.net/gml"),
            ("xml-2003", markup.SPREADSHEET),
            ("html", b"<html"),
            ("html", b"<table"),
        )
        return next((form for form, mark in known if mark in low), "xml")
    if start[:1] in (b"{", b"[", b"\x1e") and (suffix not in _PLAIN or _JSON.match(start)):
        return "topojson" if b'"Topology"' in head else "geojson"
    return "csv"


def _narrow(head: bytes) -> bytes:
    """Return the beginning of a text in UTF-16 as that of one in UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return head


def _zip_form(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except unpack.BROKEN:
        return "xlsx" if _suffix(path) == "xlsx" else "zip"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "docx" if "word/document.xml" in names else "zip"


def _suffix(path: Path) -> str:
    return path.suffix.lower().lstrip(".")


def _read(
    path: Path, place: str, sheet: str | None, encoding: str | None, *, depth: int
) -> list[Raw]:
    """Read a file by its format; archives are unpacked and their members read in turn."""
    form = form_of(path)
    if form in _REMEDIES:
        raise InputError(
            Sentence("it is a {form} file", form=form.upper()), place=place, remedy=_REMEDIES[form]
        )
    _log.debug("%s: opened as %s", place, form)
    if form not in _ARCHIVES:
        return _open(path, form, place, sheet, encoding)
    if depth >= _DEEPEST:
        raise InputError(
            Sentence("it is an archive in an archive in an archive"),
            place=place,
            remedy=Sentence("Unpack it first."),
        )
    with tempfile.TemporaryDirectory(prefix=rehearsal.ROOM) as folder:
        members = unpack.unpacked(path, form, Path(folder))
        if form != "zip":
            return _read(members[0], place, sheet, encoding, depth=depth + 1)
        return _members(members, Path(folder), place, sheet, encoding, depth)


def _members(
    members: list[Path],
    folder: Path,
    place: str,
    sheet: str | None,
    encoding: str | None,
    depth: int,
) -> list[Raw]:
    """Read the tables of an unpacked zip file; their sheets carry the member's name."""
    tables = [each for each in members if _suffix(each) in _TABLES | {"gz", "xz", "zip"}]
    if len(tables) > 1:
        tables = [each for each in tables if _suffix(each) != "txt"]
    names = {each.relative_to(folder).as_posix(): each for each in tables}
    if sheet in names or sheet in {each.stem for each in tables}:
        names = {name: each for name, each in names.items() if sheet in (name, each.stem)}
        sheet = None
    if not names:
        present = tuple(each.name for each in members[:10]) or Text("无", "nothing")
        raise InputError(
            Sentence("the archive holds no table but {present}", present=present),
            place=place,
            remedy=Sentence("A shapefile needs its .shp, .shx and .dbf in it."),
        )
    found = []
    for name, each in names.items():
        for raw in _read(each, f"{place}, {name}", sheet, encoding, depth=depth + 1):
            name_there = (
                raw.sheet if len(names) == 1 else ", ".join(filter(None, [name, raw.sheet]))
            )
            found.append(replace(raw, sheet=name_there))
    return found


def _open(path: Path, form: str, place: str, sheet: str | None, encoding: str | None) -> list[Raw]:
    """Read a file of one known format."""
    if form in ("xlsx", "xls"):
        return workbook.read(path, place=place, sheet=sheet)
    if form == "csv":
        _no_part(path, place)
        return _named_otherwise(delimited.read(path, place=place, encoding=encoding), path, form)
    if form in _MARKUP:
        found = _MARKUP[form](path, place=place, encoding=encoding, sheet=sheet)
        return _named_otherwise(found, path, form)
    if form == "kml":
        return kml.read(path, place=place, layer=sheet, encoding=encoding)
    if form == "geojson":
        return features.read(path, place=place, encoding=encoding)
    if form == "gpkg":
        _geopackage(path, place)
    if form == "shp" and _suffix(path) != "shp":
        raise InputError(
            Sentence("it is a part of a shapefile"), place=place, remedy=Sentence("Name the .shp.")
        )
    read_layers: Callable[..., list[Raw]] = layers.read
    return read_layers(path, form, place=place, layer=sheet, encoding=encoding)


_MARKUP: dict[str, Callable[..., list[Raw]]] = {
    "html": markup.page,
    "xml-2003": markup.spreadsheet,
}


_FORMS = {
    "csv": Text("文本", "text"),
    "html": Text("HTML 网页表格", "a table of HTML"),
    "xml-2003": Text("XML 表格 2003", "an XML spreadsheet of 2003"),
}


def _named_otherwise(found: list[Raw], path: Path, form: str) -> list[Raw]:
    """Say that a file which calls itself a workbook is something else, and what."""
    suffix = _suffix(path)
    if suffix not in ("xls", "xlsx") or not found:
        return found
    what, encoding = _FORMS[form], found[0].encoding
    note = Text(
        f"名为 .{suffix}，实为{what.zh}（{encoding}），按此读入",
        f"It is called .{suffix} but is {what.en} ({encoding}), and was read as that",
    )
    return [replace(each, notes=(*each.notes, note)) for each in found]


def _no_part(path: Path, place: str) -> None:
    """Refuse files that belong to others, and a .shp that is none."""
    suffix = _suffix(path)
    if suffix in ("dbf", "shx", "prj", "cpg", "dat", "map", "mid"):
        whole = {"dat": "tab", "map": "tab", "mid": "mif"}.get(suffix, "shp")
        raise InputError(
            Sentence("it is one part of several (.{suffix})", suffix=suffix),
            place=place,
            remedy=Sentence("Name the .{whole} beside it.", whole=whole),
        )
    if suffix in ("shp", "gpkg", "zip", "gz", "xz", "kmz") or (
        suffix in ("xlsx", "xls") and not _is_text(path)
    ):
        raise InputError(
            Sentence("its content is not that of a .{suffix} file", suffix=suffix),
            place=place,
            remedy=Sentence("The file is damaged or has the wrong name: copy it again."),
        )


def _is_text(path: Path) -> bool:
    """Tell whether a file is a text of several columns in an encoding that can be told."""
    try:
        text, _ = encodings.decode(path.read_bytes(), place=path.name)
    except InputError:
        return False
    return delimited.delimiter(text) in text.partition("\n")[0]


def _geopackage(path: Path, place: str) -> None:
    """Refuse an SQLite database that is no GeoPackage (its header says which application)."""
    with path.open("rb") as stream:
        head = stream.read(100)
    if head[68:72] not in (b"GPKG", b"GP10", b"GP11"):
        raise InputError(
            Sentence("it is an SQLite database but no GeoPackage"),
            place=place,
            remedy=Sentence("Export the table as GeoPackage, Excel or CSV."),
        )

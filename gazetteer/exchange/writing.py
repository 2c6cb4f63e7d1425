"""The way out: frames as GeoPackage, Excel, GeoJSON, CSV, Shapefile, KML and GeoNames tables."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import InputError, unwritable
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.common.markings import NOTHING, Marked
from gazetteer.exchange import rejects as returned
from gazetteer.exchange.formats import geonames, layers, spreadsheets
from gazetteer.exchange.formats.cells import LONGEST_CELL
from gazetteer.release import Released, gate, leave
from gazetteer.release.writing import whole

Frames = Mapping[str, pd.DataFrame]
Writer = Callable[[Frames, Path, str | None], list[Text]]

FORMATS: dict[str, Writer] = {
    "gpkg": layers.geopackage,
    "geojson": layers.geojson,
    "shp": layers.shapefile,
    "kml": layers.kml,
    "xlsx": spreadsheets.excel,
    "csv": spreadsheets.csv,
    "tsv": geonames.tsv,
}
"""What writes each format; the name is also the suffix (``tsv`` is the GeoNames table)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Parameters
    ----------
    files
        Every file, the one asked for first.
    rows
        Rows in all.
    notes
        What the format could not hold and what was done about it.
    manifest
        Manifest beside them: hashes, classification, what was withheld.
    """

    files: tuple[Path, ...]
    rows: int
    notes: tuple[Text, ...]
    manifest: Path


def write(
    frame: pd.DataFrame | Frames,
    path: Path | str,
    *,
    format: str | None = None,  # noqa: A002 - the word that users know
    layer: str = "layer",
    labels: Mapping[str, str] | None = None,
    notice: str | None = None,
    released: Released | None = None,
    further: Mapping[str, Any] | None = None,
    marked: Marked = NOTHING,
) -> Written:
    r"""Write a frame, or several by layer or sheet name, with a manifest beside the file.

    Parameters
    ----------
    frame
        Rows; geometries in EPSG:4490. Columns that begin with ``_`` are left out.
    path
        Where to; an existing file is replaced.
    format
        One of `FORMATS`; without it the suffix tells.
    layer
        Name of the layer or sheet.
    labels
        Header of each column for spreadsheets, e.g. ``labels("names")`` in Chinese.
    notice
        Classification notice, put inside the file; beside it (``-notice.txt``) where a Shapefile,
        CSV or GeoNames table has no place for it.
    released
        What the release gate returned for the rows; without it they pass it here, as internal.
    further
        What the manifest tells besides.
    marked
        What is classified in the county file, where the rows tell of it without an id.

    Returns
    -------
    Written
        The files, and what they could not hold.

    Raises
    ------
    InputError
        For an unknown format, a frame that the format cannot hold, or a folder that cannot be
        written to.
    ReleaseError
        When a row is classified above internal.

    Examples
    --------
    >>> import tempfile
    >>> frame = pd.DataFrame({"code": ["421081"], "name": ["=1+1"], "_row": [2]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = write(frame, Path(folder, "a.csv"))
    ...     sorted(each.name for each in Path(folder).iterdir())
    ...     Path(folder, "a.csv").read_text("utf-8-sig")
    ['a.csv', 'a.csv.manifest.json']
    '"code","name"\n"421081","\'=1+1"\n'
    """
    path = Path(path)
    frames = dict(frame) if isinstance(frame, Mapping) else {layer: frame}
    if released is None:
        released = gate(frames, marked=marked)
        frames = released.layers
    notes: list[Text] = []
    if path.is_dir():
        raise unwritable(IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)), path)
    name = _known(format or path.suffix.lstrip("."), place=str(path))
    fill = maker(frames, name, labels=labels, notice=notice)
    *files, manifest = leave(
        path,
        lambda draft: notes.extend(fill(draft)),
        released=released,
        further=further,
    )
    return Written(tuple(files), sum(map(len, frames.values())), tuple(notes), manifest)


def maker(
    frames: Frames,
    format: str,  # noqa: A002 - the word that users know
    *,
    labels: Mapping[str, str] | None = None,
    notice: str | None = None,
) -> Callable[[Path], list[Text]]:
    """Return what writes frames to the path that it is given, for what leaves with other files.

    Parameters
    ----------
    frames
        Rows by layer or sheet name; geometries in EPSG:4490.
    format
        One of `FORMATS`.
    labels, notice
        As for `write`.

    Returns
    -------
    Callable[[Path], list[Text]]
        Writes, and returns what the format could not hold.

    Raises
    ------
    InputError
        For an unknown format.

    Examples
    --------
    >>> maker({}, "doc")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: no format 'doc' to write. Choose one of gpkg, geojson, ...
    """
    writer = FORMATS[_known(format)]
    prepared = {name: _prepared(each, labels or {}) for name, each in frames.items()}
    return lambda draft: writer(prepared, draft, notice)


def _known(name: str, *, place: str | None = None) -> str:
    if name.lower() not in FORMATS:
        msg = Sentence("no format {name!r} to write", name=name.lower())
        raise InputError(
            msg, place=place, remedy=Sentence("Choose one of {listed}.", listed=tuple(FORMATS))
        )
    return name.lower()


def write_rejects(rejects: pd.DataFrame, path: Path | str, *, language: Language = "zh") -> Path:
    """Write rejected rows as Excel: row, column and reason, then the row as it came.

    Corrected there, the file can be imported as it is; the columns about the rejection are left
    out then. What Excel cannot hold (a text of more than 32,767 characters, more rows than a sheet
    has) comes back as CSV under the same name: no row is lost for one that does not fit.

    Parameters
    ----------
    rejects
        As in `Reading.rejects`.
    path
        Where to; an existing file is replaced.
    language
        Language of the reasons and of the headers about the rejection.

    Returns
    -------
    Path
        Where the rows are.
    """
    columns = returned.SHOWN[language]
    which = 0 if language == "zh" else 1
    listed = rejects.assign(
        **{returned.COLUMN: rejects[returned.COLUMN].str.replace("; ", ("、", "; ")[which])}
    )
    about = {returned.HEADERS[name][which]: listed[name] for name in columns}
    as_received = rejects[[name for name in rejects.columns if name not in returned.ABOUT]]
    if "geometry" in as_received:  # what no cell can hold comes again from the layer itself
        fits = as_received["geometry"].map(
            lambda text: isinstance(text, str) and len(text) <= LONGEST_CELL
        )
        as_received = as_received.assign(geometry=as_received["geometry"].where(fits, None))
    table = pd.concat([pd.DataFrame(about), as_received], axis=1)
    sheet = "退回" if language == "zh" else "rejects"
    way, path = spreadsheets.excel, Path(path)
    if not spreadsheets.fits(table):
        way, path = spreadsheets.csv, path.with_suffix(".csv")
    files, _ = whole(path, lambda target: way({sheet: table}, target))
    return files[0]


def _prepared(frame: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns that go out, with their headers, geometries in CGCS2000."""
    kept = frame[[name for name in frame.columns if not str(name).startswith("_")]]
    if isinstance(kept, gpd.GeoDataFrame) and kept.crs is None:
        kept = kept.set_crs(CGCS2000)
    return kept.rename(columns={old: new for old, new in labels.items() if old != "geometry"})

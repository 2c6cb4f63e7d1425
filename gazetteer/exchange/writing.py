"""The way out: frames as GeoPackage, Excel, GeoJSON, CSV, Shapefile, KML and GeoNames tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import InputError
from gazetteer.common.language import Language, Text
from gazetteer.exchange import rejects as returned
from gazetteer.exchange.formats import geonames, layers, spreadsheets
from gazetteer.exchange.formats.cells import LONGEST_CELL
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
    """

    files: tuple[Path, ...]
    rows: int
    notes: tuple[Text, ...]


def write(
    frame: pd.DataFrame | Frames,
    path: Path | str,
    *,
    format: str | None = None,  # noqa: A002 - the word that users know
    layer: str = "layer",
    labels: Mapping[str, str] | None = None,
    notice: str | None = None,
) -> Written:
    r"""Write a frame, or several by layer or sheet name; the file appears when it is whole.

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

    Raises
    ------
    InputError
        For an unknown format, a frame that the format cannot hold, or a folder that cannot be
        written to.

    Examples
    --------
    >>> import tempfile
    >>> frame = pd.DataFrame({"code": ["421081"], "name": ["=1+1"], "_row": [2]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = write(frame, Path(folder, "a.csv"))
    ...     Path(folder, "a.csv").read_text("utf-8-sig")
    '"code","name"\n"421081","\'=1+1"\n'
    """
    path = Path(path)
    writer = _writer(path, format)
    frames = dict(frame) if isinstance(frame, Mapping) else {layer: frame}
    prepared = {name: _prepared(each, labels or {}) for name, each in frames.items()}
    files, notes = whole(path, lambda target: writer(prepared, target, notice))
    return Written(files, sum(map(len, frames.values())), tuple(notes))


def write_rejects(rejects: pd.DataFrame, path: Path | str, *, language: Language = "zh") -> Path:
    """Write rejected rows as Excel: row, column and reason, then the row as it came.

    Corrected there, the file can be imported as it is; the columns about the rejection are left
    out then. What Excel cannot hold (a text of more than 32,767 characters, more rows than a sheet
    has) comes back as CSV under the same name: no row is lost for one that does not fit.

    Returns
    -------
    Path
        Where the rows are.
    """
    told = returned.SHOWN[language]
    which = 0 if language == "zh" else 1
    about = {returned.HEADERS[name][which]: rejects[name] for name in told}
    own = rejects[[name for name in rejects.columns if name not in returned.ABOUT]]
    if "geometry" in own:  # what no cell can hold comes again from the layer itself
        fits = own["geometry"].map(lambda text: isinstance(text, str) and len(text) <= LONGEST_CELL)
        own = own.assign(geometry=own["geometry"].where(fits, None))
    table = pd.concat([pd.DataFrame(about), own], axis=1)
    sheet = "退回" if language == "zh" else "rejects"
    way, path = spreadsheets.excel, Path(path)
    if not spreadsheets.fits(table):
        way, path = spreadsheets.csv, path.with_suffix(".csv")
    files, _ = whole(path, lambda target: way({sheet: table}, target))
    return files[0]


def _writer(path: Path, wanted: str | None) -> Writer:
    name = (wanted or path.suffix.lstrip(".")).lower()
    if name not in FORMATS:
        msg = f"no format {name!r} to write"
        raise InputError(msg, place=str(path), remedy=f"Choose one of {', '.join(FORMATS)}.")
    return FORMATS[name]


def _prepared(frame: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns that go out, with their headers, geometries in CGCS2000."""
    kept = frame[[name for name in frame.columns if not str(name).startswith("_")]]
    if isinstance(kept, gpd.GeoDataFrame) and kept.crs is None:
        kept = kept.set_crs(CGCS2000)
    return kept.rename(columns={old: new for old, new in labels.items() if old != "geometry"})

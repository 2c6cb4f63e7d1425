"""The nineteen tab-separated columns of GeoNames, without header."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.common.language import Text
from gazetteer.exchange.formats import notices
from gazetteer.exchange.formats.cells import plain
from gazetteer.exchange.formats.spreadsheets import guarded, only

COLUMNS = (
    "geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude", "feature class",
    "feature code", "country code", "cc2", "admin1 code", "admin2 code", "admin3 code",
    "admin4 code", "population", "elevation", "dem", "timezone", "modification date",
)  # fmt: skip
MAPPING = {"code": "1", "name": "2", "romanization": "3", "aliases": "4", "lat": "5", "lon": "6",
           "category": "8", "division_code": "14"}  # fmt: skip
"""Field -> column number, to read such a table back as names."""


def tsv(frames: Mapping[str, pd.DataFrame], path: Path, notice: str | None = None) -> list[Text]:
    """Write names as GeoNames has them; tabs and line breaks inside a cell become spaces."""
    frame = only(frames, path)
    table = plain(frame)
    shapes = (
        frame.geometry.to_numpy() if isinstance(frame, gpd.GeoDataFrame) else [None] * len(frame)
    )
    with path.open("w", encoding="utf-8", newline="") as stream:
        for row, shape in zip(table.to_dict("records"), shapes, strict=True):
            stream.write("\t".join(_line(row, shape)) + "\n")
    notices.beside(path, notice)
    kept = {"code", "name", "romanization", "former_names", "aliases", "category", "division_code"}
    lost = [str(name) for name in table.columns if name not in kept]
    columns = "、".join(lost)
    note = Text(f"GeoNames 表不含：{columns}", f"GeoNames has no column for: {', '.join(lost)}")
    return [note] if lost else []


def _line(row: Mapping[Any, Any], shape: Any) -> list[str]:
    spot = None if shape is None else shapely.point_on_surface(shape)
    division = _one_line(row.get("division_code"))
    others = [_one_line(row.get(name)).replace("、", ",") for name in ("former_names", "aliases")]
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {
        "geonameid": _one_line(row.get("code")),
        "name": guarded(_one_line(row.get("name"))),
        "asciiname": guarded(ascii_name(_one_line(row.get("romanization")))),
        "alternatenames": guarded(",".join(filter(None, others))),
        "latitude": "" if spot is None else repr(shapely.get_y(spot).item()),
        "longitude": "" if spot is None else repr(shapely.get_x(spot).item()),
        "feature code": _one_line(row.get("category")),
        "country code": "CN",
        "admin1 code": division[:2],
        "admin2 code": division[:4] if len(division) >= 4 else "",
        "admin3 code": division[:6] if len(division) >= 6 else "",
        "admin4 code": division,
    }
    return list(cells.values())


def _one_line(value: Any) -> str:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return ""
    return " ".join(str(value).split())


def ascii_name(romanization: str) -> str:
    """Return a romanized name without tones.

    Examples
    --------
    >>> ascii_name("Lǜliáng Shān")
    'Luliang Shan'
    """
    parts = unicodedata.normalize("NFD", romanization)
    return parts.encode("ascii", "ignore").decode()

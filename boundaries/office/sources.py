"""The one place where files of polygons are opened to be checked as they were delivered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from gazetteer import exchange
from gazetteer.common import coordinates, reference_frames
from gazetteer.common.codes import LEVEL_BY_LENGTH, is_code, parent, shorten
from gazetteer.common.errors import CrsError, ForeignFileError, InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange import checks, headers
from gazetteer.exchange.sources import drawing
from gazetteer.exchange.sources.raw import Raw
from gazetteer.kinds import kind_of
from gazetteer.store import County

# first two digits of a division code (GB/T 2260)
PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
NUMBERS = ("id", "gid", "objectid", "编号", "序号")
OTHER_PARENT = "GB/T 10114"  # codes of townships begin with that of the county they belong to
AREAL = (3, 6)  # shapely's numbers of Polygon and MultiPolygon


def units(path: Path, *, layer: str | None = None, crs: str | None = None) -> gpd.GeoDataFrame:
    """Return the polygons of a file in the CRS that they were delivered in.

    Parameters
    ----------
    path
        Any format that `gazetteer.exchange` reads, with polygons; broken ones are kept: they are
        what a check is for.
    layer
        Layer of a file with several.
    crs
        CRS where the file does not state it.

    Returns
    -------
    ``code``, ``name`` (None where the file has no such column), ``level``, ``parent_code``.

    Raises
    ------
    InputError, CrsError
        When there are no polygons, or no CRS.
    """
    raw = _areal(exchange.opened(path, sheet=layer).tables, path)
    stated = coordinates.parse_crs(crs) if crs else raw.crs
    if stated is None:
        raise CrsError(
            Sentence("the coordinate system is not stated"),
            place=path.name,
            remedy=Sentence(
                "Name it: --crs EPSG:4490 for degrees, EPSG:4547 and the like for metres."
            ),
        )
    columns = _columns(raw)
    frame = gpd.GeoDataFrame(columns, geometry=raw.shapes, crs=stated)
    _require_frame(frame, path)
    return frame.assign(
        level=frame["code"].map(lambda code: LEVEL_BY_LENGTH.get(len(code or ""))),
        parent_code=_parents(frame),
    )


def _parents(frame: pd.DataFrame) -> pd.Series:
    """Return the parent that the file tells of each unit, else the one that its code tells."""
    codes = frame["code"].dropna()
    known = {*codes} if codes.map(_of_a_province).all() else None
    parents = [
        stated if stated and stated != code else parent(code, known) if code and known else None
        for code, stated in zip(frame["code"], frame["parent_code"], strict=True)
    ]
    return pd.Series(parents, index=frame.index, dtype=object)


def _require_frame(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Refuse numbers that cannot be of the stated CRS: no place in a finding would be right.

    A plan in a plane of its own may lie anywhere in its grid; it must only not lie outside it.
    """
    if frame.geometry.is_empty.all():
        return
    wrong = reference_frames.fault(frame.total_bounds, frame.crs)
    if wrong is None or (wrong.kind == "implausible" and _has_a_place(frame)):
        return
    raise CrsError(
        Sentence("the layer {problem}", problem=wrong.message),
        place=path.name,
        remedy=Sentence("Have it put right, or name --crs."),
    )


def _has_a_place(frame: gpd.GeoDataFrame) -> bool:
    bounds = np.asarray(frame.total_bounds)
    if frame.crs.is_geographic:
        return bool(np.isfinite(bounds).all() and (np.abs(bounds[[1, 3]]) <= 90).all())
    way = pyproj.Transformer.from_crs(frame.crs, frame.crs.geodetic_crs, always_xy=True)
    return bool(np.isfinite(way.transform(bounds[[0, 2]], bounds[[1, 3]])).all())


def _areal(tables: Sequence[Raw], path: Path) -> Raw:
    drawn = False
    for raw in map(_with_areas, tables):
        drawn = drawn or raw.drawn
        if raw.shapes is not None and np.isin(shapely.get_type_id(raw.shapes), AREAL).any():
            return raw
    remedy = drawing.OPEN if drawn else Text("请指定面图层", "Name a layer of polygons")
    raise InputError(
        Sentence("there are no polygons in it"),
        place=path.name,
        remedy=Sentence("{remedy}.", remedy=remedy),
    )


def _with_areas(raw: Raw) -> Raw:
    """Return a drawing with its closed lines as areas, as they are imported."""
    if not raw.drawn or raw.shapes is None:
        return raw
    return replace(raw, shapes=drawing.areas(raw.shapes)[0])


def _columns(raw: Raw) -> pd.DataFrame:
    names = [str(column) for column in raw.cells.columns]
    places = headers.match([[name] for name in names], kind_of("boundaries"))
    columns = {
        field: raw.cells.iloc[:, places[field]] if field in places else None
        for field in ("code", "name", "parent_code")
    }
    if columns["code"] is None:
        columns["code"] = _numbers(raw)
    frame = pd.DataFrame(columns, index=raw.cells.index, dtype=object)
    return frame.assign(**_shortened(frame))


def _shortened(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return codes and parents as text in shortest form, alike in both columns."""
    both = ("code", "parent_code")
    texts = [_as_text(value) for name in both for value in frame[name]]
    short = shorten(texts)
    count = len(frame)
    return {
        name: pd.Series(short[at * count : (at + 1) * count], index=frame.index, dtype=object)
        for at, name in enumerate(both)
    }


def _as_text(value: Any) -> str | None:
    """Return a code as text; numbers that a table has read as figures lose their ``.0``."""
    text = "" if pd.isna(value) else str(value).strip()
    return text.removesuffix(".0") or None


def _numbers(raw: Raw) -> pd.Series | None:
    """Return the column that numbers the units, where each has a number of its own."""
    for name in raw.cells.columns:
        values = raw.cells[name]
        if str(name).lower() in NUMBERS and values.notna().all() and values.is_unique:
            return values
    return None


def of_county(path: Path, **moment: str) -> gpd.GeoDataFrame | None:
    """Return the divisions of a county file that have polygons; None for any other file.

    ``as_of`` and ``known_at`` ask for another moment than now, as `gazetteer.store.County.frame`.
    """
    if path.suffix.lower() != ".gpkg":
        return None
    try:
        with County(path) as county:
            return of_open(county, **moment)
    except ForeignFileError:
        return None


def of_open(county: County, **moment: str) -> gpd.GeoDataFrame:
    """Return the divisions of an open county file that have polygons; see `of_county`."""
    frame = gpd.GeoDataFrame(county.layer("divisions", **moment))
    return frame[frame.geometry.notna()]


def before(path: Path, day: str) -> gpd.GeoDataFrame | None:
    """Return the divisions with polygons as a county file had them before a day; None for others.

    Both what was in force and what was on record: a polygon that was corrected since is as it was.

    Raises
    ------
    InputError
        When it is no day, one in the future, or nothing was on record before it.
    """
    try:
        first = date.fromisoformat(day)
    except ValueError as error:
        msg, remedy = (
            Sentence("{day!r} is no day", day=day),
            Sentence("Write it as 2026-03-30, or name an earlier delivery."),
        )
        raise InputError(msg, remedy=remedy) from error
    if first > date.today():
        raise InputError(
            Sentence("{day} is in the future", day=day),
            remedy=Sentence("Name a day that has begun."),
        )
    eve = (first - timedelta(days=1)).isoformat()
    frame = of_county(path, as_of=eve, known_at=f"{eve}T23:59:59Z")
    if frame is not None and frame.empty:
        msg, remedy = (
            Sentence("no polygons were on record before {day}", day=day),
            Sentence("Check it whole, without --since."),
        )
        raise InputError(msg, place=path.name, remedy=remedy)
    return frame


def levels(frame: gpd.GeoDataFrame) -> list[tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]]:
    """Return each level's units with the divisions above that they have to fill.

    Where codes are no division codes (running numbers, say), levels are those of the parents that
    the layer tells, or one level without parents where it tells none; units without a code belong
    to the lowest level.
    """
    order = list(LEVEL_BY_LENGTH.values())
    present = [level for level in order if (frame["level"] == level).any()]
    if not present or not frame["code"].dropna().map(_of_a_province).all():
        return _by_parents(frame)
    level_of = frame["level"].where(frame["level"].notna(), present[-1])
    by_level = []
    for level in present:
        units_of_level = frame[level_of == level]
        above = frame[level_of.map(order.index) < order.index(level)]
        parents = above[above["code"].isin(units_of_level["parent_code"])]
        by_level.append((units_of_level, parents if len(parents) else None))
    return by_level


def _by_parents(frame: gpd.GeoDataFrame) -> list[tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]]:
    """Return the levels that parents make: those held by none, those held by them, and so on."""
    above = dict(zip(frame["code"], frame["parent_code"], strict=True))
    holding = {each for each in above.values() if each in above and each is not None}

    def depth(code: str | None) -> int:
        chain: list[str | None] = []
        while code is not None and code in above and code not in chain:
            chain.append(code)
            code = above[code]
        return len(chain) - 1 if len(chain) > 1 or (chain and chain[0] in holding) else -1

    deep = np.asarray([depth(code) for code in frame["code"]], dtype=np.int64)
    lowest_level = int(deep.max(initial=-1))
    if lowest_level < 1:
        return [(frame, None)]
    deep = np.where(deep < 0, lowest_level, deep)
    pairs = [(frame[deep == at], frame[deep == at - 1]) for at in range(lowest_level + 1)]
    return [(units, parents if len(parents) else None) for units, parents in pairs]


def other_parents(frame: gpd.GeoDataFrame) -> list[Finding]:
    """Return a note for each parent that units are put under though their codes tell another."""
    return [
        Finding(
            rule="boundaries/other-parent",
            clause=OTHER_PARENT,
            severity=Severity.NOTE,
            subject=parent_code,
            message=checks.other_parent(parent_code, units),
            related=tuple(units),
            details={"kind": "other-parent", "units": units},
        )
        for parent_code, units in checks.others(frame["code"], frame["parent_code"]).items()
    ]


def _of_a_province(code: str) -> bool:
    """Tell whether a code is that of a division: its first two digits those of a province."""
    return is_code(code) and PROVINCE.match(code) is not None


def lowest(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the units of the lowest level of a layer that has levels, else all."""
    units: gpd.GeoDataFrame = levels(frame)[-1][0]
    return units


def features(path: Path, *, layer: str | None = None) -> gpd.GeoDataFrame:
    """Return the named lines of a file (rivers, ridges): ``name`` and geometry in EPSG:4490.

    Raises
    ------
    InputError, CrsError
        When the file cannot be read, or does not state its CRS.
    """
    reading = exchange.read(path, "roads", sheet=layer)
    return gpd.GeoDataFrame(reading.frame[["name", "geometry"]], crs=coordinates.CGCS2000)


def areas(path: Path) -> gpd.GeoDataFrame:
    """Return the named areas of a file (divisions around a county) in EPSG:4490.

    Raises
    ------
    InputError, CrsError
        When the file cannot be read, or does not state its CRS.
    """
    reading = exchange.read(path, "boundaries")
    kept = reading.frame[["code", "name", "level", "geometry"]]
    return gpd.GeoDataFrame(kept, crs=coordinates.CGCS2000)

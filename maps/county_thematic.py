"""Thematic maps of a county file: a column of its divisions, or what lies in them summed up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from gazetteer.common.divisions import is_zone
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Language, Sentence
from gazetteer.common.value_words import value_titles
from gazetteer.release import Review, gate
from gazetteer.store import County
from maps import classes, stated, style, thematic
from maps.atlas import Atlas, columns
from maps.county import undated

SUMMED = ("population", "facilities")
"""Layers whose rows are summed up by the division that they lie in, the first that knows wins."""
BUILT = ("facilities",)
"""Layers that list all there is: where none is listed there is none."""
DIGITS = {"county": 6, "township": 9, "village": 12}
UNITS = {"people": "人", "households": "户", "beds": "张", "count": "处"}
COUNT = "count"
USUAL = {"population": {"base": "resident", "age_group": "all"}}
"""Which rows are summed where nobody asks for others: 常住人口 of all ages, on the last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which column of a county is shown.

    Parameters
    ----------
    by
        Column, classes, unit. A title in use (人口) names a column as well; ``count`` counts rows.
    level
        ``county``, ``township`` or ``village``. Zones (开发区) are no divisions and stay out.
    of
        Layer of the column: ``divisions``, ``population`` or ``facilities``; the first that has
        it where empty. Rows of the latter two are summed up by division.
    where
        Which rows are summed: a value (or its word) by field.
    table
        Rows of an office that are joined by `code` (代码), else by `name` (名称), in place of `of`.
    """

    by: thematic.By
    level: str = "township"
    of: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    table: pd.DataFrame | None = None


def of_column(
    county: County,
    asked: Asked,
    *,
    title: str = "",
    as_of: str | None = None,
    language: Language = "zh",
    base_map: str | None = None,
    profile: str = "internal",
    reviewed: Review | None = None,
    leave_out: bool = False,
) -> Atlas:
    """Return the thematic map of a column over the divisions of a level.

    Parameters
    ----------
    county
        Open county file.
    asked
        Which column, of what.
    title
        Title; county and column where empty.
    as_of
        Day (ISO) whose divisions and rows count; today when None.
    language, base_map, profile, reviewed, leave_out
        As for `maps.county.of_county`.

    Raises
    ------
    InputError
        When no row fits, or the classes cannot be made.
    UnknownError
        When there is no such level, layer or column.
    """
    _must_know(asked.level, DIGITS)
    _must_know(asked.of or SUMMED[0], ("divisions", *SUMMED))
    frames = {key: county.layer(key, as_of=as_of) for key in ("divisions", *SUMMED)}
    told = {} if asked.table is None else {"table": asked.table}
    filled = {key: each for key, each in {**frames, **told}.items() if len(each)}
    how: dict[str, Any] = {"marked": county.marked(), "leave_out": True} if leave_out else {}
    released = gate(filled, profile=profile, classification=profile, **how)
    shown, by = _joined(released.layers, asked)
    name = county.setting("division_name") or county.division_code
    return thematic.drawn(
        {"divisions": undated(_around(released.layers["divisions"], asked.level))},
        by=by,
        over=shown,
        title=title or f"{name}{thematic.heading(by, language=language)}",
        language=language,
        reviewed=reviewed,
        released=released,
        base_map=base_map,
        stated=stated.stated(county, frames, language=language),
    )


def _must_know(word: str, known: Iterable[str]) -> None:
    if word not in known:
        raise UnknownError(
            Sentence("{word!r} is not known here", word=word),
            remedy=Sentence("Use {known}.", known=[*known]),
        )


def _around(land: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    """Return the county and the divisions of a level, which lie over the colours as lines."""
    zones = land["kind"].map(is_zone).astype(bool)
    return land[land["level"].isin(["county", level]) & ~zones]


def _of_level(divisions: gpd.GeoDataFrame | None, level: str) -> gpd.GeoDataFrame:
    kept = divisions
    if kept is not None:
        kept = kept[kept["level"].eq(level) & kept.geometry.notna()]
        kept = kept[~kept["kind"].map(is_zone).astype(bool)].reset_index(drop=True)
    if kept is None or kept.empty:
        raise InputError(
            Sentence("No division of this level has a shape"),
            remedy=Sentence("Import their polygons, or choose another level."),
        )
    return kept


def _joined(layers: Mapping[str, Any], asked: Asked) -> tuple[gpd.GeoDataFrame, thematic.By]:
    """Return divisions with the column, and the question with its title and unit."""
    divisions, by = _of_level(layers.get("divisions"), asked.level), asked.by
    base = divisions[["code", "name", "parent_code", "geometry"]]
    every = ("divisions", *SUMMED)
    for layer in ("table",) if asked.table is not None else (asked.of,) if asked.of else every:
        if layer not in layers:
            continue
        wide = with_attributes(divisions if layer == "divisions" else layers[layer])
        column = _column(wide, by.column)
        if layer in SUMMED and (column or by.column == COUNT):
            rows = _chosen(wide, layer, asked.where)
            values = _summed(base, rows, column, asked.level, whole=layer not in BUILT)
            values = _none_is_nought(values, base, rows, asked.level) if layer in BUILT else values
        elif column:
            values = _from_table(base, wide, column) if layer == "table" else list(wide[column])
        else:
            continue
        name, unit = column or COUNT, by.unit or UNITS.get(column or COUNT, "")
        named = replace(by, column=name, title=by.title or _title(layer, column), unit=unit)
        return base.assign(**{name: values}), named
    listed = {str(each) for frame in layers.values() for each in with_attributes(frame).columns}
    raise UnknownError(
        Sentence("There is no column {column!r}", column=by.column),
        remedy=Sentence("Use {known}.", known=sorted(listed - {"geometry"})),
    )


def _title(layer: str, column: str | None) -> str:
    """Return what a count is called; a column has its own title."""
    return "" if column else style.layer_style(layer).title.zh + "数"


def with_attributes(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the keys of its further attributes as columns of their own.

    Examples
    --------
    >>> frame = pd.DataFrame({"id": ["a", "b"], "attributes": ['{"床位": "9"}', None]})
    >>> with_attributes(frame)["床位"].tolist()
    ['9', None]
    """
    if "attributes" not in frame:
        return frame
    read = [_read(each) for each in frame["attributes"]]
    keys = dict.fromkeys(key for each in read for key in each if key not in frame)
    further = {key: [each.get(key) for each in read] for key in keys}
    return pd.concat([frame, pd.DataFrame(further, index=frame.index, dtype=object)], axis=1)


def _read(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _column(frame: pd.DataFrame, told: str) -> str | None:
    """Return the column of a frame that is called so, by its name or by its title."""
    if told in frame and told != "geometry":
        return told
    titled = (str(each) for each in frame.columns if told in style.field_title(str(each)))
    return next(titled, None)


def _chosen(frame: pd.DataFrame, layer: str, where: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows that are asked for; of several days the last one."""
    usual = {name: value for name, value in USUAL.get(layer, {}).items() if name not in where}
    kept = frame
    for name, value in {**usual, **where}.items():
        if name not in kept:
            raise UnknownError(
                Sentence("There is no column {column!r}", column=name),
                remedy=Sentence("Use {known}.", known=[*frame.columns]),
            )
        words = value_titles().get(name, {})
        fits = {value} | {text for text, each in words.items() if value in each}
        kept = kept[[text in fits for text in columns.texts(kept[name])]]
    if "as_of" in kept and len(kept) and "as_of" not in where:
        kept = kept[kept["as_of"].astype(str) == kept["as_of"].astype(str).max()]
    if kept.empty:
        asked = ", ".join(f"{name}={value}" for name, value in {**usual, **where}.items())
        raise InputError(
            Sentence("No row of {layer} fits {asked}", layer=layer, asked=asked or "-"),
            remedy=Sentence("Import them first, or ask for others."),
        )
    return kept


def _summed(
    divisions: pd.DataFrame, rows: pd.DataFrame, column: str | None, level: str, *, whole: bool
) -> list[float | None]:
    """Return the sum of a column (the count of rows where None) in each division.

    Rows that lie deeper are counted with the division above. Where rows tell of `whole` divisions
    and one has a row of its own, that is its number, and the deeper ones are not counted twice.
    """
    codes, digits = rows["division_code"].astype(str), DIGITS[level]
    numbers = [1.0] * len(rows) if column is None else _numbers(rows[column])
    table = pd.DataFrame({"code": list(codes), "number": numbers}).dropna()
    own = table[table["code"].str.len() == digits].groupby("code")["number"].sum()
    deep = table[table["code"].str.len() > digits]
    below = deep.groupby(deep["code"].str[:digits])["number"].sum()
    both = own.combine_first(below) if whole else own.add(below, fill_value=0)
    return [None if pd.isna(each) else float(each) for each in divisions["code"].map(both)]


def _none_is_nought(
    values: list[float | None], divisions: pd.DataFrame, rows: pd.DataFrame, level: str
) -> list[float | None]:
    """Return sums with 0 for a division in which nothing stands: that is known, not missing."""
    digits = DIGITS[level]
    held = set(rows["division_code"].astype(str).str[:digits])
    codes = divisions["code"].astype(str)
    return [
        0.0 if value is None and code not in held else value
        for value, code in zip(values, codes, strict=True)
    ]


def _numbers(values: pd.Series) -> list[float | None]:
    """Return a column that is summed up as numbers."""
    found = []
    for value in values:
        try:
            found.append(classes.number(value))
        except ValueError:
            raise InputError(
                Sentence("{text!r} is no number: words cannot be summed up", text=str(value)[:30]),
                place=str(values.name),
                remedy=Sentence("Use count, or a column of numbers."),
            ) from None
    return found


def _from_table(divisions: pd.DataFrame, table: pd.DataFrame, column: str) -> list[Any]:
    """Return the column of an office's table for each division, by code, else by name."""
    for key in ("code", "name"):
        header = _column(table, key) or _column(table, style.field_title(key).zh)
        header = header or next((each for each in HEADERS[key] if each in table), None)
        if header is None:
            continue
        keys = table[header].astype(str).str.strip()
        width = DIGITS["village"]
        known = dict(zip((each.ljust(width, "0") if key == "code" else each for each in keys),
                         table[column], strict=True))  # fmt: skip
        mine = divisions[key].astype(str)
        found = [known.get(each.ljust(width, "0") if key == "code" else each) for each in mine]
        if any(not pd.isna(each) for each in found):
            return found
    raise InputError(
        Sentence("No row of the table is one of these divisions"),
        remedy=Sentence("Give it a column 代码 or 名称."),
    )


HEADERS = {
    "code": ("区划代码", "行政区划代码", "统计用区划代码"),
    "name": ("区划名称", "乡镇", "乡镇名称", "街道", "单位", "地区"),
}

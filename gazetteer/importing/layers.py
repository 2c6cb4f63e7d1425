"""Names, facilities, roads, population and areas as they land in the county file.

One function a kind. Each takes the county file and the frame that was read, and returns rows ready
to land together with those that cannot. All computing (romanization, resolving)
happens here, before any transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Text
from gazetteer.exchange.figures import EVERYBODY
from gazetteer.importing.differences import located_since
from gazetteer.importing.namesakes import KEY, KEY_BEFORE
from gazetteer.importing.prepared import Prepared, doubles, joined, multi
from gazetteer.importing.resolving import Refused, indistinct, resolve_codes
from gazetteer.importing.spelling import name_rows
from gazetteer.kinds import LAYERS
from gazetteer.names import categories
from gazetteer.office.names.spelling import decisions
from gazetteer.store import County
from gazetteer.store.frames import table_of
from gazetteer.store.landing import with_division_ids


def names(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare a catalogue of names: each row a place with its standard, earlier and other names."""
    stored = county.layer("divisions")
    codes, refused = resolve_codes(frame["division_code"], stored, shapes=frame["geometry"])
    points = pd.Series(shapely.point_on_surface(frame["geometry"].to_numpy()), index=frame.index)
    rows = frame.assign(division_code=codes, geometry=points, source=source)
    wanted = ["code", "key", "category", "division_code", "attributes", "geometry", "source"]
    rows = with_division_ids(rows[wanted], county.division_ids())
    readings = decisions(county)
    spelled = name_rows(frame["name"], codes=codes, details=frame, decisions=readings)
    refused = [*refused, *doubles(frame[KEY], "code")]
    rekeyed = frame[KEY_BEFORE].dropna().to_dict()
    return Prepared(rows, refused, spelled, rekeyed=rekeyed)


def category_notes(classes_read: pd.Series) -> list[Text]:
    """Return what there is to say of the classes of a file: words taken for codes, words unknown.

    Examples
    --------
    >>> [each.en for each in category_notes(pd.Series(["街巷", "某类"]))]
    ['categories told in words were taken for codes: 街巷→23510', '1 categories not known: 某类']
    """
    words = classes_read.dropna().unique()
    taken = {each: categories.code_of(each) for each in words}
    shown = [
        f"{each}→{code}"
        for each, code in taken.items()
        if code and each not in (code, categories.title(code))
    ]
    notes = []
    if shown:
        zh, en = "类别词按词表记作代码：", "categories told in words were taken for codes: "
        notes.append(Text(zh + _some(shown), en + _some(shown)))
    if strange := categories.unknown(words):
        zh = f"{len(strange)} 种类别不认识，照原样入库，重名等规则不作比较：{_some(strange)}"
        notes.append(Text(zh, f"{len(strange)} categories not known: {_some(strange)}"))
    return notes


_SHOWN, _LONG = 12, 40


def _some(words: Sequence[str]) -> str:
    told = (each if len(each) <= _LONG else each[:_LONG] + "…" for each in words[:_SHOWN])
    return "、".join(told) + ("……" if len(words) > _SHOWN else "")


def facilities(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare facility points; name, kind and division tell one from another."""
    stored = county.layer("divisions")
    codes, refused = resolve_codes(frame["division_code"], stored, shapes=frame["geometry"])
    known = located_since(county.layer("facilities"), frame, codes, held=Hierarchy.of(stored))
    codes = codes.astype(object).copy()
    codes.loc[list(known)] = [code for _, code, _ in known.values()]
    rows = frame.assign(division_code=codes, source=source)
    rows = rows.assign(attributes=_kept(rows, ["built_on", "address"]))
    wanted = [column.name for column in table_of("facilities").c]
    rows = with_division_ids(rows, county.division_ids())
    rows = rows[[name for name in rows.columns if name in wanted or name == "geometry"]]
    refused = [*refused, *indistinct(joined(rows, LAYERS["facilities"].key), frame["geometry"])]
    located = {row: facility_id for row, (facility_id, _, news) in known.items() if news}
    return Prepared(rows, refused, located=located)


def roads(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare roads; a road is known by its geometry."""
    parts = frame.assign(source=source, geometry=_single_lines(frame["geometry"]))
    multiple = parts.index[parts["geometry"].isna()]
    refused = [
        Refused(
            multiple, "geometry", Text("一行含多条不相连的线，请拆分", "several lines in one row")
        ),
        *doubles(pd.Series(shapely.to_wkb(parts["geometry"].to_numpy()), parts.index), "geometry"),
    ]
    return Prepared(parts, refused)


def population(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare population figures by division, date, base and age group."""
    codes, refused = resolve_codes(frame["division_code"], county.layer("divisions"))
    rows, of = _figures(frame.assign(division_code=codes, source=source))
    rows = with_division_ids(rows, county.division_ids())
    refused += [
        Refused(pd.Index(of[each.rows].unique()), each.column, each.reason)
        for each in doubles(joined(rows, LAYERS["population"].key), "name")
    ]
    return Prepared(rows, refused, of=of)


def _figures(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return one row a figure, and the row of the frame that each comes from.

    Households belong to nobody's age: they stand with the figures of all ages only.
    """
    rows, of = [], []
    for at, row in zip(frame.index, frame.to_dict("records"), strict=True):
        further = row.pop("figures")
        rows.append(row)
        for what, people in further:
            base, everybody = what.base or row["base"], what.age_group == EVERYBODY
            households = row["households"] if everybody else None
            counted = {"base": base, "age_group": what.age_group, "people": people}
            rows.append(row | counted | {"households": households})
        of += [at] * (1 + len(further))
    columns = [name for name in frame.columns if name != "figures"]
    return _like(frame, pd.DataFrame(rows, columns=columns)), pd.Series(of, dtype=object)


def _like(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(frame, gpd.GeoDataFrame):
        return rows
    placed: pd.DataFrame = gpd.GeoDataFrame(rows, geometry="geometry", crs=frame.crs)
    return placed


def zones(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare areas such as built-up areas (kind ``built-up``); kind and code identify each."""
    rows = frame.assign(geometry=multi(frame["geometry"]), source=source)
    rows = rows[["code", "kind", "name", "geometry", "source"]]
    return Prepared(rows, doubles(joined(rows, LAYERS["zones"].key), "code"))


# ------------------------------------------------------------------ shared steps


def _kept(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return the attributes as JSON with further columns put in."""

    def told(row: dict[str, Any]) -> str | None:
        filled = {name: row[name] for name in columns if row[name] is not None}
        # a further column of the file under such a name stays beside it
        held = json.loads(row["attributes"] or "{}")
        found = {
            f"{name}.2" if name in filled else name: value for name, value in held.items()
        } | filled
        return json.dumps(found, ensure_ascii=False) if found else None

    wanted = rows[["attributes", *columns]].astype(object)
    plain = wanted.where(wanted.notna(), None).to_dict("records")
    return pd.Series([told(row) for row in plain], index=rows.index, dtype=object)


def _single_lines(shapes: pd.Series) -> pd.Series:
    def single(shape: Any) -> Any:
        merged = shape if shape.geom_type == "LineString" else shapely.line_merge(shape)
        return merged if merged.geom_type == "LineString" else None

    return shapes.map(single)

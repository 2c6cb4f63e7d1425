"""What the rows of each kind of file become: one function a kind.

Each takes the county file and the frame that was read, and returns rows ready to land together with
those that cannot. All computing (romanization, resolving) happens here, before any transaction.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Text
from gazetteer.exchange.figures import EVERYBODY
from gazetteer.importing import provisional, renames, standing
from gazetteer.importing.namesakes import KEY, KEY_BEFORE
from gazetteer.importing.provisional import Provisional
from gazetteer.importing.questions import Question
from gazetteer.importing.resolving import Refused, indistinct, resolve_codes, several
from gazetteer.importing.spelling import name_rows, sounds
from gazetteer.names import categories
from gazetteer.office.names.finding import decisions
from gazetteer.store import Change, County, renaming
from gazetteer.store.frames import table_of
from gazetteer.store.landing import (
    UNCHANGED,
    UPDATED,
    Landing,
    keep_sounds,
    land,
    put_in_divisions,
    rekey_places,
    with_division_ids,
)

NAMED = ("divisions", "places")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows of one layer ready to land.

    Parameters
    ----------
    layer, rows, key
        Layer, its rows (indexed as the frame read), and the columns that identify a thing.
    refused
        Rows that cannot land.
    names
        Names of the things, ``row`` saying to which row each belongs.
    of
        Row of the frame that each row comes from, where one becomes several.
    provisional
        Codes made for divisions without one, or given way to those of this file.
    located
        Facility on record, by row, of which only now is known in which division it lies.
    rekeyed
        Key so far of the place on record, by row, whose class the row tells or corrects.
    """

    layer: str
    rows: pd.DataFrame
    key: Sequence[str]
    refused: list[Refused] = field(default_factory=list)
    names: pd.DataFrame | None = None
    of: pd.Series | None = None
    provisional: Provisional = field(default_factory=Provisional)
    located: Mapping[Any, str] = field(default_factory=dict)
    rekeyed: Mapping[Any, str] = field(default_factory=dict)

    def land(
        self, change: Change, *, without: pd.Index, renamed: Sequence[Question] = ()
    ) -> Landing:
        """Land the rows, save those refused, and the names of what has landed."""
        gone = without if self.of is None else self.of.index[self.of.isin(without)]
        rows = self.rows.drop(index=gone)
        decided = [each for each in renamed if each.row in rows.index]
        self.provisional.carry_out(change)
        renames.carry_out(change, self.layer, self.names, decided)
        # what was abolished does not come to life again with an old list
        alive = self.layer not in NAMED
        located = {row: own for row, own in self.located.items() if row in rows.index}
        put_in_divisions(change, {own: rows.at[row, "division_id"] for row, own in located.items()})
        told = {key: rows.at[row, KEY] for row, key in self.rekeyed.items() if row in rows.index}
        rekey_places(change, told)
        landing = land(change, self.layer, rows, key=self.key, current=alive)
        landing.outcome[list(located)] = UPDATED
        if self.of is not None:
            return _by_row(landing, self.of)
        return landing if self.names is None else _with_names(change, self.names, landing)


def _by_row(landing: Landing, of: pd.Series) -> Landing:
    """Tell what became of each row of the frame: what differs in part is updated."""
    rows = of[landing.outcome.index]
    outcomes = landing.outcome.groupby(rows.to_numpy())
    same = outcomes.nunique() == 1
    ids = landing.ids.groupby(rows.to_numpy()).first()
    return Landing(ids=ids, outcome=outcomes.first().where(same, UPDATED))


def _with_names(change: Change, names: pd.DataFrame, landing: Landing) -> Landing:
    """Land names; a row whose names differ counts as updated. Decided names stay."""
    rows = names[names["row"].isin(landing.ids.index)]
    rows = rows.assign(thing_id=rows["row"].map(landing.ids))
    settled = rows["thing_id"].isin(list(renaming.decided(change.connection)))
    rows = rows[~(settled & (rows["role"] == "standard"))]
    standard = rows["role"] == "standard"
    other = sounds(rows).assign(thing_id=lambda frame: frame["row"].map(landing.ids))
    outcome = landing.outcome.copy()
    for part, key in ((rows[standard], ["thing_id", "role"]), (rows[~standard], OTHER_NAMES)):
        landed = land(change, "names", part.drop(columns="row"), key=key, current=False)
        touched = part.loc[landed.outcome != UNCHANGED, "row"]
        outcome[outcome.index.isin(touched) & (outcome == UNCHANGED)] = UPDATED
    keep_sounds(change, other)
    return Landing(ids=landing.ids, outcome=outcome)


OTHER_NAMES = ["thing_id", "role", "text"]


def divisions(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare a list of divisions: code, name, level, parent; each gets its standard name."""
    stored = county.layer("divisions")
    refused = [*_outside(county, frame, stored), *_orphans(county, frame, stored)]
    own = provisional.provisional(county, frame)
    rows = _identified(county, _since_decided(county, frame), own).assign(source=source)
    spelled = _standard_names(county, frame)
    return Prepared("divisions", rows, ["code"], refused, spelled, provisional=own)


def _since_decided(county: County, frame: pd.DataFrame) -> pd.DataFrame:
    """Return divisions without the day on which those began whose names were approved since."""
    if "valid_from" not in frame:
        return frame
    standing = renaming.decided(county.connection)
    names = frame["code"].map(county.division_ids()).map(standing)
    return frame.assign(valid_from=frame["valid_from"].astype(object).mask(names.notna(), None))


def boundaries(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare polygons for the divisions that bear their code or, failing that, their name."""
    stored = county.layer("divisions")
    by_name = stored.drop_duplicates("name", keep=False).set_index("name")["code"]
    codes = frame["code"].where(frame["code"].notna(), frame["name"].map(by_name)).astype(object)
    unknown = frame.loc[codes.isna() & frame["name"].notna(), "name"]
    unknown = unknown[~unknown.isin(stored["name"])]
    own = provisional.provisional(county, frame, unknown=unknown)
    codes = codes.where(codes.notna(), own.made.reindex(codes.index))
    known = codes.isin(stored["code"])
    nameless = frame.index[codes.notna() & ~known & frame["name"].isna()]
    refused = [
        *_outside(county, frame.assign(code=codes), stored),
        *_nobody(frame.loc[codes.isna(), "name"], stored),
        Refused(nameless, "name", Text("库中没有此代码,又无名称", "unknown code without a name")),
        *_doubles(codes, "name"),
    ]
    standing = codes.map(stored.set_index("code")["name"])
    shaped = frame.assign(
        code=codes,
        # a polygon without a name is that of its code's unit
        name=frame["name"].where(frame["name"].notna(), standing),
        level=frame["level"].mask(codes.index.isin(own.made.index), provisional.LEVEL),
        parent_code=frame["parent_code"].mask(
            codes.index.isin(own.made.index), county.division_code
        ),
        geometry=_multi(frame["geometry"]),
    )
    held = held_as_before(shaped, stored, stated=shaped["parent_code"].notna())
    rows = _identified(county, held, own).assign(source=source)
    wanted = ["id", "code", "name", "level", "parent_id", "geometry", "source"]
    # a polygon layer says shapes; of names, what is new or was decided
    told = shaped[(shaped["name"] != standing) & codes.notna() & shaped["name"].notna()]
    spelled = _standard_names(county, told)
    return Prepared("divisions", rows[wanted], ["code"], refused, spelled, provisional=own)


def _nobody(names: pd.Series, stored: pd.DataFrame) -> Iterator[Refused]:
    """Yield the rows whose name is that of no division on record, or of several."""
    none = Text("没有代码,库中也没有此名称的政区", "no code, and no division of this name")
    for name, rows in names.groupby(names.fillna("")):
        yield Refused(rows.index, "name", several(str(name), stored) or none)


def held_as_before(frame: pd.DataFrame, stored: pd.DataFrame, *, stated: pd.Series) -> pd.DataFrame:
    """Keep the parent on record where a file states none: what its code tells is no statement.

    Parameters
    ----------
    frame
        What was read: ``code``, ``parent_code``.
    stored
        The divisions on record.
    stated
        Which rows state a parent, which may well be the one that the code tells.

    Examples
    --------
    >>> rows = pd.DataFrame({"code": ["421023101"] * 2, "parent_code": ["421023"] * 2})
    >>> stored = pd.DataFrame({"code": ["421023101"], "parent_code": ["421081"]})
    >>> held_as_before(rows, stored, stated=pd.Series([True, False]))["parent_code"].tolist()
    ['421023', '421081']
    """
    before = frame["code"].map(stored.set_index("code")["parent_code"])
    return frame.assign(parent_code=frame["parent_code"].mask(~stated & before.notna(), before))


def _standard_names(county: County, frame: pd.DataFrame) -> pd.DataFrame:
    own = decisions(county)
    return name_rows(frame["name"], codes=frame["code"], details=frame, decisions=own)


def _identified(county: County, frame: pd.DataFrame, own: Provisional) -> pd.DataFrame:
    """Return divisions with their ids, new ones included, and their parents as ids."""
    ids = county.division_ids() | {each.after: each.thing_id for each in own.recoded}
    for code in frame["code"].dropna():
        ids.setdefault(code, secrets.token_hex(8))
    parents = frame["parent_code"].map(ids).astype(object)
    found = frame.drop(columns=["parent_code"]).assign(parent_id=parents)
    return found.assign(id=frame["code"].map(ids).astype(object))


def names(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare a catalogue of names: each row a place with its standard, earlier and other names."""
    stored = county.layer("divisions")
    codes, refused = resolve_codes(frame["division_code"], stored, shapes=frame["geometry"])
    points = pd.Series(shapely.point_on_surface(frame["geometry"].to_numpy()), index=frame.index)
    rows = frame.assign(division_code=codes, geometry=points, source=source)
    wanted = ["code", "key", "category", "division_code", "attributes", "geometry", "source"]
    rows = with_division_ids(rows[wanted], county.division_ids())
    own = decisions(county)
    spelled = name_rows(frame["name"], codes=codes, details=frame, decisions=own)
    refused = [*refused, *_doubles(frame[KEY], "code")]
    rekeyed = frame[KEY_BEFORE].dropna().to_dict()
    return Prepared("places", rows, ["key"], refused, spelled, rekeyed=rekeyed)


def category_notes(told: pd.Series) -> list[Text]:
    """Return what there is to say of the classes of a file: words taken for codes, words unknown.

    Examples
    --------
    >>> [each.en for each in category_notes(pd.Series(["街巷", "某类"]))]
    ['categories told in words were taken for codes: 街巷→23510', '1 categories not known: 某类']
    """
    words = told.dropna().unique()
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


_SHOWN = 12


def _some(words: Sequence[str]) -> str:
    return "、".join(words[:_SHOWN]) + ("……" if len(words) > _SHOWN else "")


def facilities(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare facility points; name, kind and division tell one from another."""
    stored = county.layer("divisions")
    codes, refused = resolve_codes(frame["division_code"], stored, shapes=frame["geometry"])
    known = standing.located_since(
        county.layer("facilities"), frame, codes, held=Hierarchy.of(stored)
    )
    codes = codes.astype(object).copy()
    codes.loc[list(known)] = [code for _, code, _ in known.values()]
    rows = frame.assign(division_code=codes, source=source)
    rows = rows.assign(attributes=_kept(rows, ["built_on", "address"]))
    wanted = [column.name for column in table_of("facilities").c]
    rows = with_division_ids(rows, county.division_ids())
    rows = rows[[name for name in rows.columns if name in wanted or name == "geometry"]]
    key = ["name", "kind", "division_id"]
    refused = [*refused, *indistinct(_joined(rows, key), frame["geometry"])]
    located = {row: own for row, (own, _, news) in known.items() if news}
    return Prepared("facilities", rows, key, refused, located=located)


def roads(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare roads; a road is known by its geometry."""
    parts = frame.assign(source=source, geometry=_single_lines(frame["geometry"]))
    multiple = parts.index[parts["geometry"].isna()]
    refused = [
        Refused(
            multiple, "geometry", Text("一行含多条不相连的线,请拆分", "several lines in one row")
        ),
        *_doubles(pd.Series(shapely.to_wkb(parts["geometry"].to_numpy()), parts.index), "geometry"),
    ]
    return Prepared("roads", parts, ["geom"], refused)


def population(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare population figures by division, date, base and age group."""
    codes, refused = resolve_codes(frame["division_code"], county.layer("divisions"))
    rows, of = _figures(frame.assign(division_code=codes, source=source))
    rows = with_division_ids(rows, county.division_ids())
    key = ["division_id", "name", "as_of", "base", "age_group"]
    refused += [
        Refused(pd.Index(of[each.rows].unique()), each.column, each.reason)
        for each in _doubles(_joined(rows, key), "name")
    ]
    return Prepared("population", rows, key, refused, of=of)


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
    rows = frame.assign(geometry=_multi(frame["geometry"]), source=source)
    rows = rows[["code", "kind", "name", "geometry", "source"]]
    key = ["kind", "code"]
    return Prepared("zones", rows, key, _doubles(_joined(rows, key), "code"))


# ------------------------------------------------------------------ shared steps


def _outside(county: County, frame: pd.DataFrame, stored: pd.DataFrame) -> list[Refused]:
    root = county.division_code
    if root == "00":
        return []
    told = ["code", "level", "parent_code"]
    held = Hierarchy.of(pd.concat([stored[told], frame[told]], ignore_index=True))
    # what lies above the county may stand in its list; what lies beside it may not, unless the
    # list says that the county governs it
    inside = frame["code"].map(
        lambda code: (
            isinstance(code, str)
            and (code.startswith(root) or root.startswith(code) or held.holds(root, code))
        )
    )
    outside = frame.index[frame["code"].notna() & ~inside]
    reason = Text(
        f"不属于本库政区 {root}", f"is not within {root}, which this county file is about"
    )
    return [Refused(outside, "code", reason)]


def _orphans(county: County, frame: pd.DataFrame, stored: pd.DataFrame) -> list[Refused]:
    known = set(stored["code"]) | set(frame["code"])
    root = county.division_code
    above = frame["parent_code"]
    missing = above.notna() & ~above.isin(known)
    # what lies above the county itself is not in its file
    missing &= ~above.map(lambda code: isinstance(code, str) and root.startswith(code))
    return [
        Refused(
            frame.index[missing],
            "parent_code",
            Text("上级政区代码不在表中也不在库中", "its parent is neither in the file nor stored"),
        )
    ]


def _doubles(key: pd.Series, column: str) -> list[Refused]:
    later = key.notna() & key.duplicated()
    reason = Text("与前面一行重复", "the same as a row before it")
    return [Refused(key.index[later], column, reason)]


def _joined(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    told = rows[list(columns)].astype(object)
    plain = told.where(told.notna(), "").astype(str).to_numpy(dtype=object)
    # without any row, pandas would aggregate to a frame
    return pd.Series(["\x1f".join(row) for row in plain], index=rows.index, dtype=object)


def _kept(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return the attributes as JSON with further columns put in."""

    def told(row: dict[str, Any]) -> str | None:
        own = {name: row[name] for name in columns if row[name] is not None}
        # a further column of the file under such a name stays beside it
        held = json.loads(row["attributes"] or "{}")
        found = {f"{name}.2" if name in own else name: value for name, value in held.items()} | own
        return json.dumps(found, ensure_ascii=False) if found else None

    wanted = rows[["attributes", *columns]].astype(object)
    plain = wanted.where(wanted.notna(), None).to_dict("records")
    return pd.Series([told(row) for row in plain], index=rows.index, dtype=object)


def _multi(shapes: pd.Series) -> pd.Series:
    return shapes.map(
        lambda shape: shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape
    )


def _single_lines(shapes: pd.Series) -> pd.Series:
    def single(shape: Any) -> Any:
        merged = shape if shape.geom_type == "LineString" else shapely.line_merge(shape)
        return merged if merged.geom_type == "LineString" else None

    return shapes.map(single)

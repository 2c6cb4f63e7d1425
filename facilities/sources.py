"""The one place of this package that opens county files, road layers and lists."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from facilities.county import County
from facilities.demand import BASES, select
from facilities.kinds import kind_named, kinds
from facilities.network import Network, network_from_lines, network_from_tables
from facilities.targets import Plan, read_plan, shipped_plan, shipped_plans
from gazetteer import exchange
from gazetteer.errors import InputError, UnknownError
from gazetteer.findings import Finding, Severity
from gazetteer.language import Text
from gazetteer.store import County as CountyFile

NOT_ON_FOOT = ("高速公路", "motorway", "motorway_link")
"""Classes of road that nobody may walk on, where no others are named."""
EXAMPLE_MARK = "示例"
"""In the name of a facility or the source of figures: made by a recipe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """Where the walking network comes from.

    Parameters
    ----------
    path
        Line layer, or with `nodes` a table of links; None takes the roads of the county file.
    nodes
        Table of nodes (``node_id, x_coord, y_coord``).
    crs
        CRS of the layer or of the nodes, where the file does not state it.
    not_on_foot
        Classes (``road_class`` or ``link_type``) nobody may walk on.
    straight
        No network: straight lines times the detour factor, and every output says so.
    """

    path: Path | None = None
    nodes: Path | None = None
    crs: str | None = None
    not_on_foot: tuple[str, ...] = NOT_ON_FOOT
    straight: bool = False


OWN_ROADS = Roads()


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A county as the commands work on it.

    Parameters
    ----------
    frames
        Divisions, facilities, population, network, zones.
    name, code
        Name and code of the county.
    roads
        Road lines for maps (EPSG:4490), empty where the network comes from tables.
    outline
        Shape of the county (EPSG:4490), None where the file has none.
    findings
        What was found while loading: roads, seats, figures without register.
    example
        Whether facilities or figures were made by a recipe.
    """

    frames: County
    name: str
    code: str
    roads: gpd.GeoDataFrame
    outline: BaseGeometry | None
    findings: tuple[Finding, ...]
    example: bool

    def of_kinds(self, words: Sequence[str]) -> gpd.GeoDataFrame:
        """Return the facilities of some kinds, each called by identifier, name or alias.

        Raises
        ------
        UnknownError
            If no kind is called so, or the county file holds no facility of it.
        """
        records = self.frames.records
        present = set(records["kind"])
        wanted = {word if word in present else kind_named(word).kind for word in words}
        found: gpd.GeoDataFrame = records[records["kind"].isin(wanted)].reset_index(drop=True)
        if found.empty:
            message = f"there is no facility of kind {', '.join(words)}"
            known = ", ".join(sorted(map(str, present))) or "none"
            raise UnknownError(message, remedy=f"Kinds in the county file: {known}.")
        return found


def county(
    path: Path,
    *,
    as_of: str | None = None,
    roads: Roads = OWN_ROADS,
    reported: Path | None = None,
    graves: Path | None = None,
) -> Loaded:
    """Load a county file for measuring.

    Parameters
    ----------
    path
        County file.
    as_of
        Date (ISO); today where not given. Later figures and facilities do not count.
    roads
        Where the walking network comes from.
    reported
        Table ``indicator, value, source, date`` of figures an office reports.
    graves
        Table ``id, zone_kind, treated`` of the inspection of graves.

    Raises
    ------
    StoreError, InputError, CrsError
        If a file cannot be read or its coordinates cannot be of their CRS.
    """
    day = _day(as_of)
    with CountyFile(path) as opened:
        layers = {
            name: opened.frame(name, as_of=day)
            for name in ("divisions", "facilities", "population", "roads", "zones")
        }
        code = opened.division_code
        name = opened.setting("division_name") or code
    divisions, seatless = _with_seats(layers["divisions"])
    network, lines, on_roads = _network(roads, layers["roads"])
    facilities = _known_kinds(layers["facilities"])
    population, baseless = _dated(layers["population"])
    frames = County(
        divisions, facilities, population, network=network, as_of=day,
        zones=layers["zones"] if len(layers["zones"]) else None,
        reported=_table(reported, ("indicator", "value", "source", "date")),
        graves=_treated(_table(graves, ("id", "zone_kind", "treated"))),
    )  # fmt: skip
    return Loaded(
        frames=frames, name=name, code=code, roads=lines, outline=_outline(divisions, code),
        findings=(*seatless, *on_roads, *baseless), example=_example(facilities, population),
    )  # fmt: skip


def _day(as_of: str | None) -> str:
    try:
        return (date.today() if as_of is None else date.fromisoformat(as_of)).isoformat()
    except ValueError:
        raise InputError(f"{as_of!r} is no date", remedy="Write it as 2026-03-30.") from None


def _outline(divisions: gpd.GeoDataFrame, code: str) -> BaseGeometry | None:
    shapes = divisions.loc[divisions["code"] == code, "geometry"]
    return None if shapes.empty or shapes.isna().all() else shapes.iloc[0]


def _with_seats(divisions: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Give divisions without a seat a point inside their shape, and say how many."""
    seats = divisions[["seat_lon", "seat_lat"]].astype(float)
    missing = seats.isna().any(axis=1) & divisions.geometry.notna()
    inner = divisions.loc[missing, "geometry"].representative_point()
    seats.loc[missing, "seat_lon"], seats.loc[missing, "seat_lat"] = inner.x, inner.y
    filled = divisions.assign(seat_lon=seats["seat_lon"], seat_lat=seats["seat_lat"])
    number = int(missing.sum())
    message = Text(
        f"{number} 个政区没有驻地坐标,用其范围内一点代替",
        f"{number} divisions have no seat: a point inside their shape stands for it",
    )
    return filled, [_note("division-seat", message)] if number else []


def _dated(population: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Let figures without a date count for every date; tell those of no known register."""
    filled = population.assign(
        as_of=population["as_of"].fillna(""),
        age_group=population["age_group"].fillna("all"),
    )
    lost = int((~filled["base"].isin(list(BASES))).sum())
    message = Text(
        f"{lost} 行人口没有注明户籍或常住,不计入",
        f"{lost} population figures are of no stated register and are not counted",
    )
    return filled, [_note("population-register", message, Severity.WARNING)] if lost else []


def _known_kinds(facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return facilities with the identifiers of their kinds in place of names and aliases."""
    words = {
        word: kind.kind
        for kind in kinds().values()
        for word in (kind.kind, kind.label.zh, kind.label.en, *kind.aliases)
    }
    kind = facilities["kind"].map(lambda word: words.get(str(word).strip(), word))
    return facilities.assign(kind=kind)


def _example(facilities: pd.DataFrame, population: pd.DataFrame) -> bool:
    told = [facilities.get("name"), facilities.get("source"), population.get("source")]
    return any(
        bool(each.astype(str).str.contains(EXAMPLE_MARK).any()) for each in told if each is not None
    )


def _network(
    roads: Roads, own: gpd.GeoDataFrame
) -> tuple[Network | None, gpd.GeoDataFrame, list[Finding]]:
    if roads.straight:
        return None, own, []
    if roads.nodes is not None:
        network, findings = _of_tables(roads)
        return network, own.iloc[:0], findings
    lines = own if roads.path is None else layer(roads.path, "roads", crs=roads.crs)
    if lines.empty:
        return None, lines, [_no_roads()]
    network, findings = network_from_lines(lines, excluded_classes=roads.not_on_foot)
    return network, lines, findings


def _of_tables(roads: Roads) -> tuple[Network, list[Finding]]:
    if roads.path is None or roads.crs is None:
        message = "a table of nodes needs the table of links and a CRS"
        raise InputError(message, remedy="Give --roads LINKS.csv --nodes NODES.csv --crs CRS.")
    tables = (_csv(roads.nodes), _csv(roads.path))
    return network_from_tables(*tables, crs=roads.crs, excluded_types=roads.not_on_foot)


def _csv(path: Path | None) -> pd.DataFrame:
    try:
        return pd.read_csv(str(path), low_memory=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        message = f"cannot be read as a table: {reason}"
        raise InputError(message, place=str(path), remedy="Give a CSV file in UTF-8.") from None


def _no_roads() -> Finding:
    message = Text(
        "没有道路,按直线距离乘绕行系数计算",
        "no roads: straight lines times the detour factor are measured",
    )
    return _note("no-roads", message, Severity.WARNING)


def layer(path: Path, kind: str, *, crs: str | None = None) -> gpd.GeoDataFrame:
    """Return a layer of the user's: roads, facilities or zones, in EPSG:4490.

    Rows that cannot be read are refused with their reason: a question that leaves some out
    unnoticed would be answered wrongly.

    Raises
    ------
    InputError
        If the file, or a row of it, cannot be read.
    """
    found = exchange.read(path, kind, crs=crs)
    if len(found.rejects):
        first = found.rejects.iloc[0]
        message = f"row {first['_row']}: {first['_reason_en']} ({len(found.rejects)} such rows)"
        raise InputError(message, place=str(path), remedy="Correct or remove them.")
    frame: gpd.GeoDataFrame = found.frame
    names = frame["name"] if "name" in frame else pd.Series(None, index=frame.index)
    numbers = [f"{path.stem}-{number}" for number in range(1, len(frame) + 1)]
    known = names.notna() & ~names.duplicated(keep=False)
    return frame.assign(id=names.where(known, pd.Series(numbers, index=frame.index)))


def _table(path: Path | None, columns: Collection[str]) -> pd.DataFrame:
    """Return a small table of the user's (CSV or Excel) with the columns it must have."""
    if path is None:
        return pd.DataFrame()
    if path.suffix.lower() != ".xlsx":
        table = _csv(path)
    else:
        try:
            table = pd.read_excel(path, engine="openpyxl")
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            reason = getattr(error, "strerror", None) or "no Excel file"
            message = f"cannot be read: {reason}"
            raise InputError(message, place=str(path), remedy="Give .xlsx or .csv.") from None
    lacking = [name for name in columns if name not in table]
    if lacking:
        message = f"there is no column {lacking[0]!r}"
        raise InputError(message, place=str(path), remedy=f"Columns: {', '.join(columns)}.")
    return table.dropna(how="all").reset_index(drop=True)


def _treated(graves: pd.DataFrame) -> pd.DataFrame:
    """Understand yes and no; anything else is not known."""
    if graves.empty:
        return graves
    words = {"是": True, "yes": True, "true": True, "1": True, "已治理": True}
    words |= {"否": False, "no": False, "false": False, "0": False, "未治理": False}
    told = graves["treated"].astype(str).str.strip().str.lower().map(words).astype(object)
    return graves.assign(treated=told.where(told.notna(), None))


def demand(
    loaded: Loaded, *, base: str, age_group: str
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return who is to be served, as points.

    Raises
    ------
    InputError
        If the county file has no such figures; the message names those it has.
    """
    points, findings = loaded.frames.people(base=base, age_group=age_group)
    if points.empty or not points["people"].sum() > 0:
        has = loaded.frames.population
        pairs = has[["base", "age_group"]].dropna().drop_duplicates() if len(has) else has
        known = ", ".join(" ".join(map(str, pair)) for pair in pairs.to_numpy()) or "none"
        message = f"no people of register {base!r}, age {age_group!r}"
        raise InputError(message, remedy=f"Import population; the county file has: {known}.")
    return points, tuple(findings)


def official(loaded: Loaded, points: gpd.GeoDataFrame, *, base: str, age: str) -> pd.DataFrame:
    """Return the official figures of the divisions above those of the points, if there are any."""
    rows, _ = select(loaded.frames.population, base=base, age_group=age, as_of=loaded.frames.as_of)
    return rows[~rows["division_code"].isin(points["division_code"])]


def plan(name: str | None, *, code: str) -> Plan:
    """Return a plan: of a file, shipped, or that shipped for the county's code.

    Raises
    ------
    InputError
        If none is named and none is shipped for the county, or the file is no plan.
    """
    if name is None:
        found = next((p for p in map(shipped_plan, shipped_plans()) if p.place_code == code), None)
        if found is None:
            message = f"no plan is shipped for {code}"
            raise InputError(message, remedy=f"Give --plan FILE or one of {_listed()}.")
        return found
    return read_plan(Path(name)) if name.endswith(".toml") else shipped_plan(name)


def _listed() -> str:
    return ", ".join(shipped_plans())


def assignments(path: Path) -> dict[str, str]:
    """Return the facility (id or name) of each division code: service areas override nearest.

    Raises
    ------
    InputError
        If the table lacks the columns ``division_code, facility``.
    """
    table = _table(path, ("division_code", "facility")).astype(str)
    return dict(zip(table["division_code"], table["facility"], strict=True))


def with_ids(wanted: dict[str, str], sites: gpd.GeoDataFrame) -> dict[str, str]:
    """Return assignments with ids in place of names.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame({"id": ["f1"], "name": ["甲中心"]}, geometry=[None])
    >>> with_ids({"421081100": "甲中心", "421081101": "f1"}, sites)
    {'421081100': 'f1', '421081101': 'f1'}
    """
    ids = dict(zip(sites["name"], sites["id"], strict=True))
    return {code: ids.get(name, name) for code, name in wanted.items()}


def proposed(
    sites: gpd.GeoDataFrame, *, plus: gpd.GeoDataFrame | None, without: Sequence[str]
) -> gpd.GeoDataFrame:
    """Return the facilities of a scenario: some more, some fewer (by id or name).

    Raises
    ------
    UnknownError
        If one to be left out is not there.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame({"id": ["f1", "f2"], "name": ["甲", "乙"]},
    ...     geometry=gpd.points_from_xy([120, 121], [32, 32]), crs="EPSG:4490")
    >>> proposed(sites, plus=None, without=["乙"])["id"].tolist()
    ['f1']
    """
    lost = [word for word in without if not ((sites["id"] == word) | (sites["name"] == word)).any()]
    if lost:
        raise UnknownError(f"no facility {lost[0]!r}", remedy="Give its id or its name.")
    kept = sites[~(sites["id"].isin(without) | sites["name"].isin(without))]
    if plus is None:
        return kept
    columns = ["id", "name", "geometry"]
    both = pd.concat([kept[columns], plus[columns]], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=kept.crs)


def features(path: Path, *, crs: str | None = None) -> gpd.GeoDataFrame:
    """Return the features of restricted zones: any geometry with its class in ``kind``.

    Raises
    ------
    InputError
        If the layer cannot be read or has no column ``kind``.
    CrsError
        If it states no CRS and none was given.
    """
    try:
        frame = gpd.read_file(path)
    except (OSError, ValueError, RuntimeError) as error:
        message = f"cannot be read as a layer: {str(error).splitlines()[0]}"
        raise InputError(message, place=str(path), remedy="Give a GIS layer.") from None
    if "kind" not in frame or not isinstance(frame, gpd.GeoDataFrame):
        raise InputError("there is no column 'kind'", place=str(path), remedy="Add the class.")
    return frame if crs is None else frame.set_crs(crs, allow_override=True)


def grave_points(path: Path, *, crs: str | None = None) -> gpd.GeoDataFrame:
    """Return the inspected graves: a layer of points with ``id`` and ``state`` (整治状态)."""
    frame = layer(path, "facilities", crs=crs)
    told = frame["attributes"].map(_json)
    states = [row.get("state") or row.get("整治状态") or "" for row in told]
    return frame.assign(state=states)


def _json(text: Any) -> dict[str, Any]:
    return json.loads(text) if isinstance(text, str) else {}


def _note(rule: str, message: Text, severity: Severity = Severity.NOTE) -> Finding:
    return Finding(
        rule=rule, clause="数据检查", severity=severity, subject=rule, message=message,
    )  # fmt: skip


def named_divisions(path: Path, *, as_of: str | None = None) -> gpd.GeoDataFrame:
    """Return the divisions of a county file with their former and other names in ``former``."""
    day = _day(as_of)
    with CountyFile(path) as opened:
        divisions: gpd.GeoDataFrame = opened.frame("divisions", as_of=day)
        names = opened.frame("names", as_of="all")
    others = names[names["thing_id"].isin(divisions["id"]) & (names["role"] != "standard")]
    joined = others.groupby("thing_id")["text"].agg(lambda texts: "|".join(dict.fromkeys(texts)))
    return divisions.assign(former=divisions["id"].map(joined))


def ledger(path: Path) -> pd.DataFrame:
    """Return the yearly inspections held: ``facility`` (id or name) and ``date``."""
    return _table(path, ("facility", "date")).astype({"facility": str, "date": str})

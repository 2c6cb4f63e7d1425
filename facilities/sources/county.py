"""A county file and the roads beside it, loaded for measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from facilities.county import County
from facilities.demand import BASES
from facilities.kinds import kind_in, kind_named, kinds_by_word
from facilities.sources.buildings import buildings as weighed_buildings
from facilities.sources.files import graves_inspected, reported_figures
from facilities.sources.notes import note
from facilities.sources.roads import OWN_ROADS, Roads, network_of
from facilities.targets import Plan, read_plan, shipped_plan, shipped_plans
from gazetteer import kinds
from gazetteer.common import workdays
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.store import County as CountyFile
from gazetteer.store import events

LAYERS = ("divisions", "facilities", "population", "roads", "zones")
EXAMPLE_MARK = "示例"
"""In the name of a facility or the source of figures: made by a recipe."""


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
    event
        Number and moment (ISO, UTC) of the last event that changed these layers.
    """

    frames: County
    name: str
    code: str
    roads: gpd.GeoDataFrame
    outline: BaseGeometry | None
    findings: tuple[Finding, ...]
    example: bool
    event: tuple[int, str] | None = None

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
        rows: gpd.GeoDataFrame = records[records["kind"].isin(wanted)].reset_index(drop=True)
        if rows.empty:
            message = Sentence("there is no facility of kind {listed}", listed=tuple(words))
            known = tuple(sorted(map(str, present))) or Text("无", "none")
            raise UnknownError(
                message, remedy=Sentence("Kinds in the county file: {known}.", known=known)
            )
        return rows


def county(
    path: Path,
    *,
    as_of: str | None = None,
    roads: Roads = OWN_ROADS,
    reported: Path | None = None,
    graves: Path | None = None,
    buildings: Path | None = None,
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
    buildings
        Layer of buildings, for totals of whole townships (`facilities.grain`); its CRS, where the
        file does not state it, is that of `roads`.

    Raises
    ------
    StoreError, InputError, CrsError
        If a file cannot be read or its coordinates cannot be of their CRS.
    """
    day = _day(as_of)
    with CountyFile(path) as opened:
        layers = {name: opened.layer(name, as_of=day) for name in LAYERS}
        event = events.last_of(opened.connection, [kinds.LAYERS[name].table for name in LAYERS])
        code = opened.division_code
        name = opened.setting("division_name") or code
    divisions, seatless = _with_seats(layers["divisions"])
    network, lines, on_roads = network_of(roads, layers["roads"])
    facilities, kindless = _known_kinds(layers["facilities"])
    population, baseless = _dated(layers["population"])
    homes, basis, on_buildings = (
        (None, "count", []) if buildings is None else weighed_buildings(buildings, crs=roads.crs)
    )
    frames = County(
        divisions, facilities, population, network=network, as_of=day,
        buildings=homes, building_basis=basis,
        zones=layers["zones"] if len(layers["zones"]) else None,
        reported=reported_figures(reported),
        graves=graves_inspected(graves),
    )  # fmt: skip
    return Loaded(
        frames=frames, name=name, code=code, roads=lines, outline=_outline(divisions, code),
        findings=(*seatless, *on_roads, *baseless, *kindless, *on_buildings),
        example=_example(facilities, population), event=event,
    )  # fmt: skip


def _day(as_of: str | None) -> str:
    return (date.today() if as_of is None else workdays.parse(as_of)).isoformat()


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
        f"{number} 个政区没有驻地坐标，用其范围内一点代替",
        f"{number} divisions have no seat: a point inside their shape stands for it",
    )
    return filled, [note("division-seat", message)] if number else []


def _dated(population: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Let figures without a date count for every date; tell those of no known register."""
    filled = population.assign(
        as_of=population["as_of"].fillna(""), age_group=population["age_group"].fillna("all")
    )
    lost = int((~filled["base"].isin(list(BASES))).sum())
    message = Text(
        f"{lost} 行人口没有注明户籍或常住，不计入",
        f"{lost} population figures are of no stated register and are not counted",
    )
    return filled, [note("population-register", message, Severity.WARNING)] if lost else []


def _known_kinds(facilities: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Put the identifiers of kinds in place of names and aliases; take missing ones from names."""
    words = {word: kind.kind for word, kind in kinds_by_word().items()}
    kind = facilities["kind"].map(lambda word: words.get(str(word).strip(), word))
    named = [kind_in(str(name)) for name in facilities["name"]]
    guessed = kind.isna() & pd.Series([each is not None for each in named], index=kind.index)
    settled = kind.where(~guessed, pd.Series(named, index=kind.index, dtype=object))
    number = int(guessed.sum())
    message = Text(
        f"{number} 处设施未登记类别，按名称判定，请核对",
        f"{number} facilities have no kind on record: taken from their names, please check",
    )
    findings = [note("facility-kind-by-name", message, Severity.WARNING)] if number else []
    return facilities.assign(kind=settled), findings


def _example(facilities: pd.DataFrame, population: pd.DataFrame) -> bool:
    columns = [facilities.get("name"), facilities.get("source"), population.get("source")]
    return any(
        bool(each.astype(str).str.contains(EXAMPLE_MARK).any())
        for each in columns
        if each is not None
    )


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
        known = tuple(" ".join(map(str, pair)) for pair in pairs.to_numpy()) or Text("无", "none")
        message = Sentence(
            "no people of register {base!r}, age {age_group!r}", base=base, age_group=age_group
        )
        raise InputError(
            message,
            remedy=Sentence("Import population; the county file has: {known}.", known=known),
        )
    return points, tuple(findings)


def plan(name: str | None, *, code: str) -> Plan:
    """Return a plan: of a file, shipped, or that shipped for the county's code.

    Raises
    ------
    InputError
        If none is named and none is shipped for the county, or the file is no plan.
    """
    if name is None:
        shipped = next(
            (p for p in map(shipped_plan, shipped_plans()) if p.place_code == code), None
        )
        if shipped is None:
            message = Sentence("no plan is shipped for {code}", code=code)
            raise InputError(
                message, remedy=Sentence("Give --plan FILE or one of {listed}.", listed=_listed())
            )
        return shipped
    return read_plan(Path(name)) if name.endswith(".toml") else shipped_plan(name)


def _listed() -> str:
    return ", ".join(shipped_plans())


def named_divisions(path: Path, *, as_of: str | None = None) -> gpd.GeoDataFrame:
    """Return the divisions of a county file with their former and other names in ``former``."""
    day = _day(as_of)
    with CountyFile(path) as opened:
        divisions: gpd.GeoDataFrame = opened.layer("divisions", as_of=day)
        names = opened.layer("names", as_of="all")
    others = names[names["thing_id"].isin(divisions["id"]) & (names["role"] != "standard")]
    joined = others.groupby("thing_id")["text"].agg(lambda texts: "|".join(dict.fromkeys(texts)))
    return divisions.assign(former=divisions["id"].map(joined))

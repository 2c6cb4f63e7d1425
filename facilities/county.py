"""What a status is computed from: the frames of one county at one date."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.addressbook import Book, parents
from facilities.demand import demand_points, line, select
from facilities.network.graph import Network
from facilities.plane import cgcs2000, usable_points
from facilities.reconciling import reconcile, unknown
from facilities.records import finding, require, unfold
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text

_EMPTY = pd.DataFrame


class _Counted(NamedTuple):
    """The people of one register and age group: where they live, and what is not known of them."""

    points: gpd.GeoDataFrame
    findings: list[Finding]
    differences: pd.DataFrame
    unknown: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class County:
    """The frames of one county; none of them is changed.

    Parameters
    ----------
    divisions
        ``code, name, level, kind, parent_code`` and optionally ``managed_by, seat_lon, seat_lat,
        valid_from, valid_to``, geometry (polygons, EPSG:4490, or None).
    facilities
        Facility records as the county file gives them.
    population
        ``division_code, name, as_of, base, age_group, people, households``, geometry optional.
    network
        Walking network; None measures straight lines and says so.
    zones
        ``id, kind, name, geometry`` (hazards, built-up land).
    graves
        ``id, zone_kind, treated`` (bool or None), of the inspection of graves in restricted zones.
    reported
        ``indicator, value, source, date``: figures an office reports and nobody can compute.
    buildings, building_basis
        Buildings that people may live in, ``weight`` and points (EPSG:4490), and what they are
        weighed by: see `facilities.buildings.weighed`. None where no layer of them is known.
    as_of
        ISO date; None takes everything as it stands.

    Examples
    --------
    >>> divisions = pd.DataFrame({"code": ["c", "t"], "name": ["某县", "某镇"],
    ...     "level": ["county", "township"], "kind": ["县", "镇"], "parent_code": [None, "c"]})
    >>> sites = gpd.GeoDataFrame({"id": ["f"], "kind": ["ash-hall"], "division_code": ["t"]},
    ...     geometry=[None], crs="EPSG:4490")
    >>> here = County(divisions, sites)
    >>> here.units("township")["name"].tolist(), here.unit_of(here.records, "county").tolist()
    (['某镇'], ['c'])
    """

    divisions: pd.DataFrame
    facilities: gpd.GeoDataFrame
    population: pd.DataFrame = field(default_factory=_EMPTY)
    network: Network | None = None
    zones: gpd.GeoDataFrame | None = None
    graves: pd.DataFrame = field(default_factory=_EMPTY)
    reported: pd.DataFrame = field(default_factory=_EMPTY)
    buildings: gpd.GeoDataFrame | None = None
    building_basis: str = "count"
    as_of: str | None = None

    @cached_property
    def _unfolded(self) -> tuple[gpd.GeoDataFrame, list[Finding]]:
        frame, findings = unfold(self.facilities)
        return in_force(frame, self.as_of, start="opened", stop="closed"), findings

    @property
    def records(self) -> gpd.GeoDataFrame:
        """Facility records with attributes as columns, those open at the date."""
        return self._unfolded[0]

    @property
    def record_findings(self) -> list[Finding]:
        """What was wrong with numbers and attributes of the records."""
        return self._unfolded[1]

    @cached_property
    def current(self) -> pd.DataFrame:
        """Divisions in force at the date."""
        require(self.divisions, ("code", "name", "level", "parent_code"), place="divisions")
        return in_force(self.divisions, self.as_of).reset_index(drop=True)

    @cached_property
    def parents(self) -> dict[str, str]:
        """Code of the parent of each division."""
        return parents(self.current)

    @cached_property
    def book(self) -> Book:
        """Divisions by all their names, ready to be found in texts."""
        return Book(self.current)

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each division."""
        codes, names = self.current["code"].astype(str), self.current["name"].astype(str)
        return dict(zip(codes, names, strict=True))

    def within(self, code: str) -> str:
        """Return the name of the division that a division belongs to, empty if it is not known."""
        return self.names.get(self.parents.get(code, ""), "")

    def units(self, level: str, *, kinds: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return the divisions of one level, optionally of some kinds (街道, 镇, 社区)."""
        table = self.current[self.current["level"] == level]
        if kinds:
            of_kinds = [_kind_of(row) in kinds for row in table.to_dict("records")]
            table = table[np.array(of_kinds, dtype=bool)]
        return table

    def line(self, code: str) -> Iterator[str]:
        """Return a code and the codes above it."""
        return line(code, self.parents)

    def unit_of(self, frame: gpd.GeoDataFrame, level: str) -> pd.Series:
        """Return the code of the unit of a level that each row belongs to, None without one.

        The division code of the row decides; only a row without a known one is located by its
        point in the polygons of the units.
        """
        units = self.units(level)
        known = set(units["code"])
        codes = frame.get("division_code", pd.Series(None, index=frame.index, dtype=object))
        by_code = [self._above(code, known) for code in codes]
        by_place = self._placed(frame, units)
        held = [a or b for a, b in zip(by_code, by_place, strict=True)]
        return pd.Series(held, index=frame.index, dtype=object)

    def _above(self, code: object, known: set[str]) -> str | None:
        if not isinstance(code, str):
            return None
        return next((each for each in self.line(code) if each in known), None)

    def _placed(self, frame: gpd.GeoDataFrame, units: pd.DataFrame) -> list[str | None]:
        by_row: list[str | None] = [None] * len(frame)
        if not isinstance(units, gpd.GeoDataFrame) or units.geometry.isna().all():
            return by_row
        fit = np.flatnonzero(usable_points(frame))
        if len(fit):
            points = cgcs2000(frame.iloc[fit], what="facilities").geometry.to_numpy()
            shapes = cgcs2000(units, what="divisions").geometry.to_numpy()
            row, unit = shapely.STRtree(shapes).query(points, predicate="intersects")
            for number, place in zip(fit[row[::-1]].tolist(), unit[::-1].tolist(), strict=True):
                by_row[number] = str(units["code"].iat[place])
        return by_row

    def homes_in(
        self, code: str, *, apart: Collection[str]
    ) -> tuple[gpd.GeoDataFrame, list[str]] | None:
        """Return the buildings in the polygon of a division that lie in none of some others.

        Parameters
        ----------
        code
            The division.
        apart
            Divisions in it whose buildings are not wanted.

        Returns
        -------
        tuple or None
            The buildings, and the village of each where its polygon is known, else the division;
            None where there are none, or a polygon is missing that would tell them apart.
        """
        levels = dict(zip(self.current["code"].astype(str), self.current["level"], strict=True))
        if self.buildings is None or not self._have_shapes([code, *apart]):
            return None
        inside = self._housed(levels[code]) == code
        for each in apart:
            inside = inside & (self._housed(levels[each]) != each)
        if not inside.any():
            return None
        villages = self._housed("village")[inside]
        named = [each if code in self.line(each or "") else code for each in villages]
        return self.buildings[inside].reset_index(drop=True), named

    def _have_shapes(self, codes: Collection[str]) -> bool:
        land = self.current
        if not isinstance(land, gpd.GeoDataFrame):
            return False
        return set(codes) <= set(land.loc[land.geometry.notna(), "code"].astype(str))

    def _housed(self, level: str) -> pd.Series:
        """Return the unit of a level that each building lies in."""
        if level not in self._buildings_by_level:
            self._buildings_by_level[level] = self.unit_of(self._known_buildings, level)
        return self._buildings_by_level[level]

    @property
    def _known_buildings(self) -> gpd.GeoDataFrame:
        assert self.buildings is not None
        return self.buildings

    @cached_property
    def _buildings_by_level(self) -> dict[str, pd.Series]:
        return {}

    def people(self, *, base: str, age_group: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
        """Return demand points of one register and age group, each person once.

        Of a division that has rows below it, too, only what these leave of its total is counted.
        """
        counted = self._counted(base, age_group)
        return counted.points, counted.findings

    @cached_property
    def _held(self) -> dict[tuple[str, str], _Counted]:
        return {}

    def _counted(self, base: str, age_group: str) -> _Counted:
        key = (base, age_group)
        if key not in self._held:
            self._held[key] = self._count(base, age_group)
        return self._held[key]

    def _count(self, base: str, age_group: str) -> _Counted:
        if self.population.empty:
            none = {name: pd.Series(dtype=object) for name in ("division_code", "name", "people")}
            return _Counted(*demand_points(pd.DataFrame(none)), pd.DataFrame(), {})
        rows, findings = select(self._named, base=base, age_group=age_group, as_of=self.as_of)
        lost = [each.subject for each in findings if each.rule == "demand-age-group"]
        missing = {
            column: unknown(rows, parents=self.parents, column=column, lost=lost)
            for column in ("people", "households")
        }
        reconciled = reconcile(rows, parents=self.parents)
        seats = self.current if "seat_lon" in self.current else None
        points, more = demand_points(reconciled.rows, seats)
        every = [*findings, *reconciled.findings, *more]
        return _Counted(points, every, reconciled.differences, missing)

    @cached_property
    def _named(self) -> pd.DataFrame:
        """Figures with the name of their division where they have none of their own."""
        table = self.population
        code = table["division_code"].astype(str)
        own = table["name"] if "name" in table else pd.Series(None, index=table.index, dtype=object)
        return table.assign(name=own.where(own.notna(), code.map(self.names)).fillna(code))

    def differences(self, *, base: str, age_group: str) -> pd.DataFrame:
        """Return how totals compare with the figures of their parts (`reconciling.reconcile`)."""
        return self._counted(base, age_group).differences

    def uncounted(self, *, base: str, age_group: str, column: str = "people") -> tuple[str, ...]:
        """Return the divisions whose number of people or households is not known at all.

        They live somewhere: what is divided by the people of a county is then too high.
        """
        return self._counted(base, age_group).unknown.get(column, ())


_SAME_KIND = {
    **dict.fromkeys(("村委会", "村民委员会", "行政村"), "村"),
    **dict.fromkeys(("居委会", "居民委员会", "社区居委会", "社区居民委员会"), "社区"),
    **dict.fromkeys(("街道办事处", "办事处"), "街道"),
}
"""Kinds as lists call them, by the word that plans use."""


def _kind_of(row: dict[object, object]) -> str:
    """Return the kind of a division, read from its name where no kind is stored."""
    kind = row.get("kind")
    if isinstance(kind, str) and kind:
        return _SAME_KIND.get(kind, kind)
    name = str(row["name"])
    if name.endswith(("社区", "居委会", "居民委员会")):
        return "社区"
    endings = {"街道": "街道", "办事处": "街道", "镇": "镇", "乡": "乡", "村": "村", "村委会": "村"}
    return next((kind for ending, kind in endings.items() if name.endswith(ending)), "")


def in_force(
    frame: pd.DataFrame, as_of: str | None, *, start: str = "valid_from", stop: str = "valid_to"
) -> pd.DataFrame:
    """Return the rows whose half-open interval holds a date; blank ends are open.

    Examples
    --------
    >>> table = pd.DataFrame({"valid_from": ["2020-01-01", None], "valid_to": ["2024-01-01", None]})
    >>> len(in_force(table, "2024-01-01")), len(in_force(table, None))
    (1, 1)
    """
    begun = pd.Series(True, index=frame.index)
    ended = pd.Series(False, index=frame.index)
    if as_of is not None and start in frame:
        begun = frame[start].map(lambda day: not _day(day) or _day(day) <= as_of)
    if stop in frame:
        ended = frame[stop].map(
            lambda day: bool(_day(day)) and (as_of is None or _day(day) <= as_of)
        )
    return frame[begun.astype(bool) & ~ended.astype(bool)]


def _day(value: object) -> str:
    return value if isinstance(value, str) else ""


def no_unit(frame: pd.DataFrame, units: pd.Series, level: str) -> list[Finding]:
    """Return a finding for each facility that belongs to no known unit of a level.

    Examples
    --------
    >>> frame = pd.DataFrame({"id": ["f"], "name": ["某站"]})
    >>> [each.rule for each in no_unit(frame, pd.Series([None]), "township")]
    ['facility-without-unit']
    """
    lost = frame[units.isna().to_numpy()]
    return [
        finding(
            "facility-without-unit",
            row["id"],
            Text(
                f"{row.get('name', row['id'])}：不知属于哪个{_LEVELS.get(level, level)}",
                f"{row.get('name', row['id'])}: belongs to no known {level}",
            ),
        )
        for row in lost.to_dict("records")
    ]


_LEVELS = {"county": "县级单位", "township": "乡级单位", "village": "村（社区）"}

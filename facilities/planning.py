"""Capacity, shared supply and siting with plain frames: ids in, ids and names out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from facilities.allocation import allocate
from facilities.ground import Ground, distances_m, ground
from facilities.network.graph import Network
from facilities.plane import CGCS2000, Array, cgcs2000
from facilities.records import finding, require
from facilities.siting import QUESTIONS, Siting, with_capacity
from facilities.two_step import two_step, unreached_supply
from facilities.walking import SLACK_S, Profile
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence, Text


@dataclass(frozen=True)
class Walk:
    """Who walks, on what, and how long at most.

    Parameters
    ----------
    profile
        Who walks.
    minutes
        Time limit.
    network
        Road network; None measures straight lines times the detour factor.
    """

    profile: Profile
    minutes: float
    network: Network | None = None

    @property
    def limit_m(self) -> float:
        """The limit in metres.

        Raises
        ------
        InputError
            If the minutes are not above 0.
        """
        if not self.minutes > 0:
            raise InputError(
                Sentence("a limit of {minutes} minutes", minutes=self.minutes),
                remedy=Sentence("Give minutes above zero"),
            )
        return (self.minutes * 60 + SLACK_S) * self.profile.speed_m_s

    def ground(self, demand: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame) -> Ground:
        """Put demand and facilities on the network.

        Parameters
        ----------
        demand, facilities
            Points in any known CRS.

        Returns
        -------
        Ground
            Where both stand on the network; straight lines where there is none.
        """
        return ground(demand, facilities, profile=self.profile, network=self.network)


def allocated(
    demand: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    walk: Walk,
    capacity: str = "capacity",
    rule: str = "nearest-first",
) -> tuple[pd.DataFrame, list[Finding]]:
    """Give the people of each demand point to facilities within the limit that have room.

    Parameters
    ----------
    demand
        ``id, people`` and points.
    facilities
        ``id``, points and a column of capacities; one that is not known counts as no room and is
        a finding.
    walk
        Who walks how far.
    capacity
        Name of the column of capacities (``beds``).
    rule
        See `facilities.allocation.RULES`.

    Returns
    -------
    tuple
        ``id, facility, people, seconds`` with one row a flow and one (``facility`` empty) for those
        without a place: the people of each id add up to its demand.

    Examples
    --------
    >>> import shapely
    >>> from facilities.walking import profile
    >>> homes = gpd.GeoDataFrame({"id": ["a"], "people": [30]}, geometry=[shapely.Point(120, 32)],
    ...     crs="EPSG:4490")
    >>> sites = homes.assign(id=["f"], beds=[20])
    >>> flows, _ = allocated(homes, sites, walk=Walk(profile("elderly"), 15), capacity="beds")
    >>> flows.values.tolist()
    [['a', 'f', 20.0, 0.0], ['a', '', 10.0, nan]]
    """
    room, findings = _column(facilities, capacity)
    metres = distances_m(walk.ground(demand, facilities), limit_m=walk.limit_m)
    people = demand["people"].to_numpy(dtype=float)
    allocation = allocate(people, room, metres, rule=rule)
    ids, sites = demand["id"].to_numpy(), facilities["id"].to_numpy()
    speed = walk.profile.speed_m_s
    flows = pd.DataFrame(
        {
            "id": ids[allocation.flows["demand"]],
            "facility": sites[allocation.flows["facility"]],
            "people": allocation.flows["people"],
            "seconds": (allocation.flows["cost"] / speed).round(1),
        }
    )
    left = np.flatnonzero(allocation.unserved > 1e-9)
    rest = pd.DataFrame({"id": ids[left], "facility": "", "people": allocation.unserved[left]})
    return pd.concat([flows, rest.assign(seconds=np.nan)], ignore_index=True), findings


def shared_supply(
    demand: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    walk: Walk,
    supply: str = "beds",
    zones: tuple[tuple[float, float], ...] | None = None,
) -> tuple[pd.Series, list[Finding]]:
    """Return the supply per person of each demand point (2SFCA), indexed by its id.

    Parameters
    ----------
    demand
        ``id, people`` and points in any known CRS.
    facilities
        ``id``, points in any known CRS and a column of supply; one that is not known counts as 0
        and is a finding.
    walk
        Who walks how far.
    supply
        Name of the column of supply.
    zones
        Upper limit in minutes and weight of each ring; None weighs all within the limit alike.

    Returns
    -------
    tuple[pd.Series, list[Finding]]
        Supply per person by the id of the demand point, and findings.

    Raises
    ------
    InputError
        If there is no column of that name, or the limit is not above 0 minutes.

    Examples
    --------
    >>> import shapely
    >>> from facilities.walking import profile
    >>> homes = gpd.GeoDataFrame({"id": ["a"], "people": [40]}, geometry=[shapely.Point(120, 32)],
    ...     crs="EPSG:4490")
    >>> sites = homes.assign(id=["f"], beds=[20])
    >>> shared_supply(homes, sites, walk=Walk(profile("elderly"), 15))[0].to_dict()
    {'a': 0.5}
    """
    offered, findings = _column(facilities, supply)
    limit, speed = walk.limit_m, walk.profile.speed_m_s
    metres = distances_m(walk.ground(demand, facilities), limit_m=limit)
    people = demand["people"].to_numpy(dtype=float)
    rings = None if zones is None else [(each * 60 * speed, weight) for each, weight in zones]
    rate = two_step(people, offered, metres, limit=limit, zones=rings)
    for row in unreached_supply(people, offered, metres, limit=limit).tolist():
        name = _called(facilities).iat[row]
        message = Text(f"{name}：时限内无人，其供给不计入", f"{name}: nobody within the limit")
        findings.append(finding("supply-unreached", facilities["id"].iat[row], message))
    return pd.Series(rate, index=demand["id"], name="supply_per_person"), findings


def _column(
    facilities: gpd.GeoDataFrame, column: str, *, what: str = "facilities"
) -> tuple[Array, list[Finding]]:
    require(facilities, [column], place=what, remedy=Sentence("Add it or name another"))
    values = pd.to_numeric(facilities[column], errors="coerce").to_numpy(dtype=float)
    bad = ~(np.isfinite(values) & (values >= 0))
    pairs = zip(facilities["id"][bad], _called(facilities)[bad], strict=True)
    findings = [
        finding(
            "capacity-unknown", each, Text(f"{name}：{column}未知，按 0 计", f"{name}: unknown")
        )
        for each, name in pairs
    ]
    return np.where(bad, 0.0, values), findings


def _called(facilities: gpd.GeoDataFrame) -> pd.Series:
    """Return what each facility is called: its name, else its id."""
    ids = facilities["id"].astype(str)
    return facilities["name"].fillna(ids) if "name" in facilities else ids


@dataclass(frozen=True)
class Placement:
    """Where new facilities should stand.

    Parameters
    ----------
    siting
        The answer and its proof.
    chosen
        The chosen candidates, with the people each newly serves (EPSG:4490).
    metric
        How distances were measured.
    findings
        Candidates and facilities whose room is not known: they count as having none.
    """

    siting: Siting
    chosen: gpd.GeoDataFrame
    metric: Text
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on (contract of ``facilities site``)."""
        siting = self.siting
        names = self.chosen["name"] if "name" in self.chosen else self.chosen["id"]
        return {
            "chosen": [str(each) for each in self.chosen["id"]],
            "names": [str(each) for each in names],
            "objective": siting.objective,
            "bound": siting.bound,
            "gap": siting.gap,
            "served_before": siting.served_before,
            "served_after": siting.served_after,
            "measured_by": self.metric.zh,
            "findings": [each.as_json() for each in (*siting.findings, *self.findings)],
        }


def place(
    demand: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame,
    *,
    walk: Walk,
    existing: gpd.GeoDataFrame | None = None,
    question: str = "fewest-sites",
    target_share: float = 0.95,
    sites: int | None = None,
    capacity: str | None = None,
    seconds: float = 60.0,
) -> Placement:
    """Choose candidates for new facilities; existing ones stay.

    Parameters
    ----------
    demand
        ``id, people`` and points.
    candidates
        ``id`` and points.
    walk
        Who walks how far.
    existing
        ``id`` and points.
    question
        ``fewest-sites`` for a target, ``most-people`` or ``least-total`` for a number of sites.
    target_share
        Share of the people to serve (fewest-sites).
    sites
        How many may be built (the other questions).
    capacity
        Column of candidates and existing facilities with the people they have room for; asks for
        most people with a place.
    seconds
        Time allowed for the proof.

    Returns
    -------
    Placement
        The candidates chosen, how good the choice is proven to be, and how ways were measured.

    Raises
    ------
    InputError
        If capacities are asked for with the least total, which does not know them.

    Examples
    --------
    >>> import shapely
    >>> from facilities.walking import profile
    >>> spots = [shapely.Point(120, 32), shapely.Point(120.1, 32)]
    >>> homes = gpd.GeoDataFrame({"id": ["a", "b"], "name": ["甲", "乙"], "people": [30, 10]},
    ...     geometry=spots, crs="EPSG:4490")
    >>> answer = place(homes, homes, walk=Walk(profile("elderly"), 15), target_share=0.7).as_json()
    >>> answer["chosen"], answer["gap"], answer["served_after"]
    (['a'], 0.0, 30.0)
    """
    old = candidates.iloc[:0] if existing is None else existing
    metres, metric = _costs(demand, candidates, old, walk, question)
    new = len(candidates)
    people = demand["people"].to_numpy(dtype=float)
    more: dict[str, Any] = {"limit": walk.limit_m, "existing": metres[:, new:], "seconds": seconds}
    room, unknown = _rooms(candidates, old, capacity)
    if room is not None:
        _fits_capacity(question)
        more |= {"sites": _sites(sites), "existing_capacity": room[new:]}
        siting = with_capacity(people, metres[:, :new], room[:new], **more)
    elif question == "fewest-sites":
        siting = QUESTIONS[question](people, metres[:, :new], target_share=target_share, **more)
    else:
        siting = QUESTIONS[question](people, metres[:, :new], sites=_sites(sites), **more)
    return Placement(
        siting, _chosen(candidates, siting, people, metres, walk, room), metric, unknown
    )


def _fits_capacity(question: str) -> None:
    if question == "least-total":
        raise InputError(
            Sentence("the least total does not know capacities"),
            remedy=Sentence("Leave out --least-total or --capacity"),
        )


def _sites(sites: int | None) -> int:
    if sites is None:
        raise InputError(
            Sentence("the number of new sites is not given"),
            remedy=Sentence("Give sites (--budget)"),
        )
    return sites


def _costs(
    demand: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame,
    old: gpd.GeoDataFrame,
    walk: Walk,
    question: str,
) -> tuple[Array, Text]:
    if question not in QUESTIONS:
        message = Sentence("no siting question {question!r}", question=question)
        raise InputError(message, remedy=Sentence("Use one of {listed}", listed=tuple(QUESTIONS)))
    both = [cgcs2000(layer, what="sites")[["id", "geometry"]] for layer in (candidates, old)]
    every = gpd.GeoDataFrame(pd.concat(both, ignore_index=True), crs=CGCS2000)
    where = walk.ground(demand, every)
    limit = np.inf if question == "least-total" else walk.limit_m
    return distances_m(where, limit_m=limit), where.metric


def _rooms(
    candidates: gpd.GeoDataFrame, old: gpd.GeoDataFrame, column: str | None
) -> tuple[Array | None, tuple[Finding, ...]]:
    """Return the room of candidates and existing facilities, and whose is not known."""
    if column is None:
        return None, ()
    room, findings = _column(candidates, column, what="candidates")
    held, more = _column(old, column) if len(old) else (np.zeros(0), [])
    return np.concatenate([room, held]), (*findings, *more)


def _chosen(
    candidates: gpd.GeoDataFrame,
    siting: Siting,
    people: Array,
    metres: Array,
    walk: Walk,
    room: Array | None,
) -> gpd.GeoDataFrame:
    """Return the chosen rows and how many not yet served people within the limit each has room for.

    Without capacities these are all of them.
    """
    # Columns hold candidates first, then what stands already: who is open to be served is who no
    # column of the second part reaches.
    old = metres[:, len(candidates) :]
    open_ = ~(old <= walk.limit_m).any(axis=1)
    within = metres[:, : len(candidates)] <= walk.limit_m
    # where places run out people beside a full facility are not served either
    gains = (people if room is not None else people * open_) @ within
    gains = gains if room is None else np.minimum(gains, room[: len(candidates)])
    chosen = cgcs2000(candidates, what="sites").iloc[siting.chosen]
    return chosen.assign(newly_served=gains[siting.chosen]).reset_index(drop=True)

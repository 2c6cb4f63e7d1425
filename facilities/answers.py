"""The planner's questions put to a loaded county: who is served, where to build, what is amiss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from facilities import sources
from facilities.demand import BASES
from facilities.grain import Grain, grained
from facilities.kinds import kinds_by_word
from facilities.plane import CGCS2000
from facilities.planning import Placement, Walk, allocated, place, shared_supply
from facilities.reach import Reach, reach
from facilities.records import check, finding, unfold
from facilities.report_reach import ReachReport, reach_json, unanswered_json
from facilities.scenarios import compare, proposed, with_ids
from facilities.sources import Loaded
from facilities.walking import Profile, profile
from facilities.words import said
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding
from gazetteer.common.json_values import as_json
from gazetteer.common.language import Language, Sentence, Text

_EMPTY = pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who is to be served by what.

    Parameters
    ----------
    words
        Kinds of facilities.
    minutes
        Time limit on foot.
    walker, speed
        Profile of walking, and its speed in m/s where it is not that of the profile.
    base, age
        Register and age group of the people.
    """

    words: tuple[str, ...]
    minutes: float = 15.0
    walker: str = "elderly"
    speed: float | None = None
    base: str = "resident"
    age: str = "all"

    @property
    def profile(self) -> Profile:
        """Who walks."""
        return profile(self.walker, speed_m_s=self.speed)

    def sentence(self) -> Text:
        """Return the question in words."""
        return Text(self._sentence("zh"), self._sentence("en"))

    def _sentence(self, language: Language) -> str:
        who, table = self.profile, kinds_by_word()
        named = (table[word].label.say(language) if word in table else word for word in self.words)
        ages = said("all_ages", language) if self.age == "all" else None
        return said(
            "question", language, kinds=("、" if language == "zh" else ", ").join(named),
            base=BASES[self.base].say(language), walker=who.label.say(language),
            ages=ages or said("years_old", language, age=self.age), speed=who.speed_m_s,
            minutes=self.minutes,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is changed, and what else is asked.

    Parameters
    ----------
    plus
        Facilities added.
    without
        Ids or names of facilities closed.
    assigned
        Facility of each division code.
    capacity, supply
        Columns of places: who finds room; places per person.
    """

    plus: gpd.GeoDataFrame | None = None
    without: tuple[str, ...] = ()
    assigned: Mapping[str, str] = field(default_factory=dict)
    capacity: str | None = None
    supply: str | None = None

    @property
    def changes(self) -> bool:
        """Whether there is a before and an after."""
        return self.plus is not None or bool(self.without)


AS_IT_IS = Scenario()


@dataclass(frozen=True, kw_only=True)
class Served:
    """An answer to who is served: the report, the facilities of the answer, findings."""

    report: ReachReport
    sites: gpd.GeoDataFrame
    findings: tuple[Finding, ...]

    def as_json(self) -> list[dict[str, Any]]:
        """Return the list that scripts rely on (contract of ``facilities reach``)."""
        rows = reach_json(self.report.reach)
        report = self.report
        if len(report.compared):
            seconds = report.compared["seconds_before"]
            for row, before, outcome in zip(rows, seconds, report.compared["outcome"], strict=True):
                row["seconds_before"] = as_json(before)
                row["outcome"] = outcome
        if report.supply is not None:
            for row in rows:
                row["supply_per_person"] = float(report.supply[row["id"]])
        if len(report.flows):
            held = dict(iter(report.flows.groupby("id")))
            for row in rows:
                row["allocated"] = _flows(held.get(row["id"]))
        return [*rows, *unanswered_json(self.report.unanswered)]


def _flows(rows: pd.DataFrame | None) -> list[dict[str, Any]]:
    if rows is None:
        return []
    return [
        {"facility": each["facility"] or None, "people": each["people"]}
        for each in rows.to_dict("records")
    ]


def served(loaded: Loaded, asked: Asked, *, scenario: Scenario = AS_IT_IS) -> Served:
    """Answer who is served on foot, and who is not.

    Raises
    ------
    InputError, UnknownError
        If there are no such facilities or people, or a word is not understood.
    """
    sites = loaded.of_kinds(asked.words)
    grain, findings = _people(loaded, asked)
    points = grain.points
    now = proposed(sites, plus=scenario.plus, without=scenario.without)
    assigned = with_ids(scenario.assigned, now)
    how: dict[str, Any] = {
        "profile": asked.profile,
        "network": loaded.frames.network,
        "minutes": asked.minutes,
    }
    reached = reach(points, now, assigned=assigned, **how)
    report = report_of(loaded, asked, reached, sites=now, unanswered=grain.unanswered)
    if scenario.changes:
        report = replace(report, compared=compare(reach(points, sites, **how), reached))
    report, more = _with_room(report, points, now, asked, loaded, scenario)
    on_records = findings_of(loaded, sites)
    return Served(
        report=report, sites=now, findings=(*loaded.findings, *findings, *on_records, *more)
    )


def _people(loaded: Loaded, asked: Asked) -> tuple[Grain, tuple[Finding, ...]]:
    """Return the people asked for, as far as they can be walked from, and what is to be said."""
    points, findings = sources.demand(loaded, base=asked.base, age_group=asked.age)
    grain = grained(points, loaded.frames)
    return grain, (*findings, *grain.findings)


def findings_of(loaded: Loaded, sites: gpd.GeoDataFrame) -> list[Finding]:
    """Return what is wrong with the records of some facilities."""
    ids = set(sites["id"].astype(str))
    every = [*loaded.frames.record_findings, *check(sites, county=loaded.outline)]
    return [each for each in every if each.subject in ids]


def _with_room(
    report: ReachReport,
    points: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    asked: Asked,
    loaded: Loaded,
    scenario: Scenario,
) -> tuple[ReachReport, list[Finding]]:
    walk = Walk(asked.profile, asked.minutes, loaded.frames.network)
    findings: list[Finding] = []
    if scenario.capacity is not None:
        flows, more = allocated(points, sites, walk=walk, capacity=scenario.capacity)
        report, findings = replace(report, flows=flows), [*findings, *more]
    if scenario.supply is not None:
        rate, more = shared_supply(points, sites, walk=walk, supply=scenario.supply)
        report, findings = replace(report, supply=rate), [*findings, *more]
    asked_room = scenario.capacity is not None or scenario.supply is not None
    return report, [*findings, *(_no_room_taken(report.unanswered) if asked_room else [])]


def _no_room_taken(left: pd.DataFrame) -> list[Finding]:
    """Tell that people of whole townships take no place, so that more seems to be left."""
    if left.empty:
        return []
    number = f"{left['people'].sum():g}"
    message = Text(
        f"{number}人只有合计数，未参加分配，余下的床位（名额）偏多",
        f"{number} people are known as totals only and take no place: too many seem to be left",
    )
    return [finding("allocation-grain", "allocation", message)]


def report_of(
    loaded: Loaded,
    asked: Asked,
    reached: Reach,
    *,
    sites: gpd.GeoDataFrame,
    unanswered: pd.DataFrame | None = None,
) -> ReachReport:
    """Return the report of a reach in a county."""
    return ReachReport(
        reach=reached,
        place=loaded.name,
        question=asked.sentence(),
        names=dict(zip(sites["id"], sites["name"], strict=True)),
        units=township_names(loaded),
        reconciled=loaded.frames.differences(base=asked.base, age_group=asked.age),
        example=loaded.example,
        unanswered=_EMPTY() if unanswered is None else unanswered,
    )


def township_names(loaded: Loaded) -> dict[str, str]:
    """Return the name of the township of each division code."""
    frames = loaded.frames
    towns = set(frames.units("township")["code"])
    by_code = {}
    for code in frames.current["code"].astype(str):
        town = next((each for each in frames.line(code) if each in towns), None)
        if town is not None:
            by_code[code] = frames.names[town]
    return by_code


@dataclass(frozen=True, kw_only=True)
class Sited:
    """An answer to where to build: the placement, and who is served then."""

    placement: Placement
    report: ReachReport
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on (contract of ``facilities site``).

        Beside that of the placement it tells the totals that could not be walked from
        (``not_checked``): their people are in no number of the answer.
        """
        left = self.report.unanswered
        kept = ("id", "name", "division_code", "people", "reason", "reason_text")
        rows = [{key: row[key] for key in kept} for row in unanswered_json(left)]
        return {**self.placement.as_json(), "not_checked": rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the new facilities have to bring.

    Parameters
    ----------
    share
        Share of the people to be served with the fewest sites; None asks for the best of `budget`.
    budget
        Number of new sites.
    least_total
        Least total time rather than most people.
    capacity
        Column of candidates and facilities: how many people they have room for.
    seconds
        Time allowed for the proof.
    """

    share: float | None = None
    budget: int | None = None
    least_total: bool = False
    capacity: str | None = None
    seconds: float = 60.0

    @property
    def question(self) -> str:
        """Name of the question, as in `facilities.siting.QUESTIONS`."""
        if self.share is not None:
            return "fewest-sites"
        return "least-total" if self.least_total else "most-people"


def share_of(text: str) -> float:
    """Return a share as a number from 0 to 1.

    Raises
    ------
    InputError
        If it is none.

    Examples
    --------
    >>> share_of("95%"), share_of("0.6")
    (0.95, 0.6)
    >>> share_of("95")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: '95' is no share. Write 95% or 0.95
    """
    number, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        value = float(number) / (100 if percent else 1)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise InputError(
            Sentence("{text!r} is no share", text=text), remedy=Sentence("Write 95% or 0.95")
        )
    return value


def sited(
    loaded: Loaded, asked: Asked, wanted: Wanted, *, candidates: gpd.GeoDataFrame | None = None
) -> Sited:
    """Answer where new facilities should stand; the existing ones stay.

    Parameters
    ----------
    candidates
        Sites that may be built; without them every demand point with a position.
    """
    existing = loaded.of_kinds(asked.words)
    grain, findings = _people(loaded, asked)
    points = grain.points
    if points.empty:
        raise InputError(
            Sentence("the people asked for are known as totals only: there is no site to compare"),
            remedy=Sentence("Import population by village."),
        )
    sites = points[points.geometry.notna()] if candidates is None else _rooms(candidates)
    walk = Walk(asked.profile, asked.minutes, loaded.frames.network)
    placement = place(
        points, sites, walk=walk, existing=existing[existing.geometry.notna()],
        question=wanted.question, target_share=wanted.share or 0.0, sites=wanted.budget,
        capacity=wanted.capacity, seconds=wanted.seconds,
    )  # fmt: skip
    both = _built(existing, placement.chosen)
    after = reach(points, both, profile=walk.profile, network=walk.network, minutes=walk.minutes)
    report = report_of(loaded, asked, after, sites=both, unanswered=grain.unanswered)
    on_records = findings_of(loaded, existing)
    every = (
        *loaded.findings,
        *findings,
        *on_records,
        *placement.siting.findings,
        *placement.findings,
    )
    return Sited(placement=placement, report=report, findings=every)


def _rooms(candidates: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return candidates with their further columns as numbers."""
    frame, _ = unfold(candidates.assign(kind=candidates["kind"].fillna("candidate")))
    return frame


def _built(existing: gpd.GeoDataFrame, chosen: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    new = chosen.assign(name=chosen.get("name", chosen["id"]))
    new = new.assign(id="new:" + new["id"].astype(str), name="拟建：" + new["name"].astype(str))
    columns = ["id", "name", "geometry"]
    both = pd.concat([existing[columns], new[columns]], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=CGCS2000)

"""The route description (走向说明) against the roads, rivers and names of today."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries import deviation
from boundaries.description import cut
from boundaries.description_placing import Known, Placed, placed
from boundaries.description_reading import read
from boundaries.inspection.deskwork.case import LAW, LineCase
from boundaries.inspection.deskwork.course import text
from boundaries.office import records
from boundaries.survey import shipped
from gazetteer.common import tables
from gazetteer.common.findings import Finding, Severity

PLAIN = frozenset((
    "山脊", "山谷", "山沟", "山坡", "河道", "河流", "小河", "水渠",
    "渠道", "公路", "道路", "小路", "铁路", "田埂", "分水岭",
))  # fmt: skip
"""Words of a description that are no names."""

SHARE = 0.5
"""A feature counts as followed where the line keeps to it over this share of the part."""


class Mention(NamedTuple):
    """A feature that a description names: how, its name, and the part of the line it is told of."""

    how: Literal["follows", "crosses"]
    name: str
    part: shapely.LineString


def agrees(case: LineCase) -> Iterator[Finding]:
    """Yield whether there is a description, and what it says otherwise than the line."""
    if not case.description:
        zh = f"界线{case.code}没有走向说明可供核对"
        en = f"line {case.code} has no route description to compare with"
        yield case.finding("description-missing", zh, en, clause=f"{LAW} 13")
        return
    profile = shipped("township-10000")
    for each in records.contradictions(case.records, case.code, case.description, profile=profile):
        place = None if each.geometry is None else case.metres(each.geometry)
        yield case.finding(
            f"description-{each.rule.rpartition('/')[2]}",
            each.message.zh,
            each.message.en,
            clause=f"{LAW} 13",
            severity=each.severity,
            place=place,
            key=each.key,
        )


def features_still_there(case: LineCase) -> Iterator[Finding]:
    """Yield each feature of the description that has left the line, is gone or is now renamed.

    The line stays where the agreement put it (行政区域界线管理条例 7).
    """
    done: set[tuple[str, str]] = set()
    for mention in _mentions(case):
        if (mention.how, mention.name) in done:
            continue
        done.add((mention.how, mention.name))
        features = case.features(case.now)
        bearing = features[[text(each) == mention.name for each in features["name"]]]
        if not len(bearing):
            yield from _no_such_feature(case, mention)
        elif mention.how == "follows":
            yield from _left(case, mention, shapely.union_all(bearing.geometry.to_numpy()))
        elif not len(case.near(bearing, 2 * case.reach.follow_m)):
            zh = f"走向说明称穿过“{mention.name}”，现与界线不相交"
            en = f"the description has it cross {mention.name}, which does not meet the line now"
            yield case.finding(
                "crossing-gone",
                zh,
                en,
                clause=f"{LAW} 7",
                severity=Severity.WARNING,
                place=mention.part,
                key=mention.name,
            )


def _left(case: LineCase, mention: Mention, feature: BaseGeometry) -> Iterator[Finding]:
    beside = shapely.intersection(mention.part, shapely.buffer(feature, case.reach.follow_m))
    share = beside.length / mention.part.length
    if share >= SHARE:
        return
    seen = deviation.profile(mention.part, feature, crs=case.records.crs, step_m=5.0)
    zh = (
        f"走向说明称沿“{mention.name}”，现该地物距界线最远{seen.max_m:.0f}米"
        f"（仅{share:.0%}的界段在{case.reach.follow_m:g}米以内）：地物变动不改变界线，核对并修测"
    )
    en = (
        f"the description has it follow {mention.name}, which is up to {seen.max_m:.0f} m away now"
        f" ({share:.0%} within {case.reach.follow_m:g} m): the line stays, inspect and re-survey"
    )
    yield case.finding(
        "feature-left",
        zh,
        en,
        clause=f"{LAW} 7",
        severity=Severity.WARNING,
        place=mention.part,
        measured=(seen.max_m, case.reach.follow_m, "m"),
        key=mention.name,
    )


def _no_such_feature(case: LineCase, mention: Mention) -> Iterator[Finding]:
    """Yield whether a name without a feature is renamed or not known; a place name is enough."""
    name = mention.name
    if standing(case, name):
        return
    now = successors(case).get(name)
    if now:
        zh = f"走向说明中的“{name}”现名“{now}”，须注明"
        en = f"{name} of the description is now called {now}"
        rule, weight = "name-outdated", Severity.WARNING
    else:
        zh = f"走向说明提到“{name}”，库中没有此名称的道路、水系或地名"
        en = f"the description names {name}: no road, river or place is called so"
        rule, weight = "name-unknown", Severity.NOTE
    clause = "地名管理条例 18" if now else f"{LAW} 5"
    yield case.finding(rule, zh, en, clause=clause, severity=weight, place=mention.part, key=name)


def standing(case: LineCase, name: str) -> bool:
    """Tell whether some place bears a name now."""
    return name in _standing(case)


def _standing(case: LineCase) -> set[str]:
    names = case.now.names
    current = names["role"].isin(["standard", "alias"]) & (names["status"] != "closed")
    return set(names.loc[current, "text"])


def successors(case: LineCase) -> dict[str, str]:
    """Return former names with the standard name of today, the nearest to the line first."""
    names = case.now.names
    former = names[(names["role"] == "former") | (names["status"] == "closed")]
    standard = names[(names["role"] == "standard") & (names["status"] != "closed")]
    now = dict(zip(standard["thing_id"], standard["text"], strict=True))
    away = former.geometry.distance(case.course.shape)
    by_former: dict[str, str] = {}
    for at in away.sort_values().index:
        thing, old = former.at[at, "thing_id"], str(former.at[at, "text"])
        if thing in now and now[thing] != old:
            by_former.setdefault(old, now[thing])
    return by_former


def unmentioned(case: LineCase) -> Iterator[Finding]:
    """Yield each named feature that crosses the line and that its description does not name."""
    if not case.description:
        return
    features = case.features(case.now)
    for each in case.course.crossings(features, reach=case.reach):
        if each.name and each.name not in case.description:
            zh = f"“{each.name}”在{each.station_m:.0f}米处穿过界线，走向说明未提及"
            en = f"{each.name} crosses the line at {each.station_m:.0f} m, not in the description"
            yield case.finding(
                "feature-unmentioned",
                zh,
                en,
                clause=f"{LAW} 12",
                place=each.point,
                key=f"{each.name} {each.station_m:.0f}",
            )


# ------------------------------------------------------------------ what a text names


def _mentions(case: LineCase) -> list[Mention]:
    """Return the features that the description names, each with its part of the line."""
    path = case.course.path
    if path is None or not case.description:
        return []
    known = Known(line=case.course.shape, markers=case.markers)
    legs = placed(read(case.description), known)
    mentions = [each for leg in legs if leg.part.length > 0 for each in _in_leg(leg)]
    return [each for each in mentions if each.name not in generic_words()]


def _in_leg(placing: Placed) -> Iterator[Mention]:
    """Yield what a leg names: along a step where it tells the lengths, else along the whole."""
    # Lengths in a text are rounded, so only their shares of the leg are taken from it: the steps
    # fill the part of the line that the leg was placed on, whatever their sum.
    metres = [step.distance_m for step in placing.leg.steps]
    whole = not metres or None in metres
    sums = np.concatenate([[0.0], np.cumsum([each or 0.0 for each in metres])])
    cuts = [] if whole else list(pairwise(sums / max(sums[-1], 1e-9) * placing.part.length))
    for mention in placing.leg.mentions:
        step = min(mention.step, len(cuts) - 1)
        piece = placing.part if step < 0 else cut(placing.part, *cuts[step])
        if piece.length > 0:
            yield Mention(mention.how, mention.name, piece)


@cache
def generic_words() -> frozenset[str]:
    """Return words that are no names: generic terms by themselves."""
    return PLAIN | frozenset(tables.column("generic_terms.csv", "通名"))

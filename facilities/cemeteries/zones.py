"""Restricted zones on the map, and what stands in them: cemeteries and existing graves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from facilities.cemeteries.profiles import ZoneRule
from facilities.plane import CGCS2000, Plane, cgcs2000, widened
from gazetteer.common import tables
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

MOVED, GOVERNED, KEPT, UNTREATED = "moved", "governed", "kept", "untreated"
OUTCOMES = (MOVED, GOVERNED, KEPT, UNTREATED)
"""What came of a grave: gone, still there and put in order, protected by law, as it was."""
_EDGE_DEG, _EDGE_M = 0.01, 1000.0
"""Edges of about a kilometre lie within a centimetre of the same line in plane and degrees."""


@cache
def grave_states() -> Mapping[str, str]:
    """Return the outcome that each word of ``data/grave_states.csv`` tells.

    Examples
    --------
    >>> grave_states()["已搬迁"], grave_states()["已治理"]
    ('moved', 'governed')
    """
    return {row["state"]: row["outcome"] for row in tables.rows("grave_states.csv")}


def outcome_of(state: object) -> str | None:
    """Return what came of a grave of that state; None for a word that the table does not have.

    A word that begins with 未 says that something was not done, whatever it is.

    Examples
    --------
    >>> outcome_of(" 已迁移 "), outcome_of(None), outcome_of("待定")
    ('moved', 'untreated', None)
    """
    blank = state is None or state != state  # noqa: PLR0124 - NaN
    word = "" if blank else str(state).strip()
    return UNTREATED if not word or word.startswith("未") else grave_states().get(word)


def restricted_zones(
    features: gpd.GeoDataFrame, rules: Mapping[str, ZoneRule]
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return one polygon a class of zone: the features and the width around them.

    Parameters
    ----------
    features
        ``kind`` (class of zone) and geometry, CRS stated.
    rules
        Rules by class, see `zone_rules`.

    Returns
    -------
    tuple
        ``zone, name, clause, distance_m, visible, geometry`` (EPSG:4490), and a finding for each
        class whose clause names no distance (only the feature itself is taken) and each class
        that has no feature here.

    Examples
    --------
    >>> from facilities.cemeteries.profiles import zone_rules
    >>> line = gpd.GeoDataFrame({"kind": ["railway"]}, crs="EPSG:4490",
    ...     geometry=[shapely.LineString([(120, 32), (120.1, 32)])])
    >>> zones, findings = restricted_zones(line, zone_rules("shandong"))
    >>> zones["distance_m"].tolist(), len(findings)
    ([500.0], 5)
    """
    layer = cgcs2000(features, what="zones")
    present = [rule for rule in rules.values() if (layer["kind"] == rule.zone).any()]
    absent = [rule for rule in rules.values() if rule not in present]
    findings = [_no_feature(rule) for rule in absent]
    findings += [_no_distance(rule) for rule in present if rule.distance_m is None]
    plane = Plane.of(layer) if len(layer) else Plane(0.0)
    shapes = [_widened(layer[layer["kind"] == rule.zone], rule, plane) for rule in present]
    table = gpd.GeoDataFrame(
        {
            "zone": [rule.zone for rule in present],
            "name": [rule.label.zh for rule in present],
            "clause": [rule.clause for rule in present],
            "distance_m": [rule.distance_m or 0.0 for rule in present],
            "visible": [rule.visible for rule in present],
        },
        geometry=plane.degrees(shapely.segmentize(shapes, _EDGE_M)),
        crs=CGCS2000,
    )
    return table, findings


def _widened(features: gpd.GeoDataFrame, rule: ZoneRule, plane: Plane) -> shapely.Geometry:
    shapes = plane.metres(features.geometry.array, longest=_EDGE_DEG)
    # half a metre makes an area of a bare line, so that "on it" has a meaning
    width = max(rule.distance_m or 0.0, 0.5)
    areas = shapely.get_dimensions(shapes) == 2
    keep = areas & (not rule.distance_m)
    return shapely.union_all(np.where(keep, shapely.make_valid(shapes), widened(shapes, width)))


def _no_feature(rule: ZoneRule) -> Finding:
    return zone_note(
        "zone-without-features",
        rule,
        Text(
            f"没有{rule.label.zh}图层，该类未检查", f"no features of class {rule.zone}: not checked"
        ),
    )


def _no_distance(rule: ZoneRule) -> Finding:
    return zone_note(
        "zone-without-distance",
        rule,
        Text(
            f"{rule.clause}未规定{rule.label.zh}的距离，只按要素本身检查，请按本地规定设置",
            f"the clause names no distance for {rule.zone}: only the feature itself is checked",
        ),
    )


def zone_note(rule_name: str, rule: ZoneRule, message: Text) -> Finding:
    """Return a note on how far a class of zone could be checked."""
    return Finding(
        rule=rule_name, clause=rule.clause, severity=Severity.NOTE, subject=rule.zone,
        message=message,
    )  # fmt: skip


def zones_at(places: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> pd.Series:
    """Return the classes of zone that each place touches, as tuples, empty outside all.

    Examples
    --------
    >>> area = gpd.GeoDataFrame({"zone": ["relic"]}, geometry=[shapely.box(120, 32, 121, 33)],
    ...     crs="EPSG:4490")
    >>> spots = gpd.GeoDataFrame(geometry=[shapely.Point(120.5, 32.5), None], crs="EPSG:4490")
    >>> zones_at(spots, area).tolist()
    [('relic',), ()]
    """
    classes: list[tuple[str, ...]] = [()] * len(places)
    shapes = np.asarray(places.geometry.array, dtype=object)
    fit = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if fit.any() and len(zones):
        spots = cgcs2000(places[fit], what="places").geometry.to_numpy()
        area = cgcs2000(zones, what="zones").geometry.to_numpy()
        row, zone = shapely.STRtree(area).query(spots, predicate="intersects")
        rows = np.flatnonzero(fit)[row]
        for number, place in zip(rows.tolist(), zone.tolist(), strict=True):
            classes[number] = tuple(sorted({*classes[number], str(zones["zone"].iat[place])}))
    return pd.Series(classes, index=places.index, dtype=object)


def graves_in_zones(graves: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the graves inside restricted zones, with zone and whether they were treated.

    Parameters
    ----------
    graves
        ``id, state`` (treatment, see ``data/grave_states.csv``) and points.
    zones
        Restricted zones.

    Returns
    -------
    geopandas.GeoDataFrame
        The graves' columns, ``zones`` (tuple), ``zone_kind`` (text), ``outcome`` (see
        ``OUTCOMES``), ``treated``; a state that is not known counts as not treated, see
        `unknown_states`.

    Examples
    --------
    >>> area = gpd.GeoDataFrame({"zone": ["relic"]}, geometry=[shapely.box(120, 32, 121, 33)],
    ...     crs="EPSG:4490")
    >>> graves = gpd.GeoDataFrame({"id": ["g1", "g2"], "state": ["已迁移", "不详"]},
    ...     geometry=[shapely.Point(120.5, 32.5), shapely.Point(120.6, 32.5)], crs="EPSG:4490")
    >>> graves_in_zones(graves, area)["treated"].tolist()
    [True, False]
    """
    classes = zones_at(graves, zones)
    inside = graves[classes.map(bool).astype(bool)]
    outcome = [outcome_of(state) or UNTREATED for state in inside["state"]]
    return inside.assign(
        zones=classes[inside.index],
        zone_kind=["、".join(each) for each in classes[inside.index]],
        outcome=outcome,
        treated=[each != UNTREATED for each in outcome],
    )


def unknown_states(graves: pd.DataFrame) -> list[Finding]:
    """Tell the states of graves that no table has: they count as not treated.

    Examples
    --------
    >>> unknown_states(pd.DataFrame({"state": ["待定", "已迁移", "待定"]}))[0].message.en
    "2 graves are '待定', a state that is not in the table: counted as not treated"
    """
    words = graves["state"][[outcome_of(state) is None for state in graves["state"]]]
    return [
        Finding(
            rule="grave-state-unknown", clause="坟墓整治调查", severity=Severity.WARNING,
            subject=str(word), measured=float(number),
            message=Text(
                f"{number} 座坟墓的整治状态“{str(word)[:40]}”不在状态表中，按未治理计",
                f"{number} graves are {str(word)[:40]!r}, a state that is not in the table: "
                "counted as not treated",
            ),
        )
        for word, number in words.value_counts(sort=False).items()
    ]  # fmt: skip


def standing(graves: pd.DataFrame) -> pd.DataFrame:
    """Tell per class of zone the graves moved away, those governed, and those that stand there.

    A grave that was moved is none of those standing; one that was governed still is.

    Examples
    --------
    >>> table = pd.DataFrame({"zones": [("relic",)] * 3,
    ...     "outcome": ["moved", "governed", "untreated"]})
    >>> standing(table).values.tolist()
    [['relic', 1, 1, 2]]
    """
    every = pd.DataFrame({"zone": graves["zones"], "outcome": graves["outcome"]}).explode("zone")
    outcomes = {"moved": every["outcome"] == MOVED, "governed": every["outcome"] == GOVERNED}
    sums = every.assign(**outcomes, standing=~outcomes["moved"]).groupby("zone")
    return sums[["moved", "governed", "standing"]].sum().astype(int).reset_index()


def treatment(graves: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add up graves and treated ones per class of zone; a grave in two zones stands in both.

    Examples
    --------
    >>> table = gpd.GeoDataFrame({"zones": [("relic", "scenic"), ("relic",)],
    ...     "treated": [True, False]})
    >>> treatment(table).values.tolist()
    [['relic', 2, 1, 0.5], ['scenic', 1, 1, 1.0]]
    """
    every = pd.DataFrame({"zone": graves["zones"], "treated": graves["treated"]}).explode("zone")
    table = every.groupby("zone")["treated"].agg(graves="size", treated="sum").reset_index()
    table["treated"] = table["treated"].astype(int)
    return table.assign(rate=table["treated"] / table["graves"])

"""Laws of the tiling check, on invented towns."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.towns import TOWN_M, Towns, towns
from boundaries.tiling import Checker, check, since
from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding

MADE = st.builds(
    towns, st.integers(4, 40), seed=st.integers(0, 2**32 - 1), defects=st.integers(0, 12)
)
LAWS = settings(max_examples=20, deadline=None)
WIDTHS = np.geomspace(0.01, 10_000, 25)


def ids(findings: list[Finding]) -> list[str]:
    return [each.id for each in findings]


def square(made: Towns) -> gpd.GeoDataFrame:
    west, south, east, north = made.lines.total_bounds
    outline = shapely.box(west, south, east, north)
    return gpd.GeoDataFrame({"code": ["county"]}, geometry=[outline], crs=made.units.crs)


def jolted(made: Towns, seed: int, size_m: float) -> gpd.GeoDataFrame:
    """Move single vertices of some towns, so that anything may happen."""
    chance = np.random.default_rng(seed)
    shapes = made.units.geometry.to_numpy().copy()
    for place in chance.choice(len(shapes), 2, replace=False):
        xy = shapely.get_coordinates(shapes[place])[:-1]
        xy[chance.integers(len(xy))] += chance.normal(0, size_m, 2)
        shapes[place] = shapely.Polygon(np.round(xy, 3))
    return made.units.set_geometry(gpd.GeoSeries(shapes, crs=made.units.crs))


@LAWS
@given(made=MADE)
def test_exactly_the_injected_defects_are_found(made: Towns) -> None:
    told = sorted((each.details["kind"], each.details["units"]) for each in check(made.units))
    assert told == sorted((row["kind"], row["units"]) for row in made.truth)


@LAWS
@given(made=MADE, seed=st.integers(0, 999), size_m=st.floats(0.01, 5000))
def test_a_larger_width_never_loses_a_finding(made: Towns, seed: int, size_m: float) -> None:
    checker = Checker(jolted(made, seed, size_m), parent=square(made))
    everything = set(ids(checker.findings()))
    before: set[str] = set()
    for width in WIDTHS:
        now = set(ids(checker.findings(width_m=float(width))))
        assert before <= now <= everything
        before = now


@LAWS
@given(made=MADE, seed=st.integers(0, 999), size_m=st.floats(0.01, 5000))
def test_units_and_faces_make_the_parent(made: Towns, seed: int, size_m: float) -> None:
    units, parent = jolted(made, seed, size_m), square(made)
    if not units.is_valid.all():
        return
    area = {"gap": 0.0, "open-gap": 0.0, "overlap": 0.0, "outside-parent": 0.0}
    for finding in check(units, parent=parent, faces=True):
        kind, covers = finding.details["kind"], len(finding.details["units"])
        if kind in area:
            area[kind] += finding.measured * (covers - 1 if kind == "overlap" else 1)
    gaps = area["gap"] + area["open-gap"]
    surplus = area["overlap"] + area["outside-parent"]
    told = units.area.sum() + gaps - surplus
    assert told == pytest.approx(parent.area.sum(), rel=1e-9, abs=TOWN_M * len(units) * 1e-3)


@LAWS
@given(made=MADE, seed=st.integers(0, 999), size_m=st.floats(0.01, 5000), data=st.data())
def test_a_recheck_finds_what_a_whole_check_finds(
    made: Towns, seed: int, size_m: float, data: st.DataObject
) -> None:
    jolt = jolted(made, seed, size_m)
    codes = data.draw(st.lists(st.sampled_from(list(made.units.code)), max_size=4, unique=True))
    away = data.draw(st.lists(st.sampled_from(list(made.units.code)), max_size=2, unique=True))
    changed = jolt[jolt.code.isin(codes) & ~jolt.code.isin(away)]
    more = changed.assign(code=changed.code + "x", name="").head(data.draw(st.integers(0, 2)))
    edit = pd.concat([changed, more])
    kept = made.units[~made.units.code.isin({*edit.code, *away})]
    whole = pd.concat([kept, edit])
    parent = square(made)
    once = Checker(made.units, parent=parent).recheck(edit, removed=away)
    assert ids(once.findings()) == ids(check(whole, parent=parent))
    back = once.recheck(made.units[made.units.code.isin([*changed.code, *away])], removed=more.code)
    assert ids(back.findings()) == ids(check(made.units, parent=parent))


@LAWS
@given(made=MADE, seed=st.integers(0, 999), size_m=st.floats(0.01, 5000), away=st.integers(0, 2))
def test_since_is_what_two_whole_checks_differ_in(
    made: Towns, seed: int, size_m: float, away: int
) -> None:
    now, parent = jolted(made, seed, size_m).iloc[away:], square(made)
    told = since(made.units, now, parents=(parent, parent))
    before, after = (set(ids(check(each, parent=parent))) for each in (made.units, now))
    assert set(ids(told.new)) == after - before
    assert set(ids(told.gone)) == before - after
    assert set(ids(told.stay)) == after & before
    alone = since(made.units, now, parents=(parent, None))
    assert {*ids(alone.new), *ids(alone.stay)} == set(ids(check(now)))


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("a", "aa"),
        ("aa", "a"),
        ("ab", "abb"),
        ("ab", ["a", None]),
        (["a", None], "ab"),
        ("a", [""]),
    ],
)
def test_units_that_no_code_tells_apart_are_not_nothing_new(
    then: list[str], now: list[str]
) -> None:
    def layer(codes: list[str]) -> gpd.GeoDataFrame:
        shapes = [shapely.box(at, 0, at + 1, 1) for at in range(len(codes))]
        return gpd.GeoDataFrame({"code": [*codes]}, geometry=shapes, crs=4547)

    with pytest.raises(InputError, match="code"):
        since(layer(then), layer(now))


@LAWS
@given(made=MADE, seed=st.integers(0, 999), order=st.randoms(use_true_random=False))
def test_row_and_vertex_order_change_no_id(made: Towns, seed: int, order: object) -> None:
    units = jolted(made, seed, 300.0)
    rows = list(range(len(units)))
    order.shuffle(rows)  # type: ignore[attr-defined]
    shapes = [
        shapely.Polygon(
            np.roll(shapely.get_coordinates(shape)[:-1], row, axis=0)[:: 1 - row % 2 * 2]
        )
        for row, shape in enumerate(units.geometry)
    ]
    turned = units.set_geometry(gpd.GeoSeries(shapes, crs=units.crs)).iloc[rows]
    assert ids(check(turned)) == ids(check(units))


def clear_of_each_other(one: shapely.Polygon, other: shapely.Polygon) -> bool:
    """Tell whether no corner of either lies so near to an edge of the other that they meet."""
    away = [
        shapely.distance(shapely.points(shapely.get_coordinates(a)), shapely.boundary(b)).min()
        for a, b in ((one, other), (other, one))
    ]
    return min(away) > 0.01


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size_m=st.sampled_from([100.0, 5_000.0]))
def test_an_overlap_is_exact_at_every_angle(seed: int, size_m: float) -> None:
    chance = np.random.default_rng(seed)
    xy = np.array([500_000.0, 3_300_000.0]) + chance.uniform(0, size_m, (2, 3, 2))
    xy[:, :, 1] = xy[:, :1, 1] + (xy[:, :, 1] - xy[:, :1, 1]) * chance.choice([1.0, 0.1, 0.02])
    one, other = shapely.polygons(xy)
    shared = shapely.intersection(one, other)
    if not clear_of_each_other(one, other) or shared.area <= 0.01 * shared.length:
        return
    units = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[one, other], crs="EPSG:4547")
    told = [each.measured for each in check(units) if each.rule == "tiling/overlap"]
    assert told == [pytest.approx(shared.area, rel=1e-7)]

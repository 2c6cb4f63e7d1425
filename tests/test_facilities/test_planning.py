import importlib
import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from facilities.allocation import RULES, allocate
from facilities.catchments import catchments
from facilities.ground import ground
from facilities.planning import Walk, allocated, place, shared_supply
from facilities.siting import fewest_sites, least_total, most_people, with_capacity
from facilities.two_step import two_step, unreached_supply, weights
from facilities.walking import profile
from gazetteer.common.errors import InputError

from ..conftest import missing
from .towns import grid, points

ELDERLY = profile("elderly")
people = arrays(float, 5, elements=st.integers(0, 40).map(float))
room = arrays(float, 3, elements=st.integers(0, 60).map(float))
costs = arrays(float, (5, 3), elements=st.sampled_from([1.0, 2, 3, 5, 8, np.inf]))


@settings(max_examples=60, deadline=None)
@given(people=people, room=room, cost=costs, rule=st.sampled_from(sorted(RULES)))
def test_allocation_keeps_every_person_and_no_facility_overflows(people, room, cost, rule):
    found = allocate(people, room, cost, limit=5, rule=rule)
    placed = np.bincount(found.flows["demand"], weights=found.flows["people"], minlength=5)
    assert np.allclose(placed + found.unserved, people)
    assert (found.load <= room + 1e-6).all() and (found.unserved >= -1e-6).all()
    assert (found.flows["cost"] <= 5).all()


@settings(max_examples=60, deadline=None)
@given(people=people, room=room, cost=costs)
def test_nobody_is_refused_a_place_that_someone_farther_has(people, room, cost):
    found = allocate(people, room, cost)
    flows = found.flows
    for row, refused in enumerate(found.unserved):
        for site in range(3):
            if refused > 0 and np.isfinite(cost[row, site]):
                taken = flows[flows["facility"] == site]
                assert found.load[site] == pytest.approx(room[site])
                assert (taken["cost"] <= cost[row, site] + 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(people=people, room=room, cost=costs)
def test_least_total_places_no_fewer_and_at_no_more_cost(people, room, cost):
    first, second = allocate(people, room, cost), allocate(people, room, cost, rule="least-total")
    assert second.unserved.sum() <= first.unserved.sum() + 1e-6
    if second.unserved.sum() == pytest.approx(first.unserved.sum()):
        total = [(each.flows["people"] * each.flows["cost"]).sum() for each in (first, second)]
        assert total[1] <= total[0] + 1e-6


@pytest.mark.parametrize(
    ("people", "room", "cost"),
    [([-1], [1], [[1]]), ([1], [np.nan], [[1]]), ([1], [1], [[1, 2]])],
)
def test_allocation_refuses_what_it_cannot_count(people, room, cost):
    with pytest.raises(InputError):
        allocate(np.array(people), np.array(room), np.array(cost))


def test_allocation_over_frames_loses_nobody():
    homes = points([[0, 0], [100, 0], [300, 0]], people=[10, 10, 4])
    sites = points([[0, 0]], id=["f"]).assign(beds=["15"])
    walk = Walk(ELDERLY, 5, grid(1, 4))
    flows, findings = allocated(homes, sites, walk=walk, capacity="beds")
    assert flows.groupby("id")["people"].sum().tolist() == [10, 10, 4]
    assert flows[flows["facility"] == ""]["people"].sum() == 9
    assert not findings
    flows, findings = allocated(homes, sites.assign(beds=["约50"]), walk=walk, capacity="beds")
    assert (flows["facility"] == "").all() and [f.rule for f in findings] == ["capacity-unknown"]


@settings(max_examples=60, deadline=None)
@given(people=people, supply=room, cost=costs)
def test_two_step_rates_add_up_to_the_supply_in_reach(people, supply, cost):
    rate = two_step(people, supply, cost, limit=5)
    unused = unreached_supply(people, supply, cost, limit=5)
    assert people @ rate == pytest.approx(np.delete(supply, unused).sum())


def peer(name):
    """Import a library that computes the same, or skip (fail where all peers must be there)."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        return missing(f"{name} is not installed: {error}")


def frames_for_access(people, supply, cost):
    demand = pd.DataFrame({"id": np.arange(len(people)), "people": people})
    sites = pd.DataFrame({"id": np.arange(len(supply)), "beds": supply})
    rows, columns = np.nonzero(np.isfinite(cost))
    pairs = pd.DataFrame({"origin": rows, "dest": columns, "cost": cost[rows, columns]})
    return peer("access").Access(
        demand_df=demand,
        demand_index="id",
        demand_value="people",
        supply_df=sites,
        supply_index="id",
        supply_value=["beds"],
        cost_df=pairs,
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )


@pytest.mark.filterwarnings("ignore")
def test_two_step_equals_pysal_access():
    rng = np.random.default_rng(11)
    people, supply = rng.integers(50, 900, 60).astype(float), rng.integers(5, 80, 12).astype(float)
    cost = rng.uniform(1, 40, (60, 12))
    theirs = frames_for_access(people, supply, cost)
    plain = theirs.two_stage_fca(name="plain", cost="cost", max_cost=15, normalize=False)
    mine = two_step(people, supply, cost, limit=15)
    assert np.allclose(plain["plain_beds"].fillna(0).reindex(range(60)), mine)
    rings = [(5.0, 1.0), (10.0, 0.68), (15.0, 0.22)]
    steps = peer("access").weights.step_fn(dict(rings))
    theirs.enhanced_two_stage_fca(
        name="rings", cost="cost", max_cost=15, weight_fn=steps, normalize=False
    )
    mine = two_step(people, supply, cost, limit=15, zones=rings)
    assert np.allclose(theirs.access_df["rings_beds"].fillna(0).reindex(range(60)), mine)


def test_shared_supply_over_frames_and_rings_out_of_order():
    homes = points([[0, 0], [100, 0]], people=[10, 30])
    sites = points([[0, 0], [0, 0]], id=["f", "g"]).assign(beds=[20, 8])
    sites.loc[1, "geometry"] = None
    rate, findings = shared_supply(homes, sites, walk=Walk(ELDERLY, 5, grid(1, 2)))
    assert rate.tolist() == [0.5, 0.5] and [f.rule for f in findings] == ["supply-unreached"]
    with pytest.raises(InputError, match="not in order"):
        weights(np.ones((1, 1)), limit=9, zones=[(9, 1), (3, 1)])


def all_choices(places, sites):
    for number in range(sites + 1):
        yield from itertools.combinations(range(places), number)


@settings(max_examples=40, deadline=None)
@given(people=people.filter(lambda p: p.sum() > 0), cost=costs, sites=st.integers(0, 3))
def test_most_people_equals_trying_everything(people, cost, sites):
    answer = most_people(people, cost, limit=3, sites=sites)
    best = max(people[(cost[:, list(c)] <= 3).any(axis=1)].sum() for c in all_choices(3, sites))
    assert answer.objective == pytest.approx(best) == answer.served_after
    assert answer.gap == 0 and answer.bound == pytest.approx(best) and len(answer.chosen) <= sites


@settings(max_examples=40, deadline=None)
@given(
    people=people.filter(lambda p: p.sum() > 0), cost=costs, share=st.floats(0.05, 1),
    old=arrays(float, (5, 1), elements=st.sampled_from([1.0, 9.0])),
)  # fmt: skip
def test_fewest_sites_equals_trying_everything(people, cost, share, old):
    answer = fewest_sites(people, cost, limit=3, target_share=share, existing=old)
    served = {
        choice: people[(np.c_[old, cost[:, list(choice)]] <= 3).any(axis=1)].sum()
        for choice in all_choices(3, 3)
    }
    enough = [c for c, n in served.items() if n >= share * people.sum() - 1e-9]
    if enough:
        assert len(answer.chosen) == min(map(len, enough))
        assert answer.served_after >= share * people.sum() - 1e-6
    else:
        assert "siting-target-out-of-reach" in {each.rule for each in answer.findings}
        assert answer.served_after == pytest.approx(max(served.values()))
    assert answer.gap == 0 and answer.served_before == pytest.approx(served[()])


@settings(max_examples=30, deadline=None)
@given(cost=arrays(float, (5, 4), elements=st.integers(1, 50).map(float)), sites=st.integers(1, 3))
def test_least_total_equals_trying_everything(cost, sites):
    people = np.arange(1.0, 6.0)
    best = min(people @ cost[:, list(c)].min(axis=1) for c in all_choices(4, sites) if c)
    answer = least_total(people, cost, limit=50, sites=sites)
    assert answer.objective == pytest.approx(best) and answer.gap == 0


@settings(max_examples=200, deadline=None)
@given(cost=arrays(float, (8, 8), elements=st.sampled_from([5.0, np.inf])), sites=st.integers(1, 8))
def test_places_that_cost_all_the_same_are_chosen_among(cost, sites):
    """No site saves anything beside those that are sure: nothing is left to be solved."""
    people = np.arange(1.0, 9.0)
    answer = least_total(people, cost, limit=50, sites=sites)
    reached = max(people @ np.isfinite(cost[:, list(c)]).any(axis=1) for c in all_choices(8, sites))
    assert answer.objective == pytest.approx(5 * reached) and answer.gap == 0


apart = arrays(float, (7, 5), elements=st.sampled_from([0.0, 1, 2, 3, 5, 8, 30, np.inf]))
crowds = arrays(float, 7, elements=st.integers(0, 40).map(float)).filter(lambda p: p.sum() > 0)


def walked(people, cost, old, chosen):
    """Total of those reached, and the same with the others at the farthest walk there is."""
    best = np.c_[old, cost[:, list(chosen)]].min(axis=1)
    reached, finite = np.isfinite(best), cost[np.isfinite(cost)]
    total = people[reached] @ best[reached]
    able = np.isfinite(np.c_[old, cost].min(axis=1)) & ~reached
    return total, total + people[able].sum() * (finite.max(initial=0.0) + 1)


@settings(max_examples=60, deadline=None)
@given(
    people=crowds, cost=apart, sites=st.integers(0, 6),
    old=arrays(float, (7, 1), elements=st.sampled_from([2.0, 9.0, np.inf])),
)  # fmt: skip
def test_the_median_of_a_broken_network_is_proven_and_bounded(people, cost, sites, old):
    """Whatever cannot be reached: there is an answer, no better one, and 0 <= bound <= total."""
    answer = least_total(people, cost, limit=3, sites=sites, existing=old)
    total, weighed = walked(people, cost, old, answer.chosen)
    best = min(walked(people, cost, old, c)[1] for c in all_choices(5, min(sites, 5)))
    assert answer.objective == pytest.approx(total) and weighed == pytest.approx(best)
    assert 0 <= answer.bound <= answer.objective and answer.gap == 0
    assert len(answer.chosen) <= sites
    apart_ = people[~np.isfinite(np.c_[old, cost].min(axis=1))].sum()
    told = {each.rule: each.measured for each in answer.findings}
    assert told.get("siting-unreachable", 0.0) == apart_


def plain(people, cost, sites):
    """Greedy choice and one pass of exchanges after another, site by site: the textbook way."""

    def total(chosen):
        return people @ cost[:, chosen].min(axis=1)

    chosen = []
    for _ in range(sites):
        chosen.append(
            min(set(range(cost.shape[1])) - set(chosen), key=lambda c: total([*chosen, c]))
        )
    while True:
        turns = [(total([*(set(chosen) - {a}), b]), a, b)
                 for a in chosen for b in range(cost.shape[1]) if b not in chosen]  # fmt: skip
        least, out, new = min(turns, default=(np.inf, 0, 0))
        if not least < total(chosen) - 1e-9:
            return total(chosen)
        chosen = [*(set(chosen) - {out}), new]


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_no_candidate_is_left_out_however_far_it_is(seconds):
    """Sixty candidates in one place and the good ones far away; also when there is no time."""
    rng = np.random.default_rng(5)
    homes, sites = rng.uniform(0, 9000, (120, 2)), rng.uniform(0, 9000, (90, 2))
    sites[:60] = rng.uniform(0, 50, (60, 2))
    people = rng.integers(1, 90, 120).astype(float)
    cost = np.hypot(*(homes[:, np.newaxis] - sites).transpose(2, 0, 1))
    for count in (1, 3, 7):
        answer = least_total(people, cost, limit=500, sites=count, seconds=seconds)
        assert 0 <= answer.bound <= answer.objective and len(answer.chosen) == count
        if seconds:
            assert answer.objective <= plain(people, cost, count) * (1 + 1e-9)
            assert answer.gap == pytest.approx(0, abs=1e-6)


def test_with_capacity_never_serves_more_than_there_is_room():
    rng = np.random.default_rng(3)
    people, cost = rng.integers(1, 30, 25).astype(float), rng.uniform(0, 10, (25, 6))
    room = np.full(6, 60.0)
    few, many = (with_capacity(people, cost, room, limit=4, sites=n) for n in (1, 4))
    assert few.objective <= 60 + 1e-6 and few.objective <= many.objective <= 240 + 1e-6
    assert few.gap == many.gap == 0
    locked = with_capacity(
        people,
        cost[:, 1:],
        room[1:],
        limit=4,
        sites=0,
        existing=cost[:, :1],
        existing_capacity=room[:1],
    )
    assert locked.objective == pytest.approx(min(60, people[cost[:, 0] <= 4].sum()))


@settings(max_examples=40, deadline=None)
@given(people=people.filter(lambda p: p.sum() > 0), cost=costs, room=room, sites=st.integers(0, 3))
def test_without_time_there_is_an_answer_and_an_honest_bound(people, cost, room, sites):
    """No model refuses for want of time; its value can be had, and its bound holds."""
    rushed, whole = (
        with_capacity(people, cost, room, limit=5, sites=sites, seconds=s) for s in (0.0, 60.0)
    )
    assert rushed.objective <= whole.objective + 1e-6 <= rushed.bound + 2e-6
    assert rushed.bound <= people.sum() + 1e-6 and whole.gap == 0
    placed = allocate(
        people, room[rushed.chosen], cost[:, rushed.chosen], limit=5, rule="least-total"
    )
    assert people.sum() - placed.unserved.sum() == pytest.approx(rushed.objective, abs=1e-6)
    hurried = most_people(people, cost, limit=5, sites=sites, seconds=0.0)
    assert 0 <= hurried.objective <= hurried.bound + 1e-6 <= people.sum() + 2e-6


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_covering_equals_spopt():
    spopt = peer("spopt.locate")
    pulp = peer("pulp")
    rng = np.random.default_rng(8)
    cost, people = rng.uniform(0, 100, (24, 8)), rng.integers(1, 90, 24).astype(float)
    solver = pulp.HiGHS(msg=False)
    theirs = spopt.MCLP.from_cost_matrix(cost, people, 20, p_facilities=2).solve(solver)
    mine = most_people(people, cost, limit=20, sites=2)
    assert mine.objective == pytest.approx(pulp.value(theirs.problem.objective))
    reached = cost[(cost <= 30).any(axis=1)]
    theirs = spopt.LSCP.from_cost_matrix(reached, 30).solve(solver)
    mine = fewest_sites(np.ones(len(reached)), reached, limit=30, target_share=1.0)
    assert mine.objective == pulp.value(theirs.problem.objective)
    theirs = spopt.PMedian.from_cost_matrix(cost, people, p_facilities=3).solve(solver)
    mine = least_total(people, cost, limit=20, sites=3)
    assert mine.objective == pytest.approx(pulp.value(theirs.problem.objective))


@pytest.mark.parametrize("people", [[0.0, 0.0], [-1.0, 2.0], [np.nan, 1.0]])
def test_siting_refuses_nobody(people):
    with pytest.raises(InputError, match="zero, negative or unknown"):
        fewest_sites(np.array(people), np.ones((2, 1)), limit=1, target_share=0.5)


def test_siting_refuses_shares_and_numbers_that_make_no_sense():
    one = np.ones((1, 1))
    with pytest.raises(InputError, match="for 95 %"):
        fewest_sites(np.ones(1), one, limit=1, target_share=95)
    with pytest.raises(InputError, match="-1 new sites"):
        most_people(np.ones(1), one, limit=1, sites=-1)
    with pytest.raises(InputError, match="no siting question"):
        place(points([[0, 0]], people=[1]), points([[0, 0]]), walk=Walk(ELDERLY, 5), question="x")


def test_placing_over_frames_keeps_existing_and_names_the_answer():
    homes = points([[0, 0], [400, 0], [800, 0]], people=[10, 30, 20], name=["甲", "乙", "丙"])
    walk = Walk(ELDERLY, 3, grid(1, 9))
    old = points([[800, 0]], id=["old"])
    answer = place(homes, homes, walk=walk, existing=old, target_share=0.8)
    told = answer.as_json()
    assert (told["chosen"], told["names"]) == (["p1"], ["乙"])
    assert (told["served_before"], told["served_after"], told["gap"]) == (20.0, 50.0, 0.0)
    assert answer.chosen["newly_served"].tolist() == [30.0]
    most = place(homes, homes, walk=walk, existing=old, question="most-people", sites=2)
    assert most.siting.served_after == 60
    room = place(
        homes.assign(room=25),
        homes.assign(room=25),
        walk=walk,
        existing=old.assign(room=5),
        question="most-people",
        sites=1,
        capacity="room",
    )
    assert room.siting.served_after == 30 and room.siting.served_before == 5
    with pytest.raises(InputError, match="budget"):
        place(homes, homes, walk=walk, question="most-people")


def test_catchments_grow_with_time_and_hold_who_is_reached():
    streets = grid(5, 6, seed=2)
    homes, sites = points(np.random.default_rng(2).uniform(0, 400, (30, 2))), points([[120, 90]])
    where = ground(homes, sites, profile=ELDERLY, network=streets)
    found = catchments(where, minutes=(5, 2, 10), width_m=60)
    assert found["minutes"].tolist() == [2, 5, 10]
    shapes = found.geometry.to_numpy()
    assert shapely.covers(shapely.buffer(shapes[1:], 1e-7), shapes[:-1]).all()
    assert isinstance(found, gpd.GeoDataFrame) and found.crs.to_epsg() == 4490


def test_a_catchment_of_one_street_has_the_area_of_its_strip():
    """Four minutes at 0.8 m/s are 192 m to both sides of the middle: a strip 384 m by 100 m."""
    where = ground(points([[400, 0]]), points([[400, 0]]), profile=ELDERLY, network=grid(1, 9))
    found = catchments(where, minutes=[4], width_m=50)
    round_ends = np.pi * 50**2
    assert found["area_m2"].iat[0] == pytest.approx(384 * 100 + round_ends, rel=0.01)
    with pytest.raises(InputError):
        catchments(where, minutes=[])

"""Sites with room: what is not known is said, and no question is answered that was not asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.planning import Walk, place
from facilities.walking import profile
from gazetteer.common.errors import InputError

from .towns import grid, points

WALK = Walk(profile("elderly"), 5, grid(1, 4))
ROOMS = st.lists(st.one_of(st.integers(0, 40), st.sampled_from([None, "约50", -1])), min_size=4)


def placed(rooms, **more):
    homes = points([[0, 0], [100, 0], [300, 0]], people=[10.0, 10.0, 4.0])
    sites = points([[0, 0], [100, 0], [200, 0]], id=["a", "b", "c"]).assign(beds=rooms[:3])
    old = points([[300, 0]], id=["old"]).assign(beds=rooms[3:4])
    asked = {"question": "most-people", "sites": 2, "capacity": "beds", **more}
    return place(homes, sites, walk=WALK, existing=old, **asked)


@settings(max_examples=30, deadline=None)
@given(ROOMS)
def test_room_that_is_not_known_is_said_and_nobody_is_promised_more_than_there_is(rooms):
    found = placed(rooms)
    unknown = [n for n, each in zip("abc", rooms, strict=False) if not known(each)]
    unknown += [] if known(rooms[3]) else ["old"]
    assert [each.subject for each in found.findings] == unknown
    assert [each["subject"] for each in found.as_json()["findings"]] == unknown
    room = {n: each if known(each) else 0 for n, each in zip("abc", rooms, strict=False)}
    assert all(row.newly_served <= room[row.id] for row in found.chosen.itertuples())
    assert found.siting.served_after <= sum(room.values()) + (rooms[3] if known(rooms[3]) else 0)


def known(told):
    return isinstance(told, int | float | np.integer) and told >= 0


def test_the_least_total_is_not_asked_with_capacities():
    with pytest.raises(InputError, match="capacities"):
        placed([1, 2, 3, 4], question="least-total")

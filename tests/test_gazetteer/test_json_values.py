"""What JSON holds of a value: plain values are themselves, the rest is told in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.common.json_values import as_json
from gazetteer.common.language import Text

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class State(Enum):
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Row:
    name: Text
    parts: tuple[Any, ...]
    state: State = State.OPEN


@given(PLAIN.filter(lambda value: "inf" not in repr(value)))
def test_what_json_holds_already_stays_as_it_is(value: Any) -> None:
    assert as_json(value) == value
    assert json.loads(json.dumps(as_json(value), allow_nan=False)) == value


@pytest.mark.parametrize(
    "value", [None, float("nan"), float("-inf"), np.nan, pd.NA, pd.NaT, np.float32("nan")], ids=repr
)
def test_what_is_missing_is_null_wherever_it_stands(value: Any) -> None:
    assert as_json(value) is None
    assert as_json({"a": [value], "b": (value,)}) == {"a": [None], "b": [None]}
    frame = pd.DataFrame({"a": pd.Series([value, 1], dtype=object)})
    assert as_json(frame) == [{"a": None}, {"a": 1}]


def test_each_kind_of_value_is_told_in_plain_ones() -> None:
    row = Row(Text("名", "name"), (np.int64(3), np.bool_(True), date(2026, 3, 5), {1.5}))
    assert as_json(row, language="en") == {
        "name": "name", "parts": [3, True, "2026-03-05", [1.5]], "state": "open",
    }  # fmt: skip
    assert as_json([PurePosixPath("a/b"), datetime(2026, 1, 2, tzinfo=UTC)]) == [
        "a/b", "2026-01-02T00:00:00+00:00",
    ]  # fmt: skip
    places = gpd.GeoDataFrame({"n": np.arange(1)}, geometry=[shapely.Point(112, 30)])
    point = {"type": "Point", "coordinates": (112.0, 30.0)}
    assert as_json(places) == [{"n": 0, "geometry": point}]
    assert as_json(np.arange(2)) == as_json(pd.Series([0, 1])) == [0, 1]


@pytest.mark.parametrize("value", [b"bytes", object(), Row])
def test_what_json_has_nothing_for_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="JSON has nothing for"):
        as_json(value)

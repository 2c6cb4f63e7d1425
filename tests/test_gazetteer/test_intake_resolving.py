"""Which division a row means, and whether two rows are one: the reason told is the true one."""

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.importing.resolving import indistinct, resolve_codes

NAMES = ("新民村", "东村", "西村")


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8), st.sampled_from(NAMES))
def test_a_name_lands_where_one_division_bears_it_and_else_the_reason_counts_them(held, asked):
    codes = [f"4210811002{number:02}" for number in range(len(held))]
    divisions = pd.DataFrame({"code": codes, "name": held})
    found, refused = resolve_codes(pd.Series([asked]), divisions)
    own = [code for code, name in zip(codes, held, strict=True) if name == asked]
    assert found.tolist() == (own if len(own) == 1 else [None])
    told = "".join(each.reason.zh for each in refused)
    assert ("库中没有政区" in told) == (not own)
    assert (f"有 {len(own)} 个" in told) == (len(own) > 1)
    assert len(own) < 2 or all(code in told for code in own[:5])


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2)), min_size=1, max_size=8))
def test_the_first_of_a_key_lands_and_the_others_are_doubles_only_where_they_lie(rows):
    key = pd.Series([name for name, _ in rows])
    spots = gpd.GeoSeries([shapely.Point(120, 32 + north) for _, north in rows])
    refused = {each.rows[0]: each.reason.zh for each in indistinct(key, spots)}
    first = {}
    for number, (name, north) in enumerate(rows):
        if name not in first:
            first[name] = north
            assert number not in refused
        else:
            assert ("重复" in refused[number]) == (north == first[name])
            assert ("相距" in refused[number]) == (north != first[name])


def test_rows_without_a_place_are_doubles():
    refused = indistinct(pd.Series(["a", "a"]), pd.Series([None, None], dtype=object))
    assert [each.reason.zh for each in refused] == ["与前面一行重复"]

"""Places that are likely one: proposed, merged by an event, undone, rejected for good."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from gazetteer import store
from gazetteer.office.names import duplicates
from gazetteer.store import County, undoing
from gazetteer.store.landing import land


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Return three entries of one hill, of which one is far away."""
    path = tmp_path / "c.gpkg"
    store.create(path, division_code="421081")
    points = [shapely.Point(x, 29.7) for x in (112.4, 112.4005, 112.9)]
    places = gpd.GeoDataFrame({"key": list("abc")}, geometry=points, crs="EPSG:4490")
    places = places.assign(category=["12000", None, "12000"])
    with County(path, writing=True) as opened, opened.change("put") as change:
        ids = land(change, "places", places, key=["key"]).ids.tolist()
        rows = [(ids[0], "绣林山", "standard"), (ids[1], "绣林山", "standard")]
        rows += [(ids[1], "绣山", "former"), (ids[2], "绣林山", "standard")]
        names = pd.DataFrame(rows, columns=["thing_id", "text", "role"]).assign(status="recorded")
        land(change, "names", names, key=["thing_id", "role", "text"])
    return path


def test_a_pair_is_merged_and_the_merge_can_be_undone(county: Path) -> None:
    with County(county, writing=True) as opened:
        (pair,) = duplicates.proposals(opened)
        before = len(opened.layer("places")), set(opened.layer("names")["text"])
        assert duplicates.accept(opened, [pair]) == 1
        names = opened.layer("names")
        assert len(opened.layer("places")) == 2
        assert set(names.loc[names["thing_id"] == pair.kept, "text"]) == {"绣林山", "绣山"}
        assert duplicates.proposals(opened) == []
        undoing.undo(opened, opened.events(last=1)[0]["id"])
        assert (len(opened.layer("places")), set(opened.layer("names")["text"])) == before
        assert [each.key for each in duplicates.proposals(opened)] == [pair.key]
        assert not opened.verify().broken


def test_a_rejected_pair_is_not_proposed_again(county: Path) -> None:
    with County(county, writing=True) as opened:
        (pair,) = duplicates.proposals(opened)
        duplicates.reject(opened, [pair.key])
    with County(county) as opened:
        assert duplicates.proposals(opened) == []
        assert len(opened.layer("places")) == 3

"""What is classified in a county file is known wherever it is spoken of."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazetteer import release
from gazetteer.common.markings import MARKING
from gazetteer.office.county import exporting
from gazetteer.release import ReleaseError
from gazetteer.store import County

STREET = "友爱街"
OF_STREET = "(SELECT thing_id FROM name WHERE text = '友爱街')"
WAYS = {
    "column": f"UPDATE place SET classification = 'secret' WHERE id IN {OF_STREET}",
    "unknown word": f"UPDATE place SET classification = 'hush' WHERE id IN {OF_STREET}",
    "attribute": f'UPDATE place SET attributes = \'{{"密级": "机密"}}\' WHERE id IN {OF_STREET}',
    "nested": f"""UPDATE place SET attributes = '{{"a":[{{"密":1}}]}}' WHERE id IN {OF_STREET}""",
    "behind a NUL": "UPDATE place SET attributes = CAST(X'7B00' || '\"密级\": \"机密\"}' AS TEXT) "
    f"WHERE id IN {OF_STREET}",
}


def planted(demo: Path, query: str) -> Path:
    path = demo / "楚溪县.gpkg"
    with County(path, writing=True) as county, county.change("plant") as change:
        change.connection.execute(query)
    return path


@pytest.mark.parametrize("way", WAYS)
def test_a_classified_place_is_so_in_every_layer_that_speaks_of_it(
    way: str, demo_copy: Path
) -> None:
    with County(planted(demo_copy, WAYS[way])) as county:
        own = set(county.layer("signs").query("text == @STREET")["id"])
        for layer in ("names", "signs", "sign_visits", "roads"):
            frame = county.layer(layer)
            assert frame[MARKING].notna().any(), layer
            with pytest.raises(ReleaseError, match=f"{layer} "):
                release.gate({layer: frame})
            with pytest.raises(ReleaseError, match=f"{layer} "):
                release.gate({layer: exporting.outgoing(county, layer)})
        roads = county.layer("roads")
        assert set(roads.loc[roads[MARKING].notna(), "name"]) == {STREET}
        signs = county.layer("signs")
        assert own <= set(signs.loc[signs[MARKING].notna(), "id"])


def test_what_is_not_classified_bears_no_column_of_it(demo: Path) -> None:
    with County(demo / "楚溪县.gpkg") as county:
        assert not county.marked().things
        assert MARKING not in county.layer("names")


def test_a_marking_that_was_taken_away_holds_no_longer(demo_copy: Path) -> None:
    path = planted(demo_copy, WAYS["column"])
    open_again = f"UPDATE place SET classification = 'public' WHERE id IN {OF_STREET}"
    with County(path, writing=True) as county:
        assert county.marked().things
        with county.change("declassify") as change:
            change.connection.execute(open_again)
        assert not county.marked().things
        release.gate({"signs": county.layer("signs")})

"""The sample county's names, all of them, spelled as its own truth says."""

from __future__ import annotations

import pytest

from gazetteer.names.romanization import romanize_many
from sample_county import lexicon, world

COUNTY = "429921"


@pytest.mark.parametrize("seed", [421, 10])
def test_every_name_of_the_sample_county_is_spelled_as_its_truth_says(seed: int) -> None:
    made = world.build(seed)
    told = [
        *((unit.name, "township") for unit in made.townships),
        *((unit.name, "village") for unit in made.villages),
        *((place.name, lexicon.CATEGORIES[place.kind][0]) for place in made.places),
        *((street.name, lexicon.CATEGORIES["street"][0]) for street in made.streets),
    ]
    found = romanize_many(
        [name.text for name, _ in told], categories=[each for _, each in told], within=COUNTY
    )
    differing = [
        (name.text, name.romanization, spelled.romanization)
        for (name, _), spelled in zip(told, found, strict=True)
        if name.romanization != spelled.romanization
    ]
    assert len(told) > 5000
    assert differing == []

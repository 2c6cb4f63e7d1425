"""The whole sample county, put together from a seed."""

from __future__ import annotations

import shapely

from sample_county import divisions, land, people, places, streets
from sample_county.chance import stream
from sample_county.model import World
from sample_county.naming import Namer

CATALOGUE = 5_000


def build(seed: int = 421) -> World:
    """Make the county of a seed; the same seed makes the same county.

    Examples
    --------
    >>> world = build(421)
    >>> len(world.townships), len(world.villages), len(world.places) + len(world.streets)
    (12, 164, 5000)
    """
    ground = land.build(seed)
    namer = Namer(stream(seed, "names"))
    towns = divisions.townships(ground, divisions.grow(seed, ground))
    villages = divisions.villages(seed, ground, towns, namer)
    outline = ground.polygon(range(ground.inside))
    assert isinstance(outline, shapely.Polygon), "the county is in one piece"
    network = streets.network(seed, towns, villages, outline, ground.river_line)
    count = CATALOGUE - len(network.streets)
    return World(
        seed=seed,
        land=ground,
        outline=outline,
        townships=towns,
        villages=villages,
        lines=divisions.lines(ground, towns),
        places=places.catalogue(seed, villages, namer, ground.river_line, count=count),
        streets=network.streets,
        roads=network.roads,
        built_up=network.built_up,
        people=people.people(seed, villages),
        facilities=people.facilities(seed, towns, villages),
    )

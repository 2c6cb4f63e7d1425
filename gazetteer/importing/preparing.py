"""Which function prepares the rows of which kind: one of the kind's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gazetteer.importing import divisions, layers, lines, waters
from gazetteer.importing.prepared import Prepared

PREPARERS: Mapping[str, Callable[..., Prepared]] = {
    each.__name__: each
    for each in (
        *(divisions.divisions, divisions.boundaries),
        *(layers.names, layers.facilities, layers.roads, layers.population, layers.zones),
        waters.water,
        *(lines.lines, lines.markers, lines.reference_objects, lines.tri_points),
    )
}

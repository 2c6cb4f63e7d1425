"""What is known of a layer's segments, kept so that an edit re-matches only what it touched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely

from boundaries.tiling.kinds import Limits
from boundaries.tiling.layer import Layer
from boundaries.tiling.plane import Flags, Integers, Shapes
from boundaries.tiling.segments import (
    Hashes,
    Outline,
    Segments,
    beyond,
    both_sides,
    fingerprints,
    join,
    outline_of,
)
from boundaries.tiling.vertices import Corners, duplicates_in, spikes_in

OUT = -2  # a segment that no longer counts: its unit was replaced, or is a duplicate


@dataclass(frozen=True)
class Part:
    """Segments of some units, in the order of units.

    Parameters
    ----------
    outline
        The segments.
    order
        Order of the segments by key.
    begins
        Where the segments of each unit begin, and where the last ones end.
    """

    outline: Outline
    order: Integers
    begins: Integers

    def of_units(self, units: Integers) -> Integers:
        """Return the positions of the segments of some units."""
        return _ranges(self.begins[units], self.begins[units + 1])

    def with_keys(self, keys: Hashes) -> Integers:
        """Return the positions of the segments that have one of these keys."""
        ordered = self.outline.key[self.order]
        low, high = np.searchsorted(ordered, keys, "left"), np.searchsorted(ordered, keys, "right")
        return self.order[_ranges(low, high)]


def _ranges(low: Integers, high: Integers) -> Integers:
    """Return all whole numbers of the half-open ranges."""
    sizes = high - low
    starts = np.repeat(low - np.cumsum(sizes) + sizes, sizes)
    return starts + np.arange(sizes.sum())


@dataclass(frozen=True)
class State:
    """A layer with its segments matched.

    Parameters
    ----------
    layer
        The units.
    base, patch
        Segments of the units as first delivered, and of those edited since.
    edited
        Which units the patch holds.
    first_beyond
        The unit beyond each segment of the base before any edit, -1 for none, `OUT`.
    first_live
        Which units counted then (duplicates do not).
    base_beyond, patch_beyond
        The same, now.
    same_as
        For each unit the one that stands for all of the same area.
    prints
        Hash of the area of each unit.
    valid
        Which units have a valid shape.
    spikes, duplicates
        Vertices that are spikes, and duplicate ones.
    """

    layer: Layer
    base: Part
    patch: Part
    edited: Flags
    first_beyond: Integers
    first_live: Flags
    base_beyond: Integers
    patch_beyond: Integers
    same_as: Integers
    prints: Hashes
    valid: Flags
    spikes: Corners
    duplicates: Corners

    def live_shapes(self) -> Shapes:
        """Return the areas, None for those that another unit stands for."""
        shapes: Shapes = self.layer.shapes.copy()
        shapes[self.same_as != np.arange(len(shapes))] = None
        return shapes

    def bare(self) -> Flags:
        """Tell which units have no boundary on the grid."""
        return self.prints < np.uint64(len(self.prints))

    def matched_of(self, units: Integers) -> Segments:
        """Return the matched segments of some units."""
        units = units[units < len(self.base.begins) - 1]
        old = self.base.of_units(units)
        new = np.flatnonzero(np.isin(self.patch.outline.unit, units) & (self.patch_beyond >= 0))
        return join(
            self.base.outline.take(old[self.base_beyond[old] >= 0]), self.patch.outline.take(new)
        )


def state_of(layer: Layer, *, limits: Limits) -> State:
    """Return the state of a layer that is seen for the first time."""
    everything = np.arange(len(layer.shapes))
    with ThreadPoolExecutor(1) as other_core:  # GEOS lets the interpreter go meanwhile
        validity = other_core.submit(shapely.is_valid, layer.shapes)
        base, spikes, duplicates = _part(layer, everything, limits)
        valid = np.asarray(validity.result())
    patch, _, _ = _part(layer, everything[:0], limits)
    prints = fingerprints(base.outline, len(everything))
    same_as = representatives(prints, layer)
    live = same_as == everything
    met = _matched(base, live, ~valid)
    nothing = np.empty(0, dtype=np.int64)
    edited = np.zeros(len(everything), dtype=bool)
    return State(
        layer, base, patch, edited, met, live, met, nothing, same_as, prints, valid, spikes,
        duplicates,
    )  # fmt: skip


def edited_state(state: State, layer: Layer, changed: Integers, *, limits: Limits) -> State:
    """Return the state after an edit; only segments equal to old or new ones are re-matched.

    Parameters
    ----------
    state
        Before the edit.
    layer
        After it; units keep their positions, new ones come last.
    changed
        Positions of the units that were changed, added or taken away.
    """
    count = len(layer.shapes)
    edited = _longer(state.edited, count, fill=False)
    edited[changed] = True
    patch, spikes, duplicates = _part(layer, np.flatnonzero(edited), limits)
    prints = _longer(state.prints, count, fill=0)
    prints[changed] = fingerprints(patch.outline, count)[changed]
    valid = _longer(state.valid, count, fill=True)
    valid[changed] = shapely.is_valid(layer.shapes[changed])
    same_as = representatives(prints, layer)
    live = same_as == np.arange(count)
    old, new = _rematched(state, patch, live & ~edited, live & edited, ~valid)
    unchanged = np.flatnonzero(edited & ~np.isin(np.arange(count), changed))
    return State(
        layer, state.base, patch, edited, state.first_beyond, state.first_live, old, new, same_as,
        prints, valid, state.spikes.but(changed).and_(spikes.but(unchanged)),
        state.duplicates.but(changed).and_(duplicates.but(unchanged)),
    )  # fmt: skip


def _longer(values: np.ndarray, count: int, *, fill: object) -> np.ndarray:
    """Return a copy with places for units that were added."""
    more = np.full(count - len(values), fill, dtype=values.dtype)
    return np.concatenate([values, more])


def _part(layer: Layer, units: Integers, limits: Limits) -> tuple[Part, Corners, Corners]:
    outline = outline_of(*layer.parts(units), grid=layer.plane.grid)
    begins = np.searchsorted(outline.unit, np.arange(len(layer.shapes) + 1))
    part = Part(outline, np.argsort(outline.key), begins)
    return part, spikes_in(outline, layer.plane, limits), duplicates_in(outline)


def representatives(prints: Hashes, layer: Layer) -> Integers:
    """Return for each unit the one, lowest by label, that has the same area."""
    order = np.lexsort((np.arange(len(prints)), prints))
    same_as = np.arange(len(prints))
    changes = np.flatnonzero(prints[order][1:] != prints[order][:-1]) + 1
    for group in np.split(order, changes) if len(changes) + 1 < len(order) else ():
        if len(group) > 1:
            same_as[group] = min(group, key=lambda unit: (str(layer.labels[unit]), unit))
    return same_as


def _matched(part: Part, live: Flags, never: Flags) -> Integers:
    """Return the unit beyond each segment; `OUT` for segments of units that do not count."""
    counting = live[part.outline.unit]
    if counting.all():
        return beyond(part.outline.sides(slice(None)), never=never, order=part.order)
    met = np.full(len(part.outline), OUT, dtype=np.int64)
    met[counting] = beyond(part.outline.sides(counting), never=never)
    return met


def _rematched(
    state: State, patch: Part, base_live: Flags, patch_live: Flags, never: Flags
) -> tuple[Integers, Integers]:
    """Return the unit beyond each segment of base and patch after an edit."""
    base, met = state.base, state.first_beyond.copy()
    count = len(state.first_live)
    moved = base.of_units(np.flatnonzero(base_live[:count] != state.first_live))
    keys = np.unique(np.concatenate([base.outline.key[moved], patch.outline.key]))
    old = base.with_keys(keys)
    both = both_sides(base.outline.sides(old), patch.outline.sides(slice(None)))
    live = np.concatenate([base_live[both.unit[: len(old)]], patch_live[both.unit[len(old) :]]])
    again = np.full(len(live), OUT, dtype=np.int64)
    again[live] = beyond(both.take(live), never=never)
    met[old] = again[: len(old)]
    return met, again[len(old) :]

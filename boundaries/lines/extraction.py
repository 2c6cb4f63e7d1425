"""Shared lines out of polygons: runs of matched segments between the nodes of their rings."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.lines.network import Flags, Integers, Network, Recipe, Shapes
from boundaries.tiling.layer import Layer, layer_of
from boundaries.tiling.segments import Hashes, Outline, beyond, hashed, outline_of
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence


def extract(
    units: gpd.GeoDataFrame, *, id_column: str = "code", name_column: str = "name"
) -> Network:
    """Return the boundary lines of a layer, each once, and the nodes they meet in.

    A line is a run of segments with the same two units on its sides. Two units have a segment
    in common if both deliver its two vertices, to the millimetre, and lie on opposite sides; so
    along a gap or an overlap there are two outer lines, and `boundaries.tiling` says why.

    Parameters
    ----------
    units
        One row a unit, valid polygons in projected metres or degrees.
    id_column, name_column
        Columns that give the units their codes, or their names where there is no code.

    Returns
    -------
    Network
        Lines, nodes and what the units are made of.

    Raises
    ------
    InputError
        When a polygon is invalid: the sides of its rings are not known.
    CrsError
        As `boundaries.tiling.check`.

    Examples
    --------
    >>> from shapely import box
    >>> towns = gpd.GeoDataFrame({"code": ["01", "02"]}, crs="EPSG:4547", geometry=[
    ...     box(0, 0, 100, 100), box(100, 0, 200, 100)])
    >>> network = extract(towns)
    >>> network.lines[["left", "right", "outer", "length_m"]].values.tolist()
    [['01', '', True, 300.0], ['01', '02', False, 100.0], ['02', '', True, 300.0]]
    """
    layer = layer_of(units, id_column=id_column, name_column=name_column)
    _refuse_invalid(layer)
    rows = np.arange(len(layer.shapes))
    parts, row = layer.parts(rows)
    outline = outline_of(parts, row, grid=layer.plane.grid)
    other = beyond(outline.sides(slice(None)), never=np.zeros(len(rows), dtype=bool))
    runs = _consistent_runs(outline, other)
    kept, line, backward = _lines(runs, layer)
    recipe = Recipe(line, backward, runs.ring, _polygons(outline, parts), row)
    lines, order = _line_frame(runs, kept, outline, layer)
    recipe = _renumbered(recipe, order)
    attributes = pd.DataFrame(units.drop(columns=units.geometry.name))
    return Network(lines, _nodes(lines, layer), attributes, recipe)


def _refuse_invalid(layer: Layer) -> None:
    present = ~shapely.is_missing(layer.shapes)
    bad = np.flatnonzero((present & ~shapely.is_valid(layer.shapes)) | layer.implausible)
    if len(bad):
        msg = Sentence(
            "{count} units have an invalid shape, the first is {labels}",
            count=len(bad),
            labels=layer.labels[bad[0]],
        )
        raise InputError(
            msg, remedy=Sentence("Run the boundary check, which says where, and correct them.")
        )


def _polygons(outline: Outline, parts: Shapes) -> Integers:
    """Return the polygon of each ring."""
    count = shapely.get_num_interior_rings(parts) + 1
    return np.repeat(np.arange(len(parts)), count)


@dataclass(frozen=True)
class Runs:
    """Runs of segments, ring by ring; each ring begins at a node.

    Parameters
    ----------
    segment
        Segments, each ring turned so that it begins with a run.
    begin
        Where each run begins among them, and where the last ends.
    ring
        Ring of each run.
    unit, other
        The unit whose ring it is, and the one beyond, -1 for none.
    leftward
        Whether the unit lies on the left of the run.
    key
        Hash of its segments, the same from either side.
    """

    segment: Integers
    begin: Integers
    ring: Integers
    unit: Integers
    other: Integers
    leftward: Flags
    key: Hashes

    def consistent(self) -> bool:
        """Tell whether each run between two units is there from both sides."""
        inner = np.flatnonzero(self.other >= 0)
        order = inner[np.argsort(self.key[inner])]
        if len(order) % 2:
            return False
        one, two = order[::2], order[1::2]
        same = (self.key[one] == self.key[two]) & (self.unit[one] == self.other[two])
        return bool((same & (self.other[one] == self.unit[two])).all())


def _consistent_runs(outline: Outline, other: Integers) -> Runs:
    """Return runs that break where the unit beyond changes.

    Where a ring touches itself, that may be a node from one side only; then all rings are broken
    at every node and wherever other than two segments meet.
    """
    breaks = _changes(outline, other) | _meeting_beside_gaps(outline, other)
    runs = _runs(outline, other, breaks)
    if runs.consistent():
        return runs
    vertex = hashed(outline.cell[outline.first])
    after = hashed(outline.cell[outline.first + 1])
    once = (other < 0) | (vertex < after)
    met, times = np.unique(np.concatenate([vertex[once], after[once]]), return_counts=True)
    nodes = np.concatenate([met[times != 2], vertex[breaks]])
    return _runs(outline, other, breaks | np.isin(vertex, nodes))


def _changes(outline: Outline, other: Integers) -> Flags:
    """Tell at the start of which segments the unit beyond is another than before."""
    ring = outline.ring[outline.first]
    begins = np.flatnonzero(np.diff(ring, prepend=-1))
    ends = np.append(begins[1:], len(ring)) - 1
    before = np.arange(-1, len(ring) - 1)
    before[begins] = ends
    return np.asarray(other != other[before])


def _meeting_beside_gaps(outline: Outline, other: Integers) -> Flags:
    """Tell which segments start where three units or more have a vertex, on an unmatched edge.

    A unit that only touches the two others there, with a gap on either side, has no line that ends
    there; its tri-point is one all the same.
    """
    bare = outline.first[other < 0]
    beside = np.unique(hashed(np.concatenate([outline.cell[bare], outline.cell[bare + 1]])))
    vertex = hashed(outline.cell[outline.first])
    if not len(beside):
        return np.zeros(len(vertex), dtype=bool)
    place = np.minimum(np.searchsorted(beside, vertex), len(beside) - 1)
    hit = np.flatnonzero(beside[place] == vertex)
    # each unit counts once at a vertex, however often its rings pass it
    pairs = np.unique(np.column_stack([place[hit], outline.unit[hit]]), axis=0)
    units = np.bincount(pairs[:, 0], minlength=len(beside))
    flags = np.zeros(len(vertex), dtype=bool)
    flags[hit] = units[place[hit]] > 2
    return flags


def _runs(outline: Outline, other: Integers, breaks: Flags) -> Runs:
    ring = outline.ring[outline.first]
    begins = np.flatnonzero(np.diff(ring, prepend=-1))
    sizes = np.diff(np.append(begins, len(ring)))
    breaks = breaks | _lonely(outline, breaks, begins, sizes)
    start = np.flatnonzero(breaks)
    # each ring is turned so that it begins at a node: no line begins in the middle of another
    shift = start[np.searchsorted(start, begins)] - begins
    step = np.arange(len(ring)) - np.repeat(begins, sizes) + np.repeat(shift, sizes)
    segment = np.repeat(begins, sizes) + step % np.repeat(sizes, sizes)
    first = np.flatnonzero(breaks[segment])
    at = segment[first]
    vertex = hashed(outline.cell[outline.first[at]])
    after = hashed(outline.cell[outline.first[at] + 1])
    leftward = outline.left[at] ^ (vertex > after)
    # the sum of the keys is one from either side, whichever way a unit walks the line
    key = np.add.reduceat(outline.key[segment], first) if len(first) else outline.key[:0]
    begin = np.append(first, len(segment))
    return Runs(segment, begin, ring[at], outline.unit[at], other[at], leftward, key)


def _lonely(outline: Outline, breaks: Flags, begins: Integers, sizes: Integers) -> Flags:
    """Give each ring without a node one, the same from either side."""
    flags = np.zeros(len(breaks), dtype=bool)
    if not len(begins):
        return flags
    lonely = ~np.logical_or.reduceat(breaks, begins)
    for begin, size in zip(begins[lonely].tolist(), sizes[lonely].tolist(), strict=True):
        vertices = outline.first[begin : begin + size]
        flags[begin + int(np.argmin(hashed(outline.cell[vertices])))] = True
    return flags


def _lines(runs: Runs, layer: Layer) -> tuple[Integers, Integers, Flags]:
    """Return the runs that stand for lines, the line of each run, and whether it runs backward."""
    rank = np.argsort(np.argsort(layer.labels.astype(str), kind="stable"), kind="stable")
    count = len(runs.unit)
    inner = np.flatnonzero(runs.other >= 0)
    # the two sides of a line come to stand together, the lower label first: it stands for both
    order = inner[np.lexsort((inner, rank[runs.unit[inner]], runs.key[inner]))]
    stands = np.arange(count)
    stands[order[1::2]] = order[::2]
    kept, line = np.unique(stands, return_inverse=True)
    away = stands != np.arange(count)
    return kept, line, away ^ ~runs.leftward


def _line_frame(
    runs: Runs, kept: Integers, outline: Outline, layer: Layer
) -> tuple[gpd.GeoDataFrame, Integers]:
    """Return the lines, each with its lower unit on the left, in the order of codes and place."""
    size = runs.begin[kept + 1] - runs.begin[kept]
    run = np.repeat(np.arange(len(kept)), size + 1)
    step = np.arange(len(run)) - np.repeat(np.cumsum(size + 1) - size - 1, size + 1)
    # a run that has its unit on the right is written from its end
    step = np.where(runs.leftward[kept][run], step, size[run] - step)
    last = step == size[run]
    at = runs.segment[runs.begin[kept][run] + np.where(last, step - 1, step)]
    xy = outline.xy[outline.first[at] + last]
    shapes = shapely.linestrings(xy, indices=run) if len(xy) else np.empty(0, dtype=object)
    names = np.append(layer.labels, "").astype(str)
    left, right = names[runs.unit[kept]], names[runs.other[kept]]
    start = xy[np.cumsum(size + 1) - size - 1]
    order = np.lexsort((start[:, 1], start[:, 0], right, left))
    shapes, left, right = np.asarray(shapes, dtype=object)[order], left[order], right[order]
    pair = pd.Series(np.char.add(np.char.add(left, "|"), right))
    number = pair.groupby(pair, sort=False).cumcount() + 1
    frame = pd.DataFrame(
        {
            "line_id": pair + "#" + number.astype(str),
            "left": left,
            "right": right,
            "outer": right == "",
            "length_m": layer.plane.lengths_m(shapes),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=layer.plane.crs), order


def _renumbered(recipe: Recipe, order: Integers) -> Recipe:
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Recipe(place[recipe.line], recipe.backward, recipe.ring, recipe.polygon, recipe.row)


def _nodes(lines: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    """Return the ends of lines with the units that meet there."""
    shapes = lines.geometry.to_numpy()
    ends = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    # ends are one node where they lie in one cell: the lines were made from cells
    cell = np.rint(shapely.get_coordinates(ends) / layer.plane.grid).astype(np.int64)
    key, first, node = np.unique(hashed(cell), return_index=True, return_inverse=True)
    sides = np.concatenate([np.tile(lines["left"], 2), np.tile(lines["right"], 2)])
    units = _gathered(np.tile(node, 2), sides, len(key))
    outer = np.zeros(len(key), dtype=bool)
    outer[node[np.tile(lines["outer"].to_numpy(dtype=bool), 2)]] = True
    frame = pd.DataFrame(
        {"units": units, "tri_point": [len(each) > 2 for each in units], "outer": outer}
    )
    nodes = gpd.GeoDataFrame(frame, geometry=ends[first], crs=lines.crs)
    nodes = nodes.iloc[np.lexsort((nodes.geometry.y, nodes.geometry.x))].reset_index(drop=True)
    nodes.insert(0, "node_id", np.arange(1, len(nodes) + 1))
    return nodes


def _gathered(node: Integers, labels: Shapes, count: int) -> list[tuple[str, ...]]:
    """Return the sorted labels of each node, empty ones left out."""
    codes, code = np.unique(labels.astype(str), return_inverse=True)
    pairs = np.unique(node * len(codes) + code)
    node, code = np.divmod(pairs[codes[pairs % len(codes)] != ""], len(codes))
    named, ends = codes[code].tolist(), np.cumsum(np.bincount(node, minlength=count)).tolist()
    return [tuple(named[low:high]) for low, high in zip([0, *ends], ends, strict=False)]

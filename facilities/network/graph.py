"""The walking network as arrays: nodes in a metric plane, edges with their length in metres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from facilities.network.nearby import Segments
from facilities.plane import Array, Plane
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence


@dataclass(frozen=True)
class Network:
    """A network to walk on, in both directions.

    Parameters
    ----------
    plane
        The metric plane of the coordinates.
    xy_m
        One row of x and y a node, metres of the plane.
    tail, head
        Node indexes of each edge.
    length_m
        Length of each edge in metres (geodesic, or as the road table gives it).
    shapes
        LineString of each edge in the plane, drawn from tail to head; None where all are straight.
    names
        Name of the road of each edge, "" where it has none; None where no edge has one.
    given
        Its ``matrix``, where one was made already.

    Examples
    --------
    Three nodes in a row and one apart:

    >>> network = Network(Plane(120.0), np.array([[0, 0], [100, 0], [300, 0], [9e3, 0]]),
    ...     np.array([0, 1]), np.array([1, 2]), np.array([100.0, 200.0]))
    >>> network.size, network.component.tolist()
    ((4, 2), [0, 0, 0, 1])
    """

    plane: Plane
    xy_m: Array
    tail: Array
    head: Array
    length_m: Array
    shapes: Array | None = None
    names: Array | None = None
    given: csr_array | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Number of nodes and of edges."""
        return len(self.xy_m), len(self.tail)

    @cached_property
    def matrix(self) -> csr_array:
        """Symmetric sparse matrix of the shortest edge between each two nodes, metres."""
        if self.given is not None:
            return self.given
        return symmetric(self.tail, self.head, self.length_m, nodes=len(self.xy_m))

    @cached_property
    def component(self) -> Array:
        """Number of the connected part that each node belongs to."""
        return np.asarray(connected_components(self.matrix, directed=False)[1])

    @cached_property
    def lines(self) -> Array:
        """LineString of each edge in the plane."""
        if self.shapes is not None:
            return self.shapes
        ends = np.stack([self.xy_m[self.tail], self.xy_m[self.head]], axis=1)
        return np.asarray(shapely.linestrings(ends))

    @cached_property
    def segments(self) -> Segments:
        """The edges in short segments, to find the nearest of many points."""
        return Segments.of(self.lines)

    @cached_property
    def index(self) -> shapely.STRtree:
        """Spatial index of the edges."""
        return shapely.STRtree(self.lines)


def symmetric(tail: Array, head: Array, length_m: Array, *, nodes: int) -> csr_array:
    """Return the two-way distance matrix; of parallel edges the shortest counts.

    A bare sparse matrix would *add* parallel edges, and two ways round a pond would become one
    long one.

    Examples
    --------
    >>> both = symmetric(np.array([0, 1]), np.array([1, 0]), np.array([5.0, 3.0]), nodes=2)
    >>> both.toarray().tolist()
    [[0.0, 3.0], [3.0, 0.0]]
    """
    if len(length_m) and not (np.isfinite(length_m).all() and length_m.min() >= 0):
        raise InputError(
            Sentence("an edge is negative or not a number"),
            remedy=Sentence("Check the length column"),
        )
    proper = tail != head
    low = np.minimum(tail, head)[proper].astype(np.int64)
    high = np.maximum(tail, head)[proper].astype(np.int64)
    length = np.asarray(length_m, dtype=np.float64)[proper]
    low, high, length = _shortest(low, high, length, nodes)
    rows, columns = np.concatenate([low, high]), np.concatenate([high, low])
    return csr_array((np.tile(length, 2), (rows, columns)), shape=(nodes, nodes))


def enlarged(matrix: csr_array, more: csr_array) -> csr_array:
    """Return a matrix of distances with those of a larger one put in; no pair may be in both.

    Adding the two would lose the edges of no length.

    Examples
    --------
    >>> one = symmetric(np.array([0]), np.array([1]), np.array([5.0]), nodes=2)
    >>> enlarged(one, symmetric(np.array([1]), np.array([2]), np.array([0.0]), nodes=3)).nnz
    4
    """
    # Put together from coordinates: adding sparse matrices of unlike shapes is not possible, and
    # rebuilding from all edges would sort the whole network again for a few new pieces.
    both = [matrix.tocoo(), more.tocoo()]
    row, column = (np.concatenate([each.coords[axis] for each in both]) for axis in (0, 1))
    data = np.concatenate([each.data for each in both])
    return csr_array((data, (row, column)), shape=more.shape)


def _shortest(low: Array, high: Array, length: Array, nodes: int) -> tuple[Array, Array, Array]:
    # One number a pair sorts fastest; a sparse matrix would add parallel edges up, so that only the
    # shortest of each pair may go in.
    pair = low * nodes + high
    order = np.lexsort((length, pair))
    first = np.ones(len(order), dtype=bool)
    first[1:] = pair[order][1:] != pair[order][:-1]
    keep = order[first]
    return low[keep], high[keep], length[keep]

"""Land drawn as text: each letter is a node, columns and rows are 100 m apart."""

from __future__ import annotations

from textwrap import dedent

import geopandas as gpd
from shapely import LineString, Point, Polygon

STEP_M = 100.0
CORNER = (500_000.0, 3_300_000.0)  # on the central meridian of EPSG:4547


class Grid:
    """A picture of nodes; the last line lies on y = 0, the first column on x = 0.

    Examples
    --------
    >>> land = Grid('''
    ...     ab
    ...     cd
    ...     ''')
    >>> land.polygon("acdb").area, land.point("a").coords[0]
    (10000.0, (500000.0, 3300100.0))
    """

    def __init__(self, picture: str) -> None:
        rows = dedent(picture).strip("\n").rstrip().splitlines()
        self.nodes = {
            letter: (CORNER[0] + column * STEP_M, CORNER[1] + (len(rows) - 1 - row) * STEP_M)
            for row, line in enumerate(rows)
            for column, letter in enumerate(line)
            if letter not in " ."
        }

    def at(self, node: str, *, east: float = 0.0, north: float = 0.0) -> tuple[float, float]:
        """Return the coordinates of a node, moved by so many metres."""
        x, y = self.nodes[node]
        return x + east, y + north

    def point(self, node: str) -> Point:
        return Point(self.at(node))

    def line(self, nodes: str) -> LineString:
        return LineString([self.at(node) for node in nodes])

    def polygon(self, nodes: str, *holes: str) -> Polygon:
        """Return the polygon around these nodes, with holes around others."""
        rings = [[self.at(node) for node in ring] for ring in (nodes, *holes)]
        return Polygon(rings[0], rings[1:])

    def units(self, **rings: str) -> gpd.GeoDataFrame:
        """Return units by code, each drawn by its nodes, in EPSG:4547."""
        shapes = [self.polygon(*nodes.split()) for nodes in rings.values()]
        return gpd.GeoDataFrame({"code": list(rings)}, geometry=shapes, crs="EPSG:4547")

"""Which divisions a point lies in: R-tree first, then the polygon itself."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import Any

from gazetteer.common.lazy import shapely
from gazetteer.store.described import schema
from gazetteer.store.frames import in_force, today
from gazetteer.store.geometry import decode

# an R-tree keeps single-precision bounds: a little slack so that nothing on the edge is lost
SLACK_DEGREES = 1e-5
CACHED = 512


class Locator:
    """Answers where points lie, keeping the polygons it has met.

    Parameters
    ----------
    connection
        Open county file.
    as_of
        ISO date on which the divisions are in force; today where not given.
    """

    def __init__(self, connection: sqlite3.Connection, *, as_of: str | None = None) -> None:
        self.connection = connection
        self.day = as_of or today()
        self.polygon = lru_cache(CACHED)(self._polygon)

    def at(self, lon: float, lat: float) -> list[dict[str, Any]]:
        """Return code, name and level of each division that covers a point, largest first.

        A point on a shared edge lies in both neighbours. CGCS2000 longitude and latitude.
        """
        query = (
            "SELECT t.fid, t.code, t.name, t.level FROM division AS t "
            "JOIN rtree_division_geom AS r ON r.id = t.fid "
            "WHERE r.minx <= :lon + :slack AND r.maxx >= :lon - :slack "
            f"AND r.miny <= :lat + :slack AND r.maxy >= :lat - :slack AND {in_force('t')}"
        )
        parameters = {"lon": lon, "lat": lat, "slack": SLACK_DEGREES, "day": self.day}
        point = shapely.Point(lon, lat)
        found = [
            {"code": code, "name": name, "level": level}
            for fid, code, name, level in self.connection.execute(query, parameters)
            if self.polygon(fid).intersects(point)
        ]
        levels = schema.LEVELS
        return sorted(found, key=lambda each: (levels.index(each["level"]), each["code"]))

    def _polygon(self, fid: int) -> Any:
        (blob,) = self.connection.execute(
            "SELECT geom FROM division WHERE fid = ?", (fid,)
        ).fetchone()
        polygon = decode([blob])[0]
        shapely.prepare(polygon)
        return polygon

"""What lands beside its county: counted, named, and whether another system would put it right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common.language import Text
from gazetteer.common.offsets import UNSHIFT
from gazetteer.exchange.rejects import ROW
from gazetteer.store import County

NEAR_DEG = 0.001
"""Degrees (some 100 m) within which something on the border counts as inside: outlines are
generalized, and boundary lines and markers lie on the edge itself."""
SHOWN = 5
_SYSTEMS = {"gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True, slots=True)
class Outside:
    """What of a file lies outside, and how it would be in an encrypted system.

    Parameters
    ----------
    placed
        Rows with a position that were compared.
    beside
        Rows outside the county.
    examples
        A few of them: name or code with the row in the file.
    astray
        Rows outside the division whose code they give.
    system
        System of `gazetteer.common.offsets.UNSHIFT` in which more would fit; empty where none.
    beside_then, astray_then
        Rows outside after conversion from that system.
    """

    placed: int = 0
    beside: int = 0
    examples: tuple[str, ...] = ()
    astray: int = 0
    system: str = ""
    beside_then: int = 0
    astray_then: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return fields | {"examples": list(self.examples), "system": self.system or None}

    def notes(self) -> tuple[Text, ...]:
        """Return what to say: how many, which, and what a conversion would change."""
        found = []
        if self.beside:
            shown = "、".join(self.examples) + (" 等" if self.beside > len(self.examples) else "")
            found.append(Text(
                f"{self.placed} 个有位置的行中 {self.beside} 个在本县界外：{shown}",
                f"{self.beside} of {self.placed} rows with a position lie outside the county: "
                f"{shown}",
            ))  # fmt: skip
        if self.astray:
            found.append(Text(
                f"{self.placed} 个有位置的行中 {self.astray} 个在所写政区的界外",
                f"{self.astray} of {self.placed} rows with a position lie outside the division "
                "that they name",
            ))  # fmt: skip
        if self.system:
            name = _SYSTEMS[self.system]
            found.append(Text(
                f"按 {name} 转换更相符：本县界外由 {self.beside} 个变为 {self.beside_then} 个，"
                f"所属政区界外由 {self.astray} 个变为 {self.astray_then} 个；"
                f"如属实请撤销后用 --crs {self.system} 重新导入",
                f"Converted from {name} they fit better: outside the county {self.beside} -> "
                f"{self.beside_then}, outside their division {self.astray} -> {self.astray_then}; "
                f"if that is right, undo and import with --crs {self.system}",
            ))  # fmt: skip
        return tuple(found)


def outside(county: County, frame: pd.DataFrame) -> Outside:
    """Compare the positions of a file with the county's polygon and those of its divisions.

    Parameters
    ----------
    county
        County file; where its own outline is not on record nothing is said of it.
    frame
        Frame read, ``geometry`` in EPSG:4490.
    """
    divisions = county.layer("divisions")
    divisions = divisions[divisions["geometry"].notna()]
    root, whole = county.division_code, _whole(county)
    codes = frame["code"] if "code" in frame else pd.Series(None, frame.index, dtype=object)
    above = [isinstance(code, str) and root.startswith(code) for code in codes]
    rows = frame[frame["geometry"].notna() & ~np.array(above, dtype=bool)]
    if rows.empty or (whole is None and divisions.empty):
        return Outside()
    points = shapely.point_on_surface(rows["geometry"].to_numpy(dtype=object))
    polygons = _own(rows, divisions)
    return _judged(rows, points, whole, polygons)


def _whole(county: County) -> Any:
    """Return the county's outline: its own polygon, else its townships' if all of them have one."""
    divisions = county.layer("divisions")
    itself = divisions[(divisions["code"] == county.division_code) & divisions["geometry"].notna()]
    if len(itself):
        return itself["geometry"].iloc[0]
    parts = divisions[divisions["level"] == "township"]
    if parts.empty or parts["geometry"].isna().any():
        return None
    # polygons that cross themselves are told by the boundary check
    return shapely.union_all(shapely.make_valid(parts["geometry"].to_numpy()))


def _own(rows: pd.DataFrame, divisions: gpd.GeoDataFrame) -> np.ndarray:
    """Return the polygon of the division that each row names, None where it has none."""
    if "division_code" not in rows:
        return np.full(len(rows), None, dtype=object)
    shapes = dict(zip(divisions["code"], divisions["geometry"], strict=True))
    own_name = divisions.drop_duplicates("name", keep=False)  # of namesakes nobody knows which
    shapes |= dict(zip(own_name["name"], own_name["geometry"], strict=True))
    return np.array([shapes.get(each) for each in rows["division_code"]] + [None], object)[:-1]


def _judged(rows: pd.DataFrame, points: np.ndarray, whole: Any, polygons: np.ndarray) -> Outside:
    beside, astray = _away(points, whole), _away(points, polygons)
    best = ("", beside, astray)
    converted = "crs_source" in rows and rows["crs_source"].isin(list(UNSHIFT)).any()
    tried = UNSHIFT.items() if not converted and (beside.any() or astray.any()) else ()
    for system, undo in tried:
        moved = _moved(points, undo)
        then = (system, _away(moved, whole), _away(moved, polygons))
        if _total(then) < _total(best):
            best = then
    examples = tuple(_label(row) for row in rows[beside].head(SHOWN).to_dict("records"))
    return Outside(
        placed=len(rows), beside=int(beside.sum()), examples=examples, astray=int(astray.sum()),
        system=best[0], beside_then=int(best[1].sum()), astray_then=int(best[2].sum()),
    )  # fmt: skip


def _away(points: np.ndarray, areas: Any) -> np.ndarray:
    """Tell which points lie farther than `NEAR_DEG` from their area; where there is none, none."""
    if areas is None:
        return np.zeros(len(points), dtype=bool)
    shapely.prepare(areas)
    near = shapely.dwithin(points, areas, NEAR_DEG) | shapely.is_missing(areas)
    return np.asarray(~near, dtype=bool)


def _moved(points: np.ndarray, undo: Callable[..., Any]) -> np.ndarray:
    return np.asarray(shapely.points(*undo(shapely.get_x(points), shapely.get_y(points))))


def _total(found: tuple[str, np.ndarray, np.ndarray]) -> int:
    return int(found[1].sum() + found[2].sum())


def _label(row: dict[Any, Any]) -> str:
    names = (row.get(key) for key in ("name", "number", "code"))
    label = next((each for each in names if isinstance(each, str)), "")
    return f"{label}（第 {row[ROW]} 行）" if ROW in row else label

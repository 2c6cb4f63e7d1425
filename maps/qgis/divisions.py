"""Divisions as QGIS shows them: neighbours in different tints, no township without its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from boundaries.colouring import colouring, neighbours
from gazetteer.store.schema import LEVELS
from maps import style
from maps.qgis.markup import PRIORITY, cases, colour, denominator, literal

NONE = "'255,255,255,0'"
HIGHEST = 10
WIDEST = 0.001
"""In degrees: how exactly the widest place of an area is found."""
SMALLEST = 7.0
"""In points: below that nobody reads a name on paper."""
POINT_MM = 0.353
# the part of the parallel through the widest place of an area that lies within it there
_PARALLEL = (
    "intersection($geometry, make_line(make_point(x_min($geometry), y(@widest)), "
    "make_point(x_max($geometry), y(@widest))))"
)
_CHORD = (
    f"with_variable('widest', pole_of_inaccessibility($geometry, {WIDEST}), "
    f"with_variable('cuts', {_PARALLEL}, coalesce(geometry_n(@cuts, array_first(array_filter("
    "generate_series(1, coalesce(num_geometries(@cuts), 1)), "
    "distance(geometry_n(@cuts, @element), @widest) < 0.0000001))), @cuts)))"
)
# of a county's area: what is less and lies apart is a stray shape, no part of the county
STRAY = 0.001
APART = 0.5
"""In widths of the rest: how far a stray shape lies from it at least."""


@dataclass(frozen=True, slots=True)
class Tints:
    """Which level is filled, and the colour of each division of it by its code.

    The colours are stored in the style, so that they stay the same until they are renewed.
    """

    level: str = "township"
    colours: Mapping[str, str] = field(default_factory=dict)


def tints(divisions: Any) -> Tints:
    """Return the tints of the coarsest level that has several areas; neighbours never share one.

    Parameters
    ----------
    divisions
        Divisions in force, with `code`, `level` and shapes in a CRS that is stated.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> shapes = [box(112, 29, 112.2, 29.1), box(112.2, 29, 112.4, 29.1)]
    >>> told = {"code": ["421081100", "421081101"], "level": "township"}
    >>> made = tints(gpd.GeoDataFrame(told, geometry=shapes, crs=4490))
    >>> made.level, len(set(made.colours.values()))
    ('township', 2)
    """
    drawn = divisions[divisions.geometry.notna() & ~divisions.geometry.is_empty]
    several = [level for level in LEVELS if (drawn["level"] == level).sum() > 1]
    if not several:
        return Tints()
    filled = drawn[drawn["level"] == several[0]].sort_values("code")
    offered = style.palette("tint")
    chosen = colouring(neighbours(filled.geometry), colours=len(offered))
    told = zip(filled["code"].astype(str), chosen, strict=True)
    return Tints(several[0], {code: _shade(offered, at) for code, at in told})


def _shade(offered: tuple[str, ...], at: int) -> str:
    """Return a colour of the palette; past its end the same ones, each time a step darker."""
    times, which = divmod(at, len(offered))
    parts = (int(offered[which][start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(part * 0.88**times):02x}" for part in parts)


def fill(given: Tints) -> str:
    """Return the expression that fills the divisions of the filled level, and no other.

    A division that came after the colouring takes a tint in turn.
    """
    offered = [literal(each) for each in style.palette("tint")]
    turn = f"array_get(array({','.join(offered)}), $id % {len(offered)})"
    listed = ",".join(f"{literal(code)},{literal(tint)}" for code, tint in given.colours.items())
    known = f'coalesce(map_get(map({listed}), "code"), {turn})' if listed else turn
    return f'if("level" = {literal(given.level)}, {known}, {NONE})'


def labels(design: style.LayerStyle, given: Tints) -> dict[str, str]:
    """Return size, rank and scale of the labels of each level.

    Those of the filled level are drawn whatever else is in the way; the county around them
    leaves its name to the title; the finer ones begin at their scale.
    """
    known = [each for each in design.classes if each.value != style.OTHER]
    last = design.classes[-1]
    wholes = LEVELS[: LEVELS.index(given.level)] if given.level in LEVELS else ()
    level = {each.value: f'"level" = {literal(each.value)}' for each in known}
    seen = {told: _scaled(look) for look in known for told in [level[look.value]]}
    seen |= {level[each]: "FALSE" for each in wholes if each in level and given.colours}
    first = {level[each.value]: str(max(HIGHEST - at, 1)) for at, each in enumerate(known)}
    tone = {level[each.value]: literal(colour(each.label_color)) for each in known}
    return {
        "Size": cases(
            {
                level[each.value]: _fitting(each.label_size_pt)
                if each.value == given.level
                else f"{each.label_size_pt:g}"
                for each in known
            },
            otherwise=f"{last.label_size_pt:g}",
        ),
        "Color": cases(tone, otherwise=literal(colour(last.label_color))),
        "Priority": cases(
            first | {level.get(given.level, "FALSE"): str(HIGHEST)}, otherwise=str(PRIORITY)
        ),
        "Show": cases(seen, otherwise="TRUE"),
        **_pinned(f'"level" = {literal(given.level)}'),
    }


def _pinned(which: str) -> dict[str, str]:
    """Let the labels of some areas stand where those are widest, whatever else is in the way."""
    return {
        "AlwaysShow": which,
        "PositionX": f"if({which}, x(centroid({_CHORD})), NULL)",
        "PositionY": f"if({which}, y(centroid({_CHORD})), NULL)",
        "Hali": "'Center'",
        "Vali": "'Half'",
    }


def _fitting(largest: float) -> str:
    """Return the size in points at which a name fits into its area, down to a legible one."""
    laid = f"length(transform({_CHORD}, 'EPSG:4490', 'EPSG:3857'))"  # longer by 1 / cos(latitude)
    metres = f"{laid} * cos(radians(y(centroid($geometry))))"
    fits = f'{metres} / @map_scale * 1000 / ({POINT_MM} * length("name"))'
    return f"coalesce(clamp({SMALLEST}, {fits}, {largest:g}), {largest:g})"


def _scaled(look: style.Style) -> str:
    return f"@map_scale <= {denominator(look.label_min_zoom):.0f}"


def extent(divisions: Any, *, county: str) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of a county, without stray shapes.

    Parameters
    ----------
    divisions
        Divisions in force, with `code` and shapes.
    county
        Code of the county; all divisions count where it has no shape.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box, union_all
    >>> whole = union_all([box(112, 29, 113, 30), box(0, 0, 0.001, 0.001)])
    >>> extent(gpd.GeoDataFrame({"code": ["421081"]}, geometry=[whole]), county="421081")
    (112.0, 29.0, 113.0, 30.0)
    """
    own = divisions[divisions["code"].astype(str) == county].geometry.dropna()
    shapes = own if len(own) and not own.is_empty.all() else divisions.geometry.dropna()
    parts = shapely.get_parts(np.asarray(shapes.array, dtype=object))
    parts = parts[~shapely.is_empty(parts)]
    if not len(parts):
        return None
    west, south, east, north = map(float, shapely.total_bounds(_together(parts)))
    return west, south, east, north


def _together(parts: Any) -> Any:
    """Return the parts without those that are small and lie far from the rest."""
    areas = shapely.area(parts)
    main = parts[areas >= STRAY * areas.sum()] if areas.sum() else parts
    west, south, east, north = shapely.total_bounds(main)
    near = shapely.box(west, south, east, north).buffer(APART * max(east - west, north - south))
    return parts[shapely.intersects(parts, near)]

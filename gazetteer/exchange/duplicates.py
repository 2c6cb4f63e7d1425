"""Entries of a name catalogue that are likely the same: proposals with reasons, never a deed.

Whoever decides may stop and go on another day: each proposal has a key that stays the same, and
keys already decided on are passed in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from scipy.spatial import cKDTree

from gazetteer.common.coordinates import to_gauss_kruger, zone_at
from gazetteer.common.language import Text
from gazetteer.exchange.repairing import repair

NEAR_M = 300.0
"""Distance in metres within which two entries of one name are likely one place."""
SAME_SPOT_M = 15.0
"""Distance in metres within which two entries of similar names are likely one place."""
SIMILAR = 80.0
"""Likeness (0 to 100) from which two names at one spot count as similar."""
NEAREST = 8
"""An entry is proposed with so many others of its name, the nearest: where one name stands 800
times, there are 319,600 pairs, and nobody decides on them."""
MOST_DECIDED = 256
"""So many pairs decided on before take nobody's place among the nearest."""
SPOT = 32
"""At one spot an entry is compared with so many others whose names begin alike, and end alike."""

_PUNCTUATION = re.compile(r"[\s\u3000（）()〔〕\[\]【】·.,，、]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entries that may be one.

    Parameters
    ----------
    key
        Stays the same as long as both entries do.
    kept, dropped
        Labels of the two rows in the frame; the fuller one is kept.
    reason
        Why they may be one.
    score
        How likely, from 0 to 1.
    """

    key: str
    kept: object
    dropped: object
    reason: Text
    score: float


def proposals(names: pd.DataFrame, *, decided: Collection[str] = ()) -> list[Proposal]:
    """Return the pairs of entries that are likely one, likeliest first.

    Parameters
    ----------
    names
        A catalogue as `exchange.read(..., "names")` gives it: `name`, and where they are there
        `code`, `category`, `division_code`, `former_names`, `aliases`, geometry in EPSG:4490.
    decided
        Keys of proposals that have been decided on before.

    Returns
    -------
    Of each entry at most `NEAREST` pairs with others of its name, and others as they are decided.

    Examples
    --------
    >>> import shapely
    >>> frame = gpd.GeoDataFrame(
    ...     {"code": ["1", "2", "3"], "name": ["绣林山", "绣林山", "绣林山"]},
    ...     geometry=[shapely.Point(112.4, 29.7), shapely.Point(112.4005, 29.7),
    ...               shapely.Point(112.9, 29.7)], crs="EPSG:4490")
    >>> [(each.kept, each.dropped, each.reason.en) for each in proposals(frame)]
    [(0, 1, 'same name, 48 m apart')]
    """
    table = _prepared(names)
    found: dict[tuple[int, int], tuple[Text, float]] = {}
    # what was decided on takes nobody else's place among the nearest
    nearest = NEAREST + min(len(decided), MOST_DECIDED)
    for first, second, reason, score in [*_same_names(table, nearest), *_same_spots(table)]:
        pair = (min(first, second), max(first, second))
        if pair not in found or score > found[pair][1]:
            found[pair] = (reason, score)

    @cache
    def row(at: int) -> str:
        return repr(tuple(names.iloc[at].astype(str)))

    made = [
        _proposal(names, table, pair, reason, score, row=row)
        for pair, (reason, score) in found.items()
    ]
    return sorted((each for each in made if each.key not in decided), key=lambda each: -each.score)


def _empty(value: object) -> bool:
    return value is None or value is pd.NA or value != value or value in ("", ())  # noqa: PLR0124


def _prepared(names: pd.DataFrame) -> pd.DataFrame:
    """Return plain names, places in metres and how full each entry is, by position."""
    count = len(names)
    xy = np.full((count, 2), np.nan)
    if isinstance(names, gpd.GeoDataFrame) and not np.isnan(names.total_bounds).all():
        middle = zone_at(float(np.nanmedian(names.geometry.x)))  # whatever strays may lie
        plane = to_gauss_kruger(names.geometry, zone=middle)
        xy = np.column_stack([plane.x, plane.y])
        xy[~np.isfinite(xy).all(axis=1)] = np.nan  # a place on the other side of the Earth
    plain = [_PUNCTUATION.sub("", repair(str(name)).after) for name in names["name"]]
    table = {"name": plain, "x": xy[:, 0], "y": xy[:, 1]}
    for column in ("division_code", "category"):
        table[column] = list(names[column]) if column in names else [None] * count
    full = [sum(not _empty(value) for value in row) for row in names.itertuples(index=False)]
    return pd.DataFrame({**table, "full": full})


def _same_names(table: pd.DataFrame, nearest: int) -> Iterable[tuple[int, int, Text, float]]:
    """Yield entries of one name that are near each other, or in one division without places."""
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(table["name"]):
        groups.setdefault(name, []).append(at)
    xy = table[["x", "y"]].to_numpy()
    for rows in groups.values():
        placed = [at for at in rows if not np.isnan(xy[at, 0])]
        if len(placed) > 1:
            yield from _near(table, xy, np.array(placed), nearest)
        if len(rows) - len(placed) > 0 and len(rows) > 1:
            yield from _unplaced(table, rows, set(placed))


def _near(
    table: pd.DataFrame, xy: np.ndarray, rows: np.ndarray, nearest: int
) -> Iterable[tuple[int, int, Text, float]]:
    for one, other in _neighbours(xy[rows], within=NEAR_M, nearest=nearest):
        first, second = int(rows[one]), int(rows[other])
        if _agree(table["category"].iat[first], table["category"].iat[second]):
            apart = float(np.hypot(*(xy[first] - xy[second])))
            reason = Text(f"同名，相距 {apart:.0f} 米", f"same name, {apart:.0f} m apart")
            yield first, second, reason, 1.0 - 0.2 * apart / NEAR_M


def _neighbours(places: np.ndarray, *, within: float, nearest: int) -> Iterable[tuple[int, int]]:
    """Yield pairs of places within a distance, of each place at most with the nearest others."""
    tree = cKDTree(places)
    # with fewer places than that, all pairs at once; its own place is among the nearest
    if len(places) <= nearest + 1:
        yield from tree.query_pairs(within)
        return
    _, found = tree.query(places, k=nearest + 1, distance_upper_bound=within)
    own = np.repeat(np.arange(len(places)), nearest + 1)
    pairs = np.column_stack([own, found.ravel()])
    # what is not found is numbered one past the last; a pair stands once, the lesser first
    pairs = np.sort(pairs[(pairs[:, 1] < len(places)) & (pairs[:, 0] != pairs[:, 1])], axis=1)
    yield from map(tuple, np.unique(pairs, axis=0).tolist())


def _unplaced(
    table: pd.DataFrame, rows: list[int], placed: set[int]
) -> Iterable[tuple[int, int, Text, float]]:
    """Yield each entry without a place with the first other of its name in its division."""
    division, category = table["division_code"].tolist(), table["category"].tolist()
    first: dict[tuple[object, object], list[int]] = {}
    for at in rows:
        kind = None if _empty(category[at]) else category[at]
        for key in {(division[at], kind), (division[at], _ANY)}:
            if len(first.setdefault(key, [])) < 2:
                first[key].append(at)
    for at in (each for each in rows if each not in placed and not _empty(division[each])):
        kinds = (_ANY,) if _empty(category[at]) else (category[at], None)
        others = [each for kind in kinds for each in first.get((division[at], kind), ())]
        other = min((each for each in others if each != at), default=None)
        if other is not None:
            yield at, other, Text("同一政区内同名", "same name in one division"), 0.7


_ANY = object()


def _agree(one: object, other: object) -> bool:
    """Tell whether two categories do not contradict."""
    return _empty(one) or _empty(other) or one == other


def _same_spots(table: pd.DataFrame) -> Iterable[tuple[int, int, Text, float]]:
    """Yield entries at one spot whose names are similar."""
    placed = table[table["x"].notna()]
    names, categories = placed["name"].tolist(), placed["category"].tolist()
    for one, other in _at_one_spot(placed) if len(placed) > 1 else ():
        a, b = names[one], names[other]
        likeness = fuzz.ratio(a, b) if a != b else 0.0
        if likeness >= SIMILAR and _agree(categories[one], categories[other]):
            reason = Text(
                f"位置相同，名称相似度 {likeness:.0f}", f"same spot, names {likeness:.0f} % alike"
            )
            first, second = (int(placed.index[at]) for at in (one, other))
            yield first, second, reason, likeness / 100 * 0.9


def _at_one_spot(placed: pd.DataFrame) -> set[tuple[int, int]]:
    """Return pairs at one spot; where many are, those whose names begin or end alike."""
    xy = placed[["x", "y"]].to_numpy()
    pairs: set[tuple[int, int]] = set()
    for way in (1, -1):
        texts = np.array([name[::way] for name in placed["name"]])
        # a millionth of a metre a rank: names that follow each other lie nearer than the others
        height = np.unique(texts, return_inverse=True)[1] * 1e-6
        pairs |= {*_neighbours(np.column_stack([xy, height]), within=SAME_SPOT_M, nearest=SPOT)}
    return pairs


def _proposal(
    names: pd.DataFrame,
    table: pd.DataFrame,
    pair: tuple[int, int],
    reason: Text,
    score: float,
    *,
    row: Callable[[int], str],
) -> Proposal:
    first, second = pair
    if table["full"].iloc[second] > table["full"].iloc[first]:
        first, second = second, first
    key = hashlib.sha256("\x1f".join(sorted(map(row, pair))).encode()).hexdigest()[:12]
    return Proposal(key, names.index[first], names.index[second], reason, round(score, 3))

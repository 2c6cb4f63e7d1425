"""Which place on record a row of a catalogue means where it bears no code: one, or a namesake.

Name, class, division and position tell one place from another; of these the class and the division
may come only with a later list, or be put right by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
import shapely

from gazetteer.common.coordinates import apart_m
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Text
from gazetteer.common.missing import none
from gazetteer.importing.differences import Difference
from gazetteer.importing.questions import Decided, Decision
from gazetteer.importing.resolving import coordinates, resolve_codes
from gazetteer.names import categories
from gazetteer.store import County, lookup

KEY, KEY_BEFORE = "key", "key_before"
"""Under which key a row lands, and the key so far of the place on record whose class it tells."""

CLASS = Text(
    "同名同地，类别不同，改正，还是同名另一处（--another）？",
    "the same name there is of another class: put right, or another place (--another)?",
)
NOWHERE = "nan,nan"
"""How a key tells that a place has no position."""

SAME, LACKING, OTHER = range(3)
"""How the class of a row goes with that of a namesake; the less, the likelier they are one."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A place on record that a row may mean."""

    key: str
    category: str
    rank: int
    away_m: float

    @property
    def order(self) -> tuple[int, float]:
        return self.rank, self.away_m


class _Meant(NamedTuple):
    """The place that a row means, and the question where that is not clear."""

    row: Any
    known: _Known
    asks: Difference | None = None


def keyed(county: County, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a catalogue with codes for classes and the key of each row.

    Parameters
    ----------
    county
        County file.
    frame
        The frame read: ``code``, ``name``, ``category``, ``division_code``, geometry in CGCS2000
        degrees.
    """
    frame = frame.assign(category=category_codes(frame["category"]).astype(object))
    key = _as_stored(county, _place_key(frame, *_placed(county, frame)))
    return frame.assign(**{KEY: key, KEY_BEFORE: pd.Series(None, frame.index, dtype=object)})


def _placed(county: County, frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the division and the point of each row."""
    codes, _ = resolve_codes(
        frame["division_code"], county.layer("divisions"), shapes=frame["geometry"]
    )
    points = shapely.point_on_surface(frame["geometry"].to_numpy())
    return codes, pd.Series(points, index=frame.index)


def classes(county: County, frame: pd.DataFrame, decided: Decided) -> Iterator[Difference]:
    """Yield the rows of a catalogue with keys that mean a place on record under another key.

    Where that is clear, the row lands as this place, with its class where it tells one and the
    record none; else it is asked.
    """
    codes, points = _placed(county, frame)
    placed = pd.DataFrame(frame).assign(division_code=none(codes), geometry=none(points))
    held = Hierarchy.of(county.layer("divisions"))
    for row, known, asks in _meant(county, placed, held, moved_m=decided.moved_m):
        category = _class(frame.at[row, "category"])
        stands = {KEY: known.key, "category": known.category or None}
        taken = {KEY_BEFORE: known.key}
        follows: Decision = "corrected" if category and known.rank == LACKING else "kept"
        if asks is None:
            yield Difference(row, "", "", category, stands, "category", None, "", taken, follows)
        else:
            yield asks._replace(stands=stands, taken=taken)


def category_codes(classes: pd.Series) -> pd.Series:
    """Return GB/T 18521 codes for classes written as words; what is no such word stays.

    Examples
    --------
    >>> category_codes(pd.Series(["街巷", "23510", "a tower"])).tolist()
    ['23510', '23510', 'a tower']
    """
    return classes.map(lambda each: categories.code_of(each) or each)


def _as_stored(county: County, key: pd.Series) -> pd.Series:
    """Return the keys under which places are stored.

    A file of before may hold classes as words. And where a place has a position, its division is
    only what was known of it then: once there are polygons the same row lies in a township.
    """
    stored = set(lookup.place_keys(county.connection))
    alike: dict[str, list[str]] = {}
    for each in stored:
        alike.setdefault(_lasting(each), []).append(each)
    found = key.map(lambda each: each if each in stored else _only(alike.get(_lasting(each)), each))
    return key.where(found.duplicated(keep=False), found)


def _only(found: Sequence[str] | None, otherwise: str) -> str:
    return found[0] if found and len(found) == 1 else otherwise


def _lasting(key: str) -> str:
    """Return what of a key stays as more is known.

    Examples
    --------
    >>> _lasting("建设路|街巷|421081|112.4000000,29.7000000")
    '建设路|23510|112.4000000,29.7000000'
    >>> _lasting("建设路|23510|421081|nan,nan"), _lasting("DM001")
    ('建设路|23510|421081|nan,nan', 'DM001')
    """
    name, *parts = key.rsplit("|", 3)
    if len(parts) < 3:
        return key
    category, division, position = parts
    placed = [] if position != NOWHERE else [division]
    return "|".join([name, categories.code_of(category) or category, *placed, position])


def _place_key(frame: pd.DataFrame, codes: pd.Series, points: pd.Series) -> pd.Series:
    """Return the code received, else name, class, division and position (seven decimals)."""
    lon, lat = coordinates(points)
    parts = [frame["name"], frame["category"], codes]
    texts = [each.astype(object).where(each.notna(), "").astype(str) for each in parts]
    position = [f"{x:.7f},{y:.7f}" for x, y in zip(lon, lat, strict=True)]
    natural = texts[0] + "|" + texts[1] + "|" + texts[2] + "|" + pd.Series(position, frame.index)
    return frame["code"].astype(object).where(frame["code"].notna(), natural)


def _meant(
    county: County, placed: pd.DataFrame, held: Hierarchy, *, moved_m: float
) -> list[_Meant]:
    """Return the places that rows mean which are on record under no such key."""
    stored = set(lookup.place_keys(county.connection))
    rows = placed[placed["code"].isna() & placed["name"].notna() & ~placed[KEY].isin(stored)]
    if rows.empty or not stored:
        return []
    known = _by_name(county, besides=set(placed[KEY]))
    options = {}
    for row, each in zip(rows.index, rows.to_dict("records"), strict=True):
        near = [*_near(each, known.get(each["name"], ()), held, moved_m)]
        if near:
            options[row] = sorted(near, key=lambda one: one.order)
    return [*_chosen(rows, options)]


def _by_name(county: County, *, besides: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the places on record without a code that no row is known to mean, by name."""
    places = pd.DataFrame(county.layer("places", keep=[KEY]))
    columns = {name: none(places[name]) for name in (KEY, "category", "division_code", "geometry")}
    found: dict[str, list[dict[str, Any]]] = {}
    for values in zip(*columns.values(), strict=True):
        each = dict(zip(columns, values, strict=True))
        name, *parts = str(each[KEY]).rsplit("|", 3)
        if len(parts) == 3 and each[KEY] not in besides:
            found.setdefault(name, []).append(each)
    return found


def _near(
    row: Mapping[str, Any], namesakes: Sequence[Mapping[str, Any]], held: Hierarchy, moved_m: float
) -> Iterator[_Known]:
    """Yield the namesakes that lie where a row does, as far as both tell it."""
    category = _class(row["category"])
    for each in namesakes:
        away = _away_m(row["geometry"], each["geometry"])
        if away <= moved_m and _in_one_division(row, each, held):
            other = _class(each["category"])
            rank = SAME if category == other else OTHER if category and other else LACKING
            yield _Known(each[KEY], other, rank, away)


def _class(category: Any) -> str:
    return categories.code_of(category) or (category if isinstance(category, str) else "")


def _away_m(one: Any, other: Any) -> float:
    """Return how far apart two points are, in metres on the ellipsoid; 0 where one has none."""
    if one is None or other is None:
        return 0.0
    return apart_m(one, other)


def _in_one_division(row: Mapping[str, Any], place: Mapping[str, Any], held: Hierarchy) -> bool:
    """Tell whether one division holds the other; in one township where a position is lacking."""
    one, other = (each["division_code"] or "" for each in (row, place))
    if one == other:
        return True
    placed = row["geometry"] is not None and place["geometry"] is not None
    if not placed and held.at(one, "township") != held.at(other, "township"):
        return False
    return held.holds(one, other) or held.holds(other, one)


def _chosen(rows: pd.DataFrame, options: Mapping[Any, list[_Known]]) -> Iterator[_Meant]:
    """Yield each row with the place it means: nothing on record is meant by two rows."""
    claims: dict[str, list[Any]] = {}
    for row, near in options.items():
        claims.setdefault(near[0].key, []).append(row)
    asked = []
    for same in claims.values():
        first, *others = sorted(same, key=lambda row: options[row][0].order)
        if _is_clear(options[first], bool(others)):
            yield _Meant(first, options[first][0])  # the others of that name are further places
        else:
            asked += [first, *others]
    names = rows.loc[asked, "name"].value_counts()
    for row in asked:
        cells = rows.loc[row]
        asks = _question(row, cells, options[row], sole=names[cells["name"]] == 1)
        yield _Meant(row, options[row][0], asks)


def _is_clear(near: Sequence[_Known], rivals: bool) -> bool:
    """Tell whether the first of those near is the one: of the class, or alone in lacking one."""
    first, alike = near[0], {each.category for each in near if each.rank == near[0].rank}
    return first.rank == SAME or (first.rank == LACKING and len(alike) == 1 and not rivals)


def _question(row: Any, cells: pd.Series, near: Sequence[_Known], *, sole: bool) -> Difference:
    category, name = _class(cells["category"]), str(cells["name"])
    before = dict.fromkeys(_shown(each.category) for each in near if each.rank == near[0].rank)
    return Difference(
        row, name if sole else f"{name}/{category}", "、".join(before), _shown(category),
        {}, "category", CLASS,
        under=f"{name}|{cells['division_code'] or ''}",
    )  # fmt: skip


def _shown(category: str) -> str:
    return f"{category} {categories.title(category)}".strip() or "无类别"

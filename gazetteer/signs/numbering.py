"""Door numbers (门楼牌) along a street: by direction and parity, old numbers kept, 附号 between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common import tables
from gazetteer.common.coordinates import apart_m, to_gauss_kruger
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.signs import door_numbers
from gazetteer.signs.door_numbers import Door

FAR_M = 100.0
"""A door farther from its street is doubted: our own default."""
LONGEST_GAP_M = 2_000.0
"""Parts of a street farther apart than this are two streets: our own default."""
CLAUSE = "GB/T 39609-2020"
_RANKS = {"east": (0, -1), "west": (0, 1), "north": (1, -1), "south": (1, 1)}


@dataclass(frozen=True, slots=True)
class Profile:
    """How a town numbers its doors.

    Parameters
    ----------
    name, title
        Word and sentence for it.
    start
        Side from which an east-west and a north-south street is numbered; ``given`` needs a point.
    odd
        Side of odd numbers on an east-west and a north-south street.
    step_m
        Metres of frontage a number, None for numbers that run on.
    suffix
        How the 附号 is written.
    source
        Who says so.
    """

    name: str
    title: Text
    start: tuple[str, str]
    odd: tuple[str, str]
    step_m: float | None
    suffix: str
    source: str


def profile(name: str) -> Profile:
    """Return a numbering profile of ``data/numbering_profiles.csv``.

    Examples
    --------
    >>> profile("beijing-2012").start
    ('east', 'north')
    >>> profile("x")
    Traceback (most recent call last):
    gazetteer.common.errors.UnknownError: no numbering profile 'x'. Use east-south, beijing-2012,...
    """
    rows = {row["profile"]: row for row in tables.rows("numbering_profiles.csv")}
    if name not in rows:
        raise UnknownError(
            Sentence("no numbering profile {name!r}", name=name),
            remedy=Sentence("Use {listed}.", listed=tuple(rows)),
        )
    row = rows[name]
    return Profile(
        name=name,
        title=Text(row["zh"], row["en"]),
        start=(row["east_west_from"], row["north_south_from"]),
        odd=(row["odd_east_west"], row["odd_north_south"]),
        step_m=float(row["step_m"]) if row["step_m"] else None,
        suffix=row["suffix"],
        source=row["source"],
    )


@dataclass(frozen=True, slots=True)
class Numbered:
    """Doors with their numbers, and what is to be looked at.

    `doors` has the rows given, in their order, with ``number`` (as on the plate, without 号),
    ``station_m`` (metres along the street, Gauss-Krueger), ``side`` (odd or even), ``kept``; but
    for those `refused`: position among the rows given, and why.
    """

    doors: pd.DataFrame
    findings: tuple[Finding, ...]
    refused: Mapping[int, Text] = field(default_factory=dict)


def allocate(
    doors: gpd.GeoDataFrame,
    *,
    street: Iterable[shapely.LineString],
    by: Profile,
    start: tuple[float, float] | None = None,
) -> Numbered:
    """Give each door of a street its number.

    Parameters
    ----------
    doors
        Points in EPSG:4490; ``number`` where a door has one already, which it keeps as it is
        written; a door whose number cannot be one is refused, and none takes its place.
    street
        Its pieces, EPSG:4490.
    by
        The town's profile.
    start
        Longitude and latitude of the end to start from, in place of the profile's.

    Raises
    ------
    InputError
        When the street has no piece, falls apart, or its start is to be given.
    """
    refused = _refused(doors)
    doors = doors[~np.isin(np.arange(len(doors)), list(refused))]
    line = _line(street)
    both = gpd.GeoSeries([line, *doors.geometry], crs="EPSG:4490")
    at = None if start is None else shapely.Point(start)
    plane = to_gauss_kruger(gpd.GeoSeries([*both, at or shapely.Point()], crs="EPSG:4490"))
    axis, points, begin = plane.iloc[0], plane.iloc[1:-1], plane.iloc[-1]
    axis = _directed(axis, by=by, start=None if start is None else begin)
    stations = shapely.line_locate_point(axis, points.to_numpy())
    odd = _on_left(axis, points, stations) == _odd_on_left(axis, by)
    old = [door_numbers.read(str(each)) if _told(each) else None for each in _numbers(doors)]
    numbers: list[str] = [""] * len(doors)
    taken = {each.identity for each in old if each is not None}
    for side in (True, False):
        rows = [row for row in np.argsort(stations, kind="stable") if odd[row] == side]
        given = _allocate(
            [float(stations[row]) for row in rows],
            [old[row] for row in rows],
            odd=side,
            by=by,
            taken=taken,
        )
        for row, number in zip(rows, given, strict=True):
            numbers[row] = number
    kept = np.array([each is not None for each in old], dtype=bool)
    found = doors.assign(
        number=numbers, station_m=stations, side=np.where(odd, "odd", "even"), kept=kept
    )
    away = shapely.distance(axis, points.to_numpy())
    return Numbered(found, tuple(_findings(found, away=away, odd=odd, old=old)), refused)


def _refused(doors: pd.DataFrame) -> dict[int, Text]:
    """Return the doors whose old number cannot be one, with the reason."""
    told = {at: str(each) for at, each in enumerate(_numbers(doors)) if _told(each)}
    reasons = {at: door_numbers.refusal(each) for at, each in told.items()}
    return {at: reason for at, reason in reasons.items() if reason}


def _numbers(doors: pd.DataFrame) -> Sequence[object]:
    return list(doors["number"]) if "number" in doors else [None] * len(doors)


def _told(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _written(number: tuple[int, int], by: Profile) -> str:
    main, extra = number
    return f"{main}{by.suffix.format(n=extra)}" if extra else str(main)


def _line(street: Iterable[shapely.LineString]) -> shapely.LineString:
    """Return the pieces of a street as one line, gaps closed in the order they lie."""
    merged = shapely.line_merge(shapely.union_all(list(street)))
    parts = [part for part in shapely.get_parts(merged) if part.length > 0]
    if not parts:
        raise InputError(
            Sentence("The street has no line"), remedy=Sentence("Import its roads first.")
        )
    first = max(parts, key=lambda part: part.length)
    parts.remove(first)
    chain = [np.asarray(first.coords)]
    while parts:
        ends = [(part, end) for part in parts for end in (0, -1)]
        whole = np.vstack(chain)
        joins = [
            (apart_m(shapely.Point(part.coords[end]), shapely.Point(whole[side])), part, end, side)
            for part, end in ends
            for side in (0, -1)
        ]
        gap, part, end, side = min(joins, key=lambda join: join[0])
        if gap > LONGEST_GAP_M:
            remedy = Sentence("Name one street; --within DIVISION tells same-named streets apart.")
            raise InputError(
                Sentence("The street lies in parts far from one another"), remedy=remedy
            )
        parts.remove(part)
        course = np.asarray(part.coords)
        course = course if (end == 0) == (side == -1) else course[::-1]
        chain = [whole, course] if side == -1 else [course, whole]
    return shapely.LineString(np.vstack(chain))


def _is_north_south(axis: shapely.LineString) -> bool:
    (x, y), (u, v) = axis.coords[0], axis.coords[-1]
    return bool(abs(v - y) > abs(u - x))


def _directed(
    axis: shapely.LineString, *, by: Profile, start: shapely.Point | None
) -> shapely.LineString:
    first, last = (shapely.Point(axis.coords[end]) for end in (0, -1))
    if start is not None:
        return axis if first.distance(start) <= last.distance(start) else axis.reverse()
    side = by.start[_is_north_south(axis)]
    if side not in _RANKS:
        raise InputError(
            Sentence("Profile {name!r} needs the start of the street", name=by.name),
            remedy=Sentence("Give --start LON,LAT."),
        )
    place, way = _RANKS[side]
    ahead = way * (axis.coords[-1][place] - axis.coords[0][place]) >= 0
    return axis if ahead else axis.reverse()


def _on_left(axis: shapely.LineString, points: gpd.GeoSeries, stations: np.ndarray) -> np.ndarray:
    before = shapely.line_interpolate_point(axis, np.maximum(stations - 1.0, 0.0))
    after = shapely.line_interpolate_point(axis, np.minimum(stations + 1.0, axis.length))
    dx, dy = (
        shapely.get_x(after) - shapely.get_x(before),
        shapely.get_y(after) - shapely.get_y(before),
    )
    x, y = points.x.to_numpy() - shapely.get_x(before), points.y.to_numpy() - shapely.get_y(before)
    return np.asarray(dx * y - dy * x >= 0)


def _odd_on_left(axis: shapely.LineString, by: Profile) -> bool:
    """Tell whether the side of odd numbers lies to the left of the directed street."""
    north_south = _is_north_south(axis)
    (x, y), (u, v) = axis.coords[0], axis.coords[-1]
    left = ("west" if v > y else "east") if north_south else ("north" if u > x else "south")
    return left == by.odd[north_south]


def _allocate(
    stations: Sequence[float],
    old: Sequence[Door | None],
    *,
    odd: bool,
    by: Profile,
    taken: set[tuple[int, int | str]],
) -> list[str]:
    """Return the numbers of the doors of one side, in their order; new ones join those `taken`."""
    given = list[str]()
    last = -1 if odd else 0
    for row, station in enumerate(stations):
        known = old[row]
        if known is not None:
            last = max(last, known.main)
            given.append(known.text)
            continue
        coming = next((each.main for each in old[row + 1 :] if each is not None), None)
        waiting = _waiting(old, row)
        number = _next(last, station, coming, waiting=waiting, odd=odd, by=by)
        number = _free(number, taken, below=coming)
        fresh = _extra(max(last, 1 if odd else 2), taken) if number is None else (number, 0)
        taken.add(fresh)
        given.append(_written(fresh, by))
        last = max(last, fresh[0])
    return given


def _free(
    number: int | None, taken: set[tuple[int, int | str]], *, below: int | None
) -> int | None:
    """Return the first number from this one on that no door of either side has."""
    while number is not None and (number, 0) in taken:
        number = number + 2 if below is None or number + 2 < below else None
    return number


def _waiting(old: Sequence[Door | None], row: int) -> int:
    """Return how many doors from this one on come before the next that has a number."""
    rest = list(old[row:])
    known = [at for at, each in enumerate(rest) if each is not None]
    return known[0] if known else len(rest)


def _next(
    last: int,
    station: float,
    coming: int | None,
    *,
    waiting: int,
    odd: bool,
    by: Profile,
) -> int | None:
    """Return the next free main number, or None where a 附号 is due."""
    number = last + 2 if last % 2 == odd else last + 1
    if by.step_m is not None:
        due = 2 * int(station // by.step_m) + (1 if odd else 2)
        if due < number:
            return None
        number = due
    if coming is None:
        return number
    free = (coming - number + 1) // 2
    if by.step_m is not None:
        return number if number < coming else None
    # where numbers are too few, the first doors take a 附号 so that the order holds
    return number if free >= waiting else None


def _extra(main: int, taken: set[tuple[int, int | str]]) -> tuple[int, int]:
    return next((main, n) for n in range(1, 100_000) if (main, n) not in taken)


def _findings(
    doors: pd.DataFrame,
    *,
    away: np.ndarray,
    odd: np.ndarray,
    old: Sequence[Door | None],
) -> Iterable[Finding]:
    same = pd.Series([door_numbers.read(each).identity for each in doors["number"]], dtype=object)
    twice = same.duplicated(keep=False).to_numpy()
    for row, number in enumerate(doors["number"]):
        point, known = doors.geometry.iloc[row], old[row]
        if twice[row]:
            message = Text(f"{number}号有两处门", f"two doors have number {number}")
            yield _finding("door-number-twice", Severity.ERROR, number, message, point)
        if known is not None and known.main and bool(known.main % 2) != bool(odd[row]):
            message = Text(
                f"{number}号单双号与所在一侧不符", f"number {number} is on the other side"
            )
            yield _finding("door-number-side", Severity.NOTE, number, message, point)
        if away[row] > FAR_M:
            message = Text(
                f"{number}号离街道 {away[row]:.0f} 米",
                f"{number} is {away[row]:.0f} m from the street",
            )
            yield _finding("door-far", Severity.WARNING, number, message, point, float(away[row]))


def _finding(
    rule: str,
    severity: Severity,
    subject: str,
    message: Text,
    point: shapely.Point,
    measured: float | None = None,
) -> Finding:
    return Finding(
        rule=f"signs/{rule}",
        clause=CLAUSE,
        severity=severity,
        subject=subject,
        message=message,
        measured=measured,
        tolerance=None if measured is None else FAR_M,
        unit=None if measured is None else "m",
        geometry=point,
        key=f"{point.x:.6f},{point.y:.6f}",
    )

"""Door numbers (门楼牌) along a street: by direction and parity, old numbers kept, 附号 between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer import tables
from gazetteer.coordinates import to_gauss_kruger
from gazetteer.errors import InputError, UnknownError
from gazetteer.findings import Finding, Severity
from gazetteer.language import Text

FAR_M = 100.0
"""A door farther from its street is doubted: our own default."""
LONGEST_GAP_M = 2_000.0
"""Parts of a street farther apart than this are two streets: our own default."""
CLAUSE = "GB/T 39609-2020"
_NUMBER = re.compile(r"\s*(\d{1,5})\s*号?\s*(?:(?:附|-|之)\s*(\d{1,3})\s*号?)?\s*")
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
    gazetteer.errors.UnknownError: no numbering profile 'x'. Use east-south, beijing-2012, ...
    """
    rows = {row["profile"]: row for row in tables.rows("numbering_profiles.csv")}
    if name not in rows:
        raise UnknownError(f"no numbering profile {name!r}", remedy=f"Use {', '.join(rows)}.")
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


def parse(text: str) -> tuple[int, int] | None:
    """Return number and 附号 (0 where there is none) of a door, or None.

    Examples
    --------
    >>> parse("12号附3号"), parse("7-1"), parse("甲12")
    ((12, 3), (7, 1), None)
    """
    found = _NUMBER.fullmatch(text)
    return (int(found[1]), int(found[2] or 0)) if found else None


@dataclass(frozen=True, slots=True)
class Numbered:
    """Doors with their numbers, and what is to be looked at.

    `doors` has the rows given, in their order, with ``number`` (as on the plate, without 号),
    ``station_m`` (metres along the street, Gauss-Krueger), ``side`` (odd or even), ``kept``.
    """

    doors: pd.DataFrame
    findings: tuple[Finding, ...]


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
        Points in EPSG:4490; ``number`` where a door has one already, which it keeps.
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
    line = _line(street)
    both = gpd.GeoSeries([line, *doors.geometry], crs="EPSG:4490")
    at = None if start is None else shapely.Point(start)
    plane = to_gauss_kruger(gpd.GeoSeries([*both, at or shapely.Point()], crs="EPSG:4490"))
    axis, points, begin = plane.iloc[0], plane.iloc[1:-1], plane.iloc[-1]
    axis = _directed(axis, by=by, start=None if start is None else begin)
    stations = shapely.line_locate_point(axis, points.to_numpy())
    odd = _on_left(axis, points, stations) == _odd_on_left(axis, by)
    old = [parse(str(each)) if _told(each) else None for each in _numbers(doors)]
    numbers: list[str] = [""] * len(doors)
    for side in (True, False):
        rows = [row for row in np.argsort(stations, kind="stable") if odd[row] == side]
        given = _allocate(
            [float(stations[row]) for row in rows], [old[row] for row in rows], odd=side, by=by
        )
        for row, number in zip(rows, given, strict=True):
            numbers[row] = _written(number, by)
    kept = np.array([each is not None for each in old], dtype=bool)
    found = doors.assign(
        number=numbers, station_m=stations, side=np.where(odd, "odd", "even"), kept=kept
    )
    away = shapely.distance(axis, points.to_numpy())
    return Numbered(found, tuple(_findings(found, away=away, odd=odd, old=old)))


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
        raise InputError("The street has no line", remedy="Import its roads first.")
    first = max(parts, key=lambda part: part.length)
    parts.remove(first)
    chain = [np.asarray(first.coords)]
    while parts:
        ends = [(part, end) for part in parts for end in (0, -1)]
        whole = np.vstack(chain)
        joins = [
            (float(np.hypot(*(np.asarray(part.coords[end]) - whole[side]))), part, end, side)
            for part, end in ends
            for side in (0, -1)
        ]
        gap, part, end, side = min(joins, key=lambda join: join[0])
        if gap * 111_000 > LONGEST_GAP_M:
            remedy = "Name one street; --within DIVISION tells same-named streets apart."
            raise InputError("The street lies in parts far from one another", remedy=remedy)
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
            f"Profile {by.name!r} needs the start of the street", remedy="Give --start LON,LAT."
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
    old: Sequence[tuple[int, int] | None],
    *,
    odd: bool,
    by: Profile,
) -> list[tuple[int, int]]:
    """Return number and 附号 of the doors of one side, in their order along the street."""
    taken = {each for each in old if each is not None}
    given = list(old)
    last = -1 if odd else 0
    for row, station in enumerate(stations):
        known = given[row]
        if known is not None:
            last = max(last, known[0])
            continue
        coming = next((each for each in old[row + 1 :] if each is not None), None)
        waiting = _waiting(old, row)
        number = _next(last, station, coming, waiting=waiting, odd=odd, by=by)
        if number is None or (number, 0) in taken:
            number_extra = _extra(max(last, 1 if odd else 2), taken)
        else:
            number_extra = (number, 0)
        taken.add(number_extra)
        given[row] = number_extra
        last = max(last, number_extra[0])
    return [each for each in given if each is not None]


def _waiting(old: Sequence[tuple[int, int] | None], row: int) -> int:
    """Return how many doors from this one on come before the next that has a number."""
    rest = list(old[row:])
    known = [at for at, each in enumerate(rest) if each is not None]
    return known[0] if known else len(rest)


def _next(
    last: int,
    station: float,
    coming: tuple[int, int] | None,
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
    free = (coming[0] - number + 1) // 2
    if by.step_m is not None:
        return number if number < coming[0] else None
    # where numbers are too few, the first doors take a 附号 so that the order holds
    return number if free >= waiting else None


def _extra(main: int, taken: set[tuple[int, int]]) -> tuple[int, int]:
    return next((main, n) for n in range(1, 100_000) if (main, n) not in taken)


def _findings(
    doors: pd.DataFrame,
    *,
    away: np.ndarray,
    odd: np.ndarray,
    old: Sequence[tuple[int, int] | None],
) -> Iterable[Finding]:
    twice = doors["number"].duplicated(keep=False).to_numpy()
    for row, number in enumerate(doors["number"]):
        point, known = doors.geometry.iloc[row], old[row]
        if twice[row]:
            message = Text(f"{number}号有两处门", f"two doors have number {number}")
            yield _finding("door-number-twice", Severity.ERROR, number, message, point)
        if known is not None and bool(known[0] % 2) != bool(odd[row]):
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


def address(divisions: Sequence[str], *, street: str, number: str) -> str:
    """Return the standard address (标准地址) of a door.

    Examples
    --------
    >>> address(["楚溪县", "曲江街道"], street="人民路", number="12附1")
    '楚溪县曲江街道人民路12号附1号'
    """
    return f"{''.join(divisions)}{street}{on_plate(number)}"


def on_plate(number: str) -> str:
    """Return a number as it stands on the plate.

    Examples
    --------
    >>> on_plate("12"), on_plate("12附1"), on_plate("")
    ('12号', '12号附1号', '')
    """
    found = parse(number)
    if found is None:
        return number
    return f"{found[0]}号附{found[1]}号" if found[1] else f"{found[0]}号"

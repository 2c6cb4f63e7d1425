"""In what rows differ from things on record that are known by a code and not by a name.

A known line between other units, a marker number on another line, a facility that has moved, the
figures of one unit under the name of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.common.coordinates import apart_m
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Text
from gazetteer.common.missing import none
from gazetteer.importing import sameness
from gazetteer.importing.questions import MOVED_M, Decided, Decision
from gazetteer.importing.resolving import resolve_codes
from gazetteer.store import County, renaming

LINE = Text("两侧单位不同，界线变更、改错，还是编码另用？", "its sides are others: put right?")
MARKER = Text(
    "所属界线不同，界桩改编、改错，还是编号另用？", "it stands on another line: put right?"
)
MOVED = Text(
    "位置移动 {0:,.0f} 米，迁址、改错，还是同名另一处？", "moved by {0:,.0f} m: put right?"
)
PARENT = Text(
    "上级与库中不同，划归、改错，还是代管？", "another parent than on record: moved or put right?"
)
FIGURES = Text(
    "表中名称与代码所指政区不同，是代码错，还是名称错？",
    "the list has another name than the division of this code: which of them is wrong?",
)


class Difference(NamedTuple):
    """A row that says otherwise than the record.

    Parameters
    ----------
    row, code
        The row, and what a decision names it by.
    before, after
        What the record and what the file says, for people.
    stands, taken
        Column -> value that the row lands with where the record stands, where the file does.
    column
        Field that is to be looked at.
    asks
        The question; None where nothing is to be asked.
    under
        Under what a decision is remembered, the code where empty.
    follows
        What is decided where nothing is to be asked.
    """

    row: Any
    code: str
    before: str
    after: str
    stands: Mapping[str, Any]
    column: str
    asks: Text | None
    under: str = ""
    taken: Mapping[str, Any] = MappingProxyType({})
    follows: Decision = ""


def lines(county: County, frame: pd.DataFrame, _: Decided) -> Iterator[Difference]:
    """Yield known lines whose sides are others; the same two exchanged are no difference."""
    stored = county.layer("lines")
    columns = ("code", "left_code", "right_code")
    known = {code: sides for code, *sides in zip(*(none(stored[c]) for c in columns), strict=True)}
    rows = zip(frame.index, *(none(frame[name]) for name in columns), strict=True)
    for row, code, *sides in rows:
        before = known.get(code)
        if before is None or None in sides or None in before or set(before) == set(sides):
            continue
        stands = dict(zip(columns[1:], before, strict=True))
        yield Difference(row, code, "—".join(before), "—".join(sides), stands, "left_code", LINE)


def markers(county: County, frame: pd.DataFrame, _: Decided) -> Iterator[Difference]:
    """Yield known numbers whose line is another."""
    lines = county.layer("lines").set_index("id")["code"]
    stored = county.layer("markers")
    known = dict(zip(stored["number"], none(stored["line_id"].map(lines)), strict=True))
    for row, number, line in zip(
        frame.index, frame["number"], none(frame["line_code"]), strict=True
    ):
        before = known.get(number)
        if before and line and before != line:
            yield Difference(row, number, before, line, {"line_code": before}, "line_code", MARKER)


def facilities(county: County, frame: pd.DataFrame, decided: Decided) -> Iterator[Difference]:
    """Yield known facilities (name, kind, division) that lie farther off than is to be asked."""
    stored = county.layer("facilities")
    if stored.empty or "geometry" not in frame:
        return
    columns = ["name", "kind", "division_code"]
    codes, _ = resolve_codes(
        frame["division_code"], county.layer("divisions"), shapes=frame["geometry"]
    )
    keys = zip(*(none(stored[name]) for name in columns), strict=True)
    known = dict(zip(keys, stored.geometry, strict=True))
    rows = zip(none(frame["name"]), none(frame["kind"]), none(codes), strict=True)
    for row, key, shape in zip(frame.index, rows, frame["geometry"], strict=True):
        before = known.get(key)
        if before is None or shape is None or before.equals(shape):
            continue
        away = apart_m(before, shape)
        if away > decided.moved_m:
            asks = Text(MOVED.zh.format(away), MOVED.en.format(away))
            positions = _position(before), _position(shape)
            yield Difference(row, str(key[0]), *positions, {"geometry": before}, "geometry", asks)


def located_since(
    stored: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, codes: pd.Series, *, held: Hierarchy
) -> dict[Any, tuple[str, str, bool]]:
    """Return facilities on record in a division that holds that of the row, or lies in it, by row.

    The name and kind are the same, and the position is not farther off than is to be asked about.
    Each with its id, the smaller of both divisions, and whether that is news to the record.

    Parameters
    ----------
    stored, frame
        Facilities on record and those of a file: ``name``, ``kind``, geometry in CGCS2000 degrees;
        those on record also ``id`` and ``division_code``.
    codes
        Division of each row of the file.
    held
        The divisions on record.
    """
    columns = ("name", "kind", "division_code")
    known: dict[tuple[Any, Any], list[tuple[str, Any, Any]]] = {}
    for thing_id, name, kind, code, shape in zip(
        stored["id"], *(none(stored[each]) for each in columns), stored.geometry, strict=True
    ):
        known.setdefault((name, kind), []).append((thing_id, code, shape))
    found: dict[Any, tuple[str, str, bool]] = {}
    rows = zip(none(frame["name"]), none(frame["kind"]), none(codes), strict=True)
    for row, (name, kind, code), shape in zip(frame.index, rows, frame["geometry"], strict=True):
        alike = known.get((name, kind), [])
        if any(before == code for _, before, _ in alike):
            continue
        same = [
            (thing_id, str(code), True)
            if held.holds(before or "", code)
            else (thing_id, before, False)
            for thing_id, before, stood in alike
            if (held.holds(before or "", code) or held.holds(code or "", before))
            and _is_near(stood, shape)
        ]
        if len(same) == 1 and same[0][0] not in {thing_id for thing_id, *_ in found.values()}:
            found[row] = same[0]
    return found


def _is_near(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return False
    return bool(one.equals(other)) or apart_m(one, other) <= MOVED_M


def _position(shape: Any) -> str:
    point = shapely.point_on_surface(shape)
    return f"{point.x:.6f},{point.y:.6f}"


def population(county: County, frame: pd.DataFrame, _: Decided) -> Iterator[Difference]:
    """Yield figures under a code whose division bears, and bore, another name than the row gives.

    The name of a settlement inside the division is none of these: it has a position of its own, or
    does not end as units of that level do.
    """
    stored = county.layer("divisions").drop_duplicates("code", keep="last").set_index("code")
    named = county.layer("divisions").drop_duplicates("name", keep=False)
    elsewhere = set(named["name"])
    codes, names = none(frame["division_code"]), none(frame["name"])
    for row, code, name, shape in zip(frame.index, codes, names, frame["geometry"], strict=True):
        if code not in stored.index or name is None:
            continue
        before, level = stored.at[code, "name"], stored.at[code, "level"]
        if sameness.likeness(before, name, level=level) in ("same", "writing", "better"):
            continue
        unit = name in elsewhere or (shape is None and sameness.parts(name, level)[1] is not None)
        division_id = stored.at[code, "id"]
        if unit and name not in renaming.on_record(county.connection, [division_id])[division_id]:
            yield Difference(row, code, before, name, {"name": before}, "name", FIGURES)


def divisions(county: County, frame: pd.DataFrame, _: Decided) -> Iterator[Difference]:
    """Yield known divisions that a list puts under another unit than the record does."""
    stored = county.layer("divisions")
    known = dict(zip(stored["code"], none(stored["parent_code"]), strict=True))
    codes, parents = none(frame["code"]), none(frame["parent_code"])
    for row, code, parent in zip(frame.index, codes, parents, strict=True):
        before = known.get(code)
        if before and parent and before != parent:
            yield Difference(
                row, code, before, parent, {"parent_code": before}, "parent_code", PARENT
            )

"""Door numbers on the county file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Sentence, Text
from gazetteer.exchange import Reading
from gazetteer.exchange import rejects as returned
from gazetteer.office.signs import registry
from gazetteer.office.signs.registry import text_of
from gazetteer.signs import door_numbers, numbering
from gazetteer.signs.numbering import Numbered, Profile
from gazetteer.store import County
from gazetteer.store.landing import land


def number_street(
    county: County,
    street: str,
    doors: gpd.GeoDataFrame,
    *,
    by: Profile,
    start: tuple[float, float] | None = None,
    within: str = "",
    postcode: str = "",
) -> Numbered:
    """Give the doors of a street numbers; they land as signs without code.

    Doors that the county file knows at the same place (to 0.1 m) keep their number; where the
    survey has another there, the county file's stands and a finding says so.

    Parameters
    ----------
    doors
        Points in EPSG:4490, ``number`` of those that have one, ``postcode`` where it differs.
    within
        Code of a division or its beginning, where several streets have the name.
    postcode
        Of the street, for the plates.

    Raises
    ------
    UnknownError
        When there is no such street there.
    InputError
        When there are several.
    """
    refused = _one_a_place(doors)
    sound = [at for at in range(len(doors)) if at not in refused]
    place = _street(county, street, within=within)
    pieces = _pieces(county, place["thing_id"], within=within)
    known = _known(county, place["thing_id"])
    whole = _as_known(known, doors.iloc[sound])
    found = numbering.allocate(whole, street=pieces, by=by, start=start)
    where = _divisions(county, found.doors, code=text_of(place["division_code"]))
    addressed = found.doors.assign(
        address=[
            door_numbers.address(above, street=street, number=number)
            for above, number in zip(where, found.doors["number"], strict=True)
        ]
    )
    _land_doors(county, street, place, addressed, postcode=postcode)
    differing = tuple(_differing(known, doors.iloc[sound]))
    refused |= {sound[at]: why for at, why in found.refused.items() if at < len(sound)}
    return Numbered(addressed, (*found.findings, *differing), refused)


def _one_a_place(doors: gpd.GeoDataFrame) -> dict[int, Text]:
    """Return the doors at whose place (to 0.1 m) an earlier row has a door, with the reason."""
    first: dict[tuple[float, float], int] = {}
    again = {}
    for at, point in enumerate(doors.geometry):
        if (row := first.setdefault(_spot(point), at)) != at:
            again[at] = Text(
                f"与第 {row + 1} 个门位置相同，无法分辨",
                f"stands where door {row + 1} of the list stands: they cannot be told apart",
            )
    return again


def _differing(known: Mapping[tuple[float, float], Any], doors: pd.DataFrame) -> Iterator[Finding]:
    """Yield the doors that the survey gives another number than the county file has there."""
    given = doors["number"] if "number" in doors else [None] * len(doors)
    for point, received in zip(doors.geometry, given, strict=True):
        number, standing = text_of(received), known.get(_spot(point))
        if not number or standing is None or _same(number, standing):
            continue
        yield Finding(
            rule="signs/door-number-differs",
            clause=numbering.CLAUSE,
            severity=Severity.WARNING,
            subject=standing,
            message=Text(
                f"普查为“{number}”，县库中此处已是{door_numbers.on_plate(standing)}，以县库为准",
                f"the survey has {number!r} where the county file has {standing}, which stands",
            ),
            geometry=point,
            key=f"{point.x:.6f},{point.y:.6f}",
        )


def _same(number: str, standing: str) -> bool:
    """Tell whether two texts write one number."""
    if door_numbers.refusal(number) or door_numbers.refusal(standing):
        return number == standing
    return door_numbers.read(number).identity == door_numbers.read(standing).identity


def rejects(reading: Reading, refused: Mapping[int, Text]) -> pd.DataFrame:
    """Return the rows of a survey that did not land as they came, with sheet, row and reason."""
    frame, at = reading.frame, sorted(refused)
    about = {
        returned.SHEET: frame[returned.SHEET].iloc[at].to_numpy(),
        returned.ROW: frame[returned.ROW].iloc[at].to_numpy(),
        returned.COLUMN: "number",
        returned.REASON_ZH: [refused[each].zh for each in at],
        returned.REASON_EN: [refused[each].en for each in at],
    }
    rows = reading.original.iloc[at].reset_index(drop=True).assign(**about)
    return pd.concat([reading.rejects, rows], ignore_index=True) if len(rows) else reading.rejects


def _street(county: County, street: str, *, within: str) -> dict[str, Any]:
    standing = registry.standing(county)
    named_so = standing[standing["text"] == street].drop_duplicates("thing_id")
    held = Hierarchy.of(county.layer("divisions"))
    named_so = named_so[[held.holds(within, each) for each in named_so["division_code"]]]
    if named_so.empty:
        remedy = Sentence("Look for it with `gazetteer names search`.")
        raise UnknownError(
            Sentence("no street is called {street!r}", street=street[:40]), remedy=remedy
        )
    if len(named_so) > 1:
        where = tuple(named_so["division_code"].fillna("?").astype(str).head(5))
        remedy = Sentence("Name one with --within DIVISION.")
        raise InputError(
            Sentence(
                "{count} streets are called {street!r} ({where})",
                count=len(named_so),
                street=street,
                where=where,
            ),
            remedy=remedy,
        )
    return dict(named_so.to_dict("records")[0])


def _pieces(county: County, street_id: str, *, within: str) -> gpd.GeoSeries:
    """Return the roads of a street, under any name it has borne, those in the division."""
    roads, names = county.layer("roads"), county.layer("names", as_of="all")
    pieces = roads[roads["name"].isin(set(names.loc[names["thing_id"] == street_id, "text"]))]
    divisions = county.layer("divisions")
    held = Hierarchy.of(divisions)
    inside = divisions["code"].map(lambda code: held.holds(within, code)).astype(bool)
    areas = divisions[inside & ~divisions.geometry.is_empty]
    if within and areas.geometry.notna().any():
        # two streets of one name lie in two divisions: only those roads that reach the one meant
        land = shapely.union_all(shapely.make_valid(areas.geometry.to_numpy()))
        pieces = pieces[pieces.geometry.intersects(land)]
    return pieces.geometry


def _spot(point: Any) -> tuple[float, float]:
    return round(point.x, 6), round(point.y, 6)


def _known(county: County, street_id: str) -> dict[tuple[float, float], str]:
    """Return the numbers that the county file has on a street by place."""
    frame = county.layer("signs")
    numbered = frame[(frame["thing_id"] == street_id) & frame["number"].notna()]
    return {_spot(row["geometry"]): row["number"] for row in numbered.to_dict("records")}


def _as_known(
    known: Mapping[tuple[float, float], str], doors: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the doors with the numbers that the county file gave them, and those it knows only."""
    old = doors["number"] if "number" in doors else pd.Series(None, index=doors.index, dtype=object)
    spots = [_spot(point) for point in doors.geometry]
    numbers = [known.get(spot, number) for spot, number in zip(spots, old, strict=True)]
    given = doors.assign(number=numbers)
    given = given[[name for name in ("number", "postcode", "geometry") if name in given]]
    known_spots = set(spots)
    rest = [spot for spot in known if spot not in known_spots]
    if not rest:
        return given.reset_index(drop=True)
    alone = pd.DataFrame(
        {"number": [known[spot] for spot in rest], "geometry": [shapely.Point(s) for s in rest]}
    )
    whole = pd.concat([pd.DataFrame(given), alone], ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs="EPSG:4490")


def _divisions(county: County, doors: pd.DataFrame, *, code: str) -> list[list[str]]:
    """Return county and township of each door; those of the street where no polygon holds it."""
    locator = county.locator()
    wanted = ("county", "township")
    divisions = county.layer("divisions")
    chain = Hierarchy.of(divisions).chain(code)
    called = divisions[divisions["level"].isin(wanted)].set_index("code")["name"]
    usual = [called[each] for each in reversed(chain) if each in called]
    found = (
        [each["name"] for each in locator.at(point.x, point.y) if each["level"] in wanted]
        for point in doors.geometry
    )
    return [names or usual for names in found]


def _land_doors(
    county: County,
    street: str,
    place: Mapping[str, Any],
    doors: gpd.GeoDataFrame,
    *,
    postcode: str,
) -> None:
    # one door, one place: its position tells it from others, so a second run lands nothing
    rows = pd.DataFrame(
        {
            "key": [
                f"door:{place['thing_id']}:{x:.6f},{y:.6f}" for x, y in map(_spot, doors.geometry)
            ],
            "thing_id": place["thing_id"],
            "plate_class": "door-small",
            "text": street,
            "romanization": place["romanization"],
            "number": doors["number"],
            "address": doors["address"],
            "division_code": place["division_code"],
            "attributes": [_postcode(each, postcode) for each in _postcodes(doors)],
            "geometry": doors.geometry,
        }
    )
    frame = county.layer("signs", keep=["key"])
    fresh = ~rows["key"].isin(set(frame["key"]))
    # what an issued plate says stays as it was issued, whatever the street is called now
    issued = rows["key"].isin(set(frame.loc[frame["code"].notna(), "key"]))
    rows[["text", "romanization"]] = rows[["text", "romanization"]].mask(issued, None)
    rows["state"] = pd.Series("numbered", index=rows.index, dtype=object).where(fresh, None)
    rows = rows.drop_duplicates("key")
    with county.change("signs number", detail={"street": street}) as change:
        land(change, "signs", rows, key=["key"])


def _postcodes(doors: pd.DataFrame) -> list[str]:
    postcodes = doors["postcode"] if "postcode" in doors else [None] * len(doors)
    return [text_of(each) for each in postcodes]


def _postcode(own: str, usual: str) -> str | None:
    """Return what a sign keeps of its postcode (JSON), that of the door before the street's."""
    postcode = own.strip() or usual.strip()
    return json.dumps({"postcode": postcode}) if postcode else None

"""The field round on the county file: photos and forms in, visits and work orders out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer import exchange
from gazetteer.common.errors import InputError, reason
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.office.signs import registry
from gazetteer.signs import codes, inspection, scan
from gazetteer.signs.inspection import Seen, Visit
from gazetteer.signs.scan import Photo
from gazetteer.store import County
from gazetteer.store.frames import today
from gazetteer.store.landing import land

MOST_PHOTOS = 20_000
FORM = {
    "code": "标志编码",
    "name": "标准地名",
    "address": "标准地址",
    "state": "现状",
    "visited_on": "巡查日期",
    "visitor": "巡查人",
    "remarks": "备注",
    "lon": "经度（CGCS2000）",
    "lat": "纬度（CGCS2000）",
}


def photos(paths: Sequence[Path]) -> Iterator[Photo]:
    """Yield each photo read; a folder stands for the files in it, in the order of their names.

    Raises
    ------
    InputError
        When a path is not there, or too many files are.
    """
    files = [file for path in paths for file in _files(path)]
    if len(files) > MOST_PHOTOS:
        raise InputError(
            Sentence("{count} photos at once", count=len(files)),
            remedy=Sentence("Give them folder by folder."),
        )
    for file in files:
        yield _photo(file)


def _photo(file: Path) -> Photo:
    try:
        if file.stat().st_size > scan.MAX_BYTES:
            return Photo(file=file.name, error=Text("文件过大", "is too large a file"))
        return scan.read(file.read_bytes(), file=file.name)
    except OSError as error:
        why = reason(error)
        return Photo(
            file=file.name, error=Text(f"无法读取（{why.zh}）", f"cannot be read ({why.en})")
        )


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(each for each in path.iterdir() if each.is_file())
    if not path.is_file():
        raise InputError(
            Sentence("no such file"), place=str(path), remedy=Sentence("Name photos or a folder.")
        )
    return [path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """Photos and what was seen in them."""

    photos: tuple[Photo, ...]
    seen: tuple[Seen, ...]

    def as_json(self, language: Language = "zh") -> list[dict[str, Any]]:
        """Return the objects that scripts rely on, one a photo."""
        return [
            {
                "file": photo.file,
                "codes": [_code(each) for each in self.seen if each.photo is photo],
                "error": photo.error.say(language) if photo.error else None,
                "sha256": photo.sha256,
                "taken": photo.taken,
            }
            for photo in self.photos
        ]

    def findings(self, *, tolerance_m: float) -> list[Finding]:
        """Return what the photos give cause to."""
        return list(inspection.findings(self.photos, self.seen, tolerance_m=tolerance_m))


def _code(each: Seen) -> dict[str, Any]:
    lon, lat = each.photo.position or (None, None)
    return {
        "text": each.text,
        "code": each.verdict.code,
        "state": each.verdict.state,
        "lon": lon,
        "lat": lat,
        "distance_m": None if each.distance_m is None else round(each.distance_m, 1),
    }


def look(county: County, paths: Sequence[Path]) -> Scanned:
    """Read photos and check their codes against the county file."""
    read = tuple(photos(paths))
    frame = registry.signs(county)
    seen = inspection.look(read, signs=frame, known=registry.known(county))
    return Scanned(photos=read, seen=tuple(seen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What an inspection left: visits landed, orders opened and closed, rows that say nothing."""

    visits: int
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    refused: tuple[str, ...] = ()


def inspect(
    county: County, visits: Sequence[Visit], *, refused: Sequence[str] = (), source: str = ""
) -> Inspected:
    """Land visits, set the signs' states, open and close work orders; a report lands once."""
    before = set(county.layer("sign_visits")["number"])
    fresh = [each for each in visits if each.number not in before]
    if not fresh:
        return Inspected(visits=0, opened=(), closed=(), refused=tuple(refused))
    orders = county.layer("sign_orders")
    changed = inspection.orders(
        fresh, open_orders=orders[orders["state"] == "open"], today=today(), taken=len(orders)
    )
    states = [
        {"code": each.code, "state": each.state, "checked_on": each.visited_on or today()}
        for each in {visit.code: visit for visit in fresh}.values()
    ]
    with county.change("signs inspect", source=source or None) as change:
        land(change, "sign_visits", _visit_rows(fresh), key=["number"])
        land(change, "signs", pd.DataFrame(states), key=["code"])
        if len(changed):
            land(change, "sign_orders", changed, key=["number"])
    numbers = changed.groupby("state")["number"].agg(tuple) if len(changed) else {}
    return Inspected(
        visits=len(fresh),
        opened=numbers.get("open", ()),
        closed=numbers.get("closed", ()),
        refused=tuple(refused),
    )


def _visit_rows(visits: Sequence[Visit]) -> gpd.GeoDataFrame:
    rows = [{**asdict(each), "number": each.number} for each in visits]
    unique = {row["number"]: row for row in rows}.values()
    points = [
        None if row["lon"] is None else shapely.Point(row["lon"], row["lat"]) for row in unique
    ]
    frame = pd.DataFrame(unique).drop(columns=["code", "lon", "lat"]).replace("", None)
    return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4490")


def close_order(county: County, number: str, *, remarks: str = "") -> None:
    """Close a work order by hand.

    Raises
    ------
    InputError
        When no open order has the number.
    """
    frame = county.layer("sign_orders")
    if number not in set(frame.loc[frame["state"] == "open", "number"]):
        remedy = Sentence("List them: `gazetteer signs orders`.")
        raise InputError(Sentence("no open order {number!r}", number=number[:20]), remedy=remedy)
    row = {"number": number, "state": "closed", "closed_on": today(), "remarks": remarks or None}
    with county.change("signs orders --close") as change:
        land(change, "sign_orders", pd.DataFrame([row]), key=["number"])


def form(county: County, out: Path, *, open_only: bool = False) -> int:
    """Write the form of a round: GeoPackage for QField, or Excel; returns its rows.

    With `open_only` the signs with an open order only.
    """
    frame = registry.standing_signs(county)
    if open_only:
        orders = county.layer("sign_orders")
        frame = frame[frame["id"].isin(orders.loc[orders["state"] == "open", "sign_id"])]
    rows = frame[["code", "name", "address", "geometry"]].assign(
        code=frame["code"].map(codes.spoken), state="", visited_on="", visitor="", remarks=""
    )
    if out.suffix.lower() == ".gpkg":
        exchange.write(rows.astype({"state": object}), out, layer="signs", marked=county.marked())
    else:
        table = pd.DataFrame(rows.drop(columns="geometry"))
        placed = table.assign(lon=frame.geometry.x.round(6), lat=frame.geometry.y.round(6))
        exchange.write(placed, out, layer="标志巡查", labels=FORM, marked=county.marked())
    return len(rows)


def form_visits(county: County, path: Path) -> tuple[list[Visit], list[str]]:
    """Return the visits of a form that came back, and a sentence for each row that says nothing.

    Rows without a state were not visited.
    """
    reading = exchange.read(path, "sign_round")
    by_code = {row["code"]: row for row in registry.signs(county).to_dict("records")}
    visits, refused = dict[str, Visit](), []
    for at, row in enumerate(reading.frame.to_dict("records")):
        try:
            code = codes.parse(str(row["code"]))
            if code not in by_code:
                raise InputError(Sentence("no sign has code {spoken}", spoken=codes.spoken(code)))
            visit = _form_visit(row, by_code[code])
            if visits.setdefault(code, visit).state != visit.state:
                raise InputError(
                    Sentence(
                        "code {spoken} stands twice, with another state", spoken=codes.spoken(code)
                    )
                )
        except InputError as error:
            refused.append(f"{reading.place(at)}: {error}")
    return list(visits.values()), refused


def _form_visit(row: dict[str, Any], sign: dict[str, Any]) -> Visit:
    point = row.get("geometry")
    position = None if point is None or point.is_empty else (point.x, point.y)
    return Visit(
        sign_id=sign["id"],
        code=sign["code"],
        state=inspection.state(str(row["state"])),
        visited_on=_told(row["visited_on"]),
        visitor=_told(row["visitor"]),
        remarks=_told(row["remarks"]),
        lon=position[0] if position else None,
        lat=position[1] if position else None,
        distance_m=inspection.distance_m(position, sign["geometry"]),
    )


def _told(value: Any) -> str:
    return value if isinstance(value, str) else ""

"""Receiving from the field, from either side, in any form, as often and in whatever order it comes.

A file is kept by its hash and never overwritten; what it says becomes rows; what is wrong with it
is said and stands with it. Received again, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries import photos, records
from boundaries.inspection import answers, desk, fields, files, findings, ledger
from boundaries.inspection import base as handed
from boundaries.inspection.base import Base
from boundaries.inspection.bundle import require_side
from boundaries.inspection.compare import apart_m
from boundaries.inspection.fields import LAYERS
from boundaries.inspection.files import Given
from boundaries.inspection.ledger import TRACK, Row
from boundaries.inspection.sides import for_side
from boundaries.inspection.state import Receipt, RoundState
from boundaries.photos import Photo
from boundaries.records import Records
from gazetteer.coordinates import CGCS2000
from gazetteer.errors import ConflictError, GazetteerError, InputError
from gazetteer.language import Language, Text
from gazetteer.store import County

NEAR_M = 50.0
"""A photo without a number belongs to the nearest marker within this."""
AWAY_M = 300.0
"""A photo farther than this from its marker was taken elsewhere."""
LINE_M = 2_000.0
"""A track farther than this from every line of the round belongs to none."""
CLOCK_DAYS = 60
"""How long before or after the round's days a photo may be taken; else its clock is not trusted."""
ACCEPTED, KNOWN, REFUSED = STATES = ("received", "known", "refused")
WORKERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file: received, known already, or refused; what it held; remarks."""

    file: str
    kind: str
    state: str
    held: int = 0
    notes: tuple[Text, ...] = ()

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "file": self.file,
            "kind": self.kind,
            "state": self.state,
            "held": self.held,
            "notes": [each.say(language) for each in self.notes],
        }


@dataclass(frozen=True, slots=True)
class Came:
    """A file looked at: its receipt and rows, or why it is refused."""

    outcome: Outcome
    receipt: Receipt | None = None
    rows: tuple[Row, ...] = ()
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What files are looked at against."""

    state: RoundState
    known: Records
    county: str
    side: str
    base: Base
    digest: str
    today: str
    received_on: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")


def receive(
    county: County, number: str, paths: Sequence[Path], *, side: str, today: str | None = None
) -> list[Outcome]:
    """Receive files, folders and zip archives from a side, as one event.

    Parameters
    ----------
    county
        County file, open for writing.
    number, side
        Round; code of the side that sends.
    paths
        Edited GeoPackage, Excel form, GPX tracks, photos; folders and zips of these.
    today
        ISO text, in place of today: a photo cannot be of a later day.

    Raises
    ------
    UnknownError, InputError, ConflictError
        When there is no such round or side, the round is not open, a path is missing, or not one
        of the files can be taken.
    """
    known = records.of_county(county)
    state = desk.state_of(county, number, records=known)
    require_side(state, side)
    _require_open(state)
    place = Desk(
        state=state,
        known=known,
        county=county.division_code,
        side=side,
        base=for_side(state.base, state.concerned, side),
        digest=handed.digest(state.base),
        today=today or date.today().isoformat(),
    )
    with files.given(paths) as given:
        came = _looked_at(given, place)
        _refuse_all(came)
        _land(county, came, place)
    return [each.outcome for each in came]


def counts(came: Sequence[Outcome]) -> dict[str, int]:
    """Return how many files were received, known and refused, and what they held by kind."""
    states = {state: sum(each.state == state for each in came) for state in STATES}
    new = [each for each in came if each.state == ACCEPTED]
    return {
        **states,
        "records": sum(each.held for each in new if each.kind == "form"),
        "tracks": sum(each.kind == "track" for each in new),
        "photos": sum(each.kind == "photo" for each in new),
    }


def _require_open(state: RoundState) -> None:
    if state.round.state == "planned":
        remedy = "Open it first: gazetteer inspection open."
        raise ConflictError(f"round {state.round.number!r} is not open yet", remedy=remedy)
    if state.round.state in ("confirmed", "archived"):
        remedy = "What turned up later belongs to a round out of turn: inspection plan --cause."
        raise ConflictError(f"round {state.round.number!r} is {state.round.state}", remedy=remedy)


def _refuse_all(came: Sequence[Came]) -> None:
    """Raise when nothing at all could be taken: the first reason is the user's answer."""
    if came and all(each.outcome.state == REFUSED for each in came):
        first = came[0].outcome
        more = f" ({len(came)} files refused)" if len(came) > 1 else ""
        reason = first.notes[0].en.rstrip(".") + more
        raise InputError(reason, place=first.file, remedy="Nothing was changed.")
    if not came:
        raise InputError("there are no files in it", remedy="Give forms, tracks or photos.")


def _land(county: County, came: Sequence[Came], place: Desk) -> None:
    """Keep the new files and write what they say."""
    new = [each for each in came if each.outcome.state == ACCEPTED]
    if not new:
        return
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda each: files.keep(each.given, place.state.folder), new))
    inspection = ledger.round_id(county, place.state.round.number)
    rows = [row for each in new for row in each.rows]
    receipts = [each.receipt for each in new if each.receipt is not None]
    source = new[0].outcome.file if len(new) == 1 else f"{len(new)} files"
    with county.change("inspection receive", source=source) as change:
        ledger.write_receipts(change, inspection, receipts)
        ledger.write(change, inspection, rows)
        if place.state.round.state == "to be sealed" and rows:
            desk.write(change, place.state.round.reopened())


def _looked_at(given: Sequence[Given], place: Desk) -> list[Came]:
    had = {(each.side, each.sha256) for each in place.state.receipts}
    near = _Markers(place.base)

    def look(each: Given) -> Came:
        if (place.side, each.sha256) in had:
            said = Text("此前已收到", "was received before")
            return Came(Outcome(file=each.name, kind=each.kind, state=KNOWN, notes=(said,)))
        if each.error:
            return _refused(each, each.error)
        try:
            return LOOKS[each.kind](each, place, near)
        except KeyError:
            said = Text("不是表格、轨迹或照片", "is no form, track or photo")
            return _refused(each, said)
        except files.RefusedError as error:
            return _refused(each, error.said)
        except GazetteerError as error:
            return _refused(each, Text(error.what, error.what))

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(look, given))


def _refused(given: Given, reason: Text) -> Came:
    return Came(Outcome(file=given.name, kind=given.kind, state=REFUSED, notes=(reason,)))


def _came(
    given: Given, place: Desk, kind: str, *, held: int, notes: Sequence[Text], **told: Any
) -> Came:
    rows = tuple(told.pop("rows", ()))
    receipt = Receipt(
        side=place.side,
        file_name=given.name,
        sha256=given.sha256,
        bytes=given.bytes,
        kind=kind,
        received_on=place.received_on,
        notes=tuple(notes),
        **told,
    )
    outcome = Outcome(file=given.name, kind=kind, state=ACCEPTED, held=held, notes=tuple(notes))
    return Came(outcome, receipt, rows, given)


# ------------------------------------------------------------------ forms


def _form(given: Given, place: Desk, _: _Markers) -> Came:
    if files.unmerged(given):
        said = Text(
            "还有未合并的改动（-wal文件），请先在QField/QGIS中关闭再复制",
            "has changes not merged yet (-wal): close it in QField or QGIS and copy it again",
        )
        return _refused(given, said)
    form = files.form(given)
    _require_own(form.meta, given, place)
    rows: list[Row] = []
    notes: list[Text] = []
    for layer in LAYERS:
        told, faults = answers.read(layer, form.rows[layer], base=place.base)
        notes += faults
        rows += [_row(layer, each, given, form.dated, place.side) for each in told]
    if not rows:
        notes.append(Text("表中没有填写任何内容", "nothing is filled in in it"))
    about = {"rows": len(rows)}
    return _came(
        given, place, "form", held=len(rows), notes=notes, rows=rows, dated=form.dated, about=about
    )


def _require_own(meta: Mapping[str, str], given: Given, place: Desk) -> None:
    """Refuse a form of another county, round, side, version or state of what was handed out."""
    wanted = (place.county, place.state.round.number, place.side, str(fields.SCHEMA), place.digest)
    words = {
        "county": Text("县", "county"),
        "round": Text("联检轮次", "round"),
        "side": Text("填表方", "side"),
        "schema": Text("表格版本", "form version"),
        "base": Text("次发出的表", "state handed out"),
    }
    for key, want in zip(fields.META, wanted, strict=True):
        told = str(meta.get(key, "")).removesuffix(".0")
        if told != want:
            shown = told[:12] or "—", want[:12]
            said = Text(
                f"属于另一{words[key].zh}：{shown[0]}，应为{shown[1]}",
                f"it belongs to another {words[key].en}: {shown[0]}, not {shown[1]}",
            )
            remedy = "Give the file to its own round."
            raise files.RefusedError(said, place=given.name, remedy=remedy)


def _row(layer: fields.Layer, told: Mapping[str, Any], given: Given, dated: str, side: str) -> Row:
    point = told.get("geometry")
    content = {
        "layer": layer,
        "record": handed.plain(told),
        "receipt": given.sha256,
        "file_name": given.name,
        "dated": dated,
    }
    return Row(
        key=fields.key_of(layer, told),
        side=side,
        content=content,
        point=point if isinstance(point, shapely.Point) else None,
    )


# ------------------------------------------------------------------ tracks


def _track(given: Given, place: Desk, _: _Markers) -> Came:
    fixes = files.track(given)
    crs = place.known.crs
    notes: list[Text] = []
    parts, jumps = [], 0
    for segment in fixes.segments:
        metric = gpd.GeoSeries(
            gpd.points_from_xy(segment["lon"], segment["lat"]), crs=CGCS2000
        ).to_crs(crs)
        table = pd.DataFrame({"x": metric.x, "y": metric.y, "seconds": _seconds(segment["time"])})
        kept = findings.clean_track(table)
        jumps += len(table) - len(kept)
        if len(kept) > 1:
            parts.append(segment.loc[kept.index, ["lon", "lat"]].to_numpy())
    if jumps:
        zh, en = f"剔除跳点{jumps}个", f"{jumps} fixes that jump were left out"
        notes.append(Text(zh, en))
    if not parts:
        return _refused(given, Text("轨迹中没有可用的点", "no fix of the track can be used"))
    path = shapely.MultiLineString(parts)
    code = _line_of(path, given.name, place)
    if code is None:
        said = Text("轨迹不在本次联检的界线附近", "the track is near no line of the round")
        return _refused(given, said)
    text = shapely.to_wkt(path, rounding_precision=8)
    content = {"layer": TRACK, "receipt": given.sha256, "path": text}
    held = sum(map(len, parts))
    about = {"line_code": code, "jumps": jumps, "fixes": held}
    rows = [Row(key=code, side=place.side, content=content)]
    return _came(
        given, place, "track", held=held, notes=notes, rows=rows, dated=fixes.dated, about=about
    )


def _seconds(times: pd.Series) -> pd.Series:
    """Return moments as seconds; a track without times is taken as one fix in five seconds."""
    read = pd.to_datetime(times.where(times != ""), errors="coerce", utc=True, format="ISO8601")
    if read.isna().mean() > 0.5:  # the device has not kept times
        return pd.Series(np.arange(len(times)) * 5.0, index=times.index)
    return (read - read.min()).dt.total_seconds().interpolate().bfill()


def _line_of(path: shapely.MultiLineString, name: str, place: Desk) -> str | None:
    """Return the line that a track was walked along: named by its file, else the nearest."""
    lines = place.known.metric(place.state.lines)
    named = [str(code) for code in lines["code"] if str(code) in name]
    if named:
        return max(named, key=len)
    own = gpd.GeoSeries([path], crs=CGCS2000).to_crs(place.known.crs).iloc[0]
    points = shapely.points(shapely.get_coordinates(own))
    away = {
        str(code): float(np.median(shapely.distance(points, shape)))
        for code, shape in zip(lines["code"], lines.geometry, strict=True)
    }
    best = min(away, key=lambda code: away[code])
    return best if away[best] <= LINE_M else None


# ------------------------------------------------------------------ photos


class _Markers:
    """The markers of a round by number and by place."""

    def __init__(self, base: Base) -> None:
        self.places = {each["number"]: each.get("geometry") for each in base["markers"]}

    def near(self, point: shapely.Point) -> str | None:
        """Return the number of the nearest marker within reach."""
        own = [(apart_m(point, each), number) for number, each in self.places.items() if each]
        away, number = min(own, default=(np.inf, ""))
        return number if away <= NEAR_M else None


def _photo(given: Given, place: Desk, markers: _Markers) -> Came:
    photo = photos.read(files.content(given), file=given.name, thorough=False)
    if photo.error is not None:
        return _refused(given, photo.error)
    point = None if photo.place is None else shapely.Point(*photo.place)
    named = photo.label.upper()
    number = named if named in markers.places else None
    if number is None and point is not None:
        number = markers.near(point)
    notes = list(_doubts(photo, point, number, place, markers))
    elsewhere = any("not taken as its photo" in each.en for each in notes)
    about = {
        "number": None if elsewhere else number,
        "lon": point.x if point else None,
        "lat": point.y if point else None,
        "direction_deg": photo.direction_deg,
        "taken": photo.taken,
        "trusted_clock": not any("clock" in each.en for each in notes),
    }
    return _came(given, place, "photo", held=1, notes=notes, dated=photo.taken, about=about)


def _doubts(
    photo: Photo, point: shapely.Point | None, number: str | None, place: Desk, markers: _Markers
) -> Iterator[Text]:
    """Yield what speaks against a photo as evidence; it is kept all the same."""
    if point is None:
        yield Text("照片没有位置信息（EXIF）", "has no position (EXIF)")
    spot = markers.places.get(number) if number else None
    if point is not None and spot is not None and (away := apart_m(point, spot)) > AWAY_M:
        yield Text(
            f"拍摄位置距界桩{number} {away:,.0f}米，不作为该界桩的照片",
            f"was taken {away:,.0f} m from marker {number}: not taken as its photo",
        )
    if number is None:
        yield Text("不能归到任何界桩", "belongs to no marker of the round")
    if not photo.taken:
        yield Text("照片没有拍摄时间（EXIF）", "has no time (EXIF)")
    elif not _within(photo.taken[:10], place):
        day = photo.taken[:10]
        yield Text(f"相机时钟不可信（{day}）", f"its clock cannot be right ({day})")


def _within(day: str, place: Desk) -> bool:
    """Tell whether a day is near the days of the round, and not in the future."""
    margin = timedelta(days=CLOCK_DAYS)
    first = date.fromisoformat(place.state.round.starts_on) - margin
    last = max(
        date.fromisoformat(place.state.round.ends_on) + margin, date.fromisoformat(place.today)
    )
    try:
        return first <= date.fromisoformat(day) <= last
    except ValueError:
        return False


def _heic(given: Given, _: Desk, __: _Markers) -> Came:
    zh, en = "是HEIC照片，请转为JPEG（手机设为“兼容性最佳”）", "is HEIC: convert it to JPEG"
    return _refused(given, Text(zh, en))


LOOKS: Mapping[str, Callable[[Given, Desk, _Markers], Came]] = {
    "gpkg": _form,
    "xlsx": _form,
    "gpx": _track,
    "photo": _photo,
    "heic": _heic,
}
"""What looks at each kind of file."""

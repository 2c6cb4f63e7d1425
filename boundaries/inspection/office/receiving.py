"""Receiving from the field, from either side, in any form, as often and in whatever order it comes.

A file is kept by its hash and never overwritten; what it says becomes rows; what is wrong with it
is said and stands with it. Received again, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.inspection.field import files
from boundaries.inspection.field.bundle import require_side
from boundaries.inspection.field.files import Given
from boundaries.inspection.office import incoming_forms, incoming_photos, planning, storage
from boundaries.inspection.office.incoming import (
    ACCEPTED,
    KNOWN,
    REFUSED,
    STATES,
    Came,
    Desk,
    Markers,
    Outcome,
    came,
    refused,
)
from boundaries.inspection.office.storage import TRACK, Row
from boundaries.inspection.round import findings
from boundaries.inspection.round import handed_out as handed
from boundaries.inspection.round.sides import for_side
from boundaries.inspection.round.state import Receipt, RoundState
from boundaries.office import records
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import ConflictError, GazetteerError, InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.store import County, events, kept
from gazetteer.store.kept import Condition

LINE_M = 2_000.0
"""A track farther than this from every line of the round belongs to none."""
WORKERS = 4


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
    state = planning.state_of(county, number, records=known)
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
        received_on=events.now(),
    )
    with files.given(paths) as given:
        looked = _looked_at(given, place)
        _refuse_all(looked)
        _land(county, looked, place)
    return [each.outcome for each in looked]


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
        remedy = Sentence("Open it first: gazetteer inspection open.")
        raise ConflictError(
            Sentence("round {number!r} is not open yet", number=state.round.number), remedy=remedy
        )
    if state.round.state in ("confirmed", "archived"):
        remedy = Sentence(
            "What turned up later belongs to a round out of turn: inspection plan --cause."
        )
        raise ConflictError(
            Sentence(
                "round {number!r} is {state}",
                number=state.round.number,
                state=state.round.state_title,
            ),
            remedy=remedy,
        )


def _refuse_all(came: Sequence[Came]) -> None:
    """Raise when nothing at all could be taken: the first reason is the user's answer."""
    if came and all(each.outcome.state == REFUSED for each in came):
        first = came[0].outcome
        reason: Text | Sentence = first.notes[0]
        if len(came) > 1:
            told = Text(reason.zh.rstrip("。"), reason.en.rstrip("."))
            reason = Sentence("{reason} ({count} files refused)", reason=told, count=len(came))
        raise InputError(reason, place=first.file, remedy=Sentence("Nothing was changed."))
    if not came:
        raise InputError(
            Sentence("there are no files in it"), remedy=Sentence("Give forms, tracks or photos.")
        )


def _land(county: County, came: Sequence[Came], place: Desk) -> None:
    """Keep the new files and write what they say."""
    new = [each for each in came if each.outcome.state == ACCEPTED]
    if not new:
        return
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda each: files.keep(each.given, place.state.folder), new))
    inspection = storage.round_id(county, place.state.round.number)
    rows = [row for each in new for row in each.rows]
    receipts = [each.receipt for each in new if each.receipt is not None]
    source = new[0].outcome.file if len(new) == 1 else f"{len(new)} files"
    with county.change("inspection receive", source=source) as change:
        storage.write_receipts(change, inspection, receipts)
        storage.write(change, inspection, rows)
        if place.state.round.state == "to be sealed" and rows:
            planning.write(change, place.state.round.reopened())


def _looked_at(given: Sequence[Given], place: Desk) -> list[Came]:
    had = {(each.side, each.sha256): each for each in place.state.receipts}
    near = Markers(place.base)

    def look(each: Given) -> Came:
        if (place.side, each.sha256) in had:
            return _again(each, had[place.side, each.sha256], place)
        if each.error:
            return refused(each, each.error)
        if each.kind not in LOOKS:
            return refused(each, Text("不是表格、轨迹或照片", "is no form, track or photo"))
        try:
            return LOOKS[each.kind](each, place, near)
        except files.RefusedError as error:
            return refused(each, error.reason)
        except GazetteerError as error:
            return refused(each, Text(error.what.zh, error.what.en))

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(look, given))


def _again(given: Given, receipt: Receipt, place: Desk) -> Came:
    """Say of a file that it came before; put it back where what was kept of it is damaged."""
    reason = Text("此前已收到", "was received before")
    folder = place.state.folder
    if receipt.kept.condition(folder) is not Condition.WHOLE:
        kept.keep(given.path, folder, sha256=receipt.sha256, file_name=receipt.file_name)
        zh = "此前已收到；保存的文件缺失或被改动，现已补回"
        reason = Text(zh, "was received before; what was kept of it was damaged and is put back")
    return Came(Outcome(file=given.name, kind=given.kind, state=KNOWN, notes=(reason,)))


# ------------------------------------------------------------------ tracks


def _track(given: Given, place: Desk, _: Markers) -> Came:
    fixes = files.track(given)
    crs = place.known.crs
    notes: list[Text] = []
    parts, jumps = [], 0
    for segment in fixes.segments:
        # Jumps are told by speed, in metres a second; what is kept are the degrees as they came.
        metric = gpd.GeoSeries(
            gpd.points_from_xy(segment["lon"], segment["lat"]), crs=CGCS2000
        ).to_crs(crs)
        table = pd.DataFrame({"x": metric.x, "y": metric.y, "seconds": _seconds(segment["time"])})
        clean = findings.clean_track(table)
        jumps += len(table) - len(clean)
        if len(clean) > 1:
            parts.append(segment.loc[clean.index, ["lon", "lat"]].to_numpy())
    if jumps:
        zh, en = f"剔除跳点{jumps}个", f"{jumps} fixes that jump were left out"
        notes.append(Text(zh, en))
    if not parts:
        return refused(given, Text("轨迹中没有可用的点", "no fix of the track can be used"))
    path = shapely.MultiLineString(parts)
    code = _line_of(path, given.name, place)
    if code is None:
        reason = Text("轨迹不在本次联检的界线附近", "the track is near no line of the round")
        return refused(given, reason)
    text = shapely.to_wkt(path, rounding_precision=8)
    content = {"layer": TRACK, "receipt": given.sha256, "path": text}
    held = sum(map(len, parts))
    about = {"line_code": code, "jumps": jumps, "fixes": held}
    rows = [Row(key=code, side=place.side, content=content)]
    return came(
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
    metric = gpd.GeoSeries([path], crs=CGCS2000).to_crs(place.known.crs).iloc[0]
    # The median, because one walk often goes on along the next line: most of it says which it is.
    points = shapely.points(shapely.get_coordinates(metric))
    away = {
        str(code): float(np.median(shapely.distance(points, shape)))
        for code, shape in zip(lines["code"], lines.geometry, strict=True)
    }
    best = min(away, key=lambda code: away[code])
    return best if away[best] <= LINE_M else None


LOOKS: Mapping[str, Callable[[Given, Desk, Markers], Came]] = {
    "gpkg": incoming_forms.form,
    "xlsx": incoming_forms.form,
    "gpx": _track,
    "photo": incoming_photos.photo,
    "heic": incoming_photos.heic,
}
"""What looks at each kind of file."""

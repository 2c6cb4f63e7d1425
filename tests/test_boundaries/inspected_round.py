"""A round on the demo's county as both sides would leave it, written with the ledger itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import shapely
from PIL import Image, ImageDraw

from boundaries.inspection.office import planning, storage
from boundaries.inspection.office.storage import Row
from boundaries.inspection.round import handed_out as handed
from boundaries.inspection.round.state import Decision, Receipt, Step
from boundaries.office import records
from gazetteer.store import County, copies

NUMBER, LINE = "2026-1", "429921001104"
SIDES = ("429921001", "429921104")
MARKERS = ("429921001104001Q", "429921001104002Q", "429921001104003Q")
MARKUP = "<b>移位</b> #strong[*] =1+1 𠮷\U0003134f"


def picture(text: str, *, size: tuple[int, int] = (1600, 1200), shade: str = "#7a8f6a") -> bytes:
    """Return a photo as a phone would leave it."""
    image = Image.new("RGB", size, shade)
    pen = ImageDraw.Draw(image)
    pen.rectangle((size[0] * 0.44, size[1] * 0.3, size[0] * 0.56, size[1] * 0.85), fill="#d8d4cc")
    pen.text((size[0] * 0.45, size[1] * 0.4), text, fill="#b2182b")
    target = BytesIO()
    image.save(target, "JPEG", quality=70)
    return target.getvalue()


def make(path: Path, *, state: str = "compared", lose: bool = False) -> None:
    """Play a round in a county file: one marker moved, one lost, one told differently.

    Parameters
    ----------
    path
        County file of the demo, to be written.
    state
        In which the round is left.
    lose
        Whether the file of one photo is gone after its coming.
    """
    with County(path, writing=True) as county:
        known = records.of_county(county)
        days = {"starts_on": "2026-03-01", "ends_on": "2026-03-20"}
        planning.keep(
            county, planning.plan(known, NUMBER, [LINE], **days), command="inspection plan"
        )
        inspected = planning.open_round(county, NUMBER, command="inspection open")
        base = handed.records_of(known, inspected)
        inspection = storage.round_id(county, NUMBER)
        folder = copies.files_beside(path)
        with county.change("inspection receive") as change:
            storage.write(change, inspection, list(_answers(base)))
            receipts = list(_photos(base, folder, lose=lose))
            walked = _walked(known)
            track = _receipt(SIDES[0], "轨迹.gpx", b"<gpx/>", kind="track", about={})
            _keep(folder, track, b"<gpx/>")
            content = {"layer": "track", "receipt": track.sha256, "path": walked.wkt}
            storage.write(change, inspection, [Row(key=LINE, side=SIDES[0], content=content)])
            storage.write_receipts(change, inspection, [*receipts, track])
            storage.write(change, inspection, list(_settled(base)))
        while inspected.state != state:
            step = {"open": "compared", "compared": "to be sealed", "to be sealed": "confirmed"}
            inspected = planning.find(county, NUMBER)
            if inspected.state == "to be sealed":
                for side in SIDES:
                    inspected = inspected.sealed(side, sha256=hashlib.sha256(b"scan").hexdigest())
            inspected = inspected.move(step[inspected.state])  # type: ignore[arg-type]
            with county.change("inspection confirm") as change:
                planning.write(change, inspected)


def _row(layer: str, side: str, record: dict[str, Any]) -> Row:
    content = {
        "layer": layer,
        "record": handed.plain(record),
        "dated": "2026-03-10",
        "file_name": f"{side}.gpkg",
    }
    key = handed.key_of(layer, record)  # type: ignore[arg-type]
    return Row(key=key, side=side, content=content)


def _answers(base: handed.Base) -> Iterable[Row]:
    """Yield both sides' answers: the first marker moved, the second lost, the third differs."""
    places = {each["number"]: each["geometry"] for each in base["markers"]}
    for at, side in enumerate(SIDES):
        common = {"inspected_on": "2026-03-10", "inspector": f"检查员{at + 1}"}
        for each in base["markers"]:
            number = each["number"]
            told: dict[str, Any] = {"number": number, "state": "good", "cleared": "yes", **common}
            if number == MARKERS[0]:
                there = shapely.Point(places[number].x + 0.00003, places[number].y)
                told |= {"state": "moved", "geometry": there, "remarks": MARKUP}
            elif number == MARKERS[1]:
                told |= {"state": "lost"}
            elif number == MARKERS[2]:
                told |= {"state": ("damaged", "illegible")[at], "repainted": "yes"}
            yield _row("markers", side, told)
        for each in base["reference_objects"]:
            key = {"number": each["number"], "ordinal": each["ordinal"]}
            gone = each["number"] == MARKERS[0] and each["ordinal"] == 1
            yield _row(
                "reference_objects", side, {**key, "presence": "gone" if gone else "present"}
            )
        for each in base["segments"]:
            told = {"line_code": LINE, "ordinal": each["ordinal"], "recognisable": "yes"}
            told |= {"feature_changed": "no", "works": "no", "resurvey": "no"}
            if each["ordinal"] == 2:
                told |= {"works": "yes", "works_description": "采砂场"}
            yield _row("segments", side, told)


def _photos(base: handed.Base, folder: Path, *, lose: bool) -> Iterable[Receipt]:
    for each in base["markers"]:
        for at, side in enumerate(SIDES):
            number, point = each["number"], each["geometry"]
            content = picture(f"{number} {at}", shade=("#7a8f6a", "#8f7a6a")[at])
            if number == MARKERS[2] and at:
                content = b"no image"
            about = {
                "number": number, "lon": point.x + 0.0001, "lat": point.y,
                "direction_deg": 270.0, "taken": f"2026-03-1{at}T10:00:00",
            }  # fmt: skip
            receipt = _receipt(side, f"{number}_{at}.jpg", content, kind="photo", about=about)
            if not (lose and number == MARKERS[1] and at):
                _keep(folder, receipt, content)
            yield receipt


def _keep(folder: Path, receipt: Receipt, content: bytes) -> None:
    name = f"{receipt.sha256}{Path(receipt.file_name).suffix}"
    target = folder / receipt.sha256[:2] / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _receipt(side: str, name: str, content: bytes, *, kind: str, about: dict[str, Any]) -> Receipt:
    return Receipt(
        side=side,
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        kind=kind,
        received_on="2026-03-12T00:00:00Z",
        dated="2026-03-10",
        about=about,
    )


def _walked(known: records.Records) -> shapely.MultiLineString:
    """Return a track along the line that leaves it once."""
    line = known.line(LINE).geometry
    xy = shapely.get_coordinates(shapely.line_merge(line).simplify(0.0002))
    middle = len(xy) // 2
    xy[middle, 1] += 0.001
    return shapely.MultiLineString([xy])


def _settled(base: handed.Base) -> Iterable[Row]:
    """Yield what the sides agreed on afterwards, and what they did together."""
    place = next(each["geometry"] for each in base["markers"] if each["number"] == MARKERS[1])
    decision = Decision(
        key=MARKERS[2], field="state", value="damaged", by=SIDES, on="2026-03-18", note="现场复核"
    )
    yield storage.decision_row(decision)
    yield storage.step_row(
        Step(
            kind="re-erect", key=MARKERS[1], on="2026-03-19", present=SIDES,
            lon=place.x, lat=place.y, note="按协议坐标重埋",
        )
    )  # fmt: skip

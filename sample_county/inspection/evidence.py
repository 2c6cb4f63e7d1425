"""Photos and tracks that the sides bring: good ones, and each kind of bad one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from PIL import ExifTags, Image, ImageDraw

from sample_county.chance import stream
from sample_county.delivery.survey import Survey
from sample_county.geodesy import sexagesimal
from sample_county.inspection.plan import DAYS, LINE, OFF_M, Plan, detour, exact, number
from sample_county.model import XY

SIZE_PX = (480, 360)
SKY, GROUND, STONE, MOSS, RED = (
    (196, 214, 226), (128, 134, 96), (176, 174, 168), (96, 110, 80), (176, 40, 40),
)  # fmt: skip
WALK_MPS, STEP_M, GPS_M = 1.3, 25.0, 2.5
JUMPS = (12, 25, 33)
Told = dict[str, Any]


def photos(plan: Plan, survey: Survey, folder: Path, *, side: str) -> Iterator[Told]:
    """Write one side's photos; yield for each file what is wrong with it (``how``)."""
    first = side == plan.sides[0]
    wanted = ((1, "B"), (2, "A"), (3, "A"), (3, "B"), (4, "A" if first else "B"))
    for serial, letter in wanted:
        key = number(serial, letter)
        state = plan.markers[side].get(key, {}).get("state", "good")
        at = exact(survey.marker(key).at)
        yield _photo(folder / f"{key}_1.jpg", key, state, at=at, side=side, day=_day(plan, side))
    yield from _bad(plan, survey, folder) if first else _scans(plan, folder, side)


def _day(plan: Plan, side: str) -> str:
    return DAYS[plan.sides.index(side)].replace("-", ":")


def _bad(plan: Plan, survey: Survey, folder: Path) -> Iterator[Told]:
    """Write photos with a clock ten years off, without EXIF, of another place, twice, and none."""
    key = number(1, "A")
    lon, lat = exact(survey.marker(key).at)
    side, day = plan.sides[0], _day(plan, plan.sides[0])
    old = f"2016{day[4:]}"
    yield _photo(folder / f"{key}_1.jpg", key, "good", at=(lon, lat), side=side, day=day)
    again = folder / f"{key}_1_副本.jpg"
    again.write_bytes((folder / f"{key}_1.jpg").read_bytes())
    yield {"side": side, "file": again.name, "kind": "photo", "how": "same file"}
    yield _photo(
        folder / f"{key}_2.jpg", key, "good", at=(lon, lat), side=side, day=old, how="clock"
    )
    yield _photo(folder / f"{key}_3.jpg", key, "good", at=None, side=side, day="", how="no exif")
    away = (lon + 0.05, lat)
    yield _photo(folder / f"{key}_4.jpg", key, "good", at=away, side=side, day=day, how="elsewhere")
    fake = folder / f"{key}_5.jpg"
    fake.write_bytes("这不是图像".encode())
    yield {"side": side, "file": fake.name, "kind": "photo", "how": "no image"}


def _scans(plan: Plan, folder: Path, side: str) -> Iterator[Told]:
    """Pages of the printed booklet, filled in by hand and scanned: no position, no time."""
    for serial in (1, 2, 3, 4):
        key = number(serial, "A")
        page = Image.new("L", (620, 877), 250)
        draw = ImageDraw.Draw(page)
        draw.rectangle((30, 30, 590, 847), outline=40, width=2)
        for row in range(80, 840, 44):
            draw.line((30, row, 590, row), fill=150)
        state = plan.markers[side].get(key, {}).get("state", "good")
        draw.text((50, 50), f"{key}  {state}", fill=30)
        draw.line((60, 700, 200, 690, 240, 720), fill=60, width=3)
        path = folder / f"{key}_手册扫描.jpg"
        page.save(path, quality=60)
        yield {"side": side, "file": path.name, "kind": "photo", "how": "scan"}


def _photo(
    path: Path,
    key: str,
    state: str,
    *,
    at: tuple[float, float] | None,
    side: str,
    day: str,
    how: str = "good",
) -> Told:
    exif = Image.Exif()
    if day:
        exif[ExifTags.Base.DateTime] = f"{day} 09:{int(key[12:15]):02d}:00"
    if at is not None:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "N",
                ExifTags.GPS.GPSLatitude: sexagesimal(at[1]),
                ExifTags.GPS.GPSLongitudeRef: "E",
                ExifTags.GPS.GPSLongitude: sexagesimal(at[0]),
                ExifTags.GPS.GPSImgDirection: float(37 * int(key[12:15]) % 360),
            }
        )
    _picture(key, state, seed=len(path.name) + sum(map(ord, path.name + side))).save(
        path, quality=70, exif=exif
    )
    return {"side": side, "file": path.name, "kind": "photo", "how": how}


def _picture(key: str, state: str, *, seed: int) -> Image.Image:
    """Draw a stone post in a field, in the state it is in."""
    scene = Image.new("RGB", SIZE_PX, SKY)
    draw = ImageDraw.Draw(scene)
    rng = np.random.default_rng(seed)
    wide, high = SIZE_PX
    draw.rectangle((0, high * 0.55, wide, high), fill=GROUND)
    for x, y in rng.uniform((0, high * 0.55), (wide, high), (300, 2)):
        draw.line((x, y, x + 2, y - 7), fill=MOSS)
    left, top, base = wide * 0.42, high * 0.25, high * 0.85
    if state == "lost":
        draw.ellipse((left, high * 0.72, left + 90, high * 0.80), fill=(90, 80, 66))
        return scene
    lean = 26 if state == "moved" else 0
    draw.polygon(
        [(left, base), (left + 80, base), (left + 80 + lean, top), (left + lean, top)], fill=STONE
    )
    if state != "illegible":
        draw.text((left + 14 + lean / 2, top + 40), key[-4:], fill=RED, font_size=26)
    if state == "damaged":
        crack = (left + 8, top + 20, left + 60, top + 90, left + 30, top + 150)
        draw.line(crack, fill=GROUND, width=6)
    return scene


# ------------------------------------------------------------------ tracks


def tracks(plan: Plan, survey: Survey, folder: Path, *, seed: int) -> Iterator[Told]:
    """Write the tracks: one along the line, a short one with jumps, one with a detour."""
    line = survey.line(LINE)
    first, second = plan.sides
    shape = shapely.LineString(line.xy)
    rng = stream(seed, "inspection-tracks")
    along = [(at.x, at.y) for at in map(shape.interpolate, np.arange(0, shape.length, STEP_M))]
    yield _gpx(folder / first / f"轨迹_{LINE}.gpx", _noisy(rng, along), day=DAYS[0], side=first)
    short = _noisy(rng, along[:60])
    for at in JUMPS:
        short[at] = (short[at][0] + 4000.0, short[at][1] + 2500.0)
    jumping = folder / first / f"轨迹_{LINE}_补测.gpx"
    yield {**_gpx(jumping, short, day=DAYS[0], side=first), "how": "jumps", "jumps": len(JUMPS)}
    start, end, way = detour(line)
    before = [xy for at, xy in enumerate(along) if at * STEP_M <= start]
    after = [xy for at, xy in enumerate(along) if at * STEP_M >= end]
    path = folder / second / f"轨迹_{LINE}.gpx"
    track = _gpx(path, _noisy(rng, [*before, *way, *after]), day=DAYS[1], side=second)
    yield {**track, "how": "detour", "from_m": start, "to_m": end, "off_m": OFF_M}


def _noisy(rng: np.random.Generator, way: Sequence[XY]) -> list[XY]:
    shifts = np.clip(rng.normal(0.0, GPS_M, (len(way), 2)), -3 * GPS_M, 3 * GPS_M)
    return [(x + dx, y + dy) for (x, y), (dx, dy) in zip(way, shifts, strict=True)]


def _gpx(path: Path, way: Sequence[XY], *, day: str, side: str) -> Told:
    begun = datetime.fromisoformat(f"{day}T00:30:00").replace(tzinfo=UTC)
    fixes, metres = [], 0.0
    for at, place in enumerate(way):
        metres += STEP_M if at else 0.0
        lon, lat = exact(place)
        when = begun + timedelta(seconds=round(metres / WALK_MPS))
        fixes.append(
            f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{when:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>'
        )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="field" '
    head += 'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>\n'
    text = head + "\n".join(fixes) + "\n</trkseg></trk></gpx>\n"
    path.write_text(text, encoding="utf-8")
    return {"side": side, "file": path.name, "kind": "track", "how": "good", "fixes": len(way)}

"""The round of the sample county: door survey, an old sign list, and photos of rendered plates.

Photos need the plates that the tour has printed; so they are taken later than the raw files are
made. What is wrong with each is the truth that the scan has to find.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from PIL import ExifTags, Image, ImageEnhance, ImageFilter

from sample_county.chance import stream
from sample_county.geodesy import lonlat, sexagesimal
from sample_county.model import Street, World

DOORS, OLD_LIST, PHOTOS = "raw/门牌普查.csv", "raw/旧标志台账.csv", "raw/标志照片"
STREET = "友爱街"
GROUND = (118, 124, 112)
FRAME_PX = (1200, 900)
DAY = "2026:03:18 09:%02d:00"


@dataclass(frozen=True)
class Plate:
    """A plate to be photographed: its code, its image (PNG), where it stands in degrees."""

    code: str
    png: bytes
    lon: float
    lat: float
    forged: bool = False


def write(world: World, folder: Path, *, seed: int) -> dict[str, Any]:
    """Write the door survey of one street and an old sign list; return what is true in them."""
    doors = _doors(world, folder / DOORS, seed)
    return {"street": STREET, "doors": doors, "old_list": _old_list(world, folder / OLD_LIST)}


def _doors(world: World, path: Path, seed: int) -> list[dict[str, Any]]:
    """Twenty-four doors on both sides of the street, none with a number."""
    street = next(each for each in world.streets if each.name.text == STREET)
    rng = stream(seed, "doors")
    line = street.shape
    stations = np.sort(rng.uniform(15.0, line.length - 15.0, 24))
    found = []
    for at, station in enumerate(stations):
        ahead = line.interpolate(station + 1.0)
        here = line.interpolate(station)
        out = np.array([here.y - ahead.y, ahead.x - here.x]) * (12.0 if at % 2 else -12.0)
        lon, lat = lonlat((here.x + out[0], here.y + out[1]))
        found.append({"lon": lon, "lat": lat, "left": bool(at % 2)})
    lines = ["门牌号,经度(CGCS2000),纬度(CGCS2000)"]
    lines += [f",{each['lon']},{each['lat']}" for each in found]
    path.write_text("\r\n".join([*lines, ""]), encoding="utf-8-sig")
    return _numbered(found, street)


def _numbered(doors: list[dict[str, Any]], street: Street) -> list[dict[str, Any]]:
    """Return doors numbered from the east, or from the south, odd numbers on the left."""
    (x, y), (u, v) = street.shape.coords[0], street.shape.coords[-1]
    ahead = u < x if abs(u - x) >= abs(v - y) else v > y
    last = {True: -1, False: 0}
    for each in doors if ahead else reversed(doors):
        odd = each.pop("left") == ahead
        last[odd] += 2
        each["number"] = str(last[odd])
    return doors


def _old_list(world: World, path: Path) -> dict[str, int]:
    """Eight signs without doubt, two for review (former name, far off), one unknown."""
    counts: dict[str, int] = {}
    names = [each.name.text for each in world.streets]
    single = [each for each in world.streets if names.count(each.name.text) == 1]
    lines = ["编号,标准地名,所在区划,经度(CGCS2000),纬度(CGCS2000)"]

    def put(number: int, name: str, division: str, at: shapely.Point, outcome: str) -> None:
        lon, lat = lonlat((at.x, at.y))
        lines.append(f"旧{number:03d},{name},{division},{lon:.6f},{lat:.6f}")
        counts[outcome] = counts.get(outcome, 0) + 1

    for number, each in enumerate(single[:8]):
        put(
            number,
            each.name.text,
            each.division,
            each.shape.interpolate(0.5, normalized=True),
            "matched",
        )
    former = next(each for each in world.streets if each.former)
    put(8, former.former, former.division, former.shape.interpolate(0.5, normalized=True), "review")
    far = single[8].shape.interpolate(0.5, normalized=True)
    put(9, single[8].name.text, single[8].division, shapely.Point(far.x, far.y + 3000), "review")
    put(10, "../../无此路", single[9].division, far, "unknown")
    path.write_text("\r\n".join([*lines, ""]), encoding="gb18030")
    return counts


def photograph(plates: Sequence[Plate], folder: Path, *, seed: int = 421) -> list[dict[str, Any]]:
    """Photograph plates, each in another light; add broken files; return what each photo is.

    Parameters
    ----------
    plates
        At least eight that the office has printed, and forged ones.
    folder
        Where `PHOTOS` is made; ``truth.json`` in it is told.
    seed
        As of the raw files.

    Returns
    -------
    For each photo: ``file``, ``how``, ``code`` (or None), ``state`` (verdict) and ``moved``.
    """
    home = folder / PHOTOS
    home.mkdir(parents=True, exist_ok=True)
    rng = stream(seed, "photos")
    photographs: list[dict[str, Any]] = []
    for number, plate in enumerate(plates):
        how = HOWS[number % len(HOWS)]
        file = f"IMG_{number:04d}.jpg"
        shift = 0.004 if how == "elsewhere" else 0.0
        image = _taken(plate.png, how, rng)
        exif = _exif(plate.lon + shift, plate.lat, number)
        image.save(home / file, quality=80, exif=exif)
        state = "forged" if plate.forged else "genuine"
        row = {"file": file, "how": how, "code": plate.code, "state": state}
        photographs.append(row | {"moved": bool(shift) and not plate.forged})
    (home / "IMG_9000.jpg").write_bytes("这不是图像".encode())
    (home / "IMG_9001.png").write_bytes(_bomb())
    wall = Image.new("RGB", FRAME_PX, GROUND)
    wall.save(home / "IMG_9002.jpg", quality=70, exif=_exif(112.5, 29.7, 59))
    for file, how in (("IMG_9000.jpg", "no image"), ("IMG_9001.png", "bomb")):
        photographs.append(
            {"file": file, "how": how, "code": None, "state": "error", "moved": False}
        )
    photographs.append(
        {"file": "IMG_9002.jpg", "how": "bare wall", "code": None, "state": None, "moved": False}
    )
    _tell(folder / "truth.json", photographs)
    return photographs


def _tell(path: Path, photos: list[dict[str, Any]]) -> None:
    truth = json.loads(path.read_text(encoding="utf-8"))
    truth["signs"]["photos"] = photos
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")


HOWS = ("straight", "turned", "blurred", "dark", "far", "askew", "elsewhere", "noisy")


def _taken(png: bytes, how: str, rng: np.random.Generator) -> Image.Image:
    with Image.open(io.BytesIO(png)) as opened:
        plate = opened.convert("RGB")
    share = 0.55 if how == "far" else 0.85
    plate.thumbnail((int(FRAME_PX[0] * share), int(FRAME_PX[1] * share)))
    if how == "turned":
        plate = plate.rotate(float(rng.uniform(8, 25)), expand=True, fillcolor=GROUND)
    if how == "askew":
        plate = _askew(plate)
    scene = Image.new("RGB", FRAME_PX, GROUND)
    room = [scene.size[axis] - plate.size[axis] for axis in (0, 1)]
    scene.paste(plate, (max(room[0] // 2, 0), max(room[1] // 3, 0)))
    if how == "blurred":
        scene = scene.filter(ImageFilter.GaussianBlur(1.6))
    if how == "dark":
        scene = ImageEnhance.Brightness(scene).enhance(0.22)
    if how == "noisy":
        noise = rng.normal(0, 22, (FRAME_PX[1], FRAME_PX[0], 3))
        dirty = np.clip(np.asarray(scene, dtype=float) + noise, 0, 255)
        scene = Image.fromarray(dirty.astype(np.uint8))
    return scene


def _askew(plate: Image.Image) -> Image.Image:
    """Look at a plate from the side: its right edge shorter than its left."""
    w, h = plate.size
    corners = (0, 0, 0, h, w, h * 1.12, w, -h * 0.12)
    return plate.transform(
        (w, h), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=GROUND
    )


def _exif(lon: float, lat: float, minute: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.DateTime] = DAY % (minute % 60)
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: sexagesimal(lat),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: sexagesimal(lon),
        }
    )
    return exif


def _bomb() -> bytes:
    """Return a PNG of few bytes that would unpack to 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", head), chunk(b"IDAT", packed), chunk(b"IEND", b"")]
    )

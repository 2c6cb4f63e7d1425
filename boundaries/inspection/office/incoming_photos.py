"""Photos that came: whose marker they show, and what speaks against them as evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum, auto

import shapely

from boundaries import photos
from boundaries.inspection.field import files
from boundaries.inspection.field.files import Given
from boundaries.inspection.office.incoming import Came, Desk, Markers, came, refused
from boundaries.photos import Photo
from gazetteer.common.coordinates import apart_m
from gazetteer.common.language import Text

AWAY_M = 300.0
"""A photo farther than this from its marker was taken elsewhere."""
CLOCK_DAYS = 60
"""How long before or after the round's days a photo may be taken; else its clock is not trusted."""


class Doubt(Enum):
    """What speaks against a photo as evidence."""

    NO_PLACE = auto()
    ELSEWHERE = auto()
    NO_MARKER = auto()
    NO_TIME = auto()
    CLOCK = auto()


def photo(given: Given, place: Desk, markers: Markers) -> Came:
    """Look at a photo: whose marker it shows, what speaks against it."""
    image = photos.read(files.content(given), file=given.name, thorough=False)
    if image.error is not None:
        return refused(given, image.error)
    point = None if image.place is None else shapely.Point(*image.place)
    named = image.label.upper()
    number = named if named in markers.places else None
    if number is None and point is not None:
        number = markers.near(point)
    doubts = dict(_doubts(image, point, number, place, markers))
    about = {
        "number": None if Doubt.ELSEWHERE in doubts else number,
        "lon": point.x if point else None,
        "lat": point.y if point else None,
        "direction_deg": image.direction_deg,
        "taken": image.taken,
        "trusted_clock": Doubt.CLOCK not in doubts,
    }
    notes = list(doubts.values())
    return came(given, place, "photo", held=1, notes=notes, dated=image.taken, about=about)


def _doubts(
    photo: Photo, point: shapely.Point | None, number: str | None, place: Desk, markers: Markers
) -> Iterator[tuple[Doubt, Text]]:
    """Yield what speaks against a photo as evidence; it is kept all the same."""
    if point is None:
        yield Doubt.NO_PLACE, Text("照片没有位置信息（EXIF）", "has no position (EXIF)")
    spot = markers.places.get(number) if number else None
    if point is not None and spot is not None and (away := apart_m(point, spot)) > AWAY_M:
        zh = f"拍摄位置距界桩{number} {away:,.0f}米，不作为该界桩的照片"
        en = f"was taken {away:,.0f} m from marker {number}: not taken as its photo"
        yield Doubt.ELSEWHERE, Text(zh, en)
    if number is None:
        yield Doubt.NO_MARKER, Text("不能归到任何界桩", "belongs to no marker of the round")
    if not photo.taken:
        yield Doubt.NO_TIME, Text("照片没有拍摄时间（EXIF）", "has no time (EXIF)")
    elif not _within(photo.taken[:10], place):
        day = photo.taken[:10]
        yield Doubt.CLOCK, Text(f"相机时钟不可信（{day}）", f"its clock cannot be right ({day})")


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


def heic(given: Given, _: Desk, __: Markers) -> Came:
    """Refuse a photo that most programs cannot open."""
    zh, en = "是HEIC照片，请转为JPEG（手机设为“兼容性最佳”）", "is HEIC: convert it to JPEG"
    return refused(given, Text(zh, en))

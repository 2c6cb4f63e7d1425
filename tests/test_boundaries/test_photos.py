"""Photos: position, direction and time from EXIF; damaged and foreign files."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import ExifTags, Image

from boundaries.photos import read
from gazetteer.common.photographs import described
from tests.test_boundaries.photo_sample import photo


def test_position_direction_and_time_are_read() -> None:
    seen = read(photo(112.4085, 29.7), file="照片/421081101102001Q_1.jpg")
    assert seen.error is None
    assert seen.place == pytest.approx((112.4085, 29.7), abs=1e-7)
    assert (seen.direction_deg, seen.taken) == (45.0, "2025-06-01T09:30:00")
    assert (seen.width, seen.height, seen.label) == (32, 24, "421081101102001Q")


def test_south_and_west_are_negative() -> None:
    image, target = Image.new("RGB", (4, 4)), BytesIO()
    exif = image.getexif()
    exif[0x8825] = {1: "S", 2: (10.0, 30.0, 0.0), 3: "W", 4: (20.0, 0.0, 36.0)}
    image.save(target, "JPEG", exif=exif)
    assert read(target.getvalue(), file="x.jpg").place == pytest.approx((-20.01, -10.5))


def test_a_photo_without_exif_has_no_place() -> None:
    target = BytesIO()
    Image.new("RGB", (4, 4)).save(target, "PNG")
    seen = read(target.getvalue(), file="x.png")
    assert (seen.error, seen.place, seen.taken) == (None, None, "")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0", b"<svg/>"])
def test_what_is_no_image_says_so(content: bytes) -> None:
    assert read(content, file="x.jpg").error is not None


def test_a_cut_off_image_is_damaged() -> None:
    whole = photo(112.4, 29.7)
    error = read(whole[:-60], file="x.jpg").error
    assert error is not None
    assert "damaged" in error.en


@pytest.mark.parametrize("lon", [(180, 0, 1), (float("nan"), 0, 0), (), "112", ("x",) * 3])
def test_a_place_that_is_not_on_earth_is_none(lon: object) -> None:
    image = Image.new("RGB", (4, 4))
    gps = {1: "N", 2: (29.0, 42.0, 0.0), 3: "E", 4: lon}
    image.getexif().get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    assert described(image).place is None

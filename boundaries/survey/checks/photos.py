"""Each marker has a photo that opens and was taken at the marker."""

from __future__ import annotations

from collections.abc import Iterator

from boundaries.photos import Photo
from boundaries.survey.case import Case, Issue, column
from gazetteer.common.coordinates import CGCS2000_ELLIPSOID, to_cgcs2000
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text


def readable(case: Case) -> Iterator[Issue]:
    """Yield each photo that does not open, and each marker without a photo."""
    for photo in case.delivery.photos:
        if photo.error is not None:
            zh, en = f"照片{photo.file}{photo.error.zh}", f"photo {photo.file} {photo.error.en}"
            yield Issue(
                "unreadable", case.marker_of(photo), Text(zh, en), Severity.WARNING, key=photo.file
            )
    if not case.delivery.photos:
        return
    shown = {case.marker_of(photo) for photo in case.delivery.photos}
    for number in column(case.delivery.layer("markers"), "number").dropna().astype(str):
        if number not in shown:
            message = Text(f"界桩{number}没有照片", f"marker {number} has no photo")
            yield Issue("missing", number, message, Severity.WARNING)


def at_marker(case: Case) -> Iterator[Issue]:
    """Yield each photo whose EXIF position is away from its marker."""
    markers = to_cgcs2000(case.metric("markers"))
    where = dict(zip(column(markers, "number").astype(str), markers.geometry, strict=True))
    for photo in case.delivery.photos:
        point = where.get(case.marker_of(photo))
        if photo.place is not None and point is not None:
            yield from _away(case, photo, (point.x, point.y))


def _away(case: Case, photo: Photo, marker: tuple[float, float]) -> Iterator[Issue]:
    limit, number = case.profile.tolerance("photo_from_marker").value, case.marker_of(photo)
    _, _, metres = CGCS2000_ELLIPSOID.inv(*marker, *(photo.place or marker))
    if metres > limit:
        zh = f"照片{photo.file}拍摄位置距界桩{number} {metres:.0f}米"
        en = f"photo {photo.file} was taken {metres:.0f} m from marker {number}"
        message, size, name = Text(zh, en), float(metres), "photo_from_marker"
        yield Issue("away", number, message, Severity.WARNING, name, size, key=photo.file)

"""What can be wrong with the markers of a delivery, their objects, photos and tri-points."""

from __future__ import annotations

from dataclasses import replace

from sample_county.delivery import texts
from sample_county.delivery.spoiling_lines import aside
from sample_county.delivery.survey import Survey


def _rename(survey: Survey, old: str, new: str) -> None:
    """Give a marker another number in all its records."""
    survey.marker(old).number = new
    for each in survey.objects:
        each.number = new if each.number == old else each.number


def grammar(survey: Survey, code: str) -> None:
    """A number does not follow the rule."""
    number = survey.markers_of(code)[-1].number
    _rename(survey, number, f"{number[:-1]}Z")


def serial_gap(survey: Survey, code: str) -> None:
    """A serial is left out."""
    last = survey.markers_of(code)[-1].number
    _rename(survey, last, f"{code}{int(last[12:15]) + 1:03d}Q")


def duplicate(survey: Survey, code: str) -> None:
    """Two markers bear one number."""
    *_, before, last = survey.markers_of(code)
    survey.objects = [each for each in survey.objects if each.number != last.number]
    _rename(survey, last.number, before.number)


def one_place(survey: Survey, code: str) -> None:
    """One post is delivered under two numbers, in all its records."""
    last = survey.markers_of(code)[-1]
    number = f"{code}{int(last.number[12:15]) + 1:03d}{last.number[15:]}"
    survey.markers.append(replace(last, number=number))
    objects_of_marker = [each for each in survey.objects if each.number == last.number]
    survey.objects += [replace(each, number=number) for each in objects_of_marker]


def order(survey: Survey, code: str) -> None:
    """Two markers have each other's serial."""
    *_, before, last = (marker.number for marker in survey.markers_of(code))
    for old, new in ((before, "x"), (last, before), ("x", last)):
        _rename(survey, old, new)


def side_missing(survey: Survey, code: str) -> None:
    """One post of a double marker is missing."""
    lost = next(m for m in survey.markers_of(code) if m.number.endswith("B"))
    survey.markers.remove(lost)
    survey.objects = [each for each in survey.objects if each.number != lost.number]


def off_line(survey: Survey, number: str) -> None:
    """A marker stands 4 m off its line, and all its records agree."""
    marker = survey.marker(number)
    line = survey.line(marker.line)
    vertex = line.xy.index(marker.at)
    marker.at = aside(line, vertex, 4.0)


def height_missing(survey: Survey, number: str) -> None:
    """A height is missing."""
    marker = survey.marker(number)
    survey.told_results[number] = {"height": marker.height}
    survey.told_registrations[number] = {"height": marker.height}
    marker.height = None


def height_implausible(survey: Survey, number: str) -> None:
    """A marker stands 9,000 m high."""
    survey.marker(number).height = 9000.0


def height_differs(survey: Survey, number: str) -> None:
    """The table tells another height."""
    height = survey.marker(number).height or 0.0
    survey.told_results[number] = {"height": round(height + 36.0, 2)}


def accuracy(survey: Survey, number: str) -> None:
    """A marker has an error of 2.5 m."""
    survey.marker(number).accuracy = 2.5


def too_few(survey: Survey, number: str) -> None:
    """A marker has two reference objects."""
    objects_of_marker = [each for each in survey.objects if each.number == number]
    survey.objects = [each for each in survey.objects if each.number != number] + objects_of_marker[
        :2
    ]


def _object(survey: Survey, number: str) -> int:
    return next(i for i, each in enumerate(survey.objects) if each.number == number)


def azimuth(survey: Survey, number: str) -> None:
    """An azimuth is turned round."""
    survey.objects[_object(survey, number)].azimuth_error = 180.0


def distance(survey: Survey, number: str) -> None:
    """A distance is 5 m too long."""
    survey.objects[_object(survey, number)].distance_error = 5.0


def cell_empty(survey: Survey, number: str) -> None:
    """A reference object has no name."""
    survey.objects[_object(survey, number)].name = None


def coordinates(survey: Survey, number: str) -> None:
    """The table's coordinates are 1 m off."""
    x, y = survey.marker(number).at
    survey.told_results[number] = {"at": (x, y + 1.0)}


def row_missing(survey: Survey, number: str) -> None:
    """A marker is not in the table."""
    survey.told_results[number] = None


def not_registered(survey: Survey, number: str) -> None:
    """A marker is not registered."""
    survey.told_registrations[number] = None


def photo_missing(survey: Survey, number: str) -> None:
    """A marker has no photo."""
    survey.told_photos[number] = None


def photo_broken(survey: Survey, number: str) -> None:
    """A photo is cut off."""
    whole = texts.photo(survey.marker(number).at, seed=0)
    survey.told_photos[number] = whole[: len(whole) - 200]


def photo_away(survey: Survey, number: str) -> None:
    """A photo was taken 500 m away."""
    x, y = survey.marker(number).at
    survey.told_photos[number] = (x + 500.0, y)


def tri_off(survey: Survey, number: str) -> None:
    """A tri-point is 10 m off the node."""
    point = next(each for each in survey.tri_points if each.number == number)
    point.at = (point.at[0] + 8.0, point.at[1] + 6.0)


def tri_document(survey: Survey, number: str) -> None:
    """A tri-point has no document."""
    next(each for each in survey.tri_points if each.number == number).document = None

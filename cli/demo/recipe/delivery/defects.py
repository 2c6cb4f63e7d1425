"""Defects of a survey delivery: each planted by itself, at a place of its own, and what it breaks.

A place (line, marker, unit) is given to each defect in advance, whichever of them are planted, so
that the same defect always hits the same place and two of them never meet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from cli.demo.recipe.delivery import texts
from cli.demo.recipe.delivery.survey import LineRecord, MarkerRecord, Survey
from cli.demo.recipe.model import XY
from cli.demo.recipe.planting import moved

Place = Literal["whole", "line", "bare", "series", "double", "marker", "unit", "tri-point"]


@dataclass(frozen=True)
class Defect:
    """One way for a delivery to be wrong.

    Parameters
    ----------
    description
        What is wrong, in one sentence.
    rule
        The one finding of a survey check that it causes: check and kind.
    place
        What it hits: a line with markers, a bare line (without), one with a series of three or
        more, one with double markers, a marker, a unit, a tri-point, or the delivery as a whole.
    spoil
        Plants it at the place given (code or number) in a survey.
    together
        Whether other defects can still be seen beside it.
    """

    description: str
    rule: str
    place: Place
    spoil: Callable[[Survey, str], None]
    together: bool = True

    def plant(self, survey: Survey) -> str:
        """Plant the defect; return the code or number of what it hits."""
        name = next(name for name, defect in DEFECTS.items() if defect is self)
        subject = dict(places(survey))[name]
        self.spoil(survey, subject)
        return subject


def places(survey: Survey) -> Iterator[tuple[str, str]]:
    """Give each defect of the table its place, none twice.

    Raises
    ------
    ValueError
        When the county has too few places of a kind.
    """
    if survey.places:
        yield from survey.places.items()
        return
    used: set[str] = set()
    for name, defect in DEFECTS.items():
        for subject in _candidates(survey, defect.place, used if defect.together else set()):
            used.add(subject)
            survey.places[name] = subject
            yield name, subject
            break
        else:
            msg = f"the county has no {defect.place} left for {name!r}"
            raise ValueError(msg)


def _candidates(survey: Survey, place: Place, used: set[str]) -> Iterator[str]:
    """Yield the places of a kind that nothing has hit yet; lines with a wrong series are left."""
    if place == "whole":
        yield "delivery"
    elif place == "unit":
        yield from (unit.code for unit in survey.units if unit.code not in used)
    elif place == "tri-point":
        yield from (point.number for point in survey.tri_points if point.number not in used)
    elif place == "marker":
        free = (m for m in survey.markers if m.line not in used and m.number not in used)
        yield from (marker.number for marker in free if marker.number.endswith("Q"))
    else:
        own = {line.code: survey.markers_of(line.code) for line in survey.lines}
        fewest = sorted(set(own) - used, key=lambda code: (len(own[code]), code))
        yield from (code for code in fewest if FITS[place](own[code]))


def _single(markers: list[MarkerRecord]) -> bool:
    return all(marker.number.endswith("Q") for marker in markers)


FITS: dict[str, Callable[[list[MarkerRecord]], bool]] = {
    "line": bool,
    "bare": lambda markers: not markers,
    "series": lambda markers: len(markers) >= 3 and _single(markers),
    "double": lambda markers: bool(markers) and not _single(markers),
}


def _free_vertex(line: LineRecord, survey: Survey) -> int:
    """Return a vertex of a line, near its middle, that is no marker and no listed point."""
    taken = {marker.at for marker in survey.markers}
    middle = len(line.xy) // 2
    return next(
        i
        for i in range(middle, len(line.xy) - 2)
        if i % 12 in {1, 2, 3} and line.xy[i] not in taken
    )


def _aside(line: LineRecord, vertex: int, left_m: float) -> XY:
    """Return a vertex moved to the left of its line (m)."""
    (x0, y0), (x1, y1) = line.xy[vertex - 1], line.xy[vertex + 1]
    share = left_m / math.dist((x0, y0), (x1, y1))
    x, y = line.xy[vertex]
    return round(x - (y1 - y0) * share, 3), round(y + (x1 - x0) * share, 3)


def _move_edge(survey: Survey, code: str, left_m: float) -> None:
    """Move one vertex of the left unit's polygon; its neighbour keeps it."""
    line = survey.line(code)
    vertex = _free_vertex(line, survey)
    unit = next(unit for unit in survey.units if unit.code == line.left)
    unit.shape = moved(unit.shape, {line.xy[vertex]: _aside(line, vertex, left_m)})


def _gap(survey: Survey, code: str) -> None:
    _move_edge(survey, code, 2.0)


def _overlap(survey: Survey, code: str) -> None:
    _move_edge(survey, code, -2.0)


def _off_edge(survey: Survey, code: str) -> None:
    line = survey.line(code)
    vertex = _free_vertex(line, survey)
    line.xy[vertex] = _aside(line, vertex, 3.0)


def _line_missing(survey: Survey, code: str) -> None:
    survey.lines.remove(survey.line(code))


def _sides(survey: Survey, code: str) -> None:
    line = survey.line(code)
    line.left, line.right = line.right, line.left


def _line_code(survey: Survey, code: str) -> None:
    line = survey.line(code)
    line.code = f"{code[:9]}999"


def _status(survey: Survey, code: str) -> None:
    survey.line(code).status = "历史线"


def _length(survey: Survey, code: str) -> None:
    survey.told_lengths[code] = 1.02


def _point_off(survey: Survey, code: str) -> None:
    x, y = survey.line(code).xy[6]
    survey.told_points[f"{code}-001"] = (x + 9.0, y + 9.0)


def _direction(survey: Survey, code: str) -> None:
    told = texts.description(survey, survey.line(code))
    first = told.index("向") + 1
    after = next(i for i in range(first, len(told)) if told[i].isdigit())
    opposite = (texts.SECTORS.index(told[first:after]) + 8) % 16
    survey.told_texts[code] = told[:first] + texts.SECTORS[opposite] + told[after:]


def _told_distance(survey: Survey, code: str) -> None:
    told = texts.description(survey, survey.line(code))
    at = next(i for i, letter in enumerate(told) if letter.isdigit() and "向" in told[:i])
    end = told.index("千米", at)
    survey.told_texts[code] = f"{told[:at]}{float(told[at:end]) * 1.5:.2f}{told[end:]}"


def _no_text(survey: Survey, code: str) -> None:
    survey.told_texts[code] = None


def _both_sides(survey: Survey, _: str) -> None:
    """Let the other side's line swing out by up to 6 m over 400 m and more."""
    line = survey.other
    start = len(line.xy) // 3
    away = [6.0 * math.sin(math.pi * step / 9) for step in range(1, 9)]
    shifted = [_aside(line, start + i, left_m) for i, left_m in enumerate(away)]
    line.xy[start : start + len(shifted)] = shifted


def _rename(survey: Survey, old: str, new: str) -> None:
    """Give a marker another number in all its records."""
    survey.marker(old).number = new
    for each in survey.objects:
        each.number = new if each.number == old else each.number


def _grammar(survey: Survey, code: str) -> None:
    number = survey.markers_of(code)[-1].number
    _rename(survey, number, f"{number[:-1]}Z")


def _serial_gap(survey: Survey, code: str) -> None:
    last = survey.markers_of(code)[-1].number
    _rename(survey, last, f"{code}{int(last[12:15]) + 1:03d}Q")


def _duplicate(survey: Survey, code: str) -> None:
    *_, before, last = survey.markers_of(code)
    survey.objects = [each for each in survey.objects if each.number != last.number]
    _rename(survey, last.number, before.number)


def _order(survey: Survey, code: str) -> None:
    *_, before, last = (marker.number for marker in survey.markers_of(code))
    for old, new in ((before, "x"), (last, before), ("x", last)):
        _rename(survey, old, new)


def _side_missing(survey: Survey, code: str) -> None:
    lost = next(m for m in survey.markers_of(code) if m.number.endswith("B"))
    survey.markers.remove(lost)
    survey.objects = [each for each in survey.objects if each.number != lost.number]


def _off_line(survey: Survey, number: str) -> None:
    """Set a marker 4 m off; all its records agree with where it stands."""
    marker = survey.marker(number)
    line = survey.line(marker.line)
    vertex = line.xy.index(marker.at)
    marker.at = _aside(line, vertex, 4.0)


def _height_missing(survey: Survey, number: str) -> None:
    marker = survey.marker(number)
    survey.told_results[number] = {"height": marker.height}
    survey.told_registrations[number] = {"height": marker.height}
    marker.height = None


def _height_implausible(survey: Survey, number: str) -> None:
    survey.marker(number).height = 9000.0


def _height_differs(survey: Survey, number: str) -> None:
    height = survey.marker(number).height or 0.0
    survey.told_results[number] = {"height": round(height + 36.0, 2)}


def _accuracy(survey: Survey, number: str) -> None:
    survey.marker(number).accuracy = 2.5


def _too_few(survey: Survey, number: str) -> None:
    own = [each for each in survey.objects if each.number == number]
    survey.objects = [each for each in survey.objects if each.number != number] + own[:2]


def _object(survey: Survey, number: str) -> int:
    return next(i for i, each in enumerate(survey.objects) if each.number == number)


def _azimuth(survey: Survey, number: str) -> None:
    survey.objects[_object(survey, number)].azimuth_error = 180.0


def _distance(survey: Survey, number: str) -> None:
    survey.objects[_object(survey, number)].distance_error = 5.0


def _cell_empty(survey: Survey, number: str) -> None:
    survey.objects[_object(survey, number)].name = None


def _coordinates(survey: Survey, number: str) -> None:
    x, y = survey.marker(number).at
    survey.told_results[number] = {"at": (x, y + 1.0)}


def _row_missing(survey: Survey, number: str) -> None:
    survey.told_results[number] = None


def _not_registered(survey: Survey, number: str) -> None:
    survey.told_registrations[number] = None


def _photo_missing(survey: Survey, number: str) -> None:
    survey.told_photos[number] = None


def _photo_broken(survey: Survey, number: str) -> None:
    whole = texts.photo(survey.marker(number).at, seed=0)
    survey.told_photos[number] = whole[: len(whole) - 200]


def _photo_away(survey: Survey, number: str) -> None:
    x, y = survey.marker(number).at
    survey.told_photos[number] = (x + 500.0, y)


def _tri_off(survey: Survey, number: str) -> None:
    point = next(each for each in survey.tri_points if each.number == number)
    point.at = (point.at[0] + 8.0, point.at[1] + 6.0)


def _tri_document(survey: Survey, number: str) -> None:
    next(each for each in survey.tri_points if each.number == number).document = None


def _name(survey: Survey, code: str) -> None:
    unit = next(each for each in survey.units if each.code == code)
    unit.name = unit.name[:-1] + ("乡" if unit.name.endswith("镇") else "镇")


def _code(survey: Survey, code: str) -> None:
    next(each for each in survey.units if each.code == code).code = f"{code[:6]}188"


def _area(survey: Survey, code: str) -> None:
    survey.told_areas[code] = 1.01


def _file_missing(survey: Survey, _: str) -> None:
    survey.left_out.add("boundary_points")


def _file_broken(survey: Survey, _: str) -> None:
    survey.cut_off.add("lengths")


def _column_missing(survey: Survey, _: str) -> None:
    survey.columns_left_out.add(("markers", "界桩类型"))


def _mixed(survey: Survey, _: str) -> None:
    survey.layer_crs["reference_objects"] = "EPSG:4547"


def _zone_prefix(survey: Survey, _: str) -> None:
    survey.layer_crs["tri_points"], survey.labels["tri_points"] = "EPSG:4526", "EPSG:4525"


def _axes(survey: Survey, _: str) -> None:
    survey.swapped.add("tri_points")


def _encrypted(survey: Survey, _: str) -> None:
    survey.encrypted = True


def _datum(survey: Survey, _: str) -> None:
    survey.labels["tri_points"] = "EPSG:2382"


def _no_crs(survey: Survey, _: str) -> None:
    survey.labels["lines"] = ""


DEFECTS: dict[str, Defect] = {
    "numbering-gap": Defect("a serial is left out", "numbering/gap", "series", _serial_gap),
    "numbering-duplicate": Defect(
        "two markers bear one number", "numbering/duplicate", "series", _duplicate
    ),
    "numbering-order": Defect(
        "two markers have each other's serial", "numbering/order", "series", _order
    ),
    "side-missing": Defect(
        "one post of a double marker is missing", "numbering/type", "double", _side_missing
    ),
    "line-code": Defect(
        "a line's code is not that of its sides", "numbering/line-code", "bare", _line_code
    ),
    "gap": Defect("a unit's edge is drawn back by 2 m", "tiling/gap", "line", _gap),
    "overlap": Defect("a unit's edge is pushed out by 2 m", "tiling/overlap", "line", _overlap),
    "line-off-edge": Defect(
        "a vertex of a line is 3 m off the units' edge", "edges/off-edge", "line", _off_edge
    ),
    "line-missing": Defect(
        "a line between two units is missing", "lines/missing-line", "line", _line_missing
    ),
    "sides-swapped": Defect("left and right unit are swapped", "sides/sides", "line", _sides),
    "legal-status": Defect(
        "a line has a legal status that there is not", "status/legal-status", "line", _status
    ),
    "length": Defect("a length in the table is 2 % too long", "lengths/length", "line", _length),
    "description-direction": Defect(
        "a description tells the opposite direction", "descriptions/direction", "line", _direction
    ),
    "marker-off-line": Defect(
        "a marker stands 4 m off its line", "markers/off-line", "marker", _off_line
    ),
    "numbering-grammar": Defect(
        "a number does not follow the rule", "numbering/grammar", "series", _grammar
    ),
    "height-missing": Defect("a height is missing", "fields/empty", "marker", _height_missing),
    "height-implausible": Defect(
        "a marker stands 9,000 m high", "heights/height", "marker", _height_implausible
    ),
    "height-differs": Defect(
        "the table tells another height", "heights/height-differs", "marker", _height_differs
    ),
    "accuracy": Defect("a marker has an error of 2.5 m", "heights/accuracy", "marker", _accuracy),
    "references-too-few": Defect(
        "a marker has two reference objects", "reference-count/too-few", "marker", _too_few
    ),
    "reference-azimuth": Defect(
        "an azimuth is turned round", "references/azimuth", "marker", _azimuth
    ),
    "reference-distance": Defect(
        "a distance is 5 m too long", "references/distance", "marker", _distance
    ),
    "reference-unnamed": Defect(
        "a reference object has no name", "fields/empty", "marker", _cell_empty
    ),
    "table-coordinates": Defect(
        "the table's coordinates are 1 m off", "coordinates/coordinates", "marker", _coordinates
    ),
    "table-row-missing": Defect(
        "a marker is not in the table", "coordinates/marker-missing", "marker", _row_missing
    ),
    "not-registered": Defect(
        "a marker is not registered",
        "registrations/registration-missing",
        "marker",
        _not_registered,
    ),
    "photo-missing": Defect("a marker has no photo", "photos/missing", "marker", _photo_missing),
    "photo-broken": Defect("a photo is cut off", "photos/unreadable", "marker", _photo_broken),
    "photo-away": Defect(
        "a photo was taken 500 m away", "photo-places/away", "marker", _photo_away
    ),
    "tri-point-off": Defect(
        "a tri-point is 10 m off the node", "tri-points/off-node", "tri-point", _tri_off
    ),
    "tri-point-undocumented": Defect(
        "a tri-point has no document", "tri-point-documents/document", "tri-point", _tri_document
    ),
    "unit-name": Defect(
        "a unit has another name than the register", "register/name", "unit", _name
    ),
    "unit-code": Defect(
        "a unit has another code than the register", "register/code", "unit", _code
    ),
    "area": Defect("an area in the table is 1 % too large", "areas/area", "unit", _area),
    "both-sides": Defect(
        "the other side's line swings out by 6 m", "both-sides/both-sides", "whole", _both_sides
    ),
    "file-missing": Defect(
        "the table of boundary points is missing", "files/missing", "whole", _file_missing
    ),
    "column-missing": Defect(
        "the markers have no type", "fields/missing-column", "whole", _column_missing
    ),
    "layer-zone": Defect(
        "the reference objects are in the next zone", "zone/mixed", "whole", _mixed
    ),
    "description-distance": Defect(
        "a description tells a distance half as long again",
        "descriptions/distance",
        "line",
        _told_distance,
        together=False,
    ),
    "description-missing": Defect(
        "a line has no description", "descriptions/missing", "line", _no_text, together=False
    ),
    "boundary-point-off": Defect(
        "a boundary point in the table is off its line",
        "boundary-points/off-line",
        "line",
        _point_off,
        together=False,
    ),
    "file-broken": Defect(
        "a workbook is cut off", "files/unreadable", "whole", _file_broken, together=False
    ),
    "zone-prefix": Defect(
        "a layer has eastings of zone 38 and is labelled zone 37",
        "reference-frame/zone-prefix",
        "whole",
        _zone_prefix,
        together=False,
    ),
    "axes": Defect(
        "northing and easting of a layer are swapped",
        "reference-frame/axes",
        "whole",
        _axes,
        together=False,
    ),
    "datum": Defect(
        "a layer is labelled Xi'an 80", "reference-frame/datum", "whole", _datum, together=False
    ),
    "crs-missing": Defect(
        "a layer states no CRS", "reference-frame/crs-missing", "whole", _no_crs, together=False
    ),
    "gcj02": Defect(
        "all layers are shifted as GCJ-02", "shift/shift", "whole", _encrypted, together=False
    ),
}

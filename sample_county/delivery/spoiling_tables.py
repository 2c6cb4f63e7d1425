"""What can be wrong with what tables, cards and names say beside the layers."""

from __future__ import annotations

import shapely

from sample_county.delivery.survey import LineRecord, ObjectRecord, Survey, UnitRecord
from sample_county.geodesy import geodesic_area


def _card(survey: Survey, number: str, **told: object) -> None:
    survey.told_registrations[number] = dict(told)


def card_place(survey: Survey, number: str) -> None:
    """A card's coordinates are 100 m off."""
    x, y = survey.marker(number).at
    _card(survey, number, at=(x + 60.0, y - 80.0))


def card_type(survey: Survey, number: str) -> None:
    """A card says another type of marker."""
    _card(survey, number, kind="三立")


def card_material(survey: Survey, number: str) -> None:
    """A card says another material."""
    _card(survey, number, material="混凝土")


def card_line(survey: Survey, number: str) -> None:
    """A card names another line."""
    code = survey.marker(number).line
    _card(survey, number, line=next(line.code for line in survey.lines if line.code != code))


def card_unknown(survey: Survey, number: str) -> None:
    """A marker that nobody has set is registered."""
    line = survey.marker(number).line
    row = [f"{line}099Q", line, "单立双面", "花岗岩", None, None, 35.0, "位于田埂上", "陈测"]
    survey.told_rows["registrations"] = [[*row, "2025-06-01"]]


def result_unknown(survey: Survey, number: str) -> None:
    """The table has a marker that there is not."""
    x, y = survey.marker(number).at
    line = survey.marker(number).line
    survey.told_rows["marker_results"] = [[f"{line}098Q", round(y, 2), round(x, 2), 35.0, "实测"]]


def area_missing(survey: Survey, code: str) -> None:
    """A unit is not in the table of areas."""
    survey.rows_left_out.add(("areas", code))


def area_unknown(survey: Survey, code: str) -> None:
    """The table of areas has a unit that there is not."""
    survey.told_rows["areas"] = [[f"{code[:6]}299", "无名乡", 12.5]]


def area_unit(survey: Survey, _: str) -> None:
    """The table of areas is in mu under a header of square kilometres."""
    survey.told_areas = {unit.code: 1500.0 for unit in survey.units}


def area_name(survey: Survey, code: str) -> None:
    """A unit has another name in the table of areas."""
    survey.rows_left_out.add(("areas", code))
    area = next(unit for unit in survey.units if unit.code == code)
    survey.told_rows["areas"] = [[code, "无名乡", round(geodesic_area(area.shape) / 1e6, 4)]]


def length_missing(survey: Survey, code: str) -> None:
    """A line is not in the table of lengths."""
    survey.rows_left_out.add(("lengths", code))


def length_unknown(survey: Survey, code: str) -> None:
    """The table of lengths has a line that there is not."""
    survey.told_rows["lengths"] = [[f"{code[:6]}299298", "无名线", 2.5]]


def points_missing(survey: Survey, code: str) -> None:
    """A boundary point is left out of the table."""
    survey.told_points[f"{code}-002"] = None


def points_shuffled(survey: Survey, code: str) -> None:
    """Three boundary points of a line have each other's places."""
    first, second, third = survey.line(code).xy[6:-6:12][:3]
    for serial, at in enumerate((second, third, first), start=1):
        survey.told_points[f"{code}-{serial:03d}"] = at


def points_elsewhere(survey: Survey, code: str) -> None:
    """Boundary points are listed under another line's code."""
    other = max((line for line in survey.lines if line.code != code), key=lambda line: len(line.xy))
    for serial in (1, 2):
        survey.told_point_lines[f"{code}-{serial:03d}"] = other.code


def line_twice(survey: Survey, code: str) -> None:
    """A line is delivered twice."""
    survey.lines.append(survey.line(code))


def line_foreign(survey: Survey, _: str) -> None:
    """A line of the neighbouring county is among the lines."""
    west = min(x for line in survey.lines for x, _ in line.xy) - 30_000.0
    south = min(y for line in survey.lines for _, y in line.xy)
    xy = [(west + 100.0 * step, south + 40.0 * (step % 3)) for step in range(30)]
    given = ("429922101102", "邻东—邻西线", "429922101", "429922102")
    survey.lines.append(LineRecord(*given, xy, document="邻界协〔2025〕1号"))


def line_short(survey: Survey, code: str) -> None:
    """A line lacks its last vertex."""
    survey.line(code).xy.pop()


def line_name(survey: Survey, code: str) -> None:
    """A line is named after a unit that is not beside it."""
    line = survey.line(code)
    other = next(unit for unit in survey.units if unit.code not in (line.left, line.right))
    line.name = f"{other.name[:-1]}—{line.name.split('—')[1]}"


def agreement(survey: Survey, code: str) -> None:
    """A line is called agreed and names no agreement."""
    survey.line(code).document = ""


def line_unknown(survey: Survey, number: str) -> None:
    """A marker names a line that there is not."""
    marker = survey.marker(number)
    old = marker.number
    marker.line = "429921399398"
    marker.number = "429921399398001Q"
    for each in survey.objects:
        each.number = marker.number if each.number == old else each.number


def tri_units(survey: Survey, number: str) -> None:
    """A tri-point names a unit that does not meet there."""
    point = next(each for each in survey.tri_points if each.number == number)
    other = next(unit.code for unit in reversed(survey.units) if unit.code not in point.codes)
    point.codes = (*point.codes[:2], other)


def tri_codes(survey: Survey, number: str) -> None:
    """A tri-point names two units."""
    point = next(each for each in survey.tri_points if each.number == number)
    point.codes = point.codes[:2]


def tri_number(survey: Survey, number: str) -> None:
    """The number of a tri-point is that of other units."""
    point = next(each for each in survey.tri_points if each.number == number)
    point.number = f"{number[:6]}299I"


def tri_duplicate(survey: Survey, number: str) -> None:
    """A tri-point is delivered twice."""
    survey.tri_points.append(next(each for each in survey.tri_points if each.number == number))


def tri_missing(survey: Survey, number: str) -> None:
    """A tri-point is missing."""
    survey.tri_points = [each for each in survey.tri_points if each.number != number]


def object_astray(survey: Survey, number: str) -> None:
    """A reference object names a marker that there is not."""
    at = survey.marker(number).at
    stray = ObjectRecord(f"{number[:12]}099Q", 1, "水塔", (at[0] + 40.0, at[1] + 30.0))
    survey.objects.append(stray)


def future(survey: Survey, number: str) -> None:
    """A marker was set in 2035."""
    survey.marker(number).set_on = "2035-06-01"


def row_twice(survey: Survey, number: str) -> None:
    """A marker has two rows with different coordinates in the table."""
    x, y = survey.marker(number).at
    height = survey.marker(number).height
    survey.told_rows["marker_results"] = [[number, round(y, 2), round(x + 7, 2), height, "复测"]]


def early(survey: Survey, number: str) -> None:
    """A card is dated 1935."""
    _card(survey, number, set_on="1935-06-01")


def markers_shifted(survey: Survey, _: str) -> None:
    """The layer of markers is displaced by 5 m as a whole."""
    survey.shifted["markers"] = (3.0, 4.0)


def objects_shifted(survey: Survey, _: str) -> None:
    """The layer of reference objects is displaced by 600 m as a whole."""
    survey.shifted["reference_objects"] = (540.0, -270.0)


def units_elsewhere(survey: Survey, _: str) -> None:
    """The layer of units is labelled with the next zone but one."""
    survey.labels["units"] = "EPSG:4549"


def markers_elsewhere(survey: Survey, _: str) -> None:
    """The layer of markers is labelled with the next zone but one."""
    survey.labels["markers"] = "EPSG:4549"


def label(survey: Survey, _: str) -> None:
    """A layer in degrees is labelled WGS 84."""
    survey.layer_crs["tri_points"] = "EPSG:4326"


def degrees(survey: Survey, _: str) -> None:
    """A layer in degrees is labelled as metres."""
    survey.layer_crs["tri_points"], survey.labels["tri_points"] = "EPSG:4490", "EPSG:4546"


def metres(survey: Survey, _: str) -> None:
    """A layer in metres is labelled as degrees."""
    survey.labels["tri_points"] = "EPSG:4490"


def endless(survey: Survey, _: str) -> None:
    """A layer lies nowhere in China."""
    survey.shifted["tri_points"] = (5e7, 5e7)


def zone(survey: Survey, _: str) -> None:
    """All is in a zone in which the county does not lie."""
    survey.crs = "EPSG:4548"


def no_shape(survey: Survey, number: str) -> None:
    """A reference object has no geometry."""
    survey.bare.add(("reference_objects", number))


def other_shape(survey: Survey, number: str) -> None:
    """A reference object is drawn as an area."""
    survey.alien.add(("reference_objects", number))


def unreadable(survey: Survey, code: str) -> None:
    """A length is written in words."""
    survey.rows_left_out.add(("lengths", code))
    survey.told_rows["lengths"] = [[code, survey.line(code).name, "约二十余"]]


def unit_left_out(survey: Survey, code: str) -> None:
    """A unit is not delivered."""
    survey.units = [each for each in survey.units if each.code != code]


def unit_added(survey: Survey, _: str) -> None:
    """A unit of the neighbouring county is among the units."""
    west = min(unit.shape.bounds[0] for unit in survey.units) - 20_000.0
    south = min(unit.shape.bounds[1] for unit in survey.units)
    shape = shapely.box(west, south, west + 3_000.0, south + 3_000.0)
    survey.units.append(UnitRecord("429922101", "邻东镇", shape))

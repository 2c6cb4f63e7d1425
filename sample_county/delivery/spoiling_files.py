"""What can be wrong with the units of a delivery, and with its files as a whole."""

from __future__ import annotations

from sample_county.delivery.survey import Survey


def name(survey: Survey, code: str) -> None:
    """A unit has another name than the register."""
    unit = next(each for each in survey.units if each.code == code)
    unit.name = unit.name[:-1] + ("乡" if unit.name.endswith("镇") else "镇")


def code(survey: Survey, code: str) -> None:
    """A unit has another code than the register."""
    next(each for each in survey.units if each.code == code).code = f"{code[:6]}188"


def area(survey: Survey, code: str) -> None:
    """An area in the table is 1 % too large."""
    survey.told_areas[code] = 1.01


def file_missing(survey: Survey, _: str) -> None:
    """The table of boundary points is missing."""
    survey.left_out.add("boundary_points")


def file_broken(survey: Survey, _: str) -> None:
    """A workbook is cut off."""
    survey.cut_off.add("lengths")


def column_missing(survey: Survey, _: str) -> None:
    """The markers have no type."""
    survey.columns_left_out.add(("markers", "界桩类型"))


def mixed(survey: Survey, _: str) -> None:
    """The reference objects are in the next zone."""
    survey.layer_crs["reference_objects"] = "EPSG:4547"


def zone_prefix(survey: Survey, _: str) -> None:
    """A layer has eastings of zone 38 and is labelled zone 37."""
    survey.layer_crs["tri_points"], survey.labels["tri_points"] = "EPSG:4526", "EPSG:4525"


def axes(survey: Survey, _: str) -> None:
    """Northing and easting of a layer are swapped."""
    survey.swapped.add("tri_points")


def encrypted(survey: Survey, _: str) -> None:
    """All layers are shifted as GCJ-02."""
    survey.encrypted = True


def datum(survey: Survey, _: str) -> None:
    """A layer is labelled Xi'an 80."""
    survey.labels["tri_points"] = "EPSG:2382"


def no_crs(survey: Survey, _: str) -> None:
    """A layer states no CRS."""
    survey.labels["lines"] = ""

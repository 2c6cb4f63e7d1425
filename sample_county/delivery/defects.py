"""Defects of a survey delivery: each planted by itself, at a place of its own, and what it breaks.

A place (line, marker, unit) is given to each defect in advance, whichever of them are planted, so
that the same defect always hits the same place and two of them never meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from sample_county.delivery import spoiling_files as files
from sample_county.delivery import spoiling_lines as lines
from sample_county.delivery import spoiling_markers as markers
from sample_county.delivery import spoiling_tables as tables
from sample_county.delivery.survey import MarkerRecord, Survey

Place = Literal["whole", "line", "bare", "series", "double", "marker", "unit", "tri-point"]


@dataclass(frozen=True)
class Defect:
    """One way for a delivery to be wrong.

    Parameters
    ----------
    rule
        The one finding of a survey check that it causes: check and kind.
    place
        What it hits: a line with markers, a bare line (without), one with a series of three or
        more, one with double markers, a marker, a unit, a tri-point, or the delivery as a whole.
    spoil
        Plants it at the place given (code or number) in a survey; its docstring says what is wrong.
    together
        Whether other defects can still be seen beside it.
    """

    rule: str
    place: Place
    spoil: Callable[[Survey, str], None]
    together: bool = True

    @property
    def description(self) -> str:
        """What is wrong, in one sentence."""
        return (self.spoil.__doc__ or "").partition("\n")[0]

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
        markers = {line.code: survey.markers_of(line.code) for line in survey.lines}
        fewest = sorted(set(markers) - used, key=lambda code: (len(markers[code]), code))
        yield from (code for code in fewest if FITS[place](markers[code]))


def _single(markers: list[MarkerRecord]) -> bool:
    return all(marker.number.endswith("Q") for marker in markers)


FITS: dict[str, Callable[[list[MarkerRecord]], bool]] = {
    "line": bool,
    "bare": lambda markers: not markers,
    "series": lambda markers: len(markers) >= 3 and _single(markers),
    "double": lambda markers: bool(markers) and not _single(markers),
}


def _alone(rule: str, place: Place, spoil: Callable[[Survey, str], None]) -> Defect:
    """Return a defect that is planted by itself: its place may be that of another."""
    return Defect(rule, place, spoil, together=False)


DEFECTS: dict[str, Defect] = {
    "numbering-gap": Defect("numbering/gap", "series", markers.serial_gap),
    "numbering-duplicate": Defect("numbering/duplicate", "series", markers.duplicate),
    "numbering-one-place": _alone("numbering/one-place", "series", markers.one_place),
    "numbering-order": Defect("numbering/order", "series", markers.order),
    "side-missing": Defect("numbering/type", "double", markers.side_missing),
    "line-code": Defect("numbering/line-code", "bare", lines.line_code),
    "gap": Defect("tiling/gap", "line", lines.gap),
    "overlap": Defect("tiling/overlap", "line", lines.overlap),
    "line-off-edge": Defect("edges/off-edge", "line", lines.off_edge),
    "line-missing": Defect("lines/missing-line", "line", lines.line_missing),
    "sides-swapped": Defect("sides/sides", "line", lines.sides),
    "legal-status": Defect("status/legal-status", "line", lines.status),
    "length": Defect("lengths/length", "line", lines.length),
    "description-direction": Defect("descriptions/direction", "line", lines.direction),
    "marker-off-line": Defect("markers/off-line", "marker", markers.off_line),
    "numbering-grammar": Defect("numbering/grammar", "series", markers.grammar),
    "height-missing": Defect("fields/empty", "marker", markers.height_missing),
    "height-implausible": Defect("heights/height", "marker", markers.height_implausible),
    "height-differs": Defect("heights/height-differs", "marker", markers.height_differs),
    "accuracy": Defect("heights/accuracy", "marker", markers.accuracy),
    "references-too-few": Defect("reference-count/too-few", "marker", markers.too_few),
    "reference-azimuth": Defect("references/azimuth", "marker", markers.azimuth),
    "reference-distance": Defect("references/distance", "marker", markers.distance),
    "reference-unnamed": Defect("fields/empty", "marker", markers.cell_empty),
    "table-coordinates": Defect("coordinates/coordinates", "marker", markers.coordinates),
    "table-row-missing": Defect("coordinates/marker-missing", "marker", markers.row_missing),
    "not-registered": Defect(
        "registrations/registration-missing", "marker", markers.not_registered
    ),
    "photo-missing": Defect("photos/missing", "marker", markers.photo_missing),
    "photo-broken": Defect("photos/unreadable", "marker", markers.photo_broken),
    "photo-away": Defect("photo-places/away", "marker", markers.photo_away),
    "tri-point-off": Defect("tri-points/off-node", "tri-point", markers.tri_off),
    "tri-point-undocumented": Defect(
        "tri-point-documents/document", "tri-point", markers.tri_document
    ),
    "unit-name": Defect("register/name", "unit", files.name),
    "unit-code": Defect("register/code", "unit", files.code),
    "area": Defect("areas/area", "unit", files.area),
    "both-sides": Defect("both-sides/both-sides", "whole", lines.both_sides),
    "file-missing": Defect("files/missing", "whole", files.file_missing),
    "column-missing": Defect("fields/missing-column", "whole", files.column_missing),
    "layer-zone": Defect("zone/mixed", "whole", files.mixed),
    "description-distance": Defect(
        "descriptions/distance", "line", lines.told_distance, together=False
    ),
    "description-missing": Defect("descriptions/missing", "line", lines.no_text, together=False),
    "boundary-point-off": Defect(
        "boundary-points/off-line", "line", lines.point_off, together=False
    ),
    "file-broken": Defect("files/unreadable", "whole", files.file_broken, together=False),
    "zone-prefix": Defect(
        "reference-frame/zone-prefix", "whole", files.zone_prefix, together=False
    ),
    "axes": Defect("reference-frame/axes", "whole", files.axes, together=False),
    "datum": Defect("reference-frame/datum", "whole", files.datum, together=False),
    "crs-missing": Defect("reference-frame/crs-missing", "whole", files.no_crs, together=False),
    "gcj02": Defect("shift/shift", "whole", files.encrypted, together=False),
    "card-coordinates": Defect("registration-places/coordinates", "marker", tables.card_place),
    "card-type": _alone("registration-fields/marker-type", "marker", tables.card_type),
    "card-material": Defect("registration-fields/material", "marker", tables.card_material),
    "card-line": Defect("registration-fields/line-code", "marker", tables.card_line),
    "card-unknown": _alone("registrations/registration-unknown", "marker", tables.card_unknown),
    "result-unknown": _alone("coordinates/marker-unknown", "marker", tables.result_unknown),
    "area-missing": _alone("areas/area-missing", "unit", tables.area_missing),
    "area-unknown": _alone("areas/area-unknown", "unit", tables.area_unknown),
    "area-unit": _alone("areas/area", "whole", tables.area_unit),
    "area-name": _alone("line-names/name-in-table", "unit", tables.area_name),
    "length-missing": _alone("lengths/length-missing", "line", tables.length_missing),
    "length-unknown": _alone("lengths/length-unknown", "line", tables.length_unknown),
    "length-unreadable": _alone("fields/unreadable", "line", tables.unreadable),
    "points-missing": _alone("boundary-points/missing", "series", tables.points_missing),
    "points-shuffled": _alone("boundary-points/order", "series", tables.points_shuffled),
    "points-astray": _alone("boundary-points/other-line", "series", tables.points_elsewhere),
    "line-twice": _alone("line-records/twice", "line", tables.line_twice),
    "line-foreign": _alone("foreign-lines/foreign", "whole", tables.line_foreign),
    "line-short": _alone("line-ends/short", "line", tables.line_short),
    "line-name": _alone("line-names/name", "line", tables.line_name),
    "agreement-missing": _alone("agreements/no-agreement", "line", tables.agreement),
    "marker-line": _alone("numbering/line", "series", lines.marker_line),
    "marker-line-unknown": _alone("marker-lines/unknown-line", "marker", tables.line_unknown),
    "tri-point-units": Defect("tri-point-names/units", "tri-point", tables.tri_units),
    "tri-point-codes": _alone("tri-point-documents/codes", "tri-point", tables.tri_codes),
    "tri-point-number": _alone("tri-point-names/number", "tri-point", tables.tri_number),
    "tri-point-twice": _alone("tri-point-names/duplicate", "tri-point", tables.tri_duplicate),
    "tri-point-missing": _alone("tri-points/missing", "tri-point", tables.tri_missing),
    "reference-astray": Defect("reference-markers/unknown-marker", "marker", tables.object_astray),
    "date-future": Defect("dates/future", "marker", tables.future),
    "row-twice": _alone("fields/twice", "marker", tables.row_twice),
    "date-early": _alone("dates/early", "marker", tables.early),
    "markers-shifted": _alone("shift/layer", "whole", tables.markers_shifted),
    "objects-shifted": _alone("shift/layer", "whole", tables.objects_shifted),
    "units-elsewhere": _alone("reference-frame/elsewhere", "whole", tables.units_elsewhere),
    "markers-elsewhere": _alone("reference-frame/elsewhere", "whole", tables.markers_elsewhere),
    "label": _alone("reference-frame/label", "whole", tables.label),
    "degrees": _alone("reference-frame/degrees", "whole", tables.degrees),
    "metres": _alone("reference-frame/metres", "whole", tables.metres),
    "nowhere": _alone("reference-frame/implausible", "whole", tables.endless),
    "zone": _alone("zone/zone", "whole", tables.zone),
    "no-shape": _alone("shapes/no-geometry", "marker", tables.no_shape),
    "other-shape": _alone("shapes/geometry-type", "marker", tables.other_shape),
    "unit-missing": _alone("register/missing-unit", "unit", tables.unit_left_out),
    "unit-unknown": _alone("register/unknown-unit", "whole", tables.unit_added),
    "description-short": _alone("descriptions/left-out", "series", lines.told_short),
    "description-twice": _alone("descriptions/repeated", "series", lines.told_twice),
    "description-marker": _alone("descriptions/marker", "series", lines.told_marker),
    "description-tri-point": _alone("descriptions/tri-point", "series", lines.told_tri_point),
    "description-unreadable": _alone("descriptions/unreadable", "line", lines.told_nothing),
    "description-more": _alone("descriptions/not-checked", "line", lines.told_more),
}

"""Maps of joint inspections: the desk work, the whole network, one round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.inspection import papers
from boundaries.inspection.office.network import Network, pressing
from boundaries.inspection.papers.results import Result, treatment, word_of
from boundaries.inspection.papers.wording import degrees
from boundaries.inspection.round.state import RoundState
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language, Text
from gazetteer.common.value_words import value_titles
from gazetteer.store import County
from maps import stated
from maps.atlas import Atlas, atlas
from maps.county import passed, undated
from maps.print import Edition, figure

AROUND = ("divisions", "roads", "zones", "lines", "markers", "reference_objects", "tri_points")


def page(
    county: County,
    layers: Mapping[str, Any],
    *,
    title: Text,
    theme: str,
    around: Sequence[str] = AROUND,
    near: BaseGeometry | None = None,
    sides: Sequence[str] = (),
    findings: Sequence[Finding] = (),
    known_at: str = "",
    language: Language = "zh",
) -> Atlas:
    """Return a map of own layers over those of the county file; all pass the release gate.

    Parameters
    ----------
    county
        Open county file.
    layers
        Own layers by the name that the style table knows them by, in any stated CRS.
    title
        Title, after the name of the county.
    theme
        Which layers show at first.
    around
        Layers of the county file that lie beneath, as they are today.
    near
        Only what lies near this is shown (EPSG:4490).
    sides
        Codes of the divisions shown with `near`; those that it touches where none is known.
    findings
        Findings to list and to show.
    known_at
        Moment (ISO, UTC) whose county is shown; now where empty.
    language
        Language of the page.
    """
    beneath = _beneath(
        county,
        [layer for layer in around if layer not in layers],
        near=near,
        sides=sides,
        known_at=known_at,
    )
    shown, released = passed({**beneath, **layers}, profile="internal")
    name = county.setting("division_name") or county.division_code
    full_title = Text(f"{name}{title.zh}", f"{name}: {title.en}")
    return atlas(
        shown,
        title=full_title.say(language),
        findings=list(findings) or None,
        theme=theme,
        language=language,
        released=released,
        stated="" if known_at else stated.stated(county, _shown(layers, around), language=language),
    )


def _shown(layers: Mapping[str, Any], around: Sequence[str]) -> tuple[str, ...]:
    """Return the layers of the county file that a map shows, in its own layers as well."""
    return (*layers, *around, "findings", "inspections", "inspection_records")


def _beneath(
    county: County,
    layers: Sequence[str],
    *,
    near: BaseGeometry | None = None,
    sides: Sequence[str] = (),
    known_at: str = "",
) -> dict[str, Any]:
    """Return layers of the county file without villages, which would hide the lines."""
    then = {"as_of": known_at[:10], "known_at": known_at} if known_at else {}
    frames = {}
    for layer in layers:
        frame = undated(county.layer(layer, **then))
        if layer == "divisions":
            frame = frame[frame["level"] != "village"]
            of_sides = frame["code"].isin(sides)
            if near is not None:
                frame = frame[of_sides] if of_sides.any() else frame[frame["level"] == "township"]
        if near is not None:
            frame = frame[frame.geometry.intersects(near.buffer(NEAR_DEG[layer]))]
        frames[layer] = frame
    return frames


NEAR_DEG = defaultdict(lambda: 0.01, divisions=0.0005)
"""About a kilometre; townships are shown where they touch."""


def of_network(county: County, network: Network, *, language: Language = "zh") -> Atlas:
    """Return the map of all lines and markers by state, age and year due, what presses listed."""
    return page(
        county,
        {"inspection_lines": network.lines, "inspection_markers": network.markers},
        title=Text("界线联检一张图", "boundary inspections"),
        theme="inspection",
        around=("divisions", "roads", "tri_points"),
        findings=pressing(network),
        language=language,
    )


def of_desk(
    county: County, by_line: Mapping[str, Sequence[Finding]], *, language: Language = "zh"
) -> Atlas:
    """Return the map of what the desk work has found."""
    listed = [each for findings in by_line.values() for each in findings]
    title = Text("联检内业核查图", "desk work before the inspection")
    return page(county, {}, title=title, theme="survey", findings=listed, language=language)


# ------------------------------------------------------------------ one round


def layers_of(state: RoundState, *, language: Language = "zh") -> dict[str, gpd.GeoDataFrame]:
    """Return a round as layers: its lines, markers then and now, tracks and photos by side."""
    results = papers.results(state)
    made = {
        "round_lines": state.lines[["id", "code", "name", "legal_status", "geometry"]],
        "inspection_markers": _markers(state, results, language),
        "inspection_shifts": _shifts(results),
        "inspection_tracks": _tracks(state),
        "inspection_photos": _photos(state),
    }
    return {name: frame for name, frame in made.items() if len(frame)}


def _frame(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    if not rows:
        return gpd.GeoDataFrame({"number": []}, geometry=[], crs=CGCS2000)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CGCS2000)


def _markers(state: RoundState, results: Sequence[Result], language: Language) -> gpd.GeoDataFrame:
    """Return markers where they stand by the records, with what was found: then and now."""
    then_ = {str(each["number"]): each.get("state") for each in state.base["markers"]}
    rows = []
    for each in results:
        sides = [
            f"{state.sides[side]}：{_told(value).say(language)}"
            for side, value in each.told.items()
            if value
        ]
        was = word_of("markers", "state", then_.get(each.number)).say(language)
        rows.append(
            {
                "number": each.number,
                "line_code": each.line_code,
                "marker_state": "new" if each.new else each.state or "open",
                "state_then": "" if each.new else was,
                "place_then": degrees(each.then),
                "place_now": degrees(each.now),
                "offset_m": None if each.offset_m is None else round(each.offset_m, 2),
                "told_by_sides": "；".join(sides),
                "done_about_it": treatment(each).say(language),
                "photos": len(each.photos) or None,
                "description": each.description,
                "geometry": each.then if each.then is not None else each.now,
            }
        )
    return _frame(rows)


def _told(state: str) -> Text:
    """Return a state that a side told of a marker in words: those of markers, or of rounds."""
    return value_titles()["marker_state"].get(state) or word_of("markers", "state", state)


def _shifts(results: Sequence[Result]) -> gpd.GeoDataFrame:
    """Return for each marker measured elsewhere the way from its agreed place to where it was."""
    return _frame(
        [
            {
                "label": f"{each.offset_m or 0.0:.2f} m",
                "marker_id": each.number,
                "geometry": shapely.LineString([each.then, each.now]),
            }
            for each in results
            if each.then is not None and each.now is not None
        ]
    )


def _tracks(state: RoundState) -> gpd.GeoDataFrame:
    order = {side: str(at) for at, side in enumerate(state.sides, 1)}
    return _frame(
        [
            {
                "side_order": order.get(each.receipt.side, "1"),
                "side": state.sides.get(each.receipt.side, each.receipt.side),
                "file_name": each.receipt.file_name,
                "line_code": each.line_code,
                "geometry": each.path,
            }
            for each in state.tracks
        ]
    )


def _photos(state: RoundState) -> gpd.GeoDataFrame:
    return _frame(
        [
            {
                "label": "",  # a point a photo: names of files would hide the markers
                "file_name": each.receipt.file_name,
                "marker_id": each.number,
                "side": state.sides.get(each.receipt.side, each.receipt.side),
                "taken": each.taken.replace("T", " "),
                "direction_deg": each.direction_deg,
                "sha256": each.receipt.sha256,
                "geometry": shapely.Point(each.lon, each.lat),
            }
            for each in state.photos
            if each.lon is not None and each.lat is not None
        ]
    )


def of_round(county: County, state: RoundState, *, language: Language = "zh") -> Atlas:
    """Return the interactive map of a round: markers by state, then and now, tracks, photos."""
    number = state.round.number
    return page(
        county,
        layers_of(state, language=language),
        title=Text(f"联检地图（{number}）", f"inspection {number}"),
        theme="inspection",
        around=("divisions", "roads", "reference_objects", "tri_points"),
        near=shapely.union_all(state.lines.geometry.to_numpy()),
        sides=state.round.sides,
        findings=state.findings,
        known_at=state.sealed_at,
        language=language,
    )


def _short(markers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return markers under the part of their number that tells them apart on their line."""
    pairs = zip(markers["number"], markers["line_code"], strict=True)
    return markers.assign(number=[number.removeprefix(code) or number for number, code in pairs])


def figures(
    county: County, state: RoundState, *, language: Language = "zh", font: Path | None = None
) -> dict[str, bytes]:
    """Return a map of each line of a round as PNG by the line's code, for the report."""
    of_round = layers_of(state, language=language)
    of_round["inspection_markers"] = _short(of_round["inspection_markers"])
    near = shapely.union_all(state.lines.geometry.to_numpy())
    beneath = _beneath(
        county, ("divisions", "roads", "tri_points"), near=near, known_at=state.sealed_at
    )
    minor = ["村道", "街道", "乡道"]
    beneath["roads"] = beneath["roads"][~beneath["roads"]["road_class"].isin(minor)]
    shown = {**beneath, **of_round, "lines": undated(state.lines)}
    shown.pop("round_lines")
    layers, released = passed(shown, profile="internal")
    notice = released.notice.say(language)
    edition = Edition(paper="plate", language=language, notice=notice, font=font)
    return {
        code: figure(
            layers,
            kind="inspection",
            title=Text(f"{name or code}联检示意图", f"Inspection of {name or code}").say(language),
            subject=code,
            edition=edition,
        )
        for code, name in zip(state.lines["code"], state.lines["name"], strict=True)
    }

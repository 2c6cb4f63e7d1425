"""The map of a county file: its layers through the release gate, its names, its open findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gazetteer.common.divisions import is_zone
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language
from gazetteer.common.markings import NOTHING, Marked
from gazetteer.office.names import finding
from gazetteer.office.signs import registry
from gazetteer.release import Released, Review, gate
from gazetteer.store import County, open_findings
from maps import naming, stated
from maps.atlas import Atlas, atlas

GROUND = ("divisions", "water", "roads", "zones")
SURVEYED = ("lines", "markers", "reference_objects", "tri_points")
LAYERS = (*GROUND, *SURVEYED, "facilities", "population")


def of_county(
    county: County,
    *,
    theme: str = "overview",
    title: str = "",
    as_of: str | None = None,
    language: Language = "zh",
    base_map: str | None = None,
    profile: str = "internal",
    reviewed: Review | None = None,
    leave_out: bool = False,
) -> Atlas:
    """Return the interactive map of a county file.

    Parameters
    ----------
    county
        Open county file.
    theme
        Which layers show at first.
    title
        Title; the name of the division where empty.
    as_of
        Day (ISO) shown first; all versions are on the map, the time slider moves between them.
    language
        Language of the page.
    base_map
        Tiles for when there is a network.
    profile
        Release profile that every layer passes.
    reviewed
        Review of the very file that comes out.
    leave_out
        Leave out classified records, counted, instead of refusing the map.
    """
    frames = {layer: county.layer(layer, as_of="all") for layer in LAYERS}
    frames |= {"signs": registry.shown(county), "sign_orders": registry.orders(county)}
    frames["divisions"] = _zones_apart(frames["divisions"])
    names = naming.symbolled(finding.names_with_positions(county, as_of="all"), county, frames)
    marked = county.marked() if leave_out else None
    layers, released = passed(frames, names=names, profile=profile, marked=marked)
    return atlas(
        layers,
        names=layers.pop("names", None),
        findings=findings_of(county, profile=profile, marked=marked),
        title=title or county.setting("division_name") or county.division_code,
        theme=theme,
        language=language,
        release=reviewed,
        base_map=base_map,
        as_of=as_of,
        released=released,
        stated=stated.stated(county, [*frames, "names", "places", "findings"], language=language),
    )


def _zones_apart(divisions: Any) -> Any:
    """Return divisions whose zones (开发区, 农场) are a class of their own, no townships."""
    zone = divisions["kind"].map(is_zone).astype(bool)
    return divisions.assign(level=divisions["level"].mask(zone, "zone"))


def findings_of(county: County, *, profile: str, marked: Marked | None) -> list[Finding] | None:
    """Return the open findings of an internal map, without those that name what is left out."""
    if profile != "internal":
        return None
    found = list(open_findings(county.connection))
    if marked is None:
        return found
    return [each for each in found if marked.of_text(str(each.as_json())) is None]


def passed(
    frames: Mapping[str, Any],
    *,
    names: pd.DataFrame | None = None,
    profile: str,
    marked: Marked | None = None,
) -> tuple[dict[str, Any], Released]:
    """Return the layers (and `names`) of a map that a profile lets pass, and what the gate says.

    A layer whose places are withheld is nothing for a map and stays away. With `marked`, what is
    classified in the county file, such records are left out instead of refusing the whole.
    """
    released = let_pass(frames, names=names, profile=profile, marked=marked)
    layers = placed(released)
    return {each: frame for each, frame in layers.items() if len(frame) or marked is None}, released


def let_pass(
    frames: Mapping[str, Any],
    *,
    names: pd.DataFrame | None = None,
    profile: str,
    marked: Marked | None = None,
) -> Released:
    """Return what the gate lets pass of the layers (and `names`) of a map."""
    filled = {layer: frame for layer, frame in frames.items() if len(frame)}
    named = filled if names is None else filled | {"names": names}
    how: dict[str, Any] = {"marked": marked or NOTHING, "leave_out": marked is not None}
    return gate(named, profile=profile, classification=profile, **how)


def placed(released: Released) -> dict[str, Any]:
    """Return the layers that a map can show, and the names."""
    return {
        layer: frame
        for layer, frame in released.layers.items()
        if layer == "names" or getattr(frame, "active_geometry_name", None)
    }


def undated(frame: Any) -> Any:
    """Return a frame without the days that its rows hold for: each is in force already."""
    return frame.drop(columns=["valid_from", "valid_to"], errors="ignore")

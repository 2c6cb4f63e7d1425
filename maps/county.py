"""The map of a county file: its layers through the release gate, its names, its open findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gazetteer.common.divisions import is_zone
from gazetteer.common.language import Language
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
    """
    frames = {layer: county.layer(layer, as_of="all") for layer in LAYERS}
    frames |= {"signs": registry.shown(county), "sign_orders": registry.orders(county)}
    frames["divisions"] = _zones_apart(frames["divisions"])
    names = naming.symbolled(finding.names_with_positions(county, as_of="all"), county, frames)
    layers, released = passed(frames, names=names, profile=profile)
    return atlas(
        layers,
        names=layers.pop("names", None),
        findings=list(open_findings(county.connection)) if profile == "internal" else None,
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


def passed(
    frames: Mapping[str, Any], *, names: pd.DataFrame | None = None, profile: str
) -> tuple[dict[str, Any], Released]:
    """Return the layers (and `names`) of a map that a profile lets pass, and what the gate says.

    A layer whose places are withheld is nothing for a map and stays away.
    """
    released = let_pass(frames, names=names, profile=profile)
    return placed(released), released


def let_pass(
    frames: Mapping[str, Any], *, names: pd.DataFrame | None = None, profile: str
) -> Released:
    """Return what the gate lets pass of the layers (and `names`) of a map."""
    filled = {layer: frame for layer, frame in frames.items() if len(frame)}
    named = filled if names is None else filled | {"names": names}
    return gate(named, profile=profile, classification=profile)


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

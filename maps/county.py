"""The map of a county file: its layers through the release gate, its names, its open findings."""

from __future__ import annotations

from gazetteer import register, release
from gazetteer.language import Language
from gazetteer.store import County, open_findings
from maps.atlas import Atlas, atlas

LAYERS = ("divisions", "roads", "lines", "markers", "reference_objects", "tri_points",
          "facilities", "population", "zones")  # fmt: skip


def of_county(
    county: County,
    *,
    theme: str = "overview",
    title: str = "",
    as_of: str | None = None,
    language: Language = "zh",
    base_map: str | None = None,
    profile: str = "internal",
    reviewed: release.Review | None = None,
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
    frames = {layer: county.frame(layer, as_of="all") for layer in LAYERS}
    names = register.names_with_positions(county, as_of="all")
    released = release.gate(
        {layer: frame for layer, frame in frames.items() if len(frame)} | {"names": names},
        profile=profile,
        classification=profile,
    )
    layers = dict(released.layers)
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
        notice=released.notice.say(language),
    )

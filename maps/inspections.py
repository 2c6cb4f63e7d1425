"""Maps of joint inspections: the desk work, the whole network, one round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from boundaries.inspection.network import Network, pressing
from gazetteer.findings import Finding
from gazetteer.language import Language, Text
from gazetteer.store import County
from maps.atlas import Atlas, atlas
from maps.county import passed

_NAMELESS = pd.DataFrame({"text": [], "lon": [], "lat": []})
AROUND = ("divisions", "roads", "zones", "lines", "markers", "reference_objects", "tri_points")


def page(
    county: County,
    layers: Mapping[str, Any],
    *,
    title: Text,
    theme: str,
    around: Sequence[str] = AROUND,
    findings: Sequence[Finding] = (),
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
        Layers of the county file that lie beneath.
    findings
        Findings to list and to show.
    language
        Language of the page.
    """
    beneath = {layer: county.frame(layer) for layer in around if layer not in layers}
    if "divisions" in beneath:  # villages would hide what the map is about
        beneath["divisions"] = beneath["divisions"][beneath["divisions"]["level"] != "village"]
    shown, notice = passed({**beneath, **layers}, names=_NAMELESS, profile="internal")
    shown.pop("names", None)
    name = county.setting("division_name") or county.division_code
    told = Text(f"{name}{title.zh}", f"{name}: {title.en}")
    return atlas(
        shown,
        title=told.say(language),
        findings=list(findings) or None,
        theme=theme,
        language=language,
        notice=notice.say(language),
    )


def of_network(county: County, found: Network, *, language: Language = "zh") -> Atlas:
    """Return the map of all lines and markers by state, age and year due, what presses listed."""
    return page(
        county,
        {"inspection_lines": found.lines, "inspection_markers": found.markers},
        title=Text("界线联检一张图", "boundary inspections"),
        theme="inspection",
        around=("divisions", "roads", "tri_points"),
        findings=pressing(found),
        language=language,
    )


def of_desk(
    county: County, found: Mapping[str, Sequence[Finding]], *, language: Language = "zh"
) -> Atlas:
    """Return the map of what the desk work has found."""
    listed = [each for findings in found.values() for each in findings]
    title = Text("联检内业核查图", "desk work before the inspection")
    return page(county, {}, title=title, theme="survey", findings=listed, language=language)

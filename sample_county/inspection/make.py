"""Write what the sides bring from the field, and the truth about the round."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from sample_county.delivery.survey import survey
from sample_county.inspection import evidence
from sample_county.inspection.plan import ENDS, LINE, NUMBER, STARTS, Expected, Plan, plan
from sample_county.model import World

HOME = "raw/联检"
NOTES = "外业记录-{side}.json"
SHEET = "确认表扫描.jpg"


def write(world: World, folder: Path, *, seed: int) -> dict[str, Any]:
    """Write photos, tracks, notes and the sealed sheet of both sides; return what is true.

    Parameters
    ----------
    world
        The county.
    folder
        Of the demo; the files go to `HOME`, a folder a side.
    seed
        Of the county.

    Returns
    -------
    ``number``, ``line``, ``sides``, ``starts``, ``ends``, ``files`` (side, file, kind, how),
    ``findings`` (rule, subject, measured, within, side), ``differing``, ``conflicts``, ``missing``
    (key, field, value agreed on), ``steps``, ``forms`` (side, end
    of the name, how), ``sheet``.
    """
    surveyed = survey(world)
    planned = plan(surveyed)
    home = folder / HOME
    shutil.rmtree(home, ignore_errors=True)
    files: list[dict[str, Any]] = []
    for side in planned.sides:
        (home / side).mkdir(parents=True)
        files += evidence.photos(planned, surveyed, home / side, side=side)
        _note(planned, home, side)
    walked = list(evidence.tracks(planned, surveyed, home, seed=seed))
    for each in walked:
        if each["how"] == "detour":
            finding = Expected("inspection/track-deviates", LINE, each["off_m"], 25.0, each["side"])
            planned.expected.append(finding)
    _sheet(home / SHEET)
    return {
        "number": NUMBER,
        "line": LINE,
        "sides": list(planned.sides),
        "starts": STARTS,
        "ends": ENDS,
        "files": [*files, *walked],
        "findings": [asdict(each) for each in planned.expected],
        "differing": planned.differing,
        "conflicts": planned.conflicts,
        "missing": planned.missing,
        "steps": planned.steps,
        "forms": planned.forms,
        "sheet": f"{HOME}/{SHEET}",
    }


def _note(planned: Plan, folder: Path, side: str) -> None:
    """Write down what a side has seen, before it fills in its forms."""
    notes = {
        "markers": planned.markers[side],
        "reference_objects": planned.reference_objects[side],
        "segments": planned.segments[side],
        "new_markers": planned.new_markers[side],
    }
    text = json.dumps(notes, ensure_ascii=False, indent=1)
    (folder / NOTES.format(side=side)).write_text(text, encoding="utf-8")


def _sheet(path: Path) -> None:
    """Draw the confirmation, signed and sealed by both sides, as a scanner sees it."""
    page = Image.new("RGB", (827, 1169), (252, 252, 248))
    draw = ImageDraw.Draw(page)
    draw.rectangle((60, 60, 767, 1109), outline=(40, 40, 40), width=2)
    for row in range(160, 820, 36):
        draw.line((60, row, 767, row), fill=(150, 150, 150))
    draw.text((340, 96), NUMBER, fill=(30, 30, 30), font_size=28)
    for x in (220, 600):
        draw.ellipse((x - 90, 860, x + 90, 1040), outline=(200, 30, 40), width=6)
        draw.regular_polygon((x, 950, 34), 5, fill=(200, 30, 40))
        draw.line((x - 60, 1070, x - 10, 1050, x + 60, 1072), fill=(30, 30, 90), width=3)
    page.save(path, quality=70)

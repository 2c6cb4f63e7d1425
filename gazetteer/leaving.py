"""What leaves the office: a layer through the gate into a file, with its manifest beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gazetteer import exchange, release
from gazetteer.language import Text
from gazetteer.release import Withheld
from gazetteer.store import County


@dataclass(frozen=True, slots=True)
class Left:
    """A file that has left: how many rows, under which notice, what was withheld."""

    out: Path
    rows: int
    notice: Text
    withheld: tuple[Withheld, ...]
    manifest: Path

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "out": str(self.out),
            "rows": self.rows,
            "notice": self.notice.zh,
            "withheld": [
                {"layer": each.layer, "what": each.what, "records": each.records}
                for each in self.withheld
            ],
            "manifest": str(self.manifest),
        }


def export(
    county: County, layer: str, out: Path, *, profile: str = "internal", as_of: str | None = None
) -> Left:
    """Write a layer of the county file through the release gate.

    Raises
    ------
    UnknownError, ReleaseError, InputError
        When there is no such layer, it may not leave, or the file cannot be written.
    """
    frame = county.frame(layer, as_of=as_of)
    released = release.gate({layer: frame}, profile=profile, classification=profile)
    if layer not in released.layers:
        raise release.ReleaseError(
            f"layer {layer!r} may not leave under profile {profile!r}",
            remedy="Choose another layer, or have the profile changed.",
        )
    passed = released.layers[layer]
    exchange.write(passed, out, layer=layer)
    beside = out.with_name(f"{out.name}.manifest.json")
    told = release.manifest({out.name: out.read_bytes()}, released=released)
    beside.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Left(out, len(passed), released.notice, released.withheld, beside)

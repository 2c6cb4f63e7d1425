"""The divisions of the sample county as a frame, as the county file would give them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sample_county.model import World


def divisions_of(county: World) -> pd.DataFrame:
    """Return the county, its townships and its villages: code, name, kind, parent_code, level."""
    units = [*county.townships, *county.villages]
    columns: dict[str, list[Any]] = {
        "code": ["429921", *(unit.code for unit in units)],
        "name": ["楚溪县", *(unit.name.text for unit in units)],
        "kind": ["县", *(unit.kind for unit in units)],
        "parent_code": [None, *(unit.parent or "429921" for unit in units)],
    }
    levels = ["township"] * len(county.townships) + ["village"] * len(county.villages)
    return pd.DataFrame({**columns, "level": ["county", *levels]})

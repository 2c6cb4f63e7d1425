"""Waters as they land in the county file: rivers and lakes, lines and areas."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import shapely

from gazetteer.importing.prepared import Prepared, doubles
from gazetteer.importing.redrawn import redrawn
from gazetteer.store import County

OTHER = "other"
"""Class of a water of which the file does not say what it is."""
BY_GEOMETRY = "geometry:"
"""How the key of a water without a code begins."""


def water(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare waters; the code tells one from another, and where there is none the geometry.

    One that is drawn anew without a code is the one on record (`redrawn`), not a further one. A
    water with the code of a place on record bears that place's names.
    """
    shapes = frame["geometry"].map(_multi)
    rows = frame.assign(
        geometry=shapes,
        key=[_key(code, shape) for code, shape in zip(frame["code"], shapes, strict=True)],
        water_class=frame["water_class"].where(frame["water_class"].notna(), OTHER),
        place_id=frame["code"].map(_places(county)),
        source=source,
    )
    anew = redrawn(_uncoded(county.layer("water", keep=["key"])), _uncoded(rows), alike=ALIKE)
    return Prepared(rows, doubles(rows["key"], "code"), rekeyed=anew)


ALIKE = ("name", "water_class")
"""What a water drawn anew has as it had."""


def _uncoded(waters: Any) -> Any:
    uncoded = [str(each).startswith(BY_GEOMETRY) for each in waters["key"]]
    return waters.loc[pd.Series(uncoded, index=waters.index, dtype=bool)]


def _multi(shape: Any) -> Any:
    if shape.geom_type in ("LineString", "Polygon"):
        several = shapely.multilinestrings if shape.geom_type == "LineString" else None
        return (several or shapely.multipolygons)([shape])
    return shape


def _key(code: Any, shape: Any) -> str:
    if isinstance(code, str) and code:
        return code
    return BY_GEOMETRY + hashlib.sha256(shapely.to_wkb(shape)).hexdigest()[:32]


def _places(county: County) -> dict[str, str]:
    places = county.layer("places")
    coded = places[places["code"].notna()]
    return dict(zip(coded["code"], coded["id"], strict=True))

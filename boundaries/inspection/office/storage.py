"""Records of a round in the county file: what was handed out, received, decided, done.

Rows are only added. A row's id follows from what it says, so that the same receipt lands once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.inspection.round import handed_out as handed
from boundaries.inspection.round.fields import LAYERS, Layer, key_of
from boundaries.inspection.round.handed_out import Base
from boundaries.inspection.round.state import Decision, Receipt, Step
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.language import Text
from gazetteer.store import Change, County
from gazetteer.store.landing import land

RECORDS, FILES = "inspection_records", "attachments"
BASE, AGREED, JOINT = "base", "agreed", "joint"
"""Words in place of a side: handed out, agreed by all, done together."""
TRACK, DECISION, STEP, SEALED = "track", "decision", "step", "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: about which key, told by whom, what; `content` is JSON, geometries as text."""

    key: str
    side: str
    content: Mapping[str, Any]
    point: shapely.Point | None = None

    def id(self, inspection: str) -> str:
        """Return the row's id: equal for a row that says the same."""
        text = json.dumps([inspection, self.key, self.side, self.content], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Book:
    """All rows of a round, sorted by what they are."""

    base: Base = field(default_factory=dict)
    answers: tuple[Row, ...] = ()
    tracks: tuple[Row, ...] = ()
    decisions: tuple[Decision, ...] = ()
    steps: tuple[Step, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    sealed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What was compared when a round came to be sealed, by its digest then."""


def round_id(county: County, number: str) -> str:
    """Return the stable id of a round."""
    stored = county.layer("inspections")
    return str(stored.loc[stored["number"] == number, "id"].iloc[0])


def read(county: County, inspection: str) -> Book:
    """Return all that is on record about a round."""
    frame = county.layer(RECORDS, keep=("key",))
    rows = [
        Row(key=key, side=side, content=json.loads(content), point=point)
        for owner, key, side, content, point in zip(
            frame["inspection_id"],
            frame["key"],
            frame["side"],
            frame["content"],
            frame["geometry"],
            strict=True,
        )
        if owner == inspection
    ]
    kinds: dict[str, list[Row]] = {BASE: [], DECISION: [], STEP: [], TRACK: [], SEALED: [], "": []}
    for row in rows:
        what = BASE if row.side == BASE else str(row.content["layer"])
        kinds[what if what in kinds else ""].append(row)
    return Book(
        base=_base(kinds[BASE]),
        answers=tuple(kinds[""]),
        tracks=tuple(kinds[TRACK]),
        decisions=tuple(Decision.of(_values(row)) for row in kinds[DECISION]),
        steps=tuple(Step.of(_values(row)) for row in kinds[STEP]),
        receipts=tuple(_receipts(county, inspection)),
        sealed={row.key: row.content["told"] for row in kinds[SEALED]},
    )


def rewritten(county: County, inspection: str) -> tuple[str, ...]:
    """Return the keys of rows that do not say what they were written with: an id is their hash."""
    frame = county.layer(RECORDS, keep=("key",))
    stored = frame[frame["inspection_id"] == inspection]
    keys = {
        key
        for name, key, side, content in zip(
            stored["id"], stored["key"], stored["side"], stored["content"], strict=True
        )
        if Row(key=key, side=side, content=json.loads(content)).id(inspection) != name
    }
    return tuple(sorted(keys))


def _base(rows: Iterable[Row]) -> Base:
    by_layer: dict[Layer, list[Mapping[str, Any]]] = {layer: [] for layer in LAYERS}
    for row in rows:
        by_layer[row.content["layer"]].append(handed.of_plain(row.content["record"]))
    return {layer: tuple(records) for layer, records in by_layer.items()}


def _values(row: Row) -> dict[str, Any]:
    """Return what a row was written from: its key and what it says."""
    return {"key": row.key, **{k: value for k, value in row.content.items() if k != "layer"}}


def _receipts(county: County, inspection: str) -> Iterator[Receipt]:
    frame = county.layer(FILES)
    for row in frame[frame["thing_id"] == inspection].to_dict("records"):
        attributes = json.loads(row["attributes"])
        notes = tuple(Text(*each) for each in attributes.pop("notes"))
        yield Receipt(
            kind=str(row["kind"]),
            file_name=row["file_name"],
            sha256=row["sha256"],
            bytes=int(row["bytes"]),
            notes=notes,
            **attributes,
        )


# ------------------------------------------------------------------ writing


def freeze(change: Change, inspection: str, base: Base) -> None:
    """Write down what is handed out in a round."""
    write(
        change,
        inspection,
        [
            Row(
                key=key_of(layer, record),
                side=BASE,
                content={"layer": layer, "record": handed.plain(record)},
                point=_point(record.get("geometry")),
            )
            for layer, records in base.items()
            for record in records
        ],
    )


def _point(shape: Any) -> shapely.Point | None:
    return shape if isinstance(shape, shapely.Point) and not shape.is_empty else None


def write(change: Change, inspection: str, rows: Sequence[Row]) -> None:
    """Add rows; those that are there already stay as they are."""
    unique = {row.id(inspection): row for row in rows}
    if not unique:
        return
    frame = pd.DataFrame(
        {
            "id": list(unique),
            "inspection_id": inspection,
            "key": [row.key for row in unique.values()],
            "side": [row.side for row in unique.values()],
            "content": [json.dumps(row.content, ensure_ascii=False) for row in unique.values()],
        }
    )
    points = [row.point for row in unique.values()]
    land(change, RECORDS, gpd.GeoDataFrame(frame, geometry=points, crs=CGCS2000), key=["id"])


def write_receipts(change: Change, inspection: str, receipts: Sequence[Receipt]) -> None:
    """Add received files; the same file of the same side is on record once."""
    rows = [
        {
            "id": hashlib.sha256(
                f"{inspection} {each.side} {each.kind} {each.sha256}".encode()
            ).hexdigest()[:16],
            "thing_id": inspection,
            "kind": each.kind,
            "file_name": each.file_name,
            "sha256": each.sha256,
            "bytes": each.bytes,
            "attributes": json.dumps(
                {
                    "side": each.side,
                    "received_on": each.received_on,
                    "dated": each.dated,
                    "about": each.about,
                    "notes": each.notes,
                },
                ensure_ascii=False,
            ),
        }
        for each in receipts
    ]
    unique = {row["id"]: row for row in rows}
    if unique:
        land(change, FILES, pd.DataFrame(list(unique.values())), key=["id"])


def decision_row(decision: Decision) -> Row:
    """Return a decision as a row."""
    return Row(key=decision.key, side=AGREED, content=_content(DECISION, decision))


def sealed_row(digest: str, content: Mapping[str, Any]) -> Row:
    """Return what was compared, known by its digest, as a row."""
    return Row(key=digest, side=AGREED, content={"layer": SEALED, "told": content})


def step_row(step: Step) -> Row:
    """Return a step as a row."""
    placed = step.lon is not None and step.lat is not None
    point = shapely.Point(step.lon, step.lat) if placed else None
    return Row(key=step.key, side=JOINT, content=_content(STEP, step), point=point)


def _content(layer: str, record: Decision | Step) -> dict[str, Any]:
    """Return what a row says besides its key."""
    values = asdict(record)
    del values["key"]
    return {"layer": layer, **values}

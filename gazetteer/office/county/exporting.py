"""What leaves the office: a layer through the gate into a file, with its manifest beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from gazetteer import exchange, release
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.markings import NOTHING
from gazetteer.kinds import LAYERS
from gazetteer.office.names.catalogue import above_internal, catalogue, former_names
from gazetteer.release import Withheld
from gazetteer.store import County, schema

SPREADSHEETS = (".xlsx", ".csv")
KEYS = ("code", "number", "id", "name")


@dataclass(frozen=True, slots=True)
class Left:
    """A file that has left: its rows, notice and manifest, what was withheld, what has changed."""

    out: Path
    rows: int
    notice: Text
    withheld: tuple[Withheld, ...]
    manifest: Path
    notes: tuple[Text, ...] = ()
    changes: dict[str, list[str]] = field(default_factory=dict)
    left_out: int | None = None

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
            "notes": [each.zh for each in self.notes],
            "changes": self.changes,
            "left_out": self.left_out,
        }


def export(
    county: County,
    layer: str,
    out: Path,
    *,
    profile: str = "internal",
    as_of: str | None = None,
    since: Path | None = None,
    leave_out: bool = False,
) -> Left:
    """Write a layer of the county file through the release gate.

    Parameters
    ----------
    county
        Open county file.
    layer
        Its name; `names` gives the place-name catalogue.
    out
        File; its ending says the format. Spreadsheets get Chinese headers.
    profile
        Release profile.
    as_of
        Day (ISO); today where not given.
    since
        Manifest of the last release, to tell which records are new, changed or gone.
    leave_out
        Leave out classified records, counted, instead of refusing the layer.

    Raises
    ------
    UnknownError, ReleaseError, InputError
        When there is no such layer, it may not leave, or a file cannot be read or written.
    """
    previous = None if since is None else read_manifest(since)
    released = release.gate(
        {layer: outgoing(county, layer, as_of=as_of)},
        profile=profile,
        classification=profile,
        marked=county.marked() if leave_out else NOTHING,
        leave_out=leave_out,
    )
    if layer not in released.layers:
        raise release.ReleaseError(
            Sentence(
                "layer {layer!r} may not leave under profile {profile!r}",
                layer=layer,
                profile=profile,
            ),
            remedy=Sentence("Choose another layer, or have the profile changed."),
        )
    kind = LAYERS[layer]
    passed = released.layers[layer].drop(columns=list(kind.inward), errors="ignore")
    spread = out.suffix.lower() in SPREADSHEETS
    labels = exchange.labels(layer) if spread and kind.fields else None
    further: dict[str, Any] = {"records": fingerprints(passed)}
    changes = {} if previous is None else changed_records(further, since=previous)
    written = exchange.write(
        typed(passed),
        out,
        layer=layer,
        labels=labels,
        notice=released.notice.zh,
        released=released,
        further=further if previous is None else {**further, "changes": changes},
    )
    withheld, beside = released.withheld, written.manifest
    rows, told = len(passed), written.notes
    return Left(
        out, rows, released.notice, withheld, beside, told, changes, left_out=released.left_out
    )


def outgoing(county: County, layer: str, *, as_of: str | None = None) -> pd.DataFrame:
    """Return a layer as it is handed on and can be taken in again.

    Names go as the catalogue, divisions with former names, markers with the code of their line,
    reference objects with the number of their marker.
    """
    if layer == "names":
        return catalogue(county, as_of=as_of)
    frame = county.layer(layer, as_of=as_of)
    if layer == "divisions":
        return frame.assign(former_names=frame["id"].map(former_names(county, as_of=as_of)))
    if layer == "places":  # as for their names: internal is where each begins, not a decision
        return frame.assign(classification=above_internal(frame["classification"]))
    stands_for = LAYERS[layer].stands_for
    if stands_for is None:
        return frame
    held, told, other, key = stands_for
    known = county.layer(other, as_of="all")
    meant = dict(zip(known["id"], known[key], strict=True))
    return frame.assign(**{held: frame[held].map(meant)}).rename(columns={held: told})


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose empty columns are of the type that the county file has for them.

    Who fills them in elsewhere needs a text where names go and a number where lengths go; a column
    without any value would tell neither.

    Examples
    --------
    >>> found = typed(pd.DataFrame({"aliases": [float("nan")], "length_m": [None], "layer": [1]}))
    >>> [str(each) for each in found.dtypes]
    ['object', 'Float64', 'int64']
    """
    empty = [
        name
        for name in frame.columns
        if name != "geometry" and (frame[name].isna() | (frame[name].map(_is_nothing))).all()
    ]
    numbers = schema.number_columns()
    columns = {
        name: pd.Series([None] * len(frame), index=frame.index, dtype=numbers.get(name, object))
        for name in empty
    }
    return frame.assign(**columns)


def _is_nothing(value: Any) -> bool:
    return isinstance(value, tuple | list) and not value


def fingerprints(frame: pd.DataFrame) -> dict[str, str]:
    """Return the first 16 hexadecimal digits of each record's sha256 by its key.

    The key is the code, number, id or name, whichever no two records share; else the position.

    Examples
    --------
    >>> list(fingerprints(pd.DataFrame({"code": ["1", "1"], "name": ["a", "b"]})))
    ['a', 'b']
    """
    unique = (key for key in KEYS if key in frame and frame[key].notna().all())
    key = next((key for key in unique if frame[key].is_unique), None)
    keys = frame[key].astype(str) if key else pd.Series(range(1, len(frame) + 1)).astype(str)
    table = pd.DataFrame(frame.drop(columns=[name for name in ("id", "source") if name in frame]))
    rows = (
        "\x1f".join("" if value is None or value is pd.NA else str(value) for value in row)
        for row in table.itertuples(index=False, name=None)
    )
    pairs = zip(keys, rows, strict=True)
    return {told: release.sha256(row.encode())[:16] for told, row in pairs}


def changed_records(now: Mapping[str, Any], *, since: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the keys of the records that a release adds, changes and drops.

    Examples
    --------
    >>> changed_records({"records": {"a": "1", "b": "2"}}, since={"records": {"a": "0", "c": "3"}})
    {'added': ['b'], 'changed': ['a'], 'removed': ['c']}
    """
    new, old = now["records"], since["records"]
    return {
        "added": sorted(new.keys() - old.keys()),
        "changed": sorted(key for key in new.keys() & old.keys() if new[key] != old[key]),
        "removed": sorted(old.keys() - new.keys()),
    }


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest of an earlier release.

    Raises
    ------
    InputError
        When it cannot be read, or is no manifest with records.
    """
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            Sentence("it cannot be read"), place=str(path), remedy=Sentence("Name a manifest.")
        ) from error
    if not isinstance(known, dict) or not isinstance(known.get("records"), dict):
        raise InputError(
            Sentence("it is no manifest of an export"),
            place=str(path),
            remedy=Sentence("Name OUT.manifest.json."),
        )
    return known

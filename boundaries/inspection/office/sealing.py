"""What all sides seal: the comparison as it stood when nothing was open, bound by its digest.

A round that waits for seals keeps what was handed out, told, agreed on, found and done, and the
records of its lines, as one row. The digest stands in the round, on the papers that are signed, and
in the log beside each sheet; what comes later into the county file changes none of it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.inspection.office import storage
from boundaries.inspection.office.storage import Book
from boundaries.inspection.round import handed_out as handed
from boundaries.inspection.round.compare import Comparison, Record
from boundaries.inspection.round.rounds import Round
from boundaries.inspection.round.sides import Concerned
from boundaries.inspection.round.state import Decision, Photo, RoundState, Step, Track
from boundaries.office.records import Records
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import ConflictError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text
from gazetteer.store import County

COMMANDS = ("inspection compare", "inspection confirm")
"""Commands whose events tell the digest: the round came to be sealed, a sheet came in."""
FRAMES = ("lines", "markers", "reference_objects", "tri_points")


def digest(told: Mapping[str, Any]) -> str:
    """Return the digest of what is sealed; it does not depend on the order of names.

    Examples
    --------
    >>> digest({"a": 1, "b": [2.5]}) == digest({"b": [2.5], "a": 1})
    True
    """
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def detail(told: Round) -> dict[str, str]:
    """Return what an event says of the seal: the round, and the digest of what was compared."""
    return {"round": told.number, "compared": told.compared}


# ------------------------------------------------------------------ kept, and read again


def plain_of(state: RoundState, known: Records, *, at: str) -> dict[str, Any]:
    """Return what is sealed of a round as plain values.

    Parameters
    ----------
    state
        With nothing open.
    known
        Records of the county, of which those of the round's lines are kept.
    at
        Moment (ISO, UTC).
    """
    told: dict[str, Any] = {
        "at": at,
        "names": dict(state.names),
        "concerned": asdict(state.concerned),
        "base": _layers(state.base),
        "told": {side: _layers(own) for side, own in state.told.items()},
        "agreed": {key: handed.plain(each) for key, each in state.comparison.agreed.items()},
        "findings": [_finding(each) for each in state.findings],
        "decisions": [asdict(each) for each in state.decisions],
        "steps": [asdict(each) for each in state.steps],
        "received": sorted([each.side, each.sha256] for each in state.receipts),
        "zone": known.crs.to_string(),
        "records": {name: _frame(each) for name, each in _records(state, known).items()},
    }
    plain: dict[str, Any] = json.loads(json.dumps(told, ensure_ascii=False, default=_scalar))
    return plain


def as_sealed(state: RoundState, book: Book) -> RoundState:
    """Return a round as it was sealed; photos and tracks are what was received until then.

    Raises
    ------
    ConflictError
        When it has been altered since.
    """
    told = book.sealed.get(state.round.compared)
    if told is None or digest(told) != state.round.compared:
        raise ConflictError(
            f"what round {state.round.number!r} has sealed was altered since",
            remedy="Look with: gazetteer inspection verify, log verify; restore a backup.",
        )
    records = Records(
        **{name: _of_frame(told["records"][name]) for name in FRAMES},
        roads=gpd.GeoDataFrame({"name": []}, geometry=[], crs=CGCS2000),
        zone=told["zone"],
    )
    return dataclasses.replace(
        state,
        sides={side: told["names"].get(side, side) for side in state.round.sides},
        names=told["names"],
        concerned=_concerned(told["concerned"]),
        lines=records.lines,
        base=_of_layers(told["base"]),
        told={side: _of_layers(own) for side, own in told["told"].items()},
        photos=tuple(each for each in state.photos if _known(each, told)),
        tracks=tuple(each for each in state.tracks if _known(each, told)),
        comparison=Comparison(agreed={key: _record(own) for key, own in told["agreed"].items()}),
        findings=tuple(map(_of_finding, told["findings"])),
        decisions=tuple(map(_decision, told["decisions"])),
        steps=tuple(Step(**{**each, "present": tuple(each["present"])}) for each in told["steps"]),
        records=records,
        sealed_at=told["at"],
    )


def _records(state: RoundState, known: Records) -> dict[str, gpd.GeoDataFrame]:
    numbers = {str(each["number"]) for each in state.base["markers"]}
    codes = set(state.lines["code"])
    markers = known.markers
    own = markers["line_code"].isin(codes) | markers["number"].isin(numbers)
    numbers |= set(markers.loc[own, "number"].astype(str))
    objects, corners = known.reference_objects, known.tri_points
    return {
        "lines": state.lines,
        "markers": markers[own],
        "reference_objects": objects[objects["number"].isin(numbers)],
        "tri_points": corners[corners["number"].isin(numbers)],
    }


def _layers(told: Mapping[Any, Sequence[Record]]) -> dict[str, Any]:
    return {layer: [handed.plain(each) for each in own] for layer, own in told.items()}


def _of_layers(told: Mapping[str, Any]) -> Any:
    return {layer: tuple(map(_record, own)) for layer, own in told.items()}


def _record(told: Mapping[str, Any]) -> dict[str, Any]:
    known = handed.of_plain(told)
    return {**known, "evidence": tuple(known["evidence"])} if "evidence" in known else known


def _decision(told: Mapping[str, Any]) -> Decision:
    return Decision(**{**told, "by": tuple(told["by"])})


def _known(each: Photo | Track, told: Mapping[str, Any]) -> bool:
    """Tell whether a file was there when the round came to be sealed."""
    return [each.receipt.side, each.receipt.sha256] in told["received"]


def _concerned(told: Mapping[str, Any]) -> Concerned:
    keys, lines = (
        {key: tuple(own) for key, own in told[name].items()} for name in ("keys", "lines")
    )
    return Concerned(tuple(told["sides"]), keys, lines)


def _finding(told: Finding) -> dict[str, Any]:
    values = {each.name: getattr(told, each.name) for each in dataclasses.fields(told)}
    shape = None if told.geometry is None else shapely.to_wkb(told.geometry, hex=True)
    return {
        **values,
        "message": [told.message.zh, told.message.en],
        "geometry": shape,
        "details": dict(told.details),
    }


def _of_finding(told: Mapping[str, Any]) -> Finding:
    shape = None if told["geometry"] is None else shapely.from_wkb(told["geometry"])
    more = {
        "severity": Severity(told["severity"]),
        "message": Text(*told["message"]),
        "related": tuple(told["related"]),
        "geometry": shape,
    }
    return Finding(**{**told, **more})


def _frame(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return a frame with its types; places to the last bit."""
    own = pd.DataFrame(frame.drop(columns="geometry"))
    plain = own.astype(object).where(own.notna(), None)
    return {
        "types": {str(name): str(kind) for name, kind in own.dtypes.items()},
        "rows": plain.to_numpy().tolist(),
        "places": [
            None if each is None else shapely.to_wkb(each, hex=True) for each in frame.geometry
        ],
    }


def _of_frame(told: Mapping[str, Any]) -> gpd.GeoDataFrame:
    columns = dict(told["types"])
    values = pd.DataFrame(told["rows"], columns=list(columns), dtype=object)
    shapes = [None if each is None else shapely.from_wkb(each) for each in told["places"]]
    return gpd.GeoDataFrame(values.astype(columns), geometry=shapes, crs=CGCS2000)


def _scalar(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value))


# ------------------------------------------------------------------ looked at again


@dataclass(frozen=True, slots=True)
class Seal:
    """What a look at a sealed round says: ``good``, ``altered``, or ``not kept``.

    A round sealed before comparisons were kept has no digest: nothing can be said of it. `rows` are
    the keys about which the rows of the round say otherwise than what was sealed of them.
    """

    number: str
    state: Literal["good", "altered", "not kept"]
    compared: str
    now: str
    logged: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


def look(county: County, rounds: Sequence[Round]) -> list[Seal]:
    """Return of each round that waits for seals or bears them whether it is what was sealed.

    Parameters
    ----------
    county
        Open county file: the row kept, the round and the log have to tell one digest.
    rounds
        On record.
    """
    logged = _logged(county)
    return [
        _look(county, each, tuple(logged.get(each.number, ())))
        for each in rounds
        if each.state in ("to be sealed", "confirmed", "archived") or each.compared
    ]


def _look(county: County, told: Round, logged: tuple[str, ...]) -> Seal:
    if not told.compared and not any(logged[-1:]):
        return Seal(told.number, "not kept", "", "")
    owner = storage.round_id(county, told.number)
    book = storage.read(county, owner)
    kept = book.sealed.get(told.compared)
    now = "" if kept is None else digest(kept)
    otherwise = () if kept is None else _otherwise(book, kept)
    rows = tuple(sorted({*storage.rewritten(county, owner), *otherwise}))
    good = now == told.compared and logged[-1:] == (told.compared,) and not rows
    state: Literal["good", "altered"] = "good" if good else "altered"
    return Seal(told.number, state, told.compared, now, logged[-1:], rows)


def _otherwise(book: Book, kept: Mapping[str, Any]) -> set[str]:
    """Return the keys of agreements and steps that are on record or sealed, and not both."""
    found = set()
    for name, own in (("decisions", book.decisions), ("steps", book.steps)):
        now, then = (
            {json.dumps(each, sort_keys=True, default=_scalar): str(each["key"]) for each in told}
            for told in ([asdict(each) for each in own], kept[name])
        )
        found |= {(now | then)[each] for each in now.keys() ^ then.keys()}
    return found


def _logged(county: County) -> dict[str, list[str]]:
    """Return the digests that the log tells of each round, oldest first."""
    found: dict[str, list[str]] = {}
    for event in county.events(last=sys.maxsize):
        told = json.loads(event["detail"] or "{}") if event["command"] in COMMANDS else {}
        if "compared" in told:
            found.setdefault(str(told["round"]), []).append(str(told["compared"]))
    return found

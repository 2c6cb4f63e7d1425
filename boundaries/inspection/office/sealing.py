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
from boundaries.inspection.round.compare import Comparison
from boundaries.inspection.round.rounds import Round
from boundaries.inspection.round.sides import Concerned
from boundaries.inspection.round.state import Decision, Photo, RoundState, Step, Track
from boundaries.office.records import Records
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import ConflictError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text
from gazetteer.store import County

COMMANDS = ("inspection compare", "inspection confirm")
"""Commands whose events tell the digest: the round came to be sealed, a sheet came in."""
FRAMES = ("lines", "markers", "reference_objects", "tri_points")


def digest(content: Mapping[str, Any]) -> str:
    """Return the digest of what is sealed; it does not depend on the order of names.

    Examples
    --------
    >>> digest({"a": 1, "b": [2.5]}) == digest({"b": [2.5], "a": 1})
    True
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def detail(inspected: Round) -> dict[str, str]:
    """Return what an event says of the seal: the round, and the digest of what was compared."""
    return {"round": inspected.number, "compared": inspected.compared}


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
    content: dict[str, Any] = {
        "at": at,
        "names": dict(state.names),
        "concerned": asdict(state.concerned),
        "base": handed.plain_layers(state.base),
        "told": {side: handed.plain_layers(layers) for side, layers in state.told.items()},
        "agreed": {key: handed.plain(each) for key, each in state.comparison.agreed.items()},
        "findings": [_finding(each) for each in state.findings],
        "decisions": [asdict(each) for each in state.decisions],
        "steps": [asdict(each) for each in state.steps],
        "received": sorted([each.side, each.sha256] for each in state.receipts),
        "zone": known.crs.to_string(),
        "records": {name: _frame(each) for name, each in _records(state, known).items()},
    }
    plain: dict[str, Any] = json.loads(json.dumps(content, ensure_ascii=False, default=_scalar))
    return plain


def as_sealed(state: RoundState, book: Book) -> RoundState:
    """Return a round as it was sealed; photos and tracks are what was received until then.

    Raises
    ------
    ConflictError
        When it has been altered since.
    """
    content = book.sealed.get(state.round.compared)
    if content is None or digest(content) != state.round.compared:
        raise ConflictError(
            Sentence(
                "what round {number!r} has sealed was altered since", number=state.round.number
            ),
            remedy=Sentence(
                "Look with: gazetteer inspection verify, log verify; restore a backup."
            ),
        )
    records = Records(
        **{name: _of_frame(content["records"][name]) for name in FRAMES},
        roads=gpd.GeoDataFrame({"name": []}, geometry=[], crs=CGCS2000),
        zone=content["zone"],
    )
    return dataclasses.replace(
        state,
        sides={side: content["names"].get(side, side) for side in state.round.sides},
        names=content["names"],
        concerned=_concerned(content["concerned"]),
        lines=records.lines,
        base=_of_layers(content["base"]),
        told={side: _of_layers(plain) for side, plain in content["told"].items()},
        photos=tuple(each for each in state.photos if _known(each, content)),
        tracks=tuple(each for each in state.tracks if _known(each, content)),
        comparison=Comparison(
            agreed={key: _record(plain) for key, plain in content["agreed"].items()}
        ),
        findings=tuple(map(_of_finding, content["findings"])),
        decisions=tuple(map(Decision.of, content["decisions"])),
        steps=tuple(map(Step.of, content["steps"])),
        records=records,
        sealed_at=content["at"],
    )


def _records(state: RoundState, known: Records) -> dict[str, gpd.GeoDataFrame]:
    numbers = {str(each["number"]) for each in state.base["markers"]}
    codes = set(state.lines["code"])
    markers = known.markers
    concerned = markers["line_code"].isin(codes) | markers["number"].isin(numbers)
    numbers |= set(markers.loc[concerned, "number"].astype(str))
    objects, corners = known.reference_objects, known.tri_points
    return {
        "lines": state.lines,
        "markers": markers[concerned],
        "reference_objects": objects[objects["number"].isin(numbers)],
        "tri_points": corners[corners["number"].isin(numbers)],
    }


def _of_layers(layers: Mapping[str, Any]) -> Any:
    return {layer: tuple(map(_record, records)) for layer, records in layers.items()}


def _record(plain: Mapping[str, Any]) -> dict[str, Any]:
    known = handed.of_plain(plain)
    return {**known, "evidence": tuple(known["evidence"])} if "evidence" in known else known


def _known(each: Photo | Track, content: Mapping[str, Any]) -> bool:
    """Tell whether a file was there when the round came to be sealed."""
    return [each.receipt.side, each.receipt.sha256] in content["received"]


def _concerned(content: Mapping[str, Any]) -> Concerned:
    keys, lines = (
        {key: tuple(codes) for key, codes in content[name].items()} for name in ("keys", "lines")
    )
    return Concerned(tuple(content["sides"]), keys, lines)


def _finding(finding: Finding) -> dict[str, Any]:
    values = {each.name: getattr(finding, each.name) for each in dataclasses.fields(finding)}
    shape = None if finding.geometry is None else shapely.to_wkb(finding.geometry, hex=True)
    return {
        **values,
        "message": [finding.message.zh, finding.message.en],
        "geometry": shape,
        "details": dict(finding.details),
    }


def _of_finding(plain: Mapping[str, Any]) -> Finding:
    shape = None if plain["geometry"] is None else shapely.from_wkb(plain["geometry"])
    more = {
        "severity": Severity(plain["severity"]),
        "message": Text(*plain["message"]),
        "related": tuple(plain["related"]),
        "geometry": shape,
    }
    return Finding(**{**plain, **more})


def _frame(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return a frame with its types; places to the last bit."""
    values = pd.DataFrame(frame.drop(columns="geometry"))
    # JSON knows neither types nor NaN: both are kept beside the rows, so that the frame comes back
    # the same and its digest with it. Places are kept as bytes in hex, to the last bit.
    plain = values.astype(object).where(values.notna(), None)
    return {
        "types": {str(name): str(kind) for name, kind in values.dtypes.items()},
        "rows": plain.to_numpy().tolist(),
        "places": [
            None if each is None else shapely.to_wkb(each, hex=True) for each in frame.geometry
        ],
    }


def _of_frame(plain: Mapping[str, Any]) -> gpd.GeoDataFrame:
    columns = dict(plain["types"])
    values = pd.DataFrame(plain["rows"], columns=list(columns), dtype=object)
    shapes = [None if each is None else shapely.from_wkb(each) for each in plain["places"]]
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


def _look(county: County, inspected: Round, logged: tuple[str, ...]) -> Seal:
    if not inspected.compared and not any(logged[-1:]):
        return Seal(inspected.number, "not kept", "", "")
    owner = storage.round_id(county, inspected.number)
    book = storage.read(county, owner)
    kept = book.sealed.get(inspected.compared)
    now = "" if kept is None else digest(kept)
    otherwise = () if kept is None else _otherwise(book, kept)
    rows = tuple(sorted({*storage.rewritten(county, owner), *otherwise}))
    good = now == inspected.compared and logged[-1:] == (inspected.compared,) and not rows
    state: Literal["good", "altered"] = "good" if good else "altered"
    return Seal(inspected.number, state, inspected.compared, now, logged[-1:], rows)


def _otherwise(book: Book, kept: Mapping[str, Any]) -> set[str]:
    """Return the keys of agreements and steps that are on record or sealed, and not both."""
    keys = set()
    for name, records in (("decisions", book.decisions), ("steps", book.steps)):
        now, then = (
            {json.dumps(each, sort_keys=True, default=_scalar): str(each["key"]) for each in rows}
            for rows in ([asdict(each) for each in records], kept[name])
        )
        keys |= {(now | then)[each] for each in now.keys() ^ then.keys()}
    return keys


def _logged(county: County) -> dict[str, list[str]]:
    """Return the digests that the log tells of each round, oldest first."""
    by_round: dict[str, list[str]] = {}
    for event in county.events(last=sys.maxsize):
        values = json.loads(event["detail"] or "{}") if event["command"] in COMMANDS else {}
        if "compared" in values:
            by_round.setdefault(str(values["round"]), []).append(str(values["compared"]))
    return by_round

"""A round put together: base and receipts become what each side tells, and what follows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from boundaries import photos
from boundaries import records as kept
from boundaries.inspection import answers, findings, ledger, wording
from boundaries.inspection import base as handed
from boundaries.inspection.base import Base
from boundaries.inspection.compare import (
    Comparison,
    Difference,
    Record,
    compare_sides,
)
from boundaries.inspection.fields import LAYERS, Layer, key_of
from boundaries.inspection.ledger import Book
from boundaries.inspection.rounds import Round
from boundaries.inspection.state import Decision, Photo, RoundState, Step, Told, Track
from boundaries.records import Records
from gazetteer.coordinates import CGCS2000
from gazetteer.findings import Finding
from gazetteer.language import Text
from gazetteer.store import County
from gazetteer.store.copies import files_beside

POSITION_M = 1.0
"""Two sides' measurements of one marker nearer than this are the same: 0.1 mm at 1:10,000."""
TRACK_M = 20.0
"""How far a track may be from the line: the strip of 10 m on each side and the receiver's error."""


def assemble(county: County, inspected: Round, *, records: Records | None = None) -> RoundState:
    """Return a round as it stands.

    Parameters
    ----------
    county
        Open county file.
    inspected
        The round.
    records
        Of the county, where they are read already.
    """
    known = records or kept.of_county(county)
    book = ledger.read(county, ledger.round_id(county, inspected.number))
    base = book.base if any(book.base.values()) else handed.records_of(known, inspected)
    book = dataclasses.replace(book, base=base)
    lines = known.lines[known.lines["id"].isin(inspected.lines)]
    concerns = concerned(base, known, lines, inspected)
    names = side_names(county, inspected.sides)
    told = told_by(book, inspected.sides)
    taken = set(known.markers["number"].astype(str)) | set(known.tri_points["number"].astype(str))
    comparison = _without_taken(compared(base, told, concerns, names=names), told, base, taken)
    comparison = settled(comparison, told, base, book.decisions)
    tracks = tuple(_tracks(book))
    return RoundState(
        round=inspected,
        sides=names,
        lines=lines,
        base=base,
        told=told,
        receipts=book.receipts,
        photos=tuple(_photos(book)),
        tracks=tracks,
        comparison=comparison,
        findings=tuple(
            _with_step(each, book.steps)
            for each in found(base, comparison, told, concerns, tracks, known, names)
        ),
        decisions=book.decisions,
        steps=book.steps,
        folder=files_beside(county.path),
    )


def side_names(county: County, sides: Sequence[str]) -> dict[str, str]:
    """Return the names of the sides by code; a neighbour not on record keeps its code."""
    divisions = county.frame("divisions")
    names = dict(zip(divisions["code"], divisions["name"], strict=True))
    return {side: str(names.get(side) or side) for side in sides}


Concerns = Callable[[str], tuple[str, ...]]


def concerned(base: Base, known: Records, lines: pd.DataFrame, inspected: Round) -> Concerns:
    """Return the function that tells which sides have to answer about a key."""
    sides = handed.concerned(base, lines, known.tri_points, inspected.sides)
    by_line = {str(each["line_code"]): sides[each["number"]] for each in base["markers"]
               if each["marker_type"] != "tri-point"}  # fmt: skip
    by_line |= {
        str(each["line_code"]): sides[key_of("segments", each)] for each in base["segments"]
    }

    def of(key: str) -> tuple[str, ...]:
        if key in sides:
            return sides[key]
        marker = key.partition("/")[0]
        if marker in sides:
            return sides[marker]
        # a new marker's number begins with the code of its line
        code = next((code for code in by_line if key.startswith(code)), None)
        return inspected.sides if code is None else by_line[code]

    return of


# ------------------------------------------------------------------ what each side tells


def told_by(book: Book, sides: Sequence[str]) -> dict[str, Told]:
    """Return what each side tells as it counts now, with the photos that show it."""
    shown: dict[tuple[str, str], list[str]] = {}
    for photo in _photos(book):
        if photo.number:
            shown.setdefault((photo.receipt.side, photo.number), []).append(photo.receipt.file_name)
    rows: dict[tuple[str, Layer], list[dict[str, Any]]] = {}
    for row in book.answers:
        rows.setdefault((row.side, row.content["layer"]), []).append(_answer(row.content))
    return {
        side: {
            layer: tuple(
                _with_photos(each, layer, shown.get((side, str(each.get("number"))), []))
                for each in answers.folded(layer, rows.get((side, layer), []), base=book.base)
            )
            for layer in LAYERS
        }
        for side in sides
    }


def _answer(content: Mapping[str, Any]) -> dict[str, Any]:
    told = handed.of_plain(content["record"])
    return {**told, "recorded_at": content["dated"], "evidence": (content["file_name"],)}


def _with_photos(record: Mapping[str, Any], layer: Layer, shown: Sequence[str]) -> dict[str, Any]:
    files = [*record["evidence"], *_files_named(record)]
    files += shown if layer in ("markers", "new_markers") else []
    return {**record, "evidence": tuple(dict.fromkeys(files))}


def _photos(book: Book) -> Iterator[Photo]:
    """Yield the photos with their markers: told by their names, else by a row, else by place."""
    rows = _named_in_rows(book)
    numbers = {each["number"] for each in book.base["markers"]}
    for each in book.receipts:
        if each.kind == "photo":
            about = each.about
            label = photos.Photo(file=each.file_name).label.upper()
            named = None if label in numbers else rows.get((each.side, each.file_name))
            yield Photo(
                receipt=each,
                number=named or about.get("number"),
                lon=about.get("lon"),
                lat=about.get("lat"),
                direction_deg=about.get("direction_deg"),
                taken=str(about.get("taken") or ""),
            )


def _named_in_rows(book: Book) -> dict[tuple[str, str], str]:
    """Return the marker in whose row a side has named a photo, by side and file name."""
    found: dict[tuple[str, str], str] = {}
    for row in book.answers:
        record = row.content["record"]
        if row.content["layer"] in ("markers", "new_markers"):
            for name in _files_named(record):
                found[row.side, PurePosixPath(name.replace("\\", "/")).name] = record["number"]
    return found


def _files_named(record: Mapping[str, Any]) -> list[str]:
    told = str(record.get("photos") or "").replace("；", ";").split(";")
    return [each.strip() for each in told if each.strip()]


def _tracks(book: Book) -> Iterator[Track]:
    by_hash = {(each.side, each.sha256): each for each in book.receipts}
    for row in book.tracks:
        receipt = by_hash.get((row.side, row.content["receipt"]))
        if receipt is not None:
            path = shapely.from_wkt(row.content["path"])
            yield Track(receipt=receipt, line_code=row.key or None, path=path)


# ------------------------------------------------------------------ comparison


def compared(
    base: Base,
    told: Mapping[str, Told],
    concerns: Concerns,
    *,
    names: Mapping[str, str] | None = None,
) -> Comparison:
    """Compare what all sides tell with what was handed out, layer by layer.

    Only fields that are to be compared are; the others are told beside them. `names` are those of
    the sides, for the sentences.
    """
    parts = [_layer(layer, base, told, concerns, names or {}) for layer in LAYERS]
    return Comparison(
        agreed={key: value for part in parts for key, value in part.agreed.items()},
        differing=tuple(each for part in parts for each in part.differing),
        conflicts=tuple(each for part in parts for each in part.conflicts),
        missing={key: sides for part in parts for key, sides in part.missing.items()},
    )


def _layer(
    layer: Layer,
    base: Base,
    told: Mapping[str, Told],
    concerns: Concerns,
    names: Mapping[str, str],
) -> Comparison:
    limits = {each.name: each.tolerance for each in LAYERS[layer]} | {"geometry": POSITION_M}
    found = compare_sides(
        [_of_interest(layer, each) for each in base.get(layer, ())],
        {side: [_of_interest(layer, each) for each in own[layer]] for side, own in told.items()},
        key=lambda record: key_of(layer, record),
        concerned=concerns,
        tolerances=limits,
    )
    found = dataclasses.replace(
        found,
        differing=tuple(wording.of(each, layer, names=names) for each in found.differing),
        conflicts=tuple(wording.of(each, layer, names=names) for each in found.conflicts),
    )
    full = {key_of(layer, each): each for each in base.get(layer, ())}
    more = _more(layer, told)
    agreed = {
        key: {"layer": layer, **full.get(key, {}), **more.get(key, {}), **value}
        for key, value in found.agreed.items()
    }
    return dataclasses.replace(found, agreed=agreed)


_KEPT = frozenset({"number", "ordinal", "evidence", "recorded_at", "id", "measured_accuracy_m"})


def _of_interest(layer: Layer, record: Record) -> dict[str, Any]:
    """Return the fields of a record by which sides are compared."""
    names = {each.name for each in LAYERS[layer] if each.compared} | _KEPT
    if layer == "segments":
        names |= {"line_code"}
    placed = layer in ("markers", "new_markers") and record.get("state") != "lost"
    if layer == "reference_objects" and record.get("ordinal") is None:
        names |= {"name"}
    return {
        name: value
        for name, value in record.items()
        if name in names or (placed and name == "geometry")
    }


def _more(layer: Layer, told: Mapping[str, Told]) -> dict[str, dict[str, Any]]:
    """Return by key what the sides tell besides what is compared: the first that says it."""
    names = [each.name for each in LAYERS[layer] if each.by_side and not each.compared]
    found: dict[str, dict[str, Any]] = {}
    for side in sorted(told):
        for record in told[side][layer]:
            own = found.setdefault(key_of(layer, record), {})
            for name in names:
                if record.get(name) is not None:
                    own.setdefault(name, record[name])
    return found


def settled(
    comparison: Comparison,
    told: Mapping[str, Told],
    base: Base,
    decisions: Sequence[Decision],
) -> Comparison:
    """Return a comparison in which what the sides have agreed on stands as agreed.

    A decision on ``record`` lets the record of one side stand (on the key ``*``: for all that the
    others are silent about), or none; one on ``number`` gives a side's new marker another number.
    """
    for each in decisions:
        comparison = _decided(comparison, told, base, each)
    return comparison


def _decided(
    comparison: Comparison, told: Mapping[str, Told], base: Base, decision: Decision
) -> Comparison:
    key, value = decision.key, decision.value
    known = {key_of(layer, each): each for layer, own in base.items() for each in own}
    if decision.field not in ("record", "number"):
        if key not in comparison.agreed:
            return comparison
        agreed_on = value
        if decision.field == "geometry":
            recorded = known.get(key, {}).get("geometry")
            agreed_on = shapely.Point(value["lon"], value["lat"]) if value else recorded
        changed = {**comparison.agreed[key], decision.field: agreed_on}
        return _taken(comparison, {key: changed}, lambda each: each.field == decision.field)
    if decision.field == "number":
        return _renumbered(comparison, told, key, value)
    keys = [key] if key != "*" else list(comparison.missing)
    stands: dict[str, dict[str, Any]] = {}
    for each in keys:
        record = _of(told, str(value), each)
        if record is not None:
            stands[each] = {**known.get(each, {}), **record}
    if not stands and key in known:  # a marker on record stays whatever becomes of a new one
        stands = {key: comparison.agreed[key]} if key in comparison.agreed else {}
    gone = (key,) if key != "*" else ()
    return _taken(comparison, stands, lambda _: True, gone=gone)


def _renumbered(
    comparison: Comparison, told: Mapping[str, Told], key: str, value: Mapping[str, str]
) -> Comparison:
    """Give one side's new marker another number; the other marker keeps the one it has."""
    others = (_of(told, side, key) for side in told if side != value["side"])
    stands = comparison.agreed.get(key) or next((each for each in others if each), None)
    moved = _of(told, value["side"], key)
    agreed = {key: stands} if stands else {}
    agreed |= {value["number"]: {**moved, "number": value["number"]}} if moved else {}
    return _taken(comparison, agreed, lambda _: True, gone=(key,))


def _of(told: Mapping[str, Told], side: str, key: str) -> dict[str, Any] | None:
    """Return what a side tells about a key, of a new thing first."""
    for layer in reversed(LAYERS):
        for record in told.get(side, {}).get(layer, ()):
            if key_of(layer, record) == key:
                return {"layer": layer, **record}
    return None


def _taken(
    comparison: Comparison,
    agreed: Mapping[str, dict[str, Any]],
    which: Callable[[Difference], bool],
    *,
    gone: Sequence[str] = (),
) -> Comparison:
    """Return a comparison with records agreed and the differences about them taken out."""
    keys = {*agreed, *gone}

    def open_(differences: Sequence[Difference]) -> tuple[Difference, ...]:
        return tuple(each for each in differences if not (each.key in keys and which(each)))

    kept_back = {key: value for key, value in comparison.agreed.items() if key not in gone}
    return Comparison(
        agreed={**kept_back, **agreed},
        differing=open_(comparison.differing),
        conflicts=open_(comparison.conflicts),
        missing={k: v for k, v in comparison.missing.items() if k not in keys},
    )


def _without_taken(
    comparison: Comparison, told: Mapping[str, Told], base: Base, taken: set[str]
) -> Comparison:
    """Make a new marker under a number that is in use already a conflict."""
    known = {each["number"]: each for each in base["markers"]}
    conflicts = list(comparison.conflicts)
    for side, own in told.items():
        for record in own["new_markers"]:
            number = record["number"]
            if number in taken and number not in {each.key for each in conflicts if not each.field}:
                conflicts.append(_number_taken(number, side, record, known.get(number)))
    return dataclasses.replace(comparison, conflicts=tuple(conflicts))


def _number_taken(number: str, side: str, record: Record, base: Record | None) -> Difference:
    return Difference(
        key=number,
        field="",
        base=base,
        told={side: dict(record)},
        evidence={side: tuple(record.get("evidence", ()))},
        message=Text(
            f"{side}方新增界桩的编号{number}已被占用",
            f"the number of the new marker {number} of {side} is in use",
        ),
    )


# ------------------------------------------------------------------ findings


def found(
    base: Base,
    comparison: Comparison,
    told: Mapping[str, Told],
    concerns: Concerns,
    tracks: Sequence[Track],
    known: Records,
    sides: Mapping[str, str],
) -> Iterator[Finding]:
    """Yield what the round finds, from what all sides agree on, and from tracks of either side."""
    agreed = comparison.agreed
    yield from findings.markers(base["markers"], agreed)
    yield from findings.references(*_references(base, agreed))
    yield from findings.segments(base["segments"], agreed)
    yield from findings.one_sided(_new_markers(comparison, told, concerns))
    lines = known.lines.set_index("code").geometry
    for each in tracks:
        if each.line_code in lines.index:
            metric = gpd.GeoSeries([each.path, lines[each.line_code]], crs=CGCS2000).to_crs(
                known.crs
            )
            yield from findings.track(
                str(each.line_code),
                metric.iloc[0],
                metric.iloc[1],
                crs=known.crs,
                tolerance_m=TRACK_M,
                side=each.receipt.side,
                name=sides.get(each.receipt.side, ""),
                key=f"{each.receipt.sha256[:12]}:",
            )


REMEDIES: Mapping[str, frozenset[str]] = {
    "marker-lost": frozenset({"re-erect"}),
    "marker-moved": frozenset({"re-erect"}),
    "marker-damaged": frozenset({"repair", "re-erect"}),
    "marker-illegible": frozenset({"repaint", "repair", "re-erect"}),
    "one-sided-marker": frozenset({"remove"}),
    "resurvey-needed": frozenset({"resurvey"}),
}
"""Steps that put right what a rule finds."""


def _with_step(finding: Finding, steps: Sequence[Step]) -> Finding:
    """Return a finding with the step that has put it right (``step``, ``step_on``), if any."""
    wanted = REMEDIES.get(finding.rule.removeprefix("inspection/"), frozenset())
    done = [each for each in steps if each.key == finding.subject and each.kind in wanted]
    if not done:
        return finding
    told = {"step": done[-1].kind, "step_on": done[-1].on}
    return dataclasses.replace(finding, details={**finding.details, **told})


def _references(
    base: Base, agreed: Mapping[str, Record]
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Return the reference objects answered about, new ones among them, and those gone."""
    rows, gone = [], []
    for key, record in agreed.items():
        if record["layer"] == "reference_objects":
            pair = (str(record["number"]), f"{record.get('name') or key}")
            rows.append(pair)
            if record.get("presence") == "gone":
                gone.append(pair)
    return pd.DataFrame(rows, columns=["number", "name"]), gone


def _new_markers(
    comparison: Comparison, told: Mapping[str, Told], concerns: Concerns
) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for side, own in told.items():
        for record in own["new_markers"]:
            number = str(record["number"])
            sides = found.get(number, {}).get("sides", ())
            alone = "no" in (record.get("set_jointly"), found.get(number, {}).get("set_jointly"))
            agreed = comparison.agreed.get(number)
            found[number] = {
                **record,
                "set_jointly": "no" if alone else record.get("set_jointly"),
                "sides": (*sides, side),
                "expected": () if agreed else concerns(number),
            }
    return found

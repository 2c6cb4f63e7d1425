"""A round put together: base and receipts become what each side tells, and what follows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import shapely

from boundaries import photos
from boundaries.inspection.field import answers
from boundaries.inspection.office import concluding, sealing, storage
from boundaries.inspection.office.comparing import compared, settled, without_taken
from boundaries.inspection.office.storage import Book
from boundaries.inspection.round import dates
from boundaries.inspection.round import handed_out as handed
from boundaries.inspection.round.fields import LAYERS, Layer
from boundaries.inspection.round.rounds import Round
from boundaries.inspection.round.sides import concerned
from boundaries.inspection.round.state import Photo, Receipt, RoundState, Told, Track
from boundaries.office import records as kept
from boundaries.office.records import Records
from gazetteer.store import County
from gazetteer.store.kept import files_beside

__all__ = ["assemble", "compared", "side_names", "told_by"]


def assemble(county: County, inspected: Round, *, records: Records | None = None) -> RoundState:
    """Return a round as it stands; from its seals on, as it was sealed.

    Parameters
    ----------
    county
        Open county file.
    inspected
        The round.
    records
        Of the county, where they are read already.

    Raises
    ------
    ConflictError
        When what was sealed has been altered since.
    """
    known = records or kept.of_county(county)
    book = storage.read(county, storage.round_id(county, inspected.number))
    base = book.base if any(book.base.values()) else handed.records_of(known, inspected)
    book = dataclasses.replace(book, base=base)
    state = _as_it_stands(county, inspected, book, known)
    return sealing.as_sealed(state, book) if inspected.compared else state


def _as_it_stands(county: County, inspected: Round, book: Book, known: Records) -> RoundState:
    lines = known.lines[known.lines["id"].isin(inspected.lines)]
    by_side = told_by(book, inspected)
    new = [each for layers in by_side.values() for each in layers["new_markers"]]
    whom = concerned(book.base, lines, known.tri_points, inspected.sides, new=new)
    codes = (code for each in whom.keys.values() for code in each)
    names = side_names(county, dict.fromkeys((*inspected.sides, *codes)))
    comparison = compared(book.base, by_side, whom.answering, names=names)
    if inspected.state not in ("confirmed", "archived"):  # a round's own markers are no others
        comparison = without_taken(comparison, by_side, book.base, _numbers(known), names=names)
    tracks = tuple(_tracks(book))
    state = RoundState(
        round=inspected,
        sides={side: names[side] for side in inspected.sides},
        names=names,
        concerned=whom,
        lines=lines,
        base=book.base,
        told=by_side,
        receipts=book.receipts,
        photos=tuple(_photos(book)),
        tracks=tracks,
        comparison=settled(comparison, by_side, book.base, book.decisions),
        findings=(),
        decisions=book.decisions,
        steps=book.steps,
        folder=files_beside(county.path),
    )
    return dataclasses.replace(state, findings=tuple(concluding.findings_of(state, known)))


def _numbers(known: Records) -> set[str]:
    return {str(each) for frame in (known.markers, known.tri_points) for each in frame["number"]}


def side_names(county: County, sides: Iterable[str]) -> dict[str, str]:
    """Return the names of the sides by code; a neighbour not on record keeps its code."""
    divisions = county.layer("divisions")
    names = dict(zip(divisions["code"], divisions["name"], strict=True))
    return {side: str(names.get(side) or side) for side in sides}


# ------------------------------------------------------------------ what each side tells


def told_by(book: Book, inspected: Round) -> dict[str, Told]:
    """Return what each side tells as it counts now, with the photos that show it."""
    shown: dict[tuple[str, str], list[str]] = {}
    for photo in _photos(book):
        if photo.number:
            shown.setdefault((photo.receipt.side, photo.number), []).append(photo.receipt.file_name)
    receipts = {(each.side, each.sha256): each for each in book.receipts}
    rows: dict[tuple[str, Layer], list[dict[str, Any]]] = {}
    for row in book.answers:
        receipt = receipts.get((row.side, str(row.content.get("receipt"))))
        answer = _answer(row.content, receipt, inspected)
        rows.setdefault((row.side, row.content["layer"]), []).append(answer)
    return {
        side: {
            layer: tuple(
                _with_photos(each, layer, shown.get((side, str(each.get("number"))), []))
                for each in answers.folded(layer, rows.get((side, layer), []), base=book.base)
            )
            for layer in LAYERS
        }
        for side in inspected.sides
    }


def _answer(
    content: Mapping[str, Any], receipt: Receipt | None, inspected: Round
) -> dict[str, Any]:
    record = handed.of_plain(content["record"])
    at = dates.order(content["dated"], receipt, inspected)
    return {**record, "recorded_at": at, "evidence": (content["file_name"],)}


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
                trusted=bool(about.get("trusted_clock", True)),
            )


def _named_in_rows(book: Book) -> dict[tuple[str, str], str]:
    """Return the marker in whose row a side has named a photo, by side and file name."""
    numbers: dict[tuple[str, str], str] = {}
    for row in book.answers:
        record = row.content["record"]
        if row.content["layer"] in ("markers", "new_markers"):
            for name in _files_named(record):
                numbers[row.side, PurePosixPath(name.replace("\\", "/")).name] = record["number"]
    return numbers


def _files_named(record: Mapping[str, Any]) -> list[str]:
    listed = str(record.get("photos") or "").replace("；", ";").split(";")
    return [each.strip() for each in listed if each.strip()]


def _tracks(book: Book) -> Iterator[Track]:
    by_hash = {(each.side, each.sha256): each for each in book.receipts}
    for row in book.tracks:
        receipt = by_hash.get((row.side, row.content["receipt"]))
        if receipt is not None:
            path = shapely.from_wkt(row.content["path"])
            yield Track(receipt=receipt, line_code=row.key or None, path=path)

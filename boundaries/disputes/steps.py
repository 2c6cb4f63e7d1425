"""Disputes in the county file: opened, claimed, followed step by step, settled; each an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.disputes import claims, storage
from boundaries.disputes.area import MU_M2, Face, faces, total
from boundaries.disputes.claims import JOIN_M, Course
from boundaries.disputes.dispute import Claim, Dispute, Outcome, Step, moment
from boundaries.disputes.ground import Ground, codes_beside, ground
from boundaries.disputes.inside import Inside, inside
from boundaries.office import redrawing
from boundaries.realigning import Realigned, realign
from gazetteer.common import hashing
from gazetteer.common.coordinates import CGCS2000, geodesic_area_m2
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.common.language import Sentence
from gazetteer.office.names import finding
from gazetteer.store import County
from gazetteer.store.attachments import attach
from gazetteer.store.renaming import succeed

LEAST_M2 = 1.0
"""Two claims with less than this between them say the same."""


def listed(county: County) -> list[dict[str, Any]]:
    """Return one record a dispute: number, line, state, when it arose, area in mu, cause."""
    return [
        {
            "number": each.number,
            "line": each.line,
            "state": each.state,
            "at": each.at,
            "cause": each.cause,
            "sides": list(each.sides),
            "area_mu": round(total(between(each)) / MU_M2, 2) if len(each.claims) == 2 else None,
        }
        for each in storage.of_county(county)
    ]


# ------------------------------------------------------------------ steps


def new(
    county: County,
    number: str,
    line: str,
    *,
    at: str,
    cause: str = "",
    neighbour: str | None = None,
    papers: storage.Papers = (),
) -> Dispute:
    """Open a dispute over a line.

    A line that nobody agreed on becomes disputed. An agreed one stays in force until the dispute is
    settled (行政区域界线管理条例 15): the agreement is what it is settled by.

    Parameters
    ----------
    county
        Open for writing.
    number
        Of the dispute.
    line
        Code or name.
    at
        When it arose: 2026-03-01T08:30.
    cause
        What it arose from.
    neighbour
        Code of the side beyond the county, where the line has only one in the county file.
    papers
        Pairs of kind (see `evidence_kinds`) and file.

    Raises
    ------
    UnknownError, InputError, ConflictError
        When there is no such line, a side is missing, the number is taken, or the line is in
        dispute already.
    """
    around = ground(county, line)
    code = str(around.row["code"])
    for each in storage.of_county(county):
        if each.number == number:
            msg = Sentence("dispute {number!r} is on record already", number=number)
            raise ConflictError(msg, remedy=Sentence("Choose another number."))
        if each.line == code and each.state != "closed":
            msg = Sentence(
                "line {code} is in dispute already: {number}", code=code, number=each.number
            )
            raise ConflictError(msg, remedy=Sentence("Add to that one, or close it first."))
    left, right = _both(around.row, neighbour)
    opened = Dispute(
        number=number,
        line_id=str(around.row["id"]),
        line=code,
        left=left,
        right=right,
        course=around.course,
        at=moment(at),
        cause=cause,
    )
    kept = storage.read(papers)
    with county.change("disputes new", reason=cause or None) as change:
        identifier = storage.write(change, opened, geometry=None)
        attach(change, identifier, kept)
        if around.row["legal_status"] == "de-facto":
            storage.correct(change, code, {"legal_status": "disputed"})
    return opened


def _both(row: pd.Series, neighbour: str | None) -> tuple[str, str]:
    left, right = codes_beside(row)
    missing = [each for each in (left, right) if not isinstance(each, str)]
    if len(missing) > 1 or (missing and not neighbour):
        msg = Sentence("line {row} has one side in the county file", row=row["code"])
        raise InputError(msg, remedy=Sentence("Name the one beyond it: --neighbour CODE."))
    if neighbour and not missing and neighbour not in (left, right):
        msg = Sentence(
            "{neighbour!r} is no side of line {row}", neighbour=neighbour, row=row["code"]
        )
        raise InputError(msg, remedy=Sentence("Sides: {left}, {right}.", left=left, right=right))
    sides = tuple(each if isinstance(each, str) else str(neighbour) for each in (left, right))
    if sides[0] == sides[1]:
        raise InputError(
            Sentence("{code!r} is on both sides", code=sides[0]),
            remedy=Sentence("Name the other side."),
        )
    return sides[0], sides[1]


def claim(
    county: County,
    number: str,
    *,
    side: str,
    drawn: shapely.LineString,
    on: str,
    file: Path | None = None,
    basis: str = "",
    join_m: float = JOIN_M,
    papers: storage.Papers = (),
) -> tuple[Dispute, list[Face]]:
    """Record what a side claims; return the dispute and, with both claims, what lies between.

    An earlier claim of the side stays in the history of the county file.

    Parameters
    ----------
    county, number
        Which dispute, in a county file open for writing.
    side
        Code of the division that claims.
    drawn
        Its claim line, EPSG:4490.
    on
        Day of the claim, ISO text.
    file
        Where it was read from: name and hash are kept.
    basis
        What it is based on.
    join_m
        Farthest that its ends may lie from the line in dispute, in metres.
    papers
        Pairs of kind and file.

    Raises
    ------
    UnknownError, ConflictError, InputError
        When the dispute is unknown or closed, or the claim is unfit: see `claims.joined`,
        `claims.refuse_strays`; or it equals the other side's claim.
    """
    before = storage.find(county, number)
    around = ground(county, before.line)
    course = _course(around, before, drawn, place=f"{around.name(side)}", join_m=join_m)
    made = Claim(
        side=side,
        drawn=drawn,
        whole=course.whole,
        on=storage.day(on),
        basis=basis,
        file_name=file.name if file else "",
        sha256=hashing.fingerprint(file) if file else "",
    )
    after = before.claimed(made)
    land = between(after)
    if len(after.claims) == 2 and total(land) < LEAST_M2:
        msg = Sentence("the claim is the same line as the other side's")
        raise InputError(
            msg, place=around.name(side), remedy=Sentence("Then there is nothing to dispute.")
        )
    kept = storage.read(papers, side=side)
    with county.change("disputes claim", source=made.file_name or None,
                       source_hash=made.sha256 or None) as change:  # fmt: skip
        identifier = storage.write(change, after, geometry=_area(land))
        attach(change, identifier, kept)
    return after, land


def _course(
    around: Ground, dispute: Dispute, drawn: shapely.LineString, *, place: str, join_m: float
) -> Course:
    course = claims.joined(drawn, dispute.course, crs=around.crs, place=place, join_m=join_m)
    sides = around.divisions["code"].isin(dispute.sides)
    level = around.divisions.loc[sides, "level"]
    same = around.divisions["level"].isin(level) & around.divisions.geometry.notna() & ~sides
    others = around.divisions[same]
    lands = {
        f"{name}（{code}）": shape
        for code, name, shape in zip(others["code"], others["name"], others.geometry, strict=True)
    }
    claims.refuse_strays(course.whole, lands, crs=around.crs, place=place)
    return course


def between(dispute: Dispute) -> list[Face]:
    """Return the land between the two claims; nothing before both are on record."""
    if len(dispute.claims) < 2:
        return []
    left, right = dispute.claims[dispute.left].whole, dispute.claims[dispute.right].whole
    return faces(dispute.course, left, right)


def _area(land: Sequence[Face]) -> shapely.MultiPolygon | None:
    return shapely.MultiPolygon([face.shape for face in land]) if land else None


def step(county: County, number: str, made: Step, *, papers: storage.Papers = ()) -> Dispute:
    """Record a step of a dispute with its time.

    Raises
    ------
    UnknownError, InputError
        When the dispute or the step is unknown, or the time is unfit.
    """
    after = storage.find(county, number).stepped(made)
    kept = storage.read(papers, step=made.step)
    with county.change(f"disputes step {made.step}", reason=made.note or None) as change:
        identifier = storage.write(change, after, geometry=_area(between(after)))
        attach(change, identifier, kept)
    return after


# ------------------------------------------------------------------ the end


def close(
    county: County,
    number: str,
    *,
    agreed: shapely.LineString,
    on: str,
    document: str,
    file: Path | None = None,
    note: str = "",
    join_m: float = JOIN_M,
    papers: storage.Papers = (),
) -> Dispute:
    """Settle a dispute: the agreed course takes the line's place for both neighbours at once.

    The line, the polygons of both sides, of what holds them and of their parts get a new version
    from the day on, in one transaction; its legal status is agreed, by the document.

    Parameters
    ----------
    county, number
        Which dispute, in a county file open for writing.
    agreed
        Agreed course, EPSG:4490: of the whole line, or of the stretch in dispute.
    on
        Day from which it holds, ISO text.
    document
        Agreement, or decision of the government above.
    file
        Where the course was read from.
    note
        Remark.
    join_m
        Farthest that its ends may lie from the line.
    papers
        Pairs of kind and file.

    Raises
    ------
    UnknownError, ConflictError, InputError
        When the dispute is unknown or closed, the document is missing, or the course is unfit.
    """
    before = storage.find(county, number)
    before.refuse_closed()
    if not document.strip():
        msg = Sentence(
            "dispute {number!r} has no agreement or decision to be closed by", number=number
        )
        raise InputError(msg, remedy=Sentence("Name it: --document."))
    around = ground(county, before.line)
    course = _course(around, before, agreed, place=file.name if file else "agreed", join_m=join_m)
    if storage.day(on) < before.at[:10]:
        msg = Sentence("{on} is before the dispute arose ({arose})", on=on, arose=before.at)
        raise InputError(msg, remedy=Sentence("Check the date."))
    done = _realigned(county, around, before, course)
    ended = before.closed(
        Outcome(
            course=course.whole,
            on=storage.day(on),
            document=document,
            note=note,
            file_name=file.name if file else "",
            sha256=hashing.fingerprint(file) if file else "",
            changed=tuple(sorted(done.shapes)),
            pieces=tuple(_pieces(done)),
            markers=done.markers,
        )
    )
    kept = storage.read(papers, step="sign")
    ids = dict(zip(around.divisions["code"], around.divisions["id"], strict=True))
    with county.change("disputes close", reason=note or None, document=document) as change:
        identifier = storage.write(change, ended, geometry=_area(between(ended)))
        attach(change, identifier, kept)
        agreed_by = {"agreement_document": document, "agreement_date": storage.day(on)}
        for line, values in redrawing.line_values(done).items():
            if line == before.line_id:
                values |= {"legal_status": "agreed", **agreed_by}
            succeed(change, "boundary_line", line, values, on=storage.day(on))
        for code, shape in done.shapes.items():
            succeed(change, "division", str(ids[code]), {"geometry": shape}, on=storage.day(on))
    return ended


def _realigned(county: County, around: Ground, dispute: Dispute, course: Course) -> Realigned:
    """Return all that follows the agreed course."""
    land = redrawing.land_of(county, crs=around.crs)
    return realign(
        land, dispute.course, course, sides=(dispute.left, dispute.right), place=dispute.number
    )


def _pieces(done: Realigned) -> list[Mapping[str, Any]]:
    """Return how much land went from which part to which, summed up."""
    sums: dict[tuple[str, str], float] = {}
    for source, target, shape in done.pieces:
        area = float(geodesic_area_m2(gpd.GeoSeries([shape], crs=CGCS2000))[0])
        sums[source, target] = sums.get((source, target), 0.0) + area
    return [
        {"from": source, "to": target, "area_m2": round(area, 1)}
        for (source, target), area in sorted(sums.items())
    ]


# ------------------------------------------------------------------ what lies inside


def contents(county: County, dispute: Dispute) -> Inside | None:
    """Return who and what lies between the claims; None before both are on record."""
    area = _area(between(dispute))
    if area is None:
        return None
    layers: dict[str, pd.DataFrame] = {
        name: county.layer(name)
        for name in ("divisions", "facilities", "roads", "population", "markers")
    }
    return inside(area, {**layers, "names": finding.names_with_positions(county)})

"""Lines, markers, reference objects and tri-points on their way into the county file.

Layers and plain tables are read by `gazetteer.exchange`. What only boundary offices have is read
here: registration cards and lists in Excel or Word, whose X is the north coordinate. What a record
leaves open (a line's code, a marker's line, serial and type) follows from the numbering scheme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from boundaries.forms import card, office, table
from boundaries.markers.series import type_of
from boundaries.numbering import TOWNSHIP, MarkerNumber, Scheme
from boundaries.survey.delivery import LAYERS, Delivery, over
from gazetteer import exchange
from gazetteer.common import coordinates, hashing
from gazetteer.common.errors import CrsError, InputError
from gazetteer.common.findings import Finding, Severity, summary
from gazetteer.common.language import Sentence, Text
from gazetteer.common.offsets import UNSHIFT
from gazetteer.exchange import Opened, Reading
from gazetteer.exchange.rejects import COLUMN, REASON_EN, REASON_ZH, ROW, SHEET
from gazetteer.exchange.sources import opening, raw
from gazetteer.importing import Imported, bring_in_all
from gazetteer.kinds import kind_of
from gazetteer.store import County

ROLES = {role: "boundaries" if role == "units" else role for role in LAYERS}
"""Kind of record that each layer of a delivery is, in the order in which they land."""

LOGGED = 100
"""Errors named one by one in the log of a delivery that was accepted with them; all are counted."""

_LISTS = ("registrations", "marker_results")
_OFFICE = ("xlsx", "xls", "docx")


def read(path: Path, kind: str, *, scheme: Scheme = TOWNSHIP, **how: Any) -> Reading:
    """Read a layer, a table or a form of markers, completed by the numbering scheme.

    Parameters
    ----------
    path
        Anything `gazetteer.exchange.read` reads; for markers and reference objects also 界桩登记表
        (cards or a list) and 界桩成果表 in Excel or Word.
    kind
        One of `gazetteer.kinds.KINDS` that is imported.
    scheme
        How lines and markers are numbered.
    how
        As for `gazetteer.exchange.read`; forms need ``crs`` where they give metres.

    Raises
    ------
    InputError, CrsError
        When the file cannot be read, or its CRS is not known.
    """
    opening.check(path)
    form = None
    if kind in ("markers", "reference_objects") and not (how.get("mapping") or how.get("sheet")):
        form = _form(path, kind)
    reading = exchange.read(path, kind, **how) if form is None else _through(form, path, kind, how)
    return completed(reading, kind, scheme=scheme)


def completed(reading: Reading, kind: str, *, scheme: Scheme) -> Reading:
    """Return a reading in which the numbering scheme fills in what a record leaves open."""
    frame = reading.frame
    if kind == "lines":
        codes = [
            _line_code(code, left, right, scheme)
            for code, left, right in zip(
                frame["code"], frame["left_code"], frame["right_code"], strict=True
            )
        ]
        return replace(
            reading, frame=frame.assign(code=pd.Series(codes, frame.index, dtype=object))
        )
    if kind == "markers":
        parsed = [scheme.read(str(number)) for number in frame["number"]]
        return replace(reading, frame=_with_number(frame, parsed))
    return reading


def _line_code(code: Any, left: Any, right: Any, scheme: Scheme) -> Any:
    if code is not None or not (isinstance(left, str) and isinstance(right, str)):
        return code
    return scheme.line_of(left, right)


def _with_number(frame: pd.DataFrame, parsed: list[MarkerNumber | None]) -> pd.DataFrame:
    implied = {
        "line_code": [each and each.line for each in parsed],
        "serial": [each and each.serial for each in parsed],
        "marker_type": [each and each.marker_type for each in parsed],
        "side": [(each and each.side) or None for each in parsed],
    }
    filled = {}
    for name, values in implied.items():
        given = frame[name].astype(object)
        filled[name] = given.where(given.notna(), pd.Series(values, frame.index, dtype=object))
    return frame.assign(**filled)


# ------------------------------------------------------------------ forms


@dataclass(frozen=True)
class _Form:
    """Records of a form, with the row each stood in, and what could not be read."""

    frame: pd.DataFrame
    problems: tuple[table.Problem, ...]


def _form(path: Path, kind: str) -> _Form | None:
    """Return the records of a form; None where the file is a plain table or layer."""
    form = opening.form_of(path)
    if form not in _OFFICE:
        return None
    content = path.read_bytes()
    cards = office.read_cards(content, place=path.name)
    if cards:
        return _of_cards(cards, kind)
    roles = _LISTS if kind == "markers" else ("reference_objects",)
    lists = [office.read_list(content, role, place=path.name) for role in roles]
    best = max(lists, key=lambda each: len(each.frame.columns))
    surveyed = {"north_m", "east_m"} <= set(best.frame.columns)
    if len(best.frame) and (surveyed or form == "docx"):
        return _Form(best.frame, best.problems)
    if form == "docx":
        raise InputError(
            Sentence("no form of markers in it"),
            place=path.name,
            remedy=Sentence("Is it the right file?"),
        )
    return None


def _of_cards(cards: list[card.Card], kind: str) -> _Form:
    if kind == "markers":
        frame = pd.DataFrame([each.fields for each in cards])
    else:
        frame = pd.concat([each.references for each in cards], ignore_index=True)
    problems = tuple(problem for each in cards for problem in each.problems)
    return _Form(frame.assign(row=range(1, len(frame) + 1)), problems)


_HEADERS = {"north_m": "北坐标", "east_m": "东坐标", "longitude": "经度", "latitude": "纬度"}


def _through(form: _Form, path: Path, kind: str, how: Mapping[str, Any]) -> Reading:
    """Read a form's records as a plain table, so that each is understood as any other row."""
    frame = form.frame.reset_index(drop=True)
    columns = set(frame.dropna(axis=1, how="all").columns)
    if {"longitude", "latitude"} <= columns:
        metres = {"north_m", "east_m"} <= columns and _in_metres(how.get("crs"))
        spare = ["longitude", "latitude"] if metres else ["north_m", "east_m"]
        frame = frame.drop(columns=spare, errors="ignore")
    if "marker_type" in frame:
        frame = frame.assign(marker_type=frame["marker_type"].map(type_of))
    if "registered_on" in frame:
        frame = frame.rename(columns={"registered_on": "set_on"})
    plain = frame.drop(columns=["row"]).rename(columns=_HEADERS)
    opened = Opened(
        tables=(raw.grid(plain, frame["row"].tolist()),),
        source=path.name,
        sha256=hashing.fingerprint(path),
    )
    given = {name: value for name, value in how.items() if name not in ("sheet", "encoding")}
    reading = exchange.understand(opened, kind, **given)
    return replace(reading, notes=(*reading.notes, *(each.message for each in form.problems)))


def _in_metres(crs: str | None) -> bool:
    return bool(crs) and crs not in UNSHIFT and coordinates.parse_crs(crs).is_projected


# ------------------------------------------------------------------ deliveries


def accept(
    county: County,
    delivery: Delivery,
    findings: list[Finding],
    *,
    despite: str | None = None,
    scheme: Scheme = TOWNSHIP,
    sha256: str = "",
) -> dict[str, Imported]:
    """Bring a checked delivery's units, lines, markers and points into the county file.

    Everything lands in one event, or nothing does.

    Parameters
    ----------
    county
        County file open for writing.
    delivery
        What was checked.
    findings
        What the check has found.
    despite
        Reason to accept it with errors; it stands in the log.
    scheme
        How lines and markers are numbered.
    sha256
        Fingerprint of the delivery.

    Returns
    -------
    What became of the rows of each layer, by role.

    Raises
    ------
    InputError
        When the check has found errors and no reason is given, or nothing was delivered.
    """
    counts = summary(findings)
    errors = [each for each in findings if each.severity is Severity.ERROR]
    if errors and not (despite or "").strip():
        raise InputError(
            Sentence(
                "the check has found {count} errors, first: {first}",
                count=len(errors),
                first=errors[0].message,
            ),
            place=delivery.name,
            remedy=Sentence("Have them put right, or say --despite with the reason."),
        )
    readings = delivered(delivery, county, scheme=scheme)
    if not readings:
        raise InputError(Sentence("no layer in it can be taken over"), place=delivery.name)
    return bring_in_all(
        county,
        readings,
        command="survey accept",
        reason=despite,
        source=delivery.name,
        source_hash=sha256 or None,
        detail={"findings": counts, "errors": [_told(each) for each in errors[:LOGGED]]},
    )


def _told(error: Finding) -> dict[str, str]:
    """Return what the log keeps of an error that a delivery was accepted with."""
    return {
        "id": error.id,
        "rule": error.rule,
        "subject": error.subject,
        "message": error.message.zh,
    }


def delivered(
    delivery: Delivery, county: County, *, scheme: Scheme = TOWNSHIP
) -> dict[str, Reading]:
    """Return the layers of a delivery as readings by kind, in the order in which they land."""
    readings = {}
    for role, kind in ROLES.items():
        frame = delivery.layer(role)
        if not len(frame):
            continue
        opened = Opened(
            tables=(_plain(frame, kind, place=f"{delivery.name}/{role}"),),
            source=f"{delivery.name}/{role}",
            sha256=delivery.sha256(role),
        )
        reading = exchange.understand(opened, kind)
        if role == "units":
            reading = _registered(reading, county)
        readings[kind] = completed(reading, kind, scheme=scheme)
    return readings


def _plain(frame: gpd.GeoDataFrame, kind: str, *, place: str) -> raw.Raw:
    """Return a delivered layer as it would stand in any other file of its kind."""
    if frame.crs is None:
        raise CrsError(
            Sentence("the coordinate system is not stated"),
            place=place,
            remedy=Sentence("Have it stated."),
        )
    wanted = [name for name in kind_of(kind).names if name in frame.columns]
    return raw.layer(coordinates.to_cgcs2000(frame[[*wanted, "geometry"]]), sheet="layer")


def _registered(reading: Reading, county: County) -> Reading:
    """Hold back units whose code the register does not have, unless it has none of their level."""
    known = set(county.layer("divisions")["code"])
    frame = reading.frame
    lengths = {len(code) for code in known}
    strange = [
        isinstance(code, str) and code not in known and len(code) in lengths
        for code in frame["code"]
    ]
    kept = [not each for each in strange]
    reason = Text("库中没有此代码的政区", "the register has no division of this code")
    rejects = reading.original[strange].assign(
        **{
            SHEET: frame.loc[strange, SHEET],
            ROW: frame.loc[strange, ROW],
            COLUMN: "code",
            REASON_ZH: reason.zh,
            REASON_EN: reason.en,
        }
    )
    together = pd.concat([reading.rejects, rejects], ignore_index=True)
    return replace(
        reading,
        frame=frame[kept].reset_index(drop=True),
        original=reading.original[kept].reset_index(drop=True),
        rejects=together,
    )


def fingerprint(folder: Path) -> str:
    """Return one SHA-256 over the names and contents of all files of a delivery."""
    files = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file())
    return over((path.name, hashing.fingerprint(path)) for path in files)

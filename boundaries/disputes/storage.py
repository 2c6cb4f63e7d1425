"""Disputes and their papers in the county file: read, and written as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from boundaries.disputes.dispute import Dispute, content, evidence_kinds, known, of_content
from gazetteer.common import hashing, workdays
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import InputError, UnknownError, reason
from gazetteer.common.language import Sentence, Text
from gazetteer.store import Change, County
from gazetteer.store.attachments import Paper, attached
from gazetteer.store.landing import land

LAYER = "disputes"

Papers = Iterable[tuple[str, Path]]


def of_county(county: County) -> list[Dispute]:
    """Return the disputes on record, oldest first."""
    stored = county.layer(LAYER, as_of="all")
    columns = ("number", "line_id", "state", "content")
    return [
        of_content(text, number=number, line_id=line, state=state)
        for number, line, state, text in zip(*(stored[name] for name in columns), strict=True)
    ]


def find(county: County, number: str) -> Dispute:
    """Return a dispute by its number.

    Raises
    ------
    UnknownError
        When there is none.
    """
    by_number = {each.number: each for each in of_county(county)}
    if number not in by_number:
        remedy = Sentence("Disputes: {known}.", known=tuple(by_number) or Text("尚无", "none yet"))
        raise UnknownError(Sentence("no dispute {number!r}", number=number), remedy=remedy)
    return by_number[number]


def evidence(county: County, number: str) -> list[Paper]:
    """Return the papers of a dispute, in the order in which they came."""
    return attached(county.connection, identifier(county, number))


def identifier(county: County, number: str) -> str:
    """Return the stable id of a dispute that is on record."""
    stored = county.layer(LAYER, as_of="all")
    return str(stored.loc[stored["number"] == number, "id"].iloc[0])


def write(change: Change, dispute: Dispute, *, geometry: Any) -> str:
    """Write a dispute as it stands, with the disputed area in EPSG:4490; return its stable id."""
    row = gpd.GeoDataFrame(
        {
            "number": [dispute.number],
            "line_id": [dispute.line_id],
            "state": [dispute.state],
            "content": [content(dispute)],
            "valid_from": [dispute.at[:10]],
        },
        geometry=[geometry],
        crs=CGCS2000,
    )
    return str(land(change, LAYER, row, key=["number"]).ids.iloc[0])


def correct(change: Change, code: str, values: Mapping[str, Any]) -> None:
    """Correct values of a line, which is known by its code."""
    land(change, "lines", pd.DataFrame([{"code": code, **values}]), key=["code"])


def read(papers: Papers, **attributes: str) -> list[Paper]:
    """Return papers as they are kept: kind, name, size and hash; before anything is written."""
    kept = []
    for kind, path in papers:
        weight = known(evidence_kinds(), kind, what=Text("证据类别", "kind of evidence")).of
        try:
            size = path.stat().st_size
            digest = hashing.fingerprint(path)
        except OSError as error:
            msg = Sentence("cannot be read ({why})", why=reason(error))
            raise InputError(msg, place=str(path), remedy=Sentence("Check the path.")) from error
        kept.append(Paper(kind, path.name, digest, size, {"weight": weight, **attributes}))
    return kept


def day(text: str) -> str:
    """Return a date as ISO text.

    Raises
    ------
    InputError
        When it is none.
    """
    return workdays.parse(text).isoformat()

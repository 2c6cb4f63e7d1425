"""One import: prepare outside the transaction, land inside it, tell what became of each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from gazetteer.exchange import Reading
from gazetteer.intake import layers
from gazetteer.intake.resolving import Refused
from gazetteer.store import County
from gazetteer.store.landing import Landing

KINDS: Mapping[str, Callable[..., layers.Prepared]] = {
    "divisions": layers.divisions,
    "names": layers.names,
    "boundaries": layers.boundaries,
    "facilities": layers.facilities,
    "roads": layers.roads,
    "population": layers.population,
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the rows of one file.

    Parameters
    ----------
    read, landed, updated, unchanged, rejected
        Numbers of rows; landed (those updated and unchanged included) and rejected make up read.
    rejects
        The rejected rows as they were, with sheet, row, column and reason.
    mapping
        Column in which each field was found.
    cleaned
        What was put right on the way in.
    """

    read: int
    landed: int
    updated: int
    unchanged: int
    rejects: pd.DataFrame
    mapping: Mapping[str, str]
    cleaned: list[Any] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Number of rejected rows."""
        return len(self.rejects)


def bring_in(county: County, reading: Reading, *, command: str) -> Imported:
    """Bring a file's rows into the county file as one event.

    Parameters
    ----------
    county
        County file open for writing.
    reading
        What `gazetteer.exchange.read` has read.
    command
        The command as it stands in the log.

    Raises
    ------
    StoreError
        When the county file refuses; then nothing was changed.
    """
    prepared = KINDS[reading.kind](county, reading.frame)
    refused = _rejects(reading, prepared.refused)
    with county.change(command, source=reading.source, source_hash=reading.sha256) as change:
        landing = prepared.land(change, without=refused.index)
        change.count(read=reading.read, rejected=len(reading.rejects) + len(refused))
    return _told(reading, landing, pd.concat([reading.rejects, refused], ignore_index=True))


def _rejects(reading: Reading, refused: list[Refused]) -> pd.DataFrame:
    """Return the refused rows in the form of the reading's own rejects, indexed as its frame."""
    seen: set[Any] = set()
    parts = []
    for each in refused:
        fresh = [row for row in each.rows if row not in seen]
        seen.update(fresh)
        if fresh:
            parts.append(reading.reject(fresh, column=each.column, reason=each.reason))
    return pd.concat(parts) if parts else reading.rejects.iloc[:0]


def _told(reading: Reading, landing: Landing, rejects: pd.DataFrame) -> Imported:
    counts = landing.counts()
    return Imported(
        read=reading.read,
        landed=sum(counts.values()),
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        rejects=rejects,
        mapping=reading.mapping,
        cleaned=list(reading.cleaned),
    )

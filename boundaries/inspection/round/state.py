"""All there is to know about a round: what was handed out, what came in, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from boundaries.inspection.round.compare import Comparison, Record
from boundaries.inspection.round.fields import Layer
from boundaries.inspection.round.rounds import Round
from boundaries.inspection.round.sides import Concerned
from boundaries.office.records import Records
from gazetteer.common.findings import Finding
from gazetteer.common.language import Text
from gazetteer.store.kept import Kept

Told = Mapping[Layer, tuple[Record, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One file received: what it is, what it held, what was wrong with it.

    Parameters
    ----------
    side
        Code of the side that sent it.
    file_name, sha256, bytes
        The file; `sha256` is also its name where it is kept.
    kind
        ``form`` (GeoPackage or Excel), ``track``, ``photo``, ``sheet`` (a signed and sealed one).
    received_on
        Moment of its coming (ISO, UTC).
    dated
        The file's own date (ISO), by which answers are put in order.
    about
        What it tells: number of the marker and place of a photo, line of a track, rows of a form.
    notes
        What was wrong with it, for people.
    """

    side: str
    file_name: str
    sha256: str
    bytes: int
    kind: str
    received_on: str = ""
    dated: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()

    @property
    def kept(self) -> Kept:
        """The file as it is kept: under its hash."""
        return Kept(self.sha256, self.file_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo of a round: the marker it shows, where, when and in which direction it was taken.

    `trusted` is False where its clock cannot be right.
    """

    receipt: Receipt
    number: str | None
    lon: float | None = None
    lat: float | None = None
    direction_deg: float | None = None
    taken: str = ""
    trusted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A walked track of a round without its jumps, in EPSG:4490, and the code of its line."""

    receipt: Receipt
    line_code: str | None
    path: shapely.MultiLineString


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the sides have agreed on about one field of one key (`field` empty: the record)."""

    key: str
    field: str
    value: Any
    by: tuple[str, ...]
    on: str
    note: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Decision:
        """Return the decision that JSON has kept."""
        return cls(**{**values, "by": tuple(values["by"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Work on a marker or a stretch with the other side present.

    `kind` is re-erect, repair, repaint, resurvey or remove; `present` holds the codes of the sides.
    """

    kind: str
    key: str
    on: str
    present: tuple[str, ...]
    lon: float | None = None
    lat: float | None = None
    note: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Step:
        """Return the step that JSON has kept."""
        return cls(**{**values, "present": tuple(values["present"])})


@dataclass(frozen=True, kw_only=True)
class RoundState:
    """A round as it stands; see `docs/inspection.md`."""

    round: Round
    sides: Mapping[str, str]
    names: Mapping[str, str]
    concerned: Concerned
    lines: gpd.GeoDataFrame
    base: Told
    told: Mapping[str, Told]
    receipts: tuple[Receipt, ...]
    photos: tuple[Photo, ...]
    tracks: tuple[Track, ...]
    comparison: Comparison
    findings: tuple[Finding, ...]
    decisions: tuple[Decision, ...]
    steps: tuple[Step, ...]
    folder: Path
    records: Records | None = None
    sealed_at: str = ""

    def file(self, receipt: Receipt) -> Path:
        """Return where a received file is kept."""
        return receipt.kept.within(self.folder)

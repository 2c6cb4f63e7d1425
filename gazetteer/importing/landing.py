"""One import: prepare outside the transaction, land inside it, tell what became of each row."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from gazetteer.common import codes
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.divisions import zones_taken
from gazetteer.common.json_values import as_json
from gazetteer.common.language import Text
from gazetteer.exchange import Reading
from gazetteer.exchange.rejects import COLUMN, REASON_EN, REASON_ZH, ROW, SHEET
from gazetteer.importing import classified, namesakes, standing
from gazetteer.importing.absences import Absences, absences
from gazetteer.importing.changes import Changed, changed
from gazetteer.importing.divisions import elsewhere, held_as_before
from gazetteer.importing.layers import category_notes
from gazetteer.importing.outside import Outside, outside
from gazetteer.importing.prepared import Prepared
from gazetteer.importing.preparing import PREPARERS
from gazetteer.importing.questions import DECIDED, Asked, Decided, Question, ask, remembered
from gazetteer.importing.resolving import Refused
from gazetteer.kinds import KINDS, Kind
from gazetteer.store import Change, County, lookup
from gazetteer.store.landing import UPDATED

REPAIRED = "names/repaired"
"""Setting with the names that the office has corrected: as they came -> as they are."""


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
        Each cell that was put right on the way in: place, before, after.
    suspect
        Each name that is likely dirty still, in the same columns.
    notes
        What else the user should know.
    questions
        Each row whose code is known under another name or of another thing, decided or not.
    absences
        Units on record that a list of divisions leaves out, and what may have taken their place.
    outside
        What of the file lies outside the county.
    unused
        Columns that match no field.
    beyond
        Rows left unread, since they lie outside the area that was asked for.
    changes
        Each field of what was on record that the file changes.
    """

    read: int
    landed: int
    updated: int
    unchanged: int
    rejects: pd.DataFrame
    mapping: Mapping[str, str]
    cleaned: pd.DataFrame
    suspect: pd.DataFrame
    notes: tuple[Text, ...] = ()
    questions: tuple[Question, ...] = ()
    absences: Absences = field(default_factory=Absences)
    outside: Outside = field(default_factory=Outside)
    unused: tuple[str, ...] = ()
    beyond: int = 0
    changes: tuple[Changed, ...] = ()

    @property
    def renamed(self) -> int:
        """Number of rows that gave a thing another name, as decided; they are updated ones."""
        return len(self.having("renamed"))

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions that nobody has decided."""
        return self.having("")

    def having(self, *decisions: str) -> tuple[Question, ...]:
        """Return the questions with one of some decisions."""
        return tuple(each for each in self.questions if each.decision in decisions)

    @property
    def rejected(self) -> int:
        """Number of rejected rows."""
        return len(self.rejects)

    def as_json(self, *, path: Path, rejects_file: Path | None) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "file": str(path),
            "read": self.read,
            "landed": self.landed,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "rejects_file": None if rejects_file is None else str(rejects_file),
            "mapping": dict(self.mapping),
            "cleaned": as_json(self.cleaned),
            "suspect": as_json(self.suspect),
            "notes": [each.zh for each in self.notes],
            "renamed": self.renamed,
            "questions": [each.as_json() for each in self.questions],
            "missing": [each._asdict() for each in self.absences.missing],
            "successors": [each.as_json() for each in self.absences.successors],
            "outside": self.outside.as_json(),
            "unused": list(self.unused),
            "beyond": self.beyond,
            "changes": [each._asdict() for each in self.changes],
        }


def bring_in(
    county: County,
    reading: Reading,
    kind: str,
    *,
    command: str,
    decided: Decided | None = None,
    trying: bool = False,
) -> Imported:
    """Bring a file's rows into the county file as one event.

    Parameters
    ----------
    county
        County file open for writing.
    reading
        What `gazetteer.exchange.read` has read.
    kind
        One of `gazetteer.kinds.KINDS` that is imported.
    command
        The command as it stands in the log.
    decided
        What a person has decided about codes that are known under other names.
    trying
        Only tell what would become of the rows; a command with decisions asks that first.

    Raises
    ------
    StoreError
        When the county file refuses; then nothing was changed.
    """
    return bring_in_all(
        county,
        {kind: reading},
        command=command,
        decided=decided,
        trying=trying,
        source=reading.source,
        source_hash=reading.sha256,
    )[kind]


def bring_in_all(
    county: County,
    readings: Mapping[str, Reading],
    *,
    command: str,
    decided: Decided | None = None,
    trying: bool = False,
    **header: Any,
) -> dict[str, Imported]:
    """Bring what was read of several kinds into the county file as one event, in their order.

    Parameters
    ----------
    county
        County file open for writing.
    readings
        What was read, by kind; a later kind may refer to things of an earlier one.
    command, header
        As for `gazetteer.store.County.change`.
    decided, trying
        As for `bring_in`.

    Raises
    ------
    StoreError
        When the county file refuses; then nothing was changed.
    """
    readings = {kind: _as_repaired(county, _placed(each)) for kind, each in readings.items()}
    answers = decided or Decided()
    # what needs nothing of an earlier kind is prepared before the file is locked
    first, *_ = readings
    ready = _prepare(county, first, readings[first], answers)
    imported: dict[str, Imported] = {}
    with suppress(_OnlyTried), county.change(command, **header) as change:
        for kind, reading in readings.items():
            prepared = ready if kind == first else _prepare(county, kind, reading, answers)
            landed = _land(change, KINDS[kind], reading, *prepared)
            told = changed(county, change, KINDS[kind])
            imported[kind] = replace(landed, changes=told)
            if settled := remembered(county, prepared[0]):
                change.keep_setting(DECIDED, settled)
        rejected = sum(each.rejected for each in imported.values())
        change.count(read=sum(each.read for each in imported.values()), rejected=rejected)
        if trying:
            raise _OnlyTried
    return imported


class _OnlyTried(Exception):  # noqa: N818 - no error: it takes back what was only tried
    """Raised inside a transaction that was only to show what it would do."""


def _prepare(
    county: County, kind: str, reading: Reading, decided: Decided
) -> tuple[Asked, Imported, Prepared]:
    """Return the questions of a file, what there is to say before it lands, and its rows."""
    frame = _with_parents_held(county, kind, reading)
    if kind == "names":
        frame = namesakes.keyed(county, frame)
    asked = standing.ask(county, kind, ask(county, kind, frame, decided), decided)
    prepared = PREPARERS[kind](county, asked.frame, source=reading.source)
    left_out, beside = Absences(), outside(county, asked.frame)
    further: tuple[Text, ...] = ()
    if kind == "divisions":
        stored, rejected = county.layer("divisions"), _rejected_codes(reading)
        gone = {each.before: each.after for each in prepared.provisional.recoded}
        stored = stored.assign(code=stored["code"].replace(gone))
        left_out = absences(reading.frame, stored, besides=rejected)
        further = (*zones_taken(reading.frame), *elsewhere(reading.frame, county.division_code))
    if kind == "names":
        further = tuple(category_notes(reading.frame["category"]))
    notes = (
        *reading.notes,
        *classified.notes(reading, KINDS[kind]),
        *beside.notes(),
        *left_out.notes(),
        *further,
        *prepared.provisional.notes(),
    )
    return asked, _before(reading, notes, left_out, beside), prepared


def _with_parents_held(county: County, kind: str, reading: Reading) -> pd.DataFrame:
    """Return the frame read with the parents on record where a file states none of its own."""
    frame = reading.frame
    if KINDS[kind].layer != "divisions":
        return frame
    column, stated = reading.mapping.get("parent_code"), pd.Series(False, index=frame.index)
    if column in reading.original:
        stated = reading.original.loc[frame.index, column].fillna("").astype(str).str.strip() != ""
    return held_as_before(frame, county.layer("divisions"), stated=stated)


def _rejected_codes(reading: Reading) -> set[str]:
    """Return the codes of the rows that did not come through reading, as far as they tell any."""
    column = reading.mapping.get("code")
    if column not in reading.rejects:
        return set()
    cells = reading.rejects[column]
    return {codes.shortest(each.strip()) for each in cells if isinstance(each, str)}


def _land(
    change: Change,
    kind: Kind,
    reading: Reading,
    asked: Asked,
    before: Imported,
    prepared: Prepared,
) -> Imported:
    refused = _refused_rows(
        reading,
        [*_marked(reading), *classified.refused(reading, kind), *prepared.refused, *asked.refused],
    )
    renamed = asked.having("renamed")
    landing = prepared.land(change, kind, without=refused.index, renamed=renamed)
    prepared.provisional.remember(change, landing.ids)
    landing.outcome[[each.row for each in renamed if each.row in landing.outcome.index]] = UPDATED
    rejects = pd.concat([reading.rejects, refused], ignore_index=True)
    landed = landing.outcome.index
    questions = tuple(q for q in asked.questions if q.decision != "renamed" or q.row in landed)
    counts = landing.counts()
    return replace(
        before,
        landed=sum(counts.values()),
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        rejects=rejects,
        questions=questions,
    )


_MARKUP = re.compile(r"<[^<>]*>|^[=+@]|^-(?!\d)")
"""What no name begins with or holds: marks of HTML, the beginning of a formula."""


def _marked(reading: Reading) -> list[Refused]:
    """Return the rows whose name is markup or a formula."""
    if "name" not in reading.frame:
        return []
    names = reading.frame["name"]
    marked = names.map(lambda each: isinstance(each, str) and bool(_MARKUP.search(each)))
    reason = Text("名称是标记或公式，不是地名", "markup or a formula, not a name")
    return [Refused(names.index[marked.astype(bool)], "name", reason)]


def _placed(reading: Reading) -> Reading:
    """Return a reading with a column of geometries, empty where the file has no coordinates."""
    frame = reading.frame
    if "geometry" in frame:
        return reading
    nowhere = gpd.GeoSeries([None] * len(frame), index=frame.index, crs=CGCS2000)
    return replace(reading, frame=gpd.GeoDataFrame(frame, geometry=nowhere))


def _as_repaired(county: County, reading: Reading) -> Reading:
    """Return a reading whose names are those that the office has corrected before."""
    repaired = json.loads(county.setting(REPAIRED) or "{}")
    if not repaired or "name" not in reading.frame:
        return reading
    names = reading.frame["name"]
    live = {each.text for each in lookup.by_text(county.connection, repaired.values())}
    repaired = {before: after for before, after in repaired.items() if after in live}
    again = names.isin(repaired)
    if not again.any():
        return reading
    note = Text(
        f"{int(again.sum())} 个地名按本库以前的改正读入（如“{names[again].iloc[0]}”）",
        f"{int(again.sum())} names taken as corrected before (e.g. {names[again].iloc[0]})",
    )
    frame = reading.frame.assign(name=names.where(~again, names.map(repaired)))
    return replace(reading, frame=frame, notes=(*reading.notes, note))


def _refused_rows(reading: Reading, refused: list[Refused]) -> pd.DataFrame:
    """Return the refused rows as they were received, indexed as the frame."""
    reasons: dict[Any, Refused] = {}
    for each in refused:
        reasons |= {row: each for row in each.rows if row not in reasons}
    rows = reading.frame.loc[list(reasons)]
    columns = {each: reading.mapping.get(each, each) for each in {r.column for r in refused}}
    about = {
        SHEET: rows[SHEET],
        ROW: rows[ROW],
        COLUMN: [columns[each.column] for each in reasons.values()],
        REASON_ZH: [each.reason.zh for each in reasons.values()],
        REASON_EN: [each.reason.en for each in reasons.values()],
    }
    return reading.original.loc[list(reasons)].assign(**about)


def _before(
    reading: Reading, notes: tuple[Text, ...], left_out: Absences, beside: Outside
) -> Imported:
    return Imported(
        read=reading.read,
        landed=0,
        updated=0,
        unchanged=0,
        rejects=reading.rejects,
        mapping=reading.mapping,
        cleaned=reading.cleaned,
        suspect=reading.suspect,
        notes=notes,
        absences=left_out,
        outside=beside,
        unused=reading.unused,
        beyond=reading.beyond,
    )

"""The end of a round: its papers, three copies sealed with hashes, a copy checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path

from boundaries.inspection.office import copies, planning
from boundaries.inspection.office.copies import Copy
from boundaries.inspection.office.reporting import Papers, read, write_papers
from boundaries.inspection.round.handed_out import plain, plain_layers
from boundaries.inspection.round.state import RoundState
from gazetteer import release
from gazetteer.common.errors import ConflictError
from gazetteer.common.language import Sentence
from gazetteer.store import County

__all__ = ["Copy", "Papers", "archive", "check_copy", "manifests", "read", "write_papers"]

COPIES = ("第1份", "第2份", "第3份")
DATA = "联检数据.json"
COMMAND = "inspection archive"


def archive(
    county: County, state: RoundState, made: Papers, folder: Path, *, despite: str | None = None
) -> str:
    """Write three copies of a confirmed round, and the round into the county file as archived.

    A copy holds the papers, everything received from each side, what was handed out and decided as
    JSON, and two lists of hashes. The hash of the manifest stands in the event, so that a forged
    manifest is found out, too.

    Parameters
    ----------
    county
        County file open for writing.
    state, made
        The round and its papers.
    folder
        Gets three folders.
    despite
        Reason to archive it although received files are gone; it stands in the log, and the files
        in the manifest.

    Returns
    -------
    The SHA-256 of the manifest.

    Raises
    ------
    ConflictError
        When the round is not confirmed by all sides, is archived already, a copy is there
        already, or a received file is missing or changed.
    InputError
        When the folder cannot be written.
    """
    archived = state.round.move("archived")
    originals = copies.received(state.receipts, state.folder, names=state.sides)
    copies.require_whole(originals, state.folder, despite=despite)
    taken = [each for each in COPIES if (folder / each).exists()]
    if taken:
        raise ConflictError(
            Sentence("{place} is there already", place=folder / taken[0]),
            remedy=Sentence("Choose an empty folder."),
        )
    files, digest = copies.described(
        {**made.files, DATA: as_json(state)},
        originals,
        released=made.released,
        round={"county": county.division_code, "number": archived.number},
    )
    with (
        release.leave_copies(folder, files, originals.places(), names=COPIES),
        county.change(
            COMMAND,
            reason=despite,
            source=str(folder),
            source_hash=digest,
            detail={"round": archived.number, "copies": len(COPIES), "files": len(files)},
        ) as change,
    ):
        planning.write(change, archived)
    return digest


def finished(county: County, number: str, folder: Path) -> str | None:
    """Bring copies to their place that a run which was killed had written and put into the log.

    Parameters
    ----------
    county
        Open county file.
    number
        Of the round.
    folder
        That the run was given.

    Returns
    -------
    str or None
        The SHA-256 of the manifest; None where there was nothing to finish.
    """
    brought = {folder / each for each in COPIES} & {*copies.finish(county, folder)}
    found = {release.sha256((each / release.MANIFEST).read_bytes()) for each in brought}
    return next(iter(found & {*manifests(county).get(number, ())}), None)


def as_json(state: RoundState) -> bytes:
    """Return what was handed out, told, decided and done, for machines of another day."""
    known = {
        "round": asdict(state.round),
        "sides": dict(state.sides),
        "sealed_at": state.sealed_at,
        "handed_out": plain_layers(state.base),
        "told": {side: plain_layers(layers) for side, layers in state.told.items()},
        "agreed": {key: plain(each) for key, each in state.comparison.agreed.items()},
        "decisions": [asdict(each) for each in state.decisions],
        "steps": [asdict(each) for each in state.steps],
        "findings": [each.as_json() for each in state.findings],
        "receipts": [asdict(each) for each in state.receipts],
    }
    return copies.json_file(known)


def check_copy(folder: Path, *, archived: Mapping[str, Collection[str]] | None = None) -> Copy:
    """Check a copy of a round's archive; see `boundaries.inspection.office.copies.check`.

    Parameters
    ----------
    folder
        Of the copy.
    archived
        SHA-256 of the manifests of each archived round by its number (see `manifests`); without it
        the copy is only checked against itself.
    """
    return copies.check(folder, about="round", known=archived)


def manifests(county: County) -> Mapping[str, Collection[str]]:
    """Return the SHA-256 of the manifests of each archived round by its number, from the log.

    A round that was archived, taken back and archived again has several.
    """
    return copies.on_record(county, COMMAND, about="round")

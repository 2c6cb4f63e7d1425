"""The end of a round: its papers written, three copies sealed with hashes, a copy checked."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from boundaries import records as kept
from boundaries import sources
from boundaries.forms import office
from boundaries.inspection import desk, papers
from boundaries.inspection.base import plain
from boundaries.inspection.papers import Meeting
from boundaries.inspection.papers.results import afterwards
from boundaries.inspection.state import RoundState
from boundaries.records import Records
from gazetteer import release
from gazetteer.documents import pdf, word
from gazetteer.errors import ConflictError, InputError
from gazetteer.language import Language
from gazetteer.store import County

REPORTED = ("open", "compared", "to be sealed", "confirmed", "archived")
"""States of which papers can be made; before both sides have sealed they are drafts."""


@dataclass(frozen=True)
class Papers:
    """The files of a round's papers by name, what the gate let pass, characters the font lacks."""

    files: dict[str, bytes]
    released: release.Released
    missing: Mapping[str, list[str]]


def read(county: County, number: str) -> tuple[RoundState, Records]:
    """Return a round as it stands, and the records of the county.

    Raises
    ------
    UnknownError, ConflictError
        When there is no such round, or it has not been opened.
    """
    records = kept.of_county(county)
    state = desk.state_of(county, number, records=records)
    if state.round.state not in REPORTED:
        raise ConflictError(
            f"round {number!r} is {state.round.state}: there is nothing to report",
            remedy=f"Open it: gazetteer inspection open COUNTY {number}.",
        )
    return state, records


def write_papers(
    state: RoundState,
    records: Records,
    *,
    figures: Mapping[str, bytes],
    page: str,
    meeting: Meeting | None = None,
    each_side: int = 1,
    language: Language = "zh",
    font: Path | None = None,
) -> Papers:
    """Return the papers of a round as Word and PDF, its forms as Excel, too, and its map.

    Parameters
    ----------
    state, records
        From `read`.
    figures, page
        A map of each line by its code, and the interactive map, handed in.
    meeting
        When and where both sides met.
    each_side
        Photos of each marker that are shown of a side.
    language
        Of the papers.
    font
        Font of the PDFs; Noto Sans CJK where not given.

    Raises
    ------
    ReleaseError, InputError
        When something may not leave, or there is no font.
    """
    made, released = papers.documents(
        state, records, figures=figures, meeting=meeting, each_side=each_side, language=language
    )
    files: dict[str, bytes] = {}
    missing: dict[str, list[str]] = {}
    for name, blocks in made.items():
        files[f"{name}.docx"] = word.write(blocks)
        set_ = pdf.write(
            blocks,
            title=f"{name} {state.round.number}",
            notice=released.notice.say(language),
            language=language,
            font=font,
        )
        files[f"{name}.pdf"] = set_.content
        for character, texts in set_.missing.items():
            missing.setdefault(character, []).extend(texts)
    files |= _workbooks(state, records, released, language)
    files[papers.MAP.say(language) + ".html"] = page.encode()
    return Papers(files, released, missing)


def _workbooks(
    state: RoundState, records: Records, released: release.Released, language: Language
) -> dict[str, bytes]:
    """Return the forms as Excel: these can be imported again."""
    listed = released.layers["markers"]
    if listed.empty:
        return {}
    cards = kept.cards(afterwards(records, state), listed)
    return {
        f"{papers.CARDS.say(language)}.xlsx": office.write_cards(cards, kind="excel"),
        f"{papers.LIST.say(language)}.xlsx": office.write_list(listed, "marker_results"),
    }


# ------------------------------------------------------------------ three copies


COPIES = ("第1份", "第2份", "第3份")
CHECKED = "校验.sha256"
"""Hashes as ``sha256sum -c`` reads them, so that a copy can be checked without this program."""
COMMAND = "inspection archive"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of an archive as it was found: its manifest's hash, and what is wrong with it."""

    folder: Path
    manifest: str
    known: bool | None
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    strange: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Tell whether the copy is what was archived."""
        return self.known is not False and not (self.missing or self.changed or self.strange)


def archive(
    county: County,
    state: RoundState,
    made: Papers,
    folder: Path,
    *,
    despite: str | None = None,
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
        When the round is not confirmed by both sides, is archived already, a copy is there
        already, or a received file is missing or changed.
    InputError
        When the folder cannot be written.
    """
    archived = state.round.move("archived")
    files, lost = _contents(state, made)
    if lost and not (despite or "").strip():
        raise ConflictError(
            f"{len(lost)} received files are missing or changed: {', '.join(lost[:5])}",
            place=str(state.folder),
            remedy="Restore the folder from a backup, or say --despite with the reason.",
        )
    taken = [each for each in COPIES if (folder / each).exists()]
    if taken:
        raise ConflictError(
            f"{folder / taken[0]} is there already", remedy="Choose an empty folder."
        )
    told = release.manifest(files, released=made.released)
    told["round"] = {"county": county.division_code, "number": archived.number}
    told["lost"] = lost
    manifest = (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    digest = release.sha256(manifest)
    files[sources.MANIFEST] = manifest
    files[CHECKED] = "".join(
        f"{each['sha256']}  {each['name']}\n" for each in told["files"]
    ).encode()
    written = _write_copies(folder, files)
    try:
        with county.change(
            COMMAND,
            reason=despite,
            source=str(folder),
            source_hash=digest,
            detail={"round": archived.number, "copies": len(COPIES), "files": len(files)},
        ) as change:
            desk.write(change, archived)
    except BaseException:
        for each in written:
            shutil.rmtree(each, ignore_errors=True)
        raise
    return digest


def _contents(state: RoundState, made: Papers) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of a copy by name, all received byte for byte, and those that are gone."""
    files = dict(made.files)
    lost = []
    for receipt in state.receipts:
        try:
            content = state.file(receipt).read_bytes()
        except OSError:
            content = b""
        if release.sha256(content) != receipt.sha256:
            lost.append(receipt.file_name)
            continue
        side = state.sides.get(receipt.side, receipt.side)
        name = f"{receipt.sha256[:12]}-{_safe(receipt.file_name)}"
        files[f"原始资料/{_safe(side)}/{name}"] = content
    files["联检数据.json"] = _as_json(state)
    return files, sorted(lost)


def _safe(name: str) -> str:
    r"""Return a file name that every system takes, without any way out of its folder.

    >>> _safe("../a/b:c?.jpg"), _safe("CON\x00"), _safe("  ")
    ('_a_b_c_.jpg', 'CON_', '_')
    """
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name).strip(" .") or "_"


def _as_json(state: RoundState) -> bytes:
    """Return what was handed out, told, decided and done, for machines of another day."""
    layers = {layer: [plain(each) for each in records] for layer, records in state.base.items()}
    told = {
        side: {layer: [plain(each) for each in own] for layer, own in layers_.items()}
        for side, layers_ in state.told.items()
    }
    known = {
        "round": asdict(state.round),
        "sides": dict(state.sides),
        "handed_out": layers,
        "told": told,
        "agreed": {key: plain(each) for key, each in state.comparison.agreed.items()},
        "decisions": [asdict(each) for each in state.decisions],
        "steps": [asdict(each) for each in state.steps],
        "findings": [each.as_json() for each in state.findings],
        "receipts": [asdict(each) for each in state.receipts],
    }
    return (json.dumps(known, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _write_copies(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the copies whole, one after the other; none is seen before it is complete."""
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in COPIES:
            draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
            for path, content in files.items():
                target = draft / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            draft.chmod(0o755)
            draft.replace(folder / name)
            written.append(folder / name)
    except OSError as error:
        for each in [*written, *folder.glob(".writing-*")]:
            shutil.rmtree(each, ignore_errors=True)
        raise InputError(
            f"the copies cannot be written ({error.strerror})",
            place=str(folder),
            remedy="Choose another folder, or free some space.",
        ) from error
    return written


def check_copy(folder: Path, *, archived: Mapping[str, str] | None = None) -> Copy:
    """Check a copy of an archive against its manifest, and the manifest against the county file.

    Parameters
    ----------
    folder
        Of the copy.
    archived
        SHA-256 of the manifest of each archived round by its number (see `manifests`); without it
        the copy is only checked against itself.

    Raises
    ------
    InputError
        When there is no manifest in the folder.
    """
    path = folder / sources.MANIFEST
    try:
        content = path.read_bytes()
        told = json.loads(content)
        listed = {str(each["name"]): str(each["sha256"]) for each in told["files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            "there is no manifest of an archive in it",
            place=str(folder),
            remedy=f"Name the folder of a copy ({COPIES[0]}).",
        ) from error
    present = {
        each.relative_to(folder).as_posix(): each for each in folder.rglob("*") if each.is_file()
    }
    changed = [
        name
        for name, sha in listed.items()
        if name in present and release.sha256(present[name].read_bytes()) != sha
    ]
    own = {sources.MANIFEST, CHECKED}
    digest = release.sha256(content)
    number = str(told.get("round", {}).get("number", ""))
    return Copy(
        folder,
        digest,
        None if archived is None else archived.get(number) == digest,
        tuple(sorted(listed.keys() - present.keys())),
        tuple(sorted(changed)),
        tuple(sorted(present.keys() - listed.keys() - own)),
    )


def manifests(county: County) -> dict[str, str]:
    """Return the SHA-256 of the manifest of each archived round, from the county's log."""
    found = {}
    for event in county.events(last=sys.maxsize):
        if event["command"] == COMMAND and event["source_hash"]:
            found[str(json.loads(event["detail"] or "{}").get("round"))] = event["source_hash"]
    return found

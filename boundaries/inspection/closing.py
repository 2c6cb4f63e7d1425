"""The end of a round: its papers, three copies sealed with hashes, a copy checked."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from boundaries import sources
from boundaries.inspection import desk
from boundaries.inspection.base import plain
from boundaries.inspection.reporting import Papers, read, write_papers
from boundaries.inspection.state import RoundState
from gazetteer import release
from gazetteer.errors import ConflictError, InputError
from gazetteer.exchange.sources import opening
from gazetteer.store import County

__all__ = ["Copy", "Papers", "archive", "check_copy", "manifests", "read", "write_papers"]

COPIES = ("第1份", "第2份", "第3份")
CHECKED = "校验.sha256"
"""Hashes as ``sha256sum -c`` reads them, so that a copy can be checked without this program."""
DATA = "联检数据.json"
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
        When the round is not confirmed by all sides, is archived already, a copy is there
        already, or a received file is missing or changed.
    InputError
        When the folder cannot be written.
    """
    archived = state.round.move("archived")
    received, lost = _received(state)
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
    files = {**made.files, DATA: _as_json(state)}
    told = release.manifest(files, released=made.released)
    told["files"] += [
        {"name": name, "bytes": path.stat().st_size, "sha256": sha}
        for name, (path, sha) in sorted(received.items())
    ]
    told["round"] = {"county": county.division_code, "number": archived.number}
    told["lost"] = lost
    manifest = (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    digest = release.sha256(manifest)
    listed = "".join(f"{each['sha256']}  {each['name']}\n" for each in told["files"])
    files |= {sources.MANIFEST: manifest, CHECKED: listed.encode()}
    copied = {name: path for name, (path, _) in received.items()}
    written = _write_copies(folder, files, copied)
    try:
        with county.change(
            COMMAND,
            reason=despite,
            source=str(folder),
            source_hash=digest,
            detail={"round": archived.number, "copies": len(COPIES), "files": len(told["files"])},
        ) as change:
            desk.write(change, archived)
    except BaseException:
        for each in written:
            shutil.rmtree(each, ignore_errors=True)
        raise
    return digest


def _received(state: RoundState) -> tuple[dict[str, tuple[Path, str]], list[str]]:
    """Return the received files by their name in a copy, with their hash, and those that are gone.

    A round may bring gigabytes of photos: files are read through, never kept in memory.
    """
    found, lost = {}, []
    for receipt in state.receipts:
        path = state.file(receipt)
        try:
            whole = opening.fingerprint(path) == receipt.sha256
        except OSError:
            whole = False
        if not whole:
            lost.append(receipt.file_name)
            continue
        side = _safe(state.sides.get(receipt.side, receipt.side))
        name = f"{receipt.sha256[:12]}-{_safe(receipt.file_name)}"
        found[f"原始资料/{side}/{name}"] = (path, receipt.sha256)
    return found, sorted(lost)


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
        "sealed_at": state.sealed_at,
        "handed_out": layers,
        "told": told,
        "agreed": {key: plain(each) for key, each in state.comparison.agreed.items()},
        "decisions": [asdict(each) for each in state.decisions],
        "steps": [asdict(each) for each in state.steps],
        "findings": [each.as_json() for each in state.findings],
        "receipts": [asdict(each) for each in state.receipts],
    }
    return (json.dumps(known, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _write_copies(
    folder: Path, files: Mapping[str, bytes], copied: Mapping[str, Path]
) -> list[Path]:
    """Write the copies whole, one after the other; none is seen before it is complete."""
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in COPIES:
            draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
            for path, content in files.items():
                (draft / path).write_bytes(content)
            for path, source in copied.items():
                (draft / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, draft / path)
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
        if name in present and opening.fingerprint(present[name]) != sha
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

"""Folders that are archived: written whole, described by a manifest of hashes, checked again."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boundaries import sources
from boundaries.inspection.state import Receipt
from gazetteer import release
from gazetteer.errors import ConflictError, InputError
from gazetteer.exchange.sources import opening

CHECKED = "校验.sha256"
"""Hashes as ``sha256sum -c`` reads them, so that a copy can be checked without this program."""


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


@dataclass(frozen=True, slots=True)
class Received:
    """Received files by their name in a copy, with their hash; the names of those that are gone."""

    files: Mapping[str, tuple[Path, str]]
    lost: tuple[str, ...]


def received(
    receipts: Iterable[Receipt], folder: Path, *, names: Mapping[str, str], under: str = "原始资料"
) -> Received:
    """Return the received files, each looked at: a round may bring gigabytes, read through.

    Parameters
    ----------
    receipts
        What came.
    folder
        Where received files are kept.
    names
        Of the sides, by code.
    under
        Folder in the copy, with one folder a side.
    """
    found, lost = {}, []
    for receipt in receipts:
        path = receipt.kept_in(folder)
        try:
            whole = opening.fingerprint(path) == receipt.sha256
        except OSError:
            whole = False
        if not whole:
            lost.append(receipt.file_name)
            continue
        side = safe(names.get(receipt.side, receipt.side))
        name = f"{receipt.sha256[:12]}-{safe(receipt.file_name)}"
        found[f"{under}/{side}/{name}"] = (path, receipt.sha256)
    return Received(found, tuple(sorted(lost)))


def require_whole(own: Received, folder: Path, *, despite: str | None) -> None:
    """Refuse to archive while received files are gone, unless a reason is given.

    Raises
    ------
    ConflictError
        When files are missing or changed and no reason is given.
    """
    if own.lost and not (despite or "").strip():
        raise ConflictError(
            f"{len(own.lost)} received files are missing or changed: {', '.join(own.lost[:5])}",
            place=str(folder),
            remedy="Restore the folder from a backup, or say --despite with the reason.",
        )


def described(
    files: Mapping[str, bytes], own: Received, *, released: release.Released, **about: Any
) -> tuple[dict[str, bytes], str]:
    """Return the files with their manifest and their list of hashes, and the manifest's hash.

    Parameters
    ----------
    files
        Content by name.
    own
        Received files that go along.
    released
        What the gate let pass.
    about
        What the archive is of, for the manifest.
    """
    told = release.manifest(files, released=released)
    told["files"] += [
        {"name": name, "bytes": path.stat().st_size, "sha256": sha}
        for name, (path, sha) in sorted(own.files.items())
    ]
    told |= {**about, "lost": list(own.lost)}
    manifest = (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    listed = "".join(f"{each['sha256']}  {each['name']}\n" for each in told["files"])
    more = {sources.MANIFEST: manifest, CHECKED: listed.encode()}
    return {**files, **more}, release.sha256(manifest)


def safe(name: str) -> str:
    r"""Return a file name that every system takes, without any way out of its folder.

    >>> safe("../a/b:c?.jpg"), safe("CON\x00"), safe("  ")
    ('_a_b_c_.jpg', 'CON_', '_')
    """
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name).strip(" .") or "_"


def write(
    folder: Path, files: Mapping[str, bytes], own: Received, *, names: Sequence[str]
) -> list[Path]:
    """Write the copies whole, one after the other; none is seen before it is complete."""
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
            for path, content in files.items():
                (draft / path).parent.mkdir(parents=True, exist_ok=True)
                (draft / path).write_bytes(content)
            for path, (source, _) in own.files.items():
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


def check(folder: Path, *, about: str, known: Mapping[str, Collection[str]] | None = None) -> Copy:
    """Check a copy of an archive against its manifest, and the manifest against the county file.

    Parameters
    ----------
    folder
        Of the copy.
    about
        What the archive is of, as its manifest says: ``round``, ``line``.
    known
        SHA-256 of the manifests on record by the number of what was archived; without it the copy
        is only checked against itself.

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
            remedy="Name the folder of one copy of an archive.",
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
    number = str(told.get(about, {}).get("number", ""))
    return Copy(
        folder,
        digest,
        None if known is None else digest in known.get(number, ()),
        tuple(sorted(listed.keys() - present.keys())),
        tuple(sorted(changed)),
        tuple(sorted(present.keys() - listed.keys() - own)),
    )

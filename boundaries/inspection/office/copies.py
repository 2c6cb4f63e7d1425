"""Folders that are archived: written whole, described by a manifest of hashes, checked again."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boundaries.inspection.round.state import Receipt
from gazetteer import release
from gazetteer.common import hashing
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.common.language import Sentence
from gazetteer.store import County
from gazetteer.store.kept import Condition

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

    def places(self) -> dict[str, Path]:
        """Return where each file lies by its name in a copy."""
        return {name: path for name, (path, _) in self.files.items()}


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
    sound, lost = {}, []
    for receipt in receipts:
        if receipt.kept.condition(folder) is not Condition.WHOLE:
            lost.append(receipt.file_name)
            continue
        side = safe(names.get(receipt.side, receipt.side))
        name = f"{receipt.sha256[:12]}-{safe(receipt.file_name)}"
        sound[f"{under}/{side}/{name}"] = (receipt.kept.within(folder), receipt.sha256)
    return Received(sound, tuple(sorted(lost)))


def require_whole(originals: Received, folder: Path, *, despite: str | None) -> None:
    """Refuse to archive while received files are gone, unless a reason is given.

    Raises
    ------
    ConflictError
        When files are missing or changed and no reason is given.
    """
    if originals.lost and not (despite or "").strip():
        names = tuple(originals.lost[:5])
        raise ConflictError(
            Sentence(
                "{count} received files are missing or changed: {names}",
                count=len(originals.lost),
                names=names,
            ),
            place=str(folder),
            remedy=Sentence("Restore the folder from a backup, or say --despite with the reason."),
        )


def described(
    files: Mapping[str, bytes], originals: Received, *, released: release.Released, **about: Any
) -> tuple[dict[str, bytes], str]:
    """Return the files with their manifest and their list of hashes, and the manifest's hash.

    Parameters
    ----------
    files
        Content by name.
    originals
        Received files that go along.
    released
        What the gate let pass.
    about
        What the archive is of, for the manifest.
    """
    listing = release.manifest(files, released=released)
    listing["files"] += [
        {"name": name, "bytes": path.stat().st_size, "sha256": sha}
        for name, (path, sha) in sorted(originals.files.items())
    ]
    listing |= {**about, "lost": list(originals.lost)}
    manifest = release.as_file(listing)
    listed = _listed((str(each["name"]), str(each["sha256"])) for each in listing["files"])
    more = {release.MANIFEST: manifest, CHECKED: listed}
    return {**files, **more}, release.sha256(manifest)


def _listed(files: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{sha}  {name}\n" for name, sha in files).encode()


_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
"""What a file name cannot hold on some system, or what makes it be read as another."""
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever ends they have."""
LONGEST = 180
"""Bytes of a name: systems take 255, and more stands before it."""


def safe(name: str) -> str:
    r"""Return a file name that every system takes, without any way out of its folder.

    >>> safe("../a/b:c?.jpg"), safe("CON\x00"), safe("nul.txt"), safe("  ")
    ('_a_b_c_.jpg', 'CON_', '_nul.txt', '_')
    >>> len(safe("图" * 200 + ".jpg").encode()), safe("图" * 200 + ".jpg")[-5:]
    (178, '图.jpg')
    """
    plain = _UNFIT.sub("_", name).strip(" .")
    stem, dot, end = plain.rpartition(".")
    if not dot or len(end.encode()) > LONGEST // 10:
        stem, dot, end = plain, "", ""
    room = LONGEST - len(f"{dot}{end}".encode())
    kept = stem.encode()[:room].decode("utf-8", "ignore")
    fit = f"{kept}{dot}{end}".strip(" .") or "_"
    return f"_{fit}" if _DEVICES.match(fit) else fit


def places(names: Iterable[str]) -> dict[str, str]:
    """Return for each name a file name of its own, also where case does not tell names apart.

    >>> places(["争/1", "争_1", "a", "A"])
    {'争/1': '争_1', '争_1': '争_1-2', 'a': 'a', 'A': 'A-2'}
    """
    by_name: dict[str, str] = {}
    for name in names:
        fit, nth = safe(name), 1
        taken = {each.casefold() for each in by_name.values()}
        while fit.casefold() in taken:
            nth += 1
            fit = f"{safe(name)}-{nth}"
        by_name[name] = fit
    return by_name


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
    content, listed, number = _manifest(folder, about)
    expected = {**listed, CHECKED: release.sha256(_listed(listed.items()))}
    digest = release.sha256(content)
    every = {each.relative_to(folder).as_posix(): each for each in folder.rglob("*")}
    # what a link leads to is not in the folder
    present = {n: each for n, each in every.items() if each.is_file() and not each.is_symlink()}
    links = {name for name, each in every.items() if each.is_symlink()}
    changed = [
        name
        for name, sha in expected.items()
        if name in present and hashing.fingerprint(present[name]) != sha
    ]
    return Copy(
        folder,
        digest,
        None if known is None else digest in known.get(number, ()),
        tuple(sorted(expected.keys() - present.keys())),
        tuple(sorted(changed)),
        tuple(sorted((present.keys() | links) - expected.keys() - {release.MANIFEST})),
    )


def on_record(county: County, command: str, *, about: str) -> dict[str, set[str]]:
    """Return the SHA-256 of the manifests in the log, by the number of what was archived.

    Parameters
    ----------
    county
        Open county file.
    command
        That wrote the archives.
    about
        What the archives are of, as the events' details say: ``round``, ``line``.
    """
    manifests: dict[str, set[str]] = {}
    for event in county.events(last=sys.maxsize):
        if event["command"] == command and event["source_hash"]:
            number = str(json.loads(event["detail"] or "{}").get(about))
            manifests.setdefault(number, set()).add(event["source_hash"])
    return manifests


def json_file(content: Any) -> bytes:
    """Return what machines of another day read, as the content of a file."""
    return (json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def finish(county: County, folder: Path) -> list[Path]:
    """Bring to their place the archives of runs that were killed after their event; return them."""
    known = {str(each["source_hash"]) for each in county.events(last=sys.maxsize)}
    return release.finish(folder, known=known)


def _manifest(folder: Path, about: str) -> tuple[bytes, dict[str, str], str]:
    """Return the manifest, the hash of each file that it lists, and what it is of."""
    try:
        content = (folder / release.MANIFEST).read_bytes()
        manifest = json.loads(content)
        listed = {str(each["name"]): str(each["sha256"]) for each in manifest["files"]}
        number = str(manifest.get(about, {}).get("number", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            Sentence("there is no manifest of an archive in it"),
            place=str(folder),
            remedy=Sentence("Name the folder of one copy of an archive."),
        ) from error
    return content, listed, number

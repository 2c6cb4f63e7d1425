"""What goes along with files that leave: their hashes, their classification, what was kept back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gazetteer.common.hashing import sha256
from gazetteer.release.gate import Released


class Digest(NamedTuple):
    """Size in bytes and sha256 of a file that is too large to be held in memory for them."""

    bytes: int
    sha256: str


def manifest(
    files: Mapping[str, bytes | Digest],
    *,
    released: Released,
    previous: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what goes along with a release: its hashes, what was kept back, what changed.

    Parameters
    ----------
    files
        Content of each file by name, or its `Digest`.
    released
        What the gate returned for them.
    previous
        Manifest of the last release, to tell what is new.

    Returns
    -------
    dict[str, Any]
        `profile`, `classification`, `notice` (Chinese), `files` (`name`, `bytes`, `sha256`),
        `withheld`, `left_out` where classified records were to be left out (how many), and
        `changes` where there is a `previous`.

    Examples
    --------
    >>> from gazetteer.release import gate
    >>> told = manifest({"a.csv": b"1"}, released=gate({}), previous={"files": []})
    >>> told["changes"]
    {'added': ['a.csv'], 'changed': [], 'removed': []}
    """
    listed = [{"name": name, **_digest(files[name])._asdict()} for name in sorted(files)]
    told: dict[str, Any] = {
        "profile": released.profile.name,
        "classification": released.classification,
        "notice": released.notice.zh,
        "files": listed,
        "withheld": [
            {"layer": each.layer, "what": each.what, "records": each.records}
            for each in released.withheld
        ],
    }
    if released.left_out is not None:
        told["left_out"] = released.left_out
    return told if previous is None else {**told, "changes": changes(told, since=previous)}


def _digest(content: bytes | Digest) -> Digest:
    return content if isinstance(content, Digest) else Digest(len(content), sha256(content))


def changes(now: Mapping[str, Any], *, since: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return which files a release adds, changes and drops against an earlier manifest.

    Parameters
    ----------
    now, since
        Two manifests.

    Returns
    -------
    dict[str, list[str]]
        Names of files under `added`, `changed` and `removed`.

    Examples
    --------
    >>> one, other = {"name": "a", "sha256": "1"}, {"name": "a", "sha256": "2"}
    >>> changes({"files": [one]}, since={"files": [other]})
    {'added': [], 'changed': ['a'], 'removed': []}
    """
    new = {each["name"]: each["sha256"] for each in now["files"]}
    old = {each["name"]: each["sha256"] for each in since["files"]}
    return {
        "added": sorted(new.keys() - old.keys()),
        "changed": sorted(name for name in new.keys() & old.keys() if new[name] != old[name]),
        "removed": sorted(old.keys() - new.keys()),
    }

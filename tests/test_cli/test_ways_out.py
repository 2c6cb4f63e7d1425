"""Everything that the tour's commands leave stands in a manifest beside it, with its hash."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from cli.demo.by_hand import COPY
from cli.demo.steps import COUNTY
from cli.demo.tour import MARK
from gazetteer.release import MANIFEST, profiles, sha256
from gazetteer.release.writing import BESIDE

KEPT = {
    "raw/*": "what the recipe has made",
    "truth.json": "what the recipe has made",
    MARK: "how far the tour has come",
    COUNTY: "the county file",
    f"{Path(COUNTY).stem}.files/*": "received files, beside the county file",
    f"日常/{Path(COUNTY).stem}-*.gpkg": "a backup",
    COPY: "a copy of the county file, made by hand",
    "回执.txt": "the head of the log, written down by hand",
    "退回/*": "rejected rows, to who sent them",
    "*/校验.sha256": "the hashes themselves, for sha256sum",
}
"""What has no manifest, and why."""
BY_HAND = ("日常/*表单.xlsx",)
"""What people filled in after it was handed out: no longer what the manifest saw."""


def manifests(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in folder.rglob("*.json"):
        if path.name.endswith((MANIFEST, BESIDE)):
            yield path, json.loads(path.read_text(encoding="utf-8"))


def listed(folder: Path) -> dict[Path, str]:
    """Return the hash of each file that a manifest tells of."""
    found = {}
    for path, told in manifests(folder):
        for each in told["files"]:
            found[path.parent / each["name"]] = each["sha256"]
    return found


def is_one(path: Path, folder: Path, patterns: Iterable[str]) -> bool:
    name = path.relative_to(folder).as_posix()
    return any(fnmatch(name, each) for each in patterns)


def test_whatever_leaves_stands_in_a_manifest_with_its_hash(demo: Path) -> None:
    known = listed(demo)
    own = {path for path, _ in manifests(demo)}
    files = {path for path in demo.rglob("*") if path.is_file()} - own
    left = {path for path in files if not is_one(path, demo, KEPT)}
    assert sorted(left - known.keys()) == []
    same = {path for path in left if not is_one(path, demo, BY_HAND)}
    assert [path for path in sorted(same) if sha256(path.read_bytes()) != known[path]] == []


@pytest.mark.parametrize("pattern", [*KEPT, *BY_HAND])
def test_no_exemption_from_a_manifest_is_left_over(demo: Path, pattern: str) -> None:
    assert any(is_one(path, demo, [pattern]) for path in demo.rglob("*"))


def test_every_manifest_names_profile_and_classification(demo: Path) -> None:
    told = [each for _, each in manifests(demo)]
    assert told
    assert {str(each["profile"]) for each in told} <= {*profiles()}
    assert all(each["notice"] and each["classification"] for each in told)

"""Print which licence each library stands under that an installation brings, as a page of docs/."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path(__file__).parent.parent / "locks" / "run.txt"
# asked for on Windows alone, so that they are not installed where this page is made
ON_WINDOWS = {"tzdata": "Apache-2.0"}
HEAD = """# Licences of what an installation brings

The toolkit itself is under Apache-2.0 (`LICENSE`). Below are the libraries of `locks/run.txt` with
the licence that each states of itself (`make locks` renews this page). Sources and licences of the
tables stand in `data/README.md`, those of Leaflet and its plugins in `maps/assets/README.md`.

| library | licence |
|---|---|
"""
SAID_AS_CLASSIFIER = "License :: OSI Approved :: "


def locked(lock: Path = LOCK) -> list[str]:
    """Return the names of the libraries that are locked, in order."""
    return sorted(set(re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)))


def licence(name: str) -> str:
    """Return what a library states as its licence, else its classifier."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ON_WINDOWS[name]
    classes = told.get_all("Classifier") or []
    classified = [
        each.removeprefix(SAID_AS_CLASSIFIER) for each in classes if SAID_AS_CLASSIFIER in each
    ]
    stated = told.get("License-Expression") or told.get("License") or ""
    short = stated if stated and "\n" not in stated and len(stated) < 80 else ""
    return short or "; ".join(classified) or "not stated"


if __name__ == "__main__":
    print(HEAD + "\n".join(f"| {each} | {licence(each)} |" for each in locked()))

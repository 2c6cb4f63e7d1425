"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def missing(reason: str) -> None:
    """Skip a test whose peer is absent, or fail it where everything must be there."""
    if REQUIRE_ALL:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data sets, or skip."""
    default = ROOT.parent / "shared" / "data"
    folder = Path(os.environ.get("GAZETTEER_REAL_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set GAZETTEER_REAL_DATA")
    return folder

"""Fixtures that every test may use, and the rule on skipping."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
APT_LINE = "sudo apt-get install --no-install-recommends"
NO_REAL_DATA = "no real data"

# a busy machine is no failure; the gate tries the same examples each time
settings.register_profile(
    "gazetteer",
    deadline=None,
    derandomize=REQUIRE_ALL,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gazetteer")


def missing(reason: str) -> None:
    """Skip a test whose peer is absent, or fail it where everything must be there."""
    if REQUIRE_ALL:
        pytest.fail(reason)
    pytest.skip(reason)


def needs(program: str, *, packages: str) -> str:
    """Return the path of a system program, or skip with the line that installs it."""
    found = shutil.which(program)
    if found is None:
        missing(f"{program} is not installed: {APT_LINE} {packages}")
    return str(found)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Under REQUIRE_ALL only the absence of the real data excuses a skip."""
    report = yield
    if REQUIRE_ALL and report.skipped and NO_REAL_DATA not in str(report.longrepr):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data sets, or skip."""
    default = ROOT.parent / "shared" / "data"
    folder = Path(os.environ.get("GAZETTEER_REAL_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"{NO_REAL_DATA} at {folder}: set GAZETTEER_REAL_DATA")
    return folder


@pytest.fixture(scope="session")
def installed_pass() -> bool:
    """Tell whether the installed wheel is tested rather than the checkout."""
    return os.environ.get("INSTALLED_PASS") == "1"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the demo has run once; look, but do not write."""
    from click.testing import CliRunner

    from cli.main import main

    folder = tmp_path_factory.mktemp("demo") / "demo"
    result = CliRunner().invoke(main, ["demo", str(folder)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def demo_copy(demo: Path, tmp_path: Path) -> Path:
    """Return a copy of the demo's folder to write in."""
    return Path(shutil.copytree(demo, tmp_path / "demo"))

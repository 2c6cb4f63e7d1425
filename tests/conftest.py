"""Fixtures that every test may use, and the rule on skipping."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import windows

ROOT = Path(__file__).resolve().parent.parent
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
os.environ["LANGUAGE"] = "en"  # the command's own words; tests that want Chinese say so
APT_LINE = "sudo apt-get install --no-install-recommends"
NO_REAL_DATA = "no real data"

# a busy machine is no failure; the same examples each time, but for `make explore`
settings.register_profile(
    "gazetteer",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "explore", settings.get_profile("gazetteer"), derandomize=False, max_examples=500
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


def real_data_folder(checkout: Path = ROOT) -> Path | None:
    """Return GAZETTEER_REAL_DATA, else shared/data beside the checkout or a folder above it."""
    named = os.environ.get("GAZETTEER_REAL_DATA")
    places = [Path(named)] if named else [each / "shared/data" for each in checkout.parents]
    return next((each for each in places if each.is_dir()), None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[Any]:
    """Watch fixtures, too: the tour is one."""
    return (yield from _as_windows_would())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[Any]:
    """Fail a test in which a file was renamed or deleted that is open: Windows refuses that."""
    return (yield from _as_windows_would())


def _as_windows_would() -> Iterator[Any]:
    with windows.refusals() as refused:
        result = yield
        assert not refused, refused[:5]
    return result


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data sets, or skip."""
    folder = real_data_folder()
    if folder is None:
        pytest.skip(f"{NO_REAL_DATA} beside {ROOT}: set GAZETTEER_REAL_DATA")
    return folder


@pytest.fixture(scope="session")
def installed_pass() -> bool:
    """Tell whether the installed wheel is tested rather than the checkout."""
    return os.environ.get("INSTALLED_PASS") == "1"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which the demo has run once; look, but do not write.

    `GAZETTEER_DEMO` names a finished one to be copied instead, to save a minute at the desk.
    """
    from click.testing import CliRunner

    from cli.main import main

    folder = tmp_path_factory.mktemp("demo") / "demo"
    if "GAZETTEER_DEMO" in os.environ:
        return Path(shutil.copytree(os.environ["GAZETTEER_DEMO"], folder))
    result = CliRunner().invoke(main, ["demo", str(folder)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def demo_copy(demo: Path, tmp_path: Path) -> Path:
    """Return a copy of the demo's folder to write in."""
    return Path(shutil.copytree(demo, tmp_path / "demo"))

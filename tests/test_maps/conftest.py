"""One browser for all map tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.test_maps.browser import chromium


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture
def browser(_chromium: Any) -> Iterator[Any]:
    yield _chromium
    for context in _chromium.contexts:
        context.close()

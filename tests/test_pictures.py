"""The page of pictures: each picture that it shows is there, small, and none lies beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
LARGEST_BYTES = 100_000


@pytest.mark.checkout
def test_every_picture_is_shown_and_small() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"\]\(([a-z0-9-]+\.webp)\)", page)
    assert sorted(shown) == sorted(file.name for file in FOLDER.glob("*.webp"))
    for name in shown:
        file = FOLDER / name
        assert file.stat().st_size < LARGEST_BYTES
        with Image.open(file) as image:
            assert min(image.size) > 100

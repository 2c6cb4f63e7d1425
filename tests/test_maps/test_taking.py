"""What is taken from a map: a picture, a page of paper, a place, an area in mu."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import maps
from tests.conftest import missing
from tests.test_maps import county
from tests.test_maps.browser import PHONE, Opened, opened

pytestmark = pytest.mark.browser
HOME = {"longitude": county.WEST + 0.05, "latitude": county.SOUTH + 0.05, "accuracy": 12}


def _atlas() -> maps.Atlas:
    layers = {"divisions": county.divisions(), "lines": county.lines()}
    return maps.atlas(layers, title="石江市", notice="密级：内部")


def test_areas_are_told_in_mu_as_well(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path)
    shown.page.keyboard.press("m")
    for lon, lat in [(112.45, 29.75), (112.46, 29.75), (112.46, 29.76)]:
        shown.click_at(lon, lat)
    told = shown.page.inner_text("#measured")
    found = re.search(r"面积 (\d+) m² = ([\d.]+) 亩", told)
    assert found, told
    assert float(found[2]) == pytest.approx(float(found[1]) * 15 / 10_000, abs=0.01)
    assert shown.page.evaluate("Atlas.mu(10000, atlas.words)") == "15.00 亩"


def test_the_map_goes_to_where_the_reader_stands(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path)
    shown.page.evaluate(
        """place => { Object.defineProperty(navigator, 'geolocation', { configurable: true, value: {
        getCurrentPosition: found => found({ coords: place }) } }); }""",
        HOME,
    )
    shown.page.click("#locate")
    middle = shown.page.evaluate("[atlas.map.getCenter().lng, atlas.map.getCenter().lat]")
    assert middle == pytest.approx([HOME["longitude"], HOME["latitude"]], abs=1e-3)
    assert "12 m" in shown.page.inner_text("#told")
    assert shown.troubles == []


def test_a_device_that_tells_no_place_is_said(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path)  # nobody has permitted it
    shown.page.click("#locate")
    shown.page.wait_for_selector("#told:not([hidden])")
    assert "设备未给出位置" in shown.page.inner_text("#told")


def _pictured(shown: Opened) -> Image.Image:
    with shown.page.expect_download() as waiting:
        shown.page.click("#picture")
    path = waiting.value.path()
    assert waiting.value.suggested_filename == "石江市.png"
    return Image.open(io.BytesIO(Path(path).read_bytes())).convert("RGB")


def test_the_map_is_saved_as_a_picture_with_legend_and_notice(browser: Any, tmp_path: Path) -> None:
    shown = opened(browser, _atlas(), tmp_path)
    shown.page.evaluate(
        """() => { window.written = []; const plain = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text) {
          if (!this.canvas.isConnected) window.written.push(text);
          return plain.apply(this, arguments); }; }"""
    )
    picture = _pictured(shown)
    written = shown.page.evaluate("window.written")
    for part in ("石江市", "图例", "县级", "乡级", "内部工作用图，未经审核，不得公开"):
        assert part in written
    assert any("密级：内部" in text for text in written)
    wide, high = shown.page.evaluate("[atlas.map.getSize().x, atlas.map.getSize().y]")
    assert picture.width > wide and picture.height > high
    colours = picture.getcolors(maxcolors=2**24)
    assert colours is not None and len(colours) > 50, "the map itself is on it"
    assert shown.troubles == []


def _read(path: Path) -> tuple[str, Image.Image]:
    """Return the words and the picture of a page; a second page fails."""
    if shutil.which("pdftoppm") is None:
        missing("no poppler: apt install poppler-utils")
    words = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True).stdout
    subprocess.run(["pdftoppm", "-r", "72", "-png", path, path.with_suffix("")], check=True)
    (page,) = path.parent.glob("map-*.png")
    return "".join(words.decode("utf-8").split()), Image.open(page).convert("RGB")


@pytest.mark.parametrize("size", [(1400, 900), (900, 1200), PHONE])
def test_the_browsers_own_print_gives_the_whole_map_on_one_page(
    browser: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    """However the window is, without opening the print view first."""
    shown = opened(browser, _atlas(), tmp_path, size)
    path = tmp_path / "map.pdf"
    path.write_bytes(shown.page.pdf(prefer_css_page_size=True, print_background=True))
    words, image = _read(path)
    for part in ("石江市", "图例", "不得公开"):
        assert part in words
    assert image.width > image.height, "A4 across"
    tints = [
        (x, y)
        for x in range(0, image.width, 4)
        for y in range(0, image.height, 4)
        if max(pixel := image.getpixel((x, y))) - min(pixel) > 12
    ]
    across = [x for x, _ in tints], [y for _, y in tints]
    for values, whole in zip(across, image.size, strict=True):
        assert min(values) > 0.01 * whole and max(values) < 0.99 * whole, "nothing is cut off"
    assert max(across[1]) - min(across[1]) > 0.5 * image.height, "and it fills the page"
    assert not shown.page.locator("html.paper").count(), "the screen is as before"

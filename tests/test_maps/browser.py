"""Headless Chromium on a saved map, with the network off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from maps.atlas import Atlas
from tests.conftest import missing

DESK, PHONE = (1400, 900), (390, 844)


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield a browser of Debian's package, or skip with the line that installs it."""
    path = shutil.which("chromium")
    if path is None:
        missing("no Chromium: apt install chromium fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page of a map, and everything that it asked for or complained of."""

    def __init__(self, browser: Any, target: Path, size: tuple[int, int]) -> None:
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=True, has_touch=size == PHONE
        )
        self.page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("dialog", self._alarm)
        self.page.on("request", self._request)
        self.page.goto(target.as_uri())
        self.page.wait_for_selector("html[data-ready]", timeout=60_000)

    def _alarm(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.troubles.append(f"request: {request.url}")

    def labels(self) -> list[str]:
        """Return the labels that found room on the map."""
        found: list[str] = self.page.evaluate("atlas.state.placedLabels.map(one => one.text)")
        return found

    def search(self, text: str) -> list[str]:
        """Type into the search box and return the hits."""
        self.page.fill("#search", text)
        self.page.wait_for_selector("#hits[aria-busy=false]", state="attached")
        found: list[str] = self.page.locator("#hits [role=option] b").all_inner_texts()
        return found

    def click_at(self, lon: float, lat: float) -> None:
        """Click the map at a place."""
        x, y = self.page.evaluate(
            """([lon, lat]) => { const p = atlas.map.latLngToContainerPoint([lat, lon]);
            const r = atlas.map.getContainer().getBoundingClientRect();
            return [p.x + r.left, p.y + r.top]; }""",
            [lon, lat],
        )
        self.page.mouse.click(x, y)

    def popup(self) -> str:
        """Return the text of the popup."""
        return str(self.page.locator(".leaflet-popup .record").inner_text())

    def press(self, text: str) -> None:
        """Click a button of the popup, which must stand still for whoever aims at it."""
        before, after = self.page.evaluate(
            """async text => {
            const frame = () => new Promise(requestAnimationFrame), box = () => {
              const one = [...document.querySelectorAll('.record button')]
                .find(each => each.textContent.includes(text)).getBoundingClientRect();
              return [one.x + one.width / 2, one.y + one.height / 2]; };
            const before = box(); await frame(); await frame(); await frame();
            return [before, box()]; }""",
            text,
        )
        assert before == after
        self.page.mouse.click(*after)


def opened(browser: Any, atlas: Atlas, folder: Path, size: tuple[int, int] = DESK) -> Opened:
    """Save a map and open it from ``file://``."""
    return Opened(browser, atlas.save(folder / "map.html"), size)

"""Everything that the popups of a map say, and what no popup may say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import pages
from tests.test_maps.browser import DESK, Opened

EVERY_POPUP = """() => atlas.state.layers.map(layer => [layer.key,
  Array.from({length: layer.count}, (_, feature) => {
    const card = Atlas.recordElement(atlas, [{layer, feature}], 0);
    const cells = [...card.querySelectorAll('tr')].map(row =>
      [row.querySelector('th').innerText, row.querySelector('td').innerText]);
    const rest = [...card.querySelectorAll('h2, p')].map(each => each.innerText);
    return {head: rest, cells: cells}; })])"""
EVERY_HIT = """query => Atlas.search(Atlas.searchIndex(atlas.state.layers), query)
  .map(hit => hit.layer.key + ' ' + hit.layer.label(hit.feature))"""
LATIN = ("罗马字母拼写", "来源", "含义")
"""Rows that may hold letters: the spelling, the file of a record, what the sample county's enemies
wrote as the meaning of a name."""
WORD = re.compile(r"[A-Za-z_]{3,}")
FILE = re.compile(r"[^\s：“”、]+\.[a-z]{2,5}\b")
"""A file of the office is told by its name."""


def maps_of(folder: Path) -> list[Path]:
    """Return the maps in a folder and all below it."""
    found = sorted(folder.rglob("*.html"))
    return [path for path in found if 'id="atlas-contents"' in path.read_text("utf-8")]


def every_popup(shown: Opened) -> list[tuple[str, dict[str, Any]]]:
    """Return what each popup says: layer, head lines and rows."""
    layers = shown.page.evaluate(EVERY_POPUP)
    return [(key, popup) for key, popups in layers for popup in popups]


def ids(path: Path) -> set[str]:
    """Return the ids that a map holds for its links."""
    contents = pages.contents(path.read_text("utf-8"))
    fields = [each for layer in contents["layers"] for each in layer["fields"]]
    texts = {text for each in fields for text in each.get("distinct", each.get("values", ()))}
    return {text for text in texts if re.fullmatch("[0-9a-f]{12,16}", text) and not text.isdigit()}


def wrong(popup: dict[str, Any], known: set[str], *, head: bool = True) -> Iterator[str]:
    """Yield the ids, enum words, field names and codes of rules that a popup tells a reader."""
    said = [f"{name} {text}" for name, text in popup["cells"] if name not in LATIN]
    for line in [*(popup["head"] if head else ()), *said]:
        yield from (f"{each} in {line}" for each in WORD.findall(FILE.sub("", line)))
    for _, text in popup["cells"]:
        yield from (f"id {text}" for each in re.findall("[0-9a-f]{12,16}", text) if each in known)
        yield from (f"JSON {text}" for _ in re.findall(r'[{\[]"', text))


def faults(browser: Any, path: Path) -> list[str]:
    """Return what the popups of a map tell that no official should read."""
    shown, known = Opened(browser, path, DESK), ids(path)
    told = every_popup(shown)
    assert told and not shown.troubles
    head = "勘界" not in str(path.parent.name)  # what the rules of surveys say is tested with them
    return [
        f"{path.name} {key}: {each}"
        for key, popup in told
        for each in wrong(popup, known, head=head or key != "findings")
    ]

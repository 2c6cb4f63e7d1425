"""Maps read back: the page as text, with its packed contents as the JSON that they are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from maps.atlas.contents import unpacked

_BLOCK = re.compile(r'(id="atlas-contents">)(.*?)(?=</script>)', re.DOTALL)


def contents(html: str) -> Any:
    """Return the document that a page draws from."""
    block = _BLOCK.search(html)
    assert block
    return unpacked(block[2])


def page_text(path: Path) -> str:
    """Return a page with its contents as JSON in place of the packed block."""
    return unpacked_page(path.read_text(encoding="utf-8"))


def unpacked_page(html: str) -> str:
    """Return the text of a page with its contents as JSON in place of the packed block."""
    text = json.dumps(contents(html), ensure_ascii=False, separators=(",", ":"))
    return _BLOCK.sub(lambda block: block[1] + text, html)

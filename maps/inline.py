"""One HTML file that needs no network: every address it knows is inlined, any other is refused."""

from __future__ import annotations

import base64
import re
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files

LEAFLET = "leaflet/leaflet"
ASSETS = {"leaflet.js": f"{LEAFLET}.js", "leaflet.css": f"{LEAFLET}.css"}
_SCRIPT = re.compile(r'<script\b[^>]*\bsrc="([^"]+)"[^>]*>\s*</script>')
_LINK = re.compile(r'<link\b[^>]*\bhref="([^"]+)"[^>]*>')
_CSS_URL = re.compile(r"""url\(\s*(['"]?)(?!data:|#)([^)'"]+)\1\s*\)""")
_LOADING = ("src", "href", "srcset", "data", "poster", "action", "background", "xlink:href")
_TYPES = {"png": "image/png", "svg": "image/svg+xml", "gif": "image/gif"}


@cache
def asset(path: str) -> str:
    """Return a vendored text file."""
    return (files("maps") / "assets" / path).read_text(encoding="utf-8")


@cache
def style_sheet(path: str) -> str:
    """Return a vendored style sheet with its images as data."""
    folder = path.rpartition("/")[0]
    return _CSS_URL.sub(lambda match: f"url({_data(f'{folder}/{match[2]}')})", asset(path))


def _data(path: str) -> str:
    content = (files("maps") / "assets" / path).read_bytes()
    kind = _TYPES[path.rpartition(".")[2]]
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def inline(html: str) -> str:
    """Return a page with the scripts and style sheets it names put inside.

    Raises
    ------
    LookupError
        When the page names an address that is not vendored: a fault of the program, not of its
        user, who must never be handed a map that needs the network.

    Examples
    --------
    >>> inline('<link rel="stylesheet" href="https://a.example/none.css"/>')
    Traceback (most recent call last):
    LookupError: not vendored: https://a.example/none.css
    """
    html = _SCRIPT.sub(lambda match: f"<script>{asset(_vendored(match[1]))}</script>", html)
    html = _LINK.sub(lambda match: f"<style>{style_sheet(_vendored(match[1]))}</style>", html)
    left = addresses(html)
    if left:
        raise LookupError(f"not vendored: {', '.join(left)}")
    return html


def _vendored(address: str) -> str:
    name = address.rpartition("/")[2]
    if name not in ASSETS:
        raise LookupError(f"not vendored: {address}")
    return ASSETS[name]


def addresses(html: str) -> list[str]:
    """Return what a page would load from elsewhere when it is opened.

    Examples
    --------
    >>> addresses('<img src="a.png"><style>p { background: url(b.png) }</style>')
    ['a.png', 'b.png']
    >>> addresses('<img src="data:image/png;base64,AA"><a href="#top">text of src="c.png"</a>')
    []
    """
    reader = _Addresses()
    reader.feed(html)
    reader.close()
    return reader.found


class _Addresses(HTMLParser):
    """Collects what elements and style sheets load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of one element."""
        self._style = tag == "style"
        for name, value in attrs:
            if name in _LOADING and value and not value.startswith(("data:", "#")):
                self.found.append(value)
            if name == "style" and value:
                self.handle_css(value)

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a style sheet."""
        self._style = self._style and tag != "style"

    def handle_data(self, data: str) -> None:
        """Read a style sheet."""
        if self._style:
            self.handle_css(data)

    def handle_css(self, css: str) -> None:
        """Note the addresses of a style sheet."""
        self.found += [match[2] for match in _CSS_URL.finditer(css)]
        self.found += re.findall(r"@import\s+['\"]([^'\"]+)", css)

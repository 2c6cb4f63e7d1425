"""The page: folium's frame, our script, everything inside one file."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template

from maps import inline
from maps.atlas import contents

SCRIPTS = (
    "codec.js",
    "geodesy.js",
    "layers.js",
    "hit.js",
    "density.js",
    "draw.js",
    "along.js",
    "labels.js",
    "search.js",
    "places.js",
    "record.js",
    "panel.js",
    "tools.js",
    "taking.js",
    "main.js",
)
MAX_ZOOM = 20
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}


class _Frame(folium.Map):
    """Folium's map with Leaflet alone: popups, icons and controls here need nothing else."""

    default_js = [asset for asset in folium.Map.default_js if asset[0] == "leaflet"]  # noqa: RUF012
    default_css = [asset for asset in folium.Map.default_css if asset[0] == "leaflet_css"]  # noqa: RUF012


class _Script(MacroElement):
    """Our script behind the map that folium makes."""

    _template = Template(
        "{% macro script(this, kwargs) %}{{ this.code }}\n"
        "Atlas.start({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self, code: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id, self.code = "AtlasScript", "0", code


def _web(name: str) -> str:
    return (files("maps.atlas") / "web" / name).read_text(encoding="utf-8")


@cache
def shell() -> str:
    """Return the page without contents: the same bytes each time, checked for addresses."""
    frame = _Frame(location=[35, 105], zoom_start=4, tiles=None, max_zoom=MAX_ZOOM)
    frame.options.update(max_zoom=MAX_ZOOM, zoom_snap=0.1, zoom_delta=1, fade_animation=False)
    frame._id = "atlas"
    figure: Any = frame.get_root()
    figure.header.add_child(Element(f"<style>{_web('atlas.css')}</style>"), name="atlas_css")
    figure.html.add_child(Element(_web("page.html")), name="atlas_page")
    frame.add_child(_Script("\n".join(_web(name) for name in SCRIPTS)))
    return inline.inline(figure.render())


def page(document: Mapping[str, Any]) -> str:
    """Return the whole file for an atlas document.

    The contents go in as one block of gzipped JSON in base64, which the browser unpacks; until it
    answers a search a line tells what it is at, and why if it cannot. The title is escaped.
    """
    title = html.escape(str(document["title"]))
    tag = LANGUAGE_TAGS[document["language"]]
    block = contents.packed(document)
    phrases = {
        key: html.escape(document["words"][key]) for key in ("opening", "too_old", "damaged")
    }
    head, body = shell().split("<body>", 1)
    head = head.replace("<html>", f'<html lang="{tag}">', 1)
    head = head.replace("<head>", f"<head>\n<title>{title}</title>", 1)
    draft = document.get("review") or document["words"]["draft"]
    notice = html.escape(" ".join(filter(None, [document.get("notice"), draft])))
    progress = (
        f'<p id="progress" role="status" data-old="{phrases["too_old"]}" '
        f'data-damaged="{phrases["damaged"]}">{phrases["opening"]} {len(block) / 1e6:.1f} MB'
        f"<br><small>{notice}</small></p>"
    )
    holder = f'<script type="application/gzip" id="atlas-contents">{block}</script>'
    return f"{head}<body>{progress}{holder}{body}"

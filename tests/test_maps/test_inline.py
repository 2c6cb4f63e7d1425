"""Nothing that the page loads may come from elsewhere."""

from __future__ import annotations

import folium
import pytest

from maps import inline
from maps.atlas import page


def test_the_shell_is_whole_and_always_the_same() -> None:
    page.shell.cache_clear()
    first = page.shell()
    page.shell.cache_clear()
    assert page.shell() == first
    assert inline.addresses(first) == []
    assert "L.map(" in first
    assert "Leaflet 1.9.4" in first


def test_plain_folium_is_refused() -> None:
    with pytest.raises(LookupError, match=r"not vendored: https://code\.jquery\.com"):
        inline.inline(folium.Map(tiles=None).get_root().render())


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://a.example/x.png">',
        "<style>@import 'https://a.example/x.css';</style>",
        '<p style="background: url(https://a.example/x.png)">',
        '<iframe src="other.html"></iframe>',
        '<object data="x.swf"></object>',
    ],
)
def test_each_way_to_load_is_seen(html: str) -> None:
    with pytest.raises(LookupError, match="not vendored"):
        inline.inline(html)

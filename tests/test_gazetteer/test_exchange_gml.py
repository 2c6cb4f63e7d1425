"""A GML names schemas at addresses of its own choice: none of them is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gazetteer import exchange

GML = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs"
 xmlns:gml="http://www.opengis.net/gml" xmlns:a="http://a.example/a"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://a.example/a {address}">
<gml:featureMember><a:b gml:id="1"><a:name>界桩</a:name><a:at><gml:Point
 srsName="EPSG:4490"><gml:pos>112 29</gml:pos></gml:Point></a:at></a:b></gml:featureMember>
</wfs:FeatureCollection>"""
ASKED: list[str] = []


class Listening(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        ASKED.append(self.path)
        self.send_error(404)

    do_HEAD = do_GET  # noqa: N815 - the name that the server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        wanted = "SERVICE=WFS&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=a:b"
        yield f"http://127.0.0.1:{server.server_address[1]}/wfs?{wanted}"
        server.shutdown()


def test_reading_a_gml_asks_nobody(tmp_path: Path, address: str) -> None:
    path = tmp_path / "界桩.gml"
    path.write_text(GML.format(address=address), encoding="utf-8")
    (found,) = exchange.opened(path).tables
    assert found.cells["name"].tolist() == ["界桩"]
    assert ASKED == []

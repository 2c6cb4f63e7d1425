"""Maps of facilities: the kinds asked for alone, one colour for one meaning."""

from __future__ import annotations

import re
from pathlib import Path

from maps.atlas.layers import MEANT, class_colours
from maps.style import layer_style
from tests import pages


def test_a_reach_shows_the_kinds_that_were_asked_for_alone(demo: Path) -> None:
    body = pages.contents((demo / "设施" / "服务覆盖.html").read_text("utf-8"))
    (layer,) = [each for each in body["layers"] if each["key"] == "facilities"]
    assert {each["title"] for each in layer["classes"]} == {"日间照料中心", "互助养老服务设施"}


def test_a_colour_that_says_served_or_not_says_nothing_else() -> None:
    demand = layer_style("demand")
    assert {demand.style(each).fill for each in ("reached", "not-reached")} == MEANT
    assert not MEANT & set(class_colours())
    assert all(re.fullmatch("#[0-9a-f]{6}", each) for each in class_colours())

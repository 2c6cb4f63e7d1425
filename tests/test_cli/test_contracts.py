"""The JSON that scripts rely on: keys may be added, never renamed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli.asking import COUNTY, run, told, truth

HIT = {"id", "name", "code", "romanization", "matched", "reason", "score"}
SPELLED = {"name", "romanization", "toneless", "sign", "reading", "decided", "source", "undecided"}
FINDING = {"id", "rule", "clause", "severity", "subject", "message", "measured", "tolerance"}
FINDING |= {"unit", "related", "geometry"}
DEFECT = {"kind", "units", "area_m2", "width_m", "lon", "lat"}
IMPORTED = {"read", "landed", "updated", "unchanged", "rejected", "rejects_file", "cleaned"}
VERIFIED = {"events", "sealed", "unsealed", "broken", "head"}


def lines(*arguments: object) -> list[dict[str, Any]]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_search_and_its_batch(demo: Path, tmp_path: Path) -> None:
    found = told("names", "search", demo / COUNTY, "曲江")
    assert set(found) >= {"query", "took_ms", "hits"}
    assert all(set(hit) >= HIT for hit in found["hits"])
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True) and scores
    queries = tmp_path / "queries.txt"
    queries.write_text("曲江\n没有这个地方名字\nqujiang\n", encoding="utf-8")
    batch = lines("names", "search", demo / COUNTY, "--batch", queries)
    assert [each["query"] for each in batch] == ["曲江", "没有这个地方名字", "qujiang"]
    assert batch[1]["hits"] == [] and batch[0]["hits"] == found["hits"]


@pytest.mark.parametrize("with_county", [True, False])
def test_romanize_and_its_batch(demo: Path, tmp_path: Path, with_county: bool) -> None:
    county = [demo / COUNTY] if with_county else []
    names = tmp_path / "names.txt"
    names.write_text("乌鲁木齐市\n长乐镇\n", encoding="utf-8")
    batch = lines("names", "romanize", *county, "--batch", names)
    assert [each["name"] for each in batch] == ["乌鲁木齐市", "长乐镇"]
    assert all(set(each) >= SPELLED for each in batch)
    assert batch[0]["romanization"] == "Ürümqi Shi"
    assert batch[0]["reading"] == "Wūlǔmùqí Shì"
    assert isinstance(batch[1]["decided"], bool) and isinstance(batch[1]["undecided"], list)


def test_at_and_its_batch(demo: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.txt"
    points.write_text("112.5006,29.7240\n0,0\n", encoding="utf-8")
    inside, outside = lines("names", "at", demo / COUNTY, "--batch", points)
    assert set(inside) >= {"lon", "lat", "divisions"}
    assert [set(each) >= {"code", "name", "level"} for each in inside["divisions"]] == [True] * 3
    assert outside["divisions"] == []


def test_boundary_findings(demo: Path) -> None:
    found = told("boundaries", "check", demo / "raw" / "乡镇界.shp", status=1)
    assert set(found) >= {"findings", "summary"}
    for each in found["findings"]:
        assert set(each) >= FINDING | DEFECT
        assert each["severity"] in {"error", "warning", "note"}
        assert each["geometry"] is None or each["geometry"]["coordinates"]


def test_import(demo_copy: Path) -> None:
    path = demo_copy / truth(demo_copy)["files"]["facilities"]["path"]
    found = told("import", "facilities", demo_copy / COUNTY, path, "--crs", "gcj02")
    assert set(found) >= IMPORTED
    assert found["landed"] + found["rejected"] == found["read"]
    assert Path(found["rejects_file"]).exists()


def test_log_verify(demo: Path) -> None:
    found = told("log", "verify", demo / COUNTY)
    assert set(found) >= VERIFIED and found["broken"] == []

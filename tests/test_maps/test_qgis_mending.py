"""A finding put right in QGIS is closed by the next check; an undo there leaves no trace."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from click.testing import CliRunner
from shapely import box

from cli.main import main
from gazetteer.store import County
from tests.conftest import ROOT
from tests.test_gazetteer.test_peers import qgis


def run(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exit_code == status, result.output
    return result.output


@pytest.fixture
def gaping(tmp_path: Path) -> Path:
    """Return a county file of two townships with a gap between them, checked and kept."""
    path = tmp_path / "石江.gpkg"
    run("init", path, "--division", "421081", "--name", "石江市")
    listed = tmp_path / "区划.csv"
    listed.write_text(
        "区划代码,名称,上级代码\n421081,石江市,4210\n421081100,甲镇,421081\n421081101,乙镇,421081\n",
        encoding="utf-8",
    )
    run("import", "divisions", path, listed)
    shapes = {
        "421081": box(112.4, 29.7, 112.6, 29.8),
        "421081100": box(112.4, 29.7, 112.5, 29.8),
        "421081101": box(112.5, 29.7, 112.6, 29.8) - box(112.5, 29.74, 112.5003, 29.76),
    }
    frame = gpd.GeoDataFrame({"code": list(shapes)}, geometry=list(shapes.values()), crs=4490)
    drawn = tmp_path / "界.geojson"
    frame.to_file(drawn, driver="GeoJSON")
    run("import", "boundaries", path, drawn, "--crs", "EPSG:4490")
    run("boundaries", "check", path, "--keep", status=1)
    return path


def states(path: Path) -> dict[str, str]:
    with County(path) as county:
        frame = county.layer("findings")
    return dict(zip(frame["rule"], frame["state"], strict=True))


@pytest.mark.qgis
def test_a_gap_mended_in_qgis_is_closed_by_the_next_check(gaping: Path) -> None:
    assert set(states(gaping).values()) == {"open"}
    with County(gaping) as county:
        before = len(county.events(last=99))
    told: dict[str, Any] = qgis("mend.py", str(gaping), str(ROOT / "examples" / "qgis_console.py"))
    assert told["division"]["classes"][3:5] == ["乡级", "村级"]
    assert "上级" in told["division"]["aliases"]
    assert told["division"]["expressions"] == 9
    assert told["division"]["broken"] == []
    assert {"甲镇", "乙镇"} <= set(told["labels"]), "labels are drawn, not only set"
    assert told["undone"]["changed"] == "错名"
    assert told["undone"]["saved"]
    assert told["undone"]["name"] != "错名"
    run("boundaries", "check", gaping, "--keep")
    assert set(states(gaping).values()) == {"closed"}
    with County(gaping, writing=True) as county:
        county.seal()
        assert not county.verify().broken
        done = [each["command"] for each in county.events(last=99)][before:]
    assert done == ["edit update", "boundaries check"], "the undone rename left no event"


def test_our_styles_are_renewed_and_those_of_the_office_stay(gaping: Path, tmp_path: Path) -> None:
    def default(table: str) -> list[tuple[str, str]]:
        with County(gaping) as county:
            query = (
                "SELECT styleName, owner FROM layer_styles WHERE f_table_name = ? AND useAsDefault"
            )
            found: list[tuple[str, str]] = county.connection.execute(query, (table,)).fetchall()
        return found

    assert default("division") == [("行政区划", "gazetteer")]
    with closing(sqlite3.connect(gaping)) as connection, connection:
        connection.execute("DELETE FROM layer_styles WHERE f_table_name = 'division'")
        connection.execute(
            "INSERT INTO layer_styles (f_table_name, styleName, useAsDefault, owner) "
            "VALUES ('division', '本局', 1, 'wang')"
        )
    told = run("qgis", gaping, "--theme", "survey")
    assert default("division") == [("本局", "wang")]
    assert default("marker") == [("界桩", "gazetteer")]
    assert (tmp_path / "石江-勘界.qgz").stat().st_size > 1000, told
    run("qgis", gaping, "--theme", "none", status=2)


def test_the_example_with_plain_frames_runs(tmp_path: Path) -> None:
    script = ROOT / "examples" / "plain_frames.py"
    told = subprocess.run(
        [sys.executable, script, tmp_path],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    assert "甲镇" in told.stdout
    assert {each.suffix for each in tmp_path.iterdir()} == {".html", ".pdf", ".png", ".json"}

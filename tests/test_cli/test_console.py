"""A Windows office: a console in GBK, paths with Chinese characters and spaces."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli import output
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

TABLE = """行政区划代码,名称,级别
421081,石首市,县级
421081100,新厂镇,乡级
421081100201,茶㘵 村,村级
421081100202,东𨟠村,村级
421081100203,福?村,村级
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "测 试"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "区 划.csv").write_text(TABLE, encoding="utf-8")
    return folder


def test_every_command_speaks_on_a_console_in_gbk(office: Path) -> None:
    from cli.main import main

    def say(*arguments: str, status: int = 0) -> str:
        done = CliRunner(charset="gbk").invoke(main, arguments)
        assert done.exit_code == status, done.output
        return done.stdout_bytes.decode("gbk")

    county = "县 文件.gpkg"
    assert "石首市" in say("init", county, "--division", "421081", "--name", "石首市")
    assert "读入 5 行" in say("import", "divisions", county, "区 划.csv", "--lang", "zh")
    assert r"茶\u3635村" in say("names", "search", county, "茶㘵村")
    # what is no character of GBK is escaped as JSON writes it, beyond the first plane, too
    hits = json.loads(say("names", "search", county, "东𨟠村", "--json"))["hits"]
    assert hits[0]["name"] == "东𨟠村"
    assert r"\ud861\udfe0" in say("names", "search", county, "东𨟠村", "--json")
    assert "福?村" in say("names", "repairs", county, "--out", "脏 字.xlsx")
    assert r"茶\u3635村" in say("history", county, "421081100201")
    assert "rows" in say("export", county, "names", "表 单.xlsx", "--form")
    assert "5 rows read" in say("import", "form", county, "表 单.xlsx")
    say("backup", county)
    say("book", county, "地名 录.docx")
    say("figures", county, "年 鉴.xlsx")
    assert "0 unsealed" in say("log", "verify", county)
    assert "10 differences" in say("diff", county, "--known-at", "1..2")
    say("undo", county, "2")
    assert [*(office / "备份").glob("县 文件-*.gpkg")]


@pytest.mark.skipif(os.name == "nt", reason="Windows hands over text")
def test_an_argument_in_another_encoding_is_refused_in_one_line(office: Path) -> None:
    gazetteer = [sys.executable, "-c", "from cli.main import main; main()"]
    asked = [*gazetteer, "init", "a.gpkg", "--division", "421081", "--name", "石首市".encode("gbk")]
    given = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONWARNDEFAULTENCODING": ""}
    done = subprocess.run(asked, env=given, capture_output=True, check=False)
    said = done.stderr.decode()
    assert done.returncode == 2 and len(said.splitlines()) == 1, said
    assert "is no text in the console's encoding (utf-8)" in said
    assert not [*office.glob("*.gpkg")]


def test_a_process_with_such_a_console_ends_well(office: Path) -> None:
    gazetteer = [sys.executable, "-c", "from cli.main import main; main()"]
    given = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [*gazetteer, "names", "repairs", "茶㘵 村", "東𨟠村", "--json"],
        env=given,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("gbk", "replace")
    names = [each["after"] for each in json.loads(done.stdout.decode("gbk"))]
    assert names == ["茶㘵村", "东𨟠村"]


@pytest.mark.parametrize("rows", [0, 1, output.BLOCK, output.BLOCK + 1])
def test_a_long_list_is_printed_in_blocks_as_one_document(rows: int) -> None:
    how = {"rule": "r", "clause": "c", "severity": Severity.NOTE, "message": Text("一", "a")}
    found = [Finding(subject=f"“{at}”\n", **how) for at in range(rows)]  # type: ignore[arg-type]

    @click.command()
    def tell() -> None:
        output.findings(found, language="zh", json_wanted=True, unchecked=[])

    told = CliRunner().invoke(tell).output
    value = json.loads(told)
    assert [*value] == ["findings", "summary", "not_checked"]
    assert value["findings"] == [each.as_json("zh") for each in found]
    assert told == json.dumps(value, ensure_ascii=False, indent=2) + "\n"

"""Errors as the command says them in Chinese: nothing English but what is quoted or typed."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main
from gazetteer.common.errors import reason, unwritable

FORMATS = "CSV Excel GeoJSON GeoPackage Shapefile KML CODE COUNTY LON,LAT cgcs2000 wgs84 gcj02 bd09"
CITED = re.compile(
    r"“[^”]*”"  # values
    r"|`[^`]*`"  # commands
    r"|--[a-z-]+( [a-zA-Z]+=?[^\s。]*)?"  # options
    r"|（[a-z_]+）"  # fields, as they are typed
    r"|（(SQLite )?原文：[^）]*）"  # what a library says
    r"|[\w/.-]*\.[a-z]{2,7}(?![a-z])"  # files and their endings
    r"|EPSG:[0-9]+|CGCS2000|WGS 84|GPS|" + "|".join(FORMATS.split())
)
COUNTY = "甲.gpkg"
BY = ("--by", "count", "--scheme", "固定")


def made(folder: Path) -> None:
    """Make an empty county file and files that are none."""
    (folder / "乙.gpkg").write_text("none", encoding="utf-8")
    (folder / "空.csv").write_bytes(b"")
    (folder / "列.csv").write_text("序,备注\n1,好\n", encoding="utf-8")
    (folder / "位.csv").write_text("名称,x,y\n听涛路,500000,3300000\n", encoding="utf-8")
    (folder / "夹").mkdir()
    (folder / "档").write_bytes(b"")
    line = ["init", COUNTY, "--division", "429921", "--name", "楚溪县"]
    assert CliRunner().invoke(main, line, catch_exceptions=False).exit_code == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["names", "search", "无.gpkg", "甲"], "没有这个文件"),
        (["names", "search", "乙.gpkg", "甲"], "不是县文件，请恢复备份"),
        (["init", COUNTY, "--division", "429921"], "已经存在"),
        (["import", "divisions", COUNTY, "无.csv"], "没有这个文件"),
        (["import", "divisions", COUNTY, "空.csv"], "文件是空的"),
        (["import", "divisions", COUNTY, "夹"], "是文件夹"),
        (["import", "divisions", COUNTY, "乙.gpkg"], "内容与 .gpkg 文件不符"),
        (["import", "names", COUNTY, "列.csv"], "现有列：序、备注"),
        (["import", "names", COUNTY, "位.csv"], "没有注明坐标系"),
        (["import", "names", COUNTY, "位.csv", "--crs", "EPSG:1"], "“EPSG:1”不是坐标系"),
        (["names", "at", COUNTY, "十"], "“十”不是位置"),
        (["names", "search", COUNTY, "甲", "--within", "99"], "没有区划“99”"),
        (["applications", "show", COUNTY, "1"], "没有申请“1”"),
        (["boundaries", "describe", COUNTY, "某"], "其中没有界线"),
        (["disputes", "show", COUNTY, "1"], "现有争议：尚无"),
        (["signs", "show", COUNTY, "123"], "“123”不是标志编码"),
        (["print", COUNTY, "图.pdf"], "该图需要图层"),
        (["map", COUNTY, "没有/图.html"], "没有这个文件或文件夹"),
        (["backup", COUNTY, "没有/夹"], "不是可以写入的文件夹"),
        (["undo", COUNTY, "99"], "没有事件 99"),
        (["map", COUNTY, "夹"], "请写明文件名"),
        (["export", COUNTY, "names", "夹"], "请写明文件名"),
        (["restore", COUNTY, "夹"], "是文件夹"),
        (["templates", "export", "档"], "档：是文件，此处应为文件夹"),
        (["templates", "export", "档/下"], "档：是文件，此处应为文件夹"),
        (["map", COUNTY, "档/图.html"], "档：是文件，此处应为文件夹"),
        (["init", "档/丙.gpkg", "--division", "429921"], "档：是文件，此处应为文件夹"),
        (["map", COUNTY, "图.html", *BY, "--breaks", "5,1"], "“5,1”不是由小到大"),
        (["map", COUNTY, "图.html", *BY, "--breaks", "1、1"], "“1、1”不是由小到大"),
        (["map", COUNTY, "图.html", *BY, "--breaks", "1,nan"], "不是由小到大"),
        (["map", COUNTY, "图.html", *BY, "--breaks", "1,,2"], "请给出数"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_an_error_is_said_in_chinese(
    line: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made(tmp_path)
    result = CliRunner().invoke(main, [*line, "--lang", "zh"], catch_exceptions=False)
    told = result.stderr.strip().splitlines()[-1]
    assert result.exit_code == 2 and told.startswith("错误：") and said in told
    assert not re.search("[A-Za-z]{2,}", CITED.sub("", told)), told
    assert not re.search("[,;?!] ", CITED.sub("", told)), told


@pytest.mark.parametrize(
    "refused",
    [
        lambda folder: (folder / "没有" / "甲").write_text("", encoding="utf-8"),
        lambda folder: folder.read_bytes(),
        lambda folder: (folder / "夹").mkdir(),
        lambda folder: (folder / ("甲" * 300)).write_text("", encoding="utf-8"),
    ],
    ids=["missing", "folder", "there already", "too long"],
)
def test_what_the_system_refuses_is_said_in_chinese(
    refused: Callable[[Path], object], tmp_path: Path
) -> None:
    (tmp_path / "夹").mkdir()
    with pytest.raises(OSError) as raised:
        refused(tmp_path)
    told = unwritable(raised.value, Path("石首.xlsx"))
    assert not re.search("[A-Za-z]{2,}", CITED.sub("", told.say("zh")))
    assert reason(raised.value).en == os.strerror(raised.value.errno or 0)


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EROFS])
def test_a_full_disk_and_a_forbidden_folder_have_their_chinese(number: int) -> None:
    told = reason(OSError(number, os.strerror(number)))
    assert re.search("[\u4e00-\u9fff]", told.zh) and not re.search("[A-Za-z]", told.zh)

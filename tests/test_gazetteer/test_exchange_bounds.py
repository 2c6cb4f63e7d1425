"""Cells that are far too long, and numbers that are none: rows come back, in bounded time."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazetteer import exchange
from gazetteer.exchange import headers

HEAD = ("标准名称", "类别", "经度", "纬度", "曾用名", "含义")
ROW = {"标准名称": "王家山", "类别": "山", "经度": "112.4", "纬度": "29.7"}


def read(path: Path, **cells: str) -> exchange.Reading:
    row = ROW | cells
    quoted = ('"' + row.get(name, "").replace('"', '""') + '"' for name in HEAD)
    path.write_text(",".join(HEAD) + "\n" + ",".join(quoted) + "\n", encoding="utf-8")
    return exchange.read(path, "names", crs="EPSG:4490")


@pytest.mark.parametrize("wild", ["inf", "-inf", "nan", "1e400", "1e308", "9" * 400])
@pytest.mark.parametrize("column", ["经度", "纬度"])
def test_a_coordinate_that_is_no_number_sends_its_row_back_even_where_no_other_is_one(
    tmp_path: Path, column: str, wild: str
) -> None:
    found = read(tmp_path / "a.csv", **{column: wild})
    assert (len(found.frame), len(found.rejects)) == (0, 1)


@pytest.mark.parametrize("column", ["标准名称", "曾用名"])
def test_a_name_that_is_too_long_sends_its_row_back(tmp_path: Path, column: str) -> None:
    found = read(tmp_path / "a.csv", **{column: "王" * 201})
    assert (len(found.frame), len(found.rejects)) == (0, 1)
    assert len(read(tmp_path / "b.csv", **{column: "王" * 200}).frame) == 1


@pytest.mark.parametrize("opening", "(（[【〔{")
def test_of_a_cell_that_only_opens_brackets_a_header_sees_its_beginning(opening: str) -> None:
    assert headers.plain(opening * 20_000) == headers.plain(opening * headers.LONGEST)
    assert headers.plain("经度" + opening * 20_000) == "经度"

"""What a format says of itself is proved by reading: counts, encodings, indexes, headers."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from boundaries import survey
from boundaries.office import sources
from facilities.sources import files as facility_files
from gazetteer import exchange
from gazetteer.common.errors import GazetteerError
from gazetteer.exchange.sources import encodings
from tests.test_boundaries import survey_sample as sample

NAMES = ["新厂镇", "横沟市镇", "大垸镇", "小河口镇", "团山寺镇", "久合垸乡"]
CODES = [f"4210811{number:02d}" for number in range(len(NAMES))]
BOXES = [shapely.box(112 + n / 100, 29, 112.01 + n / 100, 29.1) for n in range(len(NAMES))]
LAYER = gpd.GeoDataFrame({"code": CODES, "name": NAMES}, geometry=BOXES, crs="EPSG:4490")


def dbf(
    names: Sequence[bytes],
    rows: Sequence[Sequence[bytes]],
    widths: Sequence[int],
    language: int = 0,
) -> bytes:
    """Return a table of texts; a row that begins with an asterisk is flagged as deleted."""
    width = 1 + sum(widths)
    start = 32 + 32 * len(names) + 1
    head = struct.pack("<4BIHH17xBxx", 3, 124, 1, 1, len(rows), start, width, language)
    fields = b"".join(
        struct.pack("<11sc4xB15x", name[:10], b"C", size)
        for name, size in zip(names, widths, strict=True)
    )
    records = b"".join(
        (b"*" if row[0].startswith(b"*") else b" ")
        + b"".join(
            cell.lstrip(b"*")[:size].ljust(size) for cell, size in zip(row, widths, strict=True)
        )
        for row in rows
    )
    return head + fields + b"\r" + records + b"\x1a"


def shapefile(
    folder: Path,
    *,
    encoding: str,
    cpg: str | None,
    names: Sequence[str] = NAMES,
    headers: Sequence[str] = ("CODE", "NAME"),
    width: int = 40,
    language: int = 0,
) -> Path:
    """Write polygons and beside them a table in any encoding, with any word about it."""
    path = folder / "乡镇.shp"
    pyogrio.write_dataframe(LAYER.head(len(names)), path)
    rows = [
        [code.encode(), name.encode(encoding)] for code, name in zip(CODES, names, strict=False)
    ]
    heads = [header.encode(encoding) for header in headers]
    path.with_suffix(".dbf").write_bytes(dbf(heads, rows, [12, width], language))
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, "utf-8")
    return path


WORDS = [
    None, "UTF-8", "GBK", "GB2312", "936", "CP936", "ANSI 936", "System", "OEM", "ANSI", "1252",
    "ISO-8859-1", "88591", "Big5", "950", "LDID/77", "LDID/87", "Shift_JIS", "EUC-KR", "no such",
    "UTF-16", "UTF-7", "rot13",
]  # fmt: skip


@pytest.mark.parametrize("cpg", WORDS)
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_whatever_a_cpg_says_the_names_are_those_that_were_written(
    tmp_path: Path, encoding: str, cpg: str | None
) -> None:
    found = exchange.read(shapefile(tmp_path, encoding=encoding, cpg=cpg), "boundaries")
    assert found.frame["name"].tolist() == NAMES
    plain = cpg is None or not cpg.startswith("ANSI")
    same = plain and encodings.known(cpg or found.encoding) == found.encoding
    assert same == (not found.notes)


@pytest.mark.parametrize("language", [0, 3, 0x4D, 0x4F, 0x57, 0x78])
def test_the_language_byte_is_a_hint_and_no_more(tmp_path: Path, language: int) -> None:
    path = shapefile(tmp_path, encoding="gbk", cpg=None, language=language)
    assert exchange.read(path, "boundaries").frame["name"].tolist() == NAMES


@pytest.mark.parametrize("cpg", [*WORDS, "UTF-16"])
@pytest.mark.parametrize("language", [0, 3, 0x4D, 0x4F])
def test_text_that_is_big5_is_read_as_big5(tmp_path: Path, cpg: str | None, language: int) -> None:
    names = ["新廠鎮", "橫溝市鎮", "大垸鎮", "東昇鎮", "調關鎮", "團山寺鎮"]
    path = shapefile(tmp_path, encoding="big5", cpg=cpg, names=names, language=language)
    assert exchange.read(path, "boundaries").frame["name"].tolist() == names


@pytest.mark.parametrize("srs", [0, -1])
def test_a_layer_of_an_undefined_system_states_none(tmp_path: Path, srs: int) -> None:
    path = tmp_path / "a.gpkg"
    LAYER.to_file(path)
    with closing(sqlite3.connect(path)) as held, held:
        held.execute("UPDATE gpkg_contents SET srs_id = ?", [srs])
        held.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", [srs])
    with pytest.raises(GazetteerError, match="unstated system"):
        exchange.read(path, "boundaries")
    assert len(exchange.read(path, "boundaries", crs="EPSG:4490").frame) == len(NAMES)


def test_what_the_user_says_wins_over_all_of_it(tmp_path: Path) -> None:
    path = shapefile(tmp_path, encoding="gbk", cpg="GBK")
    found = exchange.read(path, "boundaries", encoding="big5")
    assert found.encoding == "big5"
    assert not set(found.frame["name"]) & set(NAMES)


def test_a_text_cut_inside_a_character_condemns_neither_the_file_nor_the_row(
    tmp_path: Path,
) -> None:
    names = ["湖北省荆州市石首市新厂镇", *NAMES[1:]]
    path = shapefile(tmp_path, encoding="utf-8", cpg="GBK", names=names, width=35)
    assert exchange.read(path, "boundaries").frame["name"].tolist() == [names[0][:-1], *NAMES[1:]]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_one_bad_byte_is_one_reject(tmp_path: Path, encoding: str) -> None:
    path = shapefile(tmp_path, encoding=encoding, cpg=None)
    data = path.with_suffix(".dbf").read_bytes()
    old = NAMES[3].encode(encoding)
    path.with_suffix(".dbf").write_bytes(data.replace(old, old[:1] + b"\xff" + old[2:]))
    found = exchange.read(path, "boundaries")
    assert found.frame["name"].tolist() == [*NAMES[:3], *NAMES[4:]]
    assert found.rejects["_row"].tolist() == [4]
    assert found.rejects["_column"].tolist() == ["NAME"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_headers_cut_at_ten_bytes_are_known_by_their_beginning(
    tmp_path: Path, encoding: str
) -> None:
    heads = ("区划代码（十二位）", "区划名称（全称）")
    path = shapefile(tmp_path, encoding=encoding, cpg=None, headers=heads)
    found = exchange.read(path, "boundaries")
    assert list(found.mapping) == ["code", "name"]
    assert found.frame["name"].tolist() == NAMES


def test_headers_that_became_equal_when_cut_are_asked_about_and_told_by_number(
    tmp_path: Path,
) -> None:
    heads = ("行政区划代码", "行政区划名称")
    path = shapefile(tmp_path, encoding="utf-8", cpg="UTF-8", headers=heads)
    with pytest.raises(GazetteerError, match="--map"):
        exchange.read(path, "boundaries")
    found = exchange.read(path, "boundaries", mapping={"code": "1", "name": "2"})
    assert found.frame["code"].tolist() == CODES
    assert found.frame["name"].tolist() == NAMES


def test_deleted_records_are_left_out_and_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path, encoding="gbk", cpg=None)
    data = path.with_suffix(".dbf").read_bytes()
    at = data.index(CODES[2].encode()) - 1
    path.with_suffix(".dbf").write_bytes(data[:at] + b"*" + data[at + 1 :])
    found = exchange.read(path, "boundaries")
    assert found.frame["name"].tolist() == [*NAMES[:2], *NAMES[3:]]
    assert found.frame["_row"].tolist() == [1, 2, 4, 5, 6]
    assert "1 records are flagged as deleted" in found.notes[0].en
    path.with_suffix(".dbf").write_bytes(data[:-60])
    with pytest.raises(GazetteerError, match="announces 6 rows but holds 4"):
        exchange.read(path, "boundaries")


def test_records_behind_the_number_that_a_table_announces_are_read_and_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path, encoding="gbk", cpg=None)
    data = bytearray(path.with_suffix(".dbf").read_bytes())
    data[4] = 3
    path.with_suffix(".dbf").write_bytes(data)
    found = exchange.read(path, "boundaries")
    assert found.frame["name"].tolist() == NAMES
    assert "announces 3 records and holds 6" in found.notes[0].en


def test_shapes_without_rows_are_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path, encoding="gbk", cpg=None)
    rows = [[code.encode(), b"x"] for code in CODES[:4]]
    path.with_suffix(".dbf").write_bytes(dbf([b"CODE", b"NAME"], rows, [12, 40]))
    with pytest.raises(GazetteerError, match="6 shapes but 4 rows"):
        exchange.read(path, "boundaries")


@pytest.mark.parametrize("damage", ["swapped", "short", "of another file"])
def test_an_index_that_does_not_fit_gives_no_row_the_shape_of_another(
    tmp_path: Path, damage: str
) -> None:
    path = shapefile(tmp_path, encoding="gbk", cpg=None)
    shx = path.with_suffix(".shx")
    data = shx.read_bytes()
    held = {
        "swapped": data[:100] + data[108:116] + data[100:108] + data[116:],
        "short": data[:-16],
        "of another file": data[:100] + bytes(reversed(data[100:])),
    }[damage]
    shx.write_bytes(held)
    found = exchange.read(path, "boundaries")
    assert [each.bounds for each in found.frame.geometry] == [each.bounds for each in BOXES]
    assert "index" in found.notes[0].en


def stale(path: Path, count: int) -> None:
    """Leave the number of rows behind, as tools that synchronise files do."""
    with sqlite3.connect(path) as held:
        held.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", [count])
        held.execute("UPDATE gpkg_contents SET min_x = 0, min_y = 0, max_x = 1, max_y = 1")
    held.close()


@pytest.mark.parametrize("count", [0, 3, 60])
def test_rows_are_counted_by_reading_them(tmp_path: Path, count: int) -> None:
    path = tmp_path / "乡镇.gpkg"
    exchange.write(LAYER, path)
    stale(path, count)
    assert exchange.read(path, "boundaries").read == len(LAYER)
    pyogrio.write_dataframe(LAYER.assign(kind="水源"), tmp_path / "区.gpkg")
    stale(tmp_path / "区.gpkg", count)
    assert len(facility_files.features(tmp_path / "区.gpkg")) == len(LAYER)


@pytest.mark.parametrize("count", [0, 3])
def test_a_delivery_is_read_whole_whatever_its_counts_and_encodings_say(
    tmp_path: Path, count: int
) -> None:
    folder = sample.write(tmp_path, sample.world())
    before = survey.read(folder)
    for path in folder.rglob("*.gpkg"):
        stale(path, count)
    for path in folder.rglob("*.cpg"):
        path.write_text("ISO-8859-1", "utf-8")
    after = survey.read(folder)
    for role, frame in before.layers.items():
        assert after.layers[role].drop(columns="geometry").equals(frame.drop(columns="geometry"))
        assert len(frame)


def test_a_layer_of_shapes_alone_has_rows(tmp_path: Path) -> None:
    pyogrio.write_dataframe(LAYER[["geometry"]], tmp_path / "a.gpkg")
    assert len(sources.units(tmp_path / "a.gpkg")) == len(LAYER)


@pytest.mark.parametrize("form", ["tab", "mif"])
@pytest.mark.parametrize("charset", ["WindowsLatin1", "Neutral", "WindowsSimpChinese"])
def test_mapinfo_files_that_say_another_charset(tmp_path: Path, form: str, charset: str) -> None:
    path = tmp_path / f"乡镇.{form}"
    pyogrio.write_dataframe(LAYER, path, driver="MapInfo File", encoding="GBK")
    head = path.read_bytes()
    for word in (b"WindowsSimpChinese", b"Neutral"):
        head = head.replace(word, charset.encode())
    assert charset.encode() in head
    path.write_bytes(head)
    assert exchange.read(path, "boundaries").frame["name"].tolist() == NAMES


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (["联通".encode("gbk")], "GB18030"),
        (["shíshǒu".encode(), "jīngzhōu".encode()], "UTF-8"),
        (["新厂".encode("gbk"), b"\xff\xfe", "大垸".encode("gbk")], "GB18030"),
        ([b"\xff\xff\xff", b"\x80\xff"], None),
    ],
)
def test_encodings_are_told_from_all_texts(written: list[bytes], told: str | None) -> None:
    found = encodings.decide(written)
    assert (found and found.name) == told

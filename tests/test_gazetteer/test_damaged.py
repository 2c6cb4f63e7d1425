"""Documents, settings and geometries that are damaged: one line each, whatever is broken."""

from __future__ import annotations

import random
import sqlite3
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import shapely

from gazetteer.common import hierarchy, settings_file
from gazetteer.common.errors import GazetteerError, InputError, StoreError
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.documents import fill, word
from gazetteer.exchange.sources import workbook
from gazetteer.store import County, create, geometry
from tests.test_cli.asking import run


def document() -> bytes:
    return word.write([word.Heading("地名录", 0), *(word.Paragraph(f"第{n}段") for n in range(40))])


def book() -> bytes:
    made, target = openpyxl.Workbook(), BytesIO()
    for row in range(200):
        made.active.append([f"第{row}行", row])  # type: ignore[union-attr]
    made.save(target)
    return target.getvalue()


def damaged(content: bytes, seed: int) -> bytes:
    """Return bytes cut off, overwritten in a few places, or with the data of a member broken."""
    chance, changed = random.Random(seed), bytearray(content)
    if seed % 3 == 0:
        return content[: chance.randrange(len(content))]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        member = chance.choice([each for each in archive.infolist() if each.compress_size > 20])
    start = member.header_offset + 30 + len(member.filename) if seed % 3 == 1 else 0
    end = start + member.compress_size if seed % 3 == 1 else len(content)
    for _ in range(8):
        changed[chance.randrange(start, end)] = chance.randrange(256)
    return bytes(changed)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_word_document_is_read_or_refused_in_one_line(seed: int) -> None:
    content = damaged(document(), seed)
    for reading in (word.read, lambda each: fill.filled("reply", {}, edited=each)):
        try:
            reading(content)  # type: ignore[operator]
        except GazetteerError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_workbook_is_weighed_or_refused_in_one_line(seed: int) -> None:
    try:
        with workbook.guarded(damaged(book(), seed), "form.xlsx"):
            pass
    except InputError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 100_000 + " = 1",
        "[" + ".".join(["a"] * 50_000) + "]",
        "a = " + "[" * 100_000,
        "a = " + "{a = " * 50_000,
        "a = " + "9" * 10_000,
        "a = '" + "a" * settings_file.LARGEST + "'",
        "\0" * 100,
    ],
    ids=lambda text: text[:8],
)
def test_settings_that_no_hand_wrote_are_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as refused:
        settings_file.read(text, place="a.toml", remedy="See the example.")
    assert "\n" not in str(refused.value)


SHAPES = [shapely.Point(112, 29), shapely.box(112, 29, 113, 30), shapely.Point()]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.geom_type)
def test_a_geometry_cut_anywhere_is_told_as_damage_and_has_no_bounds(shape: object) -> None:
    (whole,) = geometry.encode([shape])
    assert whole is not None
    for length in range(len(whole)):
        with pytest.raises(StoreError, match="damaged or cut off"):
            geometry.decode([whole[:length]])
        geometry.envelope(whole[:length])


def test_a_county_file_with_a_short_geometry_says_so_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    create(path, division_code="421081")
    connection = sqlite3.connect(path)
    for name, function in geometry.sql_functions().items():
        connection.create_function(name, 1, function)
    connection.execute("INSERT INTO road (name, geom) VALUES ('甲路', x'4750')")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="damaged or cut off"), County(path) as county:
        county.layer("roads")
    result = run("map", path, tmp_path / "m.html")
    assert result.exit_code == 2 and "damaged or cut off" in result.output


def test_a_chain_of_parents_beyond_all_levels_ends() -> None:
    codes = [f"421081{number:06d}" for number in range(10_000)]
    frame = pd.DataFrame({"code": codes, "level": "village", "parent_code": [None, *codes[:-1]]})
    held = Hierarchy.of(frame)
    assert held.chain(codes[5])[:6] == codes[5::-1]
    assert held.chain(codes[-1]) == codes[: -hierarchy.DEEPEST - 1 : -1]
    assert not held.holds(codes[0], codes[-1])

"""Plates at true size: codes are read again from the page, characters looked up in the font."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from gazetteer.common.errors import InputError
from gazetteer.signs import codes, payload, qr, sheets, signing
from gazetteer.signs import plates as layouts
from gazetteer.signs.plates import Box, Plate
from maps.print import plates
from maps.print.plates import PlateError

KEY = signing.new_key()


def plate(name: str, text: str = "迎宾大道", *, number: str = "12号附1号") -> Plate:
    code = codes.draw(1)[0]
    claim = payload.Claim(code=code, name=text[:20], decision="楚地名〔2026〕12号")
    signed = payload.sign(claim, key=KEY)
    content = payload.content(code, base="https://dm.example.cn/s", payload=signed)
    wording = layouts.Wording(
        code=code, text=text, romanization="YINGBIN DADAO", number=number, content=content
    )
    return layouts.plate(wording, of=layouts.plate_class(name))


@pytest.mark.parametrize("name", ["door-small", "door-large", "road", "building", "plaque"])
def test_a_plate_has_its_true_size_and_reads_again(name: str) -> None:
    own = plate(name)
    svg = plates.svg(sheets.single(own))
    found = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    assert found is not None
    size = [float(each) * 25.4 / 72 for each in found.groups()]
    assert size == pytest.approx([own.width, own.height], abs=0.05)
    image = plates.png(sheets.single(own), ppi=60)
    if name in ("door-large", "road"):
        assert qr.upright_texts(qr.grey(image)) == [own.content]


def test_the_code_has_the_size_of_the_profile() -> None:
    own = plate("door-large")
    with Image.open(io.BytesIO(plates.png(sheets.single(own), ppi=127))) as opened:
        grey = np.asarray(opened.convert("L"))
    left, top = round(own.qr_x * 5), round(own.qr_y * 5)
    side = round(own.qr_side * 5)
    code = grey[top : top + side, left : left + side] < 100
    rows = np.flatnonzero(code.any(axis=1))
    quiet = qr.QUIET * own.qr_side / (len(qr.make(own.content)) + 2 * qr.QUIET)
    assert (rows[-1] - rows[0] + 1) / 5 == pytest.approx(own.qr_side - 2 * quiet, abs=0.4)


def test_a_sheet_of_many_plates_is_one_pdf_with_its_font() -> None:
    made = [plate("door-small", number=f"{number}号") for number in range(1, 14)]
    pdf = plates.pdf(sheets.impose(made, paper="A3"), title="门牌")
    assert pdf.startswith(b"%PDF") and b"FontFile" in pdf


def test_a_character_without_glyph_is_refused_with_its_sign() -> None:
    own = plate("road", "\U0002ebf0家村")
    with pytest.raises(PlateError, match="U\\+2EBF0") as error:
        plates.pdf([sheets.single(own)])
    assert own.code in str(error.value)


def test_a_code_that_does_not_read_again_is_refused() -> None:
    own = plate("door-small")
    over = Box(own.qr_x, own.qr_y, own.qr_side, own.qr_side / 2, "遮", own.qr_side, "#000000")
    with pytest.raises(PlateError, match="does not read again"):
        plates.pdf([sheets.single(replace(own, boxes=(over, *own.boxes)))])


def test_many_codes_side_by_side_are_told_apart() -> None:
    made = [plate("door-small", number=f"{number}号") for number in range(1, 41)]
    plates.accept(sheets.impose(made, paper="A1"))


def test_a_plate_beyond_its_sheet_is_refused() -> None:
    own = plate("door-small")
    page = sheets.Page(own.width, own.height, (sheets.Placed(own.width * 0.7, 0.0, own),))
    with pytest.raises(PlateError, match="beyond its sheet"):
        plates.pdf([page])


@pytest.mark.parametrize("text", ["W" * 30, "鑫" * 30, "i"])
@pytest.mark.parametrize("name", ["road", "marker", "plaque"])
def test_no_text_is_wider_than_its_room(name: str, text: str) -> None:
    own = plate(name, text)
    with Image.open(io.BytesIO(plates.png(sheets.single(own), ppi=40))) as opened:
        seen = np.asarray(opened.convert("RGB"))
    x, y, wide, high = (round(each * 40 / 25.4) for each in _room(own))
    assert (np.ptp(seen[y : y + high, x : x + wide], axis=(0, 1)) == 0).all()


def _room(own: Plate) -> tuple[float, float, float, float]:
    """Return the strip of bare ground between the texts and the code."""
    right = max(box.x + box.width for box in own.boxes[:-1])
    return right + 0.5, own.height * 0.1, own.qr_x - right - 1.0, own.height * 0.8


def test_further_scripts_need_their_font() -> None:
    own = plate("road", "人民路")
    korean = replace(own.boxes[0], text="인민로")
    assert plates.pdf([sheets.single(replace(own, boxes=(korean, *own.boxes)))])
    tibetan = replace(own.boxes[0], text="མི་དམངས།")
    with pytest.raises(PlateError, match="Name a font that has it with --font"):
        plates.pdf([sheets.single(replace(own, boxes=(tibetan, *own.boxes)))])


def test_nothing_to_print_is_said() -> None:
    with pytest.raises(InputError, match="no plates"):
        plates.pdf([])


@pytest.mark.parametrize(
    "text", ["<b>路</b>", "../../x", '#include("/etc/passwd")', "$x$ \\ * _ `"]
)
def test_markup_is_only_text(text: str) -> None:
    own = plate("road", text)
    assert b"%PDF" in plates.pdf([sheets.single(own)])
    assert "<script" not in plates.svg(sheets.single(own))

"""Sign codes, signed contents, verdicts, photos: laws, and what hostile input becomes."""

from __future__ import annotations

import io
import random
import struct
import unicodedata
import zlib

import numpy as np
import pandas as pd
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gazetteer.common.errors import InputError
from gazetteer.signs import addresses, codes, inspection, payload, qr, scan, signing
from gazetteer.signs.payload import Claim
from gazetteer.signs.verify import Entry, Key, Known, verify

BASE = "https://dm.example.cn/s"
OFFICE, STRANGER = (Ed25519PrivateKey.from_private_bytes(bytes([each]) * 32) for each in (1, 2))
BODIES = st.integers(0, 10**10 - 1).map(lambda number: codes.with_check(f"1{number:010d}"))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=25)
NAMES = WORDS.map(lambda text: unicodedata.normalize("NFC", text))


def claims() -> st.SearchStrategy[Claim]:
    return st.builds(
        Claim, code=BODIES, name=NAMES, romanization=NAMES, division=NAMES, decision=NAMES
    ).filter(
        lambda each: all(
            len(text.encode()) <= payload.LONGEST_FIELD
            for text in (each.name, each.romanization, each.division, each.decision)
        )
    )


def known(*, revoked: str = "", **entries: Entry) -> Known:
    public = signing.public_text(OFFICE.public_key())
    keys = {signing.key_id(OFFICE.public_key()): Key(public_key=public, revoked_on=revoked)}
    found = {each.removeprefix("c"): entry for each, entry in entries.items()}
    return Known(keys=keys, entries=found or None)


def signed(code: str, name: str = "人民路", key: payload.Ed25519PrivateKey = OFFICE) -> str:
    made = payload.sign(Claim(code=code, name=name, decision="楚地名〔2026〕1号"), key=key)
    return payload.content(code, base=BASE, payload=made)


CODE = codes.with_check("10000000000")


# ------------------------------------------------------------------ codes


@given(BODIES, st.integers(0, 11), st.sampled_from("0123456789X"))
@settings(deadline=None)
def test_every_single_substitution_is_caught(code: str, at: int, other: str) -> None:
    changed = code[:at] + other + code[at + 1 :]
    assert codes.is_code(changed) is (changed == code)


@given(BODIES, st.integers(0, 10))
@settings(deadline=None)
def test_every_adjacent_transposition_is_caught(code: str, at: int) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert codes.is_code(swapped) is (swapped == code)


@given(BODIES)
@settings(deadline=None)
def test_a_code_is_read_however_it_is_written(code: str) -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
    for written in (code, codes.spoken(code), code.lower(), wide, f" {codes.spoken(code)}\n"):
        assert codes.parse(written) == code


def test_codes_drawn_are_new_and_whole() -> None:
    first = codes.draw(500, below=random.Random(1).randrange)
    second = codes.draw(500, taken=first, below=random.Random(1).randrange)
    assert len({*first, *second}) == 1000
    assert all(map(codes.is_code, first))
    assert codes.draw(1, trial=True)[0].startswith(codes.TRIAL)


@pytest.mark.parametrize(
    "text", ["", "X" * 12, "1000 0000 000", "../../x", "<b>1</b>", "2000 0000 0000", "9" * 10_000]
)
def test_what_is_no_code_is_said_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as error:
        codes.parse(text)
    assert "\n" not in str(error.value) and len(str(error.value)) < 200


# ------------------------------------------------------------------ signatures


@given(claims())
@settings(max_examples=60, deadline=None)
def test_what_is_signed_is_read_back_and_holds(claim: Claim) -> None:
    made = payload.sign(claim, key=OFFICE)
    read = payload.read(claim.code, made)
    assert read.claim == claim and read.algorithm == payload.ED25519
    assert payload.holds(claim.code, made, key=OFFICE.public_key())
    assert not payload.holds(claim.code, made, key=STRANGER.public_key())


@given(claims(), st.data())
@settings(max_examples=100, deadline=None)
def test_every_changed_character_is_noticed(claim: Claim, data: st.DataObject) -> None:
    made = payload.sign(claim, key=OFFICE)
    at = data.draw(st.integers(0, len(made) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    changed = made[:at] + other + made[at + 1 :]
    told = verify(f"{addresses.base_url(BASE)}/{claim.code}/{changed}", known=known())
    assert (told.state == "genuine") is (changed == made)


@given(BODIES, BODIES)
@settings(deadline=None)
def test_a_signature_does_not_move_to_another_code(code: str, other: str) -> None:
    made = payload.sign(Claim(code=code, name="人民路"), key=OFFICE)
    state = verify(f"{BASE}/{other}/{made}", known=known()).state
    assert state == ("genuine" if code == other else "forged")


@given(st.text(max_size=300))
@settings(deadline=None)
def test_a_verdict_never_raises(text: str) -> None:
    assert verify(text, known=known()).state in ("unknown", "forged")
    assert verify(f"{BASE}/{CODE}/{text}", known=known()).state in ("unknown", "forged")


def test_content_stays_in_the_compact_mode_and_size() -> None:
    claim = Claim(
        code=CODE,
        name="迎宾大道128号附1号",
        romanization="Yíngbīn Dàdào",
        division="429921001",
        decision="楚地名〔2026〕12号",
    )
    text = payload.content(CODE, base=BASE, payload=payload.sign(claim, key=OFFICE))
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(qr.make(text)) <= 57


# ------------------------------------------------------------------ verdicts


def test_the_states_and_what_they_rest_on() -> None:
    text = signed(CODE)
    entry = Entry(name="人民路", signed=True)
    cases = {
        "offline": (text, known(), "genuine", ("signature",)),
        "registered": (text, known(**{f"c{CODE}": entry}), "genuine", ("signature", "county file")),
        "typed": (CODE, known(**{f"c{CODE}": entry}), "unknown", ("county file",)),
        "renamed": (
            text,
            known(**{f"c{CODE}": Entry(name="解放路", signed=True)}),
            "renamed",
            ("signature", "county file"),
        ),
        "revoked sign": (
            text,
            known(**{f"c{CODE}": Entry(name="人民路", signed=True, state="revoked")}),
            "revoked",
            ("signature", "county file"),
        ),
        "revoked key": (text, known(revoked="2026-01-01"), "revoked", ("signature",)),
        "other key": (
            signed(CODE, key=STRANGER),
            known(**{f"c{CODE}": entry}),
            "forged",
            ("signature", "county file"),
        ),
        "other key, offline": (signed(CODE, key=STRANGER), known(), "unknown", ("signature",)),
        "signature left out": (
            f"{BASE}/{CODE}",
            known(**{f"c{CODE}": entry}),
            "forged",
            ("county file",),
        ),
        "not registered": (codes.with_check("10000000001"), known(**{f"c{CODE}": entry}), "unknown",
                           ("county file",)),
    }  # fmt: skip
    for name, (told, against, state, rests_on) in cases.items():
        found = verify(told, known=against)
        assert (found.state, found.checked_against) == (state, rests_on), name
        assert found.reason.zh and found.reason.en


def test_the_base_address_may_change_under_a_sign() -> None:
    moved = signed(CODE).replace("DM.EXAMPLE.CN/S", "NEW.EXAMPLE.ORG/QR/V2")
    assert verify(moved, known=known()).state == "genuine"


CARRIED = {
    "as it is": lambda text: text,
    "lower case": str.lower,
    "full width": lambda text: "".join(
        chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text
    ),
    "spaces around": lambda text: f"\u3000 {text} \t\n",
    "byte order mark": lambda text: f"\ufeff{text}\u200b",
    "a query": lambda text: f"{text}?a=1",
    "a query with slashes": lambda text: f"{text}/?from=/weixin/x&b=2",
    "a fragment": lambda text: f"{text}#x/y",
    "the other scheme": lambda text: text.replace("HTTPS:", "HTTP:"),
    "the port": lambda text: text.replace("EXAMPLE.CN", "EXAMPLE.CN:443"),
    "folded by a mail program": lambda text: text[:-20] + "\r\n" + text[-20:],
}


@pytest.mark.parametrize("way", CARRIED)
def test_how_a_text_was_carried_here_changes_nothing(way: str) -> None:
    entry = known(**{f"c{CODE}": Entry(name="人民路", signed=True)})
    against = Known(
        keys=entry.keys, entries=entry.entries, bases=frozenset({"HTTPS://DM.EXAMPLE.CN/S"})
    )
    assert verify(CARRIED[way](signed(CODE)), known=against).state == "genuine"
    assert verify(CARRIED[way](f"{BASE}/{CODE}".upper()), known=against).state == "forged"


def test_no_browser_is_sent_to_a_script_even_where_no_address_is_known() -> None:
    made = signed(CODE).rpartition("/")[2]
    assert verify(f"javascript:alert(1)//{CODE}/{made}", known=known()).state == "forged"
    assert verify(f"{CODE}/{made}", known=known()).state == "genuine", "no address at all"


@given(st.booleans(), st.sampled_from(["issued", "revoked"]), st.sampled_from([True, False, None]))
def test_a_text_without_signature_is_genuine_only_where_the_sign_has_none(
    typed: bool, state: str, carries: bool | None
) -> None:
    against = known(**{f"c{CODE}": Entry(name="人民路", state=state, signed=carries)})
    found = verify(CODE if typed else f"{BASE}/{CODE}", known=against)
    wanted = {False: "genuine", None: "unknown", True: "unknown" if typed else "forged"}[carries]
    assert found.state == ("revoked" if state == "revoked" else wanted)
    assert found.name == "人民路", "what the code stands for is told all the same"


# ------------------------------------------------------------------ codes in photos


def plate(text: str, scale: int = 6) -> Image.Image:
    modules = np.pad(~qr.make(text), qr.QUIET, constant_values=True)
    image = Image.fromarray(np.kron(modules, np.ones((scale, scale))).astype(np.uint8) * 255)
    scene = Image.new("L", (900, 700), 120)
    scene.paste(image.rotate(11, expand=True, fillcolor=120), (90, 60))
    return scene


def jpeg(image: Image.Image) -> bytes:
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=80)
    return packed.getvalue()


def test_a_photo_gives_its_codes_turned_and_dark() -> None:
    text = signed(CODE)
    dark = plate(text).point(lambda value: value * 0.2)
    for image in (plate(text), dark):
        found = scan.read(jpeg(image), file="a.jpg")
        assert found.texts == (text,) and found.error is None and len(found.sha256) == 64


def bomb(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 10**6))
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not an image"),
        ("这不是图像".encode(), "is not an image"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "image"),
        (bomb(60_000), "too large"),
        (bomb(12_000), "too large"),
        (jpeg(plate("A"))[:900], "damaged"),
    ],
)
def test_what_is_no_photo_is_told(content: bytes, said: str) -> None:
    found = scan.read(content, file="../../x.jpg")
    assert found.error is not None and said in found.error.en and not found.texts


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_reading_a_photo_never_raises(content: bytes) -> None:
    assert scan.read(content, file="x").error is not None


# ------------------------------------------------------------------ orders


def visit(state: str, sign: str = "s1") -> inspection.Visit:
    return inspection.Visit(sign_id=sign, code=CODE, state=state)


def test_an_order_opens_once_and_closes_when_all_is_well() -> None:
    none = pd.DataFrame(columns=["number", "sign_id", "cause", "work", "opened_on", "state"])
    first = inspection.orders([visit("damaged")], open_orders=none, today="2026-03-01", taken=4)
    assert first[["number", "cause", "state"]].values.tolist() == [["2026-0005", "damaged", "open"]]
    again = inspection.orders([visit("damaged")], open_orders=first, today="2026-03-02", taken=5)
    assert again.empty
    well = inspection.orders([visit("present")], open_orders=first, today="2026-03-03", taken=5)
    assert well[["number", "state", "closed_on"]].values.tolist() == [
        ["2026-0005", "closed", "2026-03-03"]
    ]


def test_one_code_at_two_places_is_a_copy() -> None:
    text = signed(CODE)
    photos = [
        scan.Photo(file=name, sha256=name, texts=(text,), position=place)
        for name, place in (("a", (112.5, 29.7)), ("b", (112.51, 29.7)))
    ]
    signs = pd.DataFrame({"id": ["s1"], "code": [CODE], "geometry": [None]})
    entry = Entry(name="人民路", signed=True)
    seen = inspection.look(photos, signs=signs, known=known(**{f"c{CODE}": entry}))
    rules = {each.rule: each for each in inspection.findings(photos, seen)}
    assert rules["signs/copied"].measured == pytest.approx(967, rel=0.01)

"""Whose word counts: keys, addresses and registers that others may have written."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, x25519
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.common.errors import InputError
from gazetteer.signs import addresses, payload, registers, signing
from gazetteer.signs.verify import Entry, Key, Known, trusting, verify
from tests.test_gazetteer.test_signs import CODE, OFFICE, STRANGER, known, signed

OWN = frozenset({"HTTPS://DM.EXAMPLE.CN/S"})

# ------------------------------------------------------------------ keys


def test_a_key_file_opens_with_its_password_only() -> None:
    content = signing.locked(OFFICE, password="楚溪")
    assert signing.unlocked(content, ask=lambda: "楚溪").private_bytes_raw()
    for wrong in ("", "x"):
        with pytest.raises(InputError, match="password is wrong"):
            signing.unlocked(content, ask=lambda wrong=wrong: wrong)  # type: ignore[misc]


PEM = [
    b"",
    b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
    b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    b"-----BEGIN SOMETHING-----\nAAAA\n-----END SOMETHING-----\n",
    b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,00\n\nAAAA\n"
    b"-----END RSA PRIVATE KEY-----\n",
    b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
    b"-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n",
]


def other_kinds() -> list[bytes]:
    """Return whole keys of other kinds, public halves, and one of an unknown algorithm, as PEM."""
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    others = (x25519.X25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate(),
              ec.generate_private_key(ec.SECP256R1()))  # fmt: skip
    whole = [each.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) for each in others]
    # the last number of the object identifier of Ed25519 made another
    der = base64.b64decode(signing.locked(OFFICE, password="").splitlines()[1])
    unknown = base64.b64encode(der.replace(bytes.fromhex("2b6570"), bytes.fromhex("2b657e")))
    framed = b"-----BEGIN PRIVATE KEY-----\n" + unknown + b"\n-----END PRIVATE KEY-----\n"
    public = OFFICE.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return [*whole, public, framed]


@pytest.mark.parametrize("content", PEM + other_kinds())
def test_what_is_no_office_key_is_said_in_one_line(content: bytes) -> None:
    with pytest.raises(InputError, match="no office key"):
        signing.unlocked(content, ask=lambda: "x")


@given(st.data())
def test_a_damaged_key_file_is_another_key_or_refused(data: st.DataObject) -> None:
    content = bytearray(signing.locked(OFFICE, password=""))
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InputError):
        signing.unlocked(bytes(content), ask=str)


@pytest.mark.parametrize(
    "raw",
    [
        bytes(32),
        (1).to_bytes(32, "little"),
        (1 + 2**255).to_bytes(32, "little"),
        (2**255 - 20).to_bytes(32, "little"),
        (2**255 - 19).to_bytes(32, "little"),
        (2**255 - 18).to_bytes(32, "little"),
        bytes([255]) * 32,
        signing._EIGHTH.to_bytes(32, "little"),
        (signing._PRIME - signing._EIGHTH).to_bytes(32, "little"),
        (signing._EIGHTH + 2**255).to_bytes(32, "little"),
        (2).to_bytes(32, "little"),  # no point of the curve
    ],
    ids=lambda raw: raw.hex(),
)
def test_a_key_under_which_anybody_can_sign_is_refused_at_every_entrance(raw: bytes) -> None:
    name = hashlib.sha256(raw).hexdigest()[:8]
    register = {"dated": "2026-03-01", "keys": {name: {"public_key": raw.hex()}}, "signs": {}}
    with pytest.raises(InputError, match="anybody can sign"):
        signing.public_key(raw.hex())
    with pytest.raises(InputError, match="anybody can sign"):
        registers.known(json.dumps(register), place="r.json")


def test_points_of_order_eight_fulfil_their_equation() -> None:
    height = signing._EIGHTH
    assert (signing._D * height**4 + 2 * height**2 - 1) % signing._PRIME == 0


@given(st.binary(min_size=32, max_size=32))
def test_every_key_that_is_made_is_taken(seed: bytes) -> None:
    key = payload.Ed25519PrivateKey.from_private_bytes(seed).public_key()
    assert signing.public_key(signing.public_text(key)) == key


def test_a_key_in_hand_stands_above_those_that_a_register_brings() -> None:
    stranger = signing.public_text(STRANGER.public_key())
    brought = {signing.key_id(STRANGER.public_key()): Key(public_key=stranger)}
    entries = {CODE: Entry(name="人民路", signed=True)}
    forged = Known(keys={**known().keys, **brought}, entries=entries, source="register")
    text = signed(CODE, key=STRANGER)
    assert verify(text, known=forged).state == "genuine", "whoever trusts its keys believes it"
    assert verify(text, known=trusting(forged, known().keys)).state == "forged"
    assert verify(signed(CODE), known=trusting(forged, known().keys)).state == "genuine"


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    "base", ["", "ftp://a", "https://a/../b?x=1", "https://a/ b", "javascript:1"]
)
def test_a_base_address_is_plain(base: str) -> None:
    with pytest.raises(InputError, match="no base address"):
        addresses.base_url(base)


@pytest.mark.parametrize(
    "address",
    [
        "HTTPS://EVIL.EXAMPLE/S",
        "javascript:alert(1)/",
        "https://dm.example.cn@evil.example/s",
        "https://evil.example\\@dm.example.cn/s",
        "https://dm.example.cn.evil.example/s",
        "data:text/html,x",
        "file:///s",
        "evil.example",
        "https:///evil.example",
        # other paths, ports and schemes, and what only looks like the office's own
        "https://dm.example.cn",
        "https://dm.example.cn/evil",
        "https://dm.example.cn/s/evil",
        "https://dm.example.cn/x/../s",
        "https://dm.example.cn//s",
        "https://dm.example.cn/%73",
        "https://dm.example.cn/s%2f..%2fevil",
        "https://dm.example.cn:8443/s",
        "https://dm.example.cn:80/s",
        "http://dm.example.cn:443/s",
        "https://dm.example.cn:65536/s",
        "https://office@dm.example.cn/s",
        "https://office:secret@dm.example.cn/s",
        "https://evil.example/https://dm.example.cn/s",
        "https://xn--dm-example-cn-abc/s",
        "https://dм.example.cn/s",
        "https://dm\u3002example\u3002evil/s",
        "ftp://dm.example.cn/s",
        "intent://dm.example.cn/s",
        "JaVaScRiPt:location='https://dm.example.cn/s'",
        "https:dm.example.cn/s",
        "https:\\\\dm.example.cn/s",
        "https://dm.example.cn /s",
    ],
)
def test_a_true_signature_behind_a_foreign_address_is_a_forgery(address: str) -> None:
    entries = {CODE: Entry(name="人民路", signed=True)}
    against = Known(keys=known().keys, entries=entries, bases=OWN)
    made = signed(CODE).rpartition("/")[2]
    found = verify(f"{address}/{CODE}/{made}", known=against)
    assert (found.state, found.signature) == ("forged", "valid") and found.address
    offline = Known(keys=known().keys, bases=OWN)
    assert verify(f"{address}/{CODE}/{made}", known=offline).state == "forged"


# ------------------------------------------------------------------ registers


def register(key: Any = None) -> dict[str, Any]:
    """Return a register of one signed sign, signed with a key where one is given."""
    own = {name: {"public_key": each.public_key} for name, each in known().keys.items()}
    sign = {"name": "人民路", "state": "issued", "decision": "", "issued": "人民路", "signed": True}
    plain = {"dated": "2026-03-01", "bases": [*OWN], "keys": own, "signs": {CODE: sign}}
    return plain if key is None else registers.signed(plain, key=key)


def read(told: dict[str, Any], *, office: bool) -> Known:
    return registers.known(json.dumps(told), place="r.json", keys=known().keys if office else None)


def test_a_register_that_the_office_signed_counts_for_a_text() -> None:
    found = verify(signed(CODE), known=read(register(OFFICE), office=True))
    assert (found.state, found.register) == ("genuine", "signed")
    assert found.checked_against == ("signature", "register")


@pytest.mark.parametrize("key", [None, OFFICE], ids=["unsigned", "self-signed"])
def test_a_register_alone_proves_nothing(key: Any) -> None:
    found = verify(signed(CODE), known=read(register(key), office=False))
    assert (found.state, found.register) == ("unknown", "self-signed" if key else "unsigned")
    assert "--key" in found.reason.en


def test_an_unsigned_register_counts_only_against_a_text() -> None:
    told = register()
    assert verify(signed(CODE), known=read(told, office=True)).checked_against == ("signature",)
    told["signs"][CODE] |= {"name": "解放路", "signed": False}
    assert verify(signed(CODE), known=read(told, office=True)).state == "genuine", "no renaming"
    assert verify(CODE, known=read(told, office=True)).state == "unknown", "no bare code"
    told["signs"][CODE]["state"] = "revoked"
    assert verify(signed(CODE), known=read(told, office=True)).state == "revoked"


def forged(by: Any = None) -> dict[str, Any]:
    """Return the office's register with a stranger's key and sign put in, perhaps signed again."""
    told = register(OFFICE)
    public = signing.public_text(STRANGER.public_key())
    told["keys"][signing.key_id(STRANGER.public_key())] = {"public_key": public}
    return told if by is None else registers.signed(told, key=by)


def test_a_register_with_a_strangers_key_is_told() -> None:
    text = signed(CODE, key=STRANGER)
    for office in (True, False):
        with pytest.raises(InputError, match="was changed after key"):
            read(forged(), office=office)
    with pytest.raises(InputError, match="none of those given"):
        read(forged(STRANGER), office=True)
    assert verify(text, known=read(forged(STRANGER), office=False)).state == "unknown"
    unsigned = {name: each for name, each in forged().items() if name != registers.SIGNATURE}
    assert verify(text, known=read(unsigned, office=True)).state == "forged"
    assert verify(text, known=read(unsigned, office=False)).state == "unknown"


def leaves(told: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a document."""
    if isinstance(told, dict | list):
        pairs = told.items() if isinstance(told, dict) else enumerate(told)
        return [leaf for name, each in pairs for leaf in leaves(each, (*path, name))]
    return [path]


@pytest.mark.parametrize(
    "path", leaves(register(OFFICE)), ids=lambda path: "/".join(map(str, path))
)
def test_a_register_changed_anywhere_is_told(path: tuple[Any, ...]) -> None:
    told = register(OFFICE)
    *way, last = path
    place = told
    for name in way:
        place = place[name]
    place[last] = not place[last] if isinstance(place[last], bool) else f"{place[last]}0"
    with pytest.raises(InputError):
        read(told, office=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"dated": NaN, "keys": {}, "signs": {}}',
        '{"dated": "2026", "keys": {}, "signs": {"1": {"name": 3}}}',
        '{"dated": "2026", "keys": {}, "signs": {}, "signature": {}}',
        '{"dated": "2026", "keys": {}, "signs": {}, "signature": 7}',
        '{"dated": "2026", "keys": {"a": {"public_key": "x"}}, "signs": {}}',
        '{"dated": "2026", "keys": {}, "signs": {}, "bases": [3]}',
    ],
)
def test_what_is_no_register_is_said_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as refused:
        registers.known(text, place="r.json")
    assert "\n" not in str(refused.value)


def test_a_signed_register_tells_the_offices_other_keys() -> None:
    second = payload.Ed25519PrivateKey.generate()
    told = register()
    public = signing.public_text(second.public_key())
    told["keys"][signing.key_id(second.public_key())] = {"public_key": public}
    known = read(registers.signed(told, key=OFFICE), office=True)
    assert verify(signed(CODE, key=second), known=known).state == "genuine"

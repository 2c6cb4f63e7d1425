"""What a QR code holds: an address that ends in the code, and optionally a signature over it.

``BASE_URL/CODE`` or ``BASE_URL/CODE/PAYLOAD``. The payload is base32 (A-Z, 2-7), so that the whole
stays in the QR code's compact alphanumeric mode: one byte for the algorithm, four for the key,
then name, romanization, division and decision, each behind its length, then the signature. What is
signed is this and the code. Base URLs may change: readers take code and payload from the last
parts, and whether the address before them is the office's own is for `verify` to judge.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from dataclasses import astuple, dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.signs import addresses, codes, signing

ED25519 = 1
"""Algorithm 1; 2 is kept for SM2 with SM3 (GB/T 32918), which is not made here."""
ALGORITHMS = {ED25519: "Ed25519"}
SIGNATURE_BYTES = 64
LONGEST_FIELD = 120
"""Bytes of one field in UTF-8: 40 Chinese characters."""
LONGEST_CONTENT = 1500
_DOMAIN = b"gazetteer sign 1\x00"
_HEAD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the office says of a sign.

    Parameters
    ----------
    code
        Code of the sign.
    name
        Standard name as on the plate.
    romanization
        Its spelling with tones.
    division
        Code of the division.
    decision
        Number of the decision on the name.
    """

    code: str
    name: str
    romanization: str = ""
    division: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A claim with its signature as read from a QR code; nothing has been checked yet."""

    claim: Claim
    algorithm: int
    key_id: str
    signature: bytes


def content(code: str, *, base: str, payload: str = "") -> str:
    """Return the text of a sign's QR code.

    Examples
    --------
    >>> content("10000000000X", base="https://dm.example.cn/s")
    'HTTPS://DM.EXAMPLE.CN/S/10000000000X'
    """
    parts = [addresses.base_url(base), codes.parse(code), payload]
    return "/".join(part for part in parts if part)


def sign(claim: Claim, *, key: Ed25519PrivateKey) -> str:
    """Return the payload for a claim.

    Raises
    ------
    InputError
        When a field is longer than `LONGEST_FIELD` bytes.
    """
    head = bytes([ED25519]) + bytes.fromhex(signing.key_id(key.public_key()))
    body = head + b"".join(_field(text) for text in astuple(claim)[1:])
    told = body + key.sign(_message(claim.code, body))
    return base64.b32encode(told).decode().rstrip("=")


def _message(code: str, body: bytes) -> bytes:
    return _DOMAIN + code.encode() + body


def _field(text: str) -> bytes:
    encoded = unicodedata.normalize("NFC", text).encode()
    if len(encoded) > LONGEST_FIELD:
        remedy = Sentence(
            "A sign holds {longest_field} bytes a field.", longest_field=LONGEST_FIELD
        )
        raise InputError(
            Sentence("{text!r}... is too long to be signed", text=text[:20]), remedy=remedy
        )
    return bytes([len(encoded)]) + encoded


@dataclass(frozen=True, slots=True)
class Scanned:
    """A text taken apart: the address in front (None where a code stands alone), code, payload."""

    address: str | None
    code: str
    payload: str


def scanned(text: str) -> Scanned:
    """Return the parts of a QR text or a typed code, however it was carried here.

    Width and case do not matter, neither do spaces and invisible characters around it, nor what
    a browser or a server puts behind an address (``?a=1``, ``#x``).

    Raises
    ------
    InputError
        When it holds no code.

    Examples
    --------
    >>> scanned("http://old.example.cn/10000000000x?a=1#top")
    Scanned(address='HTTP://OLD.EXAMPLE.CN', code='10000000000X', payload='')
    >>> scanned("1000 0000 000X").address is None
    True
    """
    if len(text) > LONGEST_CONTENT:
        raise InputError(
            Sentence("The text is too long for a sign"),
            remedy=Sentence("Scan the sign again."),
        )
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(each for each in plain if unicodedata.category(each) not in ("Cc", "Cf"))
    parts = _BEHIND.sub("", plain).strip().rstrip("/").split("/")
    signed = len(parts) > 1 and codes.is_code(parts[-2])
    at = len(parts) - (2 if signed else 1)
    address = "/".join(parts[:at]).rstrip("/") if at else None
    held = "".join(parts[-1].split()) if signed else ""
    return Scanned(address, codes.parse(parts[at]), held)


_BEHIND = re.compile(r"[?#].*", re.DOTALL)


def split(text: str) -> tuple[str, str]:
    """Return code and payload (may be empty) of a QR text; any base address will do.

    Raises
    ------
    InputError
        When it holds no code.

    Examples
    --------
    >>> split("http://old.example.cn/10000000000x")
    ('10000000000X', '')
    """
    found = scanned(text)
    return found.code, found.payload


def is_signed(content: str) -> bool:
    """Tell whether the text of a QR code carries a signature, be it true or not.

    Examples
    --------
    >>> is_signed("HTTPS://DM.EXAMPLE.CN/S/10000000000X"), is_signed("")
    (False, False)
    """
    try:
        return bool(split(content)[1])
    except InputError:
        return False


def signer(content: str) -> str:
    """Return the id of the key that is said to have signed a QR text, empty where there is none.

    Examples
    --------
    >>> signer("HTTPS://DM.EXAMPLE.CN/S/10000000000X")
    ''
    """
    try:
        code, payload = split(content)
        return read(code, payload).key_id if payload else ""
    except InputError:
        return ""


def read(code: str, payload: str) -> Signed:
    """Return what a payload says; whether it is true is for `holds` to tell.

    Raises
    ------
    InputError
        When it is cut off, has further bytes, or another algorithm.
    """
    told = _bytes(payload)
    if told[0] not in ALGORITHMS:
        remedy = Sentence("A newer program may know it.")
        what = Sentence("signed with algorithm {algorithm}, which is unknown", algorithm=told[0])
        raise InputError(what, remedy=remedy)
    body = told[:-SIGNATURE_BYTES]
    texts, at = list[str](), _HEAD
    while at < len(body):
        end = at + 1 + body[at]
        if end > len(body):
            raise _broken()
        texts.append(_decoded(body[at + 1 : end]))
        at = end
    if len(texts) != 4:
        raise _broken()
    claim = Claim(
        code=code, name=texts[0], romanization=texts[1], division=texts[2], decision=texts[3]
    )
    return Signed(claim, told[0], told[1:_HEAD].hex(), told[-SIGNATURE_BYTES:])


def _bytes(payload: str) -> bytes:
    try:
        told = base64.b32decode(payload + "=" * (-len(payload) % 8))
    except (binascii.Error, ValueError):
        raise _broken() from None
    # spare bits of the last character must be zero: one content, one text
    same = base64.b32encode(told).decode().rstrip("=") == payload
    if not same or len(told) < _HEAD + 4 + SIGNATURE_BYTES:
        raise _broken()
    return told


def _decoded(encoded: bytes) -> str:
    try:
        return encoded.decode()
    except UnicodeDecodeError:
        raise _broken() from None


def _broken() -> InputError:
    what = Sentence("the signed part is damaged or cut off")
    return InputError(what, remedy=Sentence("Scan the sign again."))


def holds(code: str, payload: str, *, key: Ed25519PublicKey) -> bool:
    """Tell whether the holder of a key has signed this payload for this code."""
    told = _bytes(payload)
    body, signature = told[:-SIGNATURE_BYTES], told[-SIGNATURE_BYTES:]
    return signing.holds(signature, _message(code, body), key=key)

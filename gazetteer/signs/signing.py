"""Keys of an office: named, written, locked into files; keys that prove nothing are refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

LARGEST_FILE = 20_000
"""Bytes: the file of one key has some hundred."""
_PRIME = 2**255 - 19
_D = -121665 * pow(121666, -1, _PRIME) % _PRIME
_EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
"""Height of points of order 8 on edwards25519 (the other is its negative)."""
_SMALL = frozenset({0, 1, _PRIME - 1, _EIGHTH, _PRIME - _EIGHTH})


def new_key() -> Ed25519PrivateKey:
    """Return a new office key."""
    return Ed25519PrivateKey.generate()


def key_id(key: Ed25519PublicKey) -> str:
    """Return the eight hexadecimal characters by which a key is named."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:8]


def public_text(key: Ed25519PublicKey) -> str:
    """Return a public key as 64 hexadecimal characters."""
    return key.public_bytes_raw().hex()


@lru_cache(maxsize=256)
def public_key(text: str) -> Ed25519PublicKey:
    """Return the public key that 64 hexadecimal characters write.

    Raises
    ------
    InputError
        When it is none, or one under which anybody can sign: no point of the curve, or one of
        small order (RFC 8032, 8.9: such a key is no proof of who signed).

    Examples
    --------
    >>> public_key("xy")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: 'xy' is no public key. Use 64 hexadecimal characters.
    >>> public_key("00" * 32)
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: '00000000000000000000' is a key under which anybody can...
    """
    try:
        raw = bytes.fromhex(text.strip())
        key = Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        remedy = Sentence("Use 64 hexadecimal characters.")
        raise InputError(
            Sentence("{text!r} is no public key", text=text[:20]), remedy=remedy
        ) from None
    if proves_nothing(raw):
        remedy = Sentence("Ask the office for its true key.")
        raise InputError(
            Sentence("{text!r} is a key under which anybody can sign", text=text[:20]),
            remedy=remedy,
        )
    return key


def proves_nothing(raw: bytes) -> bool:
    """Tell whether 32 bytes are a key under which signatures prove nothing.

    Examples
    --------
    >>> proves_nothing(bytes(32)), proves_nothing(new_key().public_key().public_bytes_raw())
    (True, False)
    """
    height = int.from_bytes(raw, "little") % 2**255  # the last bit is the sign of the other side
    return height >= _PRIME or height in _SMALL or not _on_curve(height)


def _on_curve(height: int) -> bool:
    """Tell whether -x^2 + y^2 = 1 + d x^2 y^2 has an x for this y: x^2 must be a square."""
    square = height * height
    square = (square - 1) * pow(_D * square + 1, -1, _PRIME) % _PRIME
    return pow(square, (_PRIME - 1) // 2, _PRIME) in (0, 1)


def holds(signature: bytes, message: bytes, *, key: Ed25519PublicKey) -> bool:
    """Tell whether the holder of a key has signed a message."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def locked(key: Ed25519PrivateKey, *, password: str) -> bytes:
    """Return the content of a key file (PEM), enciphered with a password unless it is empty."""
    cipher: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        cipher = serialization.BestAvailableEncryption(password.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cipher)


def unlocked(content: bytes, *, ask: Callable[[], str]) -> Ed25519PrivateKey:
    """Return the key of a key file; asks for its password where it has one.

    Raises
    ------
    InputError
        When it is no key, or the password is wrong.

    Examples
    --------
    >>> unlocked(b"hello", ask=str)
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: This is no office key, or the password is wrong...
    """
    enciphered = b"ENCRYPTED" in content[:LARGEST_FILE]
    password = ask().encode() if enciphered else None
    try:
        key = serialization.load_pem_private_key(content[:LARGEST_FILE], password=password)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        remedy = Sentence("Make one with `gazetteer signs key --new`.")
        raise InputError(Sentence("This is no office key, or the password is wrong"), remedy=remedy)
    return key

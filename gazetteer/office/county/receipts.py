"""Receipts of the log: its head, kept where nobody can change it, signed where there is a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Told

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from gazetteer.store import County

_DOMAIN = b"gazetteer log head 1\x00"
_SIGNED = "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The head of a log, with whose log it is, when that was, and the office's signature if any.

    Parameters
    ----------
    head
        Hash of the last sealed event, 64 hexadecimal characters.
    division_code, at
        Of the county file; the moment in UTC (ISO 8601).
    key_id, signature
        Which key has signed the rest (Ed25519, hexadecimal); empty where none has.
    """

    head: str
    division_code: str = ""
    at: str = ""
    key_id: str = ""
    signature: str = ""


def signed(county: County, *, head: str, at: str, key: Ed25519PrivateKey | None) -> Receipt:
    """Return the receipt of a head, signed with an office key where one is given.

    Raises
    ------
    UnknownError, ConflictError
        When the key is not registered in the county file, or revoked.
    """
    if key is None:
        return Receipt(head=head, division_code=county.division_code, at=at)
    from gazetteer.office.signs.keys import refuse_strange
    from gazetteer.signs import signing

    refuse_strange(county, key.public_key())
    own = Receipt(
        head=head,
        division_code=county.division_code,
        at=at,
        key_id=signing.key_id(key.public_key()),
    )
    return Receipt(**_fields(own) | {"signature": key.sign(_message(own)).hex()})


def _fields(receipt: Receipt) -> dict[str, str]:
    return {name: getattr(receipt, name) for name in Receipt.__slots__}


def _message(receipt: Receipt) -> bytes:
    told = (receipt.head, receipt.division_code, receipt.at, receipt.key_id)
    return _DOMAIN + "\n".join(told).encode()


def written(receipt: Receipt) -> str:
    r"""Return the text of a receipt: the head on a line, and what signs it on another.

    Examples
    --------
    >>> written(Receipt(head="ab"))
    'ab'
    >>> written(Receipt(head="ab", division_code="421081", at="now", key_id="k", signature="cd"))
    'ab\nsigned 421081 now k cd'
    """
    if not receipt.signature:
        return receipt.head
    told = (receipt.division_code, receipt.at, receipt.key_id, receipt.signature)
    return f"{receipt.head}\n{' '.join((_SIGNED, *told))}"


def read(text: str) -> Receipt:
    r"""Return the receipt that a text holds, as `written` or ``log seal --json`` gave it.

    Raises
    ------
    InputError
        When it is neither.

    Examples
    --------
    >>> read("ab\nsigned 421081 now k cd").key_id, read('{"head": "ab"}').head
    ('k', 'ab')
    >>> read("ab\nsigned")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: This is no receipt of a log. It is what ...
    """
    head, _, rest = text.strip().partition("\n")
    words = rest.split()
    if text.lstrip().startswith("{"):
        return _of_json(text)
    if not words:
        return Receipt(head=head.strip())
    if len(words) != 5 or words[0] != _SIGNED:
        raise _none()
    names = ("division_code", "at", "key_id", "signature")
    return Receipt(head=head.strip(), **dict(zip(names, words[1:], strict=True)))


def _of_json(text: str) -> Receipt:
    try:
        told: dict[str, Any] = json.loads(text)
        return Receipt(**{name: str(told[name]) for name in Receipt.__slots__ if name in told})
    except (ValueError, TypeError, RecursionError):
        raise _none() from None


def _none() -> InputError:
    return InputError(
        Sentence("This is no receipt of a log"),
        remedy=Sentence("It is what `gazetteer log seal` gave."),
    )


def keys_of(county: County) -> dict[str, str]:
    """Return the public keys (hexadecimal) that a county file knows, and does not call revoked."""
    frame = county.layer("sign_keys")
    active = frame[frame["state"] == "active"]
    return dict(zip(active["key_id"], active["public_key"], strict=True))


def faults(receipt: Receipt, *, keys: Mapping[str, str], signed: bool = False) -> list[str]:
    """Return why the signature of a receipt proves nothing.

    Parameters
    ----------
    receipt
        As read.
    keys
        Public keys (64 hexadecimal characters) by their id.
    signed
        Whether a receipt without a signature is a fault.

    Returns
    -------
    Nothing where the signature holds, or where there need be none.

    Examples
    --------
    >>> faults(Receipt(head="ab"), keys={}), faults(Receipt(head="ab"), keys={}, signed=True)
    ([], ['receipt: nobody has signed it'])
    >>> faults(Receipt(head="ab", key_id="k", signature="cd"), keys={})
    ["receipt: key 'k' has signed it, which is unknown or revoked"]
    """
    if not receipt.signature:
        return [Told.of("receipt: nobody has signed it")] if signed else []
    key = receipt.key_id[:20]
    if receipt.key_id not in keys:
        return [Told.of("receipt: key {key!r} has signed it, which is unknown or revoked", key=key)]
    holds = _holds(receipt, key=keys[receipt.key_id])
    return (
        [] if holds else [Told.of("receipt: the signature of key {key!r} does not hold", key=key)]
    )


def _holds(receipt: Receipt, *, key: str) -> bool:
    from gazetteer.signs import signing

    try:
        raw = bytes.fromhex(receipt.signature)
    except ValueError:
        return False
    return signing.holds(raw, _message(receipt), key=signing.public_key(key))

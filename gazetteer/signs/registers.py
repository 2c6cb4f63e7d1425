"""The dated register of signs as a value: signed by the office, read distrustfully.

Whoever has a register can verify without the office - and whoever writes files can write one. So it
carries a signature over all that it says, and only a key that one has from the office itself tells
whether it is the office's. A register that no such key proves counts against a text, never for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.signs import payload, signing
from gazetteer.signs.verify import Entry, Key, Known, trusting

_DOMAIN = b"gazetteer register 1\x00"
SIGNATURE = "signature"
ALGORITHM = payload.ALGORITHMS[payload.ED25519]


def signed(register: Mapping[str, Any], *, key: Ed25519PrivateKey) -> dict[str, Any]:
    """Return a register with a signature over all that it says.

    Examples
    --------
    >>> made = signed({"dated": "2026-03-01", "keys": {}, "signs": {}}, key=signing.new_key())
    >>> sorted(made["signature"])
    ['algorithm', 'key_id', 'value']
    """
    plain = {name: value for name, value in register.items() if name != SIGNATURE}
    told = {
        "algorithm": ALGORITHM,
        "key_id": signing.key_id(key.public_key()),
        "value": key.sign(_message(plain)).hex(),
    }
    return {**plain, SIGNATURE: told}


def _message(register: Mapping[str, Any]) -> bytes:
    told = {name: value for name, value in register.items() if name != SIGNATURE}
    text = json.dumps(
        told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return _DOMAIN + text.encode("utf-8", "surrogatepass")


def known(text: str, *, place: str, keys: Mapping[str, Key] | None = None) -> Known:
    """Return what a dated register says, as far as it is proved.

    Parameters
    ----------
    text
        Content of its file.
    place
        Name of the file.
    keys
        Keys by id that one has from the office itself.

    Raises
    ------
    InputError
        When it is none, was changed after it was signed, is signed with another key than those
        given or with one that it calls revoked, or holds a key under which anybody can sign.

    Examples
    --------
    >>> known('{"signs": 3}', place="r.json")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: r.json: is no register of signs...
    """
    given = keys or {}
    try:
        told = json.loads(text, parse_constant=_no_constant)
        own = {name: _key(name, each, place=place) for name, each in told["keys"].items()}
        signer = _signer(told.get(SIGNATURE), own, given=given, place=place)
        if signer and not _holds(told, key=(given or own)[signer]):
            raise InputError(
                Sentence("was changed after key {signer} signed it", signer=signer),
                place=place,
                remedy=_ANEW,
            )
        found = Known(
            keys=own,
            entries={code: _entry(each) for code, each in told["signs"].items()},
            source="register",
            dated=_text(told["dated"]),
            bases=frozenset(map(_text, told.get("bases", ()))),
            proof="signed" if signer and given else "self-signed" if signer else "unsigned",
        )
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = Sentence("Make one with `gazetteer signs list --register`.")
        raise InputError(Sentence("is no register of signs"), place=place, remedy=remedy) from None
    if found.proof == "signed":  # what the office has signed tells its other keys, too
        return replace(found, keys={**trusting(found, given).keys, **own})
    return trusting(found, given)


_ANEW = Sentence("Ask the office for its register, and for its key.")


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _key(name: str, told: Mapping[str, Any], *, place: str) -> Key:
    found = Key(public_key=_text(told["public_key"]), revoked_on=_text(told.get("revoked_on", "")))
    try:
        fits = signing.key_id(signing.public_key(found.public_key)) == name
    except InputError as error:
        raise InputError(error.what, place=place, remedy=error.remedy) from None
    if not fits:
        raise InputError(
            Sentence("has another key by the name of {name}", name=name[:20]),
            place=place,
            remedy=_ANEW,
        )
    return found


def _entry(told: Mapping[str, Any]) -> Entry:
    carries = told.get("signed")
    if carries not in (None, True, False):
        raise TypeError
    texts = {name: _text(told.get(name, "")) for name in ("state", "decision", "issued")}
    return Entry(name=_text(told["name"]), signed=carries, **texts)


def _signer(
    told: Mapping[str, Any] | None,
    own: Mapping[str, Key],
    *,
    given: Mapping[str, Key],
    place: str,
) -> str:
    """Return the id of the key that signed a register, empty where it is not signed."""
    if told is None:
        return ""
    if told["algorithm"] != ALGORITHM:
        raise ValueError(told["algorithm"])
    signer = _text(told["key_id"])
    if signer not in (given or own):
        whose = (
            Text("不在所给的密钥之中", "none of those given")
            if given
            else Text("不是登记册自身的密钥", "none of its own")
        )
        what = Sentence(
            "is signed with key {signer}, which is {whose}", signer=signer[:20], whose=whose
        )
        raise InputError(what, place=place, remedy=_ANEW)
    if signer in own and own[signer].revoked_on:
        what = Sentence("is signed with key {signer}, which it calls revoked itself", signer=signer)
        raise InputError(what, place=place, remedy=_ANEW)
    return signer


def _holds(told: Mapping[str, Any], *, key: Key) -> bool:
    signature = bytes.fromhex(_text(told[SIGNATURE]["value"]))
    return signing.holds(signature, _message(told), key=signing.public_key(key.public_key))

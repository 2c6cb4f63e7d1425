"""The office's keys: only public halves are in the county file."""

from __future__ import annotations

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gazetteer.common.errors import ConflictError, UnknownError
from gazetteer.signs import payload
from gazetteer.store import County
from gazetteer.store.frames import today
from gazetteer.store.landing import land

ALGORITHM = payload.ALGORITHMS[payload.ED25519]


def refuse_strange(county: County, key: Ed25519PublicKey) -> None:
    """Refuse a key that is not registered, or revoked.

    Raises
    ------
    UnknownError, ConflictError
        Then.
    """
    rows = county.layer("sign_keys")
    own = rows[rows["key_id"] == payload.key_id(key)]
    if own.empty:
        remedy = "Register it: `gazetteer signs key COUNTY --add FILE`."
        raise UnknownError(f"key {payload.key_id(key)} is not registered here", remedy=remedy)
    if own["state"].iloc[0] == "revoked":
        remedy = "Sign with another key."
        raise ConflictError(f"key {payload.key_id(key)} is revoked", remedy=remedy)


def add(county: County, key: Ed25519PublicKey) -> str:
    """Register the public half of an office key; returns its id."""
    name = payload.key_id(key)
    row = {
        "key_id": name,
        "algorithm": ALGORITHM,
        "public_key": payload.public_text(key),
        "since": today(),
    }
    if name in set(county.layer("sign_keys")["key_id"]):
        return name
    with county.change("signs key --add") as change:
        land(change, "sign_keys", pd.DataFrame([row | {"state": "active"}]), key=["key_id"])
    return name


def revoke(county: County, name: str, *, reason: str) -> None:
    """Revoke a key: what it signed is worth nothing any more.

    Raises
    ------
    UnknownError
        When there is no such key.
    """
    if name not in set(county.layer("sign_keys")["key_id"]):
        raise UnknownError(f"no key {name[:20]!r}", remedy="List them: `gazetteer signs key`.")
    row = {"key_id": name, "state": "revoked", "revoked_on": today(), "reason": reason}
    with county.change("signs key --revoke", reason=reason) as change:
        land(change, "sign_keys", pd.DataFrame([row]), key=["key_id"])

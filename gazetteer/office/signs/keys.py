"""The office's keys: only public halves are in the county file."""

from __future__ import annotations

from datetime import date

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.missing import nones
from gazetteer.signs import payload, signing
from gazetteer.store import County
from gazetteer.store.frames import today
from gazetteer.store.landing import land

ALGORITHM = payload.ALGORITHMS[payload.ED25519]


def keys(county: County) -> pd.DataFrame:
    """Return the keys on record with ``signs``: how many signs in force each has signed."""
    frame = county.layer("sign_keys").drop(columns="id")
    signed = signers(county).value_counts()
    return nones(frame).assign(signs=frame["key_id"].map(signed).fillna(0).astype(int))


def signers(county: County) -> pd.Series:
    """Return the id of the key that signed each sign in force, by the sign's ``code``."""
    frame = county.layer("signs")
    frame = frame[frame["code"].notna() & (frame["state"] != "revoked")]
    named = frame["content"].fillna("").map(payload.signer)
    return pd.Series(named.to_numpy(), index=frame["code"], dtype=object)


def worthless(county: County) -> pd.Series:
    """Return the id of the key by code, of signs whose signature was revoked with its key."""
    rows = county.layer("sign_keys")
    revoked = set(rows.loc[rows["state"] == "revoked", "key_id"])
    signed = signers(county)
    return signed[signed.isin(revoked)]


def refuse_strange(county: County, key: Ed25519PublicKey) -> None:
    """Refuse a key that is not registered, or revoked.

    Raises
    ------
    UnknownError, ConflictError
        Then.
    """
    rows = county.layer("sign_keys")
    entries = rows[rows["public_key"] == signing.public_text(key)]
    if entries.empty:
        remedy = Sentence("Register it: `gazetteer signs key COUNTY --add FILE`.")
        raise UnknownError(
            Sentence("key {key_id} is not registered here", key_id=signing.key_id(key)),
            remedy=remedy,
        )
    if entries["state"].iloc[0] == "revoked":
        remedy = Sentence("Sign with another key.")
        raise ConflictError(
            Sentence("key {key_id} is revoked", key_id=signing.key_id(key)), remedy=remedy
        )


def add(county: County, key: Ed25519PublicKey) -> str:
    """Register the public half of an office key; returns its id.

    Raises
    ------
    InputError, ConflictError
        When anybody can sign under the key, when it is revoked, or another has its id.
    """
    name = signing.key_id(key)
    row = {
        "key_id": name,
        "algorithm": ALGORITHM,
        "public_key": signing.public_text(signing.public_key(signing.public_text(key))),
        "since": today(),
    }
    known = county.layer("sign_keys").set_index("key_id")
    if name in known.index:
        _refuse_another(known.loc[name], row)
        return name
    with county.change("signs key --add") as change:
        land(change, "sign_keys", pd.DataFrame([row | {"state": "active"}]), key=["key_id"])
    return name


def _refuse_another(known: pd.Series, row: dict[str, str]) -> None:
    name, remedy = (
        row["key_id"],
        Sentence("Make another key: `gazetteer signs key COUNTY --new FILE`."),
    )
    if known["public_key"] != row["public_key"]:
        raise ConflictError(
            Sentence("another key is registered as {name}", name=name), remedy=remedy
        )
    if known["state"] == "revoked":
        raise ConflictError(Sentence("key {name} is revoked", name=name), remedy=remedy)


def revoke(county: County, name: str, *, reason: str, on: date | None = None) -> int:
    """Revoke a key: what it signed is worth nothing any more, whatever others have signed.

    Parameters
    ----------
    county
        Open county file.
    name
        Id of the key.
    reason
        Why, in words.
    on
        Day on which it was revoked; today where not given.

    Returns
    -------
    How many signs in force carry its signature: each wants a new one (`issuing.issue`).

    Raises
    ------
    UnknownError, ConflictError, InputError
        When there is no such key, it is revoked already, the reason is lacking, or the day lies
        in the future or before the key was registered.
    """
    known = county.layer("sign_keys").set_index("key_id")
    if name not in known.index:
        raise UnknownError(
            Sentence("no key {name!r}", name=name[:20]),
            remedy=Sentence("List them: `gazetteer signs key`."),
        )
    if known.loc[name, "state"] == "revoked":
        when = known.loc[name, "revoked_on"] or Text("未记录的日期", "a day that is not recorded")
        raise ConflictError(
            Sentence("key {name} is revoked already, since {when}", name=name, when=when)
        )
    if not reason.strip():
        remedy = Sentence("Say why: --reason 失窃.")
        raise InputError(
            Sentence("key {name} is not revoked without a reason", name=name), remedy=remedy
        )
    row = {"key_id": name, "state": "revoked", "reason": reason.strip()}
    row["revoked_on"] = _day(on, since=str(known.loc[name, "since"]))
    concerned = int((signers(county) == name).sum())
    with county.change("signs key --revoke", reason=reason) as change:
        land(change, "sign_keys", pd.DataFrame([row]), key=["key_id"])
    return concerned


def _day(on: date | None, *, since: str) -> str:
    day = today() if on is None else on.isoformat()
    if not since <= day <= today():
        remedy = Sentence(
            "Use a day from {since}, when the key was registered, to today.", since=since
        )
        raise InputError(Sentence("no key can be revoked on {day}", day=day), remedy=remedy)
    return day

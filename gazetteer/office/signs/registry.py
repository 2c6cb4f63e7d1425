"""The signs of a county file: what they say, what codes are checked against."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence
from gazetteer.office.names import finding
from gazetteer.office.signs import keys
from gazetteer.signs import addresses, codes, door_numbers, payload, registers, signing
from gazetteer.signs.verify import Entry, Key, Known
from gazetteer.store import County
from gazetteer.store.frames import today

BASE = "sign_base_url"
"""Setting of the county file: the address under which codes are issued."""
POSTCODE = ("postcode", "邮政编码", "邮编")


def signs(county: County) -> gpd.GeoDataFrame:
    """Return the signs in force with ``name``: standard name of their place now, with number."""
    frame = county.layer("signs", keep=["key"])
    texts = standing(county).drop_duplicates("thing_id").set_index("thing_id")["text"]
    names = frame["thing_id"].map(texts).astype(object)
    names = names.where(names.notna(), frame["text"])
    numbers = frame["number"].fillna("").astype(str).map(door_numbers.on_plate)
    return frame.assign(name=names.fillna("").astype(str) + numbers)


def standing(county: County) -> pd.DataFrame:
    """Return the standard names in force with their positions."""
    names = finding.names_with_positions(county)
    return names[names["role"] == "standard"]


def standing_signs(county: County) -> gpd.GeoDataFrame:
    """Return the signs with a code that are not revoked."""
    frame = signs(county)
    return frame[frame["code"].notna() & (frame["state"] != "revoked")]


def shown(county: County) -> gpd.GeoDataFrame:
    """Return the signs as a map shows them: ``text`` with the door number, no QR content."""
    frame = signs(county)
    bare = frame.drop(columns=["key", "name", "number", "content", "thing_id", "attributes"])
    return bare.assign(text=frame["name"])


def known(county: County) -> Known:
    """Return what codes are checked against: the office's keys and all its signs."""
    keys = county.layer("sign_keys").to_dict("records")
    frame = signs(county)
    rows = frame[frame["code"].notna()].fillna("").to_dict("records")
    return Known(
        keys={
            row["key_id"]: Key(
                public_key=signing.public_text(signing.public_key(row["public_key"])),
                revoked_on=_revoked_on(row),
            )
            for row in keys
        },
        entries={
            row["code"]: Entry(
                name=row["name"],
                signed=payload.is_signed(row["content"]),
                state=row["state"],
                decision=row["decision"],
                issued=row["text"] + door_numbers.on_plate(row["number"]),
            )
            for row in rows
        },
        bases=_bases(county, rows),
    )


def _revoked_on(key: Mapping[str, Any]) -> str:
    """Return when a key was revoked; its state decides, a date may be lacking."""
    return (text_of(key["revoked_on"]) or "?") if key["state"] == "revoked" else ""


def _bases(county: County, signs: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the addresses to which the office's codes lead: those issued, and those to come."""
    issued = {row["content"].partition(f"/{row['code']}")[0] for row in signs if row["content"]}
    bases = {*issued, county.setting(BASE) or ""} - {""}
    return frozenset(filter(None, map(addresses.same, bases)))


def dated_register(county: County, *, key: Ed25519PrivateKey | None = None) -> dict[str, Any]:
    """Return the register of signs as a value for a file: who has it can verify without us.

    Parameters
    ----------
    county
        Open county file.
    key
        Office key to sign it with: without its signature a register proves nothing to others.

    Raises
    ------
    UnknownError, ConflictError
        When the key is not registered, or revoked.
    """
    if key is not None:
        keys.refuse_strange(county, key.public_key())
    found = known(county)
    entries = found.entries or {}
    register = {
        "dated": today(),
        "division": county.division_code,
        # programs of before judge by the host alone
        "hosts": sorted({base.split("/")[2] for base in found.bases}),
        "bases": sorted(found.bases),
        "keys": {
            name: {"public_key": key.public_key, "revoked_on": key.revoked_on}
            for name, key in found.keys.items()
        },
        "signs": {
            code: {
                "name": each.name,
                "state": each.state,
                "decision": each.decision,
                "issued": each.issued,
                "signed": each.signed,
            }
            for code, each in entries.items()
        },
    }
    return register if key is None else registers.signed(register, key=key)


def find(county: County, text: str) -> dict[str, Any]:
    """Return one sign by its code, in any writing.

    Raises
    ------
    InputError, UnknownError
        When it is no code, or no sign has it.
    """
    code, _ = payload.split(text)
    frame = signs(county)
    rows = frame[frame["code"] == code].to_dict("records")
    if not rows:
        raise UnknownError(Sentence("no sign has code {spoken}", spoken=codes.spoken(code)))
    return dict(rows[0])


def orders(county: County, *, every: bool = False) -> gpd.GeoDataFrame:
    """Return the open work orders, each with ``name``, ``code`` and place of its sign.

    Parameters
    ----------
    every
        Closed ones, too.

    Returns
    -------
    In EPSG:4490, in the order of their numbers.
    """
    frame = county.layer("sign_orders").sort_values("number")
    frame = frame if every else frame[frame["state"] == "open"]
    known = signs(county).set_index("id")
    named = frame.assign(
        code=frame["sign_id"].map(known["code"]), name=frame["sign_id"].map(known["name"])
    )
    return gpd.GeoDataFrame(named, geometry=frame["sign_id"].map(known.geometry), crs="EPSG:4490")


def text_of(value: Any) -> str:
    """Return a text, or nothing where a cell is empty."""
    return value if isinstance(value, str) else ""


def postcode_of(attributes: object) -> str:
    """Return the postcode among attributes (JSON), if there is one."""
    known = json.loads(attributes) if isinstance(attributes, str) else {}
    postcodes: Mapping[str, Any] = known if isinstance(known, dict) else {}
    return next((str(postcodes[field]).strip() for field in POSTCODE if postcodes.get(field)), "")

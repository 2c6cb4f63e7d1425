"""What an office does with its signs, on the county file: number, issue, look up, revoke, keys."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gazetteer import register
from gazetteer.errors import ConflictError, InputError, UnknownError
from gazetteer.romanization.spelling import toneless
from gazetteer.signs import codes, numbering, payload, sheets
from gazetteer.signs.matching import Match
from gazetteer.signs.numbering import Numbered, Profile
from gazetteer.signs.sheets import Plate, Wording
from gazetteer.signs.verify import Entry, Key, Known
from gazetteer.store import County
from gazetteer.store.frames import today
from gazetteer.store.landing import land

BASE = "sign_base_url"
ALGORITHM = payload.ALGORITHMS[payload.ED25519]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which places get signs: by name, category, division (code or its beginning); or doors.

    `doors` is the name of a street whose numbered doors get their plates.
    """

    names: Collection[str] = ()
    category: str | None = None
    division: str | None = None
    doors: str | None = None
    limit: int | None = None


def signs(county: County) -> gpd.GeoDataFrame:
    """Return the signs in force with ``name``: standard name of their place now, with number."""
    frame = county.frame("signs", keep=["key"])
    standing = _standing(county).drop_duplicates("thing_id").set_index("thing_id")["text"]
    names = frame["thing_id"].map(standing).astype(object)
    names = names.where(names.notna(), frame["text"])
    numbers = frame["number"].fillna("").astype(str).map(numbering.on_plate)
    return frame.assign(name=names.fillna("").astype(str) + numbers)


def _standing(county: County) -> pd.DataFrame:
    names = register.names_with_positions(county)
    return names[names["role"] == "standard"]


def known(county: County) -> Known:
    """Return what codes are checked against: the office's keys and all its signs."""
    keys = county.frame("sign_keys").to_dict("records")
    frame = signs(county)
    rows = frame[frame["code"].notna()].fillna("").to_dict("records")
    return Known(
        keys={
            row["key_id"]: Key(public_key=row["public_key"], revoked_on=row["revoked_on"] or "")
            for row in keys
        },
        entries={
            row["code"]: Entry(
                name=row["name"],
                content=row["content"],
                state=row["state"],
                decision=row["decision"],
            )
            for row in rows
        },
    )


def dated_register(county: County) -> dict[str, Any]:
    """Return the register of signs as a value for a file: who has it can verify without us."""
    found = known(county)
    entries = found.entries or {}
    return {
        "dated": today(),
        "division": county.division_code,
        "keys": {
            name: {"public_key": key.public_key, "revoked_on": key.revoked_on}
            for name, key in found.keys.items()
        },
        "signs": {
            code: {"name": each.name, "state": each.state, "decision": each.decision}
            for code, each in entries.items()
        },
    }


def known_of_register(text: str, *, place: str) -> Known:
    """Return what a dated register says.

    Raises
    ------
    InputError
        When it is none.

    Examples
    --------
    >>> known_of_register('{"signs": 3}', place="r.json")
    Traceback (most recent call last):
    gazetteer.errors.InputError: r.json: is no register of signs...
    """
    try:
        told = json.loads(text)
        return Known(
            keys={name: Key(**key) for name, key in told["keys"].items()},
            entries={code: Entry(**entry) for code, entry in told["signs"].items()},
            source="register",
            dated=str(told["dated"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        remedy = "Make one with `gazetteer signs list --register`."
        raise InputError("is no register of signs", place=place, remedy=remedy) from None


# ------------------------------------------------------------------ numbering


def number_street(
    county: County,
    street: str,
    doors: gpd.GeoDataFrame,
    *,
    by: Profile,
    start: tuple[float, float] | None = None,
    keep: bool = True,
) -> Numbered:
    """Give the doors of a street numbers; with `keep` they land as signs without code.

    Doors that the county file knows at the same place (to 0.1 m) keep their number.

    Parameters
    ----------
    doors
        Points in EPSG:4490, ``number`` of those that have one.

    Raises
    ------
    UnknownError
        When there is no such street.
    """
    place = _street(county, street)
    roads = county.frame("roads")
    pieces = roads.loc[roads["name"] == street, "geometry"]
    found = numbering.allocate(
        _as_known(county, doors, place["thing_id"]), street=pieces, by=by, start=start
    )
    where = _divisions(county, found.doors)
    told = found.doors.assign(
        address=[
            numbering.address(above, street=street, number=number)
            for above, number in zip(where, found.doors["number"], strict=True)
        ]
    )
    if keep:
        _land_doors(county, street, place, told)
    return Numbered(told, found.findings)


def _street(county: County, street: str) -> dict[str, Any]:
    standing = _standing(county)
    named = standing[standing["text"] == street].to_dict("records")
    if not named:
        remedy = "Look for it with `gazetteer names search`."
        raise UnknownError(f"no street is called {street[:40]!r}", remedy=remedy)
    return dict(named[0])


def _spot(point: Any) -> tuple[float, float]:
    return round(point.x, 6), round(point.y, 6)


def _as_known(county: County, doors: gpd.GeoDataFrame, street_id: str) -> gpd.GeoDataFrame:
    """Return the doors with the numbers that the county file gave them, and those it knows only."""
    frame = county.frame("signs")
    own = frame[(frame["thing_id"] == street_id) & frame["number"].notna()]
    known = {_spot(row["geometry"]): row["number"] for row in own.to_dict("records")}
    old = doors["number"] if "number" in doors else pd.Series(None, index=doors.index, dtype=object)
    spots = [_spot(point) for point in doors.geometry]
    numbers = [known.get(spot, number) for spot, number in zip(spots, old, strict=True)]
    given = doors.assign(number=numbers)[["number", "geometry"]]
    rest = own[[_spot(point) not in set(spots) for point in own.geometry]]
    return gpd.GeoDataFrame(
        pd.concat([given, rest[["number", "geometry"]]], ignore_index=True)
        if len(rest)
        else given.reset_index(drop=True),
        crs="EPSG:4490",
    )


def _divisions(county: County, doors: pd.DataFrame) -> list[list[str]]:
    locator = county.locator()
    wanted = ("county", "township")
    return [
        [each["name"] for each in locator.at(point.x, point.y) if each["level"] in wanted]
        for point in doors.geometry
    ]


def _land_doors(
    county: County, street: str, place: Mapping[str, Any], doors: gpd.GeoDataFrame
) -> None:
    # one door, one place: its position tells it from others, so a second run lands nothing
    rows = pd.DataFrame(
        {
            "key": [
                f"door:{place['thing_id']}:{x:.6f},{y:.6f}" for x, y in map(_spot, doors.geometry)
            ],
            "thing_id": place["thing_id"],
            "plate_class": "door-small",
            "text": street,
            "romanization": place["romanization"],
            "number": doors["number"],
            "address": doors["address"],
            "division_code": place["division_code"],
            "geometry": doors.geometry,
        }
    )
    frame = county.frame("signs", keep=["key"])
    fresh = ~rows["key"].isin(set(frame["key"]))
    rows["state"] = pd.Series("numbered", index=rows.index, dtype=object).where(fresh, None)
    rows = rows.drop_duplicates("key")
    with county.change("signs number", detail={"street": street}) as change:
        land(change, "signs", rows, key=["key"])


# ------------------------------------------------------------------ issuing


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What an issue did: codes given now, signs that had theirs before, places it left out."""

    codes: tuple[str, ...]
    before: int
    left_out: int = 0


def issue(
    county: County,
    chosen: Selection,
    *,
    plate_class: str | None = None,
    base: str | None = None,
    key: Ed25519PrivateKey | None = None,
    decision: str = "",
) -> Issued:
    """Give signs to places, or plates to numbered doors; who has one already gets none.

    Parameters
    ----------
    plate_class
        Class of ``data/sign_plates.csv``; where not given, that of the kind of place.
    base
        Base address of the codes, remembered for the next time.
    key
        Office key; without it the codes carry no signature.
    decision
        Number of the decision, where the name has none of its own.

    Raises
    ------
    InputError, UnknownError, ConflictError
        Without a base address, without places, or with a key that is revoked or not registered.
    """
    address = payload.base_url(base or county.setting(BASE) or _no_base())
    if key is not None:
        _refuse_strange(county, key.public_key())
    wanted = (
        _doors(county, chosen, plate_class)
        if chosen.doors is not None
        else _places(county, chosen, plate_class)
    )
    frame = county.frame("signs", keep=["key"])
    done = set(frame.loc[frame["code"].notna(), "key"])
    fresh = wanted[~wanted["key"].isin(done)]
    given = codes.draw(len(fresh), taken=_every_code(county))
    contents = [
        _content(code, row, address, key=key, decision=decision)
        for code, row in zip(given, fresh.to_dict("records"), strict=True)
    ]
    rows = fresh.assign(code=given, content=contents, state="issued", issued_on=today())
    if decision:
        rows["decision"] = rows["decision"].where(rows["decision"].notna(), decision)
    with county.change("signs issue", document=decision or None) as change:
        if address != county.setting(BASE):
            change.keep_setting(BASE, address)
        if len(rows):
            land(change, "signs", rows, key=["key"])
    return Issued(codes=tuple(given), before=len(wanted) - len(fresh))


def _no_base() -> str:
    raise InputError(
        "There is no base address for the codes yet", remedy="Give --base https://host/path."
    )


def _every_code(county: County) -> set[str]:
    """Return all codes ever given, those of closed versions too: none is given twice."""
    return set(county.frame("signs", as_of="all")["code"].dropna())


def _places(county: County, chosen: Selection, plate_class: str | None) -> gpd.GeoDataFrame:
    names = _standing(county)
    places = county.frame("places").set_index("id")
    names = names[names["thing_id"].isin(places.index)]
    category = names["thing_id"].map(places["category"])
    if chosen.names:
        names = names[names["text"].isin(set(chosen.names))]
    if chosen.category:
        names = names[category.loc[names.index].fillna("").str.startswith(chosen.category)]
    if chosen.division:
        names = names[names["division_code"].fillna("").str.startswith(chosen.division)]
    names = names.drop_duplicates("thing_id").head(chosen.limit or len(names))
    if names.empty:
        remedy = "Look for them with `gazetteer names search`."
        raise UnknownError("no place is so named, or of that kind, there", remedy=remedy)
    classes = [
        sheets.plate_class(plate_class or _usual(str(kind))).name
        for kind in category.loc[names.index]
    ]
    return gpd.GeoDataFrame(
        {
            "key": [f"{one}:{of}" for one, of in zip(names["thing_id"], classes, strict=True)],
            "thing_id": names["thing_id"].to_numpy(),
            "plate_class": classes,
            "text": names["text"].to_numpy(),
            "romanization": names["romanization"].to_numpy(),
            "number": None,
            "division_code": names["division_code"].to_numpy(),
            "decision": names["document"].to_numpy(),
        },
        geometry=shapely.points(names["lon"].to_numpy(float), names["lat"].to_numpy(float)),
        crs="EPSG:4490",
    )


def _usual(category: str) -> str:
    """Return the plate class that a kind of place usually has (GB/T 18521 code or its name)."""
    if category.startswith(("22", "216")) or "居民点" in category:
        return "village"
    return "plaque" if category.startswith("26") or category == "纪念地" else "road"


def _doors(county: County, chosen: Selection, plate_class: str | None) -> gpd.GeoDataFrame:
    frame = county.frame("signs", keep=["key"])
    doors = frame[frame["number"].notna() & (frame["text"] == chosen.doors)]
    if doors.empty:
        remedy = "Number its doors first: `gazetteer signs number`."
        raise UnknownError(f"no door of {str(chosen.doors)[:40]!r} has a number", remedy=remedy)
    columns = ["key", "thing_id", "plate_class", "text", "romanization", "number"]
    columns += ["division_code", "decision", "geometry"]
    doors = doors.head(chosen.limit or len(doors))[columns]
    if plate_class:
        doors = doors.assign(plate_class=sheets.plate_class(plate_class).name)
    return doors


def _content(
    code: str,
    row: Mapping[str, Any],
    base: str,
    *,
    key: Ed25519PrivateKey | None,
    decision: str,
) -> str:
    signed = ""
    if key is not None:
        claim = payload.Claim(
            code=code,
            name=_text(row["text"]) + numbering.on_plate(_text(row["number"])),
            romanization=_text(row["romanization"]),
            division=_text(row["division_code"]),
            decision=_text(row["decision"]) or decision,
        )
        signed = payload.sign(claim, key=key)
    return payload.content(code, base=base, payload=signed)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


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
        raise UnknownError(f"no sign has code {codes.spoken(code)}")
    return dict(rows[0])


def revoke(county: County, text: str, *, reason: str) -> str:
    """Revoke one sign; its place may be issued another. Returns the code."""
    row = find(county, text)
    if row["state"] == "revoked":
        raise ConflictError(f"sign {codes.spoken(row['code'])} is revoked already")
    # the key is set free, so that the place can be issued a new sign
    changed = {"code": row["code"], "state": "revoked", "key": f"{row['key']}:{row['code']}"}
    with county.change("signs issue --revoke", reason=reason) as change:
        land(change, "signs", pd.DataFrame([changed]), key=["code"])
    return str(row["code"])


def plates(frame: pd.DataFrame) -> list[Plate]:
    """Return the plates of signs as they are to be made; the text is the one issued."""
    return [
        sheets.plate(
            Wording(
                code=row["code"],
                text=_text(row["text"]),
                romanization=toneless(_text(row["romanization"])).upper(),
                number=numbering.on_plate(_text(row["number"])),
                content=row["content"],
            ),
            of=sheets.plate_class(row["plate_class"]),
        )
        for row in frame.to_dict("records")
    ]


# ------------------------------------------------------------------ keys


def _refuse_strange(county: County, key: Ed25519PublicKey) -> None:
    rows = county.frame("sign_keys")
    own = rows[rows["key_id"] == payload.key_id(key)]
    if own.empty:
        remedy = "Register it: `gazetteer signs key COUNTY --add FILE`."
        raise UnknownError(f"key {payload.key_id(key)} is not registered here", remedy=remedy)
    if own["state"].iloc[0] == "revoked":
        remedy = "Sign with another key."
        raise ConflictError(f"key {payload.key_id(key)} is revoked", remedy=remedy)


def add_key(county: County, key: Ed25519PublicKey) -> str:
    """Register the public half of an office key; returns its id."""
    name = payload.key_id(key)
    row = {
        "key_id": name,
        "algorithm": ALGORITHM,
        "public_key": payload.public_text(key),
        "since": today(),
    }
    if name in set(county.frame("sign_keys")["key_id"]):
        return name
    with county.change("signs key --add") as change:
        land(change, "sign_keys", pd.DataFrame([row | {"state": "active"}]), key=["key_id"])
    return name


def revoke_key(county: County, name: str, *, reason: str) -> None:
    """Revoke a key: what it signed is worth nothing any more.

    Raises
    ------
    UnknownError
        When there is no such key.
    """
    if name not in set(county.frame("sign_keys")["key_id"]):
        raise UnknownError(f"no key {name[:20]!r}", remedy="List them: `gazetteer signs key`.")
    row = {"key_id": name, "state": "revoked", "revoked_on": today(), "reason": reason}
    with county.change("signs key --revoke", reason=reason) as change:
        land(change, "sign_keys", pd.DataFrame([row]), key=["key_id"])


# ------------------------------------------------------------------ old signs


def old_sign(row: Mapping[str, Any], match: Match) -> dict[str, Any]:
    """Return the row of a sign that stands already, from an old list; it has no code yet."""
    number = _text(row.get("code"))
    point = row.get("geometry")
    return {
        "key": f"old:{match.thing_id}:{number}",
        "thing_id": match.thing_id,
        "plate_class": _known_class(_text(row.get("plate_class"))),
        "text": row["name"],
        "division_code": row.get("division_code"),
        "installed_on": row.get("installed_on"),
        "state": "numbered",
        "attributes": json.dumps({"old_number": number}, ensure_ascii=False),
        "geometry": None if point is None or point.is_empty else point,
    }


def _known_class(name: str) -> str:
    try:
        return sheets.plate_class(name).name
    except UnknownError:
        return "road"


def land_old(county: County, rows: Sequence[Mapping[str, Any]], *, source: str, sha256: str) -> int:
    """Land signs of an old list; a second time lands nothing. Returns how many were new."""
    frame = gpd.GeoDataFrame(pd.DataFrame(rows).drop_duplicates("key"), crs="EPSG:4490")
    have = set(county.frame("signs", keep=["key"])["key"])
    fresh = frame[~frame["key"].isin(have)]
    if len(fresh):
        with county.change("signs import", source=source, source_hash=sha256) as change:
            land(change, "signs", fresh, key=["key"])
    return len(fresh)

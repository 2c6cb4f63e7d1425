"""Signs issued and revoked on the county file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gazetteer.common.errors import ConflictError, InputError, UnknownError
from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Sentence
from gazetteer.common.markings import rank
from gazetteer.common.missing import records
from gazetteer.names import categories
from gazetteer.office.signs import keys, registry
from gazetteer.office.signs.registry import text_of
from gazetteer.release import profiles
from gazetteer.signs import addresses, codes, door_numbers, payload
from gazetteer.signs.plates import plate_class as class_of
from gazetteer.store import County
from gazetteer.store.frames import today
from gazetteer.store.landing import land

BASE = registry.BASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which places get signs: by name, category, division (code or its beginning); or doors.

    `doors` is the name of a street whose numbered doors get their plates; `markers` the code of a
    boundary line (or its beginning, empty for all) whose markers get theirs.
    """

    names: Collection[str] = ()
    category: str | None = None
    division: str | None = None
    doors: str | None = None
    markers: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What an issue did: codes given now, signs that had theirs before.

    `signed_again`: codes of those before whose signature was revoked with its key; they have a
    new one, and their plates are to be printed anew. `withheld`: names of classified places, which
    get no sign, since everybody may read one.
    """

    codes: tuple[str, ...]
    before: int
    signed_again: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


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

    A sign whose signature was revoked with its key keeps its code and is signed again.

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
    address = addresses.base_url(base or county.setting(BASE) or _no_base())
    if key is not None:
        keys.refuse_strange(county, key.public_key())
    wanted, withheld = _for_everybody(county, _wanted(county, chosen, plate_class))
    frame = county.layer("signs", keep=["key"])
    done = frame[frame["code"].notna()].set_index("key")["code"]
    fresh = wanted[~wanted["key"].isin(done.index)]
    again = _again(county, wanted.assign(code=wanted["key"].map(done)), key=key)
    given = codes.draw(len(fresh), taken=_every_code(county))
    made = pd.concat([fresh.assign(code=given), again])
    contents = [
        _content(row["code"], row, address, key=key, decision=decision) for row in records(made)
    ]
    rows = made.assign(content=contents, state="issued", issued_on=today())
    if decision:
        rows["decision"] = rows["decision"].where(rows["decision"].notna(), decision)
    with county.change("signs issue", document=decision or None) as change:
        if address != county.setting(BASE):
            change.keep_setting(BASE, address)
        if len(rows):
            land(change, "signs", rows, key=["key"])
    before = len(wanted) - len(made)
    return Issued(
        codes=tuple(given),
        before=before,
        signed_again=tuple(again["code"]),
        withheld=withheld,
    )


def _for_everybody(
    county: County, wanted: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Return what is not classified, and the names of the rest."""
    marked = county.marked()
    found = [marked.of_thing(each) for each in wanted["thing_id"]]
    # names are internal where nothing else is said, and signs are made of them
    highest = rank(profiles()["internal"].ceiling)
    secret = np.array([each is not None and each.rank > highest for each in found], dtype=bool)
    return wanted[~secret], tuple(wanted.loc[secret, "text"].astype(str))


def _again(
    county: County, wanted: gpd.GeoDataFrame, *, key: Ed25519PrivateKey | None
) -> gpd.GeoDataFrame:
    """Return those that have a sign whose signature is revoked; none where nothing signs."""
    lost = () if key is None else keys.worthless(county).index
    return wanted[wanted["code"].isin(lost)]


def _wanted(county: County, chosen: Selection, plate_class: str | None) -> gpd.GeoDataFrame:
    if chosen.doors is not None:
        return _doors(county, chosen, plate_class)
    if chosen.markers is not None:
        return _markers(county, chosen, plate_class)
    return _places(county, chosen, plate_class)


def _no_base() -> str:
    raise InputError(
        Sentence("There is no base address for the codes yet"),
        remedy=Sentence("Give --base https://host/path."),
    )


def _every_code(county: County) -> set[str]:
    """Return all codes ever given, those of closed versions too: none is given twice."""
    return set(county.layer("signs", as_of="all")["code"].dropna())


def _places(county: County, chosen: Selection, plate_class: str | None) -> gpd.GeoDataFrame:
    names = registry.standing(county)
    places = county.layer("places").set_index("id")
    names = names[names["thing_id"].isin(places.index)]
    category = names["thing_id"].map(places["category"])
    if chosen.names:
        names = names[names["text"].isin(set(chosen.names))]
    if chosen.category:
        wanted = categories.beginning(categories.require(chosen.category))
        categories_of_names = category.loc[names.index].map(
            lambda each: categories.code_of(each) or ""
        )
        names = names[categories_of_names.str.startswith(wanted)]
    if chosen.division:
        held = Hierarchy.of(county.layer("divisions"))
        names = names[[held.holds(chosen.division, each) for each in names["division_code"]]]
    names = names.drop_duplicates("thing_id").head(chosen.limit or len(names))
    if names.empty:
        remedy = Sentence("Look for them with `gazetteer names search`.")
        raise UnknownError(Sentence("no place is so named, or of that kind, there"), remedy=remedy)
    classes = [
        class_of(plate_class or _usual(str(kind))).name for kind in category.loc[names.index]
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
    """Return the plate class that a kind of place usually has (GB/T 18521 code or a word)."""
    code = categories.code_of(category) or ""
    if code.startswith(("22", "216")):
        return "village"
    return "plaque" if code.startswith(("26", "251")) else "road"


def _markers(county: County, chosen: Selection, plate_class: str | None) -> gpd.GeoDataFrame:
    markers = county.layer("markers")
    lines = county.layer("lines").drop_duplicates("id").set_index("id")
    line = markers["line_id"].map(lines["code"]).fillna("").astype(str)
    markers = markers[line.str.startswith(str(chosen.markers))]
    if chosen.names:
        markers = markers[markers["number"].isin(set(chosen.names))]
    if markers.empty:
        remedy = Sentence("Import the lines and their markers first: `gazetteer import markers`.")
        raise UnknownError(
            Sentence("no marker stands on line {line!r}", line=str(chosen.markers)[:40]),
            remedy=remedy,
        )
    markers = markers.head(chosen.limit or len(markers))
    class_name = class_of(plate_class or "marker").name
    return gpd.GeoDataFrame(
        {
            "key": [f"{one}:{class_name}" for one in markers["id"]],
            "thing_id": markers["id"],
            "plate_class": class_name,
            "text": markers["number"],
            "romanization": None,
            "number": None,
            "division_code": markers["line_id"].map(lines["left_code"]),
            "decision": markers["line_id"].map(lines["agreement_document"]),
        },
        geometry=markers.geometry,
        crs="EPSG:4490",
    )


def _doors(county: County, chosen: Selection, plate_class: str | None) -> gpd.GeoDataFrame:
    frame = county.layer("signs", keep=["key"])
    doors = frame[frame["number"].notna() & (frame["text"] == chosen.doors)]
    if doors.empty:
        remedy = Sentence("Number its doors first: `gazetteer signs number`.")
        raise UnknownError(
            Sentence("no door of {street!r} has a number", street=str(chosen.doors)[:40]),
            remedy=remedy,
        )
    columns = ["key", "thing_id", "plate_class", "text", "romanization", "number"]
    columns += ["division_code", "decision", "geometry"]
    doors = doors.head(chosen.limit or len(doors))[columns]
    if plate_class:
        doors = doors.assign(plate_class=class_of(plate_class).name)
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
            name=text_of(row["text"]) + door_numbers.on_plate(text_of(row["number"])),
            romanization=text_of(row["romanization"]),
            division=text_of(row["division_code"]),
            decision=text_of(row["decision"]) or decision,
        )
        signed = payload.sign(claim, key=key)
    return payload.content(code, base=base, payload=signed)


def revoke(county: County, text: str, *, reason: str) -> str:
    """Revoke one sign; its place may be issued another. Returns the code."""
    row = registry.find(county, text)
    if row["state"] == "revoked":
        raise ConflictError(
            Sentence("sign {spoken} is revoked already", spoken=codes.spoken(row["code"]))
        )
    # the key is set free, so that the place can be issued a new sign
    changed = {"code": row["code"], "state": "revoked", "key": f"{row['key']}:{row['code']}"}
    orders = county.layer("sign_orders")
    open_orders = orders[(orders["sign_id"] == row["id"]) & (orders["state"] == "open")]
    with county.change("signs issue --revoke", reason=reason) as change:
        land(change, "signs", pd.DataFrame([changed]), key=["code"])
        if len(open_orders):
            done = open_orders[["number"]].assign(
                state="closed", closed_on=today(), remarks="标志已注销"
            )
            land(change, "sign_orders", done, key=["number"])
    return str(row["code"])

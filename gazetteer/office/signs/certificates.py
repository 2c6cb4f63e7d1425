"""Standard addresses as their certificate (标准地址证明) states them, from the county file."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Sentence
from gazetteer.documents.addresses import Address
from gazetteer.office.signs import registry
from gazetteer.office.signs.registry import postcode_of, text_of
from gazetteer.signs import codes, door_numbers
from gazetteer.store import County


def address(county: County, door: str) -> Address:
    """Return the standard address of a door and what it was called before.

    Parameters
    ----------
    door
        Its standard address, its street and number (建设路12号附1号), or the code of its sign.

    Raises
    ------
    UnknownError
        When no numbered door is so called.
    InputError
        When several are.
    """
    frame = registry.signs(county)
    frame = frame[frame["number"].notna() & (frame["state"] != "revoked")]
    called_so = frame[_called(frame, door)]
    if called_so.empty:
        remedy = Sentence("Number the doors of its street first: `gazetteer signs number`.")
        raise UnknownError(Sentence("no door is called {door!r}", door=door[:40]), remedy=remedy)
    if len(called_so) > 1:
        known = tuple(called_so["address"].astype(str).head(4))
        remedy = Sentence("Give the address in full.")
        raise InputError(
            Sentence(
                "{count} doors are called {door!r}: {known}",
                count=len(called_so),
                door=door[:40],
                known=known,
            ),
            remedy=remedy,
        )
    return _address(county, called_so.to_dict("records")[0])


def _called(frame: pd.DataFrame, door: str) -> pd.Series:
    if codes.is_code(door):
        return frame["code"] == codes.parse(door)
    plain = door.strip().removesuffix("号")
    return (frame["address"].str.removesuffix("号") == plain) | (
        frame["name"].str.removesuffix("号") == plain
    )


def _address(county: County, row: dict[str, Any]) -> Address:
    number = door_numbers.on_plate(row["number"])
    name = str(row["name"]).removesuffix(number)
    names = county.layer("names", as_of="all")
    names_of_street = names[names["thing_id"] == row["thing_id"]]
    spelled = names_of_street.loc[
        (names_of_street["text"] == name) & (names_of_street["role"] == "standard"), "romanization"
    ]
    earlier = names_of_street.loc[
        (names_of_street["role"] == "former") | (names_of_street["text"] != name), "text"
    ]
    earlier = earlier[names_of_street["role"].isin(["standard", "former"])]
    before = text_of(row["address"]).removesuffix(number)
    stem = before.removesuffix(name) if before.endswith(name) else before.removesuffix(row["text"])
    return Address(
        address=f"{stem}{name}{number}",
        street=name,
        romanization=text_of(spelled.iloc[-1]) if len(spelled) else text_of(row["romanization"]),
        door=number,
        postcode=postcode_of(row["attributes"]),
        code=codes.spoken(row["code"]) if text_of(row["code"]) else "",
        decision=text_of(row["decision"]),
        former=[f"{stem}{each}{number}" for each in earlier.tolist()[::-1]],
        lon=row["geometry"].x,
        lat=row["geometry"].y,
    )

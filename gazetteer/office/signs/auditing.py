"""All plates of a county file against its names and their history; work orders that follow."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gazetteer.common.findings import Finding
from gazetteer.common.language import Text
from gazetteer.names.rules import Unchecked
from gazetteer.office.signs import keys, registry
from gazetteer.office.signs.registry import text_of
from gazetteer.signs import door_numbers, inspection
from gazetteer.signs.audit import CAUSES, CLAUSE, Names, Told, audit, of_lost_keys
from gazetteer.signs.inspection import Visit
from gazetteer.store import County
from gazetteer.store.frames import today
from gazetteer.store.landing import land


def findings(county: County) -> list[Finding]:
    """Return what plates say that the register does not: see `gazetteer.signs.audit`."""
    plates = [
        Told(
            code=row["code"],
            thing_id=text_of(row["thing_id"]),
            text=text_of(row["text"]),
            romanization=text_of(row["romanization"]),
            number=door_numbers.on_plate(text_of(row["number"])),
            geometry=row["geometry"],
        )
        for row in registry.standing_signs(county).to_dict("records")
    ]
    lost = keys.worthless(county).to_dict()
    return [*audit(plates, _names(county)), *of_lost_keys(plates, lost)]


def unchecked(county: County) -> list[Unchecked]:
    """Return why plates were not compared: they have no code, or none are on record at all."""
    every = registry.signs(county)
    bare = int((every["code"].isna() & (every["state"] != "revoked")).sum())
    if bare:
        reason = Text(f"{bare} 个标志没有编码，未核对", f"{bare} signs have no code: not compared")
    elif registry.standing_signs(county).empty:
        reason = Text("库中没有在用的标志，未核对", "no sign in use is on record: not compared")
    else:
        return []
    title = Text("牌面与名录一致", "plates agree with the register")
    return [Unchecked(rule="signs-audit", clause=CLAUSE, title=title, reason=reason)]


def _names(county: County) -> dict[str, Names]:
    """Return the names of all things that bear any: standard in force, and those before."""
    now, ever = county.layer("names"), county.layer("names", as_of="all")
    standing = now[now["role"] == "standard"].drop_duplicates("thing_id").set_index("thing_id")
    borne = ever[ever["role"].isin(["standard", "former"])].fillna("")
    former: dict[str, dict[str, str]] = {}
    for thing, text, until in borne[["thing_id", "text", "valid_to"]].itertuples(index=False):
        # the same name may be on record twice: as it was in force, and as a former one
        last_days = former.setdefault(thing, {})
        last_days[text] = max(last_days.get(text, ""), until)
    by_thing = {
        thing: Names(
            standard=text_of(standing["text"].get(thing)),
            romanization=text_of(standing["romanization"].get(thing)),
            former=texts,
        )
        for thing, texts in former.items()
    }
    markers = county.layer("markers")
    return by_thing | {
        marker: Names(standard=number, former={})
        for marker, number in zip(markers["id"], markers["number"], strict=True)
    }


def open_orders(county: County, found: Sequence[Finding]) -> tuple[str, ...]:
    """Open a work order for each plate found; one that has such an order gets no other.

    Returns
    -------
    Numbers of the new orders.
    """
    ids = registry.standing_signs(county).set_index("code")["id"]
    seen = [
        Visit(sign_id=ids[each.subject], code=each.subject, state=CAUSES[each.rule])
        for each in found
    ]
    orders = county.layer("sign_orders")
    fresh = inspection.orders(
        seen, open_orders=orders[orders["state"] == "open"], today=today(), taken=len(orders)
    )
    if fresh.empty:
        return ()
    wrong = [each.code for each in seen if each.state == "wrong-text"]
    with county.change("signs audit") as change:
        land(change, "sign_orders", fresh, key=["number"])
        if wrong:
            land(
                change, "signs", pd.DataFrame({"code": wrong, "state": "wrong-text"}), key=["code"]
            )
    return tuple(fresh["number"])

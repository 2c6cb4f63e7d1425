"""Codes for townships that a drawing names and no list has numbered yet, until a list does.

A county file that knows no township has nothing to match the names of a drawing with. Its areas
land all the same, under codes that no list can give: GB/T 10114 gives the third segment 001-099 to
sub-districts, 100-399 to towns and townships and 400-599 to farms, and nothing to 9xx. The first
list or layer that has their names with codes gives them those.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from gazetteer.common.language import Text
from gazetteer.store import Change, County, renaming

SETTING = "import/provisional"
"""Setting with the ids of the divisions whose codes are provisional."""
LEVEL, COUNTY_DIGITS, FIRST, AFTER = "township", 6, 901, 1000
_SHOWN = 10


class Recoded(NamedTuple):
    """A division whose provisional code gives way to that of a list."""

    thing_id: str
    before: str
    after: str
    name: str


@dataclass(frozen=True, slots=True)
class Provisional:
    """What one import does with provisional codes.

    Parameters
    ----------
    made
        Code that each row without one gets, by row.
    recoded
        Divisions that get the code of the list instead.
    known
        Setting with the ids that bore provisional codes before, as JSON.
    """

    made: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))
    recoded: tuple[Recoded, ...] = ()
    known: str = "[]"

    def notes(self) -> tuple[Text, ...]:
        """Return what to say: which codes were made, which gave way."""
        return (*_made(self.made), *_recoded(self.recoded))

    def carry_out(self, change: Change) -> None:
        """Correct the codes that give way, before the rows that bring the true ones land."""
        for each in self.recoded:
            renaming.recode_division(change, each.thing_id, before=each.before, after=each.after)

    def remember(self, change: Change, ids: pd.Series) -> None:
        """Keep which divisions bear provisional codes now (ids of the landed rows by row)."""
        before = json.loads(self.known)
        gone = {each.thing_id for each in self.recoded}
        landed = ids[ids.index.isin(self.made.index)].tolist()
        now = [each for each in dict.fromkeys([*before, *landed]) if each not in gone]
        if now != before:
            change.keep_setting(SETTING, json.dumps(now))


def provisional(
    county: County, frame: pd.DataFrame, *, unknown: pd.Series | None = None
) -> Provisional:
    """Return what a list or layer does with provisional codes.

    Parameters
    ----------
    county
        County file.
    frame
        The list: ``code``, ``name``.
    unknown
        Names without a code that no division on record has, by row; each gets a provisional one.
    """
    made = _codes(county, pd.Series(dtype=object) if unknown is None else unknown)
    return Provisional(made, _replaced(county, frame), county.setting(SETTING) or "[]")


def _codes(county: County, names: pd.Series) -> pd.Series:
    """Return a provisional code for each of some names, none where townships are on record.

    One name gets one code; the file of a prefecture or a nation gives none.
    """
    root, known, stored = county.division_code, on_record(county), county.layer("divisions")
    townships = stored.loc[stored["level"] == LEVEL, "id"]
    if len(root) != COUNTY_DIGITS or not set(townships) <= set(known["id"]):
        return pd.Series(dtype=object)
    taken = set(known["code"])
    free = (code for n in range(FIRST, AFTER) if (code := f"{root}{n}") not in taken)
    given = dict(zip(names.drop_duplicates(), free, strict=False))
    return names.map(given).dropna().astype(object)


def _replaced(county: County, frame: pd.DataFrame) -> tuple[Recoded, ...]:
    """Return the divisions with a provisional code to whose name a list gives another, new code.

    A name that stands in the list twice replaces nothing.
    """
    known = on_record(county)
    if known.empty:
        return ()
    stored = county.layer("divisions")["code"]
    coded = frame[frame["code"].notna()].drop_duplicates("name", keep=False)
    codes = dict(zip(coded["name"], coded["code"], strict=True))
    new = {name: code for name, code in codes.items() if code not in set(stored)}
    rows = zip(known["id"], known["code"], known["name"], strict=True)
    return tuple(
        Recoded(thing_id, code, new[name], name) for thing_id, code, name in rows if name in new
    )


def on_record(county: County) -> pd.DataFrame:
    """Return the divisions that bear a provisional code now, as of the layer of divisions."""
    stored = county.layer("divisions")
    return stored[stored["id"].isin(json.loads(county.setting(SETTING) or "[]"))]


def _made(made: pd.Series) -> tuple[Text, ...]:
    every = sorted(set(made))
    if not every:
        return ()
    shown = every[0] if len(every) == 1 else f"{every[0]}–{every[-1]}"
    return (
        Text(
            f"{len(every)} 个面没有代码，库中也没有乡级政区：暂用代码 {shown}"
            "（GB/T 10114 未使用的 9xx 段），导入带代码的区划表或图层时按名称换成正式代码",
            f"{len(every)} areas have no code and no township is on record: they bear the "
            f"provisional codes {shown} (9xx, which GB/T 10114 leaves free) until a list or layer "
            "with their names brings the true ones",
        ),
    )


def _recoded(recoded: tuple[Recoded, ...]) -> tuple[Text, ...]:
    if not recoded:
        return ()
    shown = "、".join(f"{each.before} {each.name} → {each.after}" for each in recoded[:_SHOWN])
    more = " 等" if len(recoded) > _SHOWN else ""
    return (
        Text(
            f"{len(recoded)} 个暂用代码换成正式代码：{shown}{more}",
            f"{len(recoded)} provisional codes gave way to those of the list: {shown}{more}",
        ),
    )

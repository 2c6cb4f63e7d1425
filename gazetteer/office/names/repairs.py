"""Dirty names of the county file: listed with candidates, decided, corrected as one event."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from gazetteer import exchange
from gazetteer.common.errors import ConflictError, InputError
from gazetteer.common.language import Sentence
from gazetteer.exchange import forms, repairing
from gazetteer.exchange.repairing import Doubt, Repair
from gazetteer.importing.landing import REPAIRED
from gazetteer.office.names.readings import other_sounds, spelt
from gazetteer.office.names.spelling import decisions
from gazetteer.store import County, renaming

LONGEST = 200
Editions = Mapping[str, Sequence[str]]
"""Names that other lists have under a division code."""


@dataclass(frozen=True, slots=True)
class Dirty:
    """A name in force that is not as it should be.

    Parameters
    ----------
    fid, code, role
        Its row, the code of what bears it, standard or another role.
    repair
        What is certain, and what a person must decide on.
    """

    fid: int
    code: str
    role: str
    repair: Repair

    def as_json(self) -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {"id": self.fid, "code": self.code, "role": self.role, **as_json(self.repair)}


def as_json(repair: Repair) -> dict[str, Any]:
    """Return a repair as scripts rely on it."""
    doubts = [
        {"kind": each.kind, "part": each.part, "candidates": [*each.candidates]}
        for each in repair.doubts
    ]
    return {
        "name": repair.before,
        "after": repair.after,
        "kinds": [*repair.kinds],
        "doubts": doubts,
    }


# ------------------------------------------------------------------ what is dirty


def editions(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Return the names that lists of divisions have under each code."""
    found: dict[str, list[str]] = {}
    for path in paths:
        frame = exchange.read(path, "divisions", repeats=True).frame
        for code, name in zip(frame["code"], frame["name"], strict=True):
            if name not in (known := found.setdefault(code, [])):
                known.append(name)
    return found


def dirty(county: County, *, known: Editions | None = None) -> list[Dirty]:
    """Return the names in force that can be corrected or are in doubt, by code.

    Parameters
    ----------
    county
        Open county file.
    known
        Names of other editions by code; candidates are taken from them and from the other names
        of the same thing.
    """
    names = renaming.in_force(county.connection)
    settled = {*repaired(county).values()}
    of_thing = names.groupby("thing_id")["text"].agg(list).to_dict()
    found = []
    for row in names.itertuples():
        editions_ = [*(known or {}).get(str(row.code), ())]
        made = examined(str(row.text), known=editions_, others=of_thing.get(row.thing_id, []))
        if made.kinds or (made.doubts and row.text not in settled):
            found.append(Dirty(int(str(row.fid)), str(row.code or ""), str(row.role), made))
    return found


def examined(name: str, *, known: Sequence[str] = (), others: Sequence[str] = ()) -> Repair:
    """Return the repair of a name; a name of another edition that differs in one place is a doubt.

    `others` are the other names of the same thing: they fill holes, too, but may differ.

    Examples
    --------
    >>> examined("后门社区居委会", known=["鲘门社区居民委员会"]).doubts
    (Doubt(kind='edition', part='后', candidates=('鲘门社区居委会',)),)
    """
    made = repairing.repair(name, known=[each for each in (*known, *others) if each != name])
    if made.kinds or made.doubts:
        return made
    others_ending_so = [
        repairing.ending_as(each, name) for each in known if repairing.is_whole(each)
    ]
    alike = [
        (each, at) for each in dict.fromkeys(others_ending_so) if (at := _one_off(name, each)) >= 0
    ]
    doubts = tuple(Doubt("edition", name[at], (each,)) for each, at in alike)
    return replace(made, doubts=doubts)


def _one_off(name: str, other: str) -> int:
    """Return where two names differ, -1 where it is not in exactly one character."""
    if len(name) != len(other):
        return -1
    places = [at for at, (a, b) in enumerate(zip(name, other, strict=True)) if a != b]
    return places[0] if len(places) == 1 else -1


# ------------------------------------------------------------------ decided


def certain(found: Iterable[Dirty], *, kinds: Collection[str]) -> dict[int, str]:
    """Return row -> corrected name of those whose corrections are all of some kinds.

    Raises
    ------
    InputError
        There is no such kind.
    """
    unknown = set(kinds) - set(repairing.KINDS)
    if unknown:
        msg = Sentence("no kind of correction {kind!r}", kind=min(unknown))
        raise InputError(msg, remedy=Sentence("Kinds: {listed}.", listed=tuple(repairing.KINDS)))
    return {
        each.fid: each.repair.after
        for each in found
        if each.repair.kinds and set(each.repair.kinds) <= set(kinds)
    }


def carry_out(county: County, chosen: Mapping[int, str], *, reason: str | None = None) -> int:
    """Correct names by row, and the divisions that bear them, as one event; spell them anew.

    What a file brings again under the name as it was is taken as the corrected one from then on.

    Raises
    ------
    InputError
        A decided name is none.
    ConflictError
        A row is no name in force.
    """
    names = renaming.in_force(county.connection).set_index("fid", drop=False)
    if gone := set(chosen) - set(names.index):
        remedy = Sentence("List the names again: `gazetteer names repairs`.")
        raise ConflictError(Sentence("row {row} is no name in force", row=min(gone)), remedy=remedy)
    renamed = {fid: _name(text) for fid, text in chosen.items() if text != names["text"][fid]}
    if not renamed:
        return 0
    rows = names.loc[[*renamed]].reset_index(drop=True)
    before = rows["text"].tolist()
    changed = rows.assign(text=[*renamed.values()])
    made = spelt(changed, decisions(county))
    after = made["text"].tolist()
    again = {**repaired(county), **dict(zip(before, after, strict=True))}
    detail = {"repaired": dict(zip(before, after, strict=True))}
    with county.change("names repair", reason=reason, detail=detail) as change:
        renaming.retext(change, made, other_sounds(made))
        change.keep_setting(REPAIRED, json.dumps(again, ensure_ascii=False))
    return len(renamed)


def _name(text: str) -> str:
    name, _ = repairing.clean(text)
    if not name or len(name) > LONGEST or re.search(r"[\x00-\x1f]", name):
        raise InputError(
            Sentence("{text!r} is no name", text=text[:40]),
            remedy=Sentence("1 to {longest} characters.", longest=LONGEST),
        )
    return name


def repaired(county: County) -> dict[str, str]:
    """Return the names corrected so far: as they came -> as they are."""
    setting = county.setting(REPAIRED)
    return json.loads(setting) if setting else {}


# ------------------------------------------------------------------ as a file

ID, NAME, AFTER, CHOICE = "编号", "原名", "建议", "决定"
YES = {"是", "y", "yes", "√", "同意"}


def table(found: Iterable[Dirty]) -> pd.DataFrame:
    """Return a row a name with what is proposed, and an empty column to decide in."""
    rows = [
        {
            ID: str(each.fid),
            "代码": each.code,
            NAME: each.repair.before,
            AFTER: each.repair.after if each.repair.kinds else "",
            "依据": "、".join(each.repair.kinds),
            "疑点": "、".join(f"{doubt.kind} {doubt.part}" for doubt in each.repair.doubts),
            "候选": "、".join(name for doubt in each.repair.doubts for name in doubt.candidates),
            CHOICE: "",
        }
        for each in found
    ]
    columns = [ID, "代码", NAME, AFTER, "依据", "疑点", "候选", CHOICE]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def decided(county: County, path: Path) -> dict[int, str]:
    """Return row -> name from a list in which somebody has decided.

    是 takes what is proposed, any other text is the name itself, an empty cell decides nothing.

    Raises
    ------
    InputError
        The file is no such list, or nothing is proposed where 是 stands.
    ConflictError
        A name has been changed since the list was written.
    """
    cells = forms.read_list(path)
    if not {ID, NAME, AFTER, CHOICE} <= set(cells.columns):
        remedy = Sentence("Give the list that `gazetteer names repairs --out` wrote.")
        raise InputError(
            Sentence("has no columns {id}, {name} and {choice}", id=ID, name=NAME, choice=CHOICE),
            place=str(path),
            remedy=remedy,
        )
    names = renaming.in_force(county.connection).set_index("fid")["text"].to_dict()
    return dict(_choices(cells, names, path))


def _choices(
    cells: pd.DataFrame, names: Mapping[int, str], path: Path
) -> Iterator[tuple[int, str]]:
    for row, cell in cells.to_dict("index").items():
        choice, place = cell[CHOICE].strip(), f"{path}, row {row}"
        if not choice:
            continue
        fid = int(cell[ID]) if cell[ID].isdecimal() else -1
        if names.get(fid) != cell[NAME]:
            remedy = Sentence("Write the list anew and decide there.")
            raise ConflictError(
                Sentence("{cell!r} was changed meanwhile", cell=cell[NAME]),
                place=place,
                remedy=remedy,
            )
        if choice.lower() in YES and not cell[AFTER]:
            raise InputError(
                Sentence("nothing is proposed there"),
                place=place,
                remedy=Sentence("Write the name."),
            )
        yield fid, cell[AFTER] if choice.lower() in YES else choice

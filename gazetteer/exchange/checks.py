"""Rows against each other: levels and parents from codes, keys that repeat, parents in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gazetteer.common import codes, divisions
from gazetteer.common.language import Text
from gazetteer.exchange.rejects import Problems
from gazetteer.exchange.sources.raw import Objects, objects
from gazetteer.kinds import Kind

Place = Callable[[int], Text]

NAMED = 5


def unique(
    frame: pd.DataFrame, kind: Kind, problems: Problems, *, place: Place, column: str
) -> None:
    """Note rows whose key an earlier sound row has already, in the column of the key."""
    key = [name for name in kind.unique if name in frame]
    if not key:
        return
    # what is wrong already is no earlier row: the next one of its key may still land
    sound = np.flatnonzero(frame[key[0]].notna().to_numpy() & ~problems.mask)
    if not len(sound):
        return
    candidates = frame.iloc[sound][key]
    repeated = candidates.duplicated().to_numpy()
    if not repeated.any():
        return
    columns = [candidates[name].tolist() for name in key]
    first: dict[tuple[object, ...], int] = {}
    for at, values in zip(sound.tolist(), zip(*columns, strict=True), strict=True):
        first.setdefault(_comparable(values), at)
    rows = sound[repeated]
    earlier = {
        int(row): first[_comparable(tuple(frame[name].iloc[row] for name in key))] for row in rows
    }
    problems.add(rows, column, lambda row: _repeats(frame[key[0]].iloc[row], place(earlier[row])))


def _comparable(values: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(None if value is None or value != value else value for value in values)  # noqa: PLR0124


def _repeats(value: object, where: Text) -> Text:
    return Text(f"{value} 与{where.zh}重复", f"{value} stands already in {where.en}")


def levels(division_codes: Objects, stated: Objects) -> Objects:
    """Return the level of each division: told by its code, else as stated.

    Examples
    --------
    >>> levels(np.array(["421081", None], object), np.array([None, "village"], object)).tolist()
    ['county', 'village']
    """
    return objects(
        codes.LEVEL_BY_LENGTH.get(len(code), level) if code else level
        for code, level in zip(division_codes.tolist(), stated.tolist(), strict=True)
    )


def other_levels(division_codes: Objects, stated: Objects) -> list[Text]:
    """Return what to say about the divisions whose stated level is not that of their code.

    Examples
    --------
    >>> said = (np.array(["421081", "421081100201"], object), np.array(["county"] * 2, object))
    >>> [each.zh for each in other_levels(*said)]
    ['421081100201的级别与代码位数不符，以代码为准']
    """
    pairs = zip(division_codes.tolist(), stated.tolist(), strict=True)
    differing = [
        code
        for code, level in pairs
        if code and level and codes.LEVEL_BY_LENGTH.get(len(code), level) != level
    ]
    if not differing:
        return []
    zh, en = _some(differing)
    return [
        Text(
            f"{zh}的级别与代码位数不符，以代码为准",
            f"{en}: the level told is not that of the code, which counts",
        )
    ]


def parents(division_codes: Objects, stated: Objects) -> Objects:
    """Return the parent code of each division: as stated, else told by its own code."""
    known = {code for code in division_codes.tolist() if code}
    return objects(
        given or (codes.parent(code, known) if code else None)
        for code, given in zip(division_codes.tolist(), stated.tolist(), strict=True)
    )


def others(division_codes: Iterable[Any], stated: Iterable[Any]) -> dict[str, list[str]]:
    """Return the divisions whose stated parent is not that of their code, by the one stated.

    The stated one counts: a town may be governed by another county than its code tells (代管).

    Examples
    --------
    >>> others(["421081", "421023101", "421023102"], [None, "421081", "421023"])
    {'421081': ['421023101']}
    """
    pairs = [(code, parent) for code, parent in zip(division_codes, stated, strict=True) if code]
    known = {code for code, _ in pairs}
    found: dict[str, list[str]] = {}
    for code, parent in pairs:
        if parent and codes.is_code(code) and codes.parent(code, known) not in (None, parent):
            found.setdefault(parent, []).append(code)
    return found


def other_parents(division_codes: Objects, stated: Objects) -> list[Text]:
    """Return what to say about the divisions whose stated parent is not that of their code."""
    return [other_parent(each, units) for each, units in others(division_codes, stated).items()]


def other_parent(parent: str, units: Sequence[str]) -> Text:
    """Return the sentence about divisions under another parent than their codes tell."""
    zh, en = _some(units)
    return Text(
        f"{zh}的上级按文件为{parent}，与代码所示不同（如代管），以文件为准",
        f"{en}: the parent is {parent} as the file says, not as the code tells",
    )


def kinds(
    names: Objects, level: Objects, stated: Objects, division_codes: Objects | None = None
) -> Objects:
    """Return the kind of each division: as stated, else told by its name's end, else its code.

    Examples
    --------
    >>> names = np.array(["新厂镇", "绣林街道办事处", "石首市"], object)
    >>> level = np.array(["township", "township", "county"], object)
    >>> kinds(names, level, np.array([None, None, None], object)).tolist()
    ['镇', '街道', '县级市']
    """
    found = [
        given or (divisions.by_name(name, rank) if name else None)
        for name, rank, given in zip(names.tolist(), level.tolist(), stated.tolist(), strict=True)
    ]
    if division_codes is not None:
        pairs = zip(found, division_codes.tolist(), level.tolist(), strict=True)
        found = [kind or divisions.by_code(code, rank) for kind, code, rank in pairs]
    return objects(found)


def _some(units: Sequence[str]) -> tuple[str, str]:
    shown, more = units[:NAMED], len(units) - NAMED
    zh = "、".join(shown) + (f"等{len(units)}个" if more > 0 else "")
    return zh, ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def circles(division_codes: Objects, parent: Objects, problems: Problems) -> None:
    """Note divisions that are their own ancestor.

    Examples
    --------
    >>> problems = Problems(3)
    >>> own, above = ["11", "12", "13"], ["12", "11", "12"]
    >>> circles(np.array(own, object), np.array(above, object), problems)
    >>> problems.mask.tolist(), problems.of(0)[2]
    ([True, True, False], 'The parents run in a circle: 11 > 12 > 11')
    """
    position = {code: at for at, code in enumerate(division_codes.tolist()) if code}
    count = len(division_codes)
    up = np.array([position.get(each, count) for each in parent.tolist()] + [count])
    reached = up
    for _ in range(max(count, 2).bit_length()):
        # each round doubles the steps walked up: who is not at the top by then walks in a circle
        reached = reached[reached]
    inside: npt.NDArray[np.int64] = np.unique(reached[reached != count])
    for at in inside.tolist():
        problems.add([at], "parent_code", _circle(at, up, division_codes))


def _circle(start: int, up: npt.NDArray[np.int64], division_codes: Objects) -> Text:
    chain, at = [str(division_codes[start])], int(up[start])
    while at != start and len(chain) < 12:
        chain.append(str(division_codes[at]))
        at = int(up[at])
    circle = " > ".join([*chain, str(division_codes[at])])
    return Text(f"上级关系成环：{circle}", f"The parents run in a circle: {circle}")

"""Old sign lists: which place each sign stands for, and which rows a person has to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from gazetteer.common.coordinates import CGCS2000_ELLIPSOID
from gazetteer.common.governed import Governed
from gazetteer.common.language import Text

NEAR_M = 500.0
"""A sign farther from its place's point is doubted unless the place is a road: our own default."""
MATCHED, REVIEW, UNKNOWN = "matched", "review", "unknown"
OUTCOMES = {
    MATCHED: Text("已对应", "matched"),
    REVIEW: Text("待核", "to be looked at"),
    UNKNOWN: Text("未找到", "not found"),
}
"""What a list for people says of a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a row of the list stands for: `thing_id` is the best guess also of a row to review."""

    outcome: str
    thing_id: str | None = None
    name: str = ""
    metres: float | None = None
    reason: Text


def match(
    listed: pd.DataFrame,
    names: pd.DataFrame,
    *,
    near_m: float = NEAR_M,
    governed: Governed | None = None,
) -> list[Match]:
    """Match the rows of an old list to places by name, division and distance.

    Parameters
    ----------
    listed
        ``name``, ``division_code`` (may be None), ``lon``, ``lat`` (degrees, may be NaN), ``code``
        (number of the old sign, may be absent).
    names
        Names of all times: ``thing_id``, ``text``, ``role``, ``standard`` (name in force),
        ``division_code``, ``lon``, ``lat``.
    near_m
        Farther than this is for review (m, on the ellipsoid).
    governed
        Units that lie elsewhere than their code tells.

    Returns
    -------
    One match a row, in order.
    """
    units = governed or Governed()
    wanted = names[names["text"].isin(set(listed["name"]))]
    by_text: dict[str, list[dict[str, Any]]] = {}
    for row in wanted.to_dict("records"):
        by_text.setdefault(row["text"], []).append(row)
    found = [
        _match(row, by_text.get(str(row["name"]), []), near_m=near_m, governed=units)
        for row in listed.to_dict("records")
    ]
    numbers = Counter(_number(row) for row in listed.to_dict("records"))
    return [
        _twice(each, _number(row), numbers[_number(row)])
        for row, each in zip(listed.to_dict("records"), found, strict=True)
    ]


def _number(row: dict[str, Any]) -> str:
    number = row.get("code")
    return number.strip() if isinstance(number, str) else ""


def _twice(found: Match, number: str, count: int) -> Match:
    """Return a match in doubt where other rows of the list have the same number."""
    if not number or count == 1 or found.outcome == UNKNOWN:
        return found
    reason = Text(f"编号 {number} 在表中出现 {count} 次", f"number {number} stands {count} times")
    return replace(found, outcome=REVIEW, reason=reason)


def _match(
    row: dict[str, Any], found: list[dict[str, Any]], *, near_m: float, governed: Governed
) -> Match:
    division = str(row.get("division_code") or "")
    within = [each for each in found if governed.lies(str(each["division_code"] or ""), division)]
    candidates = _things(row, within or found)
    if not candidates:
        return Match(outcome=UNKNOWN, reason=Text("地名库中无此名", "no place has this name"))
    metres, best = candidates[0]
    doubt = _doubt(row, candidates, elsewhere=bool(division and not within), near_m=near_m)
    return Match(
        outcome=REVIEW if doubt else MATCHED,
        thing_id=best["thing_id"],
        name=best["standard"],
        metres=None if np.isnan(metres) else float(metres),
        reason=doubt or Text("名称、区划、距离相符", "name, division and distance agree"),
    )


def _doubt(
    row: dict[str, Any],
    candidates: list[tuple[float, dict[str, Any]]],
    *,
    elsewhere: bool,
    near_m: float,
) -> Text | None:
    metres, best = candidates[0]
    if best["text"] != best["standard"]:
        return Text(
            f"“{row['name']}”不是现行标准名，现为“{best['standard']}”",
            f"{row['name']} is not the standard name: that is {best['standard']}",
        )
    if elsewhere:
        return Text("同名地名在别的区划", "the place of this name lies in another division")
    if len(candidates) > 1 and (np.isnan(metres) or candidates[1][0] <= near_m):
        return Text(f"有 {len(candidates)} 处同名", f"{len(candidates)} places have this name")
    if metres > near_m:
        return Text(f"相距 {metres:.0f} 米", f"{metres:.0f} m apart")
    return None


def _things(row: dict[str, Any], found: list[dict[str, Any]]) -> list[tuple[float, dict[str, Any]]]:
    """Return one candidate a thing with its distance (m), nearest first, unknown ones last."""
    lon, lat = row.get("lon", np.nan), row.get("lat", np.nan)
    size = len(found)
    _, _, metres = CGCS2000_ELLIPSOID.inv(
        np.full(size, lon, dtype=float),
        np.full(size, lat, dtype=float),
        np.array([each["lon"] for each in found], dtype=float),
        np.array([each["lat"] for each in found], dtype=float),
    )
    # of a thing's several names the standard one speaks for it
    order = sorted(
        zip(np.atleast_1d(metres), found, strict=True),
        key=lambda pair: (
            np.nan_to_num(pair[0], nan=np.inf),
            pair[1]["text"] != pair[1]["standard"],
        ),
    )
    first: dict[str, tuple[float, dict[str, Any]]] = {}
    for distance, each in order:
        first.setdefault(each["thing_id"], (float(distance), each))
    return list(first.values())

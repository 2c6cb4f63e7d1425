"""Whether two names given to one code are one name: written otherwise, of another kind, another.

What a list says under a code that is known already is compared here, by values alone; what follows
from it is asked in `gazetteer.importing.questions`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from gazetteer.common import divisions
from gazetteer.names.search.query import simplified

Likeness = Literal["same", "writing", "better", "kind", "other"]

_BLANK = re.compile(r"[\s\u200b-\u200f\ufeff·•]+")
_HOLE = re.compile("[?？\ufffd□〓*＊\ue000-\uf8ff\U000f0000-\U0010fffd]")
ORGANS = {"村委会": "村", "居委会": "社区"}
"""A committee stands for the village or community that it runs (National Bureau of Statistics)."""
_SHORT = {"县级市": "市", "地级市": "市", "市辖区": "区"}


def likeness(before: str, after: str, *, level: str | None) -> Likeness:
    """Tell what the name of a list is to the name on record.

    Returns
    -------
    ``same``; ``writing``: the same name in other characters, blanks or form of its generic part;
    ``better``: the same name with what the one on record lacks (generic part, a character that
    could not be shown, simplified characters); ``kind``: the same specific part with another
    generic one; ``other``: another name.

    Examples
    --------
    >>> likeness("罗店村", "罗店村村委会", level="village")
    'writing'
    >>> likeness("桃花山", "桃花山镇", level="township")
    'better'
    >>> likeness("桃花山乡", "桃花山镇", level="township")
    'kind'
    >>> likeness("久合垸乡", "高基庙乡", level="township")
    'other'
    >>> likeness("碌?屯村", "碌硃屯村", level="village"), likeness("臺前镇", "台前镇", level=None)
    ('better', 'better')
    """
    if before == after:
        return "same"
    old, new = _folded(before), _folded(after)
    if old == new or _filled(old, new):
        return "better" if _wear(after) < _wear(before) else "writing"
    (specific, kind), (other, new_kind) = parts(old, level), parts(new, level)
    if specific != other:
        return "other"
    if kind == new_kind or new_kind is None:
        return "writing"
    return "better" if kind is None else "kind"


def parts(name: str, level: str | None) -> tuple[str, str | None]:
    """Return the specific part of a division's name and its kind, None where it tells none.

    Examples
    --------
    >>> parts("罗店村村民委员会", "village"), parts("罗店", "village")
    (('罗店', '村'), ('罗店', None))
    >>> parts("绣林街道办事处", "township"), parts("镇", "township")
    (('绣林', '街道'), ('镇', None))
    """
    kind, rest = None, name
    while found := _ending(rest, level):
        kind, rest = found[1], rest[: -len(found[0])]
        if level != "village":
            break
    return rest, ORGANS.get(kind, kind) if kind else None


def _ending(name: str, level: str | None) -> tuple[str, str] | None:
    return next((each for each in divisions.endings(name, level) if each[0] != name), None)


def _folded(name: str) -> str:
    return simplified(_BLANK.sub("", unicodedata.normalize("NFKC", name)))


def _filled(old: str, new: str) -> bool:
    """Tell whether two names differ only where one has a character that could not be shown."""
    if len(old) != len(new):
        return False
    pairs = list(zip(old, new, strict=True))
    return all(a == b or _HOLE.match(a) or _HOLE.match(b) for a, b in pairs) and any(
        a == b and not _HOLE.match(a) for a, b in pairs
    )


def _wear(name: str) -> tuple[int, int]:
    """Return how much of a name is lost or not written as it should be."""
    return len(_HOLE.findall(name)), sum(a != b for a, b in zip(name, _padded(name), strict=True))


def _padded(name: str) -> str:
    return _folded(name).ljust(len(name))[: len(name)]


def change_of_kind(before: str, after: str, *, level: str | None) -> str:
    """Return how officials call it when a unit keeps its specific part and its kind changes.

    Examples
    --------
    >>> change_of_kind("桃花山乡", "桃花山镇", level="township")
    '撤乡设镇'
    >>> change_of_kind("罗店村", "罗店社区", level="village")
    '村改社区'
    >>> change_of_kind("桃花山镇", "桃花山镇", level="township")
    '代码变更'
    """
    old, new = (_SHORT.get(k, k) for k in (str(parts(n, level)[1]) for n in (before, after)))
    if old == new:
        return "代码变更"
    return f"{old}改{new}" if level == "village" else f"撤{old}设{new}"

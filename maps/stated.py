"""What a map says of the state of the county file that it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from gazetteer.common.language import Language, Text
from gazetteer.kinds import LAYERS
from gazetteer.store import County, events

BEIJING = timezone(timedelta(hours=8))
"""The time by which offices write, wherever the machine stands: one file gives one map."""


def stated(county: County, layers: Iterable[str], *, language: Language) -> str:
    """Return which event of the county file the layers of a map are up to, empty before any.

    What no event since has touched stays the same map, whatever else was done meanwhile.

    Parameters
    ----------
    county
        The county file.
    layers
        Those of the map; what is no layer of a county file counts for nothing.
    language
        Language of the sentence.
    """
    tables = [LAYERS[name].table for name in dict.fromkeys(layers) if name in LAYERS]
    found = events.last_of(county.connection, tables)
    return _sentence(*found).say(language) if found else ""


def _sentence(number: int, moment: str) -> Text:
    """Return the sentence for an event.

    Examples
    --------
    >>> _sentence(76, "2026-11-30T08:12:05Z").zh
    '数据截至第 76 号事件（2026年11月30日16时12分）'
    """
    at = datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(BEIJING)
    day = f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute:02d}分"
    return Text(
        f"数据截至第 {number} 号事件（{day}）",
        f"Data up to event {number} ({at:%Y-%m-%d %H:%M} UTC+8)",
    )

"""What a map says of the state of the county file that it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from gazetteer.common.language import Language, Text
from gazetteer.kinds import LAYERS
from gazetteer.store import County, events

Event = tuple[int, str]
"""Number and moment (ISO, UTC) of an event of the log."""
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
    return said(last(county, layers), language=language)


def last(county: County, layers: Iterable[str]) -> Event | None:
    """Return number and moment (UTC) of the last event that changed these layers; see `stated`."""
    tables = [LAYERS[name].table for name in dict.fromkeys(layers) if name in LAYERS]
    return events.last_of(county.connection, tables)


def said(event: Event | None, *, language: Language) -> str:
    """Return the sentence for an event, empty where there is none."""
    return "" if event is None else _sentence(*event).say(language)


def in_brief(event: Event | None, *, language: Language) -> str:
    """Return an event for the imprint of a sheet, empty where there is none.

    Examples
    --------
    >>> in_brief((76, "2026-11-30T18:12:05Z"), language="zh")
    '截至第76号事件（2026年12月1日）'
    """
    if event is None:
        return ""
    at = _local(event[1])
    return Text(
        f"截至第{event[0]}号事件（{at.year}年{at.month}月{at.day}日）",
        f"up to event {event[0]} ({at:%Y-%m-%d})",
    ).say(language)


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(BEIJING)


def _sentence(number: int, moment: str) -> Text:
    """Return the sentence for an event.

    Examples
    --------
    >>> _sentence(76, "2026-11-30T08:12:05Z").zh
    '数据截至第 76 号事件（2026年11月30日16时12分）'
    """
    at = _local(moment)
    day = f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute:02d}分"
    return Text(
        f"数据截至第 {number} 号事件（{day}）",
        f"Data up to event {number} ({at:%Y-%m-%d %H:%M} UTC+8)",
    )

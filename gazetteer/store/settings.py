"""Settings of a county file: what it is about, and what was decided once for later."""

from __future__ import annotations

from gazetteer.store.county import County


def remember(county: County, key: str, value: str) -> None:
    """Keep a setting, as an event of its own."""
    with county.change("remember", reason=key, detail={key: value}) as change:
        change.connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

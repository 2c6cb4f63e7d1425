"""The one reader of the reference tables in `gazetteer.data`."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


def text(name: str) -> str:
    """Return a shipped table as text (UTF-8, byte order mark dropped)."""
    return (files("gazetteer.data") / name).read_text(encoding="utf-8-sig")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a shipped CSV table, each a dictionary of strings."""
    heading, *lines = csv.reader(text(name).splitlines())
    return tuple(dict(zip(heading, line, strict=True)) for line in lines if line)


def column(name: str, field: str) -> list[str]:
    """Return one column of a shipped CSV table."""
    return [row[field] for row in rows(name)]

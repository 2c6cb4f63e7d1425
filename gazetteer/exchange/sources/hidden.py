"""What of a workbook its user does not see.

Hidden sheets, columns and rows, filtered ones too, and formulas that no program has computed yet.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from gazetteer.exchange.sources import unpack
from gazetteer.exchange.sources.raw import Hidden

_TAG = re.compile(rb"<(?:\w+:)?(row|col)\s([^<>]*)>")
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
"""A cell with a formula and nothing for its value."""
_IS_TEXT = re.compile(rb"\bt=[\"']str[\"']")
"""What a computed formula has that says an empty text."""
_CELL = re.compile(rb"\br=[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")
_IS_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_NUMBER = {
    name: re.compile(rb"\b" + name + rb"=[\"'](\d{1,7})[\"']") for name in (b"r", b"min", b"max")
}
_LONGEST_TAG = 1 << 12
_LARGEST_BOOK = 1 << 24
_MOST_COLUMNS = 16_384
_MOST_FORMULAS = 1_000
"""Formulas without a value, after which no more are looked for: one is enough to be told."""


def of_workbook(path: Path | IO[bytes]) -> dict[str, Hidden]:
    """Return what is hidden of each sheet, by its name; nothing where that cannot be told."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                name: _of_sheet(archive, member, hidden=state)
                for name, member, state in _sheets(archive)
            }
    except (*unpack.BROKEN, KeyError, etree.XMLSyntaxError):
        return {}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, bool]]:
    """Yield name, member and state of each sheet."""
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    for each in _elements(archive, "xl/workbook.xml", "sheet"):
        number = next((value for key, value in each.attrib.items() if key.endswith("}id")), None)
        target = targets.get(number)
        if target:
            member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            state = each.get("state", "visible") != "visible"
            yield each.get("name", ""), posixpath.normpath(member), state


def _elements(archive: zipfile.ZipFile, member: str, name: str) -> list[etree._Element]:
    if archive.getinfo(member).file_size > _LARGEST_BOOK:
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return list(etree.fromstring(archive.read(member), parser).iter(f"{{*}}{name}"))


def _of_sheet(archive: zipfile.ZipFile, member: str, *, hidden: bool) -> Hidden:
    rows: set[int] = set()
    columns: set[int] = set()
    uncomputed: dict[str, None] = {}
    carry, last = b"", 0
    with archive.open(member) as stream:
        while chunk := stream.read(unpack.CHUNK):
            text = carry + chunk
            end = 0
            for match in _TAG.finditer(text):
                end = match.end()
                if match[1] == b"row":
                    number = _NUMBER[b"r"].search(match[2])
                    last = int(number[1]) if number else last + 1
                    if _IS_HIDDEN.search(match[2]):
                        rows.add(last)
                elif _IS_HIDDEN.search(match[2]):
                    columns |= _span(match[2])
            if len(uncomputed) < _MOST_FORMULAS and (b"<f" in text or b":f" in text):
                uncomputed |= dict.fromkeys(_formulas(text))
            carry = text[max(end, len(text) - _LONGEST_TAG) :]
    return Hidden(frozenset(rows), frozenset(columns), hidden, tuple(uncomputed))


def _formulas(text: bytes) -> Iterator[str]:
    """Yield the cells whose formulas have no value."""
    for match in _UNCOMPUTED.finditer(text):
        number = _CELL.search(match[1])
        if number and not _IS_TEXT.search(match[1]):
            yield number[1].decode()


def _span(text: bytes) -> set[int]:
    """Return the positions from 0 of the columns that a ``col`` is about."""
    first, last = (_NUMBER[name].search(text) for name in (b"min", b"max"))
    if not first or not last:
        return set()
    return set(range(int(first[1]) - 1, min(int(last[1]), _MOST_COLUMNS)))

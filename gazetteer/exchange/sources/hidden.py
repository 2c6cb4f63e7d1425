"""What of a workbook its user does not see: hidden sheets, columns and rows, filtered ones too."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from gazetteer.exchange.sources import unpack
from gazetteer.exchange.sources.raw import Hidden

_TAG = re.compile(rb"<(?:\w+:)?(row|col)\s([^<>]*)>")
_IS_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_NUMBER = {
    name: re.compile(rb"\b" + name + rb"=[\"'](\d{1,7})[\"']") for name in (b"r", b"min", b"max")
}
_LONGEST_TAG = 1 << 12
_LARGEST_BOOK = 1 << 24
_MOST_COLUMNS = 16_384


def of_workbook(path: Path) -> dict[str, Hidden]:
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
    carry, last = b"", 0
    with archive.open(member) as stream:
        while chunk := stream.read(unpack.CHUNK):
            text = carry + chunk
            end = 0
            for found in _TAG.finditer(text):
                end = found.end()
                if found[1] == b"row":
                    number = _NUMBER[b"r"].search(found[2])
                    last = int(number[1]) if number else last + 1
                    if _IS_HIDDEN.search(found[2]):
                        rows.add(last)
                elif _IS_HIDDEN.search(found[2]):
                    columns |= _span(found[2])
            carry = text[max(end, len(text) - _LONGEST_TAG) :]
    return Hidden(frozenset(rows), frozenset(columns), hidden)


def _span(told: bytes) -> set[int]:
    """Return the positions from 0 of the columns that a ``col`` is about."""
    first, last = (_NUMBER[name].search(told) for name in (b"min", b"max"))
    if not first or not last:
        return set()
    return set(range(int(first[1]) - 1, min(int(last[1]), _MOST_COLUMNS)))

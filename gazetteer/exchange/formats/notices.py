"""What a file says about itself: its classification notice, the whole names of its fields."""

from __future__ import annotations

from pathlib import Path

SHEET = "密级"
"""The last sheet of a workbook, which says how the others may be used; reading passes it over."""

CUT_NAMES = "-fields.txt"
"""End of the name of the legend beside a Shapefile: each field name as cut, a tab, the whole."""


def description(notice: str | None) -> dict[str, str]:
    """Return the option by which GDAL writes the notice as the description of a layer or document.

    GeoPackage keeps it in ``gpkg_contents``, GeoJSON and KML as ``description``.

    Examples
    --------
    >>> description("密级:内部"), description(None)
    ({'DESCRIPTION': '密级:内部'}, {})
    """
    return {} if notice is None else {"DESCRIPTION": notice}


def beside(path: Path, notice: str | None) -> None:
    """Write the notice beside a file that has no place for it: ``地名-notice.txt``."""
    if notice is not None:
        notice_path = path.with_name(f"{path.stem}-notice.txt")
        notice_path.write_text(f"{notice}\n", encoding="utf-8-sig")

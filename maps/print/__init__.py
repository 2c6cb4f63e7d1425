"""Sheets for print: vector PDF in A3 or A4, from the same style table as the other maps."""

from maps.print.sheet import Edition, Sheet, series, sheet

__all__ = ["Edition", "Sheet", "series", "sheet"]

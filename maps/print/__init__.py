"""Sheets for print: vector PDF in A3 or A4, from the same style table as the other maps."""

from maps.print.change import after_change, before_change
from maps.print.figure import figure
from maps.print.sheet import Edition, Sheet, kinds, series, sheet

__all__ = [
    "Edition",
    "Sheet",
    "after_change",
    "before_change",
    "figure",
    "kinds",
    "series",
    "sheet",
]

"""Sheets for print: vector PDF in A3 or A4, from the same style table as the other maps."""

from maps.print.change import after_change, before_change, given_up, moved
from maps.print.figure import figure, illustration
from maps.print.imprint import Edition
from maps.print.named import Named
from maps.print.sheet import Sheet, kinds, series, sheet

__all__ = [
    "Edition",
    "Named",
    "Sheet",
    "after_change",
    "before_change",
    "figure",
    "given_up",
    "illustration",
    "kinds",
    "moved",
    "series",
    "sheet",
]

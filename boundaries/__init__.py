"""Divisions, boundary lines, markers, tiling, survey checks and joint inspections.

What stands in ``__all__`` is public and kept; everything else is private and may change.

Examples
--------
>>> import boundaries
>>> "gap" in boundaries.tiling.KINDS
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazetteer.common.lazy import face

if TYPE_CHECKING:
    from boundaries import description as description
    from boundaries import deviation as deviation
    from boundaries import lines as lines
    from boundaries import numbering as numbering
    from boundaries import survey as survey
    from boundaries import tiling as tiling

__getattr__ = face(__name__)

__all__ = ["description", "deviation", "lines", "numbering", "survey", "tiling"]

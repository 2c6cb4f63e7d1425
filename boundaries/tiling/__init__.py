"""Gaps, overlaps and every other defect of a tiling of polygons, found as exact faces."""

from boundaries.tiling.check import check as check
from boundaries.tiling.checker import Checker as Checker
from boundaries.tiling.kinds import KINDS as KINDS
from boundaries.tiling.kinds import Limits as Limits
from boundaries.tiling.since import since as since

"""Maps: one style table for interactive HTML, QGIS and print."""

from maps.atlas import Atlas, atlas

__all__ = ["Atlas", "atlas"]

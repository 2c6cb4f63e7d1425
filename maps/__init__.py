"""Maps: one style table for interactive HTML, QGIS and print."""

from maps.atlas import Atlas, atlas
from maps.thematic import choropleth

__all__ = ["Atlas", "atlas", "choropleth"]

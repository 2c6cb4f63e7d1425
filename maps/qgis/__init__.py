"""How QGIS shows, asks and prints a county file: styles, forms, projects with layouts, a plugin."""

from maps.qgis.projects import project
from maps.qgis.styles import county_styles

__all__ = ["county_styles", "project"]

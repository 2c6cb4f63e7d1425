"""One style for interactive maps, QGIS projects, printed sheets and figures."""

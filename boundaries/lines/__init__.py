"""Shared boundary lines of a tiling: each once, and the polygons rebuilt from them."""

from boundaries.lines.extraction import extract as extract
from boundaries.lines.network import Network as Network
from boundaries.lines.network import rebuild as rebuild

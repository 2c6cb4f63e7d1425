"""Shared boundary lines of a tiling: each once, and the polygons rebuilt from them."""

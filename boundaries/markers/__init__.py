"""Boundary markers: their series along a line and their reference objects."""

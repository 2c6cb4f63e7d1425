"""Divisions, boundary lines, markers, tiling, survey checks and joint inspections."""

"""Rounds on the county file: planned, received, assembled, agreed, closed."""

"""Disputes over a line: two claims, what lies between them, how they end."""

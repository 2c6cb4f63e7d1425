"""How each format is written: one module a family."""

"""Name signs: codes, door numbers, QR contents, layouts, field rounds. All pure functions."""

"""The office's work on its signs, on the county file: number, issue, print, inspect, keys."""

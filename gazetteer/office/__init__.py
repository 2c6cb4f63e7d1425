"""The work on the county file, a folder a subject."""

"""The sample county: an invented county as the raw files that an office has."""

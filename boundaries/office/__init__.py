"""The work on boundary records in the county file."""

"""The office's forms for markers and boundary points, as values and as Excel and Word files."""

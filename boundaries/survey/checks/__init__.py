"""The checks of a survey, each in a module of its own."""

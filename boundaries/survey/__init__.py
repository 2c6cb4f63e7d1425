"""The check of a boundary survey before it is accepted."""

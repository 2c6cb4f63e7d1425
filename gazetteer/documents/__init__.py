"""Documents that offices read and write: content as values, files as bytes."""

"""A round as values: sides, states, what was handed out, how answers compare."""

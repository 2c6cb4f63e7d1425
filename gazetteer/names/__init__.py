"""Place names: romanization, naming rules, search, applications; pure functions over values."""

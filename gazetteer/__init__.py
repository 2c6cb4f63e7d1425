"""Place names: model, codes, romanization, naming rules, search, signs, and the county file."""

__version__ = "0.1.0"

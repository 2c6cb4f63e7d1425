"""The one way out: what may leave (`gate`), and what is written beside it."""

from gazetteer.release.gate import *  # noqa: F403

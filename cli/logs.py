"""What is done, told on standard error when somebody asks: ``gazetteer -v`` and ``-vv``."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

OURS: Final = ("cli", "maps", "facilities", "boundaries", "gazetteer")
"""Floors of the house; the loggers of libraries stay as they are."""
FORM: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@contextmanager
def told(verbose: int) -> Iterator[None]:
    """Tell on standard error what our modules log: steps from 1, details from 2.

    Parameters
    ----------
    verbose
        How often ``-v`` was given; 0 leaves everything as it is.

    Yields
    ------
    None
        Afterwards the loggers are as they were.
    """
    if not verbose:
        yield
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORM))
    loggers = [logging.getLogger(name) for name in OURS]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(logging.DEBUG if verbose > 1 else logging.INFO)
    try:
        yield
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.removeHandler(handler)
            each.setLevel(level)

"""Random streams, one for each part of the world, so that parts change independently."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, part: str) -> np.random.Generator:
    """Return the random generator of one part of the world.

    Examples
    --------
    >>> int(stream(421, "land").integers(1000)) == int(stream(421, "land").integers(1000))
    True
    >>> float(stream(421, "land").random()) == float(stream(421, "names").random())
    False
    """
    return np.random.default_rng([seed, zlib.crc32(part.encode())])

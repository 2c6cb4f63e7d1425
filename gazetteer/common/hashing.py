"""The hash by which a file is known again, of its bytes in memory or on the disk."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256(content: bytes) -> str:
    """Return the sha256 of a file's bytes in hexadecimal.

    Parameters
    ----------
    content
        All of the file.

    Returns
    -------
    str
        64 digits, in small letters.

    Examples
    --------
    >>> sha256(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()


def fingerprint(path: Path) -> str:
    """Return the sha256 of a file on the disk, which is read piece by piece, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

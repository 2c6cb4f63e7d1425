"""What SQLite refuses, as one sentence with a remedy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gazetteer.common.errors import StorageError, StoreError
from gazetteer.common.language import Sentence

_REFUSALS = (  # a word of SQLite's, what it means, what to do
    ("locked", StorageError, Sentence("Another program uses it. Save or close it and try again.")),
    (
        "readonly",
        StoreError,
        Sentence("The file cannot be written. Copy it to a folder of your own."),
    ),
    (
        "disk i/o",
        StorageError,
        Sentence("The disk is full or fails. Free some space and try again."),
    ),
    ("full", StorageError, Sentence("The disk is full. Free some space and try again.")),
    (
        "not a database",
        StoreError,
        Sentence("The file is damaged or something else. Restore a backup."),
    ),
    ("malformed", StoreError, Sentence("The file is damaged. Restore a backup.")),
    ("could not decode", StoreError, Sentence("The file is damaged. Restore a backup.")),
    ("unable to open", StoreError, Sentence("Check the path and your rights on the folder.")),
)


def refusal(error: sqlite3.DatabaseError, path: Path) -> StoreError | None:
    """Return what SQLite refuses as a sentence with a remedy; None where that is our own bug."""
    said = " ".join(str(error).split())  # a damaged file is cited as it is
    for sign, kind, remedy in _REFUSALS:
        if sign in said.lower():
            return kind(
                Sentence("SQLite refuses ({quote})", quote=said), place=str(path), remedy=remedy
            )
    return None


def reading_only(path: Path) -> StoreError:
    """Return what is said to a change of a file that was opened for reading."""
    remedy = Sentence("Open it with writing=True.")
    return StoreError(Sentence("is open for reading only"), place=str(path), remedy=remedy)


@contextmanager
def as_store_error(path: Path) -> Iterator[None]:
    """Turn what SQLite refuses into one sentence with a remedy."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise StoreError(Sentence("refused: {quote}", quote=error), place=str(path)) from error
    except sqlite3.DatabaseError as error:
        if told := refusal(error, path):
            raise told from error
        raise
    except UnicodeDecodeError as error:  # of text in the file, or of what SQLite says about it
        remedy = Sentence("Restore the last backup: `gazetteer restore`.")
        raise StoreError(Sentence("is damaged"), place=str(path), remedy=remedy) from error

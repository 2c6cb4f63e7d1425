"""What the user can put right: one root, one line, always with a remedy."""

from __future__ import annotations

import errno
from pathlib import Path

_REMEDIES = {
    errno.ENOSPC: "Free some space, or choose another folder.",
    errno.ENOENT: "Choose a folder that exists.",
    errno.ENOTDIR: "Choose a folder that exists.",
    errno.EISDIR: "Name a file: this is a folder.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.EROFS: "Choose a folder that you may write to.",
}
_REMEDY = "Close it in other programs, or choose a folder that you may write to."


class GazetteerError(Exception):
    """Anything the user can put right; the command prints it as one line and exits with 2.

    Parameters
    ----------
    what
        What is wrong, with the offending value.
    place
        Where: file, sheet, row, column; put in front of the sentence.
    remedy
        What to do about it; put behind it.
    zh
        What is wrong in Chinese, for answers that quote it to officials.

    Examples
    --------
    >>> error = InputError("code '42108' has 5 digits", place="乡镇.xlsx, row 7", remedy="Use 6.")
    >>> str(error)
    "乡镇.xlsx, row 7: code '42108' has 5 digits. Use 6."
    >>> str(GazetteerError("Nothing to do."))
    'Nothing to do.'
    """

    def __init__(
        self,
        what: str,
        *,
        place: str | None = None,
        remedy: str | None = None,
        zh: str | None = None,
    ) -> None:
        self.what, self.place, self.remedy, self.zh = what, place, remedy, zh or what
        sentence = f"{place}: {what}" if place else what
        if remedy:
            sentence = f"{sentence.rstrip('. ')}. {remedy}"
        super().__init__(sentence)


class InputError(GazetteerError, ValueError):
    """A file, row or argument that cannot be used as it is."""


class WriteError(InputError):
    """A file that cannot be written where it was asked for."""


class CrsError(InputError):
    """A coordinate reference system that is missing, ambiguous or not fit for the purpose."""


class UnknownError(GazetteerError, LookupError):
    """Something asked for by code, id or name that is not there."""


class StoreError(GazetteerError):
    """A county file that cannot be opened, read or written."""


class ForeignFileError(StoreError):
    """A file that is no county file of this toolkit."""


class StorageError(StoreError):
    """A county file that is in use, or whose disk is full or fails: the file itself may be well."""


class ConflictError(GazetteerError):
    """The thing changed since it was read, or a step is out of order."""


class StaleError(ConflictError):
    """Somebody else wrote the county file between reading and writing: nothing was changed."""


def unwritable(error: OSError, path: Path) -> WriteError:
    """Return what is said where a file cannot be written: which, why, and what helps.

    Parameters
    ----------
    error
        What the system refused.
    path
        File or folder that was to be written.

    Returns
    -------
    WriteError
        To be raised from it.

    Examples
    --------
    >>> print(unwritable(OSError(errno.ENOSPC, "No space left on device"), Path("石首.xlsx")))
    石首.xlsx: cannot be written (No space left on device). Free some space, or choose another...
    """
    why = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, _REMEDY)
    return WriteError(f"cannot be written ({why})", place=str(path), remedy=remedy)

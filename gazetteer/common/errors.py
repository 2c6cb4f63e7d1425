"""What the user can put right: one root, one line, always with a remedy."""

from __future__ import annotations


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

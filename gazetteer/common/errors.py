"""What the user can put right: one root, one line, always with a remedy."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from gazetteer.common.language import Language, Sentence, Text, said

_REASONS = {
    errno.ENOENT: Sentence("No such file or directory"),
    errno.EACCES: Sentence("Permission denied"),
    errno.EPERM: Sentence("Operation not permitted"),
    errno.ENOSPC: Sentence("No space left on device"),
    errno.EDQUOT: Sentence("Disk quota exceeded"),
    errno.EFBIG: Sentence("File too large"),
    errno.EEXIST: Sentence("File exists"),
    errno.ENOTEMPTY: Sentence("Directory not empty"),
    errno.ENOTDIR: Sentence("Not a directory"),
    errno.EISDIR: Sentence("Is a directory"),
    errno.ENAMETOOLONG: Sentence("File name too long"),
    errno.EROFS: Sentence("Read-only file system"),
    errno.EBUSY: Sentence("Device or resource busy"),
    errno.EIO: Sentence("Input/output error"),
    errno.EINVAL: Sentence("Invalid argument"),
    errno.EMFILE: Sentence("Too many open files"),
    errno.ELOOP: Sentence("Too many levels of symbolic links"),
    errno.EXDEV: Sentence("Invalid cross-device link"),
}
"""What the system says, as POSIX words it."""
_ANOTHER = Sentence("Choose a folder that you may write to.")
_REMEDIES = {
    errno.ENOSPC: Sentence("Free some space, or choose another folder."),
    errno.ENOENT: Sentence("Choose a folder that exists."),
    errno.ENOTDIR: Sentence("Choose a folder that exists."),
    errno.EISDIR: Sentence("Name a file: this is a folder."),
    errno.ENAMETOOLONG: Sentence("Choose a shorter name."),
    errno.EROFS: _ANOTHER,
}
_REMEDY = Sentence("Close it in other programs, or choose a folder that you may write to.")


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

    Examples
    --------
    >>> what = Sentence("{code!r} is no code", code="42108")
    >>> error = InputError(what, place="乡镇.xlsx", remedy=Sentence("Look it up first."))
    >>> str(error)
    "乡镇.xlsx: '42108' is no code. Look it up first."
    >>> error.say("zh")
    '乡镇.xlsx：“42108”不是代码。请先查询。'
    """

    def __init__(
        self,
        what: Sentence | Text,
        *,
        place: str | Sentence | None = None,
        remedy: Sentence | Text | None = None,
    ) -> None:
        self.what, self.place, self.remedy = what, place, remedy
        super().__init__(self.say("en"))

    def say(self, language: Language) -> str:
        """Return the whole sentence: place, what is wrong, remedy.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            As `str` gives it in English.
        """
        colon, stop, stops = ("：", "。", ". 。") if language == "zh" else (": ", ". ", ". ")
        told = self.what.say(language)
        if self.place:
            told = f"{said(self.place, language)}{colon}{told}"
        if self.remedy is not None:
            told = f"{told.rstrip(stops)}{stop}{self.remedy.say(language)}"
        return told


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


def reason(error: Exception) -> Sentence:
    """Return why the system or a library refused: in both languages where it is known.

    Parameters
    ----------
    error
        What was raised; of the words of a library only the first line is quoted.

    Returns
    -------
    Sentence
        To stand in brackets behind what failed.

    Examples
    --------
    >>> reason(OSError(errno.EACCES, "Permission denied")).say("zh")
    '没有权限'
    >>> reason(ValueError("bad magic")).say("en")
    'bad magic'
    """
    if isinstance(error, OSError) and error.errno in _REASONS:
        return _REASONS[error.errno]
    told = (getattr(error, "strerror", None) or str(error)).strip() or type(error).__name__
    return Sentence("{quote}", quote=told.splitlines()[0][:120].rstrip(". "))


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
    if error.errno in (errno.EEXIST, errno.ENOTDIR) and (file := in_the_way(path)) is not None:
        return WriteError(
            Sentence("is a file, where a folder is wanted"),
            place=str(file),
            remedy=Sentence("Name another folder."),
        )
    why = reason(error)
    return WriteError(
        Sentence("cannot be written ({why})", why=why), place=str(path), remedy=_remedy(error, path)
    )


def in_the_way(path: Path) -> Path | None:
    """Return the file that stands where a path names a folder.

    Examples
    --------
    >>> in_the_way(Path(__file__) / "图.html").name, in_the_way(Path("没有") / "图.html")
    ('errors.py', None)
    """
    return next((each for each in (path, *path.parents) if each.is_file()), None)


def _remedy(error: OSError, path: Path) -> Sentence:
    """Return what helps: where the system forbids it, by what the path itself tells."""
    if error.errno not in (errno.EACCES, errno.EPERM):
        return _REMEDIES.get(error.errno or 0, _REMEDY)
    if path.is_dir():
        return _ANOTHER if not os.access(path, os.W_OK) else _REMEDIES[errno.EISDIR]
    if path.exists() and not os.access(path, os.W_OK):
        return Sentence("Take the write protection off, or choose another name.")
    return _REMEDY if os.access(path.parent, os.W_OK) else _ANOTHER

"""What a piece of work has left, and where it may write at all; the one writer asks and tells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple

from gazetteer.common.errors import GazetteerError
from gazetteer.common.language import Sentence


class Left(NamedTuple):
    """A manifest that was written, and what it says.

    Parameters
    ----------
    path
        Of the manifest; the files that it lists lie beside or below it.
    told
        Its content; see `gazetteer.release.manifest`.
    """

    path: Path
    told: Mapping[str, Any]

    def files(self) -> dict[Path, str]:
        """Return the sha256 of each file that it lists.

        Examples
        --------
        >>> told = {"files": [{"name": "图/1.pdf", "bytes": 1, "sha256": "6b"}]}
        >>> [*Left(Path("出/清单.json"), told).files()][0].as_posix()
        '出/图/1.pdf'
        """
        return {self.path.parent / each["name"]: each["sha256"] for each in self.told["files"]}


_LEFT: ContextVar[list[Left] | None] = ContextVar("gazetteer_left", default=None)


@contextmanager
def noted() -> Iterator[list[Left]]:
    """Yield a list that fills with what is left meanwhile; one inside another keeps its own.

    Examples
    --------
    >>> with noted() as left:
    ...     note(Path("清单.json"), {"files": []})
    >>> left[0].path.name
    '清单.json'
    """
    left: list[Left] = []
    before = _LEFT.set(left)
    try:
        yield left
    finally:
        _LEFT.reset(before)


def note(path: Path, told: Mapping[str, Any]) -> None:
    """Note a manifest that was written, for who asks with `noted`; else nothing is kept."""
    found = _LEFT.get()
    if found is not None:
        found.append(Left(path, told))


class ElsewhereError(GazetteerError):
    """Work that may write its own files alone would write over another."""


_OWN: ContextVar[frozenset[Path] | None] = ContextVar("gazetteer_own", default=None)


@contextmanager
def only(own: Collection[Path]) -> Iterator[None]:
    """Let nothing be written but these files, and new ones in their folders.

    Parameters
    ----------
    own
        Files, as whole paths.

    Examples
    --------
    >>> with only([Path("/图/区划.pdf")]):
    ...     permit(Path("/图/区划.pdf"))
    ...     permit(Path("/县/区划.pdf"))
    Traceback (most recent call last):
    gazetteer.common.leaving.ElsewhereError: /县/区划.pdf: is none of the files that were made...
    """
    before = _OWN.set(frozenset(each.parent.resolve() / each.name for each in own))
    try:
        yield
    finally:
        _OWN.reset(before)


def permit(path: Path) -> None:
    """Raise where a file may not be written; see `only`."""
    own = _OWN.get()
    if own is None:
        return
    whole = path.parent.resolve() / path.name
    if whole in own or (whole.parent in {each.parent for each in own} and not path.exists()):
        return
    raise ElsewhereError(
        Sentence("is none of the files that were made"),
        place=str(path),
        remedy=Sentence("Type the command itself."),
    )

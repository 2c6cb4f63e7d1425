"""Files that are attached to the steps of an application: read and hashed, never copied."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gazetteer.common.errors import InputError, reason
from gazetteer.common.language import Sentence
from gazetteer.names import applications
from gazetteer.names.applications import Application, Attachment


def read(papers: Iterable[tuple[str, Path]]) -> list[Attachment]:
    """Return the records of files to be attached: kind, name, SHA-256 and size; not copied.

    Raises
    ------
    InputError
        A file cannot be read.
    UnknownError
        No such kind of document.
    """
    return [applications.attachment(kind, path.name, _content(path)) for kind, path in papers]


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        what = Sentence("the document cannot be read: {why}", why=reason(error))
        raise InputError(what, place=str(path), remedy=Sentence("Check the path.")) from None
    if not content:
        raise InputError(
            Sentence("the document is empty"),
            place=str(path),
            remedy=Sentence("Attach the paper itself."),
        )
    return content


def vanished(case: Application, folder: Path) -> list[str]:
    """Return what happened to attached files that are not in a folder as they were attached."""
    sentences = []
    for paper in [each for step in case.steps for each in step.documents]:
        path = folder / paper.name
        what = applications.unchanged(paper, path.read_bytes() if path.is_file() else None)
        sentences += [what.zh] if what else []
    return list(dict.fromkeys(sentences))

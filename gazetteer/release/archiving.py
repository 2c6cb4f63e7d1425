"""Folders that are archived: on the disk before their event is in the log, seen only after it.

A run may be killed at any moment. Before its event it leaves drafts that nobody sees, swept later;
after its event the drafts are what the log tells of, and the next run brings them to their place.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gazetteer.common import durable, rehearsal
from gazetteer.common.errors import WriteError, reason, unwritable
from gazetteer.common.hashing import sha256
from gazetteer.common.language import Sentence
from gazetteer.release.writing import MANIFEST, make_folder

_DRAFT = ".archiving-"


@contextmanager
def leave_copies(
    folder: Path, made: Mapping[str, bytes], kept: Mapping[str, Path], *, names: Sequence[str]
) -> Iterator[None]:
    """Write folders of the same files; they are seen when the block has ended well, or never.

    In the block their event is written: none of them stays where that fails.

    Parameters
    ----------
    folder
        Gets them; made if absent.
    made
        Content by name, their manifest among it.
    kept
        Files that are copied as they lie, by name.
    names
        Of the folders.

    Yields
    ------
    None
        When all is on the disk.

    Raises
    ------
    WriteError
        When one cannot be written; then none is left.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room, leave_copies(
    ...     Path(room), {"a.txt": b"1"}, {}, names=["甲", "乙"]
    ... ):
    ...     seen = [each.name for each in Path(room).glob("[!.]*")]
    >>> seen
    []
    """
    make_folder(folder)
    drafts: dict[Path, Path] = {}
    try:
        try:
            room = rehearsal.within(folder)
            for name in names:
                draft = room / f"{_DRAFT}{name}.{secrets.token_hex(4)}"
                drafts[draft] = folder / name
                _fill(draft, made, kept)
            durable.sync_folder(room)
        except OSError as error:
            raise unwritable(error, folder) from error
        yield
    except BaseException:
        for draft in drafts:
            shutil.rmtree(draft, ignore_errors=True)
        raise
    for draft, place in drafts.items():
        _appear(draft, place)


def _fill(draft: Path, made: Mapping[str, bytes], kept: Mapping[str, Path]) -> None:
    draft.mkdir()  # with the rights that new folders of this account have
    paths = {name: draft / name for name in (*made, *kept)}
    for path in paths.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        paths[name].write_bytes(content)
    for name, source in kept.items():
        shutil.copyfile(source, paths[name])
    for path in paths.values():
        durable.sync(path)
    for room in (draft, *(each for each in draft.rglob("*") if each.is_dir())):
        durable.sync_folder(room)


def _appear(draft: Path, place: Path) -> Path:
    try:
        draft.rename(rehearsal.at(place))
    except OSError as error:
        remedy = Sentence(
            "Its event is in the log: make room for it and run the same command again."
        )
        why = Sentence("cannot take its place ({why})", why=reason(error))
        raise WriteError(why, place=str(place), remedy=remedy) from error
    durable.sync_folder(place.parent)
    return place


def finish(folder: Path, *, known: Collection[str]) -> list[Path]:
    """Bring to their place what a run that was killed had written, when its event is in the log.

    Parameters
    ----------
    folder
        In which archives lie.
    known
        SHA-256 of the manifests that the log tells of.

    Returns
    -------
    list[Path]
        The folders that are seen from now on. Drafts without an event are taken away when nobody
        has written to them for an hour.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as room:
    ...     draft = Path(room) / ".archiving-第1份.x"
    ...     draft.mkdir()
    ...     count = (draft / MANIFEST).write_bytes(b"{}")
    ...     unknown = finish(Path(room), known=[])
    ...     unknown, [each.name for each in finish(Path(room), known=[sha256(b"{}")])]
    ([], ['第1份'])
    """
    found = []
    for draft in sorted(folder.glob(f"{_DRAFT}*.*")):
        name = draft.name.removeprefix(_DRAFT).rpartition(".")[0]
        if rehearsal.going():
            found += [folder / name] if _manifest(draft) in known else []
        elif _manifest(draft) not in known:
            durable.sweep(folder, draft.name)
        elif not (folder / name).exists():
            found.append(_appear(draft, folder / name))
    return found


def _manifest(draft: Path) -> str:
    """Return the hash of a draft's manifest; of one that has none yet, an empty text."""
    with suppress(OSError):
        return sha256((draft / MANIFEST).read_bytes())
    return ""

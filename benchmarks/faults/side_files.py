"""What lies beside a county file under fault: received files, their copies, an archive's folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from benchmarks.faults.scenes import Scene, events, further
from boundaries.inspection.office import receiving
from boundaries.office import line_archive
from gazetteer.store import County, copies, kept
from gazetteer.store.kept import files_beside
from tests.test_boundaries import round_sample as sample

PHOTOS = 40
ARCHIVE = "档案"


def scenes(folder: Path) -> dict[str, Scene]:
    """Return every operation with its files, made anew in a folder."""
    found = {}
    for name, make in _MAKERS.items():
        own = folder / name
        own.mkdir()
        county = sample.county(own, name="county.gpkg")
        sample.opened(county)
        _photograph(own / "photos")
        found[name] = make(county)
    return found


def _photograph(folder: Path) -> None:
    """Write photos that differ, each of some tens of kilobytes."""
    folder.mkdir()
    for at in range(PHOTOS):
        noise = hashlib.shake_256(str(at).encode()).digest(160 * 120 * 3)
        image = Image.frombytes("RGB", (160, 120), noise)
        image.save(folder / f"{sample.LINE}001Q_{at}.jpg", quality=95)


def _received(county: Path) -> None:
    with County(county, writing=True) as opened:
        photos = [county.parent / "photos"]
        receiving.receive(opened, sample.NUMBER, photos, side=sample.A, today="2026-03-10")


def _troubles(path: Path) -> list[str]:
    """Return what is not whole of the files on record beside a county file."""
    with County(path) as opened:
        listed = kept.listed(opened.connection)
    return kept.look(listed, kept.files_beside(path)).sentences()


def _copies_too(path: Path) -> list[str]:
    found = (each for folder in ("备份", "copies") for each in path.parent.glob(f"{folder}/*.gpkg"))
    return [sentence for each in found for sentence in _troubles(each)]


# ------------------------------------------------------------------ operations


def _keep(county: Path) -> Scene:
    def run(path: Path) -> Iterator[object]:
        _received(path)
        yield

    return Scene(county.parent, run, further(county), beside=_troubles)


def _backup(county: Path) -> Scene:
    _received(county)

    def run(path: Path) -> Iterator[object]:
        copies.backup(path)
        yield

    def progress(path: Path) -> int:
        return len([*path.parent.glob("备份/*.gpkg")])

    def beside(path: Path) -> list[str]:
        return [*_troubles(path), *_copies_too(path)]

    return Scene(county.parent, run, progress, beside=beside)


def _restore(county: Path) -> Scene:
    """Restore where half of the photos were emptied and a quarter is gone."""
    _received(county)
    (county.parent / "copies").mkdir()
    copies.backup(county, county.parent / "copies" / "county.gpkg")
    with County(county) as opened:
        own = [each.within(files_beside(county)) for each in kept.listed(opened.connection)]
    for path in own[::2]:
        path.write_bytes(b"")
    for path in own[1::4]:
        path.unlink()
    wanted = events(county)

    def run(path: Path) -> Iterator[object]:
        copies.restore(path.parent / "copies" / "county.gpkg", path)
        yield

    def progress(path: Path) -> int:
        return int(events(path) == wanted and not _troubles(path))

    def beside(path: Path) -> list[str]:
        # what was good stays good: a copy beside it, and whatever was not damaged
        lost = len(_troubles(path)) - len(own[::2]) - len(own[1::4])
        return [*_copies_too(path), *(["a good file was lost"] if lost > 0 else [])]

    return Scene(county.parent, run, progress, beside=beside)


def _archive(county: Path) -> Scene:
    _received(county)

    def archived(path: Path) -> None:
        with County(path, writing=True) as opened:
            folder = path.parent / ARCHIVE
            line_archive.archive(opened, sample.LINE, folder, papers={})

    def run(path: Path) -> Iterator[object]:
        archived(path)
        yield

    def beside(path: Path) -> list[str]:
        """A folder is there with its event; the next run finishes what has one, makes one else."""
        folder, before = path.parent / ARCHIVE, further(county)(path)
        if folder.exists() and not before:
            return ["a folder without its event"]
        if not folder.exists():
            archived(path)
        with County(path) as opened:
            known = line_archive.manifests(opened)
        good = line_archive.check(folder, known=known).good
        once = further(county)(path) == 1
        return [*([] if good else ["not what was archived"]), *([] if once else ["two events"])]

    return Scene(county.parent, run, further(county), beside=beside)


_MAKERS: dict[str, Callable[[Path], Scene]] = {
    "keep": _keep,
    "backup-files": _backup,
    "restore-files": _restore,
    "archive": _archive,
}

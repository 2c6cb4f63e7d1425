"""Full disks: the same operation with ever one page more of room, until it has room enough."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.faults.kills import fresh, judge
from benchmarks.faults.scenes import Scene, events
from gazetteer.common.errors import GazetteerError

PAGE = 4096
ENOUGH = 5
"""So many runs in a row that end well: no write is left that could fail for want of room."""
MOST = 20_000


def full_disk(scene: Scene, *, stride: int) -> dict[str, Any]:
    """Fill the disk before each further page that an operation writes; return how it ended."""
    told: Counter[str] = Counter()
    broken: list[str] = []
    sentences: Counter[str] = Counter()
    size = sum(-(-each.stat().st_size // PAGE) for each in scene.folder.rglob("*"))
    in_a_row = pages = 0
    while in_a_row < ENOUGH and pages < MOST:
        # two pages for the folders
        with _disk(size + 2 + pages) as disk, fresh(scene, within=disk) as path:
            before = events(path)
            done = 0
            try:
                for _ in _in(path.parent, scene.run(path)):
                    done += 1
                in_a_row += 1
            except GazetteerError as error:
                in_a_row = 0
                told["refused"] += 1
                sentences[f"{error.what}|{error.remedy}".replace(str(path.parent), "")] += 1
            except Exception as error:
                in_a_row = 0
                broken.append(f"traceback: {type(error).__name__}: {error}")
            told["runs"] += 1
            broken += _judged(scene, path, before, done, told)
        pages += stride
    return {"pages": pages, **told, "sentences": dict(sentences), "broken": broken}


def _in(folder: Path, steps: Iterator[object]) -> Iterator[object]:
    """Carry steps out with the temporary folder on the small disk, too."""
    former, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield from steps
    finally:
        tempfile.tempdir = former


def _judged(
    scene: Scene, path: Path, before: list[tuple[object, ...]], done: int, told: Counter[str]
) -> list[str]:
    """Judge the file once there is room again, as an office would make it."""
    subprocess.run(["mount", "-o", "remount,size=1g", str(path.parent.parent)], check=True)
    return judge(scene, path, before, acknowledged=done, told=told)


@contextmanager
def _disk(pages: int) -> Iterator[Path]:
    """Mount a disk in memory of so many pages."""
    disk = Path(tempfile.mkdtemp(prefix="faults-disk-"))
    options = f"size={pages * PAGE}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)
        disk.rmdir()

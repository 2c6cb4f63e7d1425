"""``kill -9`` at moments drawn at random from the time an operation takes undisturbed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyogrio

from benchmarks.faults.scenes import Scene, events
from gazetteer.store import County, copies

UNDISTURBED = 3


def killed(scene: Scene, *, times: int, dice: random.Random) -> dict[str, Any]:
    """Kill an operation again and again; return what became of the file."""
    spans = []
    for _ in range(UNDISTURBED):
        with fresh(scene) as path:
            began = time.perf_counter()
            whole, done = _run(scene, path, after=None)
            spans.append(time.perf_counter() - began)
            assert done, "it does not even work undisturbed"
    told: Counter[str] = Counter()
    broken: list[str] = []
    while told["killed"] < times and told["runs"] < 3 * times:
        with fresh(scene) as path:
            before = events(path)
            acknowledged, done = _run(scene, path, after=dice.uniform(0, 1.02 * min(spans)))
            told["runs"] += 1
            told["killed"] += not done
            told["acknowledged"] += acknowledged
            broken += judge(scene, path, before, acknowledged=acknowledged, told=told)
    return {"commands": whole, "seconds": round(min(spans), 2), **told, "broken": broken}


@contextmanager
def fresh(scene: Scene, *, within: Path | None = None) -> Iterator[Path]:
    """Give a copy of the scene's files; what a process has left there goes with it."""
    parent = within or scene.folder.parent
    with scene.around(), tempfile.TemporaryDirectory(dir=parent) as folder:
        for each in scene.folder.iterdir():
            copied = shutil.copytree if each.is_dir() else shutil.copyfile
            copied(each, Path(folder) / each.name)
        yield Path(folder) / "county.gpkg"


def _run(scene: Scene, path: Path, *, after: float | None) -> tuple[int, bool]:
    """Run in a child, killed after some seconds; return what it acknowledged, and whether all."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        # drafts of killed processes go away with the folder
        tempfile.tempdir = str(path.parent)
        try:
            for _ in scene.run(path):
                os.write(writer, b"1")
            os.write(writer, b".")
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    os.close(writer)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read()
    return said.count(b"1"), said.endswith(b".")


def judge(
    scene: Scene,
    path: Path,
    before: list[tuple[object, ...]],
    *,
    acknowledged: int,
    told: Counter[str],
) -> list[str]:
    """Return what is broken in the file that a disturbed operation has left."""
    broken = []
    try:
        pyogrio.read_dataframe(path, layer="division", max_features=5)
        # what is there before anything mends it: a command is there whole or not at all
        progress = scene.progress(path)
        with County(path, writing=True) as opened:
            broken += opened.verify().broken
            (integrity,) = opened.connection.execute("PRAGMA integrity_check(1)").fetchone()
        broken += [] if integrity == "ok" else [integrity]
        for each in path.parent.glob("备份/*.gpkg"):
            copies.verified(each)
        kept = {each[:3] for each in before} <= {each[:3] for each in events(path)}
        broken += scene.beside(path)
    except Exception as error:
        return [*broken, f"{type(error).__name__}: {error}"]
    told["lost"] += progress < acknowledged or (scene.keeps and not kept)
    told["done_unacknowledged"] += progress - acknowledged == 1
    if progress > acknowledged + 1:
        broken.append(f"{progress} commands done of {acknowledged} acknowledged")
    return broken

"""Faults on purpose: killed processes, full disks, many writers; nothing acknowledged may be lost.

    .venv/bin/python -m benchmarks.faults --kills 25 --disks 20 --seconds 10

Each operation runs in a process of its own. ``kill -9`` comes at a moment drawn at random from the
time the operation takes; the process writes a byte to a pipe when it is done, as a command returns
to the prompt: what was acknowledged so must be in the file. Full disks need the right to mount a
small tmpfs (root). Exit status 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio

from gazetteer import exchange, store
from gazetteer.errors import GazetteerError
from gazetteer.exchange import Reading
from gazetteer.intake import bring_in
from gazetteer.store import County, copies, merging, undoing
from gazetteer.store.geometry import sql_functions

ROWS = 3_000
SEED = 20_260_330
Operation = Callable[[Path], None]


def prepare(folder: Path) -> tuple[Path, Reading]:
    """Return a county file with a division and an import of names, and a further catalogue."""
    county = folder / "county.gpkg"
    store.create(county, division_code="421081", name="石首市", actor="faults")
    first, second = (_catalogue(folder, part) for part in (0, 1))
    with County(county, writing=True) as opened:
        bring_in(opened, first, "names", command="import names")
    return county, second


def _catalogue(folder: Path, part: int) -> Reading:
    random_ = np.random.default_rng(SEED + part)
    frame = pd.DataFrame(
        {
            "名称": [f"第{part}批{at}号村" for at in range(ROWS)],
            "经度": random_.uniform(112.2, 112.6, ROWS),
            "纬度": random_.uniform(29.5, 29.9, ROWS),
        }
    )
    path = folder / f"names{part}.csv"
    frame.to_csv(path, index=False)
    return exchange.read(path, "names", crs="EPSG:4490")


# ------------------------------------------------------------------ operations


def importing(reading: Reading) -> Operation:
    """Return an import of a catalogue that was read."""

    def run(path: Path) -> None:
        with County(path, writing=True) as opened:
            bring_in(opened, reading, "names", command="import names")

    return run


def sealing(path: Path) -> None:
    """Seal an edit made elsewhere."""
    with County(path, writing=True) as opened:
        opened.seal()


def undoing_last(path: Path) -> None:
    """Undo the last event."""
    with County(path, writing=True) as opened:
        undoing.undo(opened, opened.events(last=1)[0]["id"])


def backing_up(path: Path) -> None:
    """Back the file up beside itself."""
    copies.backup(path)


def restoring(path: Path) -> None:
    """Restore an earlier copy over the file."""
    copies.restore(path.with_name("earlier.gpkg"), path)


def merging_in(path: Path) -> None:
    """Merge a colleague's copy."""
    colleague = path.with_name("colleague.gpkg")
    with County(colleague) as theirs, County(path, writing=True) as ours:
        merging.merge(ours, theirs)


def edit_elsewhere(path: Path) -> None:
    """Move every hundredth place as a GIS would: without our change context."""
    connection = sqlite3.connect(path)
    for name, function in sql_functions().items():
        connection.create_function(name, 1, function)
    connection.execute("UPDATE place SET category = '99' WHERE fid % 100 = 0")
    connection.commit()
    connection.close()


# ------------------------------------------------------------------ kill -9


def killed(base: Path, operation: Operation, *, times: int, dice: random.Random) -> dict[str, Any]:
    """Kill an operation at random moments; return what became of the file."""
    moves = operation not in (backing_up, restoring)
    with tempfile.TemporaryDirectory(dir=base.parent) as folder:
        path = _fresh(base, Path(folder))
        began = time.perf_counter()
        assert _run(path, operation, after=None)
        span = time.perf_counter() - began
    told: dict[str, Any] = {"killed": 0, "acknowledged": 0, "done_unacknowledged": 0, "lost": 0}
    told |= {"broken": [], "moves": moves}
    for _ in range(times):
        with tempfile.TemporaryDirectory(dir=base.parent) as folder:
            path = _fresh(base, Path(folder))
            before = _events(path)
            done = _run(path, operation, after=dice.uniform(0, 1.05 * span))
            _judge(path, before, done=done, told=told)
    return {"runs": times, "seconds": round(span, 2), **told}


def _fresh(base: Path, folder: Path) -> Path:
    for each in base.parent.glob("*.gpkg"):
        shutil.copyfile(each, folder / each.name)
    return folder / base.name


def _run(path: Path, operation: Operation, *, after: float | None) -> bool:
    """Run in a child, killed after some seconds; return whether it said that it was done."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            operation(path)
            os.write(writer, b"1")
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    os.close(writer)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    done = os.read(reader, 1) == b"1"
    os.close(reader)
    return done


def _events(path: Path) -> list[tuple[Any, ...]]:
    with County(path) as opened:
        query = "SELECT id, at, command, hash FROM event ORDER BY id"
        return opened.connection.execute(query).fetchall()


def _judge(path: Path, before: list[tuple[Any, ...]], *, done: bool, told: dict[str, Any]) -> None:
    told["killed"] += not done
    told["acknowledged"] += done
    try:
        pyogrio.read_dataframe(path, layer="place", max_features=5)
        with County(path, writing=True) as opened:
            broken = opened.verify().broken
            (integrity,) = opened.connection.execute("PRAGMA integrity_check(1)").fetchone()
        told["broken"] += [*broken, *([] if integrity == "ok" else [integrity])]
        for each in [*path.parent.glob("备份/*.gpkg")]:
            copies.verified(each)
        after = _events(path)
    except Exception as error:
        told["broken"].append(f"{type(error).__name__}: {error}")
        return
    # what stood there is still there; a further event only whole
    kept = {each[:3] for each in before} <= {each[:3] for each in after}
    moved = len(after) > len(before) or _sealed(after) > _sealed(before)
    told["lost"] += not kept or (done and told["moves"] and not moved)
    told["done_unacknowledged"] += moved and not done


def _sealed(events: list[tuple[Any, ...]]) -> int:
    return sum(each[3] is not None for each in events)


# ------------------------------------------------------------------ full disk


def full_disk(base: Path, operation: Operation, *, steps: int) -> dict[str, Any]:
    """Run an operation on disks with ever more space; return how it ended."""
    told: dict[str, Any] = {"runs": steps, "refused": 0, "done": 0, "lost": 0}
    told |= {"broken": [], "tracebacks": []}
    size = sum(each.stat().st_size for each in base.parent.glob("*.gpkg"))
    disk = Path(tempfile.mkdtemp(prefix="faults-disk-"))
    # room for the files, then from nothing up to three times the county file
    for step in range(steps):
        room = size + 65_536 + 3 * base.stat().st_size * step // steps
        mount = ["mount", "-t", "tmpfs", "-o", f"size={room // 1024}k", "tmpfs", str(disk)]
        subprocess.run(mount, check=True)
        try:
            path = _fresh(base, disk)
            before = _events(path)
            _on_full_disk(path, operation, told)
            judged: dict[str, Any] = {"killed": 0, "acknowledged": 0, "done_unacknowledged": 0}
            judged |= {"lost": 0, "broken": told["broken"], "moves": False}
            _judge(path, before, done=False, told=judged)
            told["lost"] += judged["lost"]
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    disk.rmdir()
    return told


def _on_full_disk(path: Path, operation: Operation, told: dict[str, Any]) -> None:
    try:
        operation(path)
        told["done"] += 1
    except GazetteerError as error:
        told["refused"] += 1
        told.setdefault("sentences", {}).setdefault(error.what, 0)
        told["sentences"][error.what] += 1
    except Exception as error:
        told["tracebacks"].append(f"{type(error).__name__}: {error}")


# ------------------------------------------------------------------ writers and readers


def crowd(base: Path, *, writers: int, readers: int, seconds: float) -> dict[str, Any]:
    """Let writers and readers at one file; a writer changes two rows alike, a reader sees both."""
    with tempfile.TemporaryDirectory(dir=base.parent) as folder:
        path = _fresh(base, Path(folder))
        begun = len(_events(path))
        ends = time.monotonic() + seconds
        works = [_write_until] * writers + [_read_until] * readers
        children = [_started(work, path, ends, number) for number, work in enumerate(works)]
        results = [_finished(*each) for each in children]
        with County(path) as opened:
            broken = opened.verify().broken
        written = sum(each["done"] for each in results[:writers])
        return {
            "seconds": seconds,
            "writes_acknowledged": written,
            "events_new": len(_events(path)) - begun,
            "reads": sum(each["done"] for each in results[writers:]),
            "torn_reads": sum(each["torn"] for each in results),
            "errors": [error for each in results for error in each["errors"]],
            "longest_wait_s": round(max(each["longest"] for each in results), 2),
            "broken": [*broken],
        }


def _started(
    work: Callable[[Path, int], bool], path: Path, ends: float, number: int
) -> tuple[int, int]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        told: dict[str, Any] = {"done": 0, "torn": 0, "longest": 0.0, "errors": []}
        while time.monotonic() < ends:
            began = time.monotonic()
            try:
                told["torn"] += not work(path, number)
                told["done"] += 1
            except Exception as error:
                told["errors"].append(f"{type(error).__name__}: {error}")
            told["longest"] = max(told["longest"], time.monotonic() - began)
        os.write(writer, json.dumps(told).encode())
        os._exit(0)
    os.close(writer)
    return child, reader


def _finished(child: int, reader: int) -> dict[str, Any]:
    with os.fdopen(reader, "rb") as stream:
        told: dict[str, Any] = json.loads(stream.read())
    os.waitpid(child, 0)
    return told


def _write_until(path: Path, number: int) -> bool:
    with County(path, writing=True) as opened, opened.change("two rows") as change:
        value = f"{number}-{time.monotonic_ns()}"
        for fid in (1, 2):
            query = "UPDATE place SET source = ? WHERE fid = ?"
            change.connection.execute(query, (value, fid))
    return True


def _read_until(path: Path, number: int) -> bool:
    with County(path) as opened:
        query = "SELECT count(DISTINCT coalesce(source, '')) FROM place WHERE fid IN (1, 2)"
        (different,) = opened.connection.execute(query).fetchone()
    return bool(different == 1)


# ------------------------------------------------------------------ all


def _scenes(folder: Path) -> dict[str, tuple[Path, Operation]]:
    """Return each operation with the file it begins with."""
    folders = {}
    for name in ("import", "seal", "undo", "backup", "restore", "merge"):
        folders[name] = folder / name
        folders[name].mkdir()
    county, reading = prepare(folder)
    for each in folders.values():
        shutil.copyfile(county, each / county.name)
    edit_elsewhere(folders["seal"] / county.name)
    shutil.copyfile(county, folders["restore"] / "earlier.gpkg")
    colleague = folders["merge"] / "colleague.gpkg"
    shutil.copyfile(county, colleague)
    importing(reading)(colleague)
    operations: dict[str, Operation] = {
        "import": importing(reading),
        "seal": sealing,
        "undo": undoing_last,
        "backup": backing_up,
        "restore": restoring,
        "merge": merging_in,
    }
    return {name: (folders[name] / county.name, run) for name, run in operations.items()}


def main() -> int:
    """Run everything and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25, help="kill -9 per operation")
    parser.add_argument("--disks", type=int, default=20, help="full disks per operation")
    parser.add_argument("--seconds", type=float, default=10, help="writers and readers at once")
    parser.add_argument("--only", default="kill,disk,crowd")
    asked = parser.parse_args()
    dice = random.Random(SEED)
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        scenes = _scenes(Path(folder))
        for name, (base, operation) in scenes.items():
            if "kill" in asked.only:
                told[f"kill {name}"] = killed(base, operation, times=asked.kills, dice=dice)
            if "disk" in asked.only and name in ("import", "undo", "backup", "merge"):
                told[f"disk {name}"] = full_disk(base, operation, steps=asked.disks)
            print(name, file=sys.stderr)
        if "crowd" in asked.only:
            base = scenes["import"][0]
            told["crowd"] = crowd(base, writers=2, readers=4, seconds=asked.seconds)
    print(json.dumps(told, ensure_ascii=False, indent=2))
    bad = [
        name
        for name, each in told.items()
        if each.get("lost") or each.get("torn_reads") or each["broken"]
    ]
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())

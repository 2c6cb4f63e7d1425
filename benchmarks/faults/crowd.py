"""Writers and readers at one file: no torn read, no lost write, nobody waits too long."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.faults.kills import fresh
from benchmarks.faults.scenes import Scene, events
from gazetteer.store import County


def crowd(scene: Scene, *, writers: int, readers: int, seconds: float) -> dict[str, Any]:
    """Let writers and readers at one file; a writer changes two rows alike, a reader sees both."""
    with fresh(scene) as path:
        begun = len(events(path))
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
            "events_new": len(events(path)) - begun,
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

"""Faults on purpose: killed processes, full disks, many writers; nothing acknowledged may be lost.

    .venv/bin/python -m benchmarks.faults --kills 200 --seconds 60

Each operation runs in a process of its own. ``kill -9`` comes at a moment drawn at random from the
time the operation takes; the process writes a byte to a pipe whenever a command of it is done, as a
command returns to the prompt: what was acknowledged so must be in the file. Full disks need the
right to mount a small tmpfs (root): an operation is run with ever one page (4 KiB) more of room
until it ends well. Exit status 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.faults import side_files
from benchmarks.faults.crowd import crowd
from benchmarks.faults.disks import full_disk
from benchmarks.faults.kills import killed
from benchmarks.faults.scenes import SEED, scenes


def main() -> int:
    """Run what was asked for and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=25, help="kill -9 per operation")
    parser.add_argument("--stride", type=int, default=16, help="pages more from disk to disk")
    parser.add_argument("--seconds", type=float, default=10, help="writers and readers at once")
    parser.add_argument("--rows", type=int, default=3_000, help="names in the county file")
    parser.add_argument("--only", default="kill,disk,crowd")
    parser.add_argument("--operations", help="only these, separated by commas")
    asked = parser.parse_args()
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        found = scenes(Path(folder), rows=asked.rows) | side_files.scenes(Path(folder))
        names = asked.operations.split(",") if asked.operations else [*found]
        for name in names:
            if "kill" in asked.only:
                dice = random.Random(f"{SEED} {name}")
                told[f"kill {name}"] = killed(found[name], times=asked.kills, dice=dice)
            if "disk" in asked.only:
                told[f"disk {name}"] = full_disk(found[name], stride=asked.stride)
            print(name, json.dumps(told, ensure_ascii=False), file=sys.stderr, flush=True)
        if "crowd" in asked.only:
            told["crowd"] = crowd(found["import"], writers=2, readers=4, seconds=asked.seconds)
    print(json.dumps(told, ensure_ascii=False, indent=2))
    failures = ("lost", "torn_reads", "errors", "broken")
    return int(any(each.get(what) for each in told.values() for what in failures))


if __name__ == "__main__":
    raise SystemExit(main())

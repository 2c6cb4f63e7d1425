"""The drill of `docs/office-day.md`: from a folder of backups and a receipt to a working file.

    .venv/bin/python -m benchmarks.drill DEMO

DEMO is the folder of a finished `gazetteer demo`. Its county file is backed up, the log sealed;
then the commands of the page are run, as they stand there, where nothing else is, and timed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "office-day.md"
BEGIN, END = "<!-- drill: begin -->", "<!-- drill: end -->"
COUNTY, COPIES, RECEIPT = "楚溪县.gpkg", "备份", "回执.txt"


def commands() -> list[str]:
    """Return the commands of the drill as the page has them."""
    told = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    return [line for line in told.splitlines() if line and not line.startswith("```")]


def lose(county: Path, new: Path) -> None:
    """Back up a county file and seal its log; leave in a new folder what survives its disk."""
    _run(f'gazetteer log seal "{county}" > {RECEIPT}', new)
    (new / COPIES).mkdir()
    _run(f'gazetteer backup "{county}" {COPIES}', new)


def drill(folder: Path) -> dict[str, float]:
    """Run the commands one after the other in a folder; return the seconds that each took.

    Raises
    ------
    subprocess.CalledProcessError
        When one ends with another status than 0.
    """
    told: dict[str, float] = {}
    assigned = ""
    for line in commands():
        if not line.startswith("gazetteer"):
            assigned += f"{line}\n"
            continue
        began = time.perf_counter()
        _run(f"{assigned}{line}", folder)
        told[line] = round(time.perf_counter() - began, 1)
    return told


def _run(script: str, folder: Path) -> None:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
    )


def main() -> None:
    """Print the seconds of each command as JSON."""
    with tempfile.TemporaryDirectory() as lost, tempfile.TemporaryDirectory() as new:
        for each in Path(sys.argv[1]).glob(f"{Path(COUNTY).stem}.*"):
            copied = shutil.copytree if each.is_dir() else shutil.copyfile
            copied(each, Path(lost) / each.name)
        lose(Path(lost) / COUNTY, Path(new))
        told = drill(Path(new))
    print(
        json.dumps({**told, "in all": round(sum(told.values()), 1)}, ensure_ascii=False, indent=2)
    )


if __name__ == "__main__":
    main()

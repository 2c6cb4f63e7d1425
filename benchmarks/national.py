"""The national list into one county file, beside a bare write and bare pypinyin in the same run.

    python -m benchmarks.national [--data ../shared/data] [--help-runs 15]

Each measure runs in a process of its own; ratios are of CPU time, so that a busy machine does not
tilt them.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIST = "villages/nbs_2018.tsv.xz"


def rows(data: Path) -> list[tuple[str, str]]:
    with lzma.open(data / LIST, "rt", encoding="utf-8") as stream:
        return [(code, name.strip()) for code, _, name in (x.partition("\t") for x in stream)]


def bare_write(data: Path, folder: Path) -> None:
    import geopandas as gpd
    import pyogrio

    codes, names = zip(*rows(data), strict=True)
    frame = gpd.GeoDataFrame({"code": codes, "name": names}, geometry=[None] * len(codes), crs=4490)
    pyogrio.write_dataframe(frame, folder / "bare.gpkg", layer="names", geometry_type="Point")


def bare_pinyin(data: Path, folder: Path) -> None:
    from pypinyin import lazy_pinyin

    for _, name in rows(data):
        lazy_pinyin(name)


def ours(data: Path, folder: Path) -> None:
    from gazetteer import exchange, store
    from gazetteer.importing import bring_in

    path = folder / "nation.gpkg"
    store.create(path, division_code="00", name="全国")
    reading = exchange.read(data / LIST, "divisions")
    with store.County(path, writing=True) as county:
        done = bring_in(county, reading, "divisions", command="import divisions")
    assert done.landed + done.rejected == done.read == len(rows(data))


def search(data: Path, folder: Path) -> None:
    from gazetteer.office.names import finding
    from gazetteer.store import County

    chosen = random.Random(1).sample([name for _, name in rows(data) if len(name) > 3], 500)
    with County(folder / "nation.gpkg") as county:
        texts = [text for name in chosen for text in (name, name[:2], name[:3])]
        taken = [finding.search(county, text).took_ms for text in texts]
    taken.sort()
    print(json.dumps({"p50_ms": taken[len(taken) // 2], "p95_ms": taken[int(len(taken) * 0.95)]}))


STEPS = {each.__name__: each for each in (bare_write, bare_pinyin, ours, search)}


def child(name: str, data: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.national", "--child", name]
    command += ["--data", str(data), "--folder", str(folder)]
    told = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def run_child(name: str, data: Path, folder: Path) -> None:
    start = time.process_time()
    STEPS[name](data, folder)
    if name != "search":
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"cpu_s": time.process_time() - start, "peak_mb": peak}))


def help_ratio(runs: int) -> float:
    """Return how much longer `gazetteer --help` takes than an empty click program."""
    empty = "import click\n@click.command()\ndef main(): pass\nmain(['--help'])"
    full = "from cli.main import main\nmain(['--help'])"
    return timed(full, runs) / timed(empty, runs)


def timed(code: str, runs: int) -> float:
    taken = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--help-runs", type=int, default=15)
    parser.add_argument("--child", choices=STEPS)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    if chosen.child:
        run_child(chosen.child, chosen.data, chosen.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = {step: child(step, chosen.data, folder) for step in STEPS}
        size = (folder / "nation.gpkg").stat().st_size
    number = len(rows(chosen.data))
    bare = found["bare_write"]["cpu_s"] + found["bare_pinyin"]["cpu_s"]
    print(json.dumps(found, indent=2))
    print(f"names: {number}")
    print(f"ratio to bare write + pypinyin: {found['ours']['cpu_s'] / bare:.2f}")
    print(f"peak: {found['ours']['peak_mb']:.0f} MB")
    print(f"file: {size / 1e6:.0f} MB, {size / number * 1e6 / 1e6:.0f} MB for a million names")
    print(f"--help against an empty click program: {help_ratio(chosen.help_runs):.2f}")


if __name__ == "__main__":
    main()

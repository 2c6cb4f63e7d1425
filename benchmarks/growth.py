"""What takes how much more when there is four times as much of it: growth, in the same run.

    python -m benchmarks.growth [NAME ...]

Each measure runs at a quarter and at the whole of its size, each in a process of its own; the
ratio of their processor times is 4 where the work grows evenly, 16 where each row meets each other.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gazetteer.common.hierarchy import Hierarchy
from gazetteer.exchange import duplicates, headers
from gazetteer.importing import bring_in
from gazetteer.office.names import book
from gazetteer.office.signs import issuing, keys, registry
from gazetteer.signs import signing
from gazetteer.signs.verify import verify
from gazetteer.store import County, create, undoing
from gazetteer.store.landing import land

CHARACTERS = "山水石江河湖东西南北新老大小上下前后王李张陈刘杨赵黄周吴金银铜铁龙凤虎马牛羊柳松竹梅"
Work = Callable[[], object]


def county(folder: Path) -> County:
    path = folder / "county.gpkg"
    create(path, division_code="421081", name="石首市")
    return County(path, writing=True)


def named(count: int, *, alike: bool = False) -> gpd.GeoDataFrame:
    """Return places of 100,000 names (or of one) over a county."""
    chance = random.Random(count)
    texts = ["".join(chance.choices(CHARACTERS, k=3)) + "山" for _ in range(count)]
    spread = 0.001 if alike else 0.5
    lon, lat = np.random.default_rng(1).random((2, count)) * spread
    frame = {"name": ["王家村"] * count if alike else texts, "category": "山"}
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(112 + lon, 29 + lat), crs=4490)


def import_names(count: int, folder: Path) -> Work:
    from gazetteer import exchange

    frame = named(count)
    table = pd.DataFrame(
        {
            "标准名称": frame["name"],
            "类别": "山",
            "经度": frame.geometry.x,
            "纬度": frame.geometry.y,
        }
    )
    table.to_csv(folder / "names.csv", index=False)

    def work() -> None:
        reading = exchange.read(folder / "names.csv", "names", crs="EPSG:4490")
        with county(folder) as opened:
            bring_in(opened, reading, "names", command="import names")

    return work


def undo_names(count: int, folder: Path) -> Work:
    import_names(count, folder)()

    def work() -> None:
        with County(folder / "county.gpkg", writing=True) as opened:
            undoing.undo(opened, 2)

    return work


def book_of_names(count: int, folder: Path) -> Work:
    import_names(count, folder)()

    def work() -> None:
        with County(folder / "county.gpkg") as opened:
            book.book(opened)

    return work


def alike(count: int, folder: Path) -> Work:
    frame = named(count, alike=True)
    return lambda: duplicates.proposals(frame)


def brackets(count: int, folder: Path) -> Work:
    return lambda: headers.plain("（" * count)


def lines(count: int, folder: Path) -> Work:
    """Lines side by side, landed, read and put on record again."""
    codes = [f"421081{number:06d}" for number in range(count)]
    shapes = [
        shapely.LineString([(112 + at / count, 29), (112 + at / count, 29.5)])
        for at in range(count)
    ]
    frame = gpd.GeoDataFrame({"code": codes, "legal_status": "de-facto"}, geometry=shapes, crs=4490)

    def work() -> None:
        with county(folder) as opened:
            for _ in range(2):
                with opened.change("import lines") as change:
                    land(change, "lines", frame, key=["code"])
            opened.layer("lines")

    return work


def signs(count: int, folder: Path) -> Work:
    """Signs issued and signed, put into a signed register, each verified."""
    import_names(count, folder)()
    key = signing.new_key()

    def work() -> None:
        with County(folder / "county.gpkg", writing=True) as opened:
            keys.add(opened, key.public_key())
            chosen = issuing.Selection(category="山")
            issuing.issue(opened, chosen, base="https://dm.example.cn/s", key=key)
            registry.dated_register(opened, key=key)
            known = registry.known(opened)
            contents = opened.layer("signs")["content"]
            assert {verify(each, known=known).state for each in contents} <= {"genuine"}

    return work


def parents(depth: int, folder: Path) -> Work:
    """Divisions of which each lies in the one before: what holds each."""
    codes = [f"421081{number:06d}" for number in range(depth)]
    frame = pd.DataFrame({"code": codes, "level": "village", "parent_code": [None, *codes[:-1]]})

    def work() -> None:
        held = Hierarchy.of(frame)
        for code in codes:
            held.at(code, "township")

    return work


SIZES: dict[str, tuple[Callable[[int, Path], Work], int]] = {
    "import of names": (import_names, 100_000),
    "undo of an import of names": (undo_names, 20_000),
    "book of names": (book_of_names, 20_000),
    "entries of one name": (alike, 20_000),
    "a cell of brackets as a header": (brackets, 20_000),
    "lines landed twice": (lines, 5_000),
    "signs issued, registered, verified": (signs, 20_000),
    "divisions each in the one before": (parents, 10_000),
}


def measure(name: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = SIZES[name][0](count, Path(folder))
        before = time.process_time()
        work()
        spent = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{spent:.3f} {peak:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--one", type=int, help="Only this size, in this process.")
    given = parser.parse_args()
    if given.one:
        measure(given.names[0], given.one)
        return
    for name in given.names or SIZES:
        spent = []
        for count in (SIZES[name][1] // 4, SIZES[name][1]):
            command = [sys.executable, "-m", "benchmarks.growth", name, "--one", str(count)]
            told = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
            taken, peak = map(float, told.stdout.split())
            spent.append(taken)
        ratio = spent[1] / max(spent[0], 1e-3)
        seconds = f"{spent[0]:.2f} s | {spent[1]:.2f} s | {ratio:.1f}"
        print(f"| {name} | {count:,} | {seconds} | {peak:.0f} MiB |", flush=True)


if __name__ == "__main__":
    main()

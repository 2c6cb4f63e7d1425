"""Route descriptions that were damaged on purpose, and a new course of a line, beside plain ways.

    .venv/bin/python -m benchmarks.courses --lines 200

Lines with markers at some corners are told in words; each text is damaged in one way at a time.
Ours compares with the line; the plain way reads distances and directions with one pattern and
walks them with `pyproj.Geod` from the start: it says no where it does not come out at the end.
A new course goes through `boundaries replace`; the plain way puts the two lowest polygons in alone,
as an edit in a GIS leaves them. Processor times are of the one process.
"""

from __future__ import annotations

import argparse
import math
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import shapely

CRS = "EPSG:4547"
X, Y = 500_000.0, 3_290_000.0
TOLERANCE = 0.1
SECTOR_DEG = 22.5
LEG = re.compile(r"向(?P<way>[东西南北偏]+)(?P<far>\d+(?:\.\d+)?)(?P<unit>千米|米)")
Drawn = tuple[shapely.LineString, gpd.GeoDataFrame, str]


def drawn(count: int, *, seed: int = 5) -> Iterator[Drawn]:
    """Yield lines with markers and the text that tells them."""
    from boundaries.description import Settings, sections, write

    chance = np.random.default_rng(seed)
    for _ in range(count):
        steps = chance.integers((300, -1800), (2500, 1800), (int(chance.integers(4, 9)), 2))
        corners = np.vstack([[0, 0], np.cumsum(steps, axis=0)]) + np.array([X, Y])
        at = sorted(chance.choice(np.arange(1, len(steps)), min(3, len(steps) - 1), replace=False))
        points = gpd.points_from_xy(*corners[at].T)
        posts = gpd.GeoDataFrame(
            {"number": [f"{place:03d}Q" for place in range(1, len(at) + 1)]},
            geometry=points,
            crs=CRS,
        )
        path = shapely.LineString(corners)
        yield path, posts, write(sections(path, posts, settings=Settings(bend_m=1.0))).zh


def _longer(text: str) -> str:
    first = LEG.search(text)
    assert first is not None
    far = f"{float(first['far']) * 1.5:.2f}"
    return text[: first.start("far")] + far + text[first.end("far") :]


DAMAGE: dict[str, Callable[[str], str]] = {
    "none": lambda text: text,
    "every 东 is 西": lambda text: text.translate(str.maketrans("东西", "西东")),
    "a section left out": lambda text: "。".join(text.split("。")[1:]),
    "the last section left out": lambda text: "。".join(text.split("。")[:-2]) + "。",
    "one distance half as long again": _longer,
    "two sections change places": lambda text: "。".join(
        [*text.split("。")[1::-1], *text.split("。")[2:]]
    ),
    "another marker's number": lambda text: text.replace("001Q", "009Q"),
}


def walked(text: str, path: shapely.LineString) -> bool:
    """Tell whether the legs of a text lead from the start of a line to its end."""
    from boundaries.description_words import SECTORS

    azimuths = {each.zh: place * SECTOR_DEG for place, each in enumerate(SECTORS)}
    geod, way = pyproj.Geod(ellps="GRS80"), pyproj.Transformer.from_crs(CRS, 4490, always_xy=True)
    (lon, lat), end = (way.transform(*path.coords[at]) for at in (0, -1))
    for leg in LEG.finditer(text):
        metres = float(leg["far"]) * (1000 if leg["unit"] == "千米" else 1)
        lon, lat, _ = geod.fwd(lon, lat, azimuths.get(leg["way"], 0.0), metres)
    off = geod.inv(lon, lat, *end)[2]
    # a direction is told to half a sector
    return off <= path.length * (TOLERANCE + math.sin(math.radians(SECTOR_DEG / 2)))


def descriptions(count: int) -> None:
    from boundaries.description_check import contradictions

    lines = list(drawn(count))
    legs = sum(len(LEG.findall(text)) for _, _, text in lines)
    print(f"{count} lines, {legs} legs")
    for name, damaged in DAMAGE.items():
        begun = time.process_time()
        ours = sum(
            any(contradictions(damaged(text), path, posts, tolerance=TOLERANCE))
            for path, posts, text in lines
        )
        between = time.process_time()
        plain = sum(not walked(damaged(text), path) for path, _, text in lines)
        done = time.process_time()
        took = f"{between - begun:.2f} s", f"{done - between:.2f} s"
        print(f"{name}: ours {ours} ({took[0]}), walked {plain} ({took[1]})")


def course() -> None:
    """Give a stretch of a town's edge a new course, and look what then lies outside its parent."""
    from sample_county import bordered, world
    from tests.test_cli import test_recipe_bordered as recipe

    with tempfile.TemporaryDirectory() as folder:
        truth = bordered.write(world.build(421), Path(folder))
        made = Path(folder) / truth["path"], truth
        county = recipe.brought_in(made, Path(folder))
        before = recipe.frames(county)["divisions"].set_index("code").geometry.dropna()
        begun = time.process_time()
        recipe.replace(county, made, "新线")
        ours = time.process_time() - begun
        after = recipe.frames(county)["divisions"].set_index("code").geometry.dropna()
        low = truth["replaced"]["between"]
        begun = time.process_time()
        plain = before.copy()
        plain[low] = after[low]  # the two villages alone, as an edit in a GIS leaves it
        print(f"boundaries replace: {ours:.2f} s, outside the parent {outside(after):,.1f} m²")
        print(f"two polygons alone: {time.process_time() - begun:.2f} s, "
              f"outside the parent {outside(plain):,.1f} m²")  # fmt: skip


def outside(shapes: gpd.GeoSeries) -> float:
    """Return how much of the villages lies outside their township, m²."""
    flat = shapes.to_crs(CRS)
    return sum(
        flat[code].difference(flat[code[:9]]).area
        for code in flat.index
        if len(code) > 9 and code[:9] in flat.index
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=200)
    descriptions(parser.parse_args().lines)
    course()


if __name__ == "__main__":
    main()

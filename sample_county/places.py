"""The place-name catalogue: natural villages, waters, hills and works, each in a village."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sample_county.chance import stream
from sample_county.lexicon import BUILT_KINDS, CATEGORIES, NATURAL_KINDS, TRAPS, Word, word
from sample_county.model import Name, Place, Unit
from sample_county.naming import Namer

# How many of each kind; natural villages and streets make up the rest of the catalogue.
COUNTS = {
    "river": 60,
    "lake": 45,
    "hill": 110,
    "reservoir": 60,
    "bridge": 260,
    "school": 190,
    "temple": 70,
    "pump": 120,
    "sluice": 90,
    "dyke": 60,
    "farm": 40,
    "park": 12,
    "estate": 70,
    "ferry": 25,
    "site": 18,
}
FORMER_SHARE, ALIAS_SHARE = 0.09, 0.05
ERAS = ("东风", "红卫", "向东", "反修", "永红", "新华", "工农", "卫星", "火炬", "三八")
EMPTY = Word("", ())
RIVER_NAME = Name(word("楚溪:chǔ.xī"), word("河:hé"), apart=True)


@dataclass
class Serials:
    """Running serial of place codes by township and category."""

    used: dict[str, int]

    def code(self, township: str, category: str) -> str:
        """Return the next 20-digit place code: township 9, category 5, serial 6."""
        stem = township + category
        self.used[stem] = self.used.get(stem, 0) + 1
        return f"{stem}{self.used[stem]:06d}"


def catalogue(
    seed: int, villages: tuple[Unit, ...], namer: Namer, river: shapely.LineString, *, count: int
) -> tuple[Place, ...]:
    """Make so many entries of the catalogue (streets are not among them)."""
    rng = stream(seed, "places")
    serials = Serials({})
    first = _river(villages, river, serials)
    features = list(_features(rng, villages, namer, serials))
    rest = count - len(features) - 1
    return (first, *_natural_villages(rng, villages, namer, serials, rest), *features)


def points_in(
    rng: np.random.Generator, shape: BaseGeometry, count: int
) -> list[tuple[float, float]]:
    """Scatter points in a polygon (m, EPSG:4546, rounded to 1 mm)."""
    x0, y0, x1, y1 = shape.bounds
    found: list[tuple[float, float]] = []
    while len(found) < count:
        cloud = np.round(rng.uniform((x0, y0), (x1, y1), (3 * count + 8, 2)), 3)
        kept = cloud[shapely.contains_xy(shape, *cloud.T)]
        found += [(float(x), float(y)) for x, y in kept]
    return found[:count]


def _river(villages: tuple[Unit, ...], river: shapely.LineString, serials: Serials) -> Place:
    start, end = river.coords[0], river.coords[-1]
    home = min(villages, key=lambda unit: shapely.distance(unit.shape, shapely.Point(start)))
    return Place(
        serials.code(home.parent, CATEGORIES["river"][0]),
        "river",
        RIVER_NAME,
        home.code,
        (float(start[0]), float(start[1])),
        meaning="县境主要河流，县以河名。",
        end=(float(end[0]), float(end[1])),
    )


def _natural_villages(
    rng: np.random.Generator, villages: tuple[Unit, ...], namer: Namer, serials: Serials, count: int
) -> Iterator[Place]:
    """Spread natural villages over the villages, more to the larger ones."""
    areas = np.array([unit.shape.area for unit in villages]) ** 0.6
    shares = np.floor(areas / areas.sum() * count).astype(int)
    shares[: count - shares.sum()] += 1
    for unit, share in zip(villages, shares, strict=True):
        for rank, at in enumerate(points_in(rng, unit.shape, int(share))):
            seat = rank == 0 and unit.kind == "村"
            made = unit.name.specific if seat else namer.village()
            yield _village(rng, unit, made, at if not seat else unit.seat, serials)


def _village(
    rng: np.random.Generator, unit: Unit, made: Word, at: tuple[float, float], serials: Serials
) -> Place:
    former, year = "", int(rng.integers(1368, 1950))
    if rng.random() < FORMER_SHARE:
        former = ERAS[int(rng.integers(len(ERAS)))] + str(int(rng.integers(1, 30))) + "队"
    alias = made.text[1:] if len(made.text) > 3 and rng.random() < 3 * ALIAS_SHARE else ""
    clan = made.text[0] if "家" in made.text else ""
    meaning = f"{clan}姓聚居，故名。" if clan else f"因当地{made.text[:2]}得名。"
    return Place(
        serials.code(unit.parent, CATEGORIES["village"][0]),
        "village",
        Name(made, EMPTY, apart=False),
        unit.code,
        at,
        former=former,
        alias=alias,
        meaning=meaning,
        origin="据地名普查登记表。",
        year=year,
    )


def _features(
    rng: np.random.Generator, villages: tuple[Unit, ...], namer: Namer, serials: Serials
) -> Iterator[Place]:
    kinds = NATURAL_KINDS | BUILT_KINDS
    traps = [each for each in TRAPS if len(each.text) == 2]
    for kind, count in COUNTS.items():
        used: set[str] = {RIVER_NAME.text}
        for rank in range(count - (kind == "river")):
            generic = kinds[kind][int(rng.integers(len(kinds[kind])))]
            stem = traps[rank % len(traps)] if rank % 9 == 0 else namer.stem()
            while stem.text + generic.text in used:
                stem = namer.village()
            used.add(stem.text + generic.text)
            unit = villages[int(rng.integers(len(villages)))]
            yield _feature(rng, unit, kind, Name(stem, generic, apart=True), serials)


def _feature(
    rng: np.random.Generator, unit: Unit, kind: str, name: Name, serials: Serials
) -> Place:
    at, end = points_in(rng, unit.shape, 2)
    former = ""
    if rng.random() < FORMER_SHARE and kind in {"school", "bridge", "farm"}:
        former = ERAS[int(rng.integers(len(ERAS)))] + name.generic.text
    return Place(
        serials.code(unit.parent, CATEGORIES[kind][0]),
        kind,
        name,
        unit.code,
        at,
        former=former,
        meaning=f"以{name.specific.text}得名。",
        year=int(rng.integers(1950, 2020)) if kind in BUILT_KINDS else None,
        end=end if kind in {"river", "dyke"} else None,
    )

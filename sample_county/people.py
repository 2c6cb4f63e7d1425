"""Inhabitants of each village, and the facilities that serve them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from sample_county.chance import stream
from sample_county.model import COUNTY, Facility, People, Unit
from sample_county.places import points_in

AGE_SHARES = (0.16, 0.57, 0.23, 0.04)


def people(seed: int, villages: tuple[Unit, ...]) -> tuple[People, ...]:
    """Count households, registered and resident people, and residents by age, of each village."""
    rng = stream(seed, "people")
    return tuple(_people(rng, unit) for unit in villages)


def _people(rng: np.random.Generator, unit: Unit) -> People:
    typical = 5_200.0 if unit.kind == "社区" else 2_100.0
    registered = int(typical * rng.lognormal(0.0, 0.35))
    resident = int(registered * rng.uniform(0.62, 0.9 if unit.kind == "村" else 1.25))
    shares = rng.dirichlet(np.array(AGE_SHARES) * 120.0)
    first = [int(resident * share) for share in shares[:3]]
    ages = (first[0], first[1], first[2], resident - sum(first))
    return People(unit.code, int(registered / rng.uniform(2.6, 3.4)), registered, resident, ages)


def facilities(
    seed: int, towns: tuple[Unit, ...], villages: tuple[Unit, ...]
) -> tuple[Facility, ...]:
    """Place homes and centres for the elderly, child-protection stations, cemeteries, ash halls."""
    rng = stream(seed, "facilities")
    return (*_county(rng, towns), *_town(rng, towns), *_village(rng, villages))


def _county(rng: np.random.Generator, towns: tuple[Unit, ...]) -> Iterator[Facility]:
    for name, kind, beds in (
        ("楚溪县社会福利院", "福利院", 220),
        ("楚溪县中心敬老院", "敬老院", 180),
        ("楚溪县救助管理站", "救助站", 20),
        ("楚溪县殡仪馆", "殡仪馆", None),
    ):
        yield _at(rng, towns[0], name, kind, "县民政局", beds)


def _town(rng: np.random.Generator, towns: tuple[Unit, ...]) -> Iterator[Facility]:
    for rank, town in enumerate(towns):
        stem = town.name.specific.text
        if town.kind != "街道" and rank != 7:
            beds = int(rng.integers(40, 120))
            yield _at(rng, town, f"{stem}{town.kind}敬老院", "敬老院", town.name.text, beds)
        if rank not in {5, 9}:
            yield _at(
                rng,
                town,
                f"{town.name.text}未成年人保护工作站",
                "未成年人保护工作站",
                town.name.text,
            )
        if rank % 3 == 0:
            yield _at(rng, town, f"{stem}骨灰堂", "骨灰堂", town.name.text)


def _village(rng: np.random.Generator, villages: tuple[Unit, ...]) -> Iterator[Facility]:
    for unit in villages:
        stem = unit.name.text
        if unit.kind == "社区" and rng.random() < 0.6:
            beds = int(rng.integers(5, 25))
            yield _at(rng, unit, f"{stem}日间照料中心", "日间照料中心", stem, beds)
        if unit.kind == "村" and rng.random() < 0.25:
            yield _at(rng, unit, f"{stem}农村互助照料中心", "农村互助照料中心", stem, 5)
        if unit.kind == "村" and rng.random() < 0.4:
            yield _at(rng, unit, f"{stem}公益性公墓", "公益性公墓", stem)


def _at(
    rng: np.random.Generator,
    unit: Unit,
    name: str,
    kind: str,
    operator: str,
    beds: int | None = None,
) -> Facility:
    """Put a facility at a point of its unit, within about a kilometre of the seat."""
    spot = points_in(rng, unit.shape, 1)[0]
    share = 0.2 if kind not in {"公益性公墓", "骨灰堂"} else 0.9
    at = tuple(round(s + (p - s) * share, 3) for p, s in zip(spot, unit.seat, strict=True))
    if not shapely.contains_xy(unit.shape, *at):
        at = unit.seat
    nursing = None if beds is None else int(beds * rng.uniform(0.2, 0.8))
    address = f"{COUNTY[1]}{unit.name.text}"
    return Facility(name, kind, unit.code, operator, beds, nursing, (at[0], at[1]), address)

"""Townships and villages: cells grown into units, named and coded, and the lines between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from sample_county.chance import stream
from sample_county.land import CENTRE, TOWN, Land
from sample_county.lexicon import MODERN, TRAPS, Word, word
from sample_county.model import COUNTY, NEIGHBOURS, Line, Name, Unit
from sample_county.naming import Namer

# Code after the county's six digits, specific name, kind, how fast it spreads (a share).
TOWNSHIPS = (
    ("001", "曲江:qū.jiāng", "街道", 0.45),
    ("002", "朝阳:cháo.yáng", "街道", 0.45),
    ("100", "长乐:cháng.lè", "镇", 0.9),
    ("101", "大埔:dà.bù", "镇", 1.0),
    ("102", "重阳:chóng.yáng", "镇", 0.9),
    ("103", "六里铺:liù.lǐ.pù", "镇", 1.1),
    ("104", "佛子岭:fó.zǐ.lǐng", "镇", 1.2),
    ("105", "乐塘:lè.táng", "镇", 0.8),
    ("106", "都亭:dū.tíng", "镇", 1.0),
    ("200", "洞庭:dòng.tíng", "乡", 1.2),
    ("201", "单家集:shàn.jiā.jí", "乡", 0.8),
    ("202", "什字:shí.zì", "乡", 0.9),
)
KINDS = {"街道": word("街道:jiē.dào"), "镇": word("镇:zhèn"), "乡": word("乡:xiāng")}
COMMUNITY, VILLAGE = word("社区:shè.qū"), word("村:cūn")
# Two villages of one name: allowed to no new village, met in most counties.
TWINS = word("曾家湾:zēng.jiā.wān")
# Villages of one sound and different characters.
HOMOPHONES = (word("余家台:yú.jiā.tái"), word("于家台:yú.jiā.tái"))


def grow(seed: int, land: Land) -> dict[int, int]:
    """Assign each cell to a township (number in `TOWNSHIPS`), never across the river."""
    rng = stream(seed, "townships")
    pairs = [pair for pair in land.chains if max(pair) < land.inside and pair not in land.river]
    edges = np.array(pairs)
    lengths = np.hypot(*(land.seeds[edges[:, 0]] - land.seeds[edges[:, 1]]).T)
    lengths = lengths * rng.uniform(0.8, 1.3, len(lengths))
    graph = coo_array((lengths, edges.T), shape=(land.inside, land.inside))
    seats = _seats(land, dijkstra(graph, directed=False))
    speed = np.array([each[3] for each in TOWNSHIPS])
    # who is reached sooner over the edges owns a cell: townships stay in one piece
    times = dijkstra(graph, directed=False, indices=seats) / speed[:, None]
    return {cell: int(owner) for cell, owner in enumerate(np.argmin(times, axis=0))}


def _seats(land: Land, distances: np.ndarray) -> list[int]:
    """Pick the seat cells: the county town, its neighbour, then always the farthest from all."""
    inner = land.seeds[: land.inside]
    first = int(np.argmin(np.hypot(*(inner - TOWN).T)))
    second = int(np.argmin(np.abs(distances[first] - 4_500.0)))
    seats = [first, second]
    away = np.hypot(*(inner - CENTRE).T)
    while len(seats) < len(TOWNSHIPS):
        gap = np.minimum(distances[seats].min(axis=0), 60_000.0)
        # beyond the river nothing is reached: as far as the farthest, no farther
        gap = np.where(np.isfinite(distances[seats].min(axis=0)), gap, 60_000.0)
        seats.append(int(np.argmax(gap - 0.35 * away)))
    return seats


def townships(land: Land, owner: dict[int, int]) -> tuple[Unit, ...]:
    """Make the township-level units of their cells; the seat is at the densest cell."""
    return tuple(
        _township(land, number, tuple(cell for cell, town in owner.items() if town == number))
        for number in range(len(TOWNSHIPS))
    )


def _township(land: Land, number: int, cells: tuple[int, ...]) -> Unit:
    suffix, written, kind, _ = TOWNSHIPS[number]
    areas = [land.polygon([cell]).area for cell in cells]
    middle = land.seeds[list(cells)].mean(axis=0)
    away = np.hypot(*(land.seeds[list(cells)] - middle).T)
    seat = cells[int(np.argmin(np.array(areas) / 4e6 + away / 2_000.0))]
    name = Name(word(written), KINDS[kind], apart=True)
    at = tuple(float(v) for v in np.round(land.seeds[seat], 3))
    return Unit(
        COUNTY[0] + suffix, name, kind, COUNTY[0], cells, (at[0], at[1]), land.polygon(cells)
    )


def villages(seed: int, land: Land, towns: tuple[Unit, ...], namer: Namer) -> tuple[Unit, ...]:
    """Make a village or community of each cell, coded in its township from the seat outwards."""
    pool = _village_words(seed, namer)
    return tuple(unit for town in towns for unit in _villages(land, town, pool))


def _village_words(seed: int, namer: Namer) -> Iterator[Word]:
    """Specific names of villages: the traps and planted twins first, in a shuffled order."""
    rng = stream(seed, "village names")
    planted = [*TRAPS, TWINS, *HOMOPHONES, *MODERN]  # TRAPS holds the other of the twins
    head = planted + [namer.village() for _ in range(150 - len(planted))]
    yield from (head[int(i)] for i in rng.permutation(len(head)))
    while True:
        yield namer.village()


def _villages(land: Land, town: Unit, pool: Iterator[Word]) -> Iterator[Unit]:
    seats = land.seeds[list(town.cells)]
    order = np.argsort(np.hypot(*(seats - town.seat).T))
    urban = len(order) * 2 // 3 if town.kind == "街道" else 1
    for rank, index in enumerate(order):
        cell, community = town.cells[int(index)], rank < urban
        serial = rank + 1 if community else 200 + rank - urban
        name = Name(next(pool), COMMUNITY if community else VILLAGE, apart=True)
        at = np.round(land.seeds[cell], 3)
        yield Unit(
            f"{town.code}{serial:03d}",
            name,
            "社区" if community else "村",
            town.code,
            (cell,),
            (float(at[0]), float(at[1])),
            land.polygon([cell]),
        )


def lines(land: Land, towns: tuple[Unit, ...]) -> tuple[Line, ...]:
    """Make the boundary lines between townships, and of townships with neighbouring counties."""
    owner = {cell: town for town in towns for cell in town.cells}
    parts: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for pair in land.chains:
        sides = [_side(land, cell, owner) for cell in pair]
        if sides[0] != sides[1]:
            parts.setdefault((min(sides), max(sides)), []).append(pair)
    names = {town.code: town.name.specific.text for town in towns}
    names |= {code: name for code, name, _ in NEIGHBOURS}
    return tuple(_line(land, owner, key, parts[key], names) for key in sorted(parts))


def _side(land: Land, cell: int, owner: dict[int, Unit]) -> str:
    """Code of the township of a cell, or of the neighbouring county outside."""
    if cell in owner:
        return owner[cell].code
    east, north = land.seeds[cell] - CENTRE
    if north > 0.45 * abs(east) or (north > 0 and east < 0):
        return NEIGHBOURS[0][0]
    return NEIGHBOURS[1][0] if east < 0 else NEIGHBOURS[2][0]


def _line(
    land: Land,
    owner: dict[int, Unit],
    key: tuple[str, str],
    pairs: list[tuple[int, int]],
    names: dict[str, str],
) -> Line:
    chains = [shapely.LineString(land.chains[pair]) for pair in pairs]
    merged = shapely.line_merge(shapely.MultiLineString(chains))
    pieces = sorted(
        (_oriented(each) for each in shapely.get_parts(merged)), key=lambda p: p.coords[0]
    )
    left = _left(land, owner, pairs, pieces[0])
    sides = key if key[0] == left else (key[1], key[0])
    low, high = sorted(key, key=lambda code: (len(code), code))
    outer = len(low) == len(COUNTY[0])
    code = high + low[-3:] if outer else low + high[-3:]
    name = f"{names[key[0]]}—{names[key[1]]}线"
    level = "county" if outer else "township"
    return Line(code, name, sides[0], sides[1], level, shapely.MultiLineString(pieces))


def _oriented(piece: shapely.LineString) -> shapely.LineString:
    """Turn a line to run from west to east, or from north to south when it is rather upright."""
    (x0, y0), (x1, y1) = piece.coords[0], piece.coords[-1]
    forward = x1 >= x0 if abs(x1 - x0) >= abs(y1 - y0) else y1 <= y0
    return piece if forward else shapely.reverse(piece)


def _left(
    land: Land, owner: dict[int, Unit], pairs: list[tuple[int, int]], piece: shapely.LineString
) -> str:
    """Code of the unit on the left of the first segment of a line."""
    (x0, y0), (x1, y1) = piece.coords[0], piece.coords[1]
    first = {(x0, y0), (x1, y1)}
    for pair in pairs:
        chain = land.chains[pair]
        for i in range(len(chain) - 1):
            if {tuple(chain[i].tolist()), tuple(chain[i + 1].tolist())} == first:
                return _left_cell(land, owner, pair, ((x0, y0), (x1, y1)))
    raise AssertionError("a line has a segment that no chain has")


def _left_cell(
    land: Land,
    owner: dict[int, Unit],
    pair: tuple[int, int],
    segment: tuple[tuple[float, float], tuple[float, float]],
) -> str:
    (x0, y0), (x1, y1) = segment
    length = np.hypot(x1 - x0, y1 - y0)
    step = 0.01
    left = shapely.Point(
        (x0 + x1) / 2 - (y1 - y0) / length * step, (y0 + y1) / 2 + (x1 - x0) / length * step
    )
    inner = next(cell for cell in pair if cell in owner)
    other = pair[1] if inner == pair[0] else pair[0]
    cell = inner if shapely.contains(land.polygon([inner]), left) else other
    return _side(land, cell, owner)


def tri_points(
    land: Land, towns: tuple[Unit, ...]
) -> list[tuple[tuple[str, ...], tuple[float, float]]]:
    """List where three units or more meet (neighbours, too): their codes and the place (m)."""
    owner = {cell: town for town in towns for cell in town.cells}
    around: dict[int, set[str]] = {}
    for pair, ends in land.ends.items():
        for vertex in ends:
            around.setdefault(vertex, set()).update(_side(land, cell, owner) for cell in pair)
    counts = Counter({vertex: len(codes) for vertex, codes in around.items()})
    return [
        (tuple(sorted(around[v])), (float(land.vertices[v][0]), float(land.vertices[v][1])))
        for v in sorted(around)
        if counts[v] >= 3
    ]

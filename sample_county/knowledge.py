"""What the world knows of its names: readings, twins, homophones, what a search should find."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sample_county.lexicon import TRAP_SURNAMES, TRAPS
from sample_county.model import Name, World
from sample_county.spelling import initials, toneless

Entry = tuple[str, Name, str]  # code, name, former name

TRAP_TEXTS = (*(each.text for each in TRAPS), *(each.text + "家" for each in TRAP_SURNAMES))


def entries(world: World, former_towns: dict[str, str]) -> list[Entry]:
    """List every named thing: townships, villages, places (streets have no code of their own)."""
    units = (*world.townships, *world.villages)
    listed = [(unit.code, unit.name, former_towns.get(unit.code, "")) for unit in units]
    return listed + [(place.code, place.name, place.former) for place in world.places]


def readings(world: World, known: Iterable[Entry]) -> list[dict[str, Any]]:
    """Tell the true spelling of every name, and which names hold a trap."""
    streets = [(street.division, street.name, "") for street in world.streets]
    return [
        {"code": code, "name": name.text, "romanization": name.romanization, "trap": _trap(name)}
        for code, name, _ in (*known, *streets)
    ]


def _trap(name: Name) -> bool:
    """Tell whether a name holds a word that is easily misread."""
    return any(each in name.text for each in TRAP_TEXTS)


def twins(world: World) -> list[list[str]]:
    """Group the codes of villages that bear one name."""
    return _groups(world, lambda name: name.text, distinct=lambda name: None)


def homophones(world: World) -> list[list[str]]:
    """Group the codes of villages that sound alike, tones included, but differ in characters."""
    return _groups(world, lambda name: name.specific.syllables, distinct=lambda name: name.text)


def _groups(
    world: World, key: Callable[[Name], object], *, distinct: Callable[[Name], object]
) -> list[list[str]]:
    groups: dict[object, list[tuple[str, object]]] = defaultdict(list)
    for unit in world.villages:
        groups[key(unit.name)].append((unit.code, distinct(unit.name)))
    return [
        [code for code, _ in group]
        for group in groups.values()
        if len(group) > 1 and (len({d for _, d in group}) > 1 or group[0][1] is None)
    ]


def searches(known: list[Entry]) -> list[dict[str, Any]]:
    """Make queries of every kind with the name that each should find."""
    return list(_searches(known))


def _searches(known: list[Entry]) -> Iterator[dict[str, Any]]:
    texts = [name.text for _, name, _ in known]
    spelled = [_plain(name.syllables) for _, name, _ in known]
    shorts = [initials(name.syllables) for _, name, _ in known]
    for code, name, _ in known:
        if not _trap(name) or len(code) > 12:
            continue
        stem, plain = _plain(name.specific.syllables), _plain(name.syllables)
        short = initials(name.syllables)
        for kind, query, matching in (
            ("full", name.text, texts.count(name.text)),
            ("two-characters", name.text[:2], sum(name.text[:2] in text for text in texts)),
            ("pinyin", plain, spelled.count(plain)),
            ("pinyin-stem", stem, sum(each.startswith(stem) for each in spelled)),
            ("initials", short, shorts.count(short)),
        ):
            yield _search(kind, query, name.text, code, matching)
    formers = Counter(former for _, _, former in known)
    for code, name, former in known:
        if former and formers[former] == 1:
            yield _search("former", former, name.text, code, 1)


def _plain(syllables: tuple[str, ...]) -> str:
    return toneless("".join(syllables))


def _search(kind: str, query: str, expected: str, code: str, matching: int) -> dict[str, Any]:
    return {"kind": kind, "query": query, "expected": expected, "code": code, "matching": matching}

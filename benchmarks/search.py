"""Measure the search: how often what is meant is among the first ten, and how long it takes.

Run: python -m benchmarks.search FILE.gpkg [--digits 6] [--queries 100] [--seed 1] [--kind WORD]

FILE.gpkg is a county file with a list of divisions, of a nation or less (``gazetteer init
NATION.gpkg --division 00``, ``gazetteer import divisions NATION.gpkg nbs_2018.tsv.xz``). Each query
is asked within the division that the first `--digits` of the target's code name; it is a hit if a
place with the target's name or stem is among the first ten. Beside it two rankings of the same
names by rapidfuzz (``ratio`` and ``WRatio`` over the characters, over the pinyin of pypinyin for
queries in letters) with the same verdict. Times are processor time of this process.
"""

from __future__ import annotations

import argparse
import random
import time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz, process

from benchmarks.search_queries import KINDS, Target, stem, syllables
from gazetteer.names.romanization.spelling import ascii_letters
from gazetteer.office.names import finding
from gazetteer.store import County

PEERS = {"ratio": fuzz.ratio, "WRatio": fuzz.WRatio}


class Figures(NamedTuple):
    """Hits of one kind of query, milliseconds of each, queries that missed."""

    asked: int
    hits: int
    times: list[float]
    peers: dict[str, int]
    missed: list[tuple[str, str]]


class Nation:
    """A county file with the names of its areas."""

    def __init__(self, county: County, digits: int) -> None:
        self.county, self.digits = county, digits
        rows = county.connection.execute(
            "SELECT text, division_code, romanization FROM name WHERE role = 'standard'"
        ).fetchall()
        self.names = {code: text for text, code, _ in rows}
        self.rows = [row for row in rows if len(row[1]) >= 9 and row[2]]

    def targets(self, chance: random.Random) -> list[Target]:
        rows = chance.sample(self.rows, len(self.rows))
        return [
            Target(text, stem(text), code, romanization, self.above(code))
            for text, code, romanization in rows[:20_000]
            if 3 <= len(text) <= 14 and len(stem(text)) >= 2
        ]

    def above(self, code: str) -> tuple[str, ...]:
        codes = (code[:size] for size in (2, 4, 6, 9) if size < len(code))
        return tuple(self.names[each] for each in codes if each in self.names)

    @lru_cache(maxsize=1024)  # noqa: B019 - one object lives as long as the run
    def area(self, within: str) -> tuple[list[str], list[str]]:
        query = (
            "SELECT text FROM name WHERE role = 'standard' AND division_code >= ? "
            "AND division_code < ? || char(1114111)"
        )
        found = self.county.connection.execute(query, (within, within))
        texts = [text for (text,) in found]
        return texts, ["".join(syllables(text)) for text in texts]


def right(target: Target, names: set[str]) -> bool:
    return target.text in names or target.stem in {stem(each) for each in names}


def by_peer(nation: Nation, query: str, within: str, scorer: object) -> set[str]:
    texts, letters = nation.area(within)
    latin = all(ord(each) < 0x3000 for each in query)
    asked, choices = (ascii_letters(query), letters) if latin else (query, texts)
    found = process.extract(asked, choices, scorer=scorer, limit=10)
    return {texts[place] for _, _, place in found}


def measure(nation: Nation, targets: list[Target], kind: str, number: int, seed: int) -> Figures:
    chance, peers = random.Random(seed), dict.fromkeys(PEERS, 0)
    times: list[float] = []
    missed: list[tuple[str, str]] = []
    for target in targets:
        query = KINDS[kind](target, chance)
        if not query:
            continue
        within = target.code[: nation.digits]
        start = time.process_time()
        answer = finding.search(nation.county, query, asked=finding.Asked(within=within))
        times.append((time.process_time() - start) * 1000)
        names = {hit.candidate.text for hit in answer.hits}
        names |= {hit.candidate.standard or hit.candidate.text for hit in answer.hits}
        if not right(target, names):
            missed.append((query, target.text))
        for name, scorer in PEERS.items():
            peers[name] += right(target, by_peer(nation, query, within, scorer))
        if len(times) == number:
            break
    return Figures(len(times), len(times) - len(missed), sorted(times), peers, missed)


def row(kind: str, found: Figures, shown: int) -> str:
    if not found.asked:
        return f"| {kind} | none to ask |"
    middle, late = (found.times[int(found.asked * share)] for share in (0.5, 0.95))
    peers = " | ".join(str(hits) for hits in found.peers.values())
    return (
        f"| {kind} | {found.hits} of {found.asked} | {peers} | {middle:.1f} | {late:.1f} | "
        f"{found.times[-1]:.1f} | {found.missed[:shown]}"
    )


def main() -> None:
    """Measure every kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--digits", type=int, default=6)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", default="")
    parser.add_argument("--shown", type=int, default=4)
    given = parser.parse_args()
    with County(given.file) as county:
        nation = Nation(county, given.digits)
        targets = nation.targets(random.Random(given.seed))
        finding.search(county, targets[0].text, asked=finding.Asked(within=targets[0].code[:6]))
        print("| query | hits | ratio | WRatio | median ms | 95 % ms | longest ms | missed")
        for kind in KINDS:
            if given.kind in kind:
                found = measure(nation, targets, kind, given.queries, given.seed)
                print(row(kind, found, given.shown), flush=True)


if __name__ == "__main__":
    main()

"""Measure the search: how often what is meant is among the first ten, and how long it takes.

Run: python benchmarks/search.py NATION.gpkg [--queries 100] [--seed 1]

NATION.gpkg is a county file with the national list of villages (``gazetteer init NATION.gpkg
--division 00``, ``gazetteer import divisions NATION.gpkg nbs_2018.tsv.xz``). Each query is asked
within the target's county; it is a hit if a place with the target's name or stem is among the
first ten. Times are processor time of this process.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gazetteer import register, tables
from gazetteer.romanization.spelling import toneless
from gazetteer.store import County

TAIL = re.compile(
    r"(社区|村|居|家)?(居民委员会|村民委员会|居委会|村委会|家委会|管委会|社区|村|街道办事处|街道|镇|乡)$"
)


class Target(NamedTuple):
    """A name that somebody looks for."""

    text: str
    stem: str
    county: str
    romanization: str
    syllables: tuple[str, ...]


def stem(text: str) -> str:
    """Return a name without what it is."""
    short = TAIL.sub("", text)
    return short if len(short) >= 2 else text


def targets(county: County, number: int, chance: random.Random) -> list[Target]:
    """Draw names of townships and villages with Chinese characters only."""
    frame = county.frame("names", keep=["pinyin"])
    frame = frame[frame["text"].str.fullmatch("[一-鿿]{3,14}") & frame["romanization"].notna()]
    found = []
    for row in frame.sample(number * 4, random_state=chance.randrange(2**32)).itertuples():
        syllables = tuple(map(syllable, row.text))
        code = str(row.division_code)
        if len(code) >= 9 and len(stem(row.text)) >= 2:
            found.append(Target(row.text, stem(row.text), code[:6], row.romanization, syllables))
    return found


@cache
def syllable(sign: str) -> str:
    """Return the toneless letters of one character."""
    return re.sub(r"[^a-zü]", "", register.romanize([sign])[0]["toneless"].lower())


def by_sound() -> dict[str, list[str]]:
    """Return the standard characters of each toneless sound, by their first reading."""
    found = defaultdict(list)
    for line in tables.text("characters_readings.txt").splitlines():
        hit = re.match(r"U\+([0-9A-F]+):\s*(\S+)", line)
        if hit:
            found[toneless(hit[2].split(",")[0])].append(chr(int(hit[1], 16)))
    return found


SOUNDS = by_sound()
SOUND_OF = {sign: sound for sound, signs in SOUNDS.items() for sign in signs}
STANDARD = tables.text("characters_standard.txt").split()[:3500]
TRADITIONAL = {
    row["standard"]: row["traditional"]
    for row in reversed(tables.rows("characters_traditional.csv"))
    if not row["where"]
} | {
    line[0]: line[2]
    for line in tables.text("characters_fanti.txt").splitlines()
    if "(" in line[1:2]
}


def wrong(target: Target, chance: random.Random) -> str:
    """Return the stem or name with one other character."""
    text = target.text
    place = chance.randrange(len(target.stem))
    return text[:place] + chance.choice(STANDARD) + text[place + 1 :]


def missing(target: Target, chance: random.Random) -> str:
    """Return the name without one character of its stem."""
    place = chance.randrange(len(target.stem))
    return target.text[:place] + target.text[place + 1 :]


def homophone(target: Target, chance: random.Random) -> str:
    """Return the name with one character of its stem written by another of the same sound."""
    places = [i for i, sign in enumerate(target.stem) if len(SOUNDS[SOUND_OF.get(sign, "")]) > 1]
    if not places:
        return ""
    place = chance.choice(places)
    others = [sign for sign in SOUNDS[SOUND_OF[target.text[place]]] if sign != target.text[place]]
    return target.text[:place] + chance.choice(others) + target.text[place + 1 :]


def traditional(target: Target, _: random.Random) -> str:
    """Return the name in traditional characters, nothing where it has none of its own."""
    text = "".join(TRADITIONAL.get(sign, sign) for sign in target.text)
    return text if text != target.text else ""


def joined(target: Target, _: random.Random) -> str:
    """Return the toneless letters, joined."""
    return re.sub(r"[^a-zü]", "", toneless(target.romanization).lower())


def read_plainly(target: Target) -> bool:
    """Tell whether the syllables of single characters make up the name's pinyin."""
    return "".join(target.syllables) == joined(target, random.Random())


def spaced(target: Target, _: random.Random) -> str:
    """Return the syllables of the stem with blanks between them."""
    return " ".join(target.syllables[: len(target.stem)]) if read_plainly(target) else ""


def initials(*, of_stem: bool) -> Callable[[Target, random.Random], str]:
    """Return a kind of query: first letters of the name or of its stem."""

    def made(target: Target, _: random.Random) -> str:
        wanted = target.syllables[: len(target.stem)] if of_stem else target.syllables
        return "".join(each[:1] for each in wanted) if read_plainly(target) else ""

    return made


KINDS: dict[str, Callable[[Target, random.Random], str]] = {
    "full name": lambda target, _: target.text,
    "without generic": lambda target, _: target.stem,
    "two characters": lambda target, _: target.stem[:2],
    "traditional": traditional,
    "pinyin joined": joined,
    "pinyin joined with tones": lambda target, _: target.romanization.replace(" ", "").lower(),
    "pinyin properly spelled": lambda target, _: toneless(target.romanization),
    "pinyin properly spelled with tones": lambda target, _: target.romanization,
    "pinyin, a blank between syllables": spaced,
    "initials of the name": initials(of_stem=False),
    "initials of the stem": initials(of_stem=True),
    "one wrong character": wrong,
    "one missing character": missing,
    "homophone": homophone,
}


def measure(county: County, found: list[Target], kind: str, number: int, seed: int) -> None:
    """Print hits and times of one kind of query."""
    chance, times, missed, asked = random.Random(seed), [], [], 0
    for target in found:
        query = KINDS[kind](target, chance)
        if not query or asked == number:
            continue
        asked += 1
        start = time.process_time()
        answer = register.search(county, query, asked=register.Asked(within=target.county))
        times.append((time.process_time() - start) * 1000)
        names = {hit.candidate.text for hit in answer.hits}
        names |= {hit.candidate.standard or hit.candidate.text for hit in answer.hits}
        if target.text not in names and target.stem not in {stem(each) for each in names}:
            missed.append((query, target.text))
    times.sort()
    hits = asked - len(missed)
    print(
        f"| {kind} | {hits} of {asked} | {times[len(times) // 2]:.1f} | "
        f"{times[int(len(times) * 0.95)]:.1f} | {times[-1]:.1f} | {missed[:4]}"
    )


def main() -> None:
    """Measure every kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("nation", type=Path)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with County(given.nation) as county:
        found = targets(county, given.queries, chance)
        register.search(county, found[0].text)
        for kind in KINDS:
            measure(county, found, kind, given.queries, given.seed)


if __name__ == "__main__":
    main()

"""Addresses of kinds that lists have, made of a county's own divisions, beside rapidfuzz.

``python -m benchmarks.geocode FILE.gpkg [--rows 990] [--seed 1]``: how many are certain and right,
and how many certain and wrong; the peer takes the best of `rapidfuzz.process.extractOne` over the
full names of all divisions from 90 of 100 on.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from facilities import sources
from facilities.geocode import CERTAIN, geocode
from gazetteer.common import tables
from gazetteer.names.romanization import tables as readings
from gazetteer.names.search.generics import stem

Row = tuple[str, str, str]
"""Kind, address, and the code that is right ("" where none is)."""
LEAST = 90


def made(divisions: pd.DataFrame, *, rows: int, seed: int) -> list[Row]:
    """Return addresses of every kind in turn."""
    chance = random.Random(seed)
    towns = divisions[divisions["level"] == "township"]
    names = dict(zip(divisions["code"], divisions["name"], strict=True))
    villages = divisions[divisions["level"] == "village"]
    villages = villages[villages["parent_code"].isin(towns["code"])]
    county = str(divisions.loc[divisions["level"] == "county", "name"].iloc[0])
    found = []
    for turn in range(rows):
        kind = [*KINDS][turn % len(KINDS)]
        village = villages.iloc[chance.randrange(len(villages))]
        told = KINDS[kind](county, names[village["parent_code"]], str(village["name"]), chance)
        right = village["parent_code"] if kind.startswith("institution") else village["code"]
        if kind == "wrong town":
            other = towns[towns["code"] != village["parent_code"]]["name"]
            told, right = f"{other.iloc[chance.randrange(len(other))]}{village['name']}", ""
        if told:
            found.append((kind, told, str(right)))
    return found


def _traditional(text: str) -> str:
    return "".join(_fanti().get(sign, sign) for sign in text)


@cache
def _fanti() -> dict[str, str]:
    lines = tables.text("characters_fanti.txt").splitlines()
    return {line[0]: line[2] for line in lines if line[1:2] == "("}


def _homophone(text: str, chance: random.Random) -> str:
    """Return a name with one character of its stem put for another of the same sound."""
    sign = chance.choice(stem(text))
    usual = readings.dictionary()
    same = [other for other, read in usual.items() if read[:1] == usual.get(sign, ())[:1]]
    same = [each for each in same if each != sign]
    return text.replace(sign, chance.choice(same[:40]), 1) if same else ""


KINDS: dict[str, Callable[[str, str, str, random.Random], str]] = {
    "town, village": lambda c, t, v, r: t + v,
    "traditional": lambda c, t, v, r: _traditional(t + v),
    "homophone village": lambda c, t, v, r: t + w if (w := _homophone(v, r)) else "",
    "homophone town": lambda c, t, v, r: w + v if (w := _homophone(t, r)) else "",
    "town without generic": lambda c, t, v, r: stem(t) + v,
    "county, town, village": lambda c, t, v, r: c + t + v,
    "county, village": lambda c, t, v, r: c + v,
    "group number": lambda c, t, v, r: f"{t}{v}{r.randint(1, 12)}组",
    "committee": lambda c, t, v, r: f"{t}{stem(v)}村民委员会" if v.endswith("村") else t + v,
    "institution of town": lambda c, t, v, r: t + r.choice(["敬老院", "福利院", "社会工作服务站"]),
    "institution, no generic": lambda c, t, v, r: stem(t) + r.choice(["敬老院", "福利院"]),
    "wrong town": lambda c, t, v, r: "",
}  # fmt: skip


def peer(texts: list[str], divisions: pd.DataFrame) -> list[tuple[str, float]]:
    """Return what rapidfuzz takes for the best, among names with that of the town before them."""
    names = dict(zip(divisions["code"], divisions["name"], strict=True))
    columns = divisions[["code", "name", "level", "parent_code"]]
    full = {
        code: (names.get(parent, "") if level == "village" else "") + name
        for code, name, level, parent in columns.to_numpy()
    }
    best = (process.extractOne(text, full, scorer=fuzz.WRatio) for text in texts)
    return [(str(each[2]), each[1]) for each in best]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("county", type=Path)
    parser.add_argument("--rows", type=int, default=990)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    divisions = sources.named_divisions(asked.county)
    rows = made(divisions, rows=asked.rows, seed=asked.seed)
    texts = [text for _, text, _ in rows]
    found = geocode(texts, divisions)
    ours = zip(found["code"], found["confidence"] >= CERTAIN, strict=True)
    theirs = ((code, score >= LEAST) for code, score in peer(texts, divisions))
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in (*KINDS, "all")}
    for who, answers in (("ours", ours), ("rapidfuzz", theirs)):
        for (kind, _, right), (code, sure) in zip(rows, answers, strict=True):
            judged = "sure" if sure else "doubtful", "right" if code == right else "wrong"
            state = " ".join((who, *judged))
            counts[kind][state] += 1
            counts["all"][state] += 1
    table = pd.DataFrame(counts).T.fillna(0).astype(int)
    print(table.to_string())
    answers = zip(rows, found["code"], found["confidence"], strict=True)
    for (kind, text, right), code, certain in answers:
        if certain >= CERTAIN and code != right:
            print("certain and wrong:", kind, text, right, code)


if __name__ == "__main__":
    main()

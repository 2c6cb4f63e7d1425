"""Measure readings: agreement with a table of readings, throughput against pypinyin.

Run: python -m benchmarks.readings TABLE.csv [VILLAGES.tsv.xz]
"""

from __future__ import annotations

import argparse
import csv
import lzma
import time
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from gazetteer.names.romanization import romanize, romanize_many


def plain(text: str) -> str:
    """Return letters and tones only."""
    return "".join(c for c in text.lower() if c.isalnum())


def agreement(path: Path) -> None:
    """Print exact, decided and decided-but-wrong shares of ours, exact of pypinyin."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("kind", "") != "ethnic_name"]
    found = [(row, romanize(row["name"])) for row in rows]
    right = [plain(row["pinyin"]) in (plain(r.romanization), plain(r.reading)) for row, r in found]
    wrong = [row["name"] for (row, r), ok in zip(found, right, strict=True) if r.decided and not ok]
    theirs = [
        plain("".join(lazy_pinyin(row["name"], style=Style.TONE))) == plain(row["pinyin"])
        for row in rows
    ]
    print(
        f"names {len(rows)}  exact {sum(right) / len(rows):.2%}  "
        f"pypinyin {sum(theirs) / len(rows):.2%}"
    )
    print(
        f"decided {sum(r.decided for _, r in found)}  decided but wrong {len(wrong)}: {wrong[:20]}"
    )


def throughput(path: Path) -> None:
    """Print names a second of ours and of pypinyin over the same list."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        names = [line.rstrip("\n").split("\t")[1] for line in file]
    romanize_many(names[:1000])
    start = time.perf_counter()
    found = romanize_many(names)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    for name in names:
        lazy_pinyin(name)
    theirs = time.perf_counter() - start
    sure = sum(r.decided for r in found) / len(found)
    print(f"{len(names)} names  ours {ours:.1f} s  pypinyin {theirs:.1f} s  decided {sure:.1%}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure readings beside pypinyin.")
    parser.add_argument("table", type=Path, help="columns name, pinyin and optionally kind")
    parser.add_argument("villages", type=Path, nargs="?", help="code and name, tab, xz")
    asked = parser.parse_args()
    agreement(asked.table)
    if asked.villages:
        throughput(asked.villages)

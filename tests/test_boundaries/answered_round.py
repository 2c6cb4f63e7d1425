"""A round of two sides that are asked, and answer or not: county file, forms, what is received."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from boundaries.inspection.office import planning, receiving
from boundaries.inspection.office.receiving import Outcome
from boundaries.inspection.round.state import RoundState
from gazetteer.store import County
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.round_sample import LINE, NUMBER, A, B

ANSWERED = "答好"
FIRST, SECOND, THIRD = (f"{LINE}{n:03d}Q" for n in (1, 2, 3))


def ready(folder: Path) -> Path:
    """Make an open round on a county file, and empty forms of both sides."""
    path = sample.county(folder)
    sample.opened(path)
    (folder / ANSWERED).mkdir()
    for side in (A, B):
        package, book = sample.handed_out(path, folder / side, side=side)
        for each, answer in ((package, sample.answered), (book, sample.answered_workbook)):
            copy = folder / ANSWERED / each.name
            copy.write_bytes(each.read_bytes())
            answer(copy)
    return folder


def copied(ready: Path, folder: Path) -> Path:
    """Return a copy of the folder to work in."""
    for each in ready.rglob("*"):
        if each.is_file():
            target = folder / each.relative_to(ready)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(each.read_bytes())
    return folder


def form(work: Path, side: str, ending: str = ".gpkg") -> Path:
    return work / side / f"联检-{NUMBER}-{side}{ending}"


def receive(work: Path, side: str, *files: Path) -> list[Outcome]:
    with County(work / "县.gpkg", writing=True) as county:
        return receiving.receive(county, NUMBER, files, side=side, today="2026-03-21")


def state(work: Path) -> RoundState:
    with County(work / "县.gpkg") as county:
        return planning.state_of(county, NUMBER)


def held(work: Path) -> Any:
    """Return what a county file holds, and the head of its log."""
    with County(work / "县.gpkg") as county:
        told = county.info()
    return told["layers"], told["head"]


def answer(work: Path, side: str, ending: str = ".gpkg") -> None:
    """Let a side answer in one of its forms that all is in order."""
    own = form(work, side, ending)
    own.write_bytes((work / ANSWERED / own.name).read_bytes())


def both(work: Path) -> None:
    """Let both sides answer that all is in order: one by GeoPackage, one by Excel."""
    answer(work, A)
    answer(work, B, ".xlsx")


def send(work: Path) -> None:
    receive(work, A, form(work, A))
    receive(work, B, form(work, B, ".xlsx"))


def rules(state: RoundState) -> dict[str, list[str]]:
    """Return what each rule has found something about."""
    subjects: dict[str, list[str]] = {}
    for each in state.findings:
        subjects.setdefault(each.rule.removeprefix("inspection/"), []).append(each.subject)
    return subjects


def scan(work: Path, name: str = "确认表.pdf") -> Path:
    path = work / name
    path.write_bytes(b"%PDF-1.4\n" + name.encode())
    return path

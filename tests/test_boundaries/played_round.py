"""Rounds of two and of three sides on the small county, played by the functions themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from boundaries.inspection.office import confirming, planning, receiving
from boundaries.inspection.office.receiving import Outcome
from boundaries.inspection.round.state import RoundState
from gazetteer.store import County
from tests.test_boundaries import round_sample as sample
from tests.test_boundaries.round_sample import NUMBER, A, B, C

CORNER_LINES = (sample.LINE, sample.OTHER)


def received(path: Path, side: str, *files: Path) -> list[Outcome]:
    """Receive files of a side."""
    with County(path, writing=True) as county:
        return receiving.receive(county, NUMBER, files, side=side)


def play(
    path: Path,
    folder: Path,
    fill: Callable[[Path, str], Any] = lambda package, side: None,
    *,
    sides: Sequence[str] = (A, B),
) -> None:
    """Let each side answer in its GeoPackage that all is in order, but for what `fill` writes."""
    for side in sides:
        package, _ = sample.handed_out(path, folder / side, side=side)
        sample.answered(package)
        fill(package, side)
        received(path, side, package)


def state_of(path: Path) -> RoundState:
    """Return the round as it stands."""
    with County(path) as county:
        return planning.state_of(county, NUMBER)


def sealed(path: Path, folder: Path, *, sides: Sequence[str] = (A, B)) -> None:
    """Let all sides seal."""
    sheet = folder / "确认表.pdf"
    sheet.write_bytes(b"%PDF-1.4\n")
    with County(path, writing=True) as county:
        confirming.confirm(county, NUMBER, sheet=sheet, sides=sides, on="2026-03-25")


def three_sided(folder: Path, **told: Any) -> Path:
    """Return a county with an open round of three sides that meet at a tri-point."""
    path = sample.county(folder, markers=1)
    sample.opened(path, *CORNER_LINES, **told)
    return path


THREE = (A, B, C)

"""Two people at once: a command that is overtaken ends as if it had been typed afterwards.

Each command that writes has read all it needs and stands before its first write; then somebody
else types a line, whole; then it goes on. Whoever wrote, nothing of either may be lost: the county
file must hold, and the command say, what it would if the two lines had been typed one by one.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from boundaries.inspection.office import planning
from cli.demo.steps import Tour
from cli.demo.tour import walk
from cli.main import Toolkit, main
from gazetteer.common import hashing
from gazetteer.store import County, comparing, events
from gazetteer.store.schema import RECORDED
from gazetteer.store.snapshots import Snapshot
from tests.test_cli import examples
from tests.test_cli.asking import COUNTY, run

pytestmark = pytest.mark.thorough
OTHER = f"names decide {COUNTY} 罗店 luódiàn --source 地名志"


@contextmanager
def overtaken(by: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Let somebody else work, in a thread of their own, before the first write of a command."""
    done: list[Any] = []

    def later(write: Callable[..., None]) -> Callable[..., None]:
        def write_later(snapshot: Snapshot, *what: Any) -> None:
            if not done:
                done.append(None)
                with ThreadPoolExecutor(1) as other:
                    done[0] = other.submit(by).result()
            write(snapshot, *what)

        return write_later

    with monkeypatch.context() as patched:
        patched.setattr(Snapshot, "begin", later(Snapshot.begin))
        patched.setattr(Snapshot, "overwrite", later(Snapshot.overwrite))
        yield done


def outcome(result: Result) -> tuple[int, str]:
    """Return how a command ended and what it said, but for ids, codes, hashes, times, folder."""
    said = result.output.replace("/aside/", "/demo/")
    return result.exit_code, re.sub("[0-9a-f]{4,}|[0-9]+", "#", said)


def rows(county: Path) -> dict[str, int]:
    """Return how many rows each table has, in force and in history, and the settings."""
    with County(county) as opened:
        tables = [each.name for each in RECORDED]
        names = [*tables, *(f"{each}_history" for each in tables), "setting"]
        count = "SELECT count(*) FROM"
        return {
            name: opened.connection.execute(f'{count} "{name}"').fetchone()[0] for name in names
        }


def same(one: Path, other: Path) -> None:
    """Compare two county files; keys and codes that are drawn at random by the rows they are of."""
    with County(one) as left, County(other) as right:
        found = [*comparing.differences(comparing.state(left), comparing.state(right))]
    found = [each for each in found if not _by_ids_alone(each)]
    drawn = [each for each in found if each.table in DRAWN or each.key.startswith("id ")]
    assert [each for each in found if each not in drawn] == []
    by_side = {what: Counter(_told(each) for each in drawn if each.what == what) for what in WHAT}
    assert by_side["added"] == by_side["removed"] and not by_side["changed"]
    assert rows(one) == rows(other)


WHAT = ("added", "removed", "changed")
DRAWN = {"sign": ("key", "code", "content"), "sign_key": ("key_id", "public_key")}
"""Columns by table that hold what is drawn at random."""


def _by_ids_alone(each: comparing.Difference) -> bool:
    """Tell whether a row differs only in ids and hashes over them, which each county draws."""
    pairs = ([ID.sub("#", str(value)) for value in pair] for pair in each.fields.values())
    return each.what == "changed" and all(one == other for one, other in pairs)


ID = re.compile("[0-9a-f]{8,}")


def _told(each: comparing.Difference) -> tuple[str, ...]:
    values = {
        name: side
        for name, side in each.fields.items()
        if name not in DRAWN.get(each.table, ("key",))
    }
    return each.table, *(f"{name}: {[value for value in values[name] if value]}" for name in values)


@pytest.mark.parametrize("other", ["the same line", "another line"])
@pytest.mark.parametrize("command", examples.WRITING)
def test_a_command_that_is_overtaken_ends_as_if_it_came_second(
    command: str, other: str, demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo_copy)
    moment = events.now()  # some rows tell when they were written
    monkeypatch.setattr(events, "now", lambda: moment)
    lines = examples.WRITING[command]
    examples.run_up_to(lines, demo_copy)
    typed = examples.words(lines[-1], demo_copy)
    county = examples.NEW if examples.NEW in typed else COUNTY
    before = typed if other == "the same line" else OTHER.replace(COUNTY, county).split()
    aside = Path(shutil.copytree(demo_copy, demo_copy.with_name("aside")))
    with overtaken(lambda: run(*before), monkeypatch) as done:
        second = run(*typed)
    assert done, "it wrote nothing"
    monkeypatch.chdir(aside)
    first = run(*before)
    after = run(*typed)
    one_by_one = outcome(first), outcome(after)
    orders = [one_by_one, one_by_one[::-1]] if other == "the same line" else [one_by_one]
    assert (outcome(done[0]), outcome(second)) in orders, (done[0].output, second.output)
    same(demo_copy / county, aside / county)


def test_of_two_sides_that_seal_at_once_neither_seal_is_lost(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo_copy)
    lines = examples.WRITING["inspection confirm"]
    examples.run_up_to(lines, demo_copy)
    both = examples.words(lines[-1], demo_copy)
    # each side has a sheet of its own
    scans = [f"确认表{side}.jpg" for side in examples.SIDES]
    own = []
    for side, other, scan in zip(examples.SIDES, reversed(examples.SIDES), scans, strict=True):
        at = both.index("--sheet") + 1
        sheet = (demo_copy / both[at]).read_bytes()
        (demo_copy / scan).write_bytes(sheet + side.encode())
        without = both.index(other)
        line = [*both[:at], scan, *both[at + 1 : without - 1], *both[without + 1 :]]
        own.append(line)
    with overtaken(lambda: run(*own[1]), monkeypatch) as done:
        first = run(*own[0])
    assert first.exit_code == done[0].exit_code == 0, (first.output, done[0].output)
    with County(demo_copy / COUNTY) as county:
        sealed = planning.find(county, "2026-9")
    assert sealed.state == "confirmed"
    assert dict(sealed.confirmation) == {
        side: hashing.fingerprint(demo_copy / scan)
        for side, scan in zip(examples.SIDES, scans, strict=True)
    }


def test_of_two_rounds_of_signs_at_once_no_two_orders_have_one_number(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo_copy)
    forms = ("甲.xlsx", "乙.xlsx")
    for row, form in enumerate(forms, start=2):
        assert run("signs", "inspect", COUNTY, "--make-form", form).exit_code == 0
        examples.found(form, {row: "缺失"})(demo_copy)
    one, other = (["signs", "inspect", COUNTY, "--form", form] for form in forms)
    with County(demo_copy / COUNTY) as county:
        before = county.layer("sign_orders")
    with overtaken(lambda: run(*other), monkeypatch) as done:
        first = run(*one)
    assert first.exit_code == done[0].exit_code == 0, (first.output, done[0].output)
    with County(demo_copy / COUNTY) as county:
        orders = county.layer("sign_orders")
    assert orders["number"].is_unique and orders["sign_id"].is_unique
    assert len(orders) == len(before) + len(forms)


def written(county: Path) -> None:
    """Write a little, as somebody else."""
    if county.exists():
        with County(county, writing=True) as opened, opened.change("note", actor="别人") as change:
            change.keep_setting("seen", str(change.event))


def test_a_tour_of_which_every_command_is_overtaken_ends_as_it_does_alone(
    demo_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tour = Tour(tmp_path / "tour")
    overtakings = 0
    begin, typed = Snapshot.begin, Toolkit.main
    ahead: list[Path] = []

    def type_(toolkit: Toolkit, line: list[str], **settings: Any) -> Any:
        # what is sealed is undone by the next line, which asks for the last event
        ahead[:] = [] if line[:2] == ["log", "seal"] else [tour.county]
        return typed(toolkit, line, **settings)

    def begin_later(snapshot: Snapshot) -> None:
        nonlocal overtakings
        if ahead == [snapshot.path]:
            ahead.clear()
            overtakings += 1
            with ThreadPoolExecutor(1) as other:
                other.submit(written, tour.county).result()
        begin(snapshot)

    monkeypatch.setattr(Toolkit, "main", type_)
    monkeypatch.setattr(Snapshot, "begin", begin_later)
    assert walk(tour, main=main, say=lambda _: None) == []
    assert overtakings > 60
    written(demo_copy / COUNTY)  # the setting, which the plain demo has not
    assert rows(tour.county) == rows(demo_copy / COUNTY)

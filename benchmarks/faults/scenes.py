"""What is disturbed: each operation with the files it begins with and how far it has come."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from gazetteer import exchange, store
from gazetteer.exchange import Reading
from gazetteer.importing import bring_in
from gazetteer.names.applications import Attachment, attachment
from gazetteer.office.county import edited, forms
from gazetteer.office.names import cases
from gazetteer.store import County, copies, merging, migrations, undoing
from gazetteer.store.geometry import sql_functions

SEED = 20_260_330
Operation = Callable[[Path], Iterator[object]]
"""Runs one or more commands on a county file; each yield acknowledges the one before it."""

NUMBER = "2026-001"
STEPS = {
    "apply": ("application-form", "scheme", "basic-facts"),
    "review": (),
    "expert": ("expert-report",),
    "opinions": ("opinions-report",),
    "assessment": ("assessment-report",),
    "approve": ("reply",),
}
DIVISIONS = """行政区划代码,名称,级别
421081,石首市,县级
421081100,新厂镇,乡级
"""
FORM = cases.Form(
    kind="naming",
    case="street",
    applicant="住建局",
    text="兰台路",
    facts={
        "division_code": "421081100",
        "lon": "112.25",
        "lat": "29.55",
        "location": "城区东部",
        "romanization": "Lántái Lù",
    },
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One operation under test.

    Parameters
    ----------
    folder
        The files it begins with; ``county.gpkg`` is what it works on.
    run
        The operation.
    progress
        How many of its commands a county file shows as done.
    keeps
        Whether every event that was there must still be there.
    around
        What must hold while it runs and is judged.
    beside
        What is broken of the files beside it, a sentence each.
    """

    folder: Path
    run: Operation
    progress: Callable[[Path], int]
    keeps: bool = True
    around: Callable[[], AbstractContextManager[object]] = nullcontext
    beside: Callable[[Path], list[str]] = lambda _: []


def scenes(folder: Path, *, rows: int) -> dict[str, Scene]:
    """Return every operation with its files, made anew in a folder."""
    base, reading = _prepared(folder, rows)
    found: dict[str, Scene] = {}
    for name, make in _MAKERS.items():
        own = folder / name
        own.mkdir()
        county = own / "county.gpkg"
        county.write_bytes(base.read_bytes())
        found[name] = make(county, reading)
    return found


def _prepared(folder: Path, rows: int) -> tuple[Path, Reading]:
    """Return a county file with divisions and an import of names, and a further catalogue."""
    county = folder / "prepared.gpkg"
    store.create(county, division_code="421081", name="石首市", actor="faults")
    table = folder / "divisions.csv"
    table.write_text(DIVISIONS, encoding="utf-8")
    first, second = (_catalogue(folder, part, rows) for part in (0, 1))
    with County(county, writing=True) as opened:
        divisions = exchange.read(table, "divisions")
        bring_in(opened, divisions, "divisions", command="import divisions")
        bring_in(opened, first, "names", command="import names")
    return county, second


def _catalogue(folder: Path, part: int, rows: int) -> Reading:
    random_ = np.random.default_rng(SEED + part)
    frame = pd.DataFrame(
        {
            "名称": [f"第{part}批{at}号村" for at in range(rows)],
            "政区代码": "421081100",
            "经度": random_.uniform(112.2, 112.6, rows),
            "纬度": random_.uniform(29.5, 29.9, rows),
        }
    )
    path = folder / f"names{part}.csv"
    frame.to_csv(path, index=False)
    return exchange.read(path, "names", crs="EPSG:4490")


# ------------------------------------------------------------------ how far it has come


def events(path: Path) -> list[tuple[object, ...]]:
    """Return number, time, command and hash of every event, whatever the schema."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT id, at, command, hash FROM event ORDER BY id"
        return connection.execute(query).fetchall()


def further(county: Path) -> Callable[[Path], int]:
    """Return what counts the events that a file has more than it has now."""
    before = len(events(county))
    return lambda path: len(events(path)) - before


def _copies(path: Path) -> int:
    return len([*path.parent.glob("备份/*.gpkg")])


# ------------------------------------------------------------------ operations


def _import(county: Path, reading: Reading) -> Scene:
    def run(path: Path) -> Iterator[object]:
        with County(path, writing=True) as opened:
            bring_in(opened, reading, "names", command="import names")
        yield

    return Scene(county.parent, run, further(county))


def _advance(county: Path, reading: Reading) -> Scene:
    """Take an application from its receipt to the approval, six commands one after the other."""
    with County(county, writing=True) as opened:
        cases.register(opened, FORM, number=NUMBER, actor="faults")

    def run(path: Path) -> Iterator[object]:
        for step, kinds in STEPS.items():
            papers: list[Attachment] = [attachment(kind, f"{kind}.txt", b"-") for kind in kinds]
            with County(path, writing=True) as opened:
                on = date(2026, 3, 2)
                cases.advance(opened, NUMBER, step, actor="faults", on=on, documents=papers)
            yield

    return Scene(county.parent, run, further(county))


def _undo(county: Path, reading: Reading) -> Scene:
    def run(path: Path) -> Iterator[object]:
        with County(path, writing=True) as opened:
            undoing.undo(opened, opened.events(last=1)[0]["id"])
        yield

    return Scene(county.parent, run, further(county))


def _seal(county: Path, reading: Reading) -> Scene:
    _edit_elsewhere(county)

    def run(path: Path) -> Iterator[object]:
        with County(path, writing=True) as opened:
            opened.seal()
        yield

    return Scene(county.parent, run, lambda path: int(all(each[3] for each in events(path))))


def _edit_elsewhere(path: Path) -> None:
    """Move every tenth place to another class as a GIS would: without our change context."""
    connection = sqlite3.connect(path)
    for name, function in sql_functions().items():
        connection.create_function(name, 1, function)
    connection.execute("UPDATE place SET category = '99' WHERE fid % 10 = 0")
    connection.commit()
    connection.close()


def _form(county: Path, reading: Reading) -> Scene:
    with County(county) as opened:
        forms.write(opened, "names", county.with_name("form.xlsx"))
    book = openpyxl.load_workbook(county.with_name("form.xlsx"))
    sheet = book.worksheets[0]
    titles = [str(cell.value) for cell in sheet[1]]
    meaning = titles.index("含义") + 1
    for row in range(2, min(sheet.max_row, 200)):
        sheet.cell(row, meaning).value = f"因第{row}号而名"
    book.save(county.with_name("form.xlsx"))

    def run(path: Path) -> Iterator[object]:
        with County(path, writing=True) as opened:
            edited.bring_back(opened, path.with_name("form.xlsx"))
        yield

    return Scene(county.parent, run, further(county))


def _backup(county: Path, reading: Reading) -> Scene:
    def run(path: Path) -> Iterator[object]:
        copies.backup(path)
        yield

    return Scene(county.parent, run, _copies)


def _restore(county: Path, reading: Reading) -> Scene:
    earlier = county.with_name("earlier.gpkg")
    earlier.write_bytes(county.read_bytes())
    for _ in _undo(county, reading).run(county):
        pass
    wanted = events(earlier)

    def run(path: Path) -> Iterator[object]:
        copies.restore(path.with_name("earlier.gpkg"), path)
        yield

    # what stood there is kept as a backup before it is written over
    def progress(path: Path) -> int:
        restored = events(path) == wanted
        if restored and not _copies(path):
            raise AssertionError("restored, but what stood there is not kept")
        return int(restored)

    return Scene(county.parent, run, progress, keeps=False)


def _merge(county: Path, reading: Reading) -> Scene:
    colleague = county.with_name("colleague.gpkg")
    colleague.write_bytes(county.read_bytes())
    for _ in _import(colleague, reading).run(colleague):
        pass

    def run(path: Path) -> Iterator[object]:
        with County(path.with_name("colleague.gpkg")) as theirs, County(path, writing=True) as ours:
            merging.merge(ours, theirs)
        yield

    return Scene(county.parent, run, further(county))


def _migrate(county: Path, reading: Reading) -> Scene:
    """Bring the file up to one further version: a column, an index, every row written."""
    reached = migrations.VERSION + 1

    def step(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE place ADD COLUMN trial TEXT")
        connection.execute("UPDATE place SET trial = code || key")
        connection.execute("CREATE INDEX place_trial ON place (trial)")

    @contextmanager
    def released() -> Iterator[None]:
        before = migrations.STEPS, migrations.VERSION
        migrations.STEPS = [*migrations.STEPS, (reached, "trial", step)]
        migrations.VERSION = reached
        try:
            yield
        finally:
            migrations.STEPS, migrations.VERSION = before

    def run(path: Path) -> Iterator[object]:
        with County(path, writing=True):
            pass
        yield

    def progress(path: Path) -> int:
        with closing(sqlite3.connect(path)) as connection:
            (version,) = connection.execute("SELECT max(version) FROM migration").fetchone()
            query = "SELECT count(*) FROM pragma_table_info('place') WHERE name = 'trial'"
            (columns,) = connection.execute(query).fetchone()
            query = "SELECT count(*) FROM sqlite_master WHERE name = 'place_trial'"
            (indexes,) = connection.execute(query).fetchone()
        if not (columns == indexes == (version == reached)):
            raise AssertionError(f"half a migration: {version} {columns} {indexes}")
        return int(version == reached)

    return Scene(county.parent, run, progress, around=released)


_MAKERS: dict[str, Callable[[Path, Reading], Scene]] = {
    "import": _import,
    "advance": _advance,
    "undo": _undo,
    "seal": _seal,
    "form": _form,
    "backup": _backup,
    "restore": _restore,
    "merge": _merge,
    "migrate": _migrate,
}

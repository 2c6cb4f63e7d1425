"""A small county for the tests of the desk: townships, villages, streets, a built-up area."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer import exchange
from gazetteer.importing import bring_in
from gazetteer.names.applications import Application
from gazetteer.office.names import attachments, cases
from gazetteer.office.names.cases import Form
from gazetteer.store import County, create
from gazetteer.store.landing import land

DIVISIONS = """行政区划代码,名称,级别,类别,设立日期
421081,石首市,县级,县级市,1986-05-27
421081100,新厂镇,乡级,镇,1994-01-01
421081101,调关镇,乡级,镇,1994-01-01
421081100201,红光村,村级,村,1994-01-01
421081100202,调关村,村级,村,1994-01-01
421081101201,调关咀村,村级,村,1994-01-01
421081101202,红光村,村级,村,1994-01-01
"""
STREETS = """标准名称,类别代码,政区代码,经度,纬度,曾用名
滨河路,23510,421081100,112.21,29.51,江堤路
建设路,23510,421081100,112.22,29.52,
人民路,23510,421081101,112.61,29.51,
调弦台,22200,421081101,112.62,29.52,
"""
AREA = shapely.MultiPolygon([shapely.box(112.2, 29.5, 112.3, 29.6)])
DAY = date(2025, 3, 3)


def make(path: Path) -> Path:
    """Write the county file; returns its path."""
    create(path, division_code="421081", name="石首市")
    with County(path, writing=True) as county:
        for kind, text in (("divisions", DIVISIONS), ("names", STREETS)):
            bring(county, path, kind, text)
        zones = {"code": ["A1"], "kind": ["built-up"], "name": ["城区"]}
        with county.change("import zones") as change:
            frame = gpd.GeoDataFrame(zones, geometry=[AREA], crs=4490)
            land(change, "zones", frame, key=["kind", "code"])
    return path


def bring(county: County, beside: Path, kind: str, text: str) -> pd.DataFrame:
    """Import a table written beside the county file; returns the rejects."""
    file = beside.with_name(f"{kind}.csv")
    file.write_text(text, encoding="utf-8")
    found = exchange.read(file, kind, crs="EPSG:4490")
    return bring_in(county, found, kind, command=f"import {kind}").rejects


def paper(folder: Path, kind: str) -> tuple[str, Path]:
    """Write a paper of a kind."""
    path = folder / f"{kind}.txt"
    path.write_text(kind, encoding="utf-8")
    return kind, path


NAMING = Form(
    kind="naming",
    case="street",
    applicant="住建局",
    text="兰台路",
    facts={
        "division_code": "421081100",
        "built_up": "A1",
        "lon": "112.25",
        "lat": "29.55",
        "location": "城区东部",
        "romanization": "Lántái Lù",
    },
)
PAPERS = {
    "apply": ("application-form", "scheme", "basic-facts"),
    "review": (),
    "expert": ("expert-report",),
    "opinions": ("opinions-report",),
    "assessment": ("assessment-report",),
    "approve": ("reply",),
    "withdraw": ("withdrawal",),
    "file": ("filing-form", "filing-report", "reply", "application-form"),
    "announce": ("announcement",),
}


def take(county: County, folder: Path, number: str, *steps: str, on: date = DAY) -> Application:
    """Take steps with their papers, all on one day."""
    case = cases.get(county, number)
    for step in steps:
        papers = attachments.read(paper(folder, kind) for kind in PAPERS[step])
        case = cases.advance(county, number, step, actor="王五", on=on, documents=papers)
    return case


UP_TO_APPROVAL = ("apply", "review", "expert", "opinions", "assessment", "approve")


RENAMING = Form(kind="renaming", case="street", applicant="x", text="临江路", old_text="滨河路")


def elsewhere(form: Form, lon: str) -> Form:
    return replace(form, facts={**form.facts, "lon": lon})

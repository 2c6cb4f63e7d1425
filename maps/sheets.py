"""The printed sheets of a county file: its layers through the release gate, onto paper."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely import Point

from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.errors import InputError
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.documents import word
from gazetteer.names.applications import Application
from gazetteer.office.names import finding, papers
from gazetteer.store import County
from maps import county as county_maps
from maps import naming, stated
from maps import print as printing
from maps.print import Edition, Sheet
from maps.print.adjoining import neighbours_of

TITLES = {
    "divisions": Text("{name}行政区划图", "Administrative divisions of {name}"),
    "names": Text("{name}标准地名图", "Standard place names of {name}"),
    "township": Text("{name}地名图", "Place names of {name}"),
    "line": Text("{name}行政区域界线图", "Boundary line {name}"),
    "findings": Text("{name}检查结果图", "Findings in {name}"),
    "facilities": Text("{name}民政设施分布图", "Facilities of {name}"),
    "before": Text("{name}变更前行政区划图", "Divisions of {name} before the change"),
    "change": Text("{name}变更方案示意图", "Proposed change of {name}"),
}
LAYERS = ("divisions", "water", "roads", "lines", "markers", "reference_objects", "tri_points",
          "facilities", "zones")  # fmt: skip
EDGES = ("divisions", "lines")
"""Layers that every sheet reads: its land, and who adjoins it."""
SHEETS = tuple(TITLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to print of a county file.

    `subject` is the code of the township or the line, `since` the day before the change, `as_of`
    the day shown (today where not given), `profile` the release profile that every layer passes,
    `leave_out` tells to leave out classified records instead of refusing the sheet,
    `neighbours` the divisions around the county (any stated CRS; `name` where they are labelled).
    """

    kind: str = "divisions"
    title: str = ""
    subject: str | None = None
    as_of: str | None = None
    since: str | None = None
    profile: str = "internal"
    neighbours: gpd.GeoDataFrame | None = None
    leave_out: bool = False


def sheet_of(county: County, *, order: Order, edition: Edition) -> Sheet:
    """Return one sheet of a county file.

    Raises
    ------
    UnknownError, InputError, ReleaseError
        When the sheet or its subject is unknown, a day or a layer is missing, or something may
        not leave.
    """
    if order.kind in ("before", "change"):
        return _change(county, order=order, edition=edition)
    layers, options = layers_of(county, order=order, day=order.as_of, edition=edition)
    subject = order.subject if order.kind in ("township", "line") else None
    return printing.sheet(layers, kind=order.kind, **options, subject=subject)


def series_of(county: County, *, order: Order, edition: Edition) -> Iterator[tuple[str, Sheet]]:
    """Yield the code and the sheet of each township of a county file."""
    layers, options = layers_of(county, order=order, day=order.as_of, edition=edition)
    options["title"] = order.title or TITLES["township"].say(edition.language)
    yield from printing.series(layers, **options)


def illustration_of(county: County, *, order: Order, language: Language = "zh") -> list[word.Block]:
    """Return a map of a county file with its caption, as blocks of a Word document."""
    edition = Edition(language=language)
    layers, options = layers_of(county, order=order, day=order.as_of, edition=edition)
    title = options.pop("title")
    options["edition"] = replace(options["edition"], paper="figure")
    options |= {"subject": order.subject, "language": language}
    return printing.illustration(layers, kind=order.kind, title=Text(title, title), **options)


def location_of(county: County, case: Application) -> list[word.Block]:
    """Return 位置示意图 of the name that is applied for; nothing where its place is not known.

    The place is what the application says (`lon`, `lat`, CGCS2000 degrees), else where the thing
    that bears the name lies.
    """
    name = case.text or case.old_text or ""
    spot = _spot(county, case)
    if spot is None:
        return []
    edition = Edition(paper="figure")
    layers, options = layers_of(county, order=Order(kind="location"), day=None, edition=edition)
    proposed = gpd.GeoDataFrame({"name": [name]}, geometry=[spot], crs=CGCS2000)
    kept = {name: options[name] for name in ("names", "edition")}
    title = Text(f"{name}位置示意图", f"Location of {name}")
    return printing.illustration(
        {**layers, "proposed": proposed}, kind="location", title=title, **kept
    )


def _spot(county: County, case: Application) -> Point | None:
    degrees = pd.to_numeric(
        pd.Series([case.facts.get("lon"), case.facts.get("lat")]), errors="coerce"
    )
    if degrees.notna().all():
        return Point(*degrees)
    placed = finding.names_with_positions(county)
    rows = placed[(placed["thing_id"] == case.thing_id) & placed["lon"].notna()]
    return Point(rows["lon"].iloc[0], rows["lat"].iloc[0]) if case.thing_id and len(rows) else None


def layers_of(
    county: County, *, order: Order, day: str | None, edition: Edition
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the layers that may go on paper, and the options of the sheet."""
    drawn = {*_drawn(order.kind)}
    # what a sheet does not draw neither leaves by it nor holds it back
    frames = {
        layer: county.layer(layer, as_of=day)
        for layer in LAYERS
        if not drawn or layer in {*drawn, *EDGES}
    }
    names = None
    if not drawn or "names" in drawn:
        names = finding.names_with_positions(county, as_of=day)
        names = names.assign(category=names["thing_id"].map(naming.classes(county, as_of=day)))
    marked = county.marked() if order.leave_out else None
    layers, released = county_maps.passed(frames, names=names, profile=order.profile, marked=marked)
    # the frames are those in force on the day already: the sheet need not choose again
    layers = {layer: county_maps.undated(frame) for layer, frame in layers.items()}
    if order.neighbours is not None and "divisions" in layers:
        land = shapely.union_all(shapely.make_valid(layers["divisions"].geometry.to_numpy()))
        layers["neighbours"] = beyond(order.neighbours, land=land)
    if order.neighbours is None and "lines" in layers:
        layers["adjoining"] = neighbours_of(layers["lines"])
    findings = county_maps.findings_of(county, profile=order.profile, marked=marked)
    return layers, {
        "title": _title(county, layers, order, edition),
        "names": layers.pop("names", None),
        "findings": findings,
        "as_of": order.as_of,
        "edition": replace(
            _imprint(county, layers, edition, order.kind),
            notice=edition.notice or released.notice.say(edition.language),
            released=released,
        ),
    }


def _imprint(county: County, layers: dict[str, Any], edition: Edition, kind: str) -> Edition:
    """Return an edition that names its maker, its source and the last change that it shows.

    The last change is that of the records drawn, not the last entry in the file: a sheet under
    review stays the same to the byte while the office works on.
    """
    name = _name(county, layers)
    source = Text("{name}区划地名数据库", "Register of divisions and names of {name}")
    days = [_days(layers[key]) for key in ("divisions", "lines", "names") if key in layers]
    return replace(
        edition,
        made_by=edition.made_by or papers.office(county, issuer=_issuer(county, name)).issuer,
        source=edition.source or source.say(edition.language).replace("{name}", name),
        latest=max([*itertools.chain.from_iterable(days), ""]),
        stated=stated.in_brief(stated.last(county, _drawn(kind)), language=edition.language),
    )


def _drawn(kind: str) -> list[str]:
    """Return the layers that a sheet draws: names that change leave that of divisions as it is."""
    drawn = printing.kinds().get(kind, {}).get("layers", "").split()
    return [*drawn, "places"] if "names" in drawn else drawn


def _issuer(county: County, name: str) -> str:
    """Return the office of a county that is named by its own division alone."""
    return "" if county.setting("division_name") else f"{name}民政局"


def _days(frame: pd.DataFrame) -> list[str]:
    dated = frame["valid_from"].dropna().astype(str) if "valid_from" in frame else []
    return list(dated)


def _name(county: County, layers: dict[str, Any]) -> str:
    """Return the name of the county: as it was given, or as its own division bears it."""
    given, code = county.setting("division_name"), county.division_code
    divisions = layers.get("divisions")
    if given or divisions is None or not {"code", "name"} <= set(divisions.columns):
        return given or code
    found = divisions.loc[divisions["code"] == code, "name"].dropna()
    return str(found.iloc[0]) if len(found) else code


def beyond(around: gpd.GeoDataFrame, *, land: Any) -> gpd.GeoDataFrame:
    """Return what lies outside a county (EPSG:4490): its neighbours, whoever drew them.

    A county file holds its own divisions alone; the county itself is often in the file of the
    neighbours, and is left out.

    Examples
    --------
    >>> own, other = shapely.box(112, 30, 113, 31), shapely.box(113, 30, 114, 31)
    >>> both = gpd.GeoDataFrame({"name": ["甲县", "乙县"]}, geometry=[own, other], crs="EPSG:4490")
    >>> beyond(both, land=own)["name"].tolist()
    ['乙县']
    """
    placed = around[around.geometry.notna()].to_crs(CGCS2000)
    inside = shapely.point_on_surface(shapely.make_valid(placed.geometry.to_numpy()))
    return placed[~shapely.intersects(land, inside)].reset_index(drop=True)


def _change(county: County, *, order: Order, edition: Edition) -> Sheet:
    if order.since is None:
        raise InputError(
            Sentence("The sheet {kind!r} compares two days", kind=order.kind),
            remedy=Sentence("Give the day before the change: --since 2025-12-31."),
        )
    before, options = layers_of(county, order=order, day=order.since, edition=edition)
    shared = {name: options[name] for name in ("title", "edition")}
    if order.kind == "before":
        return printing.before_change(_divisions(before), as_of=order.since, **shared)
    after, _ = layers_of(county, order=order, day=order.as_of, edition=edition)
    divisions = _divisions(before), _divisions(after)
    _refuse_same(*divisions, order=order)
    return printing.after_change(*divisions, as_of=order.as_of, **shared)


def _refuse_same(before: Any, after: Any, *, order: Order) -> None:
    """Refuse to draw a change where nothing has changed: the sheet would look like the old one."""
    if not len(printing.moved(before, after)) and not len(printing.given_up(before, after)):
        raise InputError(
            Sentence(
                "No boundary differs between {since} and {until}",
                since=order.since,
                until=order.as_of or Text("今天", "today"),
            ),
            remedy=Sentence("Give another day before the change (--since), or after it (--as-of)."),
        )


def _divisions(layers: dict[str, Any]) -> Any:
    if "divisions" not in layers:
        raise InputError(
            Sentence("The county file has no divisions"), remedy=Sentence("Import them first.")
        )
    return layers["divisions"]


def _title(county: County, layers: dict[str, Any], order: Order, edition: Edition) -> str:
    if order.kind not in TITLES:
        return order.title or order.kind  # the sheet itself says which kinds there are
    name = _name(county, layers)
    main = layers.get("lines" if order.kind == "line" else "divisions")
    if order.subject and main is not None and "code" in main and "name" in main:
        names = main.loc[main["code"] == order.subject, "name"].dropna()
        name = names.iloc[0] if len(names) else order.subject
    title = order.title or TITLES[order.kind].say(edition.language)
    return title.replace("{name}", str(name))

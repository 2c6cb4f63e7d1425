"""The printed sheets of a county file: its layers through the release gate, onto paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from gazetteer import register
from gazetteer.errors import InputError
from gazetteer.language import Text
from gazetteer.store import County, open_findings
from maps import county as county_maps
from maps import print as printing
from maps.print import Edition, Sheet

TITLES = {
    "divisions": Text("{name}行政区划图", "Administrative divisions of {name}"),
    "names": Text("{name}标准地名图", "Standard place names of {name}"),
    "township": Text("{name}地名图", "Place names of {name}"),
    "line": Text("{name}行政区域界线图", "Boundary line {name}"),
    "findings": Text("{name}检查结果图", "Findings in {name}"),
    "before": Text("{name}变更前行政区划图", "Divisions of {name} before the change"),
    "change": Text("{name}变更方案示意图", "Proposed change of {name}"),
}
LAYERS = ("divisions", "roads", "lines", "markers", "reference_objects", "tri_points", "facilities")
SHEETS = tuple(TITLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to print of a county file.

    `subject` is the code of the township or the line, `since` the day before the change, `as_of`
    the day shown (today where not given), `profile` the release profile that every layer passes.
    """

    kind: str = "divisions"
    title: str = ""
    subject: str | None = None
    as_of: str | None = None
    since: str | None = None
    profile: str = "internal"


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
    layers, options = _layers(county, order=order, day=order.as_of, edition=edition)
    subject = order.subject if order.kind in ("township", "line") else None
    told = {**options, "title": _title(county, layers, order, edition), "subject": subject}
    return printing.sheet(layers, kind=order.kind, **told)


def series_of(county: County, *, order: Order, edition: Edition) -> Iterator[tuple[str, Sheet]]:
    """Yield the code and the sheet of each township of a county file."""
    layers, options = _layers(county, order=order, day=order.as_of, edition=edition)
    title = order.title or TITLES["township"].say(edition.language)
    yield from printing.series(layers, title=title, **options)


def figure_of(county: County, *, order: Order, edition: Edition, form: str = "png") -> bytes:
    """Return a sheet of a county file as a picture for a Word document (PNG or SVG)."""
    layers, options = _layers(county, order=order, day=order.as_of, edition=edition)
    small = replace(options["edition"], paper="figure")
    told = {**options, "edition": small, "subject": order.subject}
    title = _title(county, layers, order, edition)
    return printing.figure(layers, kind=order.kind, title=title, form=form, **told)


def _layers(
    county: County, *, order: Order, day: str | None, edition: Edition
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the layers that may go on paper, and the options of the sheet."""
    frames = {layer: county.frame(layer, as_of=day) for layer in LAYERS}
    names = register.names_with_positions(county, as_of=day)
    layers, notice = county_maps.passed(frames, names=names, profile=order.profile)
    # the frames are those in force on the day already: the sheet need not choose again
    layers = {layer: _undated(frame) for layer, frame in layers.items()}
    findings = list(open_findings(county.connection)) if order.profile == "internal" else None
    return layers, {
        "names": layers.pop("names", None),
        "findings": findings,
        "as_of": order.as_of,
        "edition": replace(edition, notice=edition.notice or notice.say(edition.language)),
    }


def _undated(frame: Any) -> Any:
    return frame.drop(columns=["valid_from", "valid_to"], errors="ignore")


def _change(county: County, *, order: Order, edition: Edition) -> Sheet:
    if order.since is None:
        raise InputError(
            f"The sheet {order.kind!r} compares two days",
            remedy="Give the day before the change: --since 2025-12-31.",
        )
    before, options = _layers(county, order=order, day=order.since, edition=edition)
    title = _title(county, before, order, edition)
    told = {"title": title, "edition": options["edition"]}
    if order.kind == "before":
        return printing.before_change(_divisions(before), as_of=order.since, **told)
    after, _ = _layers(county, order=order, day=order.as_of, edition=edition)
    divisions = _divisions(before), _divisions(after)
    return printing.after_change(*divisions, as_of=order.as_of, **told)


def _divisions(layers: dict[str, Any]) -> Any:
    if "divisions" not in layers:
        raise InputError("The county file has no divisions", remedy="Import them first.")
    return layers["divisions"]


def _title(county: County, layers: dict[str, Any], order: Order, edition: Edition) -> str:
    if order.kind not in TITLES:
        return order.title or order.kind  # the sheet itself says which kinds there are
    name = county.setting("division_name") or county.division_code
    main = layers.get("lines" if order.kind == "line" else "divisions")
    if order.subject and main is not None and "code" in main and "name" in main:
        own = main.loc[main["code"] == order.subject, "name"].dropna()
        name = own.iloc[0] if len(own) else order.subject
    title = order.title or TITLES[order.kind].say(edition.language)
    return title.replace("{name}", str(name))

"""Sheets: layers in, one vector PDF out, with what its font cannot show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import typst

from gazetteer.common import tables
from gazetteer.common.errors import UnknownError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language, Sentence
from gazetteer.documents import fonts
from gazetteer.release import Released, gate, leave, sha256
from maps.atlas import columns
from maps.print import choosing, compose, imprint, parts, tabular
from maps.print import layout as sheets
from maps.print.imprint import Edition
from maps.print.named import Named, named_of, said

PARTED = ("names", "township")
"""Kinds of sheet that come on several sheets where one shows too few of their names."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed sheet: the PDF, its scale, the characters its font lacks with their texts.

    `draft_sha256` is the hash of the sheet without review number: what a review has to name;
    `named` tells how many names stand on it, and which found no room.
    """

    title: str
    pdf: bytes
    scale: float
    missing: dict[str, list[str]]
    released: Released = field(repr=False, compare=False)
    reviewed: bool = False
    draft_sha256: str = ""
    named: tuple[Named, ...] = ()
    language: Language = "zh"

    def told(self) -> str:
        """Return in one line how many names stand on the sheet, and which found no room."""
        return said(self.named, self.language)

    def save(self, path: str | Path) -> Path:
        """Write the file, and its manifest beside it; returns its path."""
        return leave(Path(path), self.pdf, released=self.released)[0]


def kinds() -> dict[str, dict[str, str]]:
    """Return the kinds of sheet.

    Examples
    --------
    >>> kinds()["line"]["zh"]
    '行政区域界线图'
    """
    return {row["sheet"]: row for row in tables.rows("print_sheets.csv")}


def sheet(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    kind: str,
    title: str,
    subject: str | None = None,
    names: pd.DataFrame | None = None,
    findings: Sequence[Finding] | None = None,
    as_of: str | None = None,
    edition: Edition | None = None,
) -> Sheet:
    """Return one sheet as vector PDF.

    Parameters
    ----------
    layers
        Frames by the name of their layer, in any stated coordinate reference system; `neighbours`
        holds what lies around the county.
    kind
        divisions, names, township, line, findings, facilities, location or dispute.
    title
        Title of the sheet.
    subject
        Code of the township or line that the sheet is about.
    names, findings
        As for an atlas.
    as_of
        Day (ISO) whose state is shown; what has no end by now when None.
    edition
        Paper, language, notice and font.

    Raises
    ------
    InputError
        When nothing has a place, or there is no font.
    UnknownError, ReleaseError
        When kind, paper or subject is unknown; when a record is classified above internal.
    """
    edition = edition or Edition()
    released = edition.released
    if released is None:
        released = gate(dict(layers) if names is None else {**layers, "names": names})
        layers = {layer: released.layers[layer] for layer in layers}
    file = fonts.font_file(edition.font)
    shown: dict[str, Any] = {"subject": subject, "names": names, "findings": findings}
    made = made_of(layers, kind=kind, title=title, as_of=as_of, edition=edition, **shown)
    content = {**made.content, "font": fonts.family(file)}
    draft = typeset(content, file)
    covered = edition.review is not None and edition.review.covers(draft)
    if edition.review is not None and covered:
        content = imprint.signed(content, number=edition.review.number, edition=edition)
    return Sheet(
        title,
        typeset(content, file) if covered else draft,
        made.scale,
        fonts.missing(_shown(content), font=file),
        released,
        reviewed=covered,
        draft_sha256=sha256(draft),
        named=made.named,
        language=edition.language,
    )


def _shown(content: Mapping[str, Any]) -> list[str]:
    """Return every text of a sheet once, that of its index and tables, too."""
    rows = [*content["index"], *content["table"]]
    maps = content.get("maps") or [content]
    placed = [text["text"] for each in maps for text in each["texts"]]
    return list(dict.fromkeys([*placed, *(cell for row in rows for cell in row)]))


@dataclass(frozen=True, slots=True)
class Made:
    """All that stands on a sheet, its scale, how many names stand on it."""

    content: dict[str, Any]
    scale: float
    named: tuple[Named, ...]


def content_of(layers: Mapping[str, gpd.GeoDataFrame], **options: Any) -> tuple[Any, float]:
    """Return all that stands on a sheet, and its scale."""
    made = made_of(layers, **options)
    return made.content, made.scale


def made_of(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    kind: str,
    title: str,
    edition: Edition,
    subject: str | None = None,
    names: pd.DataFrame | None = None,
    findings: Sequence[Finding] | None = None,
    as_of: str | None = None,
) -> Made:
    """Return all that stands on a sheet."""
    if kind not in kinds():
        raise UnknownError(
            Sentence("No sheet is called {kind!r}", kind=kind),
            remedy=Sentence("Use {listed}.", listed=tuple(kinds())),
        )
    spec, language = kinds()[kind], edition.language
    frames = choosing.frames(
        layers, spec, names=names, findings=findings, as_of=as_of, language=language
    )
    focus = compose.focus_of(frames, kind=kind, subject=subject)
    plan = sheets.layout(compose.extent(focus), paper=edition.paper)
    small = edition.paper == "figure"
    made = compose.compose(plan, frames, focus, spec=spec, language=language, small=small)
    about: dict[str, Any] = {"title": title, "edition": edition, "as_of": as_of}
    several = None
    if kind in PARTED and plan.bound and not edition.whole:
        how: dict[str, Any] = {"made": made, "spec": spec, "scale": edition.scale}
        several = parts.parted(plan, frames, focus, language=language, **how)
    if several is None:
        named = named_of([made], spec, language=language)
        lists = _lists(plan, made, spec, edition=edition)
        return Made({**page(plan, made, named=named, **about), **lists}, plan.scale, named)
    return _in_parts(several, made, spec, **about)


def _in_parts(
    several: parts.Parted,
    made: compose.Composed,
    spec: Mapping[str, str],
    *,
    title: str,
    edition: Edition,
    as_of: str | None,
) -> Made:
    """Return a map on several sheets behind their index sheet, with one index of names."""
    grid, language = several.grid, edition.language
    named = named_of(several.parts, spec, language=language)
    shared: dict[str, Any] = {"edition": edition, "as_of": as_of}
    first = parts.title("index", language=language, title=title)
    maps = [page(grid.whole, several.index, title=first, named=named, **shared)]
    for nth, (cell, part) in enumerate(zip(grid.cells, several.parts, strict=True), 1):
        told = {"nth": nth, "count": len(grid.cells), "title": title}
        name = parts.title("part", language=language, **told)
        # a township that only touches this part is named on another
        stands = [replace(each, told=False) for each in named_of([part], spec, language=language)]
        maps.append(page(grid.plan(cell), part, title=name, named=stands, **shared))
    lists = _lists(grid.whole, made, spec, edition=edition, square=grid.square)
    lists["index_title"] = parts.WORDS["rows"].say(language)
    return Made({**maps[0], **lists, "title": title, "maps": maps}, grid.scale, named)


def page(
    plan: sheets.Layout,
    made: compose.Composed,
    *,
    title: str,
    edition: Edition,
    as_of: str | None,
    named: Sequence[Named],
) -> dict[str, Any]:
    """Return one page with a map."""
    plan = replace(plan, height=plan.height + made.strip)
    about = imprint.around(plan, title=title, edition=edition)
    feet = imprint.feet(plan, about, edition=edition, as_of=as_of, named=named)
    return {
        **about,
        "width": plan.width,
        "height": plan.height,
        "svg": made.svg,
        "texts": [*made.texts, *feet],
        "language": edition.language,
        "paged": plan.bound,
    }


def _lists(
    plan: sheets.Layout,
    made: compose.Composed,
    spec: Mapping[str, str],
    *,
    edition: Edition,
    square: Callable[[float, float], str] | None = None,
) -> dict[str, Any]:
    """Return the pages behind a map."""
    drawn, language = made.layers.about, edition.language
    indexed = spec["index"].split()
    return {
        **tabular.index(plan, drawn, layers=indexed, language=language, square=square),
        **tabular.findings(plan, drawn, wanted=spec["table"] == "yes", language=language),
    }


def typeset(content: Mapping[str, Any], font: Path, **form: Any) -> bytes:
    """Return the finished sheet: PDF where no other format is asked for."""
    make: Any = typst.compile
    made: bytes = make(
        (files("maps.print") / "sheet.typ").read_bytes(),
        font_paths=[str(font.parent)],
        sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)},
        **form,
    )
    return made


def series(
    layers: Mapping[str, gpd.GeoDataFrame], *, title: str, **options: Any
) -> Iterator[tuple[str, Sheet]]:
    """Yield the code and the sheet of each township; `title` may hold ``{name}``."""
    towns = choosing.current(layers["divisions"], options.get("as_of"))
    towns = towns[towns["level"] == "township"] if "level" in towns else towns
    for code, name in zip(columns.texts(towns["code"]), columns.texts(towns["name"]), strict=True):
        named = title.replace("{name}", name)
        yield code, sheet(layers, kind="township", title=named, subject=code, **options)

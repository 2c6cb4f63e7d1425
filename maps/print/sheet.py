"""Sheets: layers in, one vector PDF out, with what its font cannot show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import typst
from numpy.typing import NDArray

from gazetteer.common import tables
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language
from gazetteer.documents import fonts
from gazetteer.release import Released, Review, gate, leave, sha256
from maps import style
from maps.atlas import columns, features
from maps.print import choosing, drawing, furniture, tabular
from maps.print import layout as sheets
from maps.print.drawing import Drawn, Text

LINE_MARGIN = 0.25
ALONG = ("line", "inspection")
"""Kinds of sheet that are about one line."""
AROUND_DEGREES = 0.02
"""How far the surroundings of a name applied for are shown (about 2 km)."""
CROWDED = ("facilities", "not_served")
EDGE_MM = 5.0
"""How far beyond the frame areas are kept: their cut edge must not show as a boundary."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed sheet: the PDF, its scale, the characters its font lacks with their texts.

    `draft_sha256` is the hash of the sheet without review number: what a review has to name.
    """

    title: str
    pdf: bytes
    scale: float
    missing: dict[str, list[str]]
    released: Released = field(repr=False, compare=False)
    reviewed: bool = False
    draft_sha256: str = ""

    def save(self, path: str | Path) -> Path:
        """Write the file, and its manifest beside it; returns its path."""
        return leave(Path(path), self.pdf, released=self.released)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """How sheets come out: paper A3 or A4, language, notice at the foot, review number, font.

    `review` takes the notice of a draft off the one sheet whose draft was reviewed, and no other;
    without a font Noto Sans CJK is used where it is installed. `released` is what the release gate
    returned for the layers; without it they pass it when they are drawn, as internal.
    """

    paper: str = "A3"
    language: Language = "zh"
    notice: str = ""
    released: Released | None = None
    review: Review | None = None
    font: str | Path | None = None


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
    content, scale = content_of(
        layers, kind=kind, title=title, as_of=as_of, edition=edition, **shown
    )
    content["font"] = fonts.family(file)
    draft = typeset(content, file)
    covered = edition.review is not None and edition.review.covers(draft)
    if edition.review is not None and covered:
        content = _signed(content, number=edition.review.number, edition=edition)
    pdf = typeset(content, file) if covered else draft
    lacking = fonts.missing(_shown(content), font=file)
    digest = sha256(draft)
    return Sheet(title, pdf, scale, lacking, released, reviewed=covered, draft_sha256=digest)


def _shown(content: Mapping[str, Any]) -> list[str]:
    """Return every text of a sheet once, that of its index and tables, too."""
    rows = [*content["index"], *content["table"]]
    placed = [text["text"] for text in content["texts"]]
    return list(dict.fromkeys([*placed, *(cell for row in rows for cell in row)]))


def content_of(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    kind: str,
    title: str,
    edition: Edition,
    subject: str | None = None,
    names: pd.DataFrame | None = None,
    findings: Sequence[Finding] | None = None,
    as_of: str | None = None,
) -> tuple[dict[str, Any], float]:
    """Return all that stands on a sheet, and its scale."""
    if kind not in kinds():
        raise UnknownError(f"No sheet is called {kind!r}", remedy=f"Use {', '.join(kinds())}.")
    spec, language = kinds()[kind], edition.language
    frames = choosing.frames(
        layers, spec, names=names, findings=findings, as_of=as_of, language=language
    )
    focus = _focus(frames, kind=kind, subject=subject)
    plan = sheets.layout(_box(focus), paper=edition.paper)
    small = edition.paper == "figure"
    content = _compose(plan, frames, focus, spec=spec, language=language, small=small)
    content.update(_around(plan, title=title, edition=edition))
    content["texts"] += _feet(plan, content, language=language, as_of=as_of)
    content["language"] = language
    return content, plan.scale


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


def _signed(content: Mapping[str, Any], *, number: str, edition: Edition) -> dict[str, Any]:
    """Return a sheet's content with the review number in place of the marks of a draft."""
    notice = f"{edition.notice} 审图号:{number}".strip()
    draft = content["notice"]
    texts = [
        {**text, "text": notice} if text["text"] == draft else text for text in content["texts"]
    ]
    return {**content, "notice": notice, "texts": texts, "marks": []}


def series(
    layers: Mapping[str, gpd.GeoDataFrame], *, title: str, **options: Any
) -> Iterator[tuple[str, Sheet]]:
    """Yield the code and the sheet of each township; `title` may hold ``{name}``."""
    towns = choosing.current(layers["divisions"], options.get("as_of"))
    towns = towns[towns["level"] == "township"] if "level" in towns else towns
    for code, name in zip(columns.texts(towns["code"]), columns.texts(towns["name"]), strict=True):
        named = title.replace("{name}", name)
        yield code, sheet(layers, kind="township", title=named, subject=code, **options)


@dataclass(frozen=True, slots=True)
class _Focus:
    """What a sheet is about, and the divisions it lies among (both EPSG:4490)."""

    subject: NDArray[Any]
    among: NDArray[Any]
    code: str | None


def _focus(frames: Mapping[str, gpd.GeoDataFrame], *, kind: str, subject: str | None) -> _Focus:
    mains = {**dict.fromkeys(ALONG, "lines"), "dispute": "claims", "location": "proposed"}
    main = mains.get(kind, "divisions")
    if main not in frames or not len(frames[main]):
        raise InputError(f"The sheet needs the layer {main!r}", remedy="Import it first.")
    divisions = frames.get("divisions", frames[main])
    among = features.geographic(divisions, place="divisions")
    if kind == "location":
        around = shapely.buffer(features.geographic(frames[main], place=main), AROUND_DEGREES)
        return _Focus(around, among, main)
    if kind == "dispute":
        return _Focus(features.geographic(frames[main], place=main), among, subject or main)
    if kind not in ("township", *ALONG):
        return _Focus(among, among, None)
    frame = frames[main]
    chosen = np.array([code == subject for code in columns.texts(frame["code"])])
    if not chosen.any():
        raise UnknownError(f"No {main} have the code {subject!r}", remedy="See gazetteer info.")
    return _Focus(features.geographic(frame[chosen], place=main), among, subject)


def _box(focus: _Focus) -> sheets.Box:
    west, south, east, north = (float(side) for side in shapely.total_bounds(focus.subject))
    edge = LINE_MARGIN * max(east - west, north - south) if focus.code else 0.0
    if shapely.get_dimensions(focus.subject).max() == 2:
        edge *= 0.2
    return west - edge, south - edge, east + edge, north + edge


def _compose(
    plan: sheets.Layout,
    frames: Mapping[str, gpd.GeoDataFrame],
    focus: _Focus,
    *,
    spec: Mapping[str, str],
    language: Language,
    small: bool = False,
) -> dict[str, Any]:
    """Return shapes, texts, index and table of a sheet; a small one names no facilities."""
    window = shapely.box(*plan.frame)
    drawn: list[Drawn] = []
    around: list[Drawn] = []
    svg: list[str] = []
    for key, frame in frames.items():
        for part, pale in _split(key, frame, focus, kind=spec["sheet"]):
            shapes = features.geographic(part, place=f"layer {key!r}")
            if spec["sheet"] == "township":
                shapes = _inside(shapes, focus)
            paper = plan.to_paper(shapes)
            paper[~shapely.intersects(shapely.envelope(paper), window)] = None
            paper = _clipped(paper, window if pale else window.buffer(EDGE_MM), every=pale)
            one = drawing.draw("divisions" if key == "neighbours" else key, part, paper=paper)
            svg += drawing.layer_svg(one, pale=pale)
            (around if pale else drawn).append(drawing.greyed(one) if pale else one)
    # of an inspected line every part has to be seen: nothing covers it
    inset = spec["sheet"] != "inspection"
    pieces = _pieces(plan, drawn, focus, inset=inset, language=language)
    rooms = [room for piece in pieces for room in piece.rooms]
    wanted = [key for key in spec["label_layers"].split() if not (small and key in CROWDED)]
    named = [one for one in [*drawn, *around] if one.key in wanted]
    labels = drawing.place_labels(named, frame=plan.frame, rooms=rooms)
    svg += [drawing.backing(label) for label in labels]
    texts = [*labels, *(text for piece in pieces for text in piece.texts)]
    return {
        "width": plan.width,
        "height": plan.height,
        "svg": _svg(plan, svg, [element for piece in pieces for element in piece.svg]),
        "texts": [asdict(text) for text in texts],
        **tabular.index(plan, drawn, layers=spec["index"].split(), language=language),
        **tabular.findings(plan, drawn, wanted=spec["table"] == "yes", language=language),
    }


def _pieces(
    plan: sheets.Layout, drawn: Sequence[Drawn], focus: _Focus, *, inset: bool, language: Language
) -> list[furniture.Piece]:
    """Return what stands around the map, each in the corner where it hides least."""
    subject = plan.to_paper(focus.subject)
    land = shapely.union_all(shapely.make_valid(subject[~shapely.is_missing(subject)]))
    corners = furniture.Corners(plan.frame, land)
    pieces = [furniture.legend(corners, drawn, language=language)]
    if focus.code and inset:
        whole = plan.to_paper(focus.among)
        pieces.append(furniture.inset(corners, whole=whole, subject=subject))
    pieces.append(furniture.scale_bar(plan, corners, language=language))
    pieces.append(furniture.north(corners, language=language))
    rooms = [room for piece in pieces for room in piece.rooms]
    return [furniture.neat_lines(plan, rooms=rooms), *pieces]


def _split(
    key: str, frame: gpd.GeoDataFrame, focus: _Focus, *, kind: str
) -> list[tuple[gpd.GeoDataFrame, bool]]:
    """Return (part, is pale): around a township its neighbours are pale, around a line others."""
    if key == "neighbours":
        return [(frame, True)]
    if key == "lines" and kind in ALONG:
        mine = np.array([code == focus.code for code in columns.texts(frame["code"])])
        pale, full = (frame[rows].reset_index(drop=True) for rows in (~mine, mine))
        return [(pale, True), (full, False)]
    if (key, kind) != ("divisions", "township"):
        return [(frame, False)]
    codes = columns.texts(frame["code"])
    parents = columns.texts(frame["parent_code"]) if "parent_code" in frame else codes
    within = np.array([focus.code in pair for pair in zip(codes, parents, strict=True)])
    level = frame["level"] if "level" in frame else pd.Series([""] * len(frame))
    rest = ~within & (level == frame["level"][within].iloc[0] if "level" in frame else True)
    return [
        (frame[rest].reset_index(drop=True), True),
        (frame[within].reset_index(drop=True), False),
    ]


def _inside(shapes: NDArray[Any], focus: _Focus) -> NDArray[Any]:
    """Return shapes without the points that lie outside the township."""
    land = shapely.union_all(shapely.make_valid(focus.subject))
    shapely.prepare(land)
    out = (shapely.get_dimensions(shapes) == 0) & ~shapely.intersects(land, shapes)
    kept = shapes.copy()
    kept[out] = None
    return kept


def _clipped(paper: NDArray[Any], window: Any, *, every: bool) -> NDArray[Any]:
    """Return what lies in a window; of areas the part in sight, so that its name stands there."""
    out = ~shapely.covers(window, paper) & (every | (shapely.get_dimensions(paper) == 2))
    cut = paper.copy()
    cut[out] = shapely.intersection(shapely.make_valid(paper[out]), window)
    return cut


def _svg(plan: sheets.Layout, inside: Sequence[str], above: Sequence[str]) -> str:
    clip = furniture.rectangle(plan.frame, "")
    frame = furniture.rectangle(plan.frame, 'fill="none" stroke="#1f2733" stroke-width="0.25"')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {plan.width:g} {plan.height:g}" '
        f'width="{plan.width:g}mm" height="{plan.height:g}mm">'
        f'<defs><clipPath id="frame">{clip}</clipPath></defs>'
        f'<g clip-path="url(#frame)">{"".join(inside)}</g>{"".join(above)}{frame}</svg>'
    )


def _around(plan: sheets.Layout, *, title: str, edition: Edition) -> dict[str, Any]:
    """Return title, notice and the marks of a draft."""
    draft = style.words("map_words.csv", language="zh")["draft"]
    wide = range(int(plan.width // 150) + 1)
    marks = [
        {"x": 30 + at * 150 + (row % 2) * 60, "y": 55 + row * 70, "text": draft}
        for at in wide
        for row in range(int((plan.height - 40) // 70))
    ]
    return {"title": title, "notice": f"{edition.notice} {draft}".strip(), "marks": marks}


def _feet(
    plan: sheets.Layout, content: Mapping[str, Any], *, language: Language, as_of: str | None
) -> list[dict[str, Any]]:
    """Return the title over the frame and the line under it."""
    low = plan.height - 5
    day = {"zh": "资料截至 ", "en": "as of "}[language] + as_of if as_of else ""
    notice = Text(plan.frame[0] - 5, low, content["notice"], 8.5, "#a3174f", "left")
    name = sheets.projection_name(plan.crs, language)
    if drawing.width_mm(content["notice"], 8.5) + drawing.width_mm(name + day, 7) > plan.width - 20:
        name = "CGCS2000"  # a figure has no room for more
    about = " · ".join(filter(None, [name, day]))
    texts = [
        Text(plan.width / 2, 8, content["title"], 20, furniture.INK, bold=True),
        notice,
        Text(plan.frame[2] + 5, low, about, 7, "#5d6673", "right"),
    ]
    return [asdict(text) for text in texts]

"""The booklet of a joint inspection: a page a marker, with sketch map, photo, boxes to tick."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
import typst
from PIL import Image, ImageOps

from boundaries.inspection.field.bundle import Bundle
from boundaries.inspection.round.compare import Record
from boundaries.inspection.round.fields import LAYERS, PRESENCE, Field, Layer
from boundaries.inspection.round.state import RoundState
from boundaries.office.records import Records
from gazetteer.common import photographs, rehearsal
from gazetteer.common.coordinates import CGCS2000
from gazetteer.common.language import Language, Text
from gazetteer.documents import fonts

WIDTH, HEIGHT = 88.0, 74.0
"""Sketch map in millimetres."""
NEAREST_M, FARTHEST_M = 60.0, 500.0
"""Half the width of a sketch map: as far as its reference objects, within these."""
PHOTO_PIXELS = 900
TOGETHER_M = 5.0
"""Posts of one marker nearer than this are not told apart on a sketch."""
STEPS_M = (10, 20, 50, 100, 200, 500)
TITLE = Text("行政区域界线联合检查手册", "Booklet of a joint boundary inspection")
WORDS = {
    "no_photo": Text("（无上次照片）", "(no earlier photo)"),
    "references": Text("方位物", "Reference objects"),
    "new": Text("新选", "new"),
    "more": Text("说明", "More"),
    "found": Text("检查情况", "What was found"),
    "segments": Text("界线段", "Segments of the line"),
    "new_markers": Text("新增界桩", "New markers"),
}


def pdf(
    bundle: Bundle,
    state: RoundState,
    known: Records,
    *,
    photos: Mapping[str, Path] | None = None,
    font: Path | None = None,
    language: Language = "zh",
) -> bytes:
    """Return the booklet of a side as PDF.

    Parameters
    ----------
    bundle
        What is handed out to the side.
    state, known
        Round, and records of the county (lines and roads around).
    photos
        Last photo of each marker.
    font
        Font file; Noto Sans CJK where not given.
    """
    file = fonts.font_file(font)
    with tempfile.TemporaryDirectory(prefix=rehearsal.ROOM) as folder:
        content = content_of(bundle, state, known, language=language)
        for page in content["markers"]:
            page["photo"] = _photo((photos or {}).get(page["number"]), Path(folder), page["number"])
        content["font"] = fonts.family(file)
        make: Any = typst.compile
        made: bytes = make(
            (files("maps.print") / "booklet.typ").read_bytes(),
            root=folder,
            font_paths=[str(file.parent)],
            sys_inputs={"booklet": json.dumps(content, ensure_ascii=False)},
        )
    return made


def _photo(path: Path | None, folder: Path, number: str) -> str:
    """Put a photo, made small and without its EXIF, where the page finds it; return its name."""
    if path is None:
        return ""
    try:
        with Image.open(path) as image:
            image.draft("RGB", (PHOTO_PIXELS, PHOTO_PIXELS))
            small = ImageOps.exif_transpose(image).convert("RGB")
            small.thumbnail((PHOTO_PIXELS, PHOTO_PIXELS))
            name = f"{len(list(folder.iterdir()))}.jpg"
            small.save(folder / name, quality=80)
    except photographs.BROKEN:
        return ""
    return f"/{name}"


def content_of(
    bundle: Bundle, state: RoundState, known: Records, *, language: Language
) -> dict[str, Any]:
    """Return all that stands in a booklet but its photos."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    names = dict(zip(state.lines["code"], state.lines["name"], strict=True))
    sketches = _Sketches(bundle, known)
    side = state.sides[bundle.side]
    asked = {layer: _asked(layer, language=language) for layer in LAYERS}
    return {
        "title": TITLE.say(language),
        "subtitle": say(f"第{bundle.number}号联检", f"Round {bundle.number}"),
        "language": language,
        "notice": bundle.released.notice.say(language),
        "facts": [
            [say("填表方", "Side"), f"{side} {bundle.side}"],
            [say("各方", "Sides"), "、".join(state.sides.values())],
            [say("起止日期", "Days"), f"{state.round.starts_on} – {state.round.ends_on}"],
            [say("界线", "Lines"), "、".join(f"{n or ''} {c}".strip() for c, n in names.items())],
            [say("界桩", "Markers"), str(len(bundle.base["markers"]))],
        ],
        "words": {
            **{key: word.say(language) for key, word in WORDS.items()},
            "signatures": [
                say("检查人", "Inspector"), say("毗邻方人员", "Other sides"), say("日期", "Date"),
            ],
        },
        "presence": [word.say(language) for word in PRESENCE.values()],
        "reference_heads": [
            say("序号", "No."), say("名称", "Name"), say("方位角（°）", "Azimuth (°)"),
            say("距离（米）", "Distance (m)"), say("现状", "Presence"),
        ],
        "asked": asked["markers"],
        "markers": [
            _page(each, bundle, names, sketches, language=language)
            for each in bundle.base["markers"]
        ],
        "segment_heads": [
            say("界线", "Line"), say("段", "No."), say("起止", "From, to"),
            say("长度（米）", "Length"),
            say("沿线地物", "Features"), say("检查情况", "What was found"),
        ],
        "segments": [_segment(each) for each in bundle.base["segments"]],
        "segment_asked": [each for each in asked["segments"] if each["choices"]],
        "new_asked": asked["new_markers"],
    }  # fmt: skip


def _asked(layer: Layer, *, language: Language) -> list[dict[str, Any]]:
    """Return the fields that a side answers on paper, each with boxes to tick or room to write."""
    return [
        {
            "label": field.label.say(language),
            "choices": [word.say(language) for word in (field.values or {}).values()],
            "height": 14 if field.name == "remarks" else 4.5,
        }
        for field in LAYERS[layer]
        if field.by_side and field.name not in ("inspected_on", "inspector")
    ]


def _page(
    record: Record,
    bundle: Bundle,
    names: Mapping[str, Any],
    sketches: _Sketches,
    *,
    language: Language,
) -> dict[str, Any]:
    number = str(record["number"])
    objects = [each for each in bundle.base["reference_objects"] if each["number"] == number]
    facts = [
        [field.label.say(language), _shown(field, record.get(field.name), language=language)]
        for field in LAYERS["markers"]
        if not field.by_side and field.name not in ("number", "line_code")
    ]
    facts += [["", ""]] * (len(facts) % 2)
    code = str(record["line_code"] or "")
    svg, texts = sketches.of(record, objects)
    return {
        "number": number,
        "line": f"{names.get(code) or ''} {code}".strip(),
        "facts": [[*facts[at], *facts[at + 1]] for at in range(0, len(facts), 2)],
        "references": [
            [str(each.get("ordinal") or ""), each.get("name") or "",
             _number(each.get("azimuth_deg"), 2), _number(each.get("distance_m"), 1)]
            for each in objects
        ],
        "sketch": svg,
        "texts": texts,
        "photo": "",
    }  # fmt: skip


def _shown(field: Field, value: Any, *, language: Language) -> str:
    if value is None:
        return "—"
    if field.values:
        word = field.values.get(str(value))
        return str(value) if word is None else word.say(language)
    return f"{value:.7f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _number(value: Any, decimals: int) -> str:
    return "" if value is None else f"{float(value):.{decimals}f}"


def _segment(record: Record) -> list[str]:
    return [
        str(record["line_code"]),
        str(record["ordinal"]),
        f"{record['from_number']} — {record['to_number']}",
        _number(record["length_m"], 0),
        str(record.get("features") or ""),
    ]


# ------------------------------------------------------------------ sketch maps


class _Sketches:
    """Sketch maps around markers, north up, in metres of the county's Gauss-Krüger zone."""

    def __init__(self, bundle: Bundle, known: Records) -> None:
        self.crs = known.crs
        self.lines = known.metric(bundle.lines).geometry.to_numpy()
        named = known.roads[known.roads.geometry.notna()]
        self.roads = known.metric(named)
        self.tree = shapely.STRtree(self.roads.geometry.to_numpy())
        self.markers = self._metric([each.get("geometry") for each in bundle.base["markers"]])
        self.numbers = [str(each["number"]) for each in bundle.base["markers"]]

    def _metric(self, shapes: Sequence[Any]) -> Any:
        return gpd.GeoSeries(list(shapes), crs=CGCS2000).to_crs(self.crs).to_numpy()

    def of(self, record: Record, objects: Sequence[Record]) -> tuple[str, list[dict[str, Any]]]:
        """Return the sketch of one marker as SVG (mm), and the texts on it."""
        number = str(record["number"])
        centre = self.markers[self.numbers.index(number)]
        if centre is None or centre.is_empty:
            return _svg([]), []
        placed = [each for each in objects if each.get("geometry") is not None]
        spots = self._metric([each["geometry"] for each in placed])
        far = max((centre.distance(each) for each in spots), default=0.0)
        reach = float(np.clip(1.25 * far, NEAREST_M, FARTHEST_M))
        paper = _Paper(centre, reach)
        drawn = self._ground(paper)
        texts: list[dict[str, Any]] = []
        for each, spot in zip(placed, spots, strict=True):
            drawn.append(paper.path(shapely.LineString([centre, spot]), "#5d6673", 0.15, "1,0.8"))
            drawn.append(paper.dot(spot, "#1971c2", 0.9))
            caption = f"{each.get('name') or ''} {_number(each.get('distance_m'), 0)} m"
            # away from the marker, so that its lines stay clear
            texts.append(paper.text(spot, caption, "#1864ab", -2.4 if spot.y > centre.y else 2.6))
        for other, spot in zip(self.numbers, self.markers, strict=True):
            if other != number and spot is not None and paper.box.contains(spot):
                drawn.append(paper.dot(spot, "#868e96", 1.3))
                if spot.distance(centre) > TOGETHER_M:
                    texts.append(paper.text(spot, other, "#495057", 3.0))
        drawn.append(paper.dot(centre, "#c92a2a", 1.3))
        bar, label = paper.bar()
        return _svg([*drawn, *bar]), [*texts, label]

    def _ground(self, paper: _Paper) -> list[str]:
        near = self.tree.query(paper.box)
        roads = [self.roads.geometry.iloc[int(at)] for at in near]
        drawn = [paper.path(each, "#ced4da", 1.1) for each in roads]
        return drawn + [paper.path(each, "#1f2733", 0.45, "3,1,0.6,1") for each in self.lines]


class _Paper:
    """Metres around a marker on the paper of its sketch."""

    def __init__(self, centre: shapely.Point, reach: float) -> None:
        self.x, self.y = centre.x, centre.y
        self.mm = min(WIDTH, HEIGHT) / (2 * reach)
        half = WIDTH / 2 / self.mm, HEIGHT / 2 / self.mm
        self.box = shapely.box(
            self.x - half[0], self.y - half[1], self.x + half[0], self.y + half[1]
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        return WIDTH / 2 + (x - self.x) * self.mm, HEIGHT / 2 - (y - self.y) * self.mm

    def path(self, shape: Any, colour: str, width: float, dash: str = "") -> str:
        cut = shapely.intersection(shape, self.box)
        parts = [each for each in shapely.get_parts(cut) if each.geom_type == "LineString"]
        d = "".join(
            "M" + "L".join("{:.2f},{:.2f}".format(*self.at(x, y)) for x, y in part.coords)
            for part in parts
        )
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes}/>'

    def dot(self, spot: shapely.Point, colour: str, radius: float) -> str:
        x, y = self.at(spot.x, spot.y)
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius}" fill="{colour}"/>'

    def text(self, spot: shapely.Point, text: str, colour: str, below: float) -> dict[str, Any]:
        x, y = self.at(spot.x, spot.y)
        return {"x": round(x, 2), "y": round(y + below, 2), "text": text, "color": colour}

    def bar(self) -> tuple[list[str], dict[str, Any]]:
        """Return a scale bar and a north arrow, and the bar's label."""
        metres = max(each for each in STEPS_M if each * self.mm <= WIDTH / 3 or each == STEPS_M[0])
        left, y, wide = 4.0, HEIGHT - 4.0, metres * self.mm
        paint = 'fill="none" stroke="#1f2733" stroke-width="0.3"'
        d = f"M{left},{y - 1}V{y}H{left + wide:.2f}V{y - 1}"
        x = WIDTH - 6
        north = f'<path d="M{x},12V4L{x - 1.5},7.5M{x},4L{x + 1.5},7.5" {paint}/>'
        label = {"x": left + wide / 2, "y": y - 2.4, "text": f"{metres} m", "color": "#1f2733"}
        return [f'<path d="{d}" {paint}/>', north], label


def _svg(drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>{"".join(drawn)}</svg>'
    )

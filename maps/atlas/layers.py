"""One layer of an atlas: its records as columns, its classes with their style, its search forms."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pypinyin

from gazetteer.common.errors import InputError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Language, Sentence
from gazetteer.common.value_words import value_titles
from maps import style
from maps.atlas import arcs, columns, features, said, symbolled

LABEL_FIELDS = ("name", "text", "名称", "地名", "Name", "NAME", "number", "code", "id")
SEARCH_FIELDS = ("pinyin", "initials", "symbol")
ALONG = ("roads", "water")
"""Layers of lines whose names run along them, once for the pieces that bear one name."""
# Rows of a count or a calculation that bear the names of places: no places of their own.
COVERAGE = ("coverage", "coverage_villages")
UNSEARCHED = (
    *("population", "demand", "catchments", "suitability", "not_served", "thematic"),
    *COVERAGE,
)
# Layers whose legend tells every class, be there something in it or not.
WHOLE = ("thematic", *COVERAGE)
# Layers whose unlisted values get a colour each, the most frequent first.
COLOURED, MOST_CLASSES, REST = ("facilities", "zones", "not_served"), 6, "#6b6f76"
# One colour, one meaning: green is served and vermilion not served on the same maps.
MEANT = frozenset({"#009e73", "#d55e00"})


@dataclass(slots=True)
class Layer:
    """A layer on its way into the page: what it says (`body`) and its shapes, not yet shared."""

    body: dict[str, Any]
    shapes: features.Shapes
    tinted: bool


def layer(
    key: str,
    frame: gpd.GeoDataFrame,
    *,
    visible: bool,
    decimals: int,
    language: Language,
    design: style.LayerStyle | None = None,
) -> Layer:
    """Return one frame as a layer.

    Parameters
    ----------
    key
        Name of the layer; those of `data/map_layers.csv` come with style and titles.
    frame
        Records with geometry in any stated coordinate reference system.
    visible
        Whether it shows at first.
    decimals
        Decimals of a degree that are kept.
    language
        Language of titles and values.
    design
        Its style; that of the style table when None.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"name": ["甲镇"]}, geometry=gpd.points_from_xy([120], [32]),
    ...     crs="EPSG:4490")
    >>> layer("divisions", frame, visible=True, decimals=6, language="zh").body["title"]
    '行政区划'
    """
    shapes = features.shapes(features.geographic(frame, place=f"layer {key!r}"), decimals=decimals)
    records = pd.DataFrame(frame.drop(columns=frame.active_geometry_name))
    records = records.loc[:, ~records.columns.duplicated()]
    design = design or style.layer_style(key)
    if symbolled.applies(key, records):
        classes, members = symbolled.classes(key, records, language=language)
    else:
        classes, members = _classes(design, records, language=language)
    fields = _fields(design, records, language=language)
    label = _label_field(design, [field["key"] for field in fields], records)
    body = {
        "key": key,
        "title": design.title.say(language),
        "order": design.order,
        "visible": visible,
        "along": key in ALONG,
        "lead": key in WHOLE and visible,
        "count": len(frame),
        "classes": classes,
        "members": arcs.varints(members) if len(classes) > 1 else "",
        "fields": fields,
        "label": label,
        "searched": key not in UNSEARCHED,
        "missing": arcs.deltas(shapes.missing),
        "x": arcs.deltas(shapes.anchors[:, 0]),
        "y": arcs.deltas(shapes.anchors[:, 1]),
        **_dates(records, place=f"layer {key!r}"),
        **_search(records, fields[label]["key"] if label >= 0 else None),
    }
    return Layer(body, shapes, tinted=any(each["fill"] == "tint" for each in classes))


def _classes(
    design: style.LayerStyle, records: pd.DataFrame, *, language: Language
) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the classes that occur, in the order of the table, and the class of each record."""
    field = design.class_field
    values = columns.texts(records[field]) if field in records else [""] * len(records)
    listed = {each.value for each in design.classes}
    strange = Counter(value for value in values if value and value not in listed)
    coloured = [value for value, _ in strange.most_common(MOST_CLASSES)]
    coloured = coloured if design.layer in COLOURED else []
    kept = [value if value in listed or value in coloured else style.OTHER for value in values]
    order = [each.value for each in design.classes if each.value != style.OTHER] + coloured
    held = set(kept) | (set(order) if design.layer in WHOLE else set())
    present = [value for value in [*order, style.OTHER] if value in held]
    position = {value: at for at, value in enumerate(present)}
    titles = value_titles().get(field or "", {})
    classes = []
    for value in present:
        look = _look(design.style(value), language=language)
        if value in coloured:
            look["fill"] = class_colours()[coloured.index(value)]
            look["title"] = titles[value].say(language) if value in titles else value
        elif value == style.OTHER and coloured:
            look["fill"] = REST
        elif value == style.OTHER and len(design.classes) == 1 and design.style(value).layer == "*":
            look["title"] = design.title.say(language)
        classes.append(look)
    return classes, [position[value] for value in kept]


def class_colours() -> list[str]:
    """Return the colours of classes that nobody listed: none that means something already.

    Examples
    --------
    >>> len(class_colours()) >= MOST_CLASSES
    True
    """
    return [each for each in style.palette("class") if each not in MEANT]


def _look(symbol: style.Style, *, language: Language) -> dict[str, Any]:
    """Return one class as the page draws it (millimetres and points kept)."""
    return {
        "title": symbol.title.say(language),
        "fill": symbol.fill,
        "opacity": symbol.fill_opacity,
        "stroke": symbol.stroke,
        "width": symbol.stroke_width_mm,
        "dash": list(symbol.dash_mm),
        "radius": symbol.radius_mm,
        "symbol": symbol.symbol,
        "size": symbol.label_size_pt,
        "color": symbol.label_color,
        "zoom": symbol.label_min_zoom,
        "kind": symbol.kind,
    }


def _fields(
    design: style.LayerStyle, records: pd.DataFrame, *, language: Language
) -> list[dict[str, Any]]:
    """Return the columns that say something, titled, as people read them: documents last."""
    fields = []
    ours = design.layer in style.layer_keys()
    names = [name for name in records.columns if str(name) not in SEARCH_FIELDS]
    for name in sorted(names, key=lambda each: ours and said.form(str(each)) in said.LAST):
        field = str(name)
        if ours and said.form(field) == "drop":
            continue
        packed = columns.pack(_said(field, records[name], design, language=language))
        if packed:
            title = said.title(field, language=language)
            fields.append({"key": field, "title": title, **packed})
            fields[-1].update({"link": True} if field in style.link_fields() else {})
            fields[-1].update({"silent": True} if said.form(field) == "key" else {})
    return fields


def _said(
    field: str, values: pd.Series, design: style.LayerStyle, *, language: Language
) -> list[str]:
    """Return a column as it is said: the field that sorts a layer in the words of its legend."""
    plain = columns.texts(values)
    known = {text: said.value(field, text, language=language) for text in dict.fromkeys(plain)}
    if field == design.class_field:
        listed = {each.value: each.title.say(language) for each in design.classes}
        listed.pop(style.OTHER, None)
        known |= {text: listed[text] for text in known if text in listed}
    return [known[text] for text in plain]


def _label_field(design: style.LayerStyle, fields: Sequence[str], records: pd.DataFrame) -> int:
    """Return the position of the field that labels a record, -1 where none does.

    A layer whose own label field is there, but empty, has no labels: a code is no name.
    """
    known = design.layer in style.layer_keys()
    unnamed = known and design.label_field in records and design.label_field not in fields
    if design.layer == "findings" or unnamed:
        return -1
    wanted = [design.label_field, *LABEL_FIELDS]
    return next((fields.index(field) for field in wanted if field and field in fields), -1)


def _dates(records: pd.DataFrame, *, place: str) -> dict[str, str]:
    """Return the half-open intervals of validity as days, where there are any."""
    intervals = {}
    for field, short in (("valid_from", "from"), ("valid_to", "to")):
        if field in records:
            days = columns.days(records[field], place=place)
            intervals.update({short: arcs.varints(days)} if days.any() else {})
    return intervals


def _search(records: pd.DataFrame, label: str | None) -> dict[str, Any]:
    """Return pinyin in syllables and, where it does not follow from them, the initials."""
    if label is None:
        return {}
    if "pinyin" in records:
        pinyin = [_plain(value) for value in columns.texts(records["pinyin"])]
    else:
        distinct = dict.fromkeys(columns.texts(records[label]))
        read = {text: _syllables(text) for text in distinct}
        pinyin = [read[text] for text in columns.texts(records[label])]
    keys: dict[str, Any] = {"pinyin": columns.pack(pinyin)}
    if "initials" in records:
        initials = [_plain(value) for value in columns.texts(records["initials"])]
        derived = ["".join(part[0] for part in syllables.split()) for syllables in pinyin]
        keys.update({"initials": columns.pack(initials)} if initials != derived else {})
    return {key: value for key, value in keys.items() if value}


def _plain(text: str) -> str:
    """Return pinyin without tones, in lower case.

    Examples
    --------
    >>> _plain("Luódiàn Cūn"), _plain("lǜ")
    ('luodian cun', 'lu')
    """
    if text.isascii():
        return text.lower()
    return "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.lower())
        if not unicodedata.combining(letter)
    )


def _syllables(text: str) -> str:
    """Return the readings of a text that came without pinyin: a help for searching, no record."""
    if text.isascii():
        return ""
    return _plain(" ".join(pypinyin.lazy_pinyin(text, errors="ignore")))


def of_names(names: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return a table of names with `lon` and `lat` (CGCS2000 degrees) as points.

    Examples
    --------
    >>> of_names(pd.DataFrame({"text": ["甲"], "lon": [None], "lat": [None]})).geometry[0] is None
    True
    """
    absent = [field for field in ("text", "lon", "lat") if field not in names]
    if absent:
        raise InputError(
            Sentence("The table of names has no column {listed}", listed=tuple(absent)),
            remedy=Sentence("Give text, lon and lat (CGCS2000 degrees)."),
        )
    lon, lat = (pd.to_numeric(names[key], errors="coerce") for key in ("lon", "lat"))
    points = np.asarray(gpd.points_from_xy(lon, lat), dtype=object)
    points[(lon.isna() | lat.isna()).to_numpy()] = None
    records = names.drop(columns=["lon", "lat", "geometry"], errors="ignore")
    return gpd.GeoDataFrame(records, geometry=points, crs=features.CRS)


def of_findings(findings: Sequence[Finding], *, language: Language) -> gpd.GeoDataFrame:
    """Return findings as records with geometry, errors first."""
    weight = {severity: rank for rank, severity in enumerate(Severity)}
    ranked = sorted(findings, key=lambda each: weight[each.severity])
    records = [
        {
            "severity": each.severity.value,
            "message": each.message.say(language),
            "rule": each.rule,
            "clause": each.clause,
            "subject": each.subject,
            "related": "、".join(each.related),
            "measured": _quantity(each.measured, each.unit),
            "tolerance": _quantity(each.tolerance, each.unit),
            "id": each.id,
        }
        for each in ranked
    ]
    geometry = [each.geometry for each in ranked]
    return gpd.GeoDataFrame(pd.DataFrame(records), geometry=geometry, crs=features.CRS)


def _quantity(value: float | None, unit: str | None) -> str:
    return "" if value is None else f"{columns.say(round(value, 3))} {unit or ''}".strip()

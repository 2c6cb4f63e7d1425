"""Thematic maps: areas in colours, or symbols in sizes, by any column of a frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import shapely

from gazetteer.common.coordinates import CGCS2000, geodesic_area_m2
from gazetteer.common.errors import InputError, UnknownError
from gazetteer.common.language import Language, Sentence, Text
from gazetteer.release import Released, Review
from maps import classes, style
from maps.atlas import Atlas, atlas, columns

LAYER, CLASS = "thematic", "thematic_class"
NONE, REST = "none", "rest"
NO_DATA = Text("无数据", "no data")
OTHERS = Text("其他", "others")
SYMBOL_FILL, NO_DATA_FILL = "#5b2a86", "#e3e3e3"
SMALLEST_MM, LARGEST_MM = 0.9, 4.2
KINDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """What a thematic map shows, and in which classes.

    Parameters
    ----------
    column
        Column of the frame; numbers are classed, words are classes themselves.
    scheme, count, breaks
        How numbers are classed: see `maps.classes.classify`.
    symbols
        Symbols sized by class in place of coloured areas.
    per
        Another column that the numbers are divided by; ``area`` for square kilometres.
    unit, title
        Of the numbers; the title of the column where empty.
    """

    column: str
    scheme: classes.Scheme = "natural"
    count: int = 5
    breaks: tuple[float, ...] = ()
    symbols: bool = False
    per: str = ""
    unit: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thematic:
    """A layer in classes with the style that draws it."""

    frame: gpd.GeoDataFrame
    design: style.LayerStyle


def choropleth(
    frame: gpd.GeoDataFrame,
    column: str,
    *,
    title: str = "",
    scheme: classes.Scheme = "natural",
    count: int = 5,
    breaks: Iterable[float] = (),
    symbols: bool = False,
    per: str = "",
    unit: str = "",
    language: Language = "zh",
) -> Atlas:
    """Return a thematic map of a column: coloured areas, or symbols in sizes, with a legend.

    Parameters
    ----------
    frame
        Records in any stated coordinate reference system; a column `name` labels them.
    column
        Column that is shown. Numbers (also as text: ``1,234``, ``45%``) are classed; words are
        classes themselves. What is empty is a class of its own: 无数据.
    title
        Title of the map; that of the column where empty.
    scheme
        ``natural`` breaks (Fisher and Jenks), ``quantile`` or ``fixed``.
    count
        How many classes, 2 to 9.
    breaks
        For fixed classes: upper bounds of all but the last, in the unit of the column.
    symbols
        Symbols sized by class in place of coloured areas; counts of people belong to these.
    per
        Column that the numbers are divided by; ``area`` for square kilometres.
    unit
        Unit of the numbers, for the legend.
    language
        Language of the page.

    Returns
    -------
    Atlas
        The map; `save` writes it.

    Raises
    ------
    CrsError
        When the frame does not state its coordinate reference system.
    InputError
        When the classes cannot be made, or some values are numbers and some words.
    UnknownError
        When there is no such column.

    Examples
    --------
    >>> towns = gpd.GeoDataFrame({"name": ["甲镇", "乙镇"], "people": [1200, None]},
    ...     geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs="EPSG:4490")
    >>> choropleth(towns, "people", unit="人").html.count("<html")
    1
    >>> choropleth(towns, "poeple")
    Traceback (most recent call last):
    gazetteer.common.errors.UnknownError: There is no column 'poeple'. Use name, people.
    """
    by = By(column=column, scheme=scheme, count=count, breaks=tuple(breaks), symbols=symbols,
            per=per, unit=unit, title=title)  # fmt: skip
    return drawn({"divisions": frame}, by=by, title=title or heading(by, language=language),
                 language=language)  # fmt: skip


def drawn(
    layers: Mapping[str, Any],
    *,
    by: By,
    title: str,
    language: Language = "zh",
    over: gpd.GeoDataFrame | None = None,
    reviewed: Review | None = None,
    released: Released | None = None,
    base_map: str | None = None,
    stated: str = "",
) -> Atlas:
    """Return the map of a column of `over` (of the divisions where None) over other layers.

    Parameters are those of `maps.atlas`; the divisions lie over the colours as lines.
    """
    divisions = layers["divisions"]
    made = thematic(divisions if over is None else over, by, language=language)
    return atlas(
        {**layers, LAYER: made.frame},
        title=title,
        theme="divisions",
        language=language,
        release=reviewed,
        base_map=base_map,
        released=released,
        stated=stated,
        designs={LAYER: made.design, "divisions": style.unfilled("divisions")},
    )


def heading(by: By, *, language: Language) -> str:
    """Return what the numbers are called, with their unit.

    Examples
    --------
    >>> heading(By(column="people", unit="人", per="area"), language="zh")
    '人口（人/km²）'
    """
    name = by.title or style.field_title(by.column).say(language)
    below = "km²" if by.per == "area" else style.field_title(by.per).say(language)
    told = f"{by.unit}/{below}" if by.per else by.unit
    return f"{name}（{told}）" if told else name


def thematic(frame: gpd.GeoDataFrame, by: By, *, language: Language) -> Thematic:
    """Return a frame in classes with its style; the records that have no place stay out."""
    if by.column not in frame or by.column == frame.active_geometry_name:
        known = [str(each) for each in frame.columns if each != frame.active_geometry_name]
        raise UnknownError(
            Sentence("There is no column {column!r}", column=by.column),
            remedy=Sentence("Use {known}.", known=[*known]),
        )
    shown = frame[frame.geometry.notna()].reset_index(drop=True)
    numbers = _numbers(shown[by.column], place=by.column)
    if numbers is not None and not any(each is not None for each in numbers):
        raise InputError(
            Sentence("Column {column!r} tells nothing of what has a place", column=by.column),
            remedy=Sentence("Choose a column with values."),
        )
    found = _kinds(shown[by.column], language) if numbers is None else _ranges(shown, numbers, by)
    members, looks, values = found
    told = {CLASS: members, heading(by, language=language): values}
    kept = shown.drop(columns=by.column).assign(**told)
    drawn_as = kept.set_geometry(_anchors(kept)) if by.symbols else kept
    return Thematic(frame=drawn_as, design=_design(looks, by, language))


def _numbers(values: Sequence[Any], *, place: str) -> list[float | None] | None:
    """Return a column as numbers, None where it holds words alone."""
    found: list[float | None] = []
    strange: list[tuple[int, str]] = []
    for at, value in enumerate(values):
        try:
            found.append(classes.number(value))
        except ValueError:
            strange.append((at, str(value)))
    if not strange:
        return found
    if any(each is not None for each in found):  # a slip among numbers, no column of words
        at, text = strange[0]
        raise InputError(
            Sentence("{text!r} is no number (row {row})", text=text[:30], row=at + 1),
            place=f"{place}",
            remedy=Sentence("Write a number, or leave it empty where nothing is known."),
        )  # fmt: skip
    return None


def _ranges(
    shown: gpd.GeoDataFrame, numbers: list[float | None], by: By
) -> tuple[list[str], list[tuple[str, Text, str]], list[str]]:
    """Return class of each record, the classes with titles and colours, what a popup says."""
    each = _divided(shown, numbers, by) if by.per else numbers
    found = classes.classify(each, scheme=by.scheme, classes=by.count, breaks=by.breaks or None)
    colours = ramp(len(found.titles))
    looks = [
        (str(at), Text(said, said), colour)
        for at, (said, colour) in enumerate(zip(found.titles, colours, strict=True))
    ]
    members = [NONE if at < 0 else str(at) for at in found.members]
    return members, looks, ["" if one is None else classes.said(one) for one in each]


def _divided(shown: gpd.GeoDataFrame, numbers: list[float | None], by: By) -> list[float | None]:
    if by.per == "area":
        below: list[float | None] = [*(geodesic_area_m2(shown.geometry.to_crs(CGCS2000)) / 1e6)]
    elif by.per in shown:
        below = _numbers(shown[by.per], place=by.per) or [None] * len(shown)
    else:
        raise UnknownError(
            Sentence("There is no column {column!r} to divide by", column=by.per),
            remedy=Sentence("Use area: square kilometres."),
        )
    return [
        one / part if one is not None and part else None
        for one, part in zip(numbers, below, strict=True)
    ]


def _kinds(
    values: Sequence[Any], language: Language
) -> tuple[list[str], list[tuple[str, Text, str]], list[str]]:
    """Return a column of words as classes, the most frequent first; more than eight are others."""
    texts = [text.strip() for text in columns.texts(values)]
    common = [text for text, _ in Counter(filter(None, texts)).most_common(KINDS)]
    looks = list(
        zip(common, (Text(each, each) for each in common), style.palette("class"), strict=False)
    )
    rest = {*filter(None, texts)} - {*common}
    looks += [(REST, OTHERS, "#6b6f76")] if rest else []
    members = [NONE if not text else text if text in common else REST for text in texts]
    return members, looks, texts


def ramp(count: int) -> list[str]:
    """Return as many colours from light to dark, as far apart as the palette reaches.

    Examples
    --------
    >>> ramp(3), len(ramp(9)), ramp(0)
    (['#edf8b1', '#41b6c4', '#253494'], 9, [])
    """
    every = style.palette("sequential")
    if count >= len(every) - 1:
        return list(every[len(every) - count :])
    last = len(every) - 2
    return [every[1 + round(at * (last - 1) / max(count - 1, 1))] for at in range(count)]


def _anchors(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return where symbols stand: points are where they are, others inside themselves."""
    flat = frame.geometry.make_valid()
    return gpd.GeoSeries(shapely.point_on_surface(flat.to_numpy()), crs=frame.crs)


def _design(looks: Sequence[tuple[str, Text, str]], by: By, language: Language) -> style.LayerStyle:
    """Return the style of the classes, in the order of the legend, no data last."""
    base = style.layer_style(LAYER).style(NONE)
    kind = "point" if by.symbols else "polygon"
    count = len(looks)
    made = [
        replace(
            base, value=value, title=title, kind=kind,
            fill=SYMBOL_FILL if by.symbols else colour, radius_mm=_radius(at, count),
            fill_opacity=0.75 if by.symbols else 0.9,
            stroke="#ffffff" if by.symbols else base.stroke,
        )
        for at, (value, title, colour) in enumerate(looks)
    ]  # fmt: skip
    ordered = made[::-1] if by.symbols else made  # the large symbols beneath the small ones
    none = replace(base, value=NONE, title=NO_DATA, kind=kind, fill=NO_DATA_FILL,
                   radius_mm=SMALLEST_MM)  # fmt: skip
    name = heading(by, language=language)
    return replace(
        style.layer_style(LAYER), title=Text(name, name), kind=kind, class_field=CLASS,
        classes=(*ordered, none, replace(none, value=style.OTHER)),
    )  # fmt: skip


def _radius(at: int, count: int) -> float:
    """Return the radius of a class in mm: areas of symbols grow evenly from class to class."""
    share = at / max(count - 1, 1)
    low, high = SMALLEST_MM**2, LARGEST_MM**2
    return round(float((low + share * (high - low)) ** 0.5), 2)

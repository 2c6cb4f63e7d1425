"""The one style table (`data/styles.csv`) that drives HTML, QGIS and print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from boundaries.colouring import colouring
from gazetteer.common import tables
from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Language, Sentence, Text

OTHER = "*"
HATCH = "hatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How one class of a layer is drawn; lengths are millimetres on the medium, text in points.

    `fill` is a colour, ``tint`` (neighbours get different tints), ``hatch`` (slanted lines on
    white) or empty for no filling.
    """

    layer: str
    value: str
    title: Text
    kind: str
    fill: str
    fill_opacity: float
    stroke: str
    stroke_width_mm: float
    dash_mm: tuple[float, ...]
    radius_mm: float
    symbol: str
    label_size_pt: float
    label_color: str
    label_min_zoom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerStyle:
    """How a layer is called, which field sorts it into classes, which one labels it."""

    layer: str
    title: Text
    kind: str
    class_field: str | None
    label_field: str | None
    order: int
    classes: tuple[Style, ...]

    def style(self, value: object) -> Style:
        """Return the style of one class, or that of all others.

        Examples
        --------
        >>> layer_style("lines").style("disputed").title.zh
        '争议地段'
        >>> layer_style("lines").style("unheard of").value
        '*'
        """
        by_value = {each.value: each for each in self.classes}
        return by_value.get(str(value), by_value[OTHER])


def _style(row: dict[str, str]) -> Style:
    return Style(
        layer=row["layer"],
        value=row["value"],
        title=Text(row["zh"], row["en"]),
        kind=row["kind"],
        fill=row["fill"],
        fill_opacity=float(row["fill_opacity"]),
        stroke=row["stroke"],
        stroke_width_mm=float(row["stroke_width_mm"]),
        dash_mm=tuple(float(part) for part in row["dash_mm"].split()),
        radius_mm=float(row["radius_mm"] or 0),
        symbol=row["symbol"] or "circle",
        label_size_pt=float(row["label_size_pt"]),
        label_color=row["label_color"],
        label_min_zoom=int(row["label_min_zoom"]),
    )


@cache
def styles() -> tuple[Style, ...]:
    """Return the whole style table."""
    return tuple(_style(row) for row in tables.rows("styles.csv"))


@cache
def layer_style(layer: str) -> LayerStyle:
    """Return the style of a layer; a layer the table does not know gets the general one.

    Examples
    --------
    >>> layer_style("divisions").class_field
    'level'
    >>> layer_style("my own layer").title.zh
    'my own layer'
    """
    row = next((row for row in tables.rows("map_layers.csv") if row["layer"] == layer), None)
    classes = [style for style in styles() if style.layer == layer]
    if not any(style.value == OTHER for style in classes):
        classes += [style for style in styles() if style.layer == OTHER]
    return LayerStyle(
        layer=layer,
        title=Text(row["zh"], row["en"]) if row else Text(layer, layer),
        kind=row["kind"] if row else "polygon",
        class_field=(row["class_field"] or None) if row else None,
        label_field=(row["label_field"] or None) if row else "name",
        order=int(row["order"]) if row else 25,
        classes=tuple(classes),
    )


def unfilled(layer: str) -> LayerStyle:
    """Return the style of a layer of areas as lines alone: something else colours them.

    Examples
    --------
    >>> {each.fill for each in unfilled("divisions").classes}
    {''}
    """
    own = layer_style(layer)
    return replace(own, classes=tuple(replace(each, fill="") for each in own.classes))


def named(layer: str) -> Text:
    """Return what a layer is called in a message: its title, or its name in English.

    Examples
    --------
    >>> named("lines").zh
    '行政区域界线'
    """
    return Text(layer_style(layer).title.zh, layer)


def layer_keys() -> tuple[str, ...]:
    """Return the layers that the style table knows, in the order of drawing.

    Examples
    --------
    >>> layer_keys()[:3]
    ('zones', 'thematic', 'coverage')
    """
    return tuple(row["layer"] for row in tables.rows("map_layers.csv"))


@dataclass(frozen=True, slots=True)
class Theme:
    """Which layers a map shows at first, and how finely its coordinates are kept."""

    name: str
    title: Text
    visible: tuple[str, ...]
    decimals: int


@cache
def themes() -> dict[str, Theme]:
    """Return the themes by name.

    Examples
    --------
    >>> "markers" in themes()["survey"].visible
    True
    """
    return {
        row["theme"]: Theme(
            row["theme"],
            Text(row["zh"], row["en"]),
            tuple(row["visible"].split()),
            int(row["decimals"]),
        )
        for row in tables.rows("map_themes.csv")
    }


def theme(name: str) -> Theme:
    """Return one theme, or say which there are."""
    known = themes()
    if name not in known:
        remedy = Sentence("Use {listed}.", listed=tuple(known))
        raise UnknownError(Sentence("No map theme is called {name!r}", name=name), remedy=remedy)
    return known[name]


@cache
def palette(name: str) -> tuple[str, ...]:
    """Return the colours of a palette in order.

    Examples
    --------
    >>> palette("class")[0]
    '#0072b2'
    """
    return tuple(row["color"] for row in tables.rows("map_palettes.csv") if row["palette"] == name)


@cache
def _field_titles() -> dict[str, Text]:
    return {row["field"]: Text(row["zh"], row["en"]) for row in tables.rows("field_labels.csv")}


def field_title(field: str) -> Text:
    """Return what a field is called by those who read it; its own name where nobody settled one.

    Examples
    --------
    >>> field_title("parent_code").zh, field_title("Pop_2018").zh
    ('上级', 'Pop_2018')
    """
    return _field_titles().get(field, Text(field, field))


@cache
def link_fields() -> frozenset[str]:
    """Return the fields whose values are ids or codes of other records."""
    return frozenset(
        row["field"] for row in tables.rows("field_labels.csv") if row["link"] == "yes"
    )


def words(table: str, *, language: Language) -> dict[str, str]:
    """Return a table of interface words (`key,zh,en`) in one language."""
    return {row["key"]: row[language] for row in tables.rows(table)}


def tints(neighbours: Sequence[Iterable[int]], *, colours: int) -> list[int]:
    """Give each area a tint that no neighbour has, as far as the colours reach.

    Parameters
    ----------
    neighbours
        For each area, the positions of the areas it shares an edge with.
    colours
        How many tints there are.

    Examples
    --------
    >>> tints([[1], [0, 2], [1], []], colours=6)
    [0, 1, 2, 3]
    >>> tints([[1, 2], [0, 2], [0, 1]], colours=2)
    [0, 1, 0]
    """
    return [each % colours for each in colouring(neighbours, colours=colours)]

"""Point symbols by what is named (`data/map_symbols.csv`): one table for HTML, QGIS and print.

A symbol is an SVG path in a square from -1 to 1 (y downwards; commands M, L, C, A and Z, absolute;
filled by the even-odd rule) over a white `ground`, drawn `size_mm` from its middle to its edge.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cache

from gazetteer.common import tables
from gazetteer.common.language import Text
from gazetteer.names import categories

OTHER = "other"
GROUND = "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """How things of a class are drawn as points.

    Parameters
    ----------
    symbol
        Its key.
    title
        What it stands for.
    codes
        GB/T 18521 classes that it stands for, with all within them.
    levels
        Levels of divisions whose seats it stands for.
    path, ground
        SVG paths in the square from -1 to 1; `ground` lies white beneath, and may be empty.
    color
        Of the filled path, and of labels.
    size_mm
        From its middle to its edge, in millimetres on the medium.
    rank
        What gives way to what: 1 stays to the last.
    zoom
        Zoom of a web map from which it may show; see `denominator`.
    label_size_pt
        Of its label, in points.
    """

    symbol: str
    title: Text
    codes: tuple[str, ...]
    levels: tuple[str, ...]
    path: str
    ground: str
    color: str
    size_mm: float
    rank: int
    zoom: int
    label_size_pt: float

    @property
    def denominator(self) -> float:
        """Scale (1 : denominator) from which it may show, 0.28 mm a pixel, at the equator.

        Examples
        --------
        >>> round(symbol("village").denominator)
        136495
        """
        return 559_082_264.03 / float(2**self.zoom)


def _symbol(row: dict[str, str]) -> Symbol:
    return Symbol(
        symbol=row["symbol"],
        title=Text(row["zh"], row["en"]),
        codes=tuple(row["codes"].split()),
        levels=tuple(row["levels"].split()),
        path=row["path"],
        ground=row["ground"],
        color=row["color"],
        size_mm=float(row["size_mm"]),
        rank=int(row["rank"]),
        zoom=int(row["zoom"]),
        label_size_pt=float(row["label_size_pt"]),
    )


@cache
def symbols() -> tuple[Symbol, ...]:
    """Return the whole table, in the order of legends."""
    return tuple(_symbol(row) for row in tables.rows("map_symbols.csv"))


@cache
def symbol(key: str) -> Symbol:
    """Return a symbol by its key; that of all other things for one the table does not know.

    Examples
    --------
    >>> symbol("mountain").title.zh, symbol("unheard of").symbol
    ('山', 'other')
    """
    known = {each.symbol: each for each in symbols()}
    return known.get(key, known[OTHER])


@cache
def of_category(category: str) -> Symbol:
    """Return the symbol of a class: of the narrowest class of the table that holds it.

    Parameters
    ----------
    category
        A GB/T 18521 code, or a word in use for a class.

    Examples
    --------
    >>> of_category("24230").title.zh, of_category("24290").title.zh, of_category("河流").symbol
    ('水库', '水库', 'river')
    >>> of_category("").symbol, of_category("no class").symbol
    ('other', 'other')
    """
    code = categories.code_of(category) or ""
    holding = {
        each.symbol: max(
            (len(begins) for begins in map(categories.beginning, each.codes) if _in(code, begins)),
            default=0,
        )
        for each in symbols()
    }
    best = max(holding, key=lambda key: holding[key])
    return symbol(best if holding[best] else OTHER)


def _in(code: str, begins: str) -> bool:
    return bool(code) and code.startswith(begins)


def of_seat(level: str) -> Symbol:
    """Return the symbol of the seat of a division of a level.

    Examples
    --------
    >>> of_seat("township").title.zh, of_seat("zone").symbol
    ('乡级驻地', 'other')
    """
    return next((each for each in symbols() if level in each.levels), symbol(OTHER))


def svg(drawn: Symbol, *, color: str = "") -> str:
    """Return a symbol as an SVG document of its size in millimetres.

    Parameters
    ----------
    drawn
        The symbol.
    color
        In place of its own.

    Examples
    --------
    >>> svg(symbol("mountain"))[:65]
    '<svg xmlns="http://www.w3.org/2000/svg" width="2.1mm" height="2.1'
    """
    size = f"{2 * drawn.size_mm:g}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="-1 -1 2 2">{paths(drawn, color=color)}</svg>'
    )


def paths(drawn: Symbol, *, color: str = "") -> str:
    """Return the paths of a symbol as SVG, in its square from -1 to 1."""
    ground = f'<path d="{drawn.ground}" fill="{GROUND}"/>' if drawn.ground else ""
    fill = html.escape(color or drawn.color, quote=True)
    return f'{ground}<path d="{drawn.path}" fill="{fill}" fill-rule="evenodd"/>'

"""Numbers in classes for thematic maps: natural breaks, quantiles or fixed bounds, in words."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

Scheme = Literal["natural", "quantile", "fixed"]
SCHEMES: tuple[Scheme, ...] = ("natural", "quantile", "fixed")
FEWEST, MOST = 2, 9
ENOUGH = 800
"""Values that natural breaks are looked for among: the time grows with their square."""
MISSING = frozenset({"", "-", "--", "—", "——", "－", "…", "无", "不详", "nan", "None", "null"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Numbers in classes.

    Parameters
    ----------
    members
        Class of each value, from 0; -1 where there is no value.
    titles
        What a legend says of each class.
    uppers
        Highest value of each class, which belongs to it.
    """

    members: tuple[int, ...]
    titles: tuple[str, ...]
    uppers: tuple[float, ...]


def number(value: Any) -> float | None:
    """Return a value of a table as a number, None where there is none.

    Raises
    ------
    ValueError
        When it is text that is no number.

    Examples
    --------
    >>> number("12,345"), number("45.6％"), number("—"), number(float("nan"))
    (12345.0, 45.6, None, None)
    """
    if pd.isna(value):
        return None
    text = str(value).strip().replace(",", "").replace("，", "").rstrip("%％").strip()
    if text in MISSING:
        return None
    found = float(text)
    return found if math.isfinite(found) else None


def classify(
    values: Sequence[float | None],
    *,
    scheme: Scheme = "natural",
    classes: int = 5,
    breaks: Iterable[float] | None = None,
) -> Classes:
    """Return numbers in classes; where there are fewer different ones, fewer classes.

    Parameters
    ----------
    values
        Numbers; None where there is none.
    scheme
        ``natural`` (Fisher and Jenks: least deviation within classes), ``quantile`` (as many
        records in each) or ``fixed`` (bounds of the office).
    classes
        How many, 2 to 9; `breaks` say it themselves.
    breaks
        Upper bounds of all classes but the last, for ``fixed``; a bound belongs to the class
        below it.

    Raises
    ------
    InputError
        When there is no such scheme or number of classes, or bounds are missing.

    Examples
    --------
    >>> found = classify([1, 2, None, 50, 52, 1000], classes=3)
    >>> found.members, found.titles
    ((0, 0, -1, 1, 1, 2), ('1—2', '50—52', '1,000'))
    >>> classify([5, 10, 15], scheme="fixed", breaks=[10]).titles
    ('≤ 10', '> 10')
    >>> classify([None, 7], classes=5).titles
    ('7',)
    """
    bounds = _checked(scheme, classes, breaks)
    known = np.array([each for each in values if each is not None], dtype=float)
    if not len(known):
        return Classes(members=(-1,) * len(values), titles=(), uppers=())
    uppers = _uppers(known, scheme, classes, bounds)
    found = [-1 if each is None else int(np.searchsorted(uppers, each)) for each in values]
    told = _fixed_titles(bounds) if scheme == "fixed" else _spans(known, uppers)
    return Classes(members=tuple(found), titles=told, uppers=tuple(map(float, uppers)))


def _checked(scheme: str, classes: int, breaks: Iterable[float] | None) -> list[float]:
    if scheme not in SCHEMES:
        raise InputError(
            Sentence("{scheme!r} is no way to class numbers", scheme=scheme),
            remedy=Sentence("Use {known}.", known=[*SCHEMES]),
        )
    bounds = sorted({float(each) for each in breaks or ()})
    if scheme == "fixed" and not bounds:
        raise InputError(
            Sentence("Fixed classes have no bounds"), remedy=Sentence("Give them: 100,500.")
        )
    if scheme != "fixed" and bounds:
        raise InputError(
            Sentence("Bounds are for fixed classes"), remedy=Sentence("Use the scheme fixed.")
        )
    if not all(map(math.isfinite, bounds)):
        raise InputError(
            Sentence("A bound is no finite number"), remedy=Sentence("Give them: 100,500.")
        )
    count = len(bounds) + 1 if bounds else classes
    if not FEWEST <= count <= MOST:
        raise InputError(
            Sentence("{count} classes are too few or too many", count=count),
            remedy=Sentence("Use {fewest} to {most}.", fewest=FEWEST, most=MOST),
        )
    return bounds


def _uppers(
    known: NDArray[np.float64], scheme: str, classes: int, bounds: Sequence[float]
) -> NDArray[np.float64]:
    """Return the upper bounds of the classes; the last one holds the highest value."""
    if scheme == "fixed":
        return np.array([*bounds, math.inf])
    import mapclassify  # brings scikit-learn: only the maps that class numbers wait for it

    some = _thinned(known) if scheme == "natural" else known
    count = min(classes, len(np.unique(some)))
    if count < FEWEST:
        return np.array([known.max()])
    with warnings.catch_warnings():  # of numba, which would be faster, and of equal quantiles
        warnings.simplefilter("ignore")
        make = mapclassify.FisherJenks if scheme == "natural" else mapclassify.Quantiles
        bins = np.unique(np.asarray(make(some, k=count).bins, dtype=float))
    bins[-1] = known.max()
    holding = np.unique(np.searchsorted(bins, known))  # between two quantiles may lie no value
    return np.asarray(bins[holding])


def _thinned(known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return so many values that they are classed soon: evenly by rank, both ends among them."""
    if len(known) <= ENOUGH:
        return known
    rank = np.linspace(0, len(known) - 1, ENOUGH).round().astype(int)
    return np.asarray(np.sort(known)[rank])


def _spans(known: NDArray[np.float64], uppers: NDArray[np.float64]) -> tuple[str, ...]:
    """Return from which value to which each class holds: values that are there."""
    of = np.searchsorted(uppers, known)
    spans = [known[of == at] for at in range(len(uppers))]
    return tuple(
        said(part.min()) if part.min() == part.max() else f"{said(part.min())}—{said(part.max())}"
        for part in spans
    )


def _fixed_titles(bounds: Sequence[float]) -> tuple[str, ...]:
    between = [f"> {said(low)}，≤ {said(high)}" for low, high in pairwise(bounds)]
    return (f"≤ {said(bounds[0])}", *between, f"> {said(bounds[-1])}")


def said(value: float) -> str:
    """Return a number as a legend says it: four significant figures, thousands apart.

    Examples
    --------
    >>> said(12345.0), said(0.123456), said(45.0)
    ('12,345', '0.1235', '45')
    """
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.4g}"

"""Told once, with its cause first: what follows from another finding, or is common to many.

A consequence is left out where its cause is told about the same thing; it comes back by itself when
the cause has been put right and it has not. Many findings of one rule about most of a layer or
table have one cause: they become one finding, with what they have in common.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import shapely

from gazetteer.common.findings import Finding
from gazetteer.common.language import Text

MANY = 5
"""Findings of one rule from which a common cause is looked for."""
SHARE = 0.5
"""Share of a layer or table that they have to be more than."""
ALIKE = 0.1
"""Deviations are common where half of them differ from the median by no more than this share."""

BESIDE_DEG = 1e-5
"""What lies this near (1 m) to the ground of a cause lies along it."""

APART = ("tiling", "files", "fields", "shapes", "reference-frame", "zone")
"""Checks whose findings are each a defect of their own, or are put together already."""


class Explains(NamedTuple):
    """A rule, and the rules (or whole checks) of what follows from it about the same thing.

    `inside`: the same thing is not named; what follows covers most of the ground of the cause.
    `beside`: of the same thing, only what lies along the ground of the cause.
    """

    cause: str
    hides: tuple[str, ...]
    inside: bool = False
    beside: bool = False


FOLLOWED = ("edges", "sides", "numbering/line-code", "lengths", "descriptions", "boundary-points")

UNDRAWN = ("reference-markers/unknown-marker", "descriptions/marker", "numbering/type")
"""What else is wrong about a marker that papers know and the layer does not."""

RECORDS = ("coordinates", "registrations", "photos")
"""Where a marker is told of beside the layer."""

EXPLAINS = (
    Explains("numbering/duplicate", ("descriptions", *RECORDS, "fields/twice")),
    Explains("numbering/one-place", ("numbering", "descriptions", *RECORDS)),
    Explains("numbering/grammar", ("descriptions/marker", "descriptions/left-out")),
    Explains("numbering/order", ("descriptions",)),
    Explains("markers/off-line", ("descriptions/left-out",)),
    Explains(
        "coordinates/coordinates",
        ("references", "markers/off-line", "registration-places", "photo-places", "descriptions"),
    ),
    Explains("reference-markers/unknown-marker", ("reference-count",)),
    Explains("foreign-lines/foreign", FOLLOWED),
    Explains("edges/off-edge", ("line-ends",)),
    Explains(
        "line-ends/short",
        ("lengths", "tri-points", "descriptions/distance", "descriptions/not-checked"),
    ),
    Explains("line-ends/short", ("boundary-points/off-line", "markers/off-line"), beside=True),
    Explains(
        "line-records/twice",
        (
            "lengths",
            "numbering/line-code",
            "descriptions",
            "boundary-points",
            "sides",
            "fields/twice",
        ),
    ),
    Explains("shapes/no-geometry", ("lines/missing-line", "boundary-points")),
    Explains("lines/missing-line", ("line-ends", "boundary-points")),
    Explains("line-names/name", ("line-names/name-in-table",)),
    Explains("register/name", ("line-names/name-in-table",)),
    Explains("register/code", ("line-names",)),
    Explains("heights/height", ("heights/height-differs",)),
    Explains("numbering/type", ("registration-fields/marker-type",)),
    Explains("registrations/registration-unknown", ("coordinates/marker-unknown", *UNDRAWN)),
    Explains("coordinates/marker-unknown", UNDRAWN),
    Explains(
        "fields/twice",
        ("areas/area", "lengths/length", "coordinates/coordinates", "boundary-points/order"),
    ),
    Explains("register/missing-unit", ("areas/area-unknown", "tri-points", "tri-point-names")),
    Explains("register/missing-unit", ("tiling/gap", "tiling/open-gap"), inside=True),
    Explains("register/unknown-unit", ("tiling", "areas")),
    Explains("marker-lines/unknown-line", ("numbering", "descriptions")),
    Explains("numbering/line", ("markers", "descriptions", "registration-fields")),
    Explains("tri-points/off-node", ("tri-point-names",)),
)
"""Which finding explains which others."""


def first(findings: Sequence[Finding], *, about: Callable[[Finding], set[str]]) -> list[Finding]:
    """Return findings without those that another one explains.

    Two are about the same thing where one names what the other is about: a line and a marker on it
    belong together, two markers of one line do not.

    Parameters
    ----------
    findings
        Of one check of one delivery.
    about
        Gives the codes and numbers that a finding is about, with the lines of its markers.
    """
    hidden: set[int] = set()
    for rule in EXPLAINS:
        causes = [each for each in findings if each.rule == rule.cause]
        same = _covering(causes) if rule.inside else _same(causes, about, beside=rule.beside)
        hidden |= {
            place
            for place, each in enumerate(findings)
            if _is_one_of(each.rule, rule.hides) and each.rule != rule.cause and same(each)
        }
    return [each for place, each in enumerate(findings) if place not in hidden]


def _same(
    causes: Sequence[Finding], about: Callable[[Finding], set[str]], *, beside: bool
) -> Callable[[Finding], bool]:
    named: set[str] = set().union(*map(_named, causes))
    wide: set[str] = set().union(*map(about, causes))
    ground = [each.geometry for each in causes if each.geometry is not None]

    def near(each: Finding) -> bool:
        shape = each.geometry
        return shape is not None and any(shape.dwithin(place, BESIDE_DEG) for place in ground)

    return lambda each: bool(
        (_named(each) & wide or about(each) & named) and (near(each) or not beside)
    )


def _covering(causes: Sequence[Finding]) -> Callable[[Finding], bool]:
    places = [each.geometry for each in causes if each.geometry is not None]

    def covers(each: Finding) -> bool:
        shape = each.geometry
        return shape is not None and any(
            place.area and place.intersection(shape).area > SHARE * place.area for place in places
        )

    return covers


def _named(finding: Finding) -> set[str]:
    return {finding.subject, *finding.related}


def _is_one_of(rule: str, names: Iterable[str]) -> bool:
    return any(rule == name or rule.startswith(f"{name}/") for name in names)


def together(
    findings: Sequence[Finding], *, population: Callable[[str], int], subject: str
) -> list[Finding]:
    """Return findings with those of one rule about most of its subjects put into one.

    Parameters
    ----------
    findings
        In any order.
    population
        Number of rows that the check of a rule has looked at.
    subject
        What the common finding is about.
    """
    kept: list[Finding] = []
    in_order = sorted(findings, key=lambda each: each.rule)
    for rule, group in groupby(in_order, key=lambda each: each.rule):
        same = list(group)
        subjects = {each.subject for each in same}
        many = len(subjects) >= MANY and rule.partition("/")[0] not in APART
        if many and len(same) > SHARE * population(rule):
            same = [_common(same, sorted(subjects), subject)]
        kept += same
    return kept


def _common(same: Sequence[Finding], subjects: list[str], subject: str) -> Finding:
    """Return one finding for many: how many, what their deviations share, the worst of them."""
    worst = max(same, key=lambda each: -1.0 if each.measured is None else abs(each.measured))
    of = str(same[0].details.get("quantity", ""))
    shared = common_offset([each.details.get("offset", ()) for each in same], of=of)
    zh, en = f"{len(same)}处有同一问题", f"{len(same)} of the same kind"
    if shared is not None:
        zh, en = f"{zh}，{shared.zh}", f"{en}, {shared.en}"
    message = Text(f"{zh}；例如：{worst.message.zh}", f"{en}; for example: {worst.message.en}")
    shapes = [each.geometry for each in same if each.geometry is not None]
    return dataclasses.replace(
        worst,
        subject=subject,
        message=message,
        related=tuple(subjects),
        geometry=shapely.unary_union(shapes) if shapes else None,
        key="common",
        details={**worst.details, "count": len(same)},
    )


def common_offset(offsets: Sequence[Sequence[float]], *, of: str = "") -> Text | None:
    """Say what deviations have in common: one vector (m), or one factor.

    Parameters
    ----------
    offsets
        Vectors in metres, or factors, one a deviation.
    of
        What factors are of, ``area`` or ``length``: units that were taken for each other are named.

    Examples
    --------
    >>> common_offset([(3.0, 4.0), (3.01, 4.0), (2.99, 4.0)]).zh
    '共同偏移（东/北）+3.00米/+4.00米'
    >>> common_offset([(1500.0,), (1499.9,), (1500.1,)], of="area").en
    'all 1500 times the right value (亩 taken for 平方公里?)'
    >>> common_offset([(1.0028,), (1.0029,), (1.0028,)], of="area").zh
    '均比正确值大0.28%'
    >>> common_offset([(3.0,), (40.0,), (9.0,)]) is None
    True
    """
    if not offsets or not all(offsets) or len({len(each) for each in offsets}) != 1:
        return None
    seen = np.array(offsets, dtype=float)
    middle = np.median(seen, axis=0)
    one = seen.shape[1] == 1
    off = middle - 1 if one and abs(middle[0] - 1) < 0.5 else middle
    away = np.median(np.linalg.norm(seen - middle, axis=1))
    if not np.isfinite(middle).all() or away > ALIKE * np.linalg.norm(off):
        return None
    if one:
        return _factor(float(middle[0]), of)
    zh = f"共同偏移（东/北）{middle[0]:+.2f}米/{middle[1]:+.2f}米"
    return Text(zh, f"shifted in common by {middle[0]:+.2f} m / {middle[1]:+.2f} m (east/north)")


def _factor(value: float, of: str) -> Text:
    if 0.9 < value < 1.1:
        zh, en = ("大", "more") if value > 1 else ("小", "less")
        share = f"{abs(value - 1):.2%}"
        return Text(f"均比正确值{zh}{share}", f"all {share} {en} than the right value")
    units = UNITS.get(of, {})
    hint = next((word for factor, word in units.items() if _near(value, factor)), "")
    zh = f"均为正确值的{value:.4g}倍" + (f"（疑{hint}）" if hint else "")
    en = f"all {value:.4g} times the right value"
    return Text(zh, en + (f" ({hint.replace('误作', ' taken for ')}?)" if hint else ""))


UNITS: dict[str, dict[float, str]] = {
    "area": {
        1500.0: "亩误作平方公里",
        1 / 1500.0: "平方公里误作亩",
        15.0: "亩误作公顷",
        1 / 15.0: "公顷误作亩",
        100.0: "公顷误作平方公里",
        0.01: "平方公里误作公顷",
        1e6: "平方米误作平方公里",
        1e-6: "平方公里误作平方米",
        1e4: "平方米误作公顷",
        1e-4: "公顷误作平方米",
    },
    "length": {
        1000.0: "米误作公里",
        0.001: "公里误作米",
        100.0: "厘米误作米",
        0.01: "米误作厘米",
        500.0: "米误作里",
        2.0: "里误作公里",
        0.5: "公里误作里",
    },
}
"""Factors between units in use, with what was taken for what."""


def _near(value: float, expected: float) -> bool:
    return abs(value / expected - 1) < 0.01

"""What can be wrong with a road table: each suspicion is a finding, each impossibility an error."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from facilities.network.graph import Network
from facilities.network.islands import islands
from facilities.plane import Array
from gazetteer.common.errors import CrsError
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Sentence, Text

LONGEST_EDGE_M = 50_000.0
"""A walking edge longer than a county is wide is a slip of the pen; configurable."""

_CLAUSE = "步行路网检查"


def zero_lengths(ids: Array, length_m: Array) -> Iterator[Finding]:
    """Yield a finding for each edge of length zero.

    Examples
    --------
    >>> [each.subject for each in zero_lengths(np.array(["a", "b"]), np.array([0.0, 3.0]))]
    ['a']
    """
    for name in ids[length_m == 0]:
        message = Text(f"路段 {name} 长度为 0", f"road edge {name} has length zero")
        yield finding("road-zero-length", name, message, measured=0.0)


def long_edges(
    ids: Array, length_m: Array, *, longest_m: float = LONGEST_EDGE_M
) -> Iterator[Finding]:
    """Yield a finding for each edge too long to be one (left out of the network).

    Examples
    --------
    >>> [each.measured for each in long_edges(np.array(["a"]), np.array([1e6]))]
    [1000000.0]
    """
    for name, length in zip(ids[length_m > longest_m], length_m[length_m > longest_m], strict=True):
        message = Text(
            f"路段 {name} 长 {length:.0f} 米，超过 {longest_m:.0f} 米，不计入路网",
            f"road edge {name} is {length:.0f} m long, over {longest_m:.0f} m: left out",
        )
        yield finding("road-too-long", name, message, measured=length, tolerance=longest_m)


def wrong_lengths(
    ids: Array, given_m: Array, drawn_m: Array, *, factor: float = 2.0
) -> Iterator[Finding]:
    """Yield a finding where the length of the table and the drawn length disagree by a factor.

    Raises
    ------
    CrsError
        If the lengths as a whole are degrees, feet or kilometres.

    Examples
    --------
    >>> list(wrong_lengths(np.array(["a"]), np.array([0.0123]), np.array([1200.0])))
    Traceback (most recent call last):
    gazetteer.common.errors.CrsError: road lengths are 1e-05 times the drawn metres: degrees or ...
    """
    both = (given_m > 0) & (drawn_m > 0)
    ratio = given_m[both] / drawn_m[both]
    middle = float(np.median(ratio)) if len(ratio) else 1.0
    if not 0.2 < middle < 5:
        message = Sentence(
            "road lengths are {middle:.1g} times the drawn metres: degrees or kilometres?",
            middle=middle,
        )
        raise CrsError(message, remedy=Sentence("Give lengths in metres, or leave the column out"))
    off = (ratio > factor) | (ratio < 1 / factor)
    rows = zip(ids[both][off], given_m[both][off], drawn_m[both][off], strict=True)
    for name, given, drawn in rows:
        sentence = Text(
            f"路段 {name} 登记长度 {given:.0f} 米，图上 {drawn:.0f} 米",
            f"road edge {name}: {given:.0f} m in the table, {drawn:.0f} m as drawn",
        )
        yield finding("road-length-differs", name, sentence, measured=given, tolerance=drawn)


def strayed(name: object, away_m: float) -> Finding:
    """Return the finding on an edge whose drawing does not end at its nodes.

    Examples
    --------
    >>> strayed("a", 21.8).message.en
    'the drawing of road edge a misses its nodes by 22 m'
    """
    message = Text(
        f"路段 {name} 的图形端点偏离节点 {away_m:.0f} 米，已连到节点",
        f"the drawing of road edge {name} misses its nodes by {away_m:.0f} m",
    )
    return finding("road-misses-node", name, message, measured=away_m)


def disconnected(network: Network) -> Iterator[Finding]:
    """Yield a finding for each island of the network, with its roads by name.

    Examples
    --------
    >>> from facilities.plane import Plane
    >>> whole = Network(Plane(120.0), np.zeros((2, 2)), np.array([0]), np.array([1]), np.array([5]))
    >>> list(disconnected(whole))
    []
    """
    parts = islands(network)
    for row in parts[~parts["main"]].to_dict("records"):
        edges, metres, names = row["edges"], row["length_m"], row["names"] or "无名道路"
        message = Text(
            f"路网孤岛：{edges} 段共 {metres:.0f} 米不与主网相连（{names}）",
            f"island of the road network: {edges} edges, {metres:.0f} m ({row['names']})",
        )
        subject = f"component-{row['component']}"
        yield finding("road-island", subject, message, measured=metres, severity=Severity.NOTE)


def finding(
    rule: str,
    subject: object,
    message: Text,
    *,
    measured: float | None = None,
    tolerance: float | None = None,
    severity: Severity = Severity.WARNING,
) -> Finding:
    """Return a finding about a road; what is measured is metres."""
    return Finding(
        rule=rule,
        clause=_CLAUSE,
        severity=severity,
        subject=str(subject),
        message=message,
        measured=None if measured is None else float(measured),
        tolerance=None if tolerance is None else float(tolerance),
        unit=None if measured is None else "m",
    )

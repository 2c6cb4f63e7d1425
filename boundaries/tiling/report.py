"""Findings made of defects: measures, sentences, and an id that a re-check gives again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from boundaries.tiling.kinds import KINDS
from boundaries.tiling.layer import Layer
from boundaries.tiling.plane import Floats, Plane, Shapes
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

SHOWN = 6  # units named in a sentence; the rest are counted
ID_CELL_M = 1.0
ID_CELL_DEGREES = 1e-5
_KINDS = list(KINDS)
OFF_CENTRE = 0.382  # no round figure lies on the edge of an id's cell


@dataclass(frozen=True, slots=True)  # a dirty nation has hundreds of thousands
class Defect:
    """A defect in the delivered CRS, before it is worded.

    Parameters
    ----------
    kind
        One of `KINDS`.
    units
        Positions of the units concerned; those of parents come behind all units.
    shape
        Where, in the delivered CRS; None for what has no place.
    area_m2, width_m, length_m
        Its measures, None where it has none.
    reason
        What exactly, put behind the sentence.
    anchor
        What the extent in the id is taken from instead of the shape, where the shape may differ
        with the order of rows or vertices; an empty point for none.
    narrowest_m
        The least width of what it is made of, which the width filter asks for.
    details
        Further fields of its own kind.
    """

    kind: str
    units: tuple[int, ...]
    shape: Any
    area_m2: float | None = None
    width_m: float | None = None
    length_m: float | None = None
    reason: Text | None = None
    anchor: Any = None
    narrowest_m: float | None = None
    details: Mapping[str, Any] | None = None


def findings_of(
    defects: Sequence[Defect], layer: Layer, parents: Layer, *, weights: Mapping[str, Severity]
) -> list[Finding]:
    """Return defects as findings, by kind, units and place.

    Two defects are the same, and have the same id, if they have the same kind, the same units and
    the same extent to the metre (1e-5 degrees), wherever else the layer has changed.
    """
    shapes = np.array([each.shape for each in defects], dtype=object)
    placed = layer.plane.to_cgcs2000(shapes) if len(shapes) else shapes
    anchors = [each.shape if each.anchor is None else each.anchor for each in defects]
    keys = _keys(np.array(anchors, dtype=object), layer.plane)
    points = _points(placed)
    labels = np.concatenate([layer.labels, parents.labels])
    names = np.concatenate([layer.names, parents.names])
    called = [_labels(each, labels) for each in defects]
    kinds = [_KINDS.index(each.kind) for each in defects]
    sorting = list(zip(kinds, called, keys, strict=True))
    order = sorted(range(len(defects)), key=sorting.__getitem__)
    seen: Counter[tuple[Any, ...]] = Counter()
    findings = []
    for place in order:
        same = sorting[place]
        seen[same] += 1
        key = keys[place] if seen[same] == 1 else f"{keys[place]}#{seen[same]}"
        defect = _Told(
            defects[place], called[place], labels, names, placed[place], points[place], key
        )
        findings.append(defect.finding(weights))
    return findings


def _labels(defect: Defect, labels: Shapes) -> tuple[str, ...]:
    """Return the labels of the units concerned, each once."""
    return tuple(sorted(set(labels[list(defect.units)].tolist())))


def _keys(shapes: Any, plane: Plane) -> list[str]:
    """Return the extents to the metre in the delivered CRS, as text."""
    cell = ID_CELL_DEGREES if plane.geographic else ID_CELL_M
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    whole = np.floor(np.nan_to_num(bounds) / cell + OFF_CENTRE).astype(np.int64)
    return [" ".join(map(str, row)) for row in whole.tolist()]


def _points(shapes: Any) -> Floats:
    """Return a position in or on each shape, NaN for none."""
    points = shapely.point_on_surface(shapes)
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


@dataclass(frozen=True)
class _Told:
    """One defect with what is needed to word it."""

    defect: Defect
    labels: tuple[str, ...]
    all_labels: Shapes
    all_names: Shapes
    there: Any
    point: Floats
    key: str

    def finding(self, weights: Mapping[str, Severity]) -> Finding:
        kind, labels = KINDS[self.defect.kind], self.labels
        area = self.defect.area_m2
        return Finding(
            rule=f"tiling/{self.defect.kind}",
            clause=kind.clause,
            severity=weights[self.defect.kind],
            subject=labels[0] if labels else "",
            message=self.sentence(),
            measured=area,
            unit=None if area is None else "m²",
            related=labels[1:],
            geometry=self.there,
            key=self.key,
            details=self.details(),
        )

    def details(self) -> dict[str, Any]:
        lon, lat = (None if np.isnan(value) else round(float(value), 8) for value in self.point)
        return {
            "kind": self.defect.kind,
            "units": list(self.labels),
            "area_m2": self.defect.area_m2,
            "width_m": self.defect.width_m,
            "length_m": self.defect.length_m,
            "lon": lon,
            "lat": lat,
            "place": self.place(),
            **(self.defect.details or {}),
        }

    def place(self) -> str:
        """Return the position and the units by name, in no language."""
        units = "、".join(self.named())
        if np.isnan(self.point).any():
            return units
        return f"{units} {self.point[0]:.6f},{self.point[1]:.6f}"

    def named(self) -> list[str]:
        """Return the units by name and code, in the order of codes."""
        units = []
        for label in self.labels[:SHOWN]:
            unit = next(each for each in self.defect.units if self.all_labels[each] == label)
            name = str(self.all_names[unit])
            units.append(f"{name}（{label}）" if name and name != label else label)
        return units

    def sentence(self) -> Text:
        kind, units = KINDS[self.defect.kind], self.named()
        more = len(self.labels) - len(units)
        zh = "、".join(units) + (f"等 {more + len(units)} 个单元" if more else "")
        en = ", ".join(units) + (f" and {more} more" if more else "")
        measures_zh, measures_en = self.measures()
        reason = self.defect.reason or Text("", "")
        return Text(
            f"{zh}：{kind.name.zh}{reason.zh}{measures_zh}。",
            f"{en}: {kind.name.en}{reason.en}{measures_en}.",
        )

    def measures(self) -> tuple[str, str]:
        zh, en = "", ""
        if self.defect.area_m2 is not None:
            area = _number(self.defect.area_m2)
            zh, en = f"，面积 {area} 平方米", f", {area} m²"
        if self.defect.width_m is not None:
            zh += f"，宽 {_number(self.defect.width_m)} 米"
            en += f", {_number(self.defect.width_m)} m wide"
        if self.defect.length_m is not None:
            zh += f"，长 {_number(self.defect.length_m)} 米"
            en += f", {_number(self.defect.length_m)} m long"
        return zh, en


def _number(value: float) -> str:
    """Return a measure with three decimals below ten, else one or none."""
    if value < 10:
        return f"{value:.3f}"
    return f"{value:.1f}" if value < 1000 else f"{value:,.0f}"

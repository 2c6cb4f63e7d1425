"""Everything an atlas holds, as one JSON document."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gazetteer.common.findings import Finding
from gazetteer.common.language import Language
from maps import style
from maps.atlas import arcs, columns, features, layers

FORMAT = 1
LEVEL = 6
"""Of gzip: beyond it a page takes twice as long to make and is not 1 % smaller."""


def contents(
    frames: Mapping[str, gpd.GeoDataFrame],
    *,
    title: str,
    names: pd.DataFrame | None,
    findings: Sequence[Finding] | None,
    theme: style.Theme,
    language: Language,
    as_of: str | None,
    designs: Mapping[str, style.LayerStyle],
) -> dict[str, Any]:
    """Return the document that the page's script draws from."""
    every: dict[str, gpd.GeoDataFrame] = dict(frames)
    if names is not None:
        every["names"] = layers.of_names(names)
    if findings is not None:
        every["findings"] = layers.of_findings(findings, language=language)
    known = set(style.theme("overview").visible) & set(every)
    shown = set(theme.visible) & set(every) or known or set(every)
    made = [
        layers.layer(
            key,
            frame,
            visible=key in shown or key in designs or style.layer_style(key).order == 25,
            decimals=theme.decimals,
            language=language,
            design=designs.get(key),
        )
        for key, frame in every.items()
    ]
    made.sort(key=lambda layer: layer.body["order"])
    shared = arcs.share([path for one in made for paths in one.shapes.linework for path in paths])
    return {
        "format": FORMAT,
        "title": title,
        "theme": theme.title.say(language),
        "language": language,
        "decimals": theme.decimals,
        "as_of": int(columns.days([as_of], place="as_of")[0]),
        "arcs": arcs.pack(shared.arcs),
        "layers": _bodies(made, shared),
        "tints": style.palette("tint"),
        "words": style.words("map_words.csv", language=language),
    }


def _bodies(made: Sequence[layers.Layer], shared: arcs.Arcs) -> list[dict[str, Any]]:
    """Return the layers with their shapes as references to the shared arcs."""
    used = 0
    bodies = []
    for layer in made:
        kinds = layer.shapes.kinds
        references: list[list[list[int]]] = []
        for kind, paths in zip(kinds, layer.shapes.paths, strict=True):
            if kind == features.POINTS:
                references.append([_zigzag(path.vertices) for path in paths])
                continue
            references.append(shared.paths[used : used + len(paths)])
            used += len(paths)
        body = {**layer.body, "shapes": features.stream(kinds.tolist(), references)}
        if layer.tinted:
            near = arcs.neighbours(
                [[ref for path in feature for ref in path] for feature in references]
            )
            body["tints"] = arcs.varints(style.tints(near, colours=len(style.palette("tint"))))
        bodies.append(body)
    return bodies


def _zigzag(vertices: arcs.Whole) -> list[int]:
    """Return the vertices of a set of points as differences with the sign in the lowest bit."""
    steps = np.diff(vertices, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel()
    numbers: list[int] = ((steps << 1) ^ (steps >> 63)).tolist()
    return numbers


def packed(document: Mapping[str, Any]) -> str:
    r"""Return a document as gzipped JSON in base64: the same bytes each time, and no markup.

    Examples
    --------
    >>> unpacked(packed({"name": "</script>\u2028"}))
    {'name': '</script>\u2028'}
    >>> "<" in packed({"name": "</script>"})
    False
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    text = re.sub("[\ud800-\udfff]", lambda bad: f"\\u{ord(bad[0]):04x}", text)
    return base64.b64encode(gzip.compress(text.encode(), LEVEL, mtime=0)).decode("ascii")


def unpacked(block: str) -> dict[str, Any]:
    """Return the document of a block, as a page reads it."""
    document: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(block)))
    return document

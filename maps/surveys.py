"""What the check of a survey hands on: a styled GeoPackage, a map, a Word record, an Excel list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from boundaries.survey import Delivery, Profile, Review
from boundaries.survey import report as survey_report
from boundaries.survey.score import ScoreSheet, sheet
from gazetteer import exchange
from gazetteer.common import plain_names
from gazetteer.common.language import Language, Text
from gazetteer.documents import word
from gazetteer.exchange.sources.layers import EVERY
from gazetteer.release import make_folder, put, whole
from gazetteer.store import LayerStyle
from gazetteer.store.packages import put_styles
from maps import qgis
from maps.atlas import atlas
from maps.print import illustration

LAYER = "findings"
# role of a delivered layer: how the style table calls it, where the two differ
SHOWN = {"units": "divisions"}


@dataclass(frozen=True, slots=True)
class Handed:
    """Files written, and the score."""

    files: tuple[Path, ...]
    scored: ScoreSheet


def hand_on(
    review: Review,
    folder: Path,
    *,
    delivery: Delivery,
    profile: Profile,
    name: str,
    checked_by: str = "",
    language: Language = "zh",
) -> Handed:
    """Write the results of a survey check to a folder.

    A GeoPackage of an earlier check in the folder tells which findings are new and which were put
    right; remarks written beside them in QGIS stay.

    Parameters
    ----------
    review
        What the check has found.
    folder
        Made if absent.
    delivery, profile, name
        What was checked, against what, and what it is called.
    checked_by
        Inspector.
    language
        Of all four documents.
    """
    make_folder(folder)
    scored = sheet(review, profile=profile)
    package = _package(review, folder / "检查结果.gpkg", delivery=delivery, language=language)
    table = folder / "问题清单.xlsx"
    header, *body = survey_report.rows(review.findings, language=language)
    exchange.write(pd.DataFrame(body, columns=header, dtype=object), table, layer=LAYER)
    record = folder / "质量检查记录.docx"
    blocks = survey_report.record(
        review,
        scored,
        profile=profile,
        delivery=name,
        checked_on=date.today().isoformat(),
        checked_by=checked_by,
        language=language,
    )
    layers, findings = _layers(delivery), list(review.findings)
    told = Text(f"{name}检查结果分布图", f"Findings in {name}")
    drawn = illustration(layers, kind="findings", title=told, findings=findings, language=language)
    *rest, signatures = blocks
    put(record, word.write([*rest, *drawn, signatures]), folder=True)
    page = folder / "检查地图.html"
    title = Text(f"勘界检查:{name}", f"Survey check: {name}").say(language)
    made = atlas(layers, title=title, findings=findings, theme="survey", language=language)
    made.save(page)
    return Handed((package, page, record, table), scored)


def _package(review: Review, path: Path, *, delivery: Delivery, language: Language) -> Path:
    """Write findings and the delivered layers, styled for QGIS."""
    before = None
    if path.exists():
        with plain_names.reading(path) as own:
            before = pyogrio.read_dataframe(own, layer=LAYER, where=EVERY)
    findings = survey_report.layer(review.findings, before=before, language=language)
    layers = {**_layers(delivery), LAYER: findings}
    whole(path, lambda draft: _fill(draft, layers, language=language))
    return path


def _fill(path: Path, layers: dict[str, gpd.GeoDataFrame], *, language: Language) -> None:
    styles = []
    for name, frame in layers.items():
        pyogrio.write_dataframe(
            frame, path, layer=name, driver="GPKG", append=path.exists(),
            layer_options={"GEOMETRY_NAME": "geom"},
        )  # fmt: skip
        qml = qgis.qml(name, fields=list(frame.columns), language=language)
        styles.append(LayerStyle(name, "geom", name, qml))
    put_styles(path, styles)


def _layers(delivery: Delivery) -> dict[str, gpd.GeoDataFrame]:
    return {
        SHOWN.get(role, role): frame
        for role, frame in delivery.layers.items()
        if len(frame) and frame.crs is not None
    }

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
from gazetteer.release import Made, gate, leave_all
from gazetteer.store import LayerStyle
from gazetteer.store.packages import put_styles
from maps.atlas import atlas
from maps.print import illustration
from maps.qgis.styles import qml as styled

LAYER = "findings"
PACKAGE = "检查结果.gpkg"
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
    scored = sheet(review, profile=profile)
    layers, findings = _layers(delivery), list(review.findings)
    header, *body = survey_report.rows(review.findings, language=language)
    table = pd.DataFrame(body, columns=header, dtype=object)
    *blocks, signatures = survey_report.record(
        review,
        scored,
        profile=profile,
        delivery=name,
        checked_on=date.today().isoformat(),
        checked_by=checked_by,
        language=language,
    )
    over = Text(f"{name}检查结果分布图", f"Findings in {name}")
    drawn = illustration(layers, kind="findings", title=over, findings=findings, language=language)
    title = Text(f"勘界检查：{name}", f"Survey check: {name}").say(language)
    page = atlas(layers, title=title, findings=findings, theme="survey", language=language)
    before = _before(folder / PACKAGE)
    package = {**layers, LAYER: survey_report.layer(findings, before=before, language=language)}
    made: dict[str, Made] = {
        PACKAGE: lambda draft: _fill(draft, package, language=language),
        "检查地图.html": page.html.encode(),
        "质量检查记录.docx": word.write([*blocks, *drawn, signatures]),
        "问题清单.xlsx": exchange.maker({LAYER: table}, "xlsx"),
    }
    *files, _ = leave_all(folder, made, released=gate(package))
    return Handed(tuple(files), scored)


def _before(path: Path) -> gpd.GeoDataFrame | None:
    """Return the findings of an earlier check, with the remarks that were written beside them."""
    if not path.exists():
        return None
    with plain_names.reading(path) as plain:
        return pyogrio.read_dataframe(plain, layer=LAYER, where=EVERY)


def _fill(path: Path, layers: dict[str, gpd.GeoDataFrame], *, language: Language) -> None:
    styles = []
    for name, frame in layers.items():
        pyogrio.write_dataframe(
            frame, path, layer=name, driver="GPKG", append=path.exists(),
            layer_options={"GEOMETRY_NAME": "geom"},
        )  # fmt: skip
        qml = styled(name, fields=list(frame.columns), language=language)
        styles.append(LayerStyle(name, "geom", name, qml))
    put_styles(path, styles)


def _layers(delivery: Delivery) -> dict[str, gpd.GeoDataFrame]:
    return {
        SHOWN.get(role, role): frame
        for role, frame in delivery.layers.items()
        if len(frame) and frame.crs is not None
    }

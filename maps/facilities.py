"""What the facility commands hand on: a Word report, an Excel list and an interactive map each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from facilities import report, report_reach, report_site
from facilities.cemeteries import report as report_cemeteries
from facilities.cemeteries.answer import Cemeteries
from facilities.kinds import kinds
from facilities.planning import Placement
from facilities.report_reach import ReachReport
from facilities.sources import Loaded
from facilities.status import EXAMPLE_DATA, Status
from facilities.words import words
from gazetteer import exchange
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language, Text
from gazetteer.documents import word
from gazetteer.documents.word import Block
from gazetteer.release import MANIFEST, Made, gate, leave_all
from maps.atlas import Atlas, atlas
from maps.county import passed
from maps.print import Edition, illustration

_NAMELESS = pd.DataFrame({"text": [], "lon": [], "lat": []})


def page(
    loaded: Loaded,
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    title: Text,
    findings: Sequence[Finding] = (),
    theme: str = "facilities",
    language: Language = "zh",
) -> Atlas:
    """Return the map of a result over the county's divisions, roads and facilities.

    Parameters
    ----------
    loaded
        The county; its layers pass the release gate.
    layers
        Layers of the result: ``demand``, ``catchments``, ``chosen`` or own ones, CRS stated.
    title
        Title; 示例数据 is put before it where the data were made by a recipe.
    findings
        Findings to list and to show.
    theme
        Which layers show at first.
    language
        Language of the page.
    """
    every, notice = _over(loaded, layers, language)
    mark = f"【{EXAMPLE_DATA.say(language)}】" if loaded.example else ""
    return atlas(
        every,
        title=mark + title.say(language),
        findings=list(findings) or None,
        theme=theme,
        language=language,
        notice=notice.say(language),
    )


def _over(
    loaded: Loaded, layers: Mapping[str, gpd.GeoDataFrame], language: Language
) -> tuple[dict[str, gpd.GeoDataFrame], Text]:
    """Return the layers of a result over those of the county, and the notice they bear."""
    frames = loaded.frames
    own = {
        "divisions": frames.current[frames.current["level"].isin(["county", "township"])],
        "roads": loaded.roads,
        "facilities": _plain(frames.records, language),
        "zones": frames.zones if frames.zones is not None else frames.records.iloc[:0],
    }
    base, notice = passed(own, names=_NAMELESS, profile="internal")
    base.pop("names", None)
    return {**base, **{name: frame for name, frame in layers.items() if len(frame)}}, notice


def _pictured(
    blocks: list[Block],
    loaded: Loaded,
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    title: Text,
    language: Language,
) -> list[Block]:
    """Return a report with the figure of its result behind it."""
    every, notice = _over(loaded, layers, language)
    edition = Edition(paper="figure", language=language, notice=notice.say(language))
    how: dict[str, Any] = {"title": title, "language": language, "edition": edition}
    return [*blocks, *illustration(every, kind="facilities", **how)]


def _plain(records: gpd.GeoDataFrame, language: Language) -> gpd.GeoDataFrame:
    """Return facilities with their kinds in words, those without a place left out."""
    columns = ["id", "name", "kind", "division_code", "operator", "beds", "geometry"]
    shown = records[[name for name in columns if name in records]]
    said = {kind.kind: kind.label.say(language) for kind in kinds().values()}
    placed: gpd.GeoDataFrame = shown[shown.geometry.notna()]
    return placed.assign(kind=placed["kind"].map(lambda word: said.get(word, word)))


def hand_on_status(
    found: Status, folder: Path, *, loaded: Loaded, language: Language = "zh"
) -> tuple[Path, ...]:
    """Write the status of a plan as Word, Excel and map; return their paths."""
    layers = {"not_served": report.not_served(found, loaded.frames, language=language)}
    title = _title("status_title", loaded)
    return _write(
        folder,
        "规划目标",
        _pictured(
            report.status_blocks(found, example=loaded.example, language=language),
            loaded,
            layers,
            title=title,
            language=language,
        ),
        report.status_sheets(found, example=loaded.example, language=language),
        page(
            loaded,
            layers,
            title=title,
            findings=found.findings,
            theme="targets",
            language=language,
        ),
        loaded=loaded,
    )


def hand_on_reach(
    told: ReachReport,
    folder: Path,
    *,
    loaded: Loaded,
    catchments: gpd.GeoDataFrame,
    findings: Sequence[Finding] = (),
    language: Language = "zh",
) -> tuple[Path, ...]:
    """Write a reach as Word, Excel and map; return their paths."""
    reached = report_reach.reach_layers(told, language=language)
    layers = {"catchments": rings(catchments), **reached}
    title = _title("reach_title", loaded)
    return _write(
        folder,
        "服务覆盖",
        _pictured(
            report_reach.reach_blocks(told, language=language),
            loaded,
            layers,
            title=title,
            language=language,
        ),
        report_reach.reach_sheets(told, language=language),
        page(loaded, layers, title=title, findings=findings, language=language),
        loaded=loaded,
    )


def hand_on_site(
    found: Placement,
    told: ReachReport,
    folder: Path,
    *,
    loaded: Loaded,
    language: Language = "zh",
) -> tuple[Path, ...]:
    """Write a siting as Word, Excel and map; return their paths.

    Parameters
    ----------
    told
        The reach with the chosen sites built.
    """
    columns = [name for name in ("id", "name", "newly_served", "geometry") if name in found.chosen]
    reached = report_reach.reach_layers(told, language=language)
    layers = {**reached, "chosen": found.chosen[columns]}
    title = Text(*(f"{loaded.name}{end}" for end in ("设施选址方案", ": where to build")))
    how: dict[str, Any] = {
        "question": told.question,
        "example": loaded.example,
        "language": language,
    }
    return _write(
        folder,
        "选址方案",
        _pictured(
            report_site.placement_blocks(found, **how),
            loaded,
            layers,
            title=title,
            language=language,
        ),
        report_site.site_sheets(found, **how) | report_reach.reach_sheets(told, language=language),
        page(loaded, layers, title=title, findings=found.siting.findings, language=language),
        loaded=loaded,
    )


def hand_on_cemeteries(
    found: Cemeteries,
    folder: Path,
    *,
    loaded: Loaded,
    findings: Sequence[Finding] = (),
    language: Language = "zh",
) -> tuple[Path, ...]:
    """Write what is amiss with cemeteries as Word, Excel and map; return their paths."""
    how: dict[str, Any] = {
        "place": loaded.name, "findings": tuple(findings), "example": loaded.example,
        "language": language,
    }  # fmt: skip
    layers, title = (
        report_cemeteries.layers(found, language=language),
        _title("cemeteries_title", loaded),
    )
    return _write(
        folder,
        "公墓检查",
        _pictured(
            report_cemeteries.blocks(found, **how), loaded, layers, title=title, language=language
        ),
        report_cemeteries.sheets(found, **how),
        page(
            loaded,
            layers,
            title=title,
            findings=findings,
            theme="cemeteries",
            language=language,
        ),
        loaded=loaded,
    )


def _title(key: str, loaded: Loaded) -> Text:
    return Text(*(each.format(place=loaded.name) for each in words()[key]))


def rings(catchments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return catchments with the farthest first, so that the nearer are drawn over them.

    Examples
    --------
    >>> areas = gpd.GeoDataFrame({"minutes": [5.0, 15.0], "area_m2": [1.0, 9.0]},
    ...     geometry=gpd.points_from_xy([0, 0], [0, 0]).buffer(1), crs="EPSG:4490")
    >>> rings(areas)["minutes"].tolist()
    ['15', '5']
    """
    if catchments.empty:
        return catchments
    ordered = catchments.sort_values("minutes", ascending=False)
    kept = ordered[~ordered.geometry.is_empty]
    return kept.assign(
        minutes=[f"{each:g}" for each in kept["minutes"]], area_m2=kept["area_m2"].round()
    )


def _write(
    folder: Path,
    stem: str,
    blocks: list[Block],
    sheets: dict[str, pd.DataFrame],
    drawn: Atlas,
    *,
    loaded: Loaded,
) -> tuple[Path, ...]:
    """Write a result through the release gate; its manifest lies beside it (STEM-清单.json)."""
    released = gate({"facilities": loaded.frames.records, **sheets})
    made: dict[str, Made] = {
        f"{stem}.docx": word.write(blocks),
        f"{stem}.xlsx": lambda draft: exchange.write(sheets, draft),
        f"{stem}.html": drawn.html.encode(),
    }
    *files, _ = leave_all(folder, made, released=released, name=f"{stem}-{MANIFEST}")
    return tuple(files)

"""What the facility commands hand on: a Word report, an Excel list and an interactive map each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from facilities import report, report_reach, report_site
from facilities.cemeteries import report as report_cemeteries
from facilities.cemeteries.answer import Cemeteries
from facilities.coverage import coverage
from facilities.indicators import Case
from facilities.indicators.walk import walked
from facilities.kinds import kinds
from facilities.planning import Placement
from facilities.reach import Reach
from facilities.report_reach import ReachReport
from facilities.sources import Loaded
from facilities.status import EXAMPLE_DATA, Status
from facilities.words import words
from gazetteer import exchange
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language, Text
from gazetteer.documents import office_words, word
from gazetteer.documents.word import Block
from gazetteer.release import MANIFEST, Made, Released, gate, leave_all
from maps import stated, style
from maps.atlas import Atlas, atlas
from maps.county import passed
from maps.print import Edition, illustration


def page(
    loaded: Loaded,
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    title: Text,
    findings: Sequence[Finding] = (),
    theme: str = "facilities",
    language: Language = "zh",
    titles: Mapping[str, Text] | None = None,
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
    titles
        Titles of layers in place of those of the table.
    """
    every, released = _over(loaded, layers, language)
    mark = f"【{EXAMPLE_DATA.say(language)}】" if loaded.example else ""
    return atlas(
        every,
        title=mark + title.say(language),
        findings=list(findings) or None,
        theme=theme,
        language=language,
        released=released,
        designs=_designs(layers, titles or {}),
        stated=stated.said(loaded.event, language=language),
    )


def _designs(layers: Iterable[str], titles: Mapping[str, Text]) -> dict[str, style.LayerStyle]:
    """Return the styles that are not those of the table: other titles, divisions as lines alone."""
    coloured = "coverage" in layers
    bare = {"divisions": style.unfilled("divisions")} if coloured else {}
    named = {key: replace(style.layer_style(key), title=title) for key, title in titles.items()}
    return {**bare, **named}


def covered(loaded: Loaded, reach: ReachReport) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of coverage: townships and, where they are drawn, villages.

    Parameters
    ----------
    loaded
        The county, with all its divisions.
    reach
        Who is served, and whose walk has no answer.
    """
    return _coloured(loaded, reach.reach, reach.unanswered)


def _coloured(loaded: Loaded, reach: Reach, left: pd.DataFrame) -> dict[str, gpd.GeoDataFrame]:
    keys = {"coverage": "township", "coverage_villages": "village"}
    made = {
        key: coverage(reach.frame, left, loaded.frames, level=level) for key, level in keys.items()
    }
    return {key: frame for key, frame in made.items() if len(frame)}


def _of_plan(status: Status, loaded: Loaded) -> tuple[dict[str, gpd.GeoDataFrame], dict[str, Text]]:
    """Return the coverage of townships by the first indicator on foot of a plan, and its title."""
    rows = (row.indicator for row in status.rows if row.indicator.measure == "within-minutes")
    indicator = next(rows, None)
    if indicator is None:
        return {}, {}
    made = _coloured(loaded, *walked(Case(loaded.frames, indicator, status.plan.scope)))
    kept = {key: frame for key, frame in made.items() if key == "coverage"}
    title = Text(f"{indicator.name}（%）", f"{indicator.id} (%)")
    return kept, dict.fromkeys(kept, title)


def asked(loaded: Loaded, reach: ReachReport) -> Loaded:
    """Return the county with the facilities that a reach asks for alone, others left out.

    Parameters
    ----------
    loaded
        The county.
    reach
        The reach; what is built in its scenario is no record of the county.
    """
    every = loaded.frames.facilities
    kept = every[every["id"].isin(list(reach.reach.facility_ids))]
    return replace(loaded, frames=replace(loaded.frames, facilities=kept))


def _over(
    loaded: Loaded, layers: Mapping[str, gpd.GeoDataFrame], language: Language
) -> tuple[dict[str, gpd.GeoDataFrame], Released]:
    """Return the layers of a result over those of the county, as the gate lets them pass."""
    frames = loaded.frames
    beneath = {
        "divisions": frames.current[frames.current["level"].isin(["county", "township"])],
        "roads": loaded.roads,
        "facilities": _plain(frames.records, language),
        "zones": frames.zones if frames.zones is not None else frames.records.iloc[:0],
    }
    return passed({**beneath, **layers}, profile="internal")


def _plain(records: gpd.GeoDataFrame, language: Language) -> gpd.GeoDataFrame:
    """Return facilities with their kinds in words, those without a place left out."""
    columns = ["id", "name", "kind", "division_code", "operator", "beds", "geometry"]
    shown = records[[name for name in columns if name in records]]
    titles = {kind.kind: kind.label.say(language) for kind in kinds().values()}
    placed: gpd.GeoDataFrame = shown[shown.geometry.notna()]
    return placed.assign(kind=placed["kind"].map(lambda word: titles.get(word, word)))


def hand_on_status(
    status: Status, folder: Path, *, loaded: Loaded, language: Language = "zh"
) -> tuple[Path, ...]:
    """Write the status of a plan as Word, Excel and map; return their paths."""
    missed = report.not_served(status, loaded.frames, language=language)
    coloured, titles = _of_plan(status, loaded)
    return _write(
        folder,
        "规划目标",
        blocks=report.status_blocks(status, example=loaded.example, language=language),
        sheets=report.status_sheets(status, example=loaded.example, language=language),
        layers={**coloured, "not_served": missed},
        loaded=loaded,
        title=_title("status_title", loaded),
        findings=status.findings,
        theme="targets",
        titles=titles,
        language=language,
    )


def hand_on_reach(
    reach: ReachReport,
    folder: Path,
    *,
    loaded: Loaded,
    catchments: gpd.GeoDataFrame,
    findings: Sequence[Finding] = (),
    language: Language = "zh",
) -> tuple[Path, ...]:
    """Write a reach as Word, Excel and map; return their paths."""
    reached = report_reach.reach_layers(reach, language=language)
    return _write(
        folder,
        "服务覆盖",
        blocks=report_reach.reach_blocks(reach, language=language),
        sheets=report_reach.reach_sheets(reach, language=language),
        layers={**covered(loaded, reach), "catchments": rings(catchments), **reached},
        loaded=asked(loaded, reach),
        title=_title("reach_title", loaded),
        findings=findings,
        theme="coverage",
        language=language,
    )


def hand_on_site(
    placement: Placement,
    reach: ReachReport,
    folder: Path,
    *,
    loaded: Loaded,
    language: Language = "zh",
) -> tuple[Path, ...]:
    """Write a siting as Word, Excel and map; return their paths.

    Parameters
    ----------
    reach
        The reach with the chosen sites built.
    """
    columns = [
        name for name in ("id", "name", "newly_served", "geometry") if name in placement.chosen
    ]
    reached = report_reach.reach_layers(reach, language=language)
    how: dict[str, Any] = {
        "question": reach.question,
        "example": loaded.example,
        "language": language,
    }
    return _write(
        folder,
        "选址方案",
        blocks=report_site.placement_blocks(placement, unanswered=reach.unanswered, **how),
        sheets=report_site.site_sheets(placement, **how)
        | report_reach.reach_sheets(reach, language=language),
        layers={**covered(loaded, reach), **reached, "chosen": placement.chosen[columns]},
        loaded=asked(loaded, reach),
        title=Text(f"{loaded.name}设施选址方案", f"{loaded.name}: where to build"),
        findings=placement.siting.findings,
        theme="coverage",
        titles=ONCE_BUILT,
        language=language,
    )


def hand_on_cemeteries(
    cemeteries: Cemeteries,
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
    return _write(
        folder,
        "公墓检查",
        blocks=report_cemeteries.blocks(cemeteries, **how),
        sheets=report_cemeteries.sheets(cemeteries, **how),
        layers=report_cemeteries.layers(cemeteries, language=language),
        loaded=loaded,
        title=_title("cemeteries_title", loaded),
        findings=findings,
        theme="cemeteries",
        language=language,
    )


ONCE_BUILT = {
    "coverage": Text("建成后人口服务覆盖率（%）", "Share of people served once built (%)")
}
"""What the colours of a siting say: the sites that it chose are built."""


def _plain_words(blocks: list[Block], language: Language) -> list[Block]:
    return office_words.told(blocks) if language == "zh" else blocks


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
    *,
    blocks: list[Block],
    sheets: dict[str, pd.DataFrame],
    layers: Mapping[str, gpd.GeoDataFrame],
    loaded: Loaded,
    title: Text,
    language: Language,
    **shown: Any,
) -> tuple[Path, ...]:
    """Write a result as report with figure, tables and map, through the release gate.

    `shown` says what `page` shows of it; the manifest lies beside the files (STEM-清单.json).
    """
    # one colour, one meaning: over areas coloured by coverage rings of time would mix with them
    figured = {k: v for k, v in layers.items() if "coverage" not in layers or k != "catchments"}
    every, released = _over(loaded, figured, language)
    edition = Edition(paper="figure", language=language, notice=released.notice.say(language))
    figure = illustration(every, kind="facilities", title=title, language=language, edition=edition)
    drawn = page(loaded, layers, title=title, language=language, **shown)
    made: dict[str, Made] = {
        f"{stem}.docx": word.write(_plain_words([*blocks, *figure], language)),
        f"{stem}.xlsx": exchange.maker(sheets, "xlsx"),
        f"{stem}.html": drawn.html.encode(),
    }
    released = gate({"facilities": loaded.frames.records, **sheets})
    *files, _ = leave_all(folder, made, released=released, name=f"{stem}-{MANIFEST}")
    return tuple(files)

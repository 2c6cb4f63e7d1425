"""The tour's maps: the interactive one, that for the public, a QGIS project, printed sheets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gazetteer.common.language import Language, Text
from gazetteer.store import County
from maps import sheets, style
from maps.county import of_county
from maps.print import Edition
from maps.qgis_project import project

TOWN = "429921100"


def steps(folder: Path, county_file: Path, *, language: Language, full: bool) -> Iterator[Text]:
    """Make the maps of the sample county; `full` adds the sheets that take longer."""
    with County(county_file) as county:
        yield from _pages(folder, county, language)
        yield _project(county_file, language)
        yield from _sheets(folder, county, language, full=full)


def _pages(folder: Path, county: County, language: Language) -> Iterator[Text]:
    page = of_county(county, language=language).save(folder / "地图.html")
    size = page.stat().st_size / 1e6
    yield Text(f"5. 地图:{page}({size:.1f} MB)", f"5. Map: {page} ({size:.1f} MB)")
    public = of_county(county, language=language, theme="names", profile="public")
    page = public.save(folder / "公开地图.html")
    yield Text(f"   公开版:{page}", f"   For the public: {page}")


def _project(county_file: Path, language: Language) -> Text:
    title = style.theme("overview").title.say(language)
    beside = county_file.with_name(f"{county_file.stem}-{title}.qgz")
    beside.write_bytes(project(county_file.name, language=language))
    return Text(f"   QGIS 工程:{beside}", f"   QGIS project: {beside}")


def _sheets(folder: Path, county: County, language: Language, *, full: bool) -> Iterator[Text]:
    orders = [("区划图.pdf", sheets.Order(kind="divisions"), "A3")]
    if full:
        orders += [
            ("标准地名图.pdf", sheets.Order(kind="names"), "A3"),
            ("检查结果图.pdf", sheets.Order(kind="findings"), "A3"),
            ("乡镇地名图.pdf", sheets.Order(kind="township", subject=TOWN), "A4"),
        ]
    for name, order, paper in orders:
        made = sheets.sheet_of(county, order=order, edition=Edition(paper=paper, language=language))
        path, scale = made.save(folder / name), f"1:{made.scale:,.0f}"
        yield Text(f"   印制:{path}({scale})", f"   Sheet: {path} ({scale})")

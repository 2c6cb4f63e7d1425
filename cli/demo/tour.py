"""The tour: each step is one of the toolkit's commands, on the sample county's raw files."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from boundaries import tiling
from boundaries.office import sources
from cli.demo import caring, inspecting, naming, serving, sheets, signing, surveying
from gazetteer import exchange, store
from gazetteer.common import findings
from gazetteer.common.errors import GazetteerError, InputError, StoreError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Language, Text
from gazetteer.importing import Imported, bring_in
from gazetteer.office.county import exporting
from gazetteer.office.names import finding
from gazetteer.store import County
from gazetteer.store.copies import BESIDE
from maps.qgis import county_styles
from sample_county import make
from sample_county.make import FILES

CODE, NAME = "429921", "楚溪县"
COUNTY = f"{NAME}.gpkg"
# what is imported, from which file of the recipe, and how it has to be read
IMPORTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("divisions", "divisions", {"crs": "EPSG:4490"}),
    ("boundaries", "outline", {}),
    ("boundaries", "townships", {}),
    ("boundaries", "villages", {}),
    ("names", "names", {"crs": "EPSG:4490"}),
    ("names", "streets", {"crs": "EPSG:4490"}),
    ("roads", "roads", {"sheet": "道路"}),
    ("facilities", "facilities", {"crs": "gcj02"}),
    ("population", "population", {}),
    ("zones", "roads", {"sheet": "建成区"}),
    ("lines", "lines", {}),
)
SEARCHES = ("曲江", "chuxihe", "cxh", "長樂鎮", "大铺镇")

# a file open in Excel, a full disk, a folder of somebody else's; a file that is not there is ours
OF_THE_DISK = (
    *(errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS, errno.ENOSPC),
    *(errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG),
)

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Tour:
    """Where the tour is and in which language it speaks."""

    folder: Path
    language: Language
    full: bool = False

    @property
    def county(self) -> Path:
        """The county file."""
        return self.folder / COUNTY


Step = Callable[[Tour], Iterator[Text]]


def walk(
    folder: Path, *, say: Say, language: Language = "zh", full: bool = False
) -> list[GazetteerError]:
    """Walk through all steps, telling what each has done and how long it took.

    What cannot be made does not undo what is there, nor keep the other steps from being walked;
    it comes back at the end. Only without the county file nothing can follow.

    Parameters
    ----------
    folder
        Gets everything.
    say
        Told one sentence after the other.
    language
        Of sentences and files.
    full
        Makes what takes longer, too: the large sheets.

    Returns
    -------
    list of GazetteerError
        What could not be made, and how to put that right; empty when all is there.

    Raises
    ------
    InputError
        When the folder holds anything and no tour has made it.
    """
    claim(folder)
    tour = Tour(folder, language, full)
    lacking: list[GazetteerError] = []
    start = time.perf_counter()
    for step in STEPS:
        begun = time.perf_counter()
        for sentence in _as_far_as_possible(step(tour), lacking, folder=folder):
            say(sentence.say(language))
        say(f"    ({time.perf_counter() - begun:.1f} s)")
        if lacking and step in FOUNDATION:
            break
    took = time.perf_counter() - start
    say(_ending(tour, took).say(language))
    return lacking


MARK = ".gazetteer-demo"
"""File that says that a folder is the tour's, which may replace and delete what is in it."""


def claim(folder: Path) -> None:
    """Mark a new or empty folder as the tour's; refuse one that is somebody's.

    Raises
    ------
    InputError
        When the folder holds anything and no tour has made it.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise InputError(
            "holds files that are not of the sample county, which would be replaced",
            place=str(folder),
            remedy="Name a new or an empty folder.",
        )
    if not folder.exists() or folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        told = "Made by `gazetteer demo`, which replaces and deletes what is in this folder.\n"
        (folder / MARK).write_text(told, encoding="utf-8")


def _as_far_as_possible(
    sentences: Iterator[Text], lacking: list[GazetteerError], *, folder: Path
) -> Iterator[Text]:
    """Yield the sentences of a step; where the user can put right what stops it, note that."""
    try:
        yield from sentences
    except GazetteerError as error:
        lacking.append(error)
    except OSError as error:
        if error.errno not in OF_THE_DISK:
            raise
        what = f"cannot be written ({error.strerror})"
        remedy = "Close it where it is open, free some space, or choose another folder."
        lacking.append(StoreError(what, place=str(error.filename or folder), remedy=remedy))


def _raw_files(tour: Tour) -> Iterator[Text]:
    truth = make(tour.folder)
    yield Text(
        f"1. 样例县原始资料:{len(truth.files)} 个文件(GBK 矢量、Excel、CSV、GCJ-02 点位)",
        f"1. Raw files of the sample county: {len(truth.files)} (shapefiles, Excel, CSV, GCJ-02)",
    )


def _database(tour: Tour) -> Iterator[Text]:
    for ending in ("", *BESIDE):  # a journal of the former file must not be played into the new
        tour.county.with_name(tour.county.name + ending).unlink(missing_ok=True)
    styles = county_styles(language=tour.language)
    store.create(tour.county, division_code=CODE, name=NAME, actor="demo", styles=styles)
    yield Text(f"2. 入库:{tour.county}", f"2. Into one county file: {tour.county}")
    with County(tour.county, writing=True) as county:
        for kind, name, how in IMPORTS:
            path = tour.folder / FILES[name]
            found = exchange.read(path, kind, **how)  # type: ignore[arg-type]
            imported = bring_in(county, found, kind, command=f"import {kind}")
            yield _imported(tour, path, imported)


def _imported(tour: Tour, path: Path, imported: Imported) -> Text:
    if imported.rejected:
        rejects = tour.folder / "退回" / f"{path.stem}.xlsx"
        rejects.parent.mkdir(exist_ok=True)
        exchange.write_rejects(imported.rejects, rejects, language=tour.language)
    return Text(
        f"   {path.name}:读 {imported.read} 行,入库 {imported.landed},退回 {imported.rejected}",
        f"   {path.name}: {imported.read} rows read, {imported.landed} landed, "
        f"{imported.rejected} rejected",
    )


def _tiling(tour: Tour) -> Iterator[Text]:
    townships = sources.units(tour.folder / FILES["townships"])
    outline = sources.units(tour.folder / FILES["outline"])
    found = tiling.check(townships, parent=outline)
    with County(tour.county, writing=True) as county, county.change("boundaries check") as change:
        store.keep_findings(change, found, check="tiling/")
    counts = findings.summary(found)
    yield Text(
        f"3. 乡镇界检查:{counts['total']} 处问题({counts['error']} 错误)",
        f"3. Township boundaries checked: {counts['total']} findings ({counts['error']} errors)",
    )
    yield from (_told(each) for each in found[:4])


def _told(finding: Finding) -> Text:
    return Text(f"   {finding.message.zh}", f"   {finding.message.en}")


def _search(tour: Tour) -> Iterator[Text]:
    yield Text("4. 查地名:", "4. Names searched:")
    with County(tour.county) as county:
        for text in SEARCHES:
            hit = finding.search(county, text).hits[0]
            name, reason = hit.candidate.standard or hit.candidate.text, hit.reason
            yield Text(f"   {text} → {name}({reason.zh})", f"   {text} → {name} ({reason.en})")
        told = finding.at(county, (112.5006, 29.7240))
        names = "、".join(each["name"] for each in told["divisions"])
        yield Text(f"   112.5006,29.7240 在 {names}", f"   112.5006,29.7240 lies in {names}")


def _map(tour: Tour) -> Iterator[Text]:
    yield from sheets.steps(tour.folder, tour.county, language=tour.language, full=tour.full)


def _export(tour: Tour) -> Iterator[Text]:
    out = tour.folder / "导出"
    out.mkdir(exist_ok=True)
    with County(tour.county) as county:
        for layer, name in (
            ("names", "地名.xlsx"),
            ("divisions", "区划.geojson"),
            ("facilities", "设施.gpkg"),
        ):
            left = exporting.export(county, layer, out / name)
            yield Text(
                f"6. 导出:{left.out}({left.rows} 行)", f"6. Export: {left.out} ({left.rows} rows)"
            )


def _survey(tour: Tour) -> Iterator[Text]:
    yield from surveying.steps(tour.folder, tour.county, language=tour.language)


def _facilities(tour: Tour) -> Iterator[Text]:
    yield from serving.steps(tour.folder, tour.county, language=tour.language)


def _names(tour: Tour) -> Iterator[Text]:
    yield Text("9. 地名业务:", "9. The work on names:")
    yield from naming.steps(tour.folder, tour.county)


def _signs(tour: Tour) -> Iterator[Text]:
    yield Text("10. 门牌与地名标志:", "10. Door plates and name signs:")
    yield from signing.steps(tour.folder, tour.county, language=tour.language)


def _care(tour: Tour) -> Iterator[Text]:
    yield Text("11. 日常维护:", "11. Daily care:")
    yield from caring.steps(tour.folder, tour.county)


def _inspection(tour: Tour) -> Iterator[Text]:
    language, full = tour.language, tour.full
    yield from inspecting.steps(tour.folder, tour.county, language=language, full=full)


def _seal(tour: Tour) -> Iterator[Text]:
    receipt = tour.folder / "回执.txt"
    with County(tour.county, writing=True) as county:
        head = county.seal()["head"]
        broken = county.verify().broken
    receipt.write_text(head + "\n", encoding="utf-8")
    assert not broken, broken
    yield Text(
        f"13. 日志封存:{head[:16]}…,回执 {receipt}", f"13. Log sealed: {head[:16]}…, {receipt}"
    )


STEPS: tuple[Step, ...] = (
    _raw_files,
    _database,
    _tiling,
    _search,
    _map,
    _export,
    _survey,
    _facilities,
    _names,
    _signs,
    _care,
    _inspection,
    _seal,
)
FOUNDATION = (_raw_files, _database)
"""Steps that all others stand on."""


def _ending(tour: Tour, seconds: float) -> Text:
    page = (tour.folder / "地图.html").resolve()
    if not page.is_file():
        return Text(f"用时 {seconds:.0f} 秒。", f"Took {seconds:.0f} s.")
    return Text(
        f"用时 {seconds:.0f} 秒。请在浏览器中打开地图:{page}",
        f"Took {seconds:.0f} s. Open the map in a browser: {page}",
    )

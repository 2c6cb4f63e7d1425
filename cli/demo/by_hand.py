"""What people do without the toolkit: the raw files, forms filled in, photos taken, a GIS."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import openpyxl
import pyogrio

from cli.demo.steps import ByHand, Tour
from gazetteer import release
from gazetteer.common import plain_names
from gazetteer.common.language import Text
from gazetteer.common.lazy import gpd, shapely
from gazetteer.office.signs import printing, registry
from gazetteer.signs import payload, sheets, signing
from gazetteer.store import County
from gazetteer.store.copies import BESIDE
from maps.print import plates
from sample_county import inspection, make
from sample_county.delivery import make_delivery
from sample_county.plates import Plate, photograph

REPAIRED = "raw/delivery-整改后"
COPY = "日常/同事的副本.gpkg"
KEY, BASE = "局钥.pem", "https://dm.chuxi.example.cn/s"
PHOTOGRAPHED, FORGED = 8, 2
POINT = (112.5006, 29.7240)
OUT, BROUGHT = "联检/发出", "raw/联检"
MEANING = "含义"


def folders(*names: str) -> ByHand:
    """Make folders for what comes."""

    def do(tour: Tour) -> None:
        for name in names:
            release.make_folder(tour.folder / name)

    return ByHand(Text(f"建文件夹 {'、'.join(names)}", f"folders made: {', '.join(names)}"), do)


def _raw(tour: Tour) -> None:
    make(tour.folder)


def _cleared(tour: Tour) -> None:
    # a journal of the former file must not be played into the new, nothing archived is replaced
    for ending in ("", *BESIDE):
        tour.county.with_name(tour.county.name + ending).unlink(missing_ok=True)
    (tour.folder / KEY).unlink(missing_ok=True)
    for name in ("联检", "日常"):
        shutil.rmtree(tour.folder / name, ignore_errors=True)


def _repaired(tour: Tour) -> None:
    make_delivery(tour.folder / REPAIRED, defects=())


def _photographed(tour: Tour) -> None:
    """Hand rendered plates to the recipe's camera, two of them with a stranger's signature."""
    with County(tour.county) as county:
        frame = registry.signs(county)
        chosen = frame[frame["code"].notna()].head(PHOTOGRAPHED + FORGED).copy()
        _forge(chosen)
        made = printing.plates(county, chosen)
    shown = [
        Plate(
            code=row["code"],
            png=plates.png(sheets.single(plate), ppi=130),
            lon=row["geometry"].x,
            lat=row["geometry"].y,
            forged=at >= PHOTOGRAPHED,
        )
        for at, (row, plate) in enumerate(zip(chosen.to_dict("records"), made, strict=True))
    ]
    photograph(shown, tour.folder)


def _forge(chosen: Any) -> None:
    stranger = signing.new_key()
    for index, row in chosen.tail(FORGED).iterrows():
        claim = payload.Claim(code=row["code"], name=row["name"])
        signed = payload.sign(claim, key=stranger)
        chosen.loc[index, "content"] = payload.content(row["code"], base=BASE, payload=signed)


def _locked_away(tour: Tour) -> None:
    (tour.folder / KEY).unlink(missing_ok=True)


def _edited_elsewhere(tour: Tour) -> None:
    """Add a place as QGIS does: through GDAL, without the toolkit."""
    marker = {"code": "QGIS-1", "key": "QGIS-1", "classification": "internal", "row_version": 1}
    row = gpd.GeoDataFrame([marker], geometry=[shapely.Point(POINT)], crs="EPSG:4490")
    with plain_names.reading(tour.county) as plain_path:
        pyogrio.write_dataframe(row, plain_path, layer="place", append=True)


def _noted(tour: Tour) -> None:
    with County(tour.county) as county:
        head = county.info()["head"]
    release.put(tour.folder / "回执.txt", f"{head}\n".encode())


def _copied(tour: Tour) -> None:
    shutil.copyfile(tour.county, tour.folder / COPY)


def filled(form: str, meanings: dict[int, str], *, who: Text) -> ByHand:
    """Fill in the meanings of names, by row of the form, as a clerk does in Excel."""

    def do(tour: Tour) -> None:
        book = openpyxl.load_workbook(tour.folder / form)
        sheet = book.worksheets[0]
        column = [cell.value for cell in sheet[1]].index(MEANING) + 1
        for row, text in meanings.items():
            sheet.cell(row, column).value = text
        book.save(tour.folder / form)

    count = len(meanings)
    return ByHand(
        Text(f"{who.zh}在 Excel 中填写 {count} 行", f"{who.en} fills in {count} rows in Excel"), do
    )


def answered(side: str, *, form: str) -> ByHand:
    """Fill in what a side was handed out, from its notes of the field."""

    def do(tour: Tour) -> None:
        inspection.fill(tour.folder / OUT / side, tour.folder / BROUGHT / side, form=form)

    return ByHand(
        Text(
            f"{side} 外业归来，填好表单（{form}）", f"{side} is back from the field ({form} filled)"
        ),
        do,
    )


def _by_hand(zh: str, en: str, do: Callable[[Tour], object]) -> ByHand:
    return ByHand(Text(zh, en), do)


RAW = _by_hand(
    "收到各单位的资料（GBK 矢量、Excel、CSV、GCJ-02 点位）",
    "offices send in shapefiles, Excel, CSV, GCJ-02",
    _raw,
)
CLEARED = _by_hand("移走上次演示的县库", "the county file of an earlier tour is removed", _cleared)
DELIVERED_AGAIN = _by_hand(
    f"测绘单位整改后再次提交 {REPAIRED}", f"the surveyors deliver again: {REPAIRED}", _repaired
)
LOCKED_AWAY = _by_hand("私钥不留在此处", "the secret key does not stay here", _locked_away)
PHOTOS_TAKEN = _by_hand(
    "安装后拍照（其中两块是仿冒的）", "put up, photographed (two are forged)", _photographed
)
GIS = _by_hand("在 GIS 软件中直接加了一个点", "a point is added in a GIS", _edited_elsewhere)
COPIED = _by_hand(f"同事拷走一份：{COPY}", f"a colleague takes a copy: {COPY}", _copied)
NOTED = _by_hand("封存值抄入回执.txt", "the head of the log is noted in 回执.txt", _noted)

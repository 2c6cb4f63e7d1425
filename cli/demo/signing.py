"""The tour: number a street, issue and print its plates, photograph them, scan and inspect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from gazetteer import exchange
from gazetteer.common.language import Language, Text
from gazetteer.documents.addresses import address_certificate
from gazetteer.documents.fill import filled
from gazetteer.office.names import papers
from gazetteer.office.signs import (
    auditing,
    certificates,
    issuing,
    keys,
    old_lists,
    printing,
    registry,
    rounds,
)
from gazetteer.office.signs import doors as numbered
from gazetteer.office.signs.issuing import Selection
from gazetteer.signs import inspection, numbering, payload, sheets
from gazetteer.store import County
from maps.print import plates
from sample_county.plates import DOORS, OLD_LIST, PHOTOS, Plate, photograph

STREET, BASE = "友爱街", "https://dm.chuxi.example.cn/s"
DECISION = "楚地名〔2026〕12号"
PHOTOGRAPHED, FORGED = 8, 2
SHEET = "标志/门牌.pdf"


def steps(folder: Path, county: Path, *, language: Language) -> Iterator[Text]:
    """Walk a street's doors from the survey to the work orders of the round."""
    (folder / "标志").mkdir(exist_ok=True)
    with County(county, writing=True) as opened:
        yield from _numbered(opened, folder)
        yield _certified(opened, folder)
        yield from _taken_over(opened, folder)
        yield from _printed(opened, folder)
        yield from _round(opened, folder, language)


def _numbered(county: County, folder: Path) -> Iterator[Text]:
    doors = exchange.read(folder / DOORS, "doors").frame
    found = numbered.number_street(county, STREET, doors, by=numbering.profile("east-south")).doors
    exchange.write(found[["number", "address"]], folder / "标志/标准地址.xlsx", layer="标准地址")
    last = found["address"].iloc[-1]
    yield Text(
        f"   {STREET}编门牌 {len(found)} 号,如{last}",
        f"   {STREET}: {len(found)} doors numbered, such as {last}",
    )


def _certified(county: County, folder: Path) -> Text:
    told = address_certificate(
        certificates.address(county, f"{STREET}1号"),
        office=papers.office(county),
        number="楚址证〔2026〕1号",
        on=date(2026, 3, 2),
    )
    path = folder / "标志/标准地址证明.docx"
    path.write_bytes(filled("address_certificate", told))
    return Text(f"   {told['address']}的证明:{path}", f"   {told['address']} certified: {path}")


def _taken_over(county: County, folder: Path) -> Iterator[Text]:
    read = exchange.read(folder / OLD_LIST, "sign-list")
    found = old_lists.match_list(county, read)
    landed = old_lists.take_over(county, read, found)
    yield Text(
        f"   旧标志台账 {read.read} 行:对上 {landed},待核 {read.read - landed}",
        f"   Old sign list of {read.read} rows: {landed} matched, {read.read - landed} for review",
    )


def _printed(county: County, folder: Path) -> Iterator[Text]:
    # the tour's key is gone when the tour ends: nobody can sign in this county's name
    key = payload.new_key()
    keys.add(county, key.public_key())
    for chosen in (Selection(doors=STREET), Selection(names=(STREET,))):
        issuing.issue(county, chosen, base=BASE, key=key, decision=DECISION)
    frame = _issued(county)
    made = printing.plates(county, frame)
    path = folder / SHEET
    path.write_bytes(plates.pdf(sheets.impose(made, paper="A3"), title=STREET))
    yield Text(
        f"   发码 {len(made)} 个,印张每码复读无误:{path}",
        f"   {len(made)} codes issued and printed, each read again from the sheet: {path}",
    )
    _photographed(county, frame, folder)


def _issued(county: County) -> pd.DataFrame:
    frame = registry.signs(county)
    return frame[frame["code"].notna()]


def _photographed(county: County, frame: pd.DataFrame, folder: Path) -> None:
    """Hand rendered plates to the recipe's camera, two of them with a stranger's signature."""
    stranger = payload.new_key()
    chosen = frame.head(PHOTOGRAPHED + FORGED).copy()
    for index, row in chosen.tail(FORGED).iterrows():
        claim = payload.Claim(code=row["code"], name=row["name"])
        signed = payload.sign(claim, key=stranger)
        chosen.loc[index, "content"] = payload.content(row["code"], base=BASE, payload=signed)
    shown = [
        Plate(
            code=row["code"],
            png=plates.png(sheets.single(made), ppi=130),
            lon=row["geometry"].x,
            lat=row["geometry"].y,
            forged=at >= PHOTOGRAPHED,
        )
        for at, (row, made) in enumerate(
            zip(chosen.to_dict("records"), printing.plates(county, chosen), strict=True)
        )
    ]
    photograph(shown, folder)


def _round(county: County, folder: Path, language: Language) -> Iterator[Text]:
    scanned = rounds.look(county, [folder / PHOTOS])
    visits = list(inspection.visits(scanned.seen, visitor="样例"))
    done = rounds.inspect(county, visits)
    assert not auditing.findings(county), "the plates say what the register says"
    rounds.form(county, folder / "标志/巡查.gpkg")
    found = scanned.findings(tolerance_m=inspection.TOLERANCE_M)
    yield Text(
        f"   巡查照片 {len(scanned.photos)} 张,记录 {done.visits} 块,派工单 {len(done.opened)} 张",
        f"   {len(scanned.photos)} photos of the round: {done.visits} plates recorded, "
        f"{len(done.opened)} work orders",
    )
    yield from (Text(f"   {each.message.zh}", f"   {each.message.en}") for each in found[:3])

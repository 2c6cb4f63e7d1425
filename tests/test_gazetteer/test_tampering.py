"""Whatever is done to a county file past the program is told; the documentation lists each way."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from cli.main import main
from gazetteer.common import hashing
from gazetteer.common.errors import StoreError
from gazetteer.names.romanization.sounds import other_sounds
from gazetteer.store import County, LayerStyle, create, kept
from gazetteer.store.landing import keep_sounds, land
from tests.conftest import ROOT
from tests.tampering import WAYS
from tests.tampering.way import Desk, Way
from tests.test_gazetteer.test_store import divisions

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- tampering: begin -->", "<!-- tampering: end -->"


def names(county: County) -> pd.DataFrame:
    """Return two names of divisions, the second of an undecided reading (厂: chǎng, ān)."""
    own = county.division_ids()
    spelt = [("421081", "石首市", "Shíshǒu Shì"), ("421081100", "藏龙镇", "Cánglóng Zhèn")]
    keys = [("shishoushi", "sss", 1), ("canglongzhen", "clz", 0)]
    return pd.DataFrame(
        [
            {
                **{"thing_id": own[code], "text": text, "role": "standard", "status": "recorded"},
                **{"romanization": said, "romanization_decided": decided, "division_code": code},
                **{"pinyin": pinyin, "initials": initials},
            }
            for (code, text, said), (pinyin, initials, decided) in zip(spelt, keys, strict=True)
        ]
    )


def sounds(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the further sounds of the name that nobody has decided."""
    own = rows[rows["romanization_decided"] == 0].iloc[0]
    others = [each for each in other_sounds(own["text"]) if each[0] != own["pinyin"]]
    told = own[["thing_id", "role", "text"]].to_dict()
    return pd.DataFrame([told | {"pinyin": one, "initials": two} for one, two in others])


def fill(county: County, folder: Path) -> None:
    """Write four events: divisions and names, lines and markers, a correction, a round."""
    with county.change("import divisions") as change:
        land(change, "divisions", divisions(), key=["code"])
        rows = names(county)
        land(change, "names", rows, key=["thing_id", "role"])
        keep_sounds(change, sounds(rows))
    line = gpd.GeoDataFrame(
        {"code": ["L1"], "legal_status": ["de-facto"], "length_m": [1234.5]},
        geometry=[shapely.MultiLineString([[(112, 29), (113, 30)]])],
        crs=4490,
    )
    points = gpd.GeoDataFrame(
        {"number": ["1", "2"], "serial": [1, 2]},
        geometry=[shapely.Point(112.1, 29.1), shapely.Point(112.2, 29.2)],
        crs=4490,
    )
    zone = gpd.GeoDataFrame(
        {"kind": ["x"], "name": ["废"]},
        geometry=[shapely.MultiPolygon([shapely.box(112, 29, 113, 30)])],
        crs=4490,
    )
    with county.change("import boundaries") as change:
        land(change, "lines", line, key=["code"])
        land(change, "markers", points, key=["number"])
        land(change, "zones", zone, key=["kind", "name"])
    with county.change("agree") as change:
        agreed = line.assign(legal_status="agreed", agreement_document="协议1号")
        land(change, "lines", agreed, key=["code"])
        change.connection.execute("DELETE FROM zone")
    _receive(county, folder)


def check(county: County) -> None:
    """Write the last event: a finding and a key."""
    with county.change("check") as change:
        found = {"finding": "f1", "rule": "r", "severity": "error", "message": "m", "unit": "m"}
        land(change, "findings", pd.DataFrame([found]), key=["finding"])
        key = {"key_id": "k", "algorithm": "Ed25519", "public_key": "ab", "state": "revoked"}
        land(change, "sign_keys", pd.DataFrame([key | {"since": "2026-01-01"}]), key=["key_id"])


def _receive(county: County, folder: Path) -> None:
    came = []
    for name in ("甲.jpg", "乙.jpg"):
        source = folder / name
        source.write_bytes(name.encode())
        sha256 = hashing.fingerprint(source)
        kept.keep(source, kept.files_beside(county.path), sha256=sha256, file_name=name)
        told = {"thing_id": "r1", "kind": "photo", "file_name": name, "sha256": sha256}
        came.append({"id": f"a {name}", **told, "bytes": source.stat().st_size})
        source.unlink()
    with county.change("inspection receive") as change:
        round_ = {"id": "r1", "number": "1", "cause": "x", "state": "open", "content": "{}"}
        land(change, "inspections", pd.DataFrame([round_]), key=["number"])
        land(change, "attachments", pd.DataFrame(came), key=["id"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tampering")
    path = folder / "县.gpkg"
    style = LayerStyle("marker", "geom", "界桩", "<qgis/>")
    create(path, division_code="421081", name="石首市", styles=[style])
    with County(path, writing=True) as county:
        fill(county, folder)
    shutil.copy(path, folder / "older.gpkg")
    with County(path, writing=True) as county:
        check(county)
        (folder / "回执.txt").write_text(county.seal()["head"], encoding="utf-8")
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Desk:
    left = shutil.ignore_patterns("older.gpkg")
    folder = Path(shutil.copytree(made, tmp_path / "desk", ignore=left))
    return Desk(folder / "县.gpkg", made / "older.gpkg", folder / "回执.txt")


def verified(desk: Desk) -> tuple[int, str, str]:
    """Return the exit status, and what is said of the file and of its receipt."""
    words = ["log", "verify", str(desk.path), "--against", str(desk.receipt)]
    done = CliRunner().invoke(main, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    lines = done.output.splitlines()
    receipt = [each for each in lines if each.startswith("broken: receipt")]
    return (
        done.exit_code,
        "\n".join(each for each in lines if each not in receipt),
        "".join(receipt),
    )


def found(said: str) -> bool:
    return any(each in said for each in ("broken: ", "differs: ", "schema that is not ours"))


def test_an_untouched_file_agrees_with_its_receipt(desk: Desk) -> None:
    status, alone, receipt = verified(desk)
    assert (status, receipt) == (0, "") and not found(alone) and "noted" not in alone


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.what)
def test_each_way_is_told_as_the_table_says_and_still_after_the_next_command(
    desk: Desk, way: Way
) -> None:
    way.do(desk)
    status, alone, receipt = verified(desk)
    assert found(alone) == bool(way.alone) and way.alone in alone, alone
    assert bool(status) == bool(way.receipt) and way.receipt in alone + receipt, receipt
    if way.alone and _gone_on(desk):
        _, alone, _ = verified(desk)
        assert found(alone) or "noted: " in alone, alone


def _gone_on(desk: Desk) -> bool:
    """Let somebody do the next command; return whether the file took it."""
    try:
        with County(desk.path, writing=True) as county, county.change("go on"):
            return True
    except (StoreError, sqlite3.DatabaseError):  # a file so changed may refuse all work
        return False


def test_no_way_is_untold_without_its_reason() -> None:
    assert all(each.why for each in WAYS if not (each.alone and each.receipt))
    assert len({each.what for each in WAYS}) == len(WAYS)


def table() -> str:
    """Return the table of the documentation."""
    rows = [
        f"| {each.what} | {_told(each.alone)} | {_told(each.receipt)} | {each.why} |"
        for each in WAYS
    ]
    head = "| somebody who knows the format ... | without a receipt | with the receipt | |"
    return "\n".join([head, "|---|---|---|---|", *rows])


def _told(said: str) -> str:
    return "told" if said else "not told"


@pytest.mark.checkout
def test_the_documentation_lists_every_way() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if os.environ.get("RENEW"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert page == wanted or os.environ.get("RENEW")

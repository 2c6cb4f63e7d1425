"""What the commands of a round leave: bundle, receive, compare, agree, step, confirm."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyogrio

from gazetteer.store import County
from tests.test_boundaries import round_sample as sample
from tests.test_cli.asking import COUNTY, run, told

NUMBER, LINE = "2026-9", "429921001104"
A, B = "429921001", "429921104"


def opened(demo: Path) -> None:
    """Open a round on the line and hand it out to both sides."""
    days = ("--starts", "2026-03-01", "--ends", "2026-03-20")
    told("inspection", "plan", demo / COUNTY, NUMBER, LINE, *days)
    told("inspection", "open", demo / COUNTY, NUMBER)
    for side in (A, B):
        told("inspection", "bundle", demo / COUNTY, NUMBER, demo / side, "--side", side)


def package(demo: Path, side: str) -> Path:
    return demo / side / f"联检-{NUMBER}-{side}.gpkg"


def answered(demo: Path) -> str:
    """Let both sides answer, one that the first marker is lost; return its number."""
    opened(demo)
    first = str(pyogrio.read_dataframe(package(demo, A), layer="markers")["number"].iloc[0])
    for side in (A, B):
        sample.answered(package(demo, side))
    sample.fill_package(package(demo, A), "markers", "number", {first: {"state": "lost"}})
    for side in (A, B):
        told("inspection", "receive", demo / COUNTY, NUMBER, package(demo, side), "--side", side)
    return first


def look_at_bundle(demo: Path) -> None:
    opened(demo)
    names = {each.name.removeprefix(f"联检-{NUMBER}-{A}") for each in (demo / A).iterdir()}
    assert names == {".gpkg", ".xlsx", ".qgz", "-手册.pdf", "-清单.json"}
    manifest = json.loads((demo / A / f"联检-{NUMBER}-{A}-清单.json").read_text("utf-8"))
    for each in manifest["files"]:
        content = (demo / A / each["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"]
    styles = pyogrio.read_dataframe(package(demo, A), layer="layer_styles")
    assert {"markers", "segments", "new_markers"} <= set(styles["f_table_name"])
    assert "丢失" in styles.set_index("f_table_name").loc["markers", "styleQML"]
    assert (demo / A / f"联检-{NUMBER}-{A}-手册.pdf").read_bytes().startswith(b"%PDF")
    wrong = run("inspection", "bundle", demo / COUNTY, NUMBER, demo / "x", "--side", "429999")
    assert wrong.exit_code == 2 and "is no side" in wrong.output


def look_at_receive(demo: Path) -> None:
    opened(demo)
    sample.answered(package(demo, A))
    packed = demo / "收到.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(package(demo, A), "外业/表.gpkg")
        archive.writestr("照片/坏.jpg", "x")
    asked = ("inspection", "receive", demo / COUNTY, NUMBER, packed, "--side", A)
    found = told(*asked, status=1)
    assert (found["received"], found["refused"]) == (1, 1) and found["records"] > 10
    assert {each["state"] for each in told(*asked, status=1)["files"]} == {"known", "refused"}
    other = run("inspection", "receive", demo / COUNTY, NUMBER, package(demo, B), "--side", A)
    assert other.exit_code == 2 and "another side" in other.output


def look_at_compare(demo: Path) -> None:
    first = answered(demo)
    found = told("inspection", "compare", demo / COUNTY, NUMBER, status=1)
    assert {"agreed", "differing", "conflicts", "missing", "findings"} <= set(found)
    (differing,) = found["differing"]
    assert (differing["key"], differing["base"], differing["a"], differing["b"]) == (
        first, "good", "lost", "good",
    )  # fmt: skip
    assert set(differing["evidence"]) == {A, B}
    assert found["conflicts"] == found["missing"] == [] and found["state"] == "compared"
    assert run("inspection", "compare", demo / COUNTY, "1999-1").exit_code == 2


def look_at_agree(demo: Path) -> None:
    first = answered(demo)
    asked = ("inspection", "agree", demo / COUNTY, NUMBER, first, "state", "丢失", "--by", A)
    alone = run(*asked)
    assert alone.exit_code == 2 and f"{B} has not agreed" in alone.output
    assert told(*asked, "--by", B, "--on", "2026-03-18")["value"] == "lost"
    found = told("inspection", "compare", demo / COUNTY, NUMBER, status=1)
    assert found["differing"] == [] and found["state"] == "to be sealed"
    assert found["findings"][0]["rule"] == "inspection/marker-lost"


def look_at_step(demo: Path) -> None:
    first = answered(demo)
    asked = ("inspection", "step", demo / COUNTY, NUMBER, "re-erect", first, "--present", A)
    assert run(*asked).exit_code == 2
    done = told(*asked, "--present", B, "--on", "2026-03-18")
    assert (done["kind"], done["present"]) == ("re-erect", [A, B])
    off = run(*asked, "--present", B, "--at", "112.0,29.0")
    assert off.exit_code == 2 and "agreed position" in off.output


def look_at_confirm(demo: Path) -> None:
    look_at_agree(demo)
    sheet = demo / "确认表.pdf"
    sheet.write_bytes(b"%PDF-1.4 signed")
    asked = ("inspection", "confirm", demo / COUNTY, NUMBER, "--sheet", sheet)
    assert told(*asked, "--side", A)["state"] == "to be sealed"
    done = told(*asked, "--side", B, "--on", "2026-03-25")
    assert done["state"] == "confirmed"
    assert set(done["confirmation"].values()) == {hashlib.sha256(sheet.read_bytes()).hexdigest()}
    with County(demo / COUNTY) as county:
        lines = county.layer("lines").set_index("code")
    assert lines.loc[LINE, "last_inspected"] == "2026-03-25"
    assert not told("log", "verify", demo / COUNTY)["broken"]


LOOKS: dict[str, Callable[[Path], None]] = {
    "inspection bundle": look_at_bundle,
    "inspection receive": look_at_receive,
    "inspection compare": look_at_compare,
    "inspection agree": look_at_agree,
    "inspection step": look_at_step,
    "inspection confirm": look_at_confirm,
}

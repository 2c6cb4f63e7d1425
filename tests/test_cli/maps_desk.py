"""Maps and sheets: what each command leaves in the demo."""

from __future__ import annotations

import hashlib
from pathlib import Path

from maps import style
from tests.pages import page_text
from tests.test_cli.asking import COUNTY, run, told


def look_at_map(demo: Path) -> None:
    page = (demo / "地图.html").read_text(encoding="utf-8")
    assert "楚溪县" in page and "未经审核" in page
    out = demo / "names.html"
    assert run("map", demo / COUNTY, out, "--theme", "names", "--lang", "en").exit_code == 0
    assert out.stat().st_size > 100_000
    public = demo / "公开.html"
    review = demo / "审图.txt"
    assert run("map", demo / COUNTY, public, "--public").exit_code == 0
    digest = hashlib.sha256(public.read_bytes()).hexdigest()
    review.write_text(f"鄂S(2024)1号:{digest}\n", encoding="utf-8")
    done = run("map", demo / COUNTY, public, "--public", "--release", review)
    assert done.exit_code == 0 and "another file" not in done.output
    assert '"review":"审图号：鄂S(2024)1号"' in page_text(public)
    told_ = run("map", demo / COUNTY, out, "--release", f"鄂S(2024)1号:{digest}").output
    assert "another file" in told_ and '"review"' not in page_text(out)


def look_at_print(demo: Path) -> None:
    assert (demo / "区划图.pdf").read_bytes().startswith(b"%PDF")
    out = demo / "a.pdf"
    town = ("--sheet", "township", "--township", "429921100", "--paper", "A4")
    assert "长乐镇地名图" in run("print", demo / COUNTY, out, *town).output
    assert out.stat().st_size > 50_000
    assert run("print", demo / COUNTY, out, "--sheet", "township").exit_code == 2
    assert run("print", demo / COUNTY, out, "--sheet", "change").exit_code == 2
    assert run("print", demo / COUNTY, out, "--sheet", "line", "--line", "x").exit_code == 2


def look_at_qgis(demo: Path) -> None:
    assert (demo / "楚溪县-总览.qgz").stat().st_size > 5_000
    assert "styles" in run("qgis", demo / COUNTY, "--theme", "all").output
    assert len(list(demo.glob("*.qgz"))) == len(style.themes())
    assert run("qgis").exit_code == 2
    assert run("qgis", "--plugin", demo / "插件.zip").exit_code == 0
    assert (demo / "插件.zip").read_bytes().startswith(b"PK")


def look_at_refresh(demo: Path) -> None:
    found = {each["file"]: each for each in told("refresh", demo / COUNTY, "--dry-run")}
    assert found["地图.html"]["state"] == "stale", "the survey and the round came after it"
    assert found["日常/地名表单.xlsx"]["state"] == "once"
    assert {each["state"] for each in found.values() if each["file"].startswith("文书/")} == {
        "once"
    }
    assert run("refresh", demo / COUNTY, "--only", "工程").exit_code == 0
    projects = told("refresh", demo / COUNTY, "--dry-run", "--only", "project")
    states = {each["file"]: each["state"] for each in projects}
    assert states.pop("楚溪县-总览.qgz") == "fresh"
    assert {*states.values()} == {"once"}, "those for the field were handed out"


LOOKS = {
    "refresh": look_at_refresh,
    "map": look_at_map,
    "print": look_at_print,
    "qgis": look_at_qgis,
}

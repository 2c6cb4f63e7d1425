"""Pictures of every paper, sheet and map of the demo, and the page that shows them.

    make pictures            # docs/pictures from a fresh demo of the sample county
    .ci/pictures.py DEMO OUT # from a demo folder that is there, into another folder

The sample county alone: no picture of a real county goes into the repository. Needs Chromium,
LibreOffice and poppler (tests/system-packages.sh).
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

COUNTY, TOWN, LINE = "楚溪县.gpkg", "429921104", "429921101103"
ONE = f"--sheet township --township {TOWN}"
WIDE, NARROW = 1000, 620
QUALITY = 68
SCREEN = (1280, 800)


@dataclass(frozen=True)
class Shown:
    """One thing of the demo: its picture, what it is called, how it is made, the page shown."""

    picture: str
    title: str
    made: str
    source: Path
    page: int = 1


SHEETS = (
    ("sheet-divisions", "行政区划图", "--sheet divisions", 1),
    ("sheet-names-index", "标准地名图：分幅索引图", "--sheet names", 1),
    ("sheet-names-part", "标准地名图：第5幅", "--sheet names", 6),
    ("sheet-names-list", "标准地名图：索引", "--sheet names", -1),
    ("sheet-names-whole", "标准地名图：一幅", "--sheet names --whole", 1),
    ("sheet-township", "乡镇地名图", ONE, 2),
    ("sheet-township-a4", "乡镇地名图：A4一幅", f"{ONE} --paper A4 --whole", 1),
    ("sheet-line", "行政区域界线图", f"--sheet line --line {LINE}", 1),
    ("sheet-facilities", "民政设施分布图", "--sheet facilities", 1),
    ("sheet-findings", "检查结果图", "--sheet findings", 1),
    ("sheet-before", "变更前行政区划图", "--sheet before --since 2025-01-01", 1),
)  # fmt: skip
"""What `gazetteer print` makes: picture, title, options, page."""
MAPS = (
    ("map-overview", "地图", "地图.html", "gazetteer map"),
    ("map-public", "公开地图", "公开地图.html", "gazetteer map --public"),
    ("map-survey", "勘界检查地图", "勘界检查/检查地图.html", "gazetteer survey check"),
    ("map-reach", "服务覆盖", "设施/服务覆盖.html", "gazetteer facilities reach"),
    ("map-site", "选址方案", "设施/选址方案.html", "gazetteer facilities site"),
    ("map-targets", "规划目标", "设施/规划目标.html", "gazetteer facilities status"),
    ("map-inspection", "联检地图", "联检/档案/第1份/联检地图.html", "gazetteer inspection archive"),
)
PAPERS = (
    ("paper-application", "地名申请书", "文书/CX-2025-001 申请书.docx"),
    ("paper-reply", "批复", "文书/CX-2025-001 批复.docx"),
    ("paper-filing", "备案登记表", "文书/CX-2025-001 备案登记表.docx"),
    ("paper-report", "备案报告", "文书/CX-2025-001 备案报告.docx"),
    ("paper-notice", "公告", "文书/CX-2025-001 公告.docx"),
    ("paper-certificate", "地名证明", "文书/CX-2025-002 地名证明.docx"),
    ("paper-book", "地名录", "日常/地名录.docx"),
    ("paper-address", "标准地址证明", "标志/标准地址证明.docx"),
    ("paper-plates", "门牌", "标志/门牌.pdf"),
    ("paper-quality", "质量检查记录", "勘界检查/质量检查记录.docx"),
    ("paper-markers", "界桩登记表", "界桩表格/界桩登记表.docx"),
    ("paper-marker-list", "界桩成果表", "界桩表格/界桩成果表.docx"),
    ("paper-points", "边界点成果表", "界桩表格/边界点成果表.docx"),
    ("paper-course", "界线走向说明", "界桩表格/走向说明.docx"),
    ("paper-plan", "联检实施方案", "联检/实施方案.docx"),
    ("paper-booklet", "联检手册", "联检/发出/429921101/联检-2026-01-429921101-手册.pdf"),
    ("paper-records", "联检记录表", "联检/档案/第1份/联检记录表.docx"),
    ("paper-minutes", "联检会议纪要", "联检/档案/第1份/会议纪要.docx"),
    ("paper-inspection", "联检报告", "联检/档案/第1份/联检报告.docx"),
    ("paper-filing-line", "联检备案报告", "联检/档案/第1份/备案报告.docx"),
    ("paper-contents", "界线档案卷内目录", "联检/界线档案/卷内目录.docx"),
    ("paper-reach", "服务覆盖报告", "设施/服务覆盖.docx"),
    ("paper-site", "选址方案报告", "设施/选址方案.docx"),
    ("paper-targets", "规划目标报告", "设施/规划目标.docx"),
)


def sheets(demo: Path, room: Path) -> Iterator[Shown]:
    """Print the sheets that the demo's county file gives."""
    printed: dict[str, Path] = {}
    for picture, title, options, page in SHEETS:
        if options not in printed:
            out = room / f"{picture}.pdf"
            gazetteer = str(Path(sys.executable).with_name("gazetteer"))
            told = _run([gazetteer, "print", str(demo / COUNTY), str(out), *options.split()])
            if told is None:
                continue
            printed[options] = out
        yield Shown(picture, title, f"gazetteer print {options}", printed[options], page)


def papers(demo: Path, room: Path) -> Iterator[Shown]:
    """Turn the papers of the demo into PDF, all in one run of LibreOffice."""
    files = {picture: demo / path for picture, _, path in PAPERS}
    copies = {}
    for picture, file in files.items():
        if file.exists():  # named by the picture, so that none takes another's place
            copies[picture] = shutil.copy(file, room / f"{picture}{file.suffix}")
    words = [str(copy) for copy in copies.values() if str(copy).endswith(".docx")]
    profile = f"-env:UserInstallation=file://{room}/profile"
    _run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(room), *words])
    for picture, title, path in PAPERS:
        if (room / f"{picture}.pdf").exists():
            yield Shown(picture, title, path, room / f"{picture}.pdf")


def _run(command: Sequence[str]) -> str | None:
    """Run a command; tell what it says where it fails, and go on."""
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        print(f"{' '.join(command[:3])} ...: {(done.stderr or done.stdout)[-300:]}")
        return None
    return done.stdout


def page_of(shown: Shown) -> tuple[Image.Image, int]:
    """Return one page of a PDF as a picture, and how many pages there are."""
    told = subprocess.run(
        ["pdfinfo", str(shown.source)], capture_output=True, encoding="utf-8", check=True
    ).stdout
    pages = next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pages:"))
    page = str(pages if shown.page < 0 else min(shown.page, pages))
    drawn = subprocess.run(
        ["pdftoppm", "-png", "-r", "110", "-f", page, "-l", page, str(shown.source)],
        capture_output=True,
        check=True,
    ).stdout
    return Image.open(io.BytesIO(drawn)), pages


def screens(demo: Path) -> Iterator[tuple[Shown, Image.Image]]:
    """Open the maps of the demo in a browser without a network."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for picture, title, path, command in MAPS:
            if not (demo / path).exists():
                continue
            page = browser.new_page(viewport={"width": SCREEN[0], "height": SCREEN[1]})
            page.goto((demo / path).as_uri())
            page.wait_for_selector("html[data-ready]", timeout=120_000)
            page.wait_for_timeout(1500)
            shown = Shown(picture, title, f"{command} → {path}", demo / path)
            yield shown, Image.open(io.BytesIO(page.screenshot()))
            page.close()
        browser.close()


def put(image: Image.Image, out: Path) -> None:
    """Write a picture, small."""
    wide = WIDE if image.width >= image.height else NARROW
    small = image.convert("RGB")
    small.thumbnail((wide, 2 * wide), Image.Resampling.LANCZOS)
    small.save(out, "WEBP", quality=QUALITY, method=6)


def table(rows: Sequence[tuple[Shown, int]]) -> list[str]:
    """Return rows of the page: title, how it is made, pages, picture."""
    head = ["| 名称 | 来处 | 页数 | 图 |", "|---|---|---|---|"]
    return head + [
        f"| {one.title} | `{one.made}` | {pages or ''} | ![{one.title}]({one.picture}.webp) |"
        for one, pages in rows
    ]


def main(demo: Path, out: Path) -> None:
    """Make all pictures and the page."""
    out.mkdir(parents=True, exist_ok=True)
    every: dict[str, list[tuple[Shown, int]]] = {"图纸": [], "网页地图": [], "文书": []}
    makers: dict[str, Callable[[Path, Path], Iterator[Shown]]] = {"图纸": sheets, "文书": papers}
    with tempfile.TemporaryDirectory() as folder:
        for part, maker in makers.items():
            for shown in maker(demo, Path(folder)):
                image, pages = page_of(shown)
                put(image, out / f"{shown.picture}.webp")
                every[part].append((shown, pages))
    for shown, image in screens(demo):
        put(image, out / f"{shown.picture}.webp")
        every["网页地图"].append((shown, 0))
    lines = [
        "# 图例：演示产生的图纸、地图和文书",
        "",
        "样例县（虚构）的全部图纸、网页地图和文书，由 `make pictures` 重新生成。每份只示一页。",
        "",
        "Every sheet, map and paper that the demo of the sample county makes, a page of each; "
        "`make pictures` makes them anew.",
    ]
    for part, rows in every.items():
        lines += ["", f"## {part}", "", *table(rows)]
    (out / "README.md").write_text("\n".join([*lines, ""]), encoding="utf-8")
    size = sum(file.stat().st_size for file in out.glob("*.webp"))
    print(f"{sum(map(len, every.values()))} pictures, {size / 1e6:.1f} MB: {out}")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())

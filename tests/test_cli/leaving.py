"""Command lines for every command that hands on files, to be typed in a finished demo."""

from __future__ import annotations

OUT = "出"
"""Folder that the lines write to."""

_DAYS = "--starts 2026-03-01 --ends 2026-03-20"
_MET = "--met-on 2026-03-12 --place 六里铺镇人民政府 --present 王海 --authority 楚溪县人民政府"
_CARE = "--kind 敬老院 --straight --base resident --age 60+ --as-of 2025-12-31"
_OFFICE = "--on 2026-03-01 --superior 云泽市人民政府 --contact 王五"
_LAYERS = (
    *("divisions", "places", "names", "lines", "markers", "reference_objects", "tri_points"),
    *("roads", "water", "facilities", "population", "zones", "findings", "signs", "sign_visits"),
    *("sign_orders", "sign_keys", "readings", "applications", "inspections"),
    *("inspection_records", "attachments", "disputes", "ledger"),
)

LEAVING: dict[str, tuple[str, ...]] = {
    "applications documents": (
        f"applications documents COUNTY CX-2025-001 出/文书 {_OFFICE} --telephone 0",
    ),
    "book": (
        "book COUNTY 出/录.docx --profile public",
        "book COUNTY 出/录.docx --leave-out-classified",
    ),
    "boundaries archive": ("boundaries archive COUNTY 429921001104 出/界线档案",),
    "boundaries describe": ("boundaries describe COUNTY 429921001104 --out 出/走向.docx",),
    "boundaries forms": ("boundaries forms COUNTY 429921001104 --out 出",),
    "boundaries lines": ("boundaries lines raw/乡镇界.shp --out 出/线.gpkg",),
    "disputes show": ("disputes show COUNTY 争1 --out 出/争.docx",),
    "export": (
        *(f"export COUNTY {each} 出/{each}.csv" for each in _LAYERS),
        *(f"export COUNTY {each} 出/{each}.xlsx --public" for each in _LAYERS),
        "export COUNTY names 出/名.geojson --public",
        *(f"export COUNTY {each} 出/{each}.csv --leave-out-classified" for each in _LAYERS),
        "export COUNTY names 出/表.xlsx --form --within 429921001",
    ),
    "facilities catchments": (
        "facilities catchments COUNTY 出/圈.gpkg --kind 敬老院 --straight --minutes 15",
    ),
    "facilities cemeteries": ("facilities cemeteries COUNTY --out 出",),
    "facilities geocode": (
        "facilities geocode COUNTY --list raw/民政设施.csv --out 出/定位.xlsx --column 名称",
    ),
    "facilities reach": (f"facilities reach COUNTY {_CARE} --paths 出/路.gpkg --out 出",),
    "facilities site": (f"facilities site COUNTY {_CARE} --target 60% --seconds 1 --out 出",),
    "facilities status": ("facilities status COUNTY --straight --as-of 2025-12-31 --out 出",),
    "figures": ("figures COUNTY 出/年鉴.xlsx",),
    "inspection bundle": ("inspection bundle COUNTY 2026-01 --side 429921101 出",),
    "inspection calendar": ("inspection calendar COUNTY --out 出/历.ics",),
    "inspection desk": ("inspection desk COUNTY 2026-01 --out 出",),
    "inspection network": ("inspection network COUNTY 出/网.html --table 出/台账.xlsx",),
    "inspection plan": (f"inspection plan COUNTY 2026-9 429921001104 {_DAYS} --out 出/方案.docx",),
    "inspection report": (f"inspection report COUNTY 2026-01 出/报告 {_MET}",),
    "map": (
        "map COUNTY 出/图.html",
        "map COUNTY 出/公开图.html --public",
        "map COUNTY 出/图.html --leave-out-classified",
        "map COUNTY 出/专题图.html --by people --level village",
    ),
    "names check": (
        "names check COUNTY 长乐路 --category street --built-up 429921001 --map 出/查.html",
    ),
    "names repairs": ("names repairs COUNTY --out 出/脏字.xlsx",),
    "peace score": ("peace score COUNTY --out 出/分.docx", "peace score COUNTY --out 出/分.xlsx"),
    "print": (
        "print COUNTY 出/图.pdf --sheet names --whole --paper A4",
        "print COUNTY 出/公开图.pdf --public --paper A4",
        "print COUNTY 出/图.pdf --sheet names --whole --paper A4 --leave-out-classified",
    ),
    "qgis": ("qgis COUNTY",),
    "rules lists template": ("rules lists template 出/名单.csv",),
    "templates export": ("templates export 出/模板",),
    "signs certificate": (
        "signs certificate COUNTY STREET1号 出/证.docx --document-number 3 --on 2026-03-02",
    ),
    "signs import": ("signs import COUNTY raw/旧标志台账.csv --review 出/核.xlsx",),
    "signs inspect": (
        "signs inspect COUNTY --make-form 出/巡.gpkg",
        "signs inspect COUNTY --make-form 出/巡.xlsx",
    ),
    "signs list": ("signs list COUNTY --register 出/册.json",),
    "signs number": ("signs number COUNTY STREET --doors raw/门牌普查.csv --out 出/址.xlsx",),
    "signs sheet": ("signs sheet COUNTY 出/牌.pdf", "signs sheet COUNTY 出/牌 --class road"),
    "survey check": ("survey check raw/delivery-整改后/own --against COUNTY --out 出/检",),
}
"""By command: lines, each typed for itself; STREET is the street that has doors and signs."""

KEPT: dict[str, str] = {
    **dict.fromkeys(
        ("init", "backup", "restore", "undo", "demo"), "the county file itself, or a copy of it"
    ),
    **dict.fromkeys(
        [
            *(f"import {each}" for each in ("boundaries", "divisions", "facilities", "form")),
            *(f"import {each}" for each in ("lines", "markers", "names", "population")),
            *(f"import {each}" for each in ("reference-objects", "roads", "tri-points", "zones")),
            "import water",
            "survey accept",
        ],
        "rejects: the sender's own rows, given back to the sender",
    ),
    **dict.fromkeys(
        [
            *("applications new", "applications advance", "applications facts"),
            *("applications reject", "applications withdraw", "disputes new", "disputes step"),
            *("disputes claim", "disputes close", "inspection receive", "ledger advance"),
            *("peace agreement", "peace contact", "peace meeting"),
        ],
        "papers received, kept beside the county file as they came",
    ),
    "inspection archive": "the papers of `inspection report` once more, sealed",
    "refresh": "what other commands left, by their own lines",
    "merge": "conflicts: somebody has to decide on them; their manifest says how highly they are",
    "rules lists load": "the list that is given, put among the office's tables",
    "signs key": "the office's key",
}
"""By command: why what it writes may hold what is classified, or holds nothing of the county."""

QUIET = frozenset(
    {
        *("applications deadlines", "applications list", "applications show"),
        *("applications undo", "boundaries check", "boundaries markers", "boundaries replace"),
        *("diff", "disputes list", "history", "info", "inspection agree", "inspection compare"),
        *("inspection confirm", "inspection due", "inspection open", "inspection step"),
        *("inspection verify", "ledger list", "ledger open", "ledger undo"),
        *("log check", "log prove", "log seal", "log show", "log verify"),
        *("names at", "names decide", "names duplicates"),
        *("names respell", "names romanize", "names search", "names undecided", "peace due"),
        *("peace list", "peace profile", "rules audit", "rules list", "signs audit"),
        *("signs issue", "signs orders", "signs scan", "signs show", "signs verify", "today"),
    }
)
"""Commands that answer on the screen and write the county file alone."""

"""Disputes as an office works on them: what each command leaves in the demo."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import docx
import geopandas as gpd
import numpy as np
import shapely

from boundaries import tiling
from boundaries.office import sources
from gazetteer.store import County
from maps import style
from tests.pages import page_text
from tests.test_cli.asking import COUNTY, run, told

LINE, NAME = "429921103104", "六里铺—佛子岭线"
RED, BLUE = "429921103", "429921104"
NUMBER = "争2026-1"


def course(demo: Path) -> shapely.LineString:
    with County(demo / COUNTY) as county:
        lines = gpd.GeoDataFrame(county.layer("lines"))
    return shapely.line_merge(lines.geometry[lines["code"] == LINE].iloc[0])


def bow(line: shapely.LineString, height: float) -> shapely.LineString:
    """A claim that leaves the line at 35 % of its length and comes back at 60 %."""
    ends = shapely.get_coordinates(
        shapely.line_interpolate_point(line, [0.35, 0.6], normalized=True)
    )
    run_ = ends[1] - ends[0]
    up = np.array([-run_[1], run_[0]]) / np.hypot(*run_)
    steps = np.linspace(0, 1, 25)[:, None]
    xy = ends[0] + steps * run_ + height * np.sin(np.pi * steps) * up
    return shapely.LineString(np.concatenate([ends[:1], xy[1:-1], ends[1:]]))


def files(demo: Path) -> dict[str, Path]:
    """Claim lines as a shapefile in metres, as GeoJSON; the agreed line as GeoPackage."""
    line = course(demo)
    wanted = {
        "red.shp": (0.006, 4546),
        "blue.geojson": (-0.008, 4490),
        "agreed.gpkg": (0.002, 4526),
    }
    for name, (height, crs) in wanted.items():
        gpd.GeoSeries([bow(line, height)], crs=4490).to_crs(crs).to_file(demo / name)
    return {name.partition(".")[0]: demo / name for name in wanted}


def opened(demo: Path, line: str = NAME) -> Any:
    at = ("--at", "2026-03-01T08:30", "--cause", "采砂纠纷")
    return told("disputes", "new", demo / COUNTY, NUMBER, line, *at)


def claimed(demo: Path) -> Any:
    opened(demo)
    drawn = files(demo)
    paper = demo / "协议.pdf"
    paper.write_bytes(b"%PDF- 1985")
    given = ("--basis", "1985年协议", "--evidence", f"agreement={paper}")
    told("disputes", "claim", demo / COUNTY, NUMBER, drawn["blue"], "--side", BLUE, *given)
    return told("disputes", "claim", demo / COUNTY, NUMBER, drawn["red"], "--side", RED)


def head(demo: Path) -> Any:
    return told("info", demo / COUNTY)["head"]


def refused(demo: Path, message: str, *arguments: object) -> None:
    """One clear line, and nothing has changed."""
    before = head(demo)
    result = run("disputes", *arguments)
    assert result.exit_code == 2 and message in result.output, result.output
    assert len(result.output.strip().splitlines()) == 1
    assert head(demo) == before


def look_at_new(demo: Path) -> None:
    found = opened(demo)
    assert [(each["code"], each["colour"]) for each in found["sides"]] == [
        (RED, "red"),
        (BLUE, "blue"),
    ]
    county = demo / COUNTY
    refused(demo, "on record already", "new", county, NUMBER, LINE)
    refused(demo, "in dispute already", "new", county, "2", LINE)
    refused(demo, "no line '999'", "new", county, "2", "999")
    refused(demo, "is no time", "new", county, "2", "429921001002", "--at", "gestern")
    refused(demo, "--neighbour CODE", "new", county, "2", "429921101924")
    outer = told("disputes", "new", county, "2", "429921101924", "--neighbour", "429924")
    assert [each["code"] for each in outer["sides"]] == ["429921101", "429924"]
    with County(county) as stored:
        lines = stored.layer("lines").set_index("code")["legal_status"]
    # an agreed line stays authority; one that nobody agreed on becomes disputed
    assert (lines[LINE], lines["429921101924"]) == ("agreed", "disputed")


def look_at_claim(demo: Path) -> None:
    found = claimed(demo)
    assert found["state"] == "claimed" and found["area_mu"] > 1000
    assert found["area_m2"] == round(sum(each["area_m2"] for each in found["faces"]), 2)
    assert {each["colour"]: each["side"] for each in found["claims"]} == {"red": RED, "blue": BLUE}
    assert found["evidence"][0]["sha256"] == hashlib.sha256(b"%PDF- 1985").hexdigest()
    assert found["evidence"][0]["weight"] == "basis"
    county, drawn = demo / COUNTY, files(demo)
    loop = demo / "loop.gpkg"
    xy = shapely.get_coordinates(bow(course(demo), 0.004))
    crossed = shapely.LineString(np.concatenate([xy[:8], xy[12:4:-1] + 1e-4, xy[8:]]))
    gpd.GeoSeries([crossed], crs=4490).to_file(loop)
    far = demo / "far.gpkg"
    gpd.GeoSeries([shapely.LineString([(112.1, 29.5), (112.2, 29.5)])], crs=4490).to_file(far)
    side = ("--side", RED)
    refused(demo, "crosses itself", "claim", county, NUMBER, loop, *side)
    refused(demo, "m from the line", "claim", county, NUMBER, far, *side)
    refused(demo, "same line as the other", "claim", county, NUMBER, drawn["blue"], *side)
    refused(demo, "is no side", "claim", county, NUMBER, drawn["red"], "--side", "429921001")
    refused(demo, "no dispute '9'", "claim", county, "9", drawn["red"], *side)
    refused(demo, "no such file", "claim", county, NUMBER, demo / "none.shp", *side)
    unstated = demo / "red.prj"
    unstated.unlink()
    refused(demo, "system is not stated", "claim", county, NUMBER, drawn["red"], *side)
    told("disputes", "claim", county, NUMBER, drawn["red"], *side, "--crs", "EPSG:4546")


def look_at_step(demo: Path) -> None:
    opened(demo)
    county = demo / COUNTY
    told("disputes", "step", county, NUMBER, "report", "--at", "2026-03-01T12:00")
    by = ("--by", "民政股", "--note", "双方已停工")
    found = told("disputes", "step", county, NUMBER, "scene", "--at", "2026-03-01T10:00", *by)
    assert [each["step"] for each in found["steps"]] == ["scene", "report"]
    refused(demo, "no step 'sing'", "step", county, NUMBER, "sing")
    refused(demo, "before the dispute", "step", county, NUMBER, "scene", "--at", "2026-02-01")
    event = told("log", "show", county)[-1]
    assert (event["command"], event["reason"]) == ("disputes step scene", "双方已停工")
    _beside_a_secret(demo)


def _beside_a_secret(demo: Path) -> None:
    """A step is recorded once, and its answer is for who works here: nothing leaves with it."""
    with County(demo / COUNTY, writing=True) as county, county.change("classify") as change:
        secret = (
            "UPDATE place SET classification = 'secret' WHERE fid = (SELECT min(fid) FROM place)"
        )
        change.connection.execute(secret)
    step = ("disputes", "step", demo / COUNTY, NUMBER, "scene", "--at", "2026-03-01T10:00")
    before = len(told("disputes", "show", demo / COUNTY, NUMBER)["steps"])
    assert len(told(*step)["steps"]) == before + 1
    assert run("disputes", "show", demo / COUNTY, NUMBER).exit_code == 0
    refused = run("disputes", "show", demo / COUNTY, NUMBER, "--out", demo / "争议.docx")
    assert refused.exit_code == 2 and not (demo / "争议.docx").exists()


def look_at_show(demo: Path) -> None:
    claimed(demo)
    out = [demo / name for name in ("争议.docx", "争议.pdf", "争议.html")]
    options = [
        each for pair in zip(("--out", "--sheet", "--map"), out, strict=True) for each in pair
    ]
    found = told("disputes", "show", demo / COUNTY, NUMBER, *options)
    assert all(each.with_name(f"{each.name}.manifest.json").exists() for each in out)
    inside = found["inside"]
    assert {each["name"] for each in inside["villages"]} and inside["people"] > 0
    shape = shapely.union_all([shapely.geometry.shape(each["geometry"]) for each in found["faces"]])
    assert inside["names"]
    assert all(shape.covers(shapely.Point(each["lon"], each["lat"])) for each in inside["names"])
    document = docx.Document(str(out[0]))
    words = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"1985年协议", "红", "蓝"} <= words and len(document.inline_shapes) == 1
    assert out[1].read_bytes().startswith(b"%PDF") and "主张线" in page_text(out[2])
    assert {each.stroke_width_mm for each in style.layer_style("claims").classes[:2]} == {0.3}


def look_at_close(demo: Path) -> None:
    before = {each.id for each in checked(demo)}
    claimed(demo)
    county, drawn = demo / COUNTY, files(demo)
    refused(demo, "has no outcome", "close", county, NUMBER)
    agreed = ("--agreed", drawn["agreed"])
    refused(demo, "no agreement or decision", "close", county, NUMBER, *agreed)
    document = ("--document", "楚界协〔2026〕1号", "--on", "2026-06-01")
    found = told("disputes", "close", county, NUMBER, *agreed, *document)
    assert set(found["outcome"]["changed"]) > {RED, BLUE} and found["state"] == "closed"
    shown = run("disputes", "show", county, NUMBER).output
    moved = [
        *found["outcome"]["pieces"],
        *({"to": each} for each in found["outcome"]["markers_off"]),
    ]
    assert moved and all(each["to"] in shown.partition("agreed ")[2] for each in moved)
    refused(demo, "is closed", "close", county, NUMBER, *agreed, *document)
    assert {each.id for each in checked(demo)} == before, "no gap and no overlap is left"
    with County(county) as stored:
        now, then = (
            stored.layer("lines", as_of=day).set_index("code").loc[LINE]
            for day in ("2026-06-01", "2026-05-31")
        )
        assert (now["legal_status"], now["agreement_document"]) == ("agreed", document[1])
        assert now["length_m"] < then["length_m"] and then["valid_to"] == "2026-06-01"
        assert not stored.verify().broken
    last = told("log", "show", county)[-1]
    assert last["command"] == "disputes close", "line and polygons are one event"


def checked(demo: Path) -> list[Any]:
    frame = sources.of_county(demo / COUNTY)
    assert frame is not None
    levels = sources.levels(frame)
    return [each for units, above in levels for each in tiling.check(units, parent=above)]


def look_at_list(demo: Path) -> None:
    assert told("disputes", "list", demo / COUNTY) == []
    opened(demo)
    (row,) = told("disputes", "list", demo / COUNTY)
    assert (row["number"], row["line"], row["state"]) == (NUMBER, LINE, "open")


LOOKS = {
    "disputes new": look_at_new,
    "disputes claim": look_at_claim,
    "disputes step": look_at_step,
    "disputes show": look_at_show,
    "disputes close": look_at_close,
    "disputes list": look_at_list,
}

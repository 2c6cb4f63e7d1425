"""Layouts (打印布局) of a project: the usual sheets, to print from QGIS as they are or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from gazetteer.common.language import Language, Text
from maps import style
from maps.qgis.markup import FONT, layer_id, plain
from maps.qgis.parts import CRS, Sides, View

PAGE, MAP, LABEL, LEGEND, SCALE_BAR = "65638", "65639", "65641", "65642", "65646"
"""What QGIS calls the kinds of items by."""
BINDING, MARGIN, HEAD, COLUMN = 25.0, 12.0, 24.0, 62.0
"""Millimetres: margin to bind at, other margins, height of the title, width of the legend."""
STEPS = (1.0, 1.2, 1.5, 1.8, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
NOTICE = Text("内部工作用图，未经审核，不得公开", "Working map, not reviewed, not for publication")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A usual sheet: title, theme that it shows, size in mm; a page a township where a series."""

    key: str
    title: Text
    theme: str
    width: float
    height: float
    series: bool = False


SHEETS = (
    Sheet("divisions", Text("行政区划图", "Divisions"), "divisions", 420, 297),
    Sheet("names", Text("标准地名图", "Standard names"), "names", 420, 297),
    Sheet("townships", Text("乡镇地名图集", "Townships"), "names", 297, 210, series=True),
)


def write(root: ET.Element, *, name: str, view: View, language: Language, stated: str = "") -> None:
    """Write the layouts of the usual sheets.

    Parameters
    ----------
    root
        The project.
    name
        Of the county.
    view
        What is seen first, and its CRS.
    language
        Of titles.
    stated
        Which event of the county file the project is up to.
    """
    layouts = ET.SubElement(root, "Layouts")
    name, stated = plain(name), plain(stated)  # words of the county file, not of these layouts
    for sheet in SHEETS:
        _layout(layouts, sheet, name=name, view=view, language=language, stated=stated)


def _layout(
    layouts: ET.Element, sheet: Sheet, *, name: str, view: View, language: Language, stated: str
) -> None:
    title = sheet.title.say(language)
    layout = ET.SubElement(layouts, "Layout", name=title, units="mm", printResolution="300")
    pages = ET.SubElement(layout, "PageCollection")
    _item(pages, PAGE, (0, 0, sheet.width, sheet.height), id="page", background="true")
    field = _map(layout, sheet, view)
    head = (BINDING, 6.0, sheet.width - BINDING - MARGIN, HEAD - 8)
    whole = Text(f"{name}{sheet.title.zh}", f"{name}: {sheet.title.en}").say(language)
    told = f'{name}[% "name" %]' + Text("地名图", ": names").say(language)
    big = 26 if sheet.width > 300 else 20
    _label(layout, head, told if sheet.series else whole, points=big, centred=True, id="title")
    _legend(layout, field, language=language)
    lines = imprint(name, view, language=language, stated=stated)
    _foot(layout, sheet, field, lines=lines, language=language)
    if sheet.series:
        _series(layout)


def _map(layout: ET.Element, sheet: Sheet, view: View) -> Sides:
    """Write the map at a round scale; return its place in mm (x, y, width, height)."""
    width = sheet.width - BINDING - MARGIN - COLUMN
    place = (BINDING, HEAD, width, sheet.height - HEAD - MARGIN)
    theme = style.theme(sheet.theme).title.zh
    how = {"followPreset": "true", "followPresetName": theme, "frame": "true", "id": "map"}
    item = _item(layout, MAP, place, background="true", uuid="{map}", **how)
    west, south, east, north = around(view.sides or (0, 0, 1, 1), place[2:], metric=view.crs != CRS)
    sides = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    ET.SubElement(item, "Extent", {key: repr(value) for key, value in sides.items()})
    driven = "1" if sheet.series else "0"
    ET.SubElement(item, "AtlasMap", atlasDriven=driven, scalingMode="2", margin="0.08")
    return place


def around(sides: Sides, paper: tuple[float, float], *, metric: bool = True) -> Sides:
    """Return the sides of a map of a paper size in mm that holds others, at a round scale.

    Examples
    --------
    >>> west, south, east, north = around((0, 0, 47_000, 41_000), (300, 260))
    >>> (east - west) / 0.3, (north - south) / 0.26
    (180000.0, 180000.0)
    """
    west, south, east, north = sides
    needed = max((east - west) / paper[0], (north - south) / paper[1]) * 1000
    scale = rounded(needed) if metric else needed
    half = paper[0] * scale / 2000, paper[1] * scale / 2000
    x, y = (west + east) / 2, (south + north) / 2
    return x - half[0], y - half[1], x + half[0], y + half[1]


def rounded(needed: float) -> float:
    """Return the next round denominator of a scale.

    Examples
    --------
    >>> rounded(136_044), rounded(150_000)
    (150000.0, 150000.0)
    """
    power = 10.0 ** (len(str(int(needed))) - 1)
    return next(step * power for step in STEPS if step * power >= needed)


def _item(parent: ET.Element, kind: str, place: Sides, **further: str) -> ET.Element:
    """Write an item at its place in mm (x, y, width, height)."""
    x, y, width, height = place
    at, size = f"{x:g},{y:g},mm", f"{width:g},{height:g},mm"
    told = {"type": kind, "position": at, "positionOnPage": at, "size": size, "visibility": "1"}
    told |= {"background": "false", "frame": "false", "opacity": "1", "zValue": "1"}
    told |= {"outlineWidthM": "0.3,mm", "referencePoint": "0", **further}
    item = ET.SubElement(parent, "LayoutItem", told)
    for colour, level in (("FrameColor", "0"), ("BackgroundColor", "255")):
        ET.SubElement(item, colour, red=level, green=level, blue=level, alpha="255")
    return item


def _label(
    layout: ET.Element,
    place: Sides,
    text: str,
    *,
    points: float,
    centred: bool = False,
    **further: str,
) -> None:
    how = {"labelText": text, "htmlState": "0", "halign": "4" if centred else "1", "valign": "32"}
    how |= {"marginX": "0", "marginY": "0", "zValue": "3", **further}
    item = _item(layout, LABEL, place, **how)
    ET.SubElement(item, "LabelFont", description=f"{FONT},{points:g},-1,5,50,0,0,0,0,0", style="")
    ET.SubElement(item, "FontColor", red="0", green="0", blue="0", alpha="255")


def _legend(layout: ET.Element, field: Sides, *, language: Language) -> None:
    """Write the legend of what stands on the map, beside it."""
    place = (field[0] + field[2] + 2, field[1], COLUMN - 2, field[3] * 0.6)
    title = Text("图例", "Legend").say(language)
    how = {"title": title, "map_uuid": "{map}", "legendFilterByMap": "1", "resizeToContents": "1"}
    how |= {"symbolWidth": "6", "symbolHeight": "3", "columnCount": "1", "boxSpace": "1"}
    how |= {"titleAlignment": "1", "lineSpacing": "0.6", "symbolAlignment": "1", "zValue": "2"}
    item = _item(layout, LEGEND, place, id="legend", **how)
    styles = ET.SubElement(item, "styles")
    for part, points, above in (
        ("title", 12, "0"),
        ("group", 9, "1.5"),
        ("subgroup", 9, "1.5"),
        ("symbol", 8, "0.8"),
        ("symbolLabel", 8, "0.8"),
    ):
        each = ET.SubElement(styles, "style", name=part, alignment="1", marginTop=above)
        if part == "symbolLabel":
            each.set("marginLeft", "1.5")
        font = f"{FONT},{points},-1,5,50,0,0,0,0,0"
        ET.SubElement(each, "styleFont", description=font, style="")


def _foot(
    layout: ET.Element, sheet: Sheet, field: Sides, *, lines: Sequence[str], language: Language
) -> None:
    """Write scale, who made the sheet of what, and what it may be used for."""
    left, wide = field[0] + field[2] + 3, COLUMN - 3
    small = 8.0 if sheet.width > 300 else 7.0
    height = 4.8 * len(lines)
    top = field[1] + field[3] - height
    _label(layout, (left, top, wide, height), "\n".join(lines), points=small, id="imprint")
    scale = "[% '1:' || format_number(item_variables('map')['map_scale'], 0) %]"
    told = Text(f"比例尺 {scale}", f"Scale {scale}").say(language)
    _label(layout, (left, top - 20, wide, 6), told, points=small + 1, id="scale")
    _scale_bar(layout, (left, top - 13, wide, 10))


def imprint(name: str, view: View, *, language: Language, stated: str = "") -> list[str]:
    """Return the lines of a sheet's imprint: who, of what, how drawn, when, reviewed or not.

    Examples
    --------
    >>> imprint("石首市", View("EPSG:4547", None), language="zh")[0]
    '编制单位：石首市民政局'
    """
    meridian = (int(view.crs.rpartition(":")[2]) - 4534) * 3 + 75 if view.crs != CRS else None
    drawn = Text(f"高斯-克吕格投影，中央经线{meridian}°", f"Gauss-Krüger, meridian {meridian}°")
    listed = (
        Text(f"编制单位：{name}民政局", f"Made by: civil affairs office of {name}"),
        Text(f"资料来源：{name}地名和区划数据", f"Source: register of {name}"),
        Text("2000国家大地坐标系", "CGCS2000"),
        *(() if meridian is None else (drawn,)),
        Text("编制日期：", "Made in:"),
        Text("审图号：", "Review number:"),
        NOTICE,
    )
    told = [each.say(language) for each in listed]
    return [*told[:2], stated, *told[2:]] if stated else told


def _scale_bar(layout: ET.Element, place: Sides) -> None:
    how = {"mapUuid": "{map}", "style": "Single Box", "unitType": "km", "unitLabel": "千米"}
    how |= {"numSegments": "2", "numSegmentsLeft": "0", "height": "2", "segmentSizeMode": "1"}
    how |= {"minBarWidth": "25", "maxBarWidth": "45", "numMapUnitsPerScaleBarUnit": "1"}
    how |= {"numUnitsPerSegment": "2", "labelBarSpace": "1", "boxContentSpace": "0"}
    item = _item(layout, SCALE_BAR, place, id="bar", zValue="3", **how)
    text = {"fontFamily": FONT, "fontSize": "7", "fontSizeUnit": "Point"}
    ET.SubElement(item, "text-style", text | {"textColor": "0,0,0,255", "textOpacity": "1"})


def _series(layout: ET.Element) -> None:
    """Let the layout have a page for each township, in the order of their codes."""
    ET.SubElement(
        layout,
        "Atlas",
        coverageLayer=layer_id("division"),
        coverageLayerSource="",
        enabled="1",
        hideCoverage="0",
        filterFeatures="1",
        featureFilter="\"level\" = 'township'",
        sortFeatures="1",
        sortKey='"code"',
        sortAscending="1",
        pageNameExpression='"name"',
        filenamePattern='"code" || \'_\' || "name"',
    )

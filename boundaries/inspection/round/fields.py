"""The one definition of an inspection record, from which every form is made and read.

Four layers: markers, their reference objects, the segments of the line between markers, and markers
that are new. GeoPackage, Excel form and booklet have the same fields in the same order; a
GeoPackage names its columns by `Field.name`, Excel and booklet by `Field.label` in Chinese; values
of lists may be written either way in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from boundaries.markers.series import TYPES
from gazetteer.common.language import Text

SCHEMA = 1
"""Version of the forms; a bundle of another one is refused."""

Type = Literal["text", "number", "date", "choice"]
Layer = Literal["markers", "reference_objects", "segments", "new_markers"]

YES_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}
STATES = {
    "good": Text("完好", "good"),
    "lost": Text("丢失", "lost"),
    "moved": Text("移位", "moved"),
    "damaged": Text("损坏", "damaged"),
    "illegible": Text("字迹不清", "illegible"),
}
PRESENCE = {
    "present": Text("存在", "present"),
    "gone": Text("已不存在", "gone"),
    "changed": Text("有变化", "changed"),
}
MARKER_TYPES = {**TYPES, "tri-point": Text("三交点", "tri-point")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record.

    Parameters
    ----------
    name
        English key: column of the GeoPackage, key of records and JSON.
    label
        Heading in Excel and booklet.
    type
        What may stand in it; a `choice` is one of `values`.
    values
        Stored value -> its word, of a choice.
    by_side
        True where the side fills it; the office's fields are handed out and locked.
    usual
        What is taken as handed out where the county file says nothing else: the state that needs
        no finding.
    compared
        True where the sides' answers are held against each other; the rest is told beside them.
    tolerance
        How far numbers may differ and still count as the same, in the field's unit.
    later
        True where forms handed out by an earlier version do not ask for it.
    former
        Headings that it bore in forms handed out by an earlier version: they are read, too.
    """

    name: str
    label: Text
    type: Type = "text"
    values: Mapping[str, Text] | None = None
    by_side: bool = False
    usual: str | None = None
    compared: bool = False
    tolerance: float = 0.0
    later: bool = False
    former: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All that a column of it may be headed by.

        >>> "双方共同设立" in field("new_markers", "set_jointly").words
        True
        """
        return (self.name, self.label.zh, self.label.en, *self.former)


def _office(name: str, zh: str, en: str, kind: Type = "text", **more: Any) -> Field:
    return Field(name=name, label=Text(zh, en), type=kind, **more)


def _side(name: str, zh: str, en: str, kind: Type = "text", **more: Any) -> Field:
    return Field(name=name, label=Text(zh, en), type=kind, by_side=True, **more)


def _asked(
    name: str,
    zh: str,
    en: str,
    values: Mapping[str, Text],
    usual: str | None = None,
    former: tuple[str, ...] = (),
) -> Field:
    return _side(name, zh, en, "choice", values=values, usual=usual, compared=True, former=former)


_PRESENT = _side(
    "other_side_present", "毗邻方在场", "Other sides present", "choice", values=YES_NO,
    former=("对方在场", "Other side present"),
)  # fmt: skip
_MEASURED = (
    _side("measured_lon", "实测经度", "Measured longitude", "number"),
    _side("measured_lat", "实测纬度", "Measured latitude", "number"),
    _side("measured_accuracy_m", "实测精度（米）", "Measured accuracy (m)", "number"),
)
_TOLD = (
    _side("photos", "照片", "Photos"),
    _side("remarks", "备注", "Remarks"),
    _side("inspected_on", "检查日期", "Inspected on", "date"),
    _side("inspector", "检查人", "Inspector"),
)

LAYERS: dict[Layer, tuple[Field, ...]] = {
    "markers": (
        _office("number", "界桩编号", "Marker"),
        _office("line_code", "界线代码", "Line"),
        _office("marker_type", "界桩类型", "Type", "choice", values=MARKER_TYPES),
        _office("recorded_lon", "登记经度", "Recorded longitude", "number"),
        _office("recorded_lat", "登记纬度", "Recorded latitude", "number"),
        _office("accuracy_m", "登记精度（米）", "Recorded accuracy (m)", "number"),
        _office("description", "位置说明", "Place"),
        _asked("state", "界桩现状", "State", STATES, "good"),
        *_MEASURED,
        _side("cleared", "已清理周边", "Cleared around", "choice", values=YES_NO),
        _side("repainted", "已描红", "Repainted", "choice", values=YES_NO),
        *_TOLD,
    ),
    "reference_objects": (
        _office("number", "界桩编号", "Marker"),
        _office("ordinal", "方位物序号", "Ordinal", "number"),
        _side("name", "方位物名称", "Name"),
        _side(
            "azimuth_deg", "方位角（度）", "Azimuth (deg)", "number", compared=True, tolerance=1.0
        ),
        _side("distance_m", "距离（米）", "Distance (m)", "number", compared=True, tolerance=1.0),
        _asked("presence", "方位物现状", "Presence", PRESENCE, "present"),
        *_TOLD,
    ),
    "segments": (
        _office("line_code", "界线代码", "Line"),
        _office("ordinal", "段序号", "Ordinal", "number"),
        _office("from_number", "起点", "From"),
        _office("to_number", "止点", "To"),
        _office("length_m", "长度（米）", "Length (m)", "number"),
        _office("features", "沿线地物", "Features along"),
        _asked("recognisable", "实地可辨认", "Recognisable", YES_NO, "yes"),
        _asked("feature_changed", "地物有变化", "Feature changed", YES_NO, "no"),
        _side("changed_feature", "变化的地物", "Which feature changed"),
        _asked("works", "跨界生产建设", "Works across the line", YES_NO, "no"),
        _side("works_description", "生产建设情况", "Which works"),
        _asked("resurvey", "需要修测", "Resurvey needed", YES_NO, "no"),
        *_TOLD,
    ),
    "new_markers": (
        _side("number", "界桩编号", "Marker"),
        _side("line_code", "界线代码", "Line", compared=True),
        _side(
            "marker_type", "界桩类型", "Type", "choice", values=MARKER_TYPES, compared=True
        ),
        _side("material", "材质", "Material"),
        _side("set_on", "埋设日期", "Set on", "date"),
        _asked("set_jointly", "各方共同设立", "Set jointly", YES_NO, former=("双方共同设立",)),
        _PRESENT,
        *_MEASURED,
        _side("measured_height_m", "实测高程（米）", "Measured height (m)", "number", later=True),
        *_TOLD,
    ),
}  # fmt: skip
"""Fields of each layer in the order of the forms. `reference_objects` also takes new rows: number,
name, azimuth and distance, with the ordinal left empty."""

SHEETS: dict[Layer, Text] = {
    "markers": Text("界桩", "Markers"),
    "reference_objects": Text("方位物", "Reference objects"),
    "segments": Text("界线段", "Segments"),
    "new_markers": Text("新增界桩", "New markers"),
}
"""Names of the sheets of the Excel form; the layers of the GeoPackage are named by the key."""

META_LAYER = "round"
META_SHEET = "_round"
META = ("county", "round", "side", "schema", "base")
"""Keys of the meta record: code of the county, number of the round, code of the side, version of
the forms, hash of what was handed out. In the GeoPackage the table `round`, in the Excel form the
hidden sheet `_round`, each with the columns ``key`` and ``value``."""

LINES_LAYER = "lines"
"""Layer of the GeoPackage with the agreed lines, to be looked at."""


def field(layer: Layer, name: str) -> Field:
    """Return a field of a layer by its name.

    Examples
    --------
    >>> field("markers", "state").label.zh, field("markers", "state").values["lost"].zh
    ('界桩现状', '丢失')
    """
    return next(each for each in LAYERS[layer] if each.name == name)


def key_of(layer: Layer, record: Mapping[str, Any]) -> str:
    """Return the business key of a record: one marker, one reference object, one segment.

    Examples
    --------
    >>> key_of("markers", {"number": "429921001002001Q"})
    '429921001002001Q'
    >>> key_of("reference_objects", {"number": "1", "ordinal": 2, "name": "桥"})
    '1/2'
    >>> key_of("reference_objects", {"number": "1", "ordinal": None, "name": "水塔"})  # new
    '1/+水塔'
    >>> key_of("segments", {"line_code": "429921001002", "ordinal": 3})
    '429921001002:3'
    """
    ordinal = record.get("ordinal")
    blank = ordinal is None or ordinal == "" or ordinal != ordinal  # noqa: PLR0124 - NaN
    which = f"+{record.get('name')}" if blank else str(int(float(str(ordinal))))
    if layer == "segments":
        return f"{record['line_code']}:{which}"
    if layer == "reference_objects":
        return f"{record['number']}/{which}"
    return str(record["number"])


def file_stem(*, number: str, side: str) -> str:
    """Return how the files of a bundle are called before their ending.

    Examples
    --------
    >>> file_stem(number="2026/1", side="429921001")
    '联检-2026_1-429921001'
    """
    safe = "".join(each if each.isalnum() or each in "-_." else "_" for each in number)
    return f"联检-{safe}-{side}"

"""The tools of the Processing toolbox: each runs one command and shows its answer as a layer."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureSink,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingUtils,
    QgsWkbTypes,
)

from .command import CommandError, asked, said
from .findings import feature, fields, geometry, of_kind, places

COUNTY, OUTPUT = "COUNTY", "OUTPUT"
_FINDING = (
    ("severity", "text", "级别", "severity"),
    ("rule", "text", "规则", "rule"),
    ("message", "text", "说明", "message"),
    ("clause", "text", "依据", "clause"),
    ("measured", "number", "实测", "measured"),
    ("unit", "text", "单位", "unit"),
    ("subject", "text", "对象", "subject"),
    ("id", "text", "编号", "id"),
)


class Tool(QgsProcessingAlgorithm):
    """One command; each tool says its words, its options, and how a row becomes a feature."""

    key = ""
    title = ("", "")
    told = ("", "")
    kind = QgsWkbTypes.MultiPoint
    columns: tuple[tuple[str, str, str, str], ...] = _FINDING

    def name(self) -> str:
        """Return its id."""
        return self.key

    def displayName(self) -> str:  # noqa: N802 - QGIS calls it by this name
        """Return its title."""
        return said(*self.title)

    def shortHelpString(self) -> str:  # noqa: N802 - QGIS calls it by this name
        """Return what it does."""
        return said(*self.told)

    def createInstance(self) -> Any:  # noqa: N802 - QGIS calls it by this name
        """Return another one."""
        return type(self)()

    def initAlgorithm(self, configuration: Any = None) -> None:  # noqa: N802
        """Say which options it has."""
        self.options()
        result = said("结果图层", "Result")
        self.addParameter(QgsProcessingParameterFeatureSink(OUTPUT, result))

    def options(self) -> None:
        """Add the options; a county file to begin with."""
        title = said("县库（.gpkg）", "County file (.gpkg)")
        filters = "GeoPackage (*.gpkg)"
        self.addParameter(QgsProcessingParameterFile(COUNTY, title, fileFilter=filters))

    def arguments(self, parameters: Any, context: Any) -> list[str]:
        """Return the command with its options."""
        raise NotImplementedError

    def rows(self, answer: Any) -> list[dict[str, Any]]:
        """Return the rows of an answer."""
        found: list[dict[str, Any]] = answer["findings"]
        return found

    def place(self, row: dict[str, Any]) -> Any:
        """Return where a row lies."""
        return of_kind(geometry(row.get("geometry")), self.kind)

    def before(self, parameters: Any, context: Any) -> None:
        """Read what places need."""

    def processAlgorithm(  # noqa: N802 - QGIS calls it by this name
        self, parameters: Any, context: Any, feedback: Any
    ) -> dict[str, Any]:
        """Run the command and write its answer."""
        try:
            answer = asked(self.arguments(parameters, context), feedback.isCanceled)
        except CommandError as error:
            raise QgsProcessingException(str(error)) from error
        self.before(parameters, context)
        kept = fields([(name, kind, said(zh, en)) for name, kind, zh, en in self.columns])
        crs = QgsCoordinateReferenceSystem("EPSG:4490")
        sink, where = self.parameterAsSink(parameters, OUTPUT, context, kept, self.kind, crs)
        found = [] if answer is None else self.rows(answer)
        for row in found:
            sink.addFeature(feature(kept, row, self.place(row)), QgsFeatureSink.FastInsert)
        self._entitle(QgsProcessingUtils.mapLayerFromString(where, context))
        feedback.pushInfo(said(f"{len(found)} 条", f"{len(found)} rows"))
        return {OUTPUT: where, "COUNT": len(found)}

    def _entitle(self, layer: Any) -> None:
        """Give the columns their titles; a file keeps the names alone."""
        for name, _, zh, en in self.columns if layer is not None else ():
            layer.setFieldAlias(layer.fields().indexOf(name), said(zh, en))


class CheckBoundaries(Tool):
    """Gaps, overlaps and other defects of polygons."""

    key = "check"
    title = ("检查行政区域界线（缝隙、重叠等）", "Check boundaries (gaps, overlaps)")
    told = (
        "检查面状数据（县库或勘界成果文件）中的缝隙、重叠、悬挂等问题。县库逐级对照上级范围检查。"
        "勾选“保存”后，问题记入县库的检查结果图层，已改正的自动销号。",
        "Find gaps, overlaps and other defects of polygons in a county file or any file of areas.",
    )
    kind = QgsWkbTypes.MultiPolygon
    columns = (
        *_FINDING,
        ("kind", "text", "种类", "kind"),
        ("width_m", "number", "宽（米）", "width"),
    )

    def options(self) -> None:
        """Take any file of areas, and the outline that it has to fill."""
        data, outline = said("面状数据", "Areas"), said("上级范围（可不填）", "Outline (optional)")
        self.addParameter(QgsProcessingParameterFile(COUNTY, data))
        self.addParameter(QgsProcessingParameterFile("PARENT", outline, optional=True))
        keep = said("保存到县库的检查结果图层", "Keep the findings in the county file")
        self.addParameter(QgsProcessingParameterBoolean("KEEP", keep, defaultValue=False))

    def arguments(self, parameters: Any, context: Any) -> list[str]:
        """Return the check."""
        listed = ["boundaries", "check", self.parameterAsFile(parameters, COUNTY, context)]
        if parent := self.parameterAsFile(parameters, "PARENT", context):
            listed += ["--parent", parent]
        return listed + (["--keep"] if self.parameterAsBool(parameters, "KEEP", context) else [])


class CheckNames(Tool):
    """The naming rules over all names in force."""

    key = "lint"
    title = ("按命名规则检查地名", "Check names against the rules")
    told = (
        "按《地名管理条例》等规定检查县库中在用的标准地名（重名、同音、用字等），结果为点状图层。",
        "Check every standard name in force against the naming rules.",
    )

    def options(self) -> None:
        """Take a county file and, if wanted, one rule."""
        super().options()
        rule = said("只检查一项规则（可不填）", "Only one rule (optional)")
        self.addParameter(QgsProcessingParameterString("RULE", rule, optional=True))

    def arguments(self, parameters: Any, context: Any) -> list[str]:
        """Return the audit."""
        rule = self.parameterAsString(parameters, "RULE", context)
        chosen = ["--rule", rule] if rule else []
        return ["rules", "audit", self.parameterAsFile(parameters, COUNTY, context), *chosen]


class RepairNames(Tool):
    """Dirt in names: what is certain, what a person has to decide."""

    key = "repair"
    title = ("整理地名中的脏字", "Repair characters in names")
    told = (
        "列出含有问号、空格、全角数字、异体字、私用区字符等的地名，以及确定的改法。勾选“执行”后，"
        "有把握的改正一次写入县库（记为一个事件，可以撤销）；其余须人工确定。",
        "List names with dirt inside; carry out the certain corrections if told to.",
    )
    kind = QgsWkbTypes.Point
    columns = (
        ("name", "text", "现名", "name"),
        ("after", "text", "改为", "after"),
        ("kinds", "text", "改正种类", "kinds"),
        ("doubts", "text", "待定之处", "doubts"),
        ("role", "text", "名称性质", "role"),
        ("code", "text", "代码", "code"),
    )

    def options(self) -> None:
        """Take a county file, and whether to carry the list out."""
        super().options()
        accept = said("执行有把握的改正", "Carry out the certain corrections")
        self.addParameter(QgsProcessingParameterBoolean("ACCEPT", accept, defaultValue=False))

    def arguments(self, parameters: Any, context: Any) -> list[str]:
        """Return the list of repairs."""
        accept = self.parameterAsBool(parameters, "ACCEPT", context)
        told = ["names", "repairs", self.parameterAsFile(parameters, COUNTY, context)]
        return told + (["--accept"] if accept else [])

    def rows(self, answer: Any) -> list[dict[str, Any]]:
        """Return a row a name, with its corrections and doubts in words."""
        return [
            {
                **row,
                "kinds": "、".join(row["kinds"]),
                "doubts": "、".join(
                    f"{each['part']}（{'/'.join(each['candidates']) or each['kind']}）"
                    for each in row["doubts"]
                ),
            }
            for row in answer["names"]
        ]

    def before(self, parameters: Any, context: Any) -> None:
        """Read where the divisions lie."""
        self.known = places(self.parameterAsFile(parameters, COUNTY, context))

    def place(self, row: dict[str, Any]) -> Any:
        """Return the division whose code the name's begins with."""
        code = str(row.get("code") or "")
        fitting = [each for each in (code, code[:12], code[:9], code[:6]) if each in self.known]
        return self.known[fitting[0]] if fitting else geometry(None)


class Reach(Tool):
    """Which facility is nearest on foot, and whether in time."""

    key = "reach"
    title = ("设施步行可达", "Walking reach of facilities")
    told = (
        "按步行路网计算各人口点到最近设施的时间和距离，说明是否在时限以内及未覆盖的原因。",
        "Say for every place which facility is nearest on foot, how far, and whether in time.",
    )
    kind = QgsWkbTypes.Point
    columns = (
        ("name", "text", "名称", "name"),
        ("served", "text", "是否覆盖", "served"),
        ("people", "number", "人数", "people"),
        ("seconds", "number", "步行时间（秒）", "seconds"),
        ("metres", "number", "距离（米）", "metres"),
        ("reason_text", "text", "未覆盖原因", "reason"),
        ("facility", "text", "设施", "facility"),
        ("division_code", "text", "区划代码", "division"),
    )

    def options(self) -> None:
        """Take a county file, the kinds of facility, the time, the age."""
        super().options()
        kinds = said("设施种类（多个用顿号或逗号分开）", "Kinds of facility, with commas between")
        minutes, age = said("时限（分钟）", "Minutes"), said("年龄段（如 60+）", "Age (60+)")
        self.addParameter(QgsProcessingParameterString("KIND", kinds))
        self.addParameter(
            QgsProcessingParameterNumber(
                "MINUTES", minutes, QgsProcessingParameterNumber.Double, 15.0, minValue=1.0
            )
        )
        self.addParameter(QgsProcessingParameterString("AGE", age, defaultValue="all"))

    def arguments(self, parameters: Any, context: Any) -> list[str]:
        """Return the measuring of reach."""
        county = self.parameterAsFile(parameters, COUNTY, context)
        given = self.parameterAsString(parameters, "KIND", context)
        for mark in "、,;":
            given = given.replace(mark, ",")
        kinds = [each.strip() for each in given.split(",") if each.strip()]
        minutes = self.parameterAsDouble(parameters, "MINUTES", context)
        age = self.parameterAsString(parameters, "AGE", context) or "all"
        told = ["facilities", "reach", county, "--minutes", f"{minutes:g}", "--age", age]
        return told + [part for each in kinds for part in ("--kind", each)]

    def rows(self, answer: Any) -> list[dict[str, Any]]:
        """Return a row a place, with yes or no in words; of a total neither is known."""
        words = {
            True: said("已覆盖", "served"),
            False: said("未覆盖", "not served"),
            None: said("未检查", "not checked"),
        }
        return [{**row, "served": words[row["reached"]]} for row in answer]

    def before(self, parameters: Any, context: Any) -> None:
        """Read where the divisions lie."""
        self.known = places(self.parameterAsFile(parameters, COUNTY, context))

    def place(self, row: dict[str, Any]) -> Any:
        """Return the middle of the place's division."""
        return self.known.get(str(row.get("division_code") or ""), geometry(None))

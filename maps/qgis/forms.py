"""The forms of QGIS in which a clerk reads and edits a record: titles, lists, related records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from xml.etree import ElementTree as ET

from gazetteer.common import tables
from gazetteer.common.language import Language, Text
from gazetteer.common.value_words import value_titles
from gazetteer.store import views
from maps import style
from maps.qgis.markup import layer_id

READ_ONLY = ("id", "row_version", "event")
HIDDEN = ("fid", "geom")
# A field of the county file that holds the id of another record: its layer, what names it there.
RELATED = {
    "parent_id": ("division", "id", "name"),
    "managed_by": ("division", "id", "name"),
    "division_id": ("division", "id", "name"),
    "left_id": ("division", "id", "name"),
    "right_id": ("division", "id", "name"),
    "line_id": ("boundary_line", "id", "name"),
    "marker_id": ("marker", "id", "number"),
    "place_id": ("place_name", "id", "name"),
}
DAYS = ("valid_from", "valid_to", "approved_on", "agreement_date", "set_on", "last_inspected",
        "issued_on", "installed_on", "checked_on", "opened_on", "closed_on")  # fmt: skip
LONG = ("meaning", "origin", "history", "description", "message")
YES_NO = ("bridge", "tunnel", "romanization_decided")
# what the program keeps beside a record: of no use to who fills in a form
KEPT = ("id", "thing_id", "key", "pinyin", "initials", "attributes", "content", "row_version",
        "event", "crs_source", "details", "finding", "street_id", "OGC_FID")  # fmt: skip
TABS = (
    (Text("基本情况", "Record"), ()),
    (Text("含义与来历", "Meaning and history"), ("meaning", "origin", "history", "description")),
    (
        Text("批准与依据", "Approval and source"),
        ("approved_by", "approved_on", "document", "agreement_document", "agreement_date",
         "source", "romanization_source"),
    ),
    (Text("有效期", "In force"), ("valid_from", "valid_to")),
)  # fmt: skip


def write(
    root: ET.Element,
    *,
    fields: Sequence[str],
    language: Language,
    shown: str | None = None,
    relation: Text | None = None,
    locked: bool = False,
) -> None:
    """Write aliases, lists of values, related records, what may not be edited, and the form.

    Parameters
    ----------
    root
        The layer.
    fields
        As the layer has them.
    language
        Of titles.
    shown
        Expression by which a record is called in lists; the first field that names it else.
    relation
        Id of the relation whose records stand in the form (English) and their title (Chinese).
    locked
        Nothing may be edited.
    """
    configuration = ET.SubElement(root, "fieldConfiguration")
    aliases = ET.SubElement(root, "aliases")
    editable = ET.SubElement(root, "editable")
    for at, field in enumerate(fields):
        entry = ET.SubElement(configuration, "field", name=field)
        _widget(ET.SubElement(entry, "editWidget"), field, language=language)
        title = style.field_title(field).say(language)
        ET.SubElement(aliases, "alias", field=field, index=str(at), name=title)
        changes = "0" if locked or field in (*READ_ONLY, *HIDDEN) else "1"
        ET.SubElement(editable, "field", name=field, editable=changes)
    ET.SubElement(root, "previewExpression").text = shown or called(fields)
    _form(root, fields=fields, language=language, relation=relation)


def called(fields: Sequence[str]) -> str:
    """Return the expression by which a record is called.

    Examples
    --------
    >>> called(["id", "code", "name"]), called(["id", "length_m"])
    ('coalesce("name", "code")', '"id"')
    """
    naming = ("name", "text", "number", "code", "message")
    found = [f'"{each}"' for each in naming if each in fields][:2]
    if not found:
        return f'"{fields[0]}"' if fields else ""
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


def _form(
    root: ET.Element, *, fields: Sequence[str], language: Language, relation: Text | None
) -> None:
    """Lay the fields out on tabs, the empty ones left away."""
    ET.SubElement(root, "editorlayout").text = "tablayout"
    form = ET.SubElement(root, "attributeEditorForm")
    elsewhere = {*HIDDEN, *KEPT, *(field for _, listed in TABS for field in listed)}
    for title, listed in TABS:
        on_it = [each for each in listed if each in fields]
        on_it = on_it if listed else [each for each in fields if each not in elsewhere]
        if on_it:
            tab = _tab(form, title.say(language))
            for each in on_it:
                index = str(list(fields).index(each))
                ET.SubElement(tab, "attributeEditorField", name=each, index=index, showLabel="1")
    if relation is not None:
        tab = _tab(form, relation.zh if language == "zh" else "Names")
        ET.SubElement(
            tab, "attributeEditorRelation", name=relation.en, relation=relation.en, showLabel="0"
        )


def _tab(form: ET.Element, title: str) -> ET.Element:
    told = {"name": title, "groupBox": "0", "columnCount": "1", "showLabel": "1"}
    return ET.SubElement(form, "attributeEditorContainer", told)


@cache
def _lists() -> Mapping[str, Mapping[str, Text]]:
    """Return the fields with a list of values, and what each value is called."""
    rows = tables.rows("place_categories.csv")
    named = {row["code"]: Text(f"{row['code']} {row['zh']}", row["code"]) for row in rows}
    return {**value_titles(), "category": named}


def _widget(widget: ET.Element, field: str, *, language: Language) -> None:
    titles = _lists().get(field)
    config = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
    if titles:
        widget.set("type", "ValueMap")
        listed = ET.SubElement(config, "Option", name="map", type="List")
        for value, title in titles.items():
            entry = ET.SubElement(listed, "Option", type="Map")
            ET.SubElement(entry, "Option", name=title.say(language), type="QString", value=value)
    elif field in RELATED:
        widget.set("type", "ValueRelation")
        table, key, shown = RELATED[field]
        _related(config, table=table, key=key, shown=shown)
    else:
        kind, how = _plain(field)
        widget.set("type", kind)
        for name, (type_, value) in how.items():
            ET.SubElement(config, "Option", name=name, type=type_, value=value)


def _plain(field: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """Return the widget of a field without a list, and its settings (type and value)."""
    if field in HIDDEN:
        return "Hidden", {}
    if field in DAYS:
        day = ("QString", "yyyy-MM-dd")
        kept = {"field_format": day, "display_format": day, "calendar_popup": ("bool", "true")}
        return "DateTime", {**kept, "allow_null": ("bool", "true")}
    if field in YES_NO:
        checked = {"CheckedState": ("QString", "1"), "UncheckedState": ("QString", "0")}
        return "CheckBox", checked
    return "TextEdit", {"IsMultiline": ("bool", "true")} if field in LONG else {}


def _related(config: ET.Element, *, table: str, key: str, shown: str) -> None:
    values = {
        "Layer": layer_id(table),
        "LayerName": table,
        "LayerProviderName": "ogr",
        "Key": key,
        "Value": shown,
        "FilterExpression": "" if table == views.PLACES else '"valid_to" IS NULL',
    }
    for name, value in values.items():
        ET.SubElement(config, "Option", name=name, type="QString", value=value)
    for name in ("AllowNull", "OrderByValue", "UseCompleter"):
        ET.SubElement(config, "Option", name=name, type="bool", value="true")

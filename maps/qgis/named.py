"""Places with their names in a project: one layer to look at and to edit, names in its form."""

from __future__ import annotations

from collections.abc import Collection
from xml.etree import ElementTree as ET

from gazetteer.common.language import Language, Text
from gazetteer.store import views
from gazetteer.store.frames import table_of
from maps import style
from maps.qgis import forms, points, styles
from maps.qgis.markup import layer_id
from maps.qgis.parts import Part, entry

RELATION = Text("全部名称", "gazetteer_names")
"""Title of the names of a place in its form, and the id of the relation."""
JOINED = ("name", "romanization", "status", "former_names", "aliases")
"""Fields of the view that stand beside those of the place itself."""
KEYS = ("names", "places")


def is_shown(visible: Collection[str]) -> bool:
    """Tell whether a theme shows places."""
    return any(key in visible for key in KEYS)


def write(
    tree: ET.Element,
    layers: ET.Element,
    county_file: str,
    *,
    visible: Collection[str],
    language: Language,
) -> None:
    """Write the layer of places, the view that names them, the table of names.

    Parameters
    ----------
    tree, layers
        Of the project.
    county_file
        Name of the county file beside it.
    visible
        Layers that the theme shows.
    language
        Of titles.
    """
    title = style.layer_style("names").title.say(language)
    _places(tree, layers, county_file, title=title, shown=is_shown(visible), language=language)
    view = Part(
        layer_id(views.PLACES),
        Text(f"{styles.NAMED.zh}（只读）", f"{styles.NAMED.en} (read only)").say(language),
        "point",
        f"./{county_file}|layername={views.PLACES}",
    )
    styles.write_named(entry(tree, layers, view, checked=False), language=language)
    every = Text("名称", "Names").say(language)
    source = f'./{county_file}|layername=name|subset="valid_to" IS NULL'
    names = entry(tree, layers, Part(layer_id("name"), every, "none", source), checked=False)
    forms.write(names, fields=list(table_of("names").c.keys()), language=language)


def _places(
    tree: ET.Element,
    layers: ET.Element,
    county_file: str,
    *,
    title: str,
    shown: bool,
    language: Language,
) -> None:
    source = f'./{county_file}|layername=place|subset="valid_to" IS NULL'
    part = Part(layer_id("place"), title, "point", source)
    layer = entry(tree, layers, part, checked=shown)
    points.write(layer, label="name", language=language)
    joins = ET.SubElement(layer, "vectorjoins")
    join = ET.SubElement(
        joins,
        "join",
        joinLayerId=layer_id(views.PLACES),
        joinFieldName="id",
        targetFieldName="id",
        memoryCache="1",
        dynamicForm="0",
        editable="0",
        upsertOnEdit="0",
        cascadedDelete="0",
        hasCustomPrefix="1",
        customPrefix="",
    )
    subset = ET.SubElement(join, "joinFieldsSubset")
    for field in JOINED:
        ET.SubElement(subset, "field", name=field)
    own = [each.name for each in table_of("places").c if each.name != "geom"]
    forms.write(
        layer,
        fields=[*own, *JOINED],
        language=language,
        shown='coalesce("name", "code")',
        relation=RELATION,
    )


def relate(root: ET.Element) -> None:
    """Write the relation of a place to its names."""
    relation = ET.SubElement(
        ET.SubElement(root, "relations"),
        "relation",
        id=RELATION.en,
        name=RELATION.zh,
        strength="Association",
        referencedLayer=layer_id("place"),
        referencingLayer=layer_id("name"),
    )
    ET.SubElement(relation, "fieldRef", referencingField="thing_id", referencedField="id")

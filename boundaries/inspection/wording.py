"""Differences between sides in the words of the forms."""

from __future__ import annotations

import dataclasses
from typing import Any

import shapely

from boundaries.inspection.compare import Difference
from boundaries.inspection.fields import LAYERS, SHEETS, Field, Layer
from gazetteer.language import Language, Text

PLACE = Field(name="geometry", label=Text("实测位置", "measured position"), type="number")


def of(difference: Difference, layer: Layer) -> Difference:
    """Return a difference whose sentence has the headings and words of the forms.

    Examples
    --------
    >>> told = Difference(key="1", field="state", base="good", told={"421081": "lost"},
    ...     evidence={}, message=Text("", ""))
    >>> of(told, "markers").message.zh
    '界桩1的界桩现状：发出时为完好；421081填丢失'
    """
    if not difference.field:
        return difference
    field = next((each for each in (*LAYERS[layer], PLACE) if each.name == difference.field), PLACE)
    return dataclasses.replace(
        difference,
        message=Text(_told(difference, layer, field, "zh"), _told(difference, layer, field, "en")),
    )


def _told(difference: Difference, layer: Layer, field: Field, language: Language) -> str:
    what = f"{SHEETS[layer].say(language)}{difference.key}"
    was = _shown(field, difference.base, language)
    if language == "zh":
        told = "，".join(f"{k}填{_shown(field, v, 'zh')}" for k, v in difference.told.items())
        return f"{what}的{field.label.zh}：发出时为{was}；{told}"
    told = ", ".join(f"{k} says {_shown(field, v, 'en')}" for k, v in difference.told.items())
    return f"{field.label.en} of {difference.key}: handed out {was}; {told}"


def _shown(field: Field, value: Any, language: Language) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, shapely.Point):
        return f"{value.x:.7f} {value.y:.7f}"
    word = (field.values or {}).get(str(value))
    return f"{value:g}" if isinstance(value, float) else word.say(language) if word else str(value)

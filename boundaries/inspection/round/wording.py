"""Differences between sides in the words of the forms."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import shapely

from boundaries.inspection.round.compare import Difference
from boundaries.inspection.round.fields import LAYERS, SHEETS, Field, Layer
from gazetteer.common.language import Language, Text

PLACE = Field(name="geometry", label=Text("实测位置", "measured position"), type="number")


def of(difference: Difference, layer: Layer, *, names: Mapping[str, str]) -> Difference:
    """Return a difference whose sentence has the headings and words of the forms.

    Parameters
    ----------
    difference
        Of one field, or of a whole record, which keeps its sentence.
    layer
        Of the record.
    names
        Of the sides, by code; a code without a name stands for itself.

    Examples
    --------
    >>> told = Difference(key="1", field="state", base="good", told={"421081": "lost"},
    ...     evidence={}, message=Text("", ""))
    >>> of(told, "markers", names={"421081": "石首市"}).message.zh
    '界桩1的界桩现状：发出时为完好；石首市填丢失'
    """
    if not difference.field:
        return difference
    field = next((each for each in (*LAYERS[layer], PLACE) if each.name == difference.field), PLACE)
    message = Text(
        _zh(difference, f"{SHEETS[layer].zh}{difference.key}", field, names),
        _en(difference, field, names),
    )
    return dataclasses.replace(difference, message=message)


def _zh(difference: Difference, what: str, field: Field, names: Mapping[str, str]) -> str:
    was = _shown(field, difference.base, "zh")
    answers = "，".join(
        f"{names.get(k, k)}填{_shown(field, v, 'zh')}" for k, v in difference.told.items()
    )
    return f"{what}的{field.label.zh}：发出时为{was}；{answers}"


def _en(difference: Difference, field: Field, names: Mapping[str, str]) -> str:
    was = _shown(field, difference.base, "en")
    answers = ", ".join(
        f"{names.get(k, k)} says {_shown(field, v, 'en')}" for k, v in difference.told.items()
    )
    return f"{field.label.en} of {difference.key}: handed out {was}; {answers}"


def _shown(field: Field, value: Any, language: Language) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, shapely.Point):
        return f"{value.x:.7f} {value.y:.7f}"
    word = (field.values or {}).get(str(value))
    return f"{value:g}" if isinstance(value, float) else word.say(language) if word else str(value)

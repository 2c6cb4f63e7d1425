"""What popups and hit lists say of a record: values as people read them, no ids, no enum words.

`data/map_fields.csv` says in which form a field is said; a field that it does not list is said
as it stands, because it is a column that the reader made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from gazetteer.common import tables
from gazetteer.common.language import Language, Text
from gazetteer.common.value_words import value_titles
from gazetteer.names import categories
from maps import style
from maps.atlas import columns

YES = Text("是", "yes")
EVERY_AGE = Text("全部年龄", "all ages")
CLASS = Text("类别", "Class")
SILENT, LAST = ("drop", "key"), ("document", "source")


@cache
def forms() -> dict[str, str]:
    """Return the form of each field that has one."""
    return {row["field"]: row["form"] for row in tables.rows("map_fields.csv")}


def form(field: str) -> str:
    """Return the form of a field: ``drop`` and ``key`` are not said, empty is said as it stands.

    A key stays in the page, because other records point to it.

    Examples
    --------
    >>> form("crs_source"), form("thing_id"), form("meaning")
    ('drop', 'key', '')
    """
    return forms().get(field, "")


def title(field: str, *, language: Language) -> str:
    """Return what a field is called in a popup: a class is said in words, not by its code.

    Examples
    --------
    >>> title("category", language="zh"), title("beds", language="zh")
    ('类别', '床位')
    """
    return (CLASS if form(field) == "class" else style.field_title(field)).say(language)


def value(field: str, given: Any, *, language: Language) -> str:
    """Return a value of a field as it is said; empty where there is nothing to say.

    Parameters
    ----------
    field
        Name of the field.
    given
        Value as it is stored.
    language
        Language of words.

    Examples
    --------
    >>> value("category", "24230", language="zh"), value("bridge", 0, language="zh")
    ('水库', '')
    >>> value("length_m", 5892.796881, language="zh"), value("seat_lon", 112.5, language="zh")
    ('5892.8', '112°30′00.0″')
    >>> value("age_group", "80+", language="zh"), value("role", "former", language="zh")
    ('80岁及以上', '曾用名')
    """
    text = columns.say(given)
    said = _FORMS.get(form(field))
    if not text or said is None:
        word = value_titles().get(field, {}).get(text)
        return word.say(language) if word else text
    return said(text, language)


def class_title(code: str) -> str:
    """Return the name of a GB/T 18521 class; that of the class it lies in where it has none.

    Examples
    --------
    >>> class_title("24231"), class_title("no class")
    ('水库', 'no class')
    """
    wider = [code[:kept].ljust(len(code), "0") for kept in range(len(code), 0, -1)]
    return next((found for each in wider if (found := categories.title(each))), code)


def _class(text: str, language: Language) -> str:  # the standard has no English names
    return class_title(categories.code_of(text) or text)


def _source(text: str, language: Language) -> str:
    """Return the file that a record came from; what the toolkit wrote itself has none."""
    return text if re.search(r"\.\w{2,5}$", text) else ""


def _state(text: str, language: Language) -> str:
    """Return a state of whatever has one: signs, work orders, markers."""
    known = (value_titles()[field].get(text) for field in ("state", "marker_state"))
    return next((word.say(language) for word in known if word), text)


def _plate(text: str, language: Language) -> str:
    row = next((row for row in tables.rows("sign_plates.csv") if row["plate_class"] == text), None)
    return row[language] if row else text


def _yes(text: str, language: Language) -> str:
    return "" if text in ("0", "no", "False", "false") else YES.say(language)


def _degrees(text: str, language: Language) -> str:
    number = _number(text)
    if number is None:
        return text
    tenths = round(abs(number) * 36000)
    degrees, rest = divmod(tenths, 36000)
    sign = "-" if number < 0 else ""
    return f"{sign}{degrees}°{rest // 600:02d}′{rest % 600 / 10:04.1f}″"


def _scale(text: str, language: Language) -> str:
    number = _number(text)
    return text if number is None else f"1:{number:.0f}"


def _age(text: str, language: Language) -> str:
    if text == "all":
        return EVERY_AGE.say(language)
    found = re.fullmatch(r"(\d+)(?:-(\d+)|(\+))", text)
    if found is None:
        return text
    low, high, _ = found.groups()
    after = Text(f"{low}岁及以上", f"{low} and older")
    return (Text(f"{low}—{high}岁", f"{low}-{high}") if high else after).say(language)


def _rounded(decimals: int) -> Callable[[str, Language], str]:
    def said(text: str, language: Language) -> str:
        number = _number(text)
        return text if number is None else columns.say(round(number, decimals))

    return said


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _nested(text: str, language: Language) -> str:
    """Return attributes as JSON of titles and texts; what is no JSON object as it stands."""
    try:
        known = json.loads(text)
    except ValueError:
        return text
    if not isinstance(known, dict):
        return _flat(known, language)
    said = {
        style.field_title(key).say(language): _told(key, each, language)
        for key, each in known.items()
        if form(key) not in SILENT
    }
    kept = {title: each for title, each in said.items() if each}
    return json.dumps(kept, ensure_ascii=False) if kept else ""


def _told(key: str, given: Any, language: Language) -> str:
    if isinstance(given, dict | list):
        return _flat(given, language)
    if key in _CLASS_HEADERS:
        return _class(columns.say(given), language)
    return "" if key == "attributes" else value(key, given, language=language)


def _flat(given: Any, language: Language) -> str:
    if isinstance(given, dict):
        parts = ((style.field_title(key).say(language), each) for key, each in given.items())
        return "；".join(f"{title}：{_flat(each, language)}" for title, each in parts)
    if isinstance(given, list):
        return "、".join(_flat(each, language) for each in given)
    return columns.say(given)


_CLASS_HEADERS = ("类别代码", "地名类别代码", "地理实体类别代码")
_FORMS: dict[str, Callable[[str, Language], str]] = {
    "class": _class, "yes": _yes, "degrees": _degrees, "scale": _scale, "age": _age,
    "source": _source, "state": _state, "plate": _plate,
    "metres": _rounded(1), "centimetres": _rounded(2), "whole": _rounded(0), "nested": _nested,
}  # fmt: skip

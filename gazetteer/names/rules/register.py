"""A register of names prepared for checking: an index in memory over a frame."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.common.lazy import pd
from gazetteer.names.rules import scopes, sounds, terms
from gazetteer.names.rules.model import Neighbour, Scope

_TEXT = {
    "id": "",
    "thing_id": "",
    "text": "",
    "specific": "",
    "generic": "",
    "role": "standard",
    "status": "approved",
    "division_code": "",
    "built_up": "",
    "romanization": "",
}
_SAID = ("id", "text", "name_class", "thing_id", "division_code", "generic")


class Register:
    """Names of a county or of the nation, indexed by text, sound and specific part.

    Parameters
    ----------
    names
        One row a name. ``text`` is needed; ``name_class``, or ``level``, ``kind`` and
        ``category``, says what it names; ``division_code``, ``built_up`` and ``geometry``
        (EPSG:4490) say where. ``id``, ``thing_id``, ``role``, ``status``, ``specific``,
        ``generic`` and ``romanization`` are used when there. A missing romanization is spelt
        by dictionary, for comparison only.
    dialect
        Rows of ``rule_dialect.csv``; give the same to `Settings`.

    Raises
    ------
    InputError
        No column ``text``.

    Examples
    --------
    >>> names = pd.DataFrame({"text": ["滨河路", "平安里"], "name_class": ["street", "street"]})
    >>> scope = Scope(kind="nation", classes=frozenset({"street"}))
    >>> [each.text for each in Register(names).same_sound("binhelu", scope)]
    ['滨河路']
    >>> len(Register(names.head(0)))
    0
    """

    def __init__(self, names: pd.DataFrame, *, dialect: Iterable[Mapping[str, str]] = ()) -> None:
        if "text" not in names:
            raise InputError(
                Sentence("The names have no column 'text'"), remedy=Sentence("Name the column.")
            )
        self.dialect = tuple(dialect)
        self.frame = _prepared(names)
        self.geometry = names["geometry"].to_numpy() if "geometry" in names else None
        self._columns = {name: self.frame[name].to_numpy(dtype=object) for name in self.frame}

    def __len__(self) -> int:
        return len(self.frame)

    def prepare(self) -> Register:
        """Build the three indexes now rather than at the first question."""
        _ = self._by_text, self._by_specific, self._by_sound
        return self

    @cached_property
    def keys(self) -> pd.DataFrame:
        """The columns ``sound`` (toneless, dialect merged) and ``tones`` of each name."""
        made = sounds.keys(self.frame["text"], self.frame["romanization"])
        if self.dialect:
            made["sound"] = [sounds.in_dialect(key, self.dialect) for key in made["sound"]]
        return made

    @cached_property
    def _by_text(self) -> dict[Any, Any]:
        return _index(self.frame["text"])

    @cached_property
    def _by_specific(self) -> dict[Any, Any]:
        return _index(self.frame["specific"])

    @cached_property
    def _by_sound(self) -> dict[Any, Any]:
        return _index(self.keys["sound"])

    def same_text(self, texts: Collection[str], scope: Scope) -> list[Neighbour]:
        """Return names in the scope that are written as one of these texts."""
        return [each for text in texts for each in self._within(self._by_text.get(text), scope)]

    def same_sound(self, key: str, scope: Scope) -> list[Neighbour]:
        """Return names in the scope whose toneless key is this."""
        return self._within(self._by_sound.get(key), scope)

    def same_specific(self, specific: str, scope: Scope) -> list[Neighbour]:
        """Return names in the scope whose specific part is this."""
        return self._within(self._by_specific.get(specific), scope)

    def _within(self, rows: Any, scope: Scope) -> list[Neighbour]:
        found = [] if rows is None else rows
        lying = ((row, self._inside(row, scope)) for row in found)
        return [
            self._neighbour(row, placed=bool(inside))
            for row, inside in lying
            if inside is not False
        ]

    def _inside(self, row: int, scope: Scope) -> bool | None:
        """Tell whether a name lies in a scope; None where nothing says where it lies."""
        if self._columns["name_class"][row] not in scope.classes:
            return False
        if scope.area is not None:
            return self._touches(row, scope)
        if scope.kind == "built-up":
            return bool(self._columns["built_up"][row] == scope.code)
        return scopes.within(self._columns["division_code"][row], scope)

    def _touches(self, row: int, scope: Scope) -> bool | None:
        shape = None if self.geometry is None else self.geometry[row]
        return None if shape is None else bool(shapely.intersects(scope.area, shape))

    def _neighbour(self, row: int, *, placed: bool) -> Neighbour:
        columns = {name: self._columns[name][row] for name in _SAID}
        return Neighbour(
            **columns,
            romanization=self._columns["romanization"][row] or sounds.spell(columns["text"]),
            role=self._columns["role"][row],
            status=self._columns["status"][row],
            placed=placed,
            geometry=None if self.geometry is None else self.geometry[row],
        )


def _index(column: pd.Series) -> dict[Any, Any]:
    # sorted once and cut where the value changes: a group of a nation's names costs no search
    order = np.argsort(codes := pd.factorize(column)[0], kind="stable")
    cuts = np.flatnonzero(np.diff(codes[order])) + 1
    groups = np.split(order, cuts) if len(order) else []
    values = column.to_numpy(dtype=object)
    return {values[group[0]]: group for group in groups}


def _prepared(names: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame(index=pd.RangeIndex(len(names)))
    for name, default in _TEXT.items():
        given = names[name] if name in names else pd.Series(default, index=names.index)
        frame[name] = given.astype(object).where(given.notna(), default).astype(str).to_numpy()
    frame["id"] = frame["id"].where(frame["id"] != "", _numbers(frame, names))
    frame["thing_id"] = frame["thing_id"].where(frame["thing_id"] != "", frame["id"])
    classes: pd.Series = names["name_class"] if "name_class" in names else scopes.classes(names)
    frame["name_class"] = classes.astype(str).to_numpy()
    frame["category"] = _spelt_as(names, frame["name_class"])
    return _with_parts(frame)


def _spelt_as(names: pd.DataFrame, classes: pd.Series) -> Any:
    """Return the class by which each name is spelt: category or level as the importer has it."""
    if "category" not in names and "level" not in names:
        return classes.to_numpy()
    parts = names.reindex(columns=["category", "level"]).astype(object).fillna("").astype(str)
    return parts["category"].where(parts["category"] != "", parts["level"]).to_numpy()


def _numbers(frame: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    if "code" in names:
        return names["code"].astype(str).reset_index(drop=True)
    return pd.Series(frame.index.astype(str), index=frame.index)


def _with_parts(frame: pd.DataFrame) -> pd.DataFrame:
    lacking = frame["specific"].to_numpy() == ""
    if lacking.any():
        pairs = zip(frame["text"][lacking], frame["name_class"][lacking], strict=True)
        parts = pd.DataFrame([terms.split(*pair) for pair in pairs], columns=["s", "g"])
        frame.loc[lacking, "specific"] = parts["s"].to_numpy()
        frame.loc[lacking, "generic"] = parts["g"].to_numpy()
    return frame

"""Settings that an office writes in TOML: what is missing or of the wrong kind is told by name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gazetteer.common.errors import InputError
from gazetteer.common.language import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """One table of the file.

    Parameters
    ----------
    told
        What stands in it.
    place
        Name of the file, for messages.
    remedy
        What to do about a field that is missing or wrong.

    Examples
    --------
    >>> mine = read("scale = 10000", place="mine.toml", remedy="See the example.")
    >>> mine.whole("scale"), mine.number("factor", default=10), "factor" in mine
    (10000, 10.0, False)
    >>> mine.text("name")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: mine.toml: field 'name' is missing. See the example.
    """

    told: Mapping[str, Any]
    place: str
    remedy: str

    def __contains__(self, name: str) -> bool:
        """Tell whether a field is there."""
        return name in self.told

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the fields."""
        return iter(self.told)

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return a field as text.

        Raises
        ------
        InputError
            When it is missing and has no default.
        """
        return str(self._field(name, default))

    def number(self, name: str, *, default: float | None = None) -> float:
        """Return a field as a number.

        Raises
        ------
        InputError
            When it is none, or missing without a default.
        """
        value = self._field(name, default)
        try:
            return float(value)
        except (TypeError, ValueError):
            raise self._wrong(name, value) from None

    def whole(self, name: str) -> int:
        """Return a field as a whole number.

        Raises
        ------
        InputError
            When it is none, or missing.
        """
        number = self.number(name)
        if not number.is_integer():
            raise self._wrong(name, number)
        return int(number)

    def table(self, name: str, *, default: Mapping[str, Any] | None = None) -> Fields:
        """Return a table within this one.

        Raises
        ------
        InputError
            When it is none, or missing without a default.
        """
        return self._of(name, self._field(name, default))

    def rows(self, name: str, *, default: list[Any] | None = None) -> list[Fields]:
        """Return the tables of a list (``[[name]]``).

        Raises
        ------
        InputError
            When it is no list of tables, or missing without a default.
        """
        return [self._of(name, each) for each in self._list(name, default)]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts.

        Raises
        ------
        InputError
            When it is no list, or missing.
        """
        return tuple(map(str, self._list(name, None)))

    def title(self) -> Text:
        """Return this table's ``zh`` and ``en``; the Chinese stands for an English not given.

        Raises
        ------
        InputError
            When ``zh`` is missing.
        """
        zh = self.text("zh")
        return Text(zh, self.text("en", default=zh))

    def _field(self, name: str, default: Any) -> Any:
        found = self.told.get(name, default)
        if found is None:
            raise InputError(f"field {name!r} is missing", place=self.place, remedy=self.remedy)
        return found

    def _list(self, name: str, default: list[Any] | None) -> list[Any]:
        found = self._field(name, default)
        if not isinstance(found, list):
            raise self._wrong(name, found)
        return found

    def _of(self, name: str, found: Any) -> Fields:
        if not isinstance(found, Mapping):
            raise self._wrong(name, found)
        return replace(self, told=found)

    def _wrong(self, name: str, value: Any) -> InputError:
        said = f"field {name!r} has a wrong value ({str(value)[:40]!r})"
        return InputError(said, place=self.place, remedy=self.remedy)


def read(text: str, *, place: str, remedy: str) -> Fields:
    """Read a file of settings.

    Raises
    ------
    InputError
        When it is no TOML.
    """
    try:
        return Fields(told=tomllib.loads(text), place=place, remedy=remedy)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = f"is no TOML ({str(error)[:80]})"
        raise InputError(said, place=place, remedy="Mend it there.") from error

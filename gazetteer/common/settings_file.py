"""Settings that an office writes in TOML: what is missing or of the wrong kind is told by name."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text

T = TypeVar("T")
LARGEST = 1_000_000
"""Characters: a file of settings is written by hand."""
_DEEP = re.compile(r"(?:\.[ \t]*[\w\"'-]+[ \t]*){50}")
"""A key of so many parts: the parser takes minutes for one of a hundred thousand."""


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
    called
        What the table is called in messages about all of it.

    Examples
    --------
    >>> mine = read("scale = 10000", place="mine.toml", remedy=Sentence("See the example."))
    >>> mine.whole("scale"), mine.number("factor", default=10), "factor" in mine
    (10000, 10.0, False)
    >>> mine.text("name")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: mine.toml: field 'name' is missing. See the example.
    """

    told: Mapping[str, Any]
    place: str
    remedy: Sentence | Text
    called: str = "the file"

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

    def number(self, name: str, *, default: float | None = None, bounded: bool = True) -> float:
        """Return a field as a number; only one that is not ``bounded`` may be infinite.

        Raises
        ------
        InputError
            When it is none, or missing without a default.
        """
        value = self._field(name, default)
        try:
            found = float(value)
        except (TypeError, ValueError):
            raise self._wrong(name, value) from None
        if math.isnan(found) or (bounded and math.isinf(found)):
            raise self._wrong(name, value)
        return found

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
        found = self._field(name, default)
        if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
            msg, remedy = (
                Sentence("{name} is no list of tables", name=name),
                Sentence("Write [[{name}]]", name=name),
            )
            raise InputError(msg, place=self.place, remedy=remedy)
        return [self._of(name, each) for each in found]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts.

        Raises
        ------
        InputError
            When it is no list, or missing.
        """
        found = self._field(name, None)
        if not isinstance(found, list):
            raise self._wrong(name, found)
        return tuple(map(str, found))

    def title(self) -> Text:
        """Return this table's ``zh`` and ``en``; the Chinese stands for an English not given.

        Raises
        ------
        InputError
            When ``zh`` is missing.
        """
        zh = self.text("zh")
        return Text(zh, self.text("en", default=zh))

    def assuming(self, **values: Any) -> Fields:
        """Return this table with values for fields that it has not."""
        return replace(self, told={**values, **self.told})

    def only(self, known: Collection[str]) -> None:
        """Refuse a table with other fields.

        Raises
        ------
        InputError
            With the name of the first that is not known.
        """
        for name in self.told:
            if name not in known:
                raise self._refused(
                    Sentence("[{table}] has no field {name!r}", table=self.called, name=name)
                )

    def filled(self, kind: type[T], **made: Any) -> T:
        """Return a dataclass with the fields of this table.

        Parameters
        ----------
        kind
            The dataclass; its fields are numbers, whole numbers, texts and tuples of them.
        made
            Fields that were made already.

        Raises
        ------
        InputError
            When a field is missing, unknown or of the wrong type.
        """
        known = getattr(kind, "__dataclass_fields__")  # noqa: B009 - any dataclass
        self.only(known)
        values = {name: frozen(value) for name, value in self.told.items()} | made
        for name, spec in known.items():
            if name not in values and spec.default is spec.default_factory:
                raise self._refused(
                    Sentence("[{table}] lacks {name!r}", table=self.called, name=name)
                )
            if name in values and not _fits(values[name], str(spec.type)):
                problem = Sentence(
                    "[{table}] {name} = {value!r} is not of type {kind}",
                    table=self.called,
                    name=name,
                    value=values[name],
                    kind=spec.type,
                )
                raise self._refused(problem)
        return kind(**values)

    def _field(self, name: str, default: Any) -> Any:
        found = self.told.get(name, default)
        if found is None:
            raise InputError(
                Sentence("field {name!r} is missing", name=name),
                place=self.place,
                remedy=self.remedy,
            )
        return found

    def _of(self, name: str, found: Any) -> Fields:
        if not isinstance(found, Mapping):
            raise self._refused(Sentence("[{name}] is no table", name=name))
        return replace(self, told=found, called=name)

    def _wrong(self, name: str, value: Any) -> InputError:
        shown = str(value)[:40]
        return self._refused(
            Sentence("field {name!r} has a wrong value ({shown!r})", name=name, shown=shown)
        )

    def _refused(self, said: Sentence) -> InputError:
        return InputError(said, place=self.place, remedy=self.remedy)


def frozen(value: Any) -> Any:
    """Return a value with its lists as tuples."""
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def _fits(value: Any, kind: str) -> bool:
    """Tell whether a value is of the type that a field of a dataclass names."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind.startswith("float"):
        return number and math.isfinite(value)
    if kind.startswith("int"):
        return number and float(value).is_integer()
    if kind == "str":
        return isinstance(value, str)
    if kind in ("tuple[float, ...]", "tuple[str, ...]"):
        return isinstance(value, tuple) and all(_fits(each, kind[6:-6]) for each in value)
    return True


def read(text: str, *, place: str, remedy: Sentence | Text) -> Fields:
    """Read a file of settings.

    Raises
    ------
    InputError
        When it is no TOML, or longer or deeper than any file of settings is.
    """
    if len(text) > LARGEST or _DEEP.search(text):
        problem = Sentence("is too long or too deep for a file of settings")
        raise InputError(problem, place=place, remedy=Sentence("Is it the right file?"))
    try:
        return Fields(told=tomllib.loads(text), place=place, remedy=remedy)
    except (ValueError, RecursionError) as error:  # `TOMLDecodeError`, and a number too long
        problem = Sentence("is no TOML ({quote})", quote=str(error)[:80])
        raise InputError(problem, place=place, remedy=Sentence("Mend it there.")) from error

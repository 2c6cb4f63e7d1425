"""Codes of boundary lines and numbers of boundary markers, as templates an office can replace.

A template is plain text with fields in braces:

``{low:1-2}``
    characters 1 to 2 of the smaller of the two division codes; ``{high:7-9}`` of the larger;
``{line}``
    the whole line code; ``{serial:3}`` the serial number in three digits, from 001;
``{side}``
    the letter of the marker's type and side; ``{side?}`` where the letter may be left out.

Only the provincial rule is built in as seen: two 2-digit province codes with the smaller first,
a 3-digit serial from 001 that grows from west to east or from north to south, and a type letter.
Rules for county and township lines are provincial, so they are configuration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

SIDES: dict[str, tuple[str, ...]] = {
    "single": ("Q",),
    "double": ("A", "B"),
    "triple": ("C", "D", "E"),
}
"""Type letters of each marker type, in ascending order of the codes of the sides they stand on."""

_FIELD = re.compile(r"\{(low|high|line|serial|side)(?::(\d+)(?:-(\d+))?)?(\?)?\}")


class MarkerNumber(NamedTuple):
    """A marker number taken apart: line code, serial from 1, type letter (or an empty string).

    Parameters
    ----------
    line
        Code of the line.
    serial
        Number along the line, from 1.
    side
        Type letter, or an empty string.
    """

    line: str
    serial: int
    side: str = ""

    @property
    def marker_type(self) -> str | None:
        """Type that the letter stands for: single, double, triple, or None without a letter."""
        return next((kind for kind, letters in SIDES.items() if self.side in letters), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A way of numbering lines and their markers.

    Parameters
    ----------
    line, marker
        Templates as described at the head of this module.
    source
        Where the rule comes from.
    state
        ``verified``, ``confirmed`` (by the office) or ``recalled``.

    Examples
    --------
    >>> PROVINCIAL.line_code("430000", "420000")
    '4243'
    >>> PROVINCIAL.format(MarkerNumber("4243", 7, "A"))
    '4243007A'
    >>> PROVINCIAL.parse("4243007A")
    MarkerNumber(line='4243', serial=7, side='A')
    >>> PROVINCIAL.parse("4243000A")
    Traceback (most recent call last):
    ...
    gazetteer.common.errors.InputError: '4243000A' has serial 0. Serials start at 001.
    """

    line: str
    marker: str
    source: str
    state: str = "recalled"

    def line_code(self, one: str, other: str) -> str:
        """Return the code of the line between two divisions, whatever their order.

        Parameters
        ----------
        one
            Code of a division.
        other
            Code of its neighbour.

        Returns
        -------
        str
            The code, lower code first as the template says.

        Raises
        ------
        InputError
            When a code is too short for the template.
        """
        low, high = sorted((one, other))
        parts = {"low": low, "high": high}

        def cut(field: re.Match[str]) -> str:
            first, last = int(field[2]), int(field[3] or field[2])
            text = parts[field[1]][first - 1 : last]
            if len(text) != last - first + 1:
                msg = Sentence(
                    "code {code!r} has no characters {first} to {last}",
                    code=parts[field[1]],
                    first=first,
                    last=last,
                )
                raise InputError(
                    msg, remedy=Sentence("The line code template is {line}.", line=self.line)
                )
            return text

        return _FIELD.sub(cut, self.line)

    def format(self, number: MarkerNumber) -> str:
        """Write a marker number.

        Parameters
        ----------
        number
            The number taken apart.

        Returns
        -------
        str
            The number as it is written on the marker.

        Raises
        ------
        InputError
            When the serial does not fit into its digits or the result does not read back.
        """

        def put(field: re.Match[str]) -> str:
            if field[1] == "serial":
                return f"{number.serial:0{field[2] or 1}d}"
            return number.line if field[1] == "line" else number.side

        text = _FIELD.sub(put, self.marker)
        if self.parse(text) != number:
            msg = Sentence(
                "{number} cannot be written as {marker}", number=number, marker=self.marker
            )
            raise InputError(
                msg, remedy=Sentence("Check the line code, the serial and the type letter.")
            )
        return text

    def parse(self, text: str) -> MarkerNumber:
        """Take a marker number apart.

        Parameters
        ----------
        text
            A marker number as written.

        Returns
        -------
        MarkerNumber
            Line code, serial and type letter.

        Raises
        ------
        InputError
            When the text does not follow the template, or its serial is 0.
        """
        match = _pattern(self.line, self.marker).fullmatch(text)
        if match is None:
            remedy = Sentence(
                "The template is {marker} with line code {line}.",
                marker=self.marker,
                line=self.line,
            )
            raise InputError(Sentence("{text!r} is no marker number", text=text), remedy=remedy)
        serial = int(match["serial"])
        if serial == 0:
            raise InputError(
                Sentence("{text!r} has serial 0", text=text),
                remedy=Sentence("Serials start at 001."),
            )
        return MarkerNumber(match["line"], serial, match.groupdict().get("side") or "")

    def read(self, text: str) -> MarkerNumber | None:
        """Take a marker number apart where it is one.

        Parameters
        ----------
        text
            Any text.

        Returns
        -------
        MarkerNumber or None
            As of `parse`, None for what follows no template.
        """
        try:
            return self.parse(text)
        except InputError:
            return None

    def line_of(self, one: str, other: str) -> str | None:
        """Return the code of the line between two divisions where their codes give one.

        Parameters
        ----------
        one, other
            Codes of the divisions.

        Returns
        -------
        str or None
            As of `line_code`, None where a code is too short.
        """
        try:
            return self.line_code(one, other)
        except InputError:
            return None


@lru_cache(maxsize=32)
def _pattern(line: str, marker: str) -> re.Pattern[str]:
    """Return the expression that a marker number of these templates matches as a whole."""
    return re.compile(_expression(marker, line=f"(?P<line>{_expression(line, line='')})"))


def _expression(template: str, *, line: str) -> str:
    parts, end = [], 0
    for field in _FIELD.finditer(template):
        parts += [re.escape(template[end : field.start()]), _one_field(field, line=line)]
        end = field.end()
    return "".join([*parts, re.escape(template[end:])])


def _one_field(field: re.Match[str], *, line: str) -> str:
    match field[1]:
        case "line":
            return line
        case "serial":
            return f"(?P<serial>[0-9]{{{field[2] or '1,'}}})"
        case "side":
            return f"(?P<side>[A-EQ]){field[4] or ''}"
    return f"[0-9A-Z]{{{int(field[3] or field[2]) - int(field[2]) + 1}}}"


def letters_for(codes: list[str], marker_type: str) -> dict[str, str]:
    """Tell which letter each side's marker carries: the smaller code takes the earlier letter.

    A single marker has one letter whatever the side it stands on.

    Parameters
    ----------
    codes
        Codes of the divisions that meet at the marker.
    marker_type
        ``single``, ``double`` or ``triple``.

    Returns
    -------
    dict[str, str]
        Letter by code.

    Examples
    --------
    >>> letters_for(["430000", "420000"], "double")
    {'420000': 'A', '430000': 'B'}
    >>> letters_for(["430000", "420000"], "single")
    {'420000': 'Q', '430000': 'Q'}
    """
    letters = SIDES[marker_type]
    ordered = sorted(set(codes))
    return {code: letters[min(place, len(letters) - 1)] for place, code in enumerate(ordered)}


def tri_point_code(codes: list[str], *, ordinal: int = 1) -> str:
    """Name a tri-point of counties: their last two digits, ascending, and a Roman numeral.

    Inferred from one published example (350723, 350781 and 350784 meet at 238184I), so offices
    with a rule of their own replace it.

    Parameters
    ----------
    codes
        Codes of the three counties, in any order.
    ordinal
        Which of the tri-points of these three, from 1 to 10.

    Returns
    -------
    str
        The code.

    Raises
    ------
    InputError
        When the codes are not three different ones, or the ordinal is out of its range.

    Examples
    --------
    >>> tri_point_code(["350781", "350723", "350784"])
    '238184I'
    """
    numerals = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
    if len(set(codes)) != 3 or not 1 <= ordinal <= len(numerals):
        msg = Sentence(
            "no tri-point code for {codes} and ordinal {ordinal}", codes=codes, ordinal=ordinal
        )
        raise InputError(
            msg, remedy=Sentence("Give three different codes and an ordinal from 1 to 10.")
        )
    return "".join(code[-2:] for code in sorted(codes)) + numerals[ordinal - 1]


PROVINCIAL = Scheme(
    line="{low:1-2}{high:1-2}",
    marker="{line}{serial:3}{side}",
    source="界桩编号：4位界线代码 + 3位序号 + 类型码（省级勘界）",
    state="verified",
)
"""Lines between provinces: 4 digits, 3 digits, one letter."""

TOWNSHIP = Scheme(
    line="{low:1-6}{low:7-9}{high:7-9}",
    marker="{line}{serial:3}{side}",
    source="default of this toolkit; township rules are provincial",
    state="recalled",
)
"""A default for township lines: county code, both township codes, then as between provinces."""

SCHEMES: dict[str, Scheme] = {"provincial": PROVINCIAL, "township": TOWNSHIP}

"""Division codes as text: padding recognised, level and parent told from the digits.

GB/T 2260 gives six digits to a county, GB/T 10114 nine to a township, the statistical list twelve
to a village; each is stored in its shortest form (2, 4, 6, 9 or 12 digits).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence

LEVEL_BY_LENGTH = {2: "province", 4: "prefecture", 6: "county", 9: "township", 12: "village"}
"""Level by the number of digits in the shortest form."""

_CODE = re.compile(r"[1-9]\d(?:\d\d(?:\d\d(?:\d{3}(?:\d{3})?)?)?)?", re.ASCII).fullmatch
_ABOVE = {4: 2, 6: 4, 9: 6, 12: 9}
_SHORTER = {12: (9, "000"), 9: (6, "000"), 6: (4, "00"), 4: (2, "00")}
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
"""Beijing, Tianjin, Shanghai, Chongqing: their 01 and 02 are no prefectures."""


def shortest(code: str) -> str:
    """Return a code without the zeros that only fill it up; anything else as it is.

    Examples
    --------
    >>> [shortest(code) for code in ("421081000000", "110106012000", "420000", "110101001001")]
    ['421081', '110106012', '42', '110101001001']
    >>> shortest("42108"), shortest("石首")
    ('42108', '石首')
    """
    while (step := _SHORTER.get(len(code))) and code.endswith(step[1]):
        code = code[: step[0]]
    return code


def shorten(codes: Sequence[str | None]) -> list[str | None]:
    """Return codes in shortest form, except where that would make two different ones equal.

    Some lists carry a city without counties twice, as 4419 and 441900: both stay.

    Examples
    --------
    >>> shorten(["441900000000", None]), shorten(["4419", "441900"])
    (['4419', None], ['4419', '441900'])
    """
    padded = {code: shortest(code) for code in codes if code and code[-2:] == "00"}
    padded = {code: short for code, short in padded.items() if code != short}
    if not padded:
        return list(codes)
    taken = {code for code in codes if code and code not in padded}
    padded = {code: code if short in taken else short for code, short in padded.items()}
    return [padded.get(code, code) if code else code for code in codes]


def is_code(code: str) -> bool:
    """Tell whether a text is a division code: 2, 4, 6, 9 or 12 digits that do not start with 0.

    Examples
    --------
    >>> is_code("421081"), is_code("42108"), is_code("４２"), is_code("012345")
    (True, False, False, False)
    """
    return _CODE(code) is not None


def of_object(text: str) -> str | None:
    """Return the one code in JSON that stands where a code is wanted, ``None`` where it has none.

    DataV has ``{"adcode": 421000}`` for the unit above; GDAL and QGIS make a text of it.

    Examples
    --------
    >>> of_object('{ "adcode": 421000 }'), of_object("[421000]"), of_object("421000")
    ('421000', '421000', '421000')
    >>> of_object('{"adcode": null}') is None, of_object("[1, 2]"), of_object("{石首}")
    (True, '[1, 2]', '{石首}')
    """
    if text[:1] not in ("{", "["):
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(found, dict):
        found = [found[key] for key in _CODE_KEYS if key in found] if found else []
    held = [each for each in found if each is not None]
    if not held:
        return None
    return str(held[0]) if len(held) == 1 else text


_CODE_KEYS = ("adcode", "code", "区划代码")


def parent(code: str, known: Collection[str]) -> str | None:
    """Return the code of the division above; `known` are the codes that the same list has.

    Province-administered counties (42 90 04) and cities without counties (44 19 00 003) skip a
    level when the list has no row for it.

    Examples
    --------
    >>> parent("429004001", set()), parent("429004", set()), parent("429004", {"4290"})
    ('429004', '42', '4290')
    >>> parent("441900003", {"4419"}), parent("441900003", {"441900"}), parent("110101", set())
    ('4419', '441900', '11')
    >>> parent("42", set()) is None
    True
    """
    near = code[: _ABOVE.get(len(code), 0)]
    if near in known:
        return near
    above = [code[:length] for length in (9, 6, 4, 2) if length < len(code)]
    return next((each for each in above if each in known or not _placeholder(each)), None)


def _placeholder(code: str) -> bool:
    """Tell whether a code only keeps a place in the tree: 441900, 4290, 1101."""
    if len(code) == 6:
        return code.endswith("00")
    return len(code) == 4 and (code.endswith("90") or code[:2] in _MUNICIPALITIES)

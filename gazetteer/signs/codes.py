"""The code of a sign: twelve characters that say nothing about the place, and so never change.

Grammar ``GDDD DDDD DDDC``: ``G`` is the edition of the grammar, ``D`` ten random digits, ``C`` the
check character of ISO 7064 MOD 11-2 (0-9 or X), the one that ends a Chinese identity number. Digits
are read aloud without doubt; neither a renaming nor a change of boundaries touches them. Edition 1
is in use, 2 to 8 are kept for longer codes, 9 is for trials and training.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Collection

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

EDITION, TRIAL = "1", "9"
LENGTH = 12
_DIGITS = LENGTH - 2
_SHAPE = re.compile(r"\d{11}[\dX]", re.ASCII)
_BETWEEN = re.compile(r"[\s\-‐‑–—·]+")


def with_check(body: str) -> str:
    """Return a code from its edition and ten digits.

    Examples
    --------
    >>> with_check("10000000000")
    '10000000000X'
    """
    if not re.fullmatch(r"\d{11}", body, re.ASCII):
        raise InputError(
            Sentence("{body!r} is no body of a sign code", body=body),
            remedy=Sentence("Use 11 digits."),
        )
    return body + str(mod_11_2.calc_check_digit(body))


def parse(text: str) -> str:
    """Return the code that a text writes: grouped, full-width or in lower case.

    Raises
    ------
    InputError
        When the length, a character, the edition or the check character is wrong.

    Examples
    --------
    >>> parse("１000-0000 000x")
    '10000000000X'
    >>> parse("1000 0000 0101")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: '1000 0000 0101' has a wrong or exchanged character...
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text[:100])).upper()
    shown = text[:40]
    if not _SHAPE.fullmatch(plain):
        remedy = Sentence("A code has 12 characters: 11 digits and a digit or X.")
        raise InputError(Sentence("{shown!r} is no sign code", shown=shown), remedy=remedy)
    if plain[0] not in (EDITION, TRIAL):
        remedy = Sentence("This program knows 1 (signs) and 9 (trials).")
        raise InputError(
            Sentence("{shown!r} is of edition {plain}", shown=shown, plain=plain[0]),
            remedy=remedy,
        )
    try:
        mod_11_2.validate(plain)
    except ValidationError:
        remedy = Sentence("Read it again from the plate.")
        what = Sentence("{shown!r} has a wrong or exchanged character", shown=shown)
        raise InputError(what, remedy=remedy) from None
    return plain


def is_code(text: str) -> bool:
    """Tell whether a text writes a code.

    Examples
    --------
    >>> is_code("1000 0000 000X"), is_code("1000 0000 0001"), is_code("../../x")
    (True, False, False)
    """
    try:
        return bool(parse(text))
    except InputError:
        return False


def spoken(code: str) -> str:
    """Return a code in groups of four, as it stands on the plate and is read aloud.

    Examples
    --------
    >>> spoken("10000000000X")
    '1000 0000 000X'
    """
    return " ".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def draw(
    count: int,
    *,
    taken: Collection[str] = (),
    trial: bool = False,
    below: Callable[[int], int] = secrets.randbelow,
) -> list[str]:
    """Return new codes at random, none of them taken.

    Parameters
    ----------
    count
        How many.
    taken
        Codes that are given already.
    trial
        Draw codes for training, which never stand on a real plate.
    below
        Returns a random whole number below another; the system's generator where not given.

    Examples
    --------
    >>> import random
    >>> draw(2, below=random.Random(1).randrange)
    ['191670246291', '132803870128']
    """
    used, found = set(taken), list[str]()
    edition = TRIAL if trial else EDITION
    while len(found) < count:
        code = with_check(f"{edition}{below(10**_DIGITS):0{_DIGITS}d}")
        if code not in used:
            used.add(code)
            found.append(code)
    return found

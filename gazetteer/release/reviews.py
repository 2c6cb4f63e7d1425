"""Map reviews (地图审核): the number that an authority gave to one very file."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from gazetteer.common.errors import InputError
from gazetteer.common.hashing import sha256
from gazetteer.common.language import Sentence

_PROVINCES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新港澳台"
_FORM = re.compile(
    # 地图审核管理规定 (2017, 2019): the office that reviewed, the year, a serial number
    rf"(?P<office>GS[{_PROVINCES}]?|[{_PROVINCES}][一-龥A-Z]{{0,2}}S[A-Z]?)"
    r"[(\[〔【](?P<year>\d{4})[)\]〕】]第?(?P<serial>\d{1,5}(?:-\d{1,5})?)号"
)
FIRST_YEAR: Final = 1995
"""Before 地图编制出版管理条例 (in force 1995-10-01) no map had a number."""
_REVIEW = re.compile(r"(?P<number>.+?)\s*[:\s]\s*(?P<sha256>[0-9a-fA-F]{64})", re.DOTALL)
_REMEDY = Sentence(
    "Write it as it was given, such as GS(2019)1822号, GS京(2023)1234号 or 鄂S(2024)012号."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A map-review number (审图号): it belongs to one file, known by its sha256, and no other.

    Parameters
    ----------
    number
        As the authority gave it.
    sha256
        Of the file that was reviewed, in hexadecimal.
    on
        Day of the review, where it is told.

    Raises
    ------
    InputError
        When the number has not the form of one, or its year or the day cannot be.

    Examples
    --------
    >>> review = Review(number="鄂S(2024)001号", sha256=sha256(b"map"))
    >>> review.covers(b"map"), review.covers(b"map ")
    (True, False)
    """

    number: str
    sha256: str
    on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a number that is none, or of a year or day that cannot be."""
        told, today = year(self.number), date.today()
        if told is None:
            raise InputError(
                Sentence("no 审图号 has this form"), place=self.number[:80], remedy=_REMEDY
            )
        if not FIRST_YEAR <= told <= today.year:
            raise InputError(
                Sentence("no map was reviewed in {year}", year=told),
                place=self.number,
                remedy=_REMEDY,
            )
        if self.on is not None and (self.on.year != told or self.on > today):
            what, remedy = (
                Sentence("it was not reviewed on {on}", on=self.on),
                Sentence("Give a day of the number's year."),
            )
            raise InputError(what, place=self.number, remedy=remedy)

    def covers(self, content: bytes) -> bool:
        """Tell whether this is the very file that was reviewed.

        Parameters
        ----------
        content
            All of the draft, as it would be written.

        Returns
        -------
        bool
            Whether its sha256 is that of the review.
        """
        return sha256(content) == self.sha256.strip().lower()


def review(text: str) -> Review:
    """Return the review that ``NUMBER:SHA256`` states, or a JSON object with the two.

    Parameters
    ----------
    text
        The number as it was given and the sha256 of the draft; a JSON object may tell the day of
        the review (``date``, ISO) besides.

    Returns
    -------
    Review
        What the number is, and the file that it belongs to.

    Raises
    ------
    InputError
        When the text is neither, or the number has not the form of a 审图号, or its year or date
        cannot be.

    Examples
    --------
    >>> review("鄂S(2024)001号:" + sha256(b"map")).number
    '鄂S(2024)001号'
    >>> review("鄂S(2024)001号")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: 鄂S(2024)001号: The review states no number with a sha256...
    >>> review("已审:" + sha256(b"map"))
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: 已审: no 审图号 has this form. Write it as it was given...
    """
    told = text.strip().lstrip("\ufeff")
    given = ""
    if told.startswith("{"):
        told, given = _of_json(told)
    found = _REVIEW.fullmatch(told)
    if found is None:
        raise InputError(
            Sentence("The review states no number with a sha256"),
            place=told[:80],
            remedy=Sentence(
                "Write NUMBER:SHA256, the sha256 being that of the file that was reviewed."
            ),
        )
    number, digest = found["number"].strip(), found["sha256"].lower()
    return Review(number=number, sha256=digest, on=_day(given))


def year(number: str) -> int | None:
    """Return the year of a 审图号; None where it has not the form of one.

    Source: 地图审核管理规定, the office, the year of the review and a serial number; the offices'
    letters as they are in use (GS with or without a province; a province, perhaps a city, and S).

    Examples
    --------
    >>> [year(each) for each in ("GS(2019)1822号", "GS京（2023）1234号", "浙杭S[2022]5号", "审")]
    [2019, 2023, 2022, None]
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()
    found = _FORM.fullmatch(plain)
    return int(found["year"]) if found else None


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        what, remedy = Sentence("it is no day of a review"), Sentence("Write it as 2024-05-31.")
        raise InputError(what, place=given[:40], remedy=remedy) from error


def _of_json(text: str) -> tuple[str, str]:
    """Return NUMBER:SHA256 of a JSON object, and the date it tells."""
    try:
        known = json.loads(text)
    except (ValueError, RecursionError):
        return text, ""
    return f"{known.get('number', '')}:{known.get('sha256', '')}", str(known.get("date") or "")

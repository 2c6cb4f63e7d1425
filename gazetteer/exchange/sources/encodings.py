"""In which encoding is a text? Decided by all of it; what a file says of itself is only a hint."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text

UTF_8, GB18030, BIG5, LATIN = "UTF-8", "GB18030", "CP950", "CP1252"
_WORDS = {
    **dict.fromkeys(("utf8", "65001", "cp65001", "utf8bom", "utf8sig"), UTF_8),
    **dict.fromkeys(("gb18030", "gbk", "gb2312", "936", "cp936", "xgbk", "euccn"), GB18030),
    **dict.fromkeys(("windowssimpchinese", "ansi936", "windows936", "ms936"), GB18030),
    **dict.fromkeys(("big5", "950", "cp950", "ansi950", "windowstradchinese"), BIG5),
    **dict.fromkeys(("iso88591", "88591", "latin1", "1252", "cp1252", "ansi1252"), LATIN),
    **dict.fromkeys(("windows1252", "windowslatin1"), LATIN),
}
"""Words that files have for their encoding, without case and marks."""
_NONE = frozenset({"", "system", "oem", "ansi", "neutral", "default", "ldid77", "ldid87"})
"""Words that name no encoding but that of the machine the file was made on."""

ENOUGH = 0.5
"""Share of the texts that an encoding must be able to read to be the one they were written in."""
_ORDINARY = 0.5
"""Share of ordinary characters that text of another encoding, taken for this one, stays below."""
_CERTAIN = 0.9
_APART, _TELLING = 0.2, 24
"""What text in Big5 that says nothing of it is at least more ordinary in Big5 than in GB 18030, and
the bytes that it takes to tell: a name or two of rare characters (筼筜街道) prove nothing."""
_ASCII = bytes(range(128))
"""What every encoding of a .dbf has at its place; UTF-16, UTF-7 and codecs of no text have not."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_RUN = re.compile(rb"[\x80-\xff]+")
_MARKS = re.compile(r"[\x00-\x7f\u3000-\u303f\uff00-\uffef]+")


@dataclass(frozen=True, slots=True)
class Decided:
    """An encoding, and what is to be said about the choice."""

    name: str
    notes: tuple[Text, ...] = ()


def known(word: str) -> str | None:
    """Return the encoding that a word names, `None` for a word that names none.

    Examples
    --------
    >>> known("gb2312"), known("65001"), known("System"), known("ISO 8859-1"), known("no such")
    ('GB18030', 'UTF-8', None, 'CP1252', None)
    >>> known("UTF-16"), known("rot13"), known("shift_jis")
    (None, None, 'shift_jis')
    """
    plain = re.sub(r"[^0-9a-z]", "", word.lower())
    if plain in _NONE:
        return None
    if plain in _WORDS:
        return _WORDS[plain]
    try:
        named = codecs.lookup(word.strip()).name
        plainly = _ASCII.decode(named) == _ASCII.decode("ascii")
    except (LookupError, ValueError, TypeError, UnicodeError):
        return None
    return named if plainly else None


def asked(word: str) -> str:
    """Return the encoding that a user asks for, as Python knows it.

    Raises
    ------
    InputError
        For a word that is no encoding of texts.
    """
    try:
        b"".decode(word)
        return codecs.lookup(word).name
    except (LookupError, ValueError, TypeError, UnicodeError) as error:
        raise InputError(
            Sentence("no encoding {word!r}", word=word), remedy=Sentence("Try gb18030 or utf-8.")
        ) from error


def decide(texts: Collection[bytes], *, stated: str = "", where: str = "") -> Decided | None:
    r"""Return the encoding of texts, or `None` when they are of none that can be told.

    Parameters
    ----------
    texts
        All that a file holds; what is ASCII alone says nothing.
    stated
        What the file says of itself.
    where
        Where it says so, for the note that it is wrong.

    Examples
    --------
    >>> names = ["新厂镇".encode("gbk"), "横沟市镇".encode("gbk")]
    >>> decide(names, stated="ISO-8859-1", where=".cpg").name, decide(names, stated="Big5").name
    ('GB18030', 'GB18030')
    >>> decide(["新廠鎮".encode("big5")], stated="Big5").name
    'CP950'
    >>> decide(["新厂镇".encode(), b"\xe6\x96"]).name
    'UTF-8'
    """
    telling = [each for each in texts if not each.isascii()]
    hint = known(stated)
    found = _decide(telling, hint) if telling else hint or UTF_8
    if found is None:
        return None
    return Decided(found, _said(stated, hint, found, where) if telling else ())


def _said(stated: str, hint: str | None, found: str, where: str) -> tuple[Text, ...]:
    """Return the note that a file says another encoding than it has, or a word that is none."""
    plain = re.sub(r"[^0-9a-z]", "", stated.lower())
    if not plain or (hint == found and not plain.startswith("ansi")):
        return ()
    encoding = stated[:40]
    return (
        Text(
            f"{where} 写的是 {encoding}，按全部文字判定为 {found}",
            f"{where} says {encoding}; by all of the text it is {found}",
        ),
    )


def _decide(texts: list[bytes], hint: str | None) -> str | None:
    if sum(_reads(each, UTF_8) for each in texts) >= ENOUGH * len(texts):
        by_chance = hint in (None, GB18030) and _utf_8_by_chance(texts)
        return GB18030 if by_chance else UTF_8
    chinese, traditional = (_fitness(texts, each) for each in (GB18030, BIG5))
    if len(b"".join(texts)) >= _TELLING and traditional >= max(_CERTAIN, chinese + _APART):
        return BIG5
    if hint not in (None, UTF_8, GB18030) and _fitness(texts, hint or "") > chinese:
        return hint
    read = sum(_reads(each, GB18030) for each in texts)
    return GB18030 if read >= ENOUGH * len(texts) else None


def _reads(text: bytes, encoding: str) -> bool:
    """Tell whether a text is of an encoding; a character cut at its end is forgiven."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(text)
    except UnicodeDecodeError:
        return False
    return True


def _utf_8_by_chance(texts: list[bytes]) -> bool:
    """Tell whether texts that are valid UTF-8 are rather GBK: no Chinese in the one, all in it."""
    whole = b"\n".join(texts)
    if max(whole) >= 0xE0 or min(map(len, _RUN.findall(whole))) < 4:
        return False
    return _fitness(texts, GB18030) >= _CERTAIN


def _fitness(texts: list[bytes], encoding: str) -> float:
    """Return the share of texts that an encoding reads, times that of ordinary characters."""
    read = [each.decode(encoding, "ignore") for each in texts if _reads(each, encoding)]
    letters = _MARKS.sub("", "".join(read))
    if not letters:
        return 0.0
    return len(read) / len(texts) * _ordinary(letters, encoding)


def _ordinary(letters: str, encoding: str) -> float:
    """Return the share of ordinary characters among the letters that are not ASCII.

    The first plane of GB/T 2312 and of Big5 holds the characters in daily use.  Of an encoding
    without planes half are taken as ordinary.
    """
    plane = {GB18030: ("gb2312", 0xB0, 0xD7), BIG5: ("cp950", 0xA4, 0xC6)}.get(encoding)
    if plane is None:
        return _ORDINARY
    return sum(_in_plane(each, *plane) for each in letters) / len(letters)


@cache
def _in_plane(letter: str, encoding: str, first: int, last: int) -> bool:
    try:
        held = letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(held) == 2 and first <= held[0] <= last


def decoded(text: bytes, encoding: str, *, full: bool = False) -> tuple[str, bool]:
    r"""Return a text, and whether all of its bytes were of the encoding.

    Parameters
    ----------
    text
        Bytes of one cell.
    encoding
        Name of the encoding.
    full
        Whether the text fills the width of its field, so that its last character may be cut; what
        is left of that character is taken off.

    Examples
    --------
    >>> decoded("石首".encode()[:-1], "utf-8", full=True), decoded(b"\xff", "utf-8")
    (('石', True), ('\ufffd', False))
    """
    try:
        if full:
            return codecs.getincrementaldecoder(encoding)().decode(text), True
        return text.decode(encoding), True
    except UnicodeDecodeError:
        return text.decode(encoding, "replace"), False


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Put half a character where bytes are no text, so that the row can be told."""
    assert isinstance(error, UnicodeDecodeError)
    return _HALF, error.end


_HALF = "\udcff"
NUL = "\udc00"
"""What stands for a zero byte in a text: no text has one, and some parsers end at it."""


_MARKING = "gazetteer.mark"
codecs.register_error(_MARKING, _mark)
_BYTE_ORDER = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    ("\ufeff".encode("gb18030"), "gb18030"),
)
_FILE_REMEDY = Sentence("Say what it is with --encoding, or save it again as UTF-8.")


def decode(data: bytes, *, place: str, encoding: str | None = None) -> tuple[str, str]:
    r"""Return the text of a file, without byte order mark, and the name of its encoding.

    Bytes that are not of it stand as halves of characters (see `garbled`).

    Raises
    ------
    InputError
        When it is binary data, or most of it is not of any encoding that can be told.

    Examples
    --------
    >>> decode("石首".encode("gbk"), place="x"), decode("石首".encode("utf-16"), place="x")
    (('石首', 'gb18030'), ('石首', 'utf-16'))
    >>> decode("石首\n新厂\n".encode() + b"\xff", place="x")
    ('石首\n新厂\n\udcff', 'utf-8')
    >>> decode(b"name\x00\x01\xff", place="x.csv")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: x.csv: it is not text but binary data. ...
    """
    name = asked(encoding) if encoding else _of_file(data, place)
    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        name = "utf-8-sig" if name == "utf-8" else name
    try:
        text = data.decode(name, _MARKING)
    except (UnicodeError, ValueError) as error:
        msg = Sentence("it is not {encoding}", encoding=encoding or name)
        raise InputError(msg, place=place, remedy=_FILE_REMEDY) from error
    text = text.lstrip("\ufeff").rstrip("\0").replace("\0", NUL)
    if encoding and _HALF in text and not _mostly(text):
        line = text.count("\n", 0, text.index(_HALF)) + 1
        raise InputError(
            Sentence("line {line} is not {encoding}", line=line, encoding=encoding),
            place=place,
            remedy=_FILE_REMEDY,
        )
    return text, name


def _mostly(text: str) -> bool:
    """Tell whether most of the lines that are more than ASCII have no damage."""
    lines = [line for line in text.split("\n") if not line.isascii()]
    return sum(map(garbled, lines)) < ENOUGH * len(lines) or len(lines) < _FEW


_FEW = 3


def _of_file(data: bytes, place: str) -> str:
    """Return the encoding of a file by its byte order mark, its zeros and all of its lines."""
    marked = next((name for mark, name in _BYTE_ORDER if data.startswith(mark)), "")
    if marked.startswith(("utf-16", "utf-32")):
        return marked
    data = data.rstrip(b"\0")  # what a disk fills up a file with
    if b"\0" in data:
        return _wide(data, place)
    if data.isascii():
        return "utf-8"
    lines = {line for line in data.splitlines() if not line.isascii()}
    found = decide(lines, stated=marked)
    if found is None:
        first = next(at for at, each in enumerate(data.splitlines(), 1) if not each.isascii())
        msg = Sentence("line {first} is not utf-8 or gb18030", first=first)
        raise InputError(msg, place=place, remedy=_FILE_REMEDY)
    return found.name.lower()


def _wide(data: bytes, place: str) -> str:
    """Return which UTF-16 a text without byte order mark is in."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    few, many = sorted((even, odd))  # 一 and other characters have a zero, too
    if few * 10 <= many and many > max(1, len(sample) // 20):
        name = "utf-16-le" if odd > even else "utf-16-be"
        if _has_lines(sample, name):
            return name
    if _texts_with_zeros(data):
        return _of_file(data.replace(b"\0", b""), place)
    raise InputError(
        Sentence("it is not text but binary data"),
        place=place,
        remedy=Sentence("Give a CSV, Excel, GeoJSON, GeoPackage or Shapefile."),
    )


def _has_lines(sample: bytes, encoding: str) -> bool:
    """Tell whether ends of lines are ends in a wide encoding, too, and hardly anything control."""
    text = sample[: len(sample) // 2 * 2].decode(encoding, "ignore")
    ends = text.count("\n") + text.count("\r")
    controls = sum(ord(each) < 256 and ord(each) in _CONTROLS for each in text)
    ended = ends > 0 or not (b"\n" in sample or b"\r" in sample)
    return ended and controls * 50 <= len(text)


_CONTROLS = bytes({*range(1, 32)} - {*b"\t\n\r\x0b\x0c\x1a"})
_FEW_CONTROLS = 100
"""Bytes for one control character in what is still a text; binary data has one in ten."""


def _texts_with_zeros(data: bytes) -> bool:
    """Tell whether data are text that zero bytes have got into, rather than binary."""
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls * _FEW_CONTROLS <= len(data) and data.count(0) * 2 <= len(data)


def garbled(text: str) -> bool:
    r"""Tell whether a text holds bytes or halves of characters that are no text.

    Examples
    --------
    >>> garbled("a\udcff"), garbled("a")
    (True, False)
    """
    return _SURROGATE.search(text) is not None


def shown(text: str) -> str:
    """Return a text whose parts that are no text are replaced by the sign for that."""
    return _SURROGATE.sub("\ufffd", text)


def told(column: str, encoding: str) -> Text:
    """Return what is wrong with a row that has bytes which are not of the encoding."""
    return Text(
        f"“{column}”中有不是 {encoding} 的字节（或空字节），请核对后重新填写",
        f"{column} has bytes that are not {encoding} (or are zero): enter it again",
    )

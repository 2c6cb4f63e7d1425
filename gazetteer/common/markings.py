"""Classification markings (密级) as they stand in records: under any header, in any wrapping.

In running text only the usual ways of writing one are seen (密级:机密, 密级机密, 机密★10年,
（机密）, 定密为机密): a rule reads no sentences, so other prose is for people to find.
What is no known word, and what is said twice in different ways, counts as the strictest.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from gazetteer.common import tables
from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.lazy import pd

_HEADER = (
    r"密级|密級|涉密|保密(?!义务|责任|协议|承诺|人|员|局|办)|秘密|机密|機密|绝密|絕密|定密"
    r"|公开(?:属性|程度|级别|范围)"
    r"|classif|confidentialit|secret(?!ar|ion)|secrecy|security\W*(?:level|class)(?!\w*\W*id\b)"
    r"|protective\W*marking"
)
_WORD = re.compile(rf"(?:{_HEADER})", re.IGNORECASE)
_BARE = re.compile(r"密|密别|marking", re.IGNORECASE)
_NESTED = (Mapping, list, tuple, set, frozenset)
_TITLE = re.compile(r"密|密级|密級|(?:保密|涉密)(?:等级|级别|程度)|(?:security )?classification")
_ASKS = re.compile(r"(?:是否)?(?:涉密|保密)|(?:is\W*)?(?:secret|classified)", re.IGNORECASE)
_STATED = re.compile(
    r"(?:密级|密級|(?:保密|涉密)(?:等级|级别|程度)|classification)[\s\"']*[:=]\s*[\"']?([^\W_]+)",
    re.IGNORECASE,
)
_Key = TypeVar("_Key")
_SECRET = "(?:秘密|机密|機密|绝密|絕密)"
_SAID = re.compile(
    rf"(?:密\s*[级級][\s:]*|定密[为是]?\s*|(?<![不非未])(?:[定列]为|属[于为])\s*"
    rf"|[(\[【〔]\s*(?={_SECRET}级?\s*[)\]】〕])|(?={_SECRET}级?\s*[★☆]))({_SECRET})"
)
"""How a text says it without a header's word and a colon."""
HINTS = ("密", "公开", "\\u", "classif", "secre", "confidential", "security", "marking")
"""Every text that states a classification holds one of these, in any case, or of `WIDE`."""
WIDE = "Ａ-Ｚａ-ｚ"
"""Letters of full width, as a range of a regular expression."""
_HINTED = re.compile(rf"{'|'.join(map(re.escape, HINTS))}|[{WIDE}]", re.IGNORECASE)
MARKING = "_marking"
"""Column in which a row bears the classification of what it speaks of (`store.marked`)."""
SHORTEST = 3
"""Characters that a name needs to be looked for within prose; a shorter one is in other words."""
_DENIED = frozenset({"否", "不", "no", "n", "false", "f", "0", "0.0", "不是"})
_WORDS_OF = re.compile(r"[^\W_]+(?:-[^\W_]+)?")


@dataclass(frozen=True, slots=True, order=True)
class Marking:
    """How highly something is classified: the rank in `data/classifications.csv`, what is written.

    Examples
    --------
    >>> max(Marking(1, "内部"), Marking(3, "机密")).said
    '机密'
    """

    rank: int
    said: str


@dataclass(frozen=True, slots=True)
class Marked:
    """What is classified in a county file: by the id of a thing, and by the words that name it.

    Parameters
    ----------
    things
        Classification of each thing by its id, and of what refers to it.
    words
        Classification by what these are called.
    """

    things: Mapping[str, Marking] = field(default_factory=dict)
    words: Mapping[str, Marking] = field(default_factory=dict)

    def of_thing(self, thing: object) -> Marking | None:
        """Return the classification of a thing by its id."""
        return self.things.get(thing) if isinstance(thing, str) else None

    def of_name(self, word: object) -> Marking | None:
        """Return the classification of what is called by exactly this word."""
        return self.words.get(word) if isinstance(word, str) else None

    def of_text(self, text: object) -> Marking | None:
        """Return the classification of what a text names, the strictest of all.

        Parameters
        ----------
        text
            Of a cell; what is no text names nothing.

        Returns
        -------
        Marking | None
            None where it names nothing that is classified.

        Examples
        --------
        >>> known = Marked(words={"红旗三库": Marking(3, "机密"), "二库": Marking(2, "秘密")})
        >>> [known.of_text(each) for each in ("红旗三库西侧", "十二库", "二库")]
        [Marking(rank=3, said='机密'), None, Marking(rank=2, said='秘密')]
        """
        told = text if isinstance(text, str) else ""
        return strictest(
            known
            for word, known in self.words.items()
            if told == word or (len(word) >= SHORTEST and word in told)
        )


NOTHING = Marked()
"""Where no county file is open."""


def is_marking(header: object) -> bool:
    """Tell whether a column or key of this name holds a classification.

    Examples
    --------
    >>> [is_marking(each) for each in ("Classification", "保密等级", "密", "人口密度", "secretary")]
    [True, True, True, False, False]
    """
    name = _plain(header)
    return bool(_WORD.search(name) or _BARE.fullmatch(name))


def marking(value: object, *, header: object = "classification") -> Marking | None:
    """Return the classification that the value of a column or key states; None where it has none.

    Parameters
    ----------
    value
        What stands there: a word, several, a number, a list, JSON text, ...; a word that is not
        known and any number count as the strictest, of several the strictest counts.
    header
        Name of the column. One that asks (是否涉密) may be answered by no.

    Examples
    --------
    >>> marking("机密★10年").rank, marking("公开、秘密").rank, marking(["内部", None]).rank
    (3, 2, 1)
    >>> marking(1).rank, marking(" "), marking("否", header="是否涉密"), marking("hush").rank
    (4, None, None, 4)
    """
    return strictest(_found({str(header): value}))


def stated(record: object) -> Marking | None:
    r"""Return the strictest classification that a record states, however deep, under any header.

    Parameters
    ----------
    record
        Mapping, list, text (JSON or prose such as 密级:机密), or what is none of these.

    Examples
    --------
    >>> stated({"name": "甲", "attributes": '{"extra": [{"\\u5bc6\\u7ea7": "机密"}]}'}).rank
    3
    >>> stated('{"密级": ').said, stated({"name": "人口密度"})
    ('{"密级":', None)
    """
    return strictest(_found(record))


def strictest(markings: Iterable[Marking]) -> Marking | None:
    """Return the strictest of classifications, None where there is none."""
    return max(markings, default=None, key=lambda each: each.rank)


def strictest_of_each(markings: Mapping[_Key, Iterable[Marking]]) -> dict[_Key, Marking]:
    """Return the strictest of the classifications of each key that has any."""
    found = ((key, strictest(each)) for key, each in markings.items())
    return {key: known for key, known in found if known is not None}


def rank(classification: str) -> int:
    """Return the rank of a classification of the whole by its name.

    Raises
    ------
    InputError
        When no classification is called so.
    """
    return _titled(classification)[0]


def classification_title(classification: str) -> Text:
    """Return what a classification is called; accept its Chinese name too.

    Parameters
    ----------
    classification
        Its name in `data/classifications.csv`, or its Chinese one.

    Returns
    -------
    Text
        In Chinese and English.

    Raises
    ------
    InputError
        When no classification is called so.

    Examples
    --------
    >>> classification_title("机密").en
    'secret'
    """
    return _titled(classification)[1]


def rows_marked(frame: pd.DataFrame) -> dict[int, Marking]:
    """Return the classification of each row that states one, by its position.

    Examples
    --------
    >>> rows_marked(pd.DataFrame({"name": ["甲", "乙"], "涉密": [None, "秘密"]}))[1].said
    '秘密'
    """
    told: dict[int, list[Marking]] = {}
    for at, header in enumerate(frame.columns):
        for row, found in _column_marked(frame.iloc[:, at], header=header):
            told.setdefault(row, []).append(found)
    return strictest_of_each(told)


def _column_marked(values: pd.Series, *, header: object) -> Iterator[tuple[int, Marking]]:
    marks = is_marking(header)
    if not marks and values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
        return
    known: dict[str, Marking | None] = {}
    for at, value in enumerate(values):
        if not (marks or may_state(value)):
            continue
        key = value if isinstance(value, str) else ""
        found = known.get(key) if key else None
        if not key or key not in known:
            found = known[key] = stated({str(header): value})
        if found is not None:
            yield at, found


def may_state(value: object) -> bool:
    """Tell at a glance whether a value can state a classification; most cannot."""
    if isinstance(value, str):
        return bool(_HINTED.search(value))
    return isinstance(value, _NESTED) or hasattr(value, "tolist")


def _plain(text: object) -> str:
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    return re.sub(r"[\s_]+", " ", folded).strip(" .:*()[]<>\"'")


def _found(record: object) -> Iterator[Marking]:
    """Yield every classification in a record; what is nested waits on a list, not on the stack."""
    waiting: list[tuple[object, str]] = [(record, "")]
    while waiting:
        value, header = waiting.pop()
        if isinstance(value, str):
            opened = _opened(value)
            if opened is not None:
                waiting.append((opened, header))
            else:
                yield from _of_text(value, header)
        elif isinstance(value, _NESTED):
            waiting += _within(value, header)
        elif getattr(value, "ndim", None):  # an array
            waiting.append((list(value), header))  # type: ignore[call-overload]
        elif header and not _is_missing(value):
            yield from _of_text(str(value), header)


def _within(value: Any, header: str) -> Iterator[tuple[object, str]]:
    """Yield what a mapping or list holds, each with the header that it stands under."""
    if isinstance(value, Mapping):
        pairs = [(each, _header(key) or header) for key, each in value.items()]
    else:
        pairs = [(each, header) for each in value]
    # ["密级", "机密"] and {"field": "密级", "value": "机密"} name the header beside the value
    titles = [each for each, own in pairs if not own and _is_title(each)]
    named = titles[0] if titles and len(pairs) > 1 else ""
    yield from ((each, own or named) for each, own in pairs if not (named and each is named))


def _header(name: object) -> str:
    return str(name) if is_marking(name) else ""


def _is_title(value: object) -> bool:
    return isinstance(value, str) and bool(_TITLE.fullmatch(_plain(value)))


def _opened(text: str) -> object | None:
    """Return what JSON text holds, None where it is none."""
    told = text.strip().lstrip("\ufeff")
    if told[:1] not in {"{", "[", '"'}:
        return None
    try:
        held: object = json.loads(told)
    except (ValueError, RecursionError):
        return None
    return held


def _of_text(text: str, header: str) -> Iterator[Marking]:
    told = _unescaped(text)
    if header:
        yield from _of_words(told, header)
        return
    if told.strip()[:1] in {"{", "["} and _WORD.search(told):
        yield Marking(_highest(), text.strip()[:40])
    folded = unicodedata.normalize("NFKC", told)
    for found in (*_STATED.finditer(folded), *_SAID.finditer(folded)):
        yield from _of_words(found[1], "classification")


def _of_words(text: str, header: str) -> Iterator[Marking]:
    # 机密★10年 is how documents write it: the word, then for how long
    folded = unicodedata.normalize("NFKC", text).casefold().partition("★")[0].strip()
    if _ASKS.fullmatch(_plain(header)) and folded in _DENIED:
        return
    words = [folded] if folded in _known() else _WORDS_OF.findall(folded)
    for word in words:
        known = _known().get(word, _highest())
        if known is not None:
            yield Marking(known, text.strip()[:40])


def _unescaped(text: str) -> str:
    r"""Return a text with what JSON writes as \u5bc6 as the character that it is."""
    return re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _is_missing(value: object) -> bool:
    return value is None or value is False or value is pd.NA or value != value  # noqa: PLR0124


@cache
def _known() -> dict[str, int | None]:
    """Return the rank of every word for a classification; None for those that say there is none."""
    rows = tables.rows("classifications.csv")
    ranks: dict[str, int | None] = {
        word.casefold(): int(row["rank"])
        for row in rows
        for word in (row["classification"], row["zh"], row["en"])
    }
    further = {
        row["word"]: ranks[row["classification"]] if row["classification"] else None
        for row in tables.rows("classification_words.csv")
    }
    return ranks | further


def _highest() -> int:
    return max(int(row["rank"]) for row in tables.rows("classifications.csv"))


def _titled(value: str) -> tuple[int, Text]:
    for row in tables.rows("classifications.csv"):
        if value in (row["classification"], row["zh"]):
            return int(row["rank"]), Text(row["zh"], row["en"])
    known = tuple(tables.column("classifications.csv", "classification"))
    raise InputError(
        Sentence("No classification is called {given!r}", given=value),
        remedy=Sentence("Use {known}.", known=known),
    )

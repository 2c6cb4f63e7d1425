"""What cannot be a name at all: empty, endless, invisible or marked-up text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence, Text

LONGEST = 100
"""Characters above which a text is taken for a mistake."""

_CATEGORIES = {
    "Cc": Text("控制字符", "a control character"),
    "Cf": Text("不可见的格式或方向控制字符", "an invisible format or direction character"),
    "Co": Text("私用区字符", "a private-use character"),
    "Cs": Text("不成对的代理字符", "a lone surrogate"),
    "Cn": Text("未定义字符", "an unassigned character"),
    "Zl": Text("换行字符", "a line separator"),
    "Zp": Text("分段字符", "a paragraph separator"),
    "So": Text("表情或图形符号", "an emoji or pictograph"),
    "Sk": Text("修饰符号", "a modifier symbol"),
}
_MARKUP = re.compile(r"[<>{}&]|\[|\]|^[=+@]")
_NEWER_HAN = re.compile("[\U00020000-\U000323af]")
"""Han blocks, some of them younger than the character database of this Python."""
_SPACE = re.compile(r"\s")
_PLACEHOLDER = re.compile(r"[?？�□■○●*＊#]")
UNWRITABLE = (
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\ue000-\uf8ff\ud800-\udfff\u2190-\u2bff\u3004\u3012\u3013\u3020"
    r"\U0001f000-\U0001faff\U000e0000-\U0010ffff<>{}&\[\]\s?？�□■○●*＊#]|^[=+@]"
)
"""Finds, fast and a little too often, the names worth asking `problems` about."""


def problems(text: str) -> Iterator[Text]:
    r"""Yield what makes a text impossible to write on a sign, one sentence each.

    Examples
    --------
    >>> list(problems("滨河路"))
    []
    >>> [each.en for each in problems("滨\u202e河路")]
    ['U+202E is an invisible format or direction character']
    >>> [each.en for each in problems("<b>滨河路")]
    ["'<' is markup or a formula, not part of a name"]
    """
    for sign in dict.fromkeys(text):
        reason = _CATEGORIES.get(unicodedata.category(sign))
        if reason and not _NEWER_HAN.match(sign):
            code = f"U+{ord(sign):04X}"
            yield Text(f"{code} 是{reason.zh}", f"{code} is {reason.en}")
    yield from _patterns(text)


def _patterns(text: str) -> Iterator[Text]:
    if hit := _MARKUP.search(text):
        mark = hit.group()
        yield Text(
            f"“{mark}”是标记或公式符号，不是地名用字",
            f"{mark!r} is markup or a formula, not part of a name",
        )
    if _SPACE.search(text.strip()) or text != text.strip():
        yield Text("含有空格", "has a space")
    if hit := _PLACEHOLDER.search(text):
        mark = hit.group()
        yield Text(f"“{mark}”是缺字的占位符", f"{mark!r} stands for a missing character")


def require(text: str) -> str:
    """Return a text that can be a name, or refuse it in one line.

    Raises
    ------
    InputError
        Empty, longer than `LONGEST` characters, or with characters that cannot be written.

    Examples
    --------
    >>> require("滨河路")
    '滨河路'
    >>> require("")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: The name is empty. Give at least one Chinese character.
    """
    if not isinstance(text, str) or not text.strip():
        raise InputError(
            Sentence("The name is empty"), remedy=Sentence("Give at least one Chinese character.")
        )
    if len(text) > LONGEST:
        what = Sentence(
            "The name has {count:,} characters ({text!r}...)", count=len(text), text=text[:12]
        )
        raise InputError(what, remedy=Sentence("A name has at most {longest}.", longest=LONGEST))
    for problem in problems(text):
        raise InputError(
            Sentence("Name {text!r}: {problem}", text=text, problem=problem),
            remedy=Sentence("Retype the name."),
        )
    return text

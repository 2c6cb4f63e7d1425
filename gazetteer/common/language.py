"""Sentences that officials read, in Chinese and English."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple

Language = Literal["zh", "en"]
TABLE = "sentences.csv"


class Text(NamedTuple):
    """One sentence in both languages.

    Examples
    --------
    >>> Text("重名", "same name").say("en")
    'same name'
    """

    zh: str
    en: str

    def say(self, language: Language = "zh") -> str:
        """Return the sentence in one language.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            The sentence as it is printed.
        """
        return self.zh if language == "zh" else self.en


class Sentence:
    """A sentence of messages and screens: English in the code, Chinese in ``data/sentences.csv``.

    It is filled in when it is said, so that an error costs nothing until somebody reads it.

    Parameters
    ----------
    template
        English, in the syntax of `str.format`; braces are plain where no values are given.
    values
        What stands in its places; a `Text` or `Sentence` among them is said in the same language,
        the items of a tuple or list with the comma of that language between them.

    Examples
    --------
    >>> Sentence("Choose {choices}.", choices=Text("甲或乙", "A or B")).say("zh")
    '请选择甲或乙。'
    >>> Sentence("Use {known}.", known=("dxf", Text("表", "table"))).say("zh")
    '可用：dxf、表。'
    >>> Sentence("{plain}").say("en")
    '{plain}'
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, /, **values: Any) -> None:
        self.template, self.values = template, values

    def say(self, language: Language = "zh") -> str:
        """Return the sentence in one language; in English where the table lacks it.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            The sentence as it is printed.
        """
        template = in_chinese(self.template) if language == "zh" else self.template
        if not self.values:
            return template
        return template.format(**{name: said(each, language) for name, each in self.values.items()})

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return self.say("zh")

    @property
    def en(self) -> str:
        """The sentence in English."""
        return self.say("en")

    def __repr__(self) -> str:
        return f"Sentence({self.en!r})"


class Told(str):
    """English text for scripts and logs that knows what it is in Chinese.

    Examples
    --------
    >>> each = Told.of("Choose {choices}.", choices="甲")
    >>> each, each.say("zh")
    ('Choose 甲.', '请选择甲。')
    """

    sentence: Sentence

    @classmethod
    def of(cls, template: str, /, **values: Any) -> Told:
        """Return the English of a sentence; see `Sentence`."""
        sentence = Sentence(template, **values)
        made = cls(sentence.en)
        made.sentence = sentence
        return made

    def say(self, language: Language = "zh") -> str:
        """Return it in one language."""
        return self.sentence.say(language)


def said(value: Any, language: Language) -> Any:
    """Return a value as it stands in a sentence: what has two languages in one of them.

    Parameters
    ----------
    value
        Anything; only `Text`, `Sentence` and tuples and lists are changed.
    language
        ``zh`` or ``en``.

    Returns
    -------
    Any
        A string for what has two languages and for several things, else the value.

    Examples
    --------
    >>> said(Text("重名", "same name"), "en"), said(7, "zh"), said(["甲", "乙"], "zh")
    ('same name', 7, '甲、乙')
    """
    if isinstance(value, Text | Sentence | Told):  # first: a `Text` is a tuple, too
        return value.say(language)
    if isinstance(value, tuple | list):
        return ("、" if language == "zh" else ", ").join(
            str(said(each, language)) for each in value
        )
    return value


def bracketed(inner: str, language: Language) -> str:
    """Return what stands behind a word in brackets, in those of the language.

    Parameters
    ----------
    inner
        What stands in them.
    language
        ``zh`` or ``en``.

    Returns
    -------
    str
        With its brackets, and a blank before them in English.

    Examples
    --------
    >>> bracketed("2027年", "zh"), bracketed("2027", "en")
    ('（2027年）', ' (2027)')
    """
    return f"（{inner}）" if language == "zh" else f" ({inner})"


def in_chinese(sentence: str) -> str:
    """Return the Chinese of an English sentence, or the sentence where the table has none.

    Parameters
    ----------
    sentence
        English as it stands in the code, a template or a text of the command's help.

    Returns
    -------
    str
        From ``data/sentences.csv``.

    Examples
    --------
    >>> in_chinese("not in the table")
    'not in the table'
    """
    return _table().get(sentence, sentence)


@cache
def _table() -> dict[str, str]:
    # imported late: errors about tables are sentences themselves
    from gazetteer.common import tables

    return {row["en"]: row["zh"] for row in tables.rows(TABLE) if row["zh"]}

"""The language in which the command speaks: its own words and those of click.

What officials read (findings, maps, papers) is Chinese unless ``--lang`` or ``GAZETTEER_LANG`` says
otherwise; the words around it follow these, too, and where neither is given the system's language.
"""

from __future__ import annotations

import gettext
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import click

from gazetteer import data
from gazetteer.common.language import Language, Sentence, Text, in_chinese, said

LANGUAGES = ("zh", "en")
CHOSEN = "GAZETTEER_LANG"
_CHINESE = 0x04
"""Primary language of Windows: the low ten bits of its identifier."""

_speaking: ContextVar[Language] = ContextVar("speaking", default="en")


def language() -> Language:
    """Return the language in which the command speaks."""
    return _speaking.get()


def word(english: str) -> str:
    """Return words of the command's help or of a heading in the language that is spoken."""
    return in_chinese(english) if language() == "zh" else english


def sentence(template: str, /, **values: Any) -> str:
    """Return a sentence in the language that is spoken; see `Sentence`."""
    return Sentence(template, **values).say(language())


def say(template: str, /, *, err: bool = False, **values: Any) -> None:
    """Print a sentence in the language that is spoken, without what moves a cursor."""
    from cli.output import printable  # late: it says its own words through this module

    told = sentence(template, **values)
    click.echo("\n".join(printable(line) for line in told.split("\n")), err=err)


def told(words: Text | Sentence | str | tuple[Any, ...]) -> str:
    """Return what has two languages, and lists of it, in the one that is spoken; see `said`."""
    return str(said(words, language()))


@contextmanager
def spoken(arguments: Sequence[str]) -> Iterator[None]:
    """Speak the language that a line asks for, click's words included.

    ``--lang`` counts wherever it stands, since click's own refusals come before it is parsed.

    Parameters
    ----------
    arguments
        Of the command line.
    """
    chosen = asked(arguments)
    speaking = chosen or preferred(os.environ)
    before = {name: os.environ.get(name) for name in (CHOSEN, "LANGUAGE")}
    # gettext asks the environment at each word, and so do the options with an environment variable
    os.environ["LANGUAGE"] = "zh_CN" if speaking == "zh" else "en"
    if chosen:
        os.environ[CHOSEN] = chosen
    if speaking == "zh":
        gettext.bindtextdomain("messages", str(Path(data.__path__[0], "locale")))
    token = _speaking.set(speaking)
    try:
        yield
    finally:
        _speaking.reset(token)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def asked(arguments: Sequence[str]) -> Language | None:
    """Return the language that a line asks for with ``--lang``; None where it does not.

    Examples
    --------
    >>> asked(["names", "search", "甲.gpkg", "--lang=zh"]), asked(["names", "--", "--lang", "zh"])
    ('zh', None)
    """
    for at, each in enumerate(arguments):
        if each == "--":
            return None
        name, equals, value = each.partition("=")
        if name == "--lang":
            return _known(value if equals else "".join(arguments[at + 1 : at + 2]))
    return None


def preferred(environment: Mapping[str, str]) -> Language:
    """Return the language of the office or the system: Chinese where it says so, else English.

    Parameters
    ----------
    environment
        ``GAZETTEER_LANG``, then the variables of POSIX in their order; Windows is asked where none
        is set.

    Examples
    --------
    >>> preferred({"LANG": "zh_CN.UTF-8"}), preferred({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    """
    if chosen := _known(environment.get(CHOSEN, "")):
        return chosen
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if given := environment.get(name):
            return "zh" if given.lower().startswith("zh") else "en"
    return _of_windows()


def _of_windows() -> Language:
    if sys.platform != "win32":
        return "en"
    import ctypes  # no other system needs it, and a command at the counter starts at once

    identifier = int(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    return "zh" if identifier & 0x3FF == _CHINESE else "en"


def _known(given: str) -> Language | None:
    """Return the language that is meant, also as systems write it: ``zh_CN.UTF-8``, ``en-GB``."""
    word = re.split("[-_.@]", given.strip().lower())[0]
    return "zh" if word == "zh" else "en" if word == "en" else None


class Spoken(click.Choice[str]):
    """One of the languages, in any writing of it."""

    def __init__(self) -> None:
        super().__init__(LANGUAGES)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return ``zh`` or ``en``."""
        return str(super().convert(_known(str(value)) or value, param, ctx))

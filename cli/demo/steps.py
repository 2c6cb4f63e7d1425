"""What a tour is made of: steps, in them command lines and what is done by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from gazetteer.common.language import Language, Text

CODE, NAME = "429921", "楚溪县"
COUNTY = f"{NAME}.gpkg"


@dataclass(frozen=True, slots=True)
class Tour:
    """Where the tour is and in which language it speaks."""

    folder: Path
    language: Language = "zh"
    full: bool = False

    @property
    def county(self) -> Path:
        """The county file."""
        return self.folder / COUNTY


@dataclass(frozen=True, slots=True)
class Command:
    """A command line as a person types it in the tour's folder, without its first word.

    Parameters
    ----------
    arguments
        What follows ``gazetteer``; ``{last}`` and ``{before}`` are the numbers of the last event of
        the log and of that before it, which a person reads there.
    status
        Exit status it leaves with; 1 where it has found what was planted.
    first, last
        So many lines of its output are shown, from the beginning and from the end.
    """

    arguments: tuple[str, ...]
    status: int = 0
    first: int = 1
    last: int = 0

    def __str__(self) -> str:
        return " ".join(["gazetteer", *map(quoted, self.arguments)])


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person does without the toolkit, and the function that does it for them."""

    says: Text
    do: Callable[[Tour], object]

    def __str__(self) -> str:
        return f"# {self.says.en}"


Item = Command | ByHand
UNSAID = Text("", "")
UNKNOWN = Text("原始资料生成后才知道", "told by the raw files, once they are there")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the tour.

    Parameters
    ----------
    name
        For ``--step``, besides its number.
    title
        Headline.
    items
        What is done, one after the other; of some steps the raw files tell.
    needs
        Names of the steps that have to be there.
    until
        Name of the step after which it cannot be walked again; ``why`` says why.
    """

    name: str
    title: Text
    items: Callable[[Tour], Iterable[Item]]
    needs: tuple[str, ...] = ("database",)
    until: str = ""
    why: Text = UNSAID


def typed(line: str, *, status: int = 0, first: int = 1, last: int = 0) -> Command:
    """Return a command line of words without blanks in them; ``COUNTY`` is the county file.

    Examples
    --------
    >>> str(typed("names search COUNTY 曲江"))
    'gazetteer names search 楚溪县.gpkg 曲江'
    """
    words = tuple(COUNTY if each == "COUNTY" else each for each in line.split())
    return Command(words, status=status, first=first, last=last)


def quoted(word: str) -> str:
    """Return a word as it is typed, in quotation marks where a shell would take it apart.

    Examples
    --------
    >>> [quoted(each) for each in ("楚溪县.gpkg", "diào jūn", "地名志(虚构)", "")]
    ['楚溪县.gpkg', '"diào jūn"', '"地名志(虚构)"', '""']
    """
    return word if re.fullmatch(r"[^\s\"'()&|;<>*?$`!\\]+", word) else f'"{word}"'

"""Written words of a name as values: what each is in it, and how they make a division."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from gazetteer.names.romanization import terms

Role = Literal["specific", "generic", "modifier", "ethnic", "number"]


@dataclass(frozen=True, slots=True)
class Word:
    """One written word: its characters and what it is in the name."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Division:
    """A name divided into words, with the specific and the generic part.

    `doubt` is the part of the name that no rule divides surely, `others` how it may be divided too.
    """

    words: tuple[Word, ...]
    specific: str
    generic: str
    doubt: str = ""
    others: tuple[tuple[Word, ...], ...] = ()

    @property
    def has_figures(self) -> bool:
        """Whether rule 7 (ordinals of streets in figures) was applied."""
        return any(word.role == "number" for word in self.words)


def of_words(words: Sequence[str], figures: Collection[int] = ()) -> Division:
    """Return the division that a person has decided; the last of several words is the generic.

    `figures` are the places of the words that are written in figures.
    """
    roles: list[Role] = ["number" if at in figures else "specific" for at in range(len(words))]
    if len(words) > 1 and roles[-1] != "number":
        roles[-1] = "generic"
    generic = words[-1] if len(words) > 1 else ""
    made = tuple(Word(text, role) for text, role in zip(words, roles, strict=True))
    return Division(made, "".join(words).removesuffix(generic), generic)


def one(name: str, role: Role = "specific") -> Division:
    """Return a name as one word."""
    return Division((Word(name, role),), name, "")


def two(specific: Division, generic: str) -> Division:
    """Return a name of a specific, divided already, and a generic that stands apart."""
    words = (*specific.words, *generic_words(generic))
    stem = "".join(word.text for word in specific.words)
    return Division(words, stem, generic)


def generic_words(generic: str) -> tuple[Word, ...]:
    """Return the words that a generic is written as."""
    return tuple(Word(part, "generic") for part in terms.split_generic(generic))

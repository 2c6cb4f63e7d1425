"""Readings as decided data, and the spelling of place names in Roman letters."""

from gazetteer.romanization.decisions import Decision as Decision
from gazetteer.romanization.decisions import Decisions as Decisions
from gazetteer.romanization.decisions import decide as decide
from gazetteer.romanization.review import undecided as undecided
from gazetteer.romanization.romanize import Romanization as Romanization
from gazetteer.romanization.romanize import Undecided as Undecided
from gazetteer.romanization.romanize import romanize as romanize
from gazetteer.romanization.romanize import romanize_many as romanize_many

__all__ = [
    "Decision",
    "Decisions",
    "Romanization",
    "Undecided",
    "decide",
    "romanize",
    "romanize_many",
    "undecided",
]

"""Readings as decided data, and the spelling of place names in Roman letters."""

from gazetteer.names.romanization.decisions import Decision as Decision
from gazetteer.names.romanization.decisions import Decisions as Decisions
from gazetteer.names.romanization.decisions import decide as decide
from gazetteer.names.romanization.review import undecided as undecided
from gazetteer.names.romanization.romanize import romanize as romanize
from gazetteer.names.romanization.romanize import romanize_many as romanize_many
from gazetteer.names.romanization.spelled import Romanization as Romanization
from gazetteer.names.romanization.spelled import Undecided as Undecided

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

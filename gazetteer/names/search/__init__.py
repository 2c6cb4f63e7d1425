"""One box for all that a clerk types: what was asked, and how well each name answers."""

from gazetteer.names.search.query import Query, parse, sounds
from gazetteer.names.search.ranking import CLEAR, Candidate, Hit, merged, rank
from gazetteer.names.search.shelf import Shelf

__all__ = ["CLEAR", "Candidate", "Hit", "Query", "Shelf", "merged", "parse", "rank", "sounds"]

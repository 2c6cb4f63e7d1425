"""One box for all that a clerk types: what was asked, and how well each name answers."""

from gazetteer.search.query import Query, parse
from gazetteer.search.ranking import Candidate, Hit, rank

__all__ = ["Candidate", "Hit", "Query", "parse", "rank"]

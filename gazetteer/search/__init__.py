"""One box for all that a clerk types: what was asked, and how well each name answers."""

from gazetteer.search.query import Query, parse
from gazetteer.search.ranking import CLEAR, Candidate, Hit, merged, rank

__all__ = ["CLEAR", "Candidate", "Hit", "Query", "merged", "parse", "rank"]

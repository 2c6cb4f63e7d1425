"""Where the next facilities should stand: exact answers (HiGHS), with the proven gap.

Church and ReVelle (1974) for most people with N sites, Toregas et al. (1971) for fewest sites,
Hakimi (1964) for least total time. Existing facilities stay open and cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from facilities.siting.answer import Siting
from facilities.siting.capacity import with_capacity
from facilities.siting.covering import fewest_sites, most_people
from facilities.siting.median import least_total

QUESTIONS: Mapping[str, Callable[..., Siting]] = {
    "fewest-sites": fewest_sites,
    "most-people": most_people,
    "least-total": least_total,
}
"""The questions that a planner may ask, by name."""

__all__ = ["QUESTIONS", "Siting", "fewest_sites", "least_total", "most_people", "with_capacity"]

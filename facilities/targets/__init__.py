"""Plans as executable standards: indicators, targets with their quotes, and the verdict."""

from facilities.targets.boundaries import bounds, misread
from facilities.targets.contradictions import contradictions
from facilities.targets.files import read_plan, shipped_plan, shipped_plans
from facilities.targets.judge import verdict
from facilities.targets.model import Contradiction, Indicator, Plan, Scope, Statement, Target
from facilities.targets.parse import parse_plan

__all__ = [
    "Contradiction",
    "Indicator",
    "Plan",
    "Scope",
    "Statement",
    "Target",
    "bounds",
    "contradictions",
    "misread",
    "parse_plan",
    "read_plan",
    "shipped_plan",
    "shipped_plans",
    "verdict",
]

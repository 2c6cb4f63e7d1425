"""The score sheet of a survey: one item a check, deductions that the office may change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from boundaries.survey.checks import CHECKS
from boundaries.survey.profile import Profile
from boundaries.survey.review import Review
from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the sheet.

    Parameters
    ----------
    name, title, clause
        Of the check.
    errors, warnings, notes
        How many findings of each weight.
    deduction
        Points taken off.
    remark
        Why a check did not run, or what the office wrote.
    """

    name: str
    title: Text
    clause: str
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    deduction: float = 0.0
    remark: Text = NOTHING


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """All items, the full mark, and the mark from which a survey passes."""

    items: tuple[Item, ...]
    full: float
    pass_mark: float
    confirmed: bool

    @property
    def total(self) -> float:
        """Points left, at least 0."""
        return max(0.0, self.full - sum(item.deduction for item in self.items))

    @property
    def passed(self) -> bool:
        """Whether the survey reaches the mark; one that left errors does not."""
        return self.total >= self.pass_mark and not any(item.errors for item in self.items)

    @property
    def verdict(self) -> Text:
        """What is written under the sheet."""
        if not self.passed:
            return Text("不合格", "not accepted")
        if not self.confirmed:
            return Text("合格（限差未经确认）", "accepted (tolerances not confirmed)")
        return Text("合格", "accepted")


def sheet(
    review: Review, *, profile: Profile, deductions: Mapping[str, float] | None = None
) -> ScoreSheet:
    """Score a review.

    Parameters
    ----------
    review
        Findings and skipped checks.
    profile
        Gives points for each error, warning and note.
    deductions
        Points by name of the check that the office has put in place of the computed ones.

    Examples
    --------
    >>> from boundaries.survey.profile import shipped
    >>> scored = sheet(Review((), ()), profile=shipped("township-10000"))
    >>> scored.total, scored.verdict.zh
    (100.0, '合格（限差未经确认）')
    """
    counts = _counts(review.findings)
    reasons = {each.check.name: each.reason for each in review.skipped}
    given = dict(deductions or {})
    items = []
    for check in CHECKS:
        of_check = counts.get(check.name, Counter())
        points = sum(profile.score.get(weight.value, 0.0) * of_check[weight] for weight in Severity)
        items.append(
            Item(
                name=check.name,
                title=check.title,
                clause=check.clause,
                errors=of_check[Severity.ERROR],
                warnings=of_check[Severity.WARNING],
                notes=of_check[Severity.NOTE],
                deduction=given.get(check.name, points),
                remark=reasons.get(check.name, NOTHING),
            )
        )
    full, least = profile.score.get("full", 100.0), profile.score.get("pass", 60.0)
    return ScoreSheet(tuple(items), full, least, profile.confirmed)


def _counts(findings: Iterable[Finding]) -> dict[str, Counter[Severity]]:
    counts: dict[str, Counter[Severity]] = {}
    for finding in findings:
        counts.setdefault(finding.rule.split("/")[0], Counter())[finding.severity] += 1
    return counts

"""Where a name must be alone: the scope of each class (地名管理条例 9(7), 9(8))."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gazetteer.common import tables
from gazetteer.common.divisions import is_zone
from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.lazy import pd
from gazetteer.names import categories
from gazetteer.names.rules.model import Candidate, Scope, Settings

DIGITS = {"nation": 0, "province": 2, "county": 6}
"""First digits of a division code that two names of a scope share."""
UNKNOWN = "unknown"
"""Class of the names whose category nobody has told, or told in a word that no table has."""

KINDLESS = "township-unit"
"""Class of the units of township level whose kind nobody has told."""


@cache
def table() -> dict[str, dict[str, str]]:
    """Return the table of scopes by class of name."""
    return {row["name_class"]: row for row in tables.rows("rule_scopes.csv")}


def title(name_class: str) -> Text:
    """Return the name of a class as officials say it."""
    row = require(name_class)
    return Text(row["zh"], row["en"])


def require(name_class: str) -> dict[str, str]:
    """Return the row of a class.

    Raises
    ------
    UnknownError
        No such class; the message lists those there are.
    """
    known = table()
    if name_class not in known:
        remedy = Sentence("Use one of {listed}.", listed=tuple(known))
        raise UnknownError(
            Sentence("No class of names is called {name_class!r}", name_class=name_class),
            remedy=remedy,
        )
    return known[name_class]


def kind_of(name_class: str, settings: Settings) -> str:
    """Return the kind of scope of a class, the office's own setting first."""
    return settings.scopes.get(name_class, require(name_class)["scope"])


def peers(name_class: str) -> frozenset[str]:
    """Return the classes that a class is compared with; itself when the table names none."""
    return frozenset(filter(None, require(name_class)["peers"].split("|"))) or frozenset(
        {name_class}
    )


def scope_of(candidate: Candidate, settings: Settings) -> Scope | None:
    """Return where the candidate's name must be alone, or None where nothing demands it.

    A built-up area that is not given falls back to the county: `missing_area` says so. A
    division that is told, but too large to say in which county it lies, gives none:
    `missing_division` says so.

    Examples
    --------
    >>> street = Candidate(text="滨河路", name_class="street", division_code="421081001")
    >>> scope_of(street, Settings()).code
    '421081'
    >>> scope_of(Candidate(text="绣林街道", name_class="subdistrict"), Settings()) is None
    True
    """
    row, kind = require(candidate.name_class), _kind(candidate, settings)
    if kind == "none" or missing_division(candidate, settings):
        return None
    if kind == "built-up":
        code, area = candidate.built_up, candidate.area
    else:
        division = settings.governed.beginning(candidate.division_code or "", DIGITS[kind])
        code, area = division or None, None
    classes = frozenset(peers(candidate.name_class))
    governed, clause = settings.governed, row["clause"]
    return Scope(kind=kind, classes=classes, code=code, area=area, clause=clause, governed=governed)


def _kind(candidate: Candidate, settings: Settings) -> str:
    kind = kind_of(candidate.name_class, settings)
    return "county" if missing_area(candidate, settings) else kind


def missing_division(candidate: Candidate, settings: Settings) -> bool:
    """Tell whether the division of a candidate is larger than the scope that its class has.

    Examples
    --------
    >>> street = Candidate(text="滨河路", name_class="street", division_code="4210")
    >>> missing_division(street, Settings())
    True
    """
    if candidate.division_code is None:
        return False
    return len(candidate.division_code.removeprefix("00")) < DIGITS.get(
        _kind(candidate, settings), 0
    )


def within(code: str, scope: Scope) -> bool | None:
    """Tell whether a division lies in a scope; None where it is not told, or is larger.

    Examples
    --------
    >>> county = Scope(kind="county", classes=frozenset({"street"}), code="421081")
    >>> within("421081001", county), within("421002", county), within("", county)
    (True, False, None)
    """
    wanted = scope.code or ""
    if scope.governed.lies(code, wanted):
        return True
    return None if wanted.startswith(code) else False


def missing_area(candidate: Candidate, settings: Settings) -> bool:
    """Tell whether the class wants a built-up area and the candidate names none."""
    wanted = kind_of(candidate.name_class, settings) == "built-up"
    return wanted and candidate.built_up is None and candidate.area is None


@cache
def _class_rows() -> tuple[Mapping[str, str], ...]:
    return tables.rows("rule_classes.csv")


@cache
def classify(level: str, kind: str, category: str) -> str:
    """Return the class of a name from the level and kind of its division or its category.

    A category is a GB/T 18521 code or a word for one; what is neither is `UNKNOWN`.

    Examples
    --------
    >>> classify("township", "街道", ""), classify("township", "镇", ""), classify("", "", "23510")
    ('subdistrict', 'township', 'street')
    >>> classify("", "", "街巷"), classify("", "", "某类"), classify("", "", "")
    ('street', 'unknown', 'unknown')
    """
    if level and is_zone(kind):  # 开发区, 农场: no township or village by name or law
        return "area"
    code = "" if level else categories.code_of(category) or ""
    for row in _class_rows():
        if _fits(row, level, kind, code):
            return row["name_class"]
    return UNKNOWN


def _fits(row: Mapping[str, str], level: str, kind: str, category: str) -> bool:
    if row["level"]:
        return row["level"] == level and row["kind"] in ("", kind)
    return not level and bool(category) and category.startswith(row["category_prefix"])


def classes(frame: pd.DataFrame) -> pd.Series:
    """Return the class of each row from its columns ``level``, ``kind`` and ``category``."""
    columns = ["level", "kind", "category"]
    parts = frame.reindex(columns=columns).astype(object).fillna("").astype(str)
    distinct = parts.drop_duplicates()
    named = distinct.assign(name_class=[classify(*row) for row in distinct.to_numpy()])
    return parts.merge(named, how="left", on=columns).set_axis(frame.index)["name_class"]

"""Who approves which class of names (地名管理条例 12), and what the class requires."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gazetteer.common import tables
from gazetteer.common.errors import UnknownError
from gazetteer.common.language import Sentence, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A row of ``approval_authorities.csv``.

    `flow` is ``own`` (approved by a government or the place-name department, 13(1)-(3)) or
    ``received`` (approved by another department and filed with us, 13(4)).
    """

    case: str
    name_class: str
    title: Text
    approves: Text
    flow: str
    clause: str
    filed_with: Text
    filing_clause: str
    announces: Text
    consultations: tuple[str, ...]
    optional: tuple[str, ...]
    source: str


@cache
def authorities() -> dict[str, Authority]:
    """Return the table by case, in the order of article 12."""
    return {row["case"]: _authority(row) for row in tables.rows("approval_authorities.csv")}


def _authority(row: dict[str, str]) -> Authority:
    return Authority(
        case=row["case"],
        name_class=row["name_class"],
        title=Text(row["zh"], row["en"]),
        approves=Text(row["authority_zh"], row["authority_en"]),
        flow=row["flow"],
        clause=row["clause"],
        filed_with=Text(row["filing_zh"], row["filing_en"]),
        filing_clause=row["filing_clause"],
        announces=Text(row["announcer_zh"], row["announcer_en"]),
        consultations=tuple(filter(None, row["consultations"].split("|"))),
        optional=tuple(filter(None, row["optional"].split("|"))),
        source=row["source"],
    )


def authority(case: str) -> Authority:
    """Return who decides a case.

    Raises
    ------
    UnknownError
        No such case; the message lists those there are.

    Examples
    --------
    >>> authority("street").approves.zh, authority("street").clause
    ('直辖市、市、县人民政府', '地名管理条例 12(5)')
    """
    if case not in authorities():
        remedy = Sentence("Use one of {listed}.", listed=tuple(authorities()))
        raise UnknownError(
            Sentence("No class of applications is called {case!r}", case=case), remedy=remedy
        )
    return authorities()[case]

"""The values that naming rules take and give."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shapely.geometry.base import BaseGeometry

from gazetteer.common.findings import Severity
from gazetteer.common.governed import Governed
from gazetteer.common.language import Language, Text
from gazetteer.names.rules.spelling import by_rules

Romanize = Callable[[str, str], str | None]
"""Expected romanization of a name of a class, or None where a reading is undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A name to be checked: a proposed one, or one that exists already.

    Parameters
    ----------
    text
        The full name.
    name_class
        Class of the named thing, a row of ``rule_scopes.csv`` (``street``, ``township`` ...).
    id
        What findings are about; the text when empty.
    thing_id
        The thing that bears or shall bear the name, left out of comparisons.
    category
        GB/T 18521 code or level as on record, for the spelling; `name_class` where not given.
    division_code
        Code of the division in which it lies (or its own), for province and county scopes.
    built_up
        Id of the built-up area (建成区), for streets, estates and buildings.
    area
        Polygon of the built-up area instead, in EPSG:4490.
    specific, generic
        The two parts when known; split by the table of generic terms otherwise.
    romanization
        Spelling to be checked against the rules.
    main
        The name it is derived from (滨河路 for 滨河支路), when the applicant states it.
    local_names
        Names of the divisions around it, for facilities.
    measures
        Size of the thing by column of ``rule_generic_thresholds.csv``, units in the names
        (``floors``, ``land_area_m2``, ``floor_area_m2``, ``green_percent`` ...).
    existing
        True for a name that is in use: its findings never exceed a warning.
    geometry
        Where it is, in EPSG:4490; put on findings that are about no other place.
    """

    text: str
    name_class: str
    id: str = ""
    thing_id: str | None = None
    category: str | None = None
    division_code: str | None = None
    built_up: str | None = None
    area: BaseGeometry | None = None
    specific: str | None = None
    generic: str | None = None
    romanization: str | None = None
    main: str | None = None
    local_names: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    existing: bool = False
    geometry: BaseGeometry | None = None

    @property
    def spelt_as(self) -> str:
        """The class by which it is spelt: as the importer knows it, else the rules' own."""
        return self.name_class if self.category is None else self.category


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A name of the register that a lookup found.

    `placed` is False where nobody has told whether it lies in the scope asked about.
    """

    id: str
    text: str
    name_class: str
    thing_id: str | None = None
    division_code: str | None = None
    generic: str = ""
    romanization: str = ""
    role: str = "standard"
    status: str = "approved"
    geometry: BaseGeometry | None = None
    placed: bool = True

    @property
    def current(self) -> bool:
        """Whether this is a standard name in force or on its way to it."""
        return self.role == "standard" and self.status != "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a name must be alone: the classes it is compared with, and the area.

    Parameters
    ----------
    kind
        ``nation``, ``province``, ``county`` or ``built-up``.
    classes
        Classes of names that count.
    code
        First digits of the division codes inside (province 2, county 6), or the id of the
        built-up area; None for the nation or a polygon.
    area
        Polygon of the built-up area in EPSG:4490.
    clause
        Article and paragraph that set the scope.
    governed
        Units that lie elsewhere than their code tells.
    """

    kind: str
    classes: frozenset[str]
    code: str | None = None
    area: BaseGeometry | None = None
    clause: str = "地名管理条例 9(8)"
    governed: Governed = field(default_factory=Governed)


class NameLookup(Protocol):
    """Three questions to a register of names; answered from memory or from a database."""

    def same_text(self, texts: Collection[str], scope: Scope) -> Sequence[Neighbour]:
        """Return names in the scope that are written as one of these texts."""

    def same_sound(self, key: str, scope: Scope) -> Sequence[Neighbour]:
        """Return names in the scope whose toneless key (`sounds.toneless`) is this."""

    def same_specific(self, specific: str, scope: Scope) -> Sequence[Neighbour]:
        """Return names in the scope whose specific part is this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What local practice decides; the defaults are the national reading.

    Parameters
    ----------
    profile
        Local profile of the tables of limits, thresholds and barred generics.
    tone_sensitive
        True: only names with equal tones count as 同音 (Qingdao); False: tones are ignored,
        and the finding says whether they differ (Tongling). The Regulation defines neither.
    scopes
        Scope of a class other than in ``rule_scopes.csv``, e.g. ``{"subdistrict": "county"}``.
    listed
        The office's own lists: kind (leader, person, foreign, company) to names.
    not_linked
        Names on those lists that are allowed because nothing links them to the person or
        company (实施办法 3, 4).
    dialect
        Rows of ``rule_dialect.csv``: syllable parts that the local dialect does not tell apart.
    romanize
        Gives the romanization by the rules (`spelling.by_rules`, with the office's decisions
        when it has any); None switches the spelling rule off.
    by_dictionary
        Compare the sound of a name as a general dictionary gives it, too: for registers with
        names that nobody romanized. False where every name on record is spelt by the rules.
    governed
        Units that lie elsewhere than their code tells (代管): compared where they are governed.
    """

    profile: str = "national"
    tone_sensitive: bool = False
    scopes: Mapping[str, str] = field(default_factory=dict)
    listed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    not_linked: frozenset[str] = frozenset()
    dialect: tuple[Mapping[str, str], ...] = ()
    romanize: Romanize | None = field(default_factory=by_rules)
    by_dictionary: bool = True
    governed: Governed = field(default_factory=Governed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What one rule has to say, before the table adds its id, clause and severity.

    `at_most` is the severity that it never exceeds, where it leaves a doubt.
    """

    message: Text
    clause: str | None = None
    related: tuple[str, ...] = ()
    measured: float | None = None
    tolerance: float | None = None
    unit: str | None = None
    key: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    geometry: BaseGeometry | None = None
    at_most: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """A rule that says nothing of a name, and why: that it found nothing is no verdict."""

    rule: str
    clause: str
    reason: Text
    title: Text = field(default_factory=lambda: Text("", ""))

    def as_json(self, language: Language = "zh") -> dict[str, str]:
        """Return the object that scripts rely on."""
        return {
            "rule": self.rule,
            "clause": self.clause,
            "title": self.title.say(language) or self.rule,
            "reason": self.reason.say(language),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a rule may ask: the parts of the name, the register, the scope, the settings."""

    lookup: NameLookup
    settings: Settings
    specific: str
    generic: str
    scope: Scope | None

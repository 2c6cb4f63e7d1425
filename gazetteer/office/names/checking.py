"""Names against the rules: one that is proposed, or all that a county file holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely

from gazetteer.common import divisions, tables
from gazetteer.common.errors import UnknownError
from gazetteer.common.findings import Finding
from gazetteer.common.language import Sentence
from gazetteer.common.lazy import pd
from gazetteer.names import categories, rules
from gazetteer.names.rules import Candidate, Register, Settings, Unchecked, scopes
from gazetteer.names.rules.spelling import by_rules
from gazetteer.office.names.lookup import CountyNames
from gazetteer.office.names.spelling import decisions
from gazetteer.store import County, keep_findings, lookup
from gazetteer.store.rechecking import asked

AUDIT = "rules audit"
BUILT_UP = "built-up"
# some 100 m of latitude: streets along the edge of an area belong to it, their middle may not
EDGE_DEGREES = 0.001


def settings(county: County, *, profile: str = "national", tones: bool = False) -> Settings:
    """Return the settings of a county: its own decided readings spell its names."""
    return Settings(
        profile=profile,
        tone_sensitive=tones,
        dialect=tables.rows("rule_dialect.csv"),
        romanize=by_rules(decisions(county)),
        by_dictionary=False,
        governed=county.governed(),
    )


def built_up_area(county: County, code: str) -> Any:
    """Return the polygon of a built-up area in EPSG:4490, the streets along its edge included.

    Raises
    ------
    UnknownError
        No built-up area has this code.
    """
    found = lookup.zone(county.connection, BUILT_UP, code)
    if found is None:
        zones = county.layer("zones")
        known = zones.loc[zones["kind"] == BUILT_UP, "code"].dropna().tolist()
        remedy = (
            Sentence("Use one of {listed}.", listed=tuple(known))
            if known
            else Sentence("Import it: `import zones`.")
        )
        raise UnknownError(Sentence("no built-up area {code!r}", code=code), remedy=remedy)
    return shapely.buffer(found, EDGE_DEGREES)


def name_class(category: str) -> str:
    """Return a class of names from its word, a kind of division, or a GB/T 18521 code or word.

    Raises
    ------
    UnknownError
        No such class; the message has the words nearest to it.

    Examples
    --------
    >>> name_class("street"), name_class("23510"), name_class("小区"), name_class("街道")
    ('street', 'street', 'estate', 'subdistrict')
    """
    plain = category.strip()
    if plain in scopes.table():
        return plain
    if plain in _kinds():
        return rules.classify(_kinds()[plain], plain, "")
    code = categories.require(plain)
    level = _LEVELS.get(code[:3])
    return rules.classify(level, "", "") if level else rules.classify("", "", code)


def class_of_name(text: str, category: str) -> str:
    """Return the class of a proposed name; where 乡镇 is told, its end says which of them it is.

    Examples
    --------
    >>> [class_of_name(each, "乡镇") for each in ("长乐镇", "绣林街道", "长乐")]
    ['township', 'subdistrict', 'township-unit']
    """
    found = name_class(category)
    if found != scopes.KINDLESS:
        return found
    return rules.classify("township", divisions.by_name(text, "township") or "", "")


_LEVELS = {"212": "province", "213": "prefecture", "214": "county", "215": "township"}


def _kinds() -> dict[str, str]:
    """Return the level of each kind of division that the Constitution or the ministry names."""
    rows = tables.rows("division_kinds.csv")
    return {r["kind"]: r["level"] for r in rows if r["class"] == "division"} | {"市": "county"}


def candidate(
    county: County,
    text: str,
    *,
    category: str,
    built_up: str | None = None,
    within: str | None = None,
) -> Candidate:
    """Return a proposed name with the area in which it must be alone.

    Parameters
    ----------
    category
        Class of names (street, village ...), or GB/T 18521 code or word (街巷, 住宅小区).
    built_up
        Code of the built-up area.
    within
        Code of the division; that of the county file where not given.
    """
    return Candidate(
        text=text,
        name_class=class_of_name(text, category),
        division_code=within or county.division_code,
        built_up=built_up,
        area=None if built_up is None else built_up_area(county, built_up),
    )


def check(county: County, proposed: Candidate, *, using: Settings | None = None) -> list[Finding]:
    """Check a proposed name against all rules and all names on record or applied for.

    Raises
    ------
    InputError
        The text cannot be a name at all.
    """
    using = using or settings(county)
    return rules.check(proposed, CountyNames(county, dialect=using.dialect), settings=using)


def unchecked(
    county: County,
    proposed: Candidate | None = None,
    *,
    using: Settings | None = None,
    only: Sequence[str] = (),
    among: Register | None = None,
) -> list[Unchecked]:
    """Return the rules that say nothing of a proposed name, or of the names in use, and why."""
    chosen = rules.only(only) if only else rules.RULES
    using = using or settings(county)
    return rules.unchecked(using, rules=chosen, candidate=proposed, register=among)


def names_concerned(county: County, found: Iterable[Finding]) -> pd.DataFrame:
    """Return the names that findings relate to, with their positions (CGCS2000 degrees)."""
    wanted = {each for finding in found for each in finding.related}
    texts = {str(name) for finding in found for name in finding.details.get("names", ())}
    rows = [
        each for each in lookup.by_text(county.connection, sorted(texts))
        if each.id in wanted
    ]  # fmt: skip
    positions = county.positions({each.thing_id for each in rows})
    placed = [(each.id, each.text, each.role, *positions[each.thing_id]) for each in rows
            if each.thing_id in positions]  # fmt: skip
    return pd.DataFrame(placed, columns=["id", "text", "role", "lon", "lat"])


def register(county: County, *, dialect: Iterable[Mapping[str, str]] = ()) -> Register:
    """Return all names of a county file, ready to be compared with one another."""
    frame = lookup.every_name(county.connection)
    placed = frame.assign(
        built_up=_built_up(county, frame), division_code=_divisions(county, frame)
    )
    return Register(placed, dialect=dialect)


def _divisions(county: County, names: pd.DataFrame) -> pd.Series:
    """Return the division of each name: as told, else where its place lies, else the file's."""
    codes_of_names = names["division_code"].fillna("")
    lacking = names.loc[codes_of_names == "", "thing_id"]
    locator, positions = county.locator(), county.positions(set(lacking))
    lying = {thing: locator.at(*positions[thing]) for thing in positions}
    codes = {thing: found[-1]["code"] for thing, found in lying.items() if found}
    root = county.division_code.removeprefix("00")
    placed = pd.Series([codes.get(each, root) for each in lacking], lacking.index, dtype=object)
    return codes_of_names.where(codes_of_names != "", placed)


def _built_up(county: County, names: pd.DataFrame) -> pd.Series:
    """Return the code of the built-up area in which each named place lies."""
    found = pd.Series("", index=names.index, dtype=object)
    zones = county.layer("zones")
    zones = zones[zones["kind"] == BUILT_UP]
    if zones.empty:
        return found
    places = county.layer("places")
    tree = shapely.STRtree(shapely.buffer(zones.geometry.to_numpy(), EDGE_DEGREES))
    point, zone = tree.query(places.geometry.to_numpy(), predicate="intersects")
    codes = zones["code"].fillna(zones["id"]).to_numpy(dtype=object)
    inside = dict(zip(places["id"].to_numpy()[point], codes[zone], strict=True))
    found[:] = names["thing_id"].map(inside).fillna("").to_numpy()
    return found


def audit(
    county: County,
    *,
    using: Settings | None = None,
    only: Sequence[str] = (),
    among: Register | None = None,
) -> list[Finding]:
    """Check every standard name in force; findings carry the position of what they are about.

    `among` is what `register` gives, where it is there already.
    """
    chosen = rules.only(only) if only else rules.RULES
    using = using or settings(county)
    every = register(county, dialect=using.dialect) if among is None else among
    found = rules.audit(every, settings=using, rules=chosen)
    things = dict(zip(every.frame["id"], every.frame["thing_id"], strict=True))
    return _with_positions(county, found, things)


def _with_positions(county: County, found: list[Finding], things: dict[str, str]) -> list[Finding]:
    about = [[things.get(name, name) for name in (each.subject, *each.related)] for each in found]
    positions = county.positions({thing for each in about for thing in each})

    def placed(finding: Finding, concerned: list[str]) -> Finding:
        points = [positions[thing] for thing in concerned if thing in positions]
        return replace(finding, geometry=shapely.MultiPoint(points)) if points else finding

    return [placed(*pair) for pair in zip(found, about, strict=True)]


def keep(
    county: County,
    found: Sequence[Finding],
    *,
    only: Sequence[str] = (),
    profile: str = "national",
    tones: bool = False,
) -> dict[str, int]:
    """Keep the findings of an audit in the county file; those put right are closed.

    `only`, `profile` and `tones` are what the audit was asked: so a change that may have put one
    right asks it again.
    """
    applied = frozenset(only or (each.id for each in rules.RULES))
    again = asked(AUDIT, only=[*only], profile=profile, tones=tones)
    with county.change(AUDIT) as change:
        return keep_findings(change, found, check=applied, asked=again)

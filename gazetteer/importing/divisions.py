"""Lists and polygons of divisions as they land in the county file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pandas as pd

from gazetteer.common.hierarchy import Hierarchy
from gazetteer.common.language import Text
from gazetteer.importing import provisional
from gazetteer.importing.prepared import Prepared, doubles, multi
from gazetteer.importing.provisional import Provisional
from gazetteer.importing.resolving import Refused, several
from gazetteer.importing.spelling import name_rows
from gazetteer.office.names.spelling import decisions
from gazetteer.store import County, renaming


def divisions(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare a list of divisions: code, name, level, parent; each gets its standard name."""
    stored = county.layer("divisions")
    refused = [*_outside(county, frame, stored), *_orphans(county, frame, stored)]
    codes_for_now = provisional.provisional(county, frame)
    rows = _identified(county, _since_decided(county, frame), codes_for_now).assign(source=source)
    spelled = _standard_names(county, frame)
    return Prepared(rows, refused, spelled, provisional=codes_for_now)


WIDE = 100
"""Rows of other counties from which on a list is one of a wider area, and --within is offered."""


def elsewhere(frame: pd.DataFrame, root: str) -> tuple[Text, ...]:
    """Return what to say of a list that goes far beyond the county.

    Examples
    --------
    >>> nation = pd.DataFrame({"code": ["421081"] + ["110108"] * 120})
    >>> [each.en for each in elsewhere(nation, "421081")]
    ['120 rows lie outside 421081: --within 421081 reads only those inside, and much faster']
    >>> elsewhere(nation, "11")
    ()
    """
    count = sum(not _along(each, root) for each in frame["code"].dropna())
    if root == "00" or count < WIDE:
        return ()
    zh = f"{count} 行在 {root} 之外：加 --within {root} 只读本地的行，快得多"
    en = (
        f"{count} rows lie outside {root}: --within {root} reads only those inside, and much faster"
    )
    return (Text(zh, en),)


def _along(code: str, root: str) -> bool:
    return code.startswith(root) or root.startswith(code)


def _since_decided(county: County, frame: pd.DataFrame) -> pd.DataFrame:
    """Return divisions without the day on which those began whose names were approved since."""
    if "valid_from" not in frame:
        return frame
    standing = renaming.decided(county.connection)
    names = frame["code"].map(county.division_ids()).map(standing)
    return frame.assign(valid_from=frame["valid_from"].astype(object).mask(names.notna(), None))


def boundaries(county: County, frame: pd.DataFrame, *, source: str) -> Prepared:
    """Prepare polygons for the divisions that bear their code or, failing that, their name."""
    stored = county.layer("divisions")
    by_name = stored.drop_duplicates("name", keep=False).set_index("name")["code"]
    codes = frame["code"].where(frame["code"].notna(), frame["name"].map(by_name)).astype(object)
    unknown = frame.loc[codes.isna() & frame["name"].notna(), "name"]
    unknown = unknown[~unknown.isin(stored["name"])]
    codes_for_now = provisional.provisional(county, frame, unknown=unknown)
    codes = codes.where(codes.notna(), codes_for_now.made.reindex(codes.index))
    known = codes.isin(stored["code"])
    nameless = frame.index[codes.notna() & ~known & frame["name"].isna()]
    refused = [
        *_outside(county, frame.assign(code=codes), stored),
        *_nobody(frame.loc[codes.isna(), "name"], stored),
        Refused(nameless, "name", Text("库中没有此代码，又无名称", "unknown code without a name")),
        *doubles(codes, "name"),
    ]
    standing = codes.map(stored.set_index("code")["name"])
    shaped = frame.assign(
        code=codes,
        # a polygon without a name is that of its code's unit
        name=frame["name"].where(frame["name"].notna(), standing),
        level=frame["level"].mask(codes.index.isin(codes_for_now.made.index), provisional.LEVEL),
        parent_code=frame["parent_code"].mask(
            codes.index.isin(codes_for_now.made.index), county.division_code
        ),
        geometry=multi(frame["geometry"]),
    )
    held = held_as_before(shaped, stored, stated=shaped["parent_code"].notna())
    rows = _identified(county, held, codes_for_now).assign(source=source)
    wanted = ["id", "code", "name", "level", "parent_id", "geometry", "source"]
    # a polygon layer says shapes; of names, what is new or was decided
    differing = shaped[(shaped["name"] != standing) & codes.notna() & shaped["name"].notna()]
    spelled = _standard_names(county, differing)
    return Prepared(rows[wanted], refused, spelled, provisional=codes_for_now)


def _nobody(names: pd.Series, stored: pd.DataFrame) -> Iterator[Refused]:
    """Yield the rows whose name is that of no division on record, or of several."""
    none = Text("没有代码，库中也没有此名称的政区", "no code, and no division of this name")
    for name, rows in names.groupby(names.fillna("")):
        yield Refused(rows.index, "name", several(str(name), stored) or none)


def held_as_before(frame: pd.DataFrame, stored: pd.DataFrame, *, stated: pd.Series) -> pd.DataFrame:
    """Keep the parent on record where a file states none: what its code tells is no statement.

    Parameters
    ----------
    frame
        What was read: ``code``, ``parent_code``.
    stored
        The divisions on record.
    stated
        Which rows state a parent, which may well be the one that the code tells.

    Examples
    --------
    >>> rows = pd.DataFrame({"code": ["421023101"] * 2, "parent_code": ["421023"] * 2})
    >>> stored = pd.DataFrame({"code": ["421023101"], "parent_code": ["421081"]})
    >>> held_as_before(rows, stored, stated=pd.Series([True, False]))["parent_code"].tolist()
    ['421023', '421081']
    """
    before = frame["code"].map(stored.set_index("code")["parent_code"])
    return frame.assign(parent_code=frame["parent_code"].mask(~stated & before.notna(), before))


def _standard_names(county: County, frame: pd.DataFrame) -> pd.DataFrame:
    readings = decisions(county)
    return name_rows(frame["name"], codes=frame["code"], details=frame, decisions=readings)


def _identified(county: County, frame: pd.DataFrame, codes_for_now: Provisional) -> pd.DataFrame:
    """Return divisions with their ids, new ones included, and their parents as ids."""
    ids = county.division_ids() | {each.after: each.thing_id for each in codes_for_now.recoded}
    for code in frame["code"].dropna():
        ids.setdefault(code, secrets.token_hex(8))
    parents = frame["parent_code"].map(ids).astype(object)
    found = frame.drop(columns=["parent_code"]).assign(parent_id=parents)
    return found.assign(id=frame["code"].map(ids).astype(object))


def _outside(county: County, frame: pd.DataFrame, stored: pd.DataFrame) -> list[Refused]:
    root = county.division_code
    if root == "00":
        return []
    columns = ["code", "level", "parent_code"]
    held = Hierarchy.of(pd.concat([stored[columns], frame[columns]], ignore_index=True))
    # what lies above the county may stand in its list; what lies beside it may not, unless the
    # list says that the county governs it
    inside = frame["code"].map(
        lambda code: isinstance(code, str) and (_along(code, root) or held.holds(root, code))
    )
    outside = frame.index[frame["code"].notna() & ~inside]
    reason = Text(
        f"不属于本库政区 {root}", f"is not within {root}, which this county file is about"
    )
    return [Refused(outside, "code", reason)]


def _orphans(county: County, frame: pd.DataFrame, stored: pd.DataFrame) -> list[Refused]:
    known = set(stored["code"]) | set(frame["code"])
    root = county.division_code
    above = frame["parent_code"]
    missing = above.notna() & ~above.isin(known)
    # what lies above the county itself is not in its file
    missing &= ~above.map(lambda code: isinstance(code, str) and root.startswith(code))
    return [
        Refused(
            frame.index[missing],
            "parent_code",
            Text("上级政区代码不在表中也不在库中", "its parent is neither in the file nor stored"),
        )
    ]

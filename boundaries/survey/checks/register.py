"""Names and codes of units equal the register as of the survey date."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from boundaries.survey.case import Case, Issue, column, present
from gazetteer.common.coordinates import to_cgcs2000
from gazetteer.common.findings import Severity
from gazetteer.common.language import Text
from gazetteer.common.value_words import value_titles

STATUSES = value_titles()["legal_status"]


def names_and_codes(case: Case) -> Iterator[Issue]:
    """Yield each unit whose name or code is not the register's, is unknown there, or is missing."""
    if case.register is None:
        return
    register = _level(case, case.register)
    if not len(register):
        return
    names = dict(zip(register["code"].astype(str), register["name"], strict=True))
    codes = {name: code for code, name in names.items()}
    units = case.delivery.layer("units")
    for code, name in zip(column(units, "code"), column(units, "name"), strict=True):
        if present(code) and present(name):
            yield from _unit(str(code), str(name), names, codes)
    for code in sorted(set(names) - set(case.resolved.dropna())):
        zh, en = f"缺少{names[code]}（{code}）", f"{names[code]} ({code}) is missing"
        yield Issue("missing-unit", code, Text(zh, en), shape=_outline(case, code))


def _outline(case: Case, code: str) -> BaseGeometry | None:
    """Return the register's polygon of a unit in the working CRS: what its absence leaves open."""
    if case.register is None:
        return None
    rows = case.register[case.register["code"].astype(str) == code]
    rows = rows[rows.geometry.notna()]
    return to_cgcs2000(rows).to_crs(case.crs).geometry.iloc[0] if len(rows) else None


def _unit(code: str, name: str, names: dict[str, str], codes: dict[str, str]) -> Iterator[Issue]:
    if name in codes:
        if code != codes[name]:
            zh = f"{name}的代码为{code}，登记代码为{codes[name]}"
            en = f"{name} has code {code}, in the register {codes[name]}"
            yield Issue("code", codes[name], Text(zh, en))
    elif code in names:
        zh = f"{code}的名称为“{name}”，登记名称为“{names[code]}”"
        en = f"{code} is called {name}, in the register {names[code]}"
        yield Issue("name", code, Text(zh, en))
    else:
        zh = f"{name}（{code}）不在登记的行政区划中"
        yield Issue("unknown-unit", code, Text(zh, f"{name} ({code}) is not in the register"))


def _level(case: Case, register: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the divisions of the level and county that the delivery is about."""
    units = case.delivery.layer("units")
    known = set(case.resolved.dropna()) | set(column(units, "code").dropna().astype(str))
    matched = register[register["code"].astype(str).isin(known)]
    if not len(matched):
        return register[column(register, "level") == "township"]
    level = column(register, "level").isin(set(column(matched, "level").dropna()))
    parent = column(register, "parent_code").isin(set(column(matched, "parent_code").dropna()))
    chosen = (level if "level" in register else True) & (
        parent if "parent_code" in register else True
    )
    return register[chosen] if not isinstance(chosen, bool) else register


def legal_status(case: Case) -> Iterator[Issue]:
    """Yield each line whose legal status is not one of the three that exist."""
    known = {word for value, each in STATUSES.items() for word in (value, each.zh)}
    lines = case.delivery.layer("lines")
    pairs = zip(column(lines, "code"), column(lines, "legal_status"), strict=True)
    for code, status in pairs:
        if present(status) and str(status) not in known:
            zh = f"界线{code}的性质“{status}”应为法定界线、管辖线或争议"
            en = f"legal status {status!r} of line {code} is none of agreed, de-facto, disputed"
            yield Issue("legal-status", str(code), Text(zh, en), Severity.WARNING)


def agreements(case: Case) -> Iterator[Issue]:
    """Yield the lines that are called agreed and name no agreement: all of them once."""
    lines = case.delivery.layer("lines")
    columns = (column(lines, name) for name in ("code", "legal_status", "agreement_document"))
    bare = [
        str(code)
        for code, status, document in zip(*columns, strict=True)
        if str(status) in ("agreed", STATUSES["agreed"].zh) and not present(document)
    ]
    if bare:
        shown = "、".join(bare[:6]) + ("等" if len(bare) > 6 else "")
        zh = f"{len(bare)}条法定界线（{shown}）没有协议书"
        en = f"{len(bare)} lines are called agreed and name no agreement: {', '.join(bare[:6])}"
        subject, related = bare[0], tuple(bare[1:])
        yield Issue("no-agreement", subject, Text(zh, en), Severity.WARNING, related=related)

"""A small invented county for map tests: four townships in a square, dated names, one line."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, box

from gazetteer.common.findings import Finding, Severity
from gazetteer.common.language import Text

WEST, SOUTH, SIDE = 112.4, 29.7, 0.1


def divisions() -> gpd.GeoDataFrame:
    """Return a county of four townships; 丙乡 became 丙镇 on 2001-05-01."""
    rows: list[dict[str, Any]] = [
        _division("421081", "石江市", "county", 0, 0, 2, parent=None),
        _division("421081100", "甲镇", "township", 0, 0),
        _division("421081101", "乙镇", "township", 1, 0),
        _division("421081200", "丙乡", "township", 0, 1) | {"valid_to": "2001-05-01"},
        _division("421081102", "丙镇", "township", 0, 1) | {"valid_from": "2001-05-01"},
        _division("421081103", "丁镇", "township", 1, 1),
    ]
    return gpd.GeoDataFrame(rows, crs="EPSG:4490")


def _division(
    code: str,
    name: str,
    level: str,
    column: int,
    row: int,
    size: int = 1,
    *,
    parent: Any = "421081",
) -> dict[str, Any]:
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return {
        "id": f"d{code}",
        "code": code,
        "name": name,
        "level": level,
        "parent_code": parent,
        "valid_from": None,
        "valid_to": None,
        "geometry": box(west, south, west + size * SIDE, south + size * SIDE),
    }


def lines() -> gpd.GeoDataFrame:
    """Return the agreed line between 甲镇 and 乙镇."""
    path = LineString([(WEST + SIDE, SOUTH), (WEST + SIDE, SOUTH + SIDE)])
    record = {"code": "L1", "name": "甲乙线", "legal_status": "agreed", "left_code": "421081100"}
    return gpd.GeoDataFrame([record | {"geometry": path}], crs="EPSG:4490")


def names() -> pd.DataFrame:
    """Return three names of two places; 单家场 is read shàn, one was given up in 1958."""
    return pd.DataFrame(
        {
            "id": ["n1", "n2", "n3"],
            "thing_id": ["p1", "p1", "p2"],
            "text": ["单家场村", "老单家场", "盖家堡"],
            "role": ["standard", "former", "standard"],
            "pinyin": ["shan jia chang cun", "lao shan jia chang", "ge jia bao"],
            "initials": ["sjcc", "lsjc", "gjb"],
            "romanization": ["Shànjiāchǎng Cūn", "Lǎo Shànjiāchǎng", "Gějiābǎo"],
            "division_code": ["421081100", "421081100", "421081101"],
            "valid_from": [None, "1912-01-01", None],
            "valid_to": [None, "1958-10-01", None],
            "lon": [WEST + 0.02, WEST + 0.02, WEST + 0.17],
            "lat": [SOUTH + 0.03, SOUTH + 0.03, SOUTH + 0.08],
        }
    )


def finding(message: str = "两镇之间有缝隙", **changed: Any) -> Finding:
    """Return a finding between 甲镇 and 乙镇."""
    told: dict[str, Any] = {
        "rule": "gap",
        "clause": "GB/T 17796-2009",
        "severity": Severity.ERROR,
        "subject": "421081100",
        "related": ("421081101",),
        "message": Text(message, "a gap"),
        "measured": 12.5,
        "unit": "m²",
        "geometry": Point(WEST + SIDE, SOUTH + 0.05).buffer(0.001),
    }
    return Finding(**(told | changed))

"""The one place of this package that opens county files, road layers and lists."""

from facilities.sources.buildings import buildings
from facilities.sources.county import Loaded, county, demand, named_divisions, plan
from facilities.sources.files import (
    assignments,
    features,
    grave_points,
    layer,
    ledger,
    texts,
    zone_profile,
)
from facilities.sources.roads import NOT_ON_FOOT, Roads
from facilities.sources.terrain import terrain

__all__ = [
    "NOT_ON_FOOT",
    "Loaded",
    "Roads",
    "assignments",
    "buildings",
    "county",
    "demand",
    "features",
    "grave_points",
    "layer",
    "ledger",
    "named_divisions",
    "plan",
    "terrain",
    "texts",
    "zone_profile",
]

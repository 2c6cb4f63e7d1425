"""Facilities, demand, walking access, plan targets and siting.

What stands in ``__all__`` is public and kept; everything else is private and may change.

Examples
--------
>>> import facilities
>>> facilities.profile("elderly").name
'elderly'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazetteer.common.lazy import face

if TYPE_CHECKING:
    from facilities import siting as siting
    from facilities import targets as targets
    from facilities.catchments import catchments as walking_areas
    from facilities.geocode import geocode as geocode_addresses
    from facilities.network import Network as Network
    from facilities.network import network_from_lines as network_from_lines
    from facilities.network import network_from_tables as network_from_tables
    from facilities.planning import Walk as Walk
    from facilities.planning import allocated as allocated
    from facilities.planning import place as place
    from facilities.planning import shared_supply as shared_supply
    from facilities.reach import Reach as Reach
    from facilities.reach import reach as walking_reach
    from facilities.scenarios import compare as compare
    from facilities.scenarios import gains as gains
    from facilities.status import status as plan_status
    from facilities.walking import profile as profile

__getattr__ = face(__name__)

__all__ = [
    "Network",
    "Reach",
    "Walk",
    "allocated",
    "compare",
    "gains",
    "geocode_addresses",
    "network_from_lines",
    "network_from_tables",
    "place",
    "plan_status",
    "profile",
    "shared_supply",
    "siting",
    "targets",
    "walking_areas",
    "walking_reach",
]

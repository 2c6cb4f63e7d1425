"""Walking networks: built from lines or node-link tables, noded, snapped to, islands listed."""

from facilities.network.graph import Network
from facilities.network.islands import islands
from facilities.network.lines import network_from_lines
from facilities.network.snap import Attached, attach
from facilities.network.tables import network_from_tables

__all__ = ["Attached", "Network", "attach", "islands", "network_from_lines", "network_from_tables"]

"""Gazetteer in QGIS: checks, lists and reach as Processing tools, names in the locator bar.

QGIS loads this package; it calls the installed `gazetteer` as a process and imports nothing of
it, so that neither's libraries meet the other's. It runs with any Python that QGIS has from 3.22.
"""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:  # noqa: N802 - QGIS calls it by this name
    """Return the plugin."""
    from .plugin import GazetteerPlugin

    return GazetteerPlugin(iface)

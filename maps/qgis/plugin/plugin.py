"""What QGIS starts and stops: the tools, and the finder of names in the locator bar."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication

from .locator import NameFilter
from .provider import GazetteerProvider


class GazetteerPlugin:
    """The plugin; without a window (qgis_process) it has its tools alone."""

    def __init__(self, iface: Any) -> None:
        self.iface = iface
        self.provider: Any = None
        self.finder: Any = None

    def initProcessing(self) -> None:  # noqa: N802 - QGIS calls it by this name
        """Give the tools to Processing."""
        self.provider = GazetteerProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:  # noqa: N802 - QGIS calls it by this name
        """Give the tools, and the finder to the locator bar."""
        self.initProcessing()
        self.finder = NameFilter(self.iface)
        self.iface.registerLocatorFilter(self.finder)

    def unload(self) -> None:
        """Take all back."""
        if self.finder is not None:
            self.iface.deregisterLocatorFilter(self.finder)
            self.finder = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None

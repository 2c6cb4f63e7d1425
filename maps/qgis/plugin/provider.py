"""The group of tools in the Processing toolbox, with the place of the command as its setting."""

from __future__ import annotations

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsProcessingProvider, QgsSettings

from .algorithms import CheckBoundaries, CheckNames, Reach, RepairNames
from .command import SETTING, said

_KEY = "GAZETTEER_COMMAND"


class GazetteerProvider(QgsProcessingProvider):
    """The tools of `gazetteer`."""

    def id(self) -> str:
        """Return what the ids of the tools begin with."""
        return "gazetteer"

    def name(self) -> str:
        """Return the title of the group."""
        return said("地名区划工具（gazetteer）", "Gazetteer")

    def load(self) -> bool:
        """Offer the setting, and the tools."""
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        title = said("gazetteer 命令的完整路径（不填则在系统路径中查找）", "Full path of gazetteer")
        kept = str(QgsSettings().value(SETTING, "") or "")
        ProcessingConfig.addSetting(Setting(self.name(), _KEY, title, kept, valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
        chosen = str(ProcessingConfig.getSetting(_KEY) or "")
        if chosen:
            QgsSettings().setValue(SETTING, chosen)
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """Take the setting back."""
        ProcessingConfig.removeSetting(_KEY)

    def loadAlgorithms(self) -> None:  # noqa: N802 - QGIS calls it by this name
        """Add each tool."""
        for tool in (CheckBoundaries, CheckNames, RepairNames, Reach):
            self.addAlgorithm(tool())

"""The one place where QGIS meets `gazetteer`: a process of its own, JSON on its standard output."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QLocale

SETTING = "gazetteer/command"
FOUND = 1
"""Exit status of a check that found something."""
# what QGIS sets for its own Python and its own GDAL and PROJ would mislead another's
OWN = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "GDAL_DATA",
    "GDAL_DRIVER_PATH",
    "PROJ_DATA",
    "PROJ_LIB",
)


class CommandError(Exception):
    """What the command says of wrong input, or that there is none."""


def command() -> str:
    """Return the path of the command: that of the settings, else the one on the path."""
    chosen = str(QgsSettings().value(SETTING, "") or "")
    found = shutil.which(chosen or "gazetteer")
    if found is None:
        raise CommandError(
            said(
                f"找不到命令 {chosen or 'gazetteer'}。请先安装，或在“设置-选项-数据处理-提供者-"
                "Gazetteer”中填写其完整路径。",
                f"No command {chosen or 'gazetteer'}. Install it, or set its full path in Settings "
                "- Options - Processing - Providers - Gazetteer.",
            )
        )
    return found


def language() -> str:
    """Return the language in which QGIS speaks, of those that the command knows."""
    own = str(QgsSettings().value("locale/userLocale", "") or QLocale().name())
    return "zh" if own.startswith("zh") else "en"


def said(zh: str, en: str) -> str:
    """Return a text in the language in which QGIS speaks."""
    return zh if language() == "zh" else en


def begun(arguments: list[str]) -> subprocess.Popen[str]:
    """Start the command and return its process, which the caller waits for."""
    environment = {key: value for key, value in os.environ.items() if key not in OWN}
    environment["PYTHONIOENCODING"] = "utf-8"
    return subprocess.Popen(
        [command(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def ended(process: subprocess.Popen[str], stopped: Any = None) -> str:
    """Wait for a process and return what it printed; kill it when `stopped` says so.

    Raises
    ------
    CommandError
        With what the command says, where it refuses its input.
    """
    while True:
        try:
            out, error = process.communicate(timeout=0.2)
            break
        except subprocess.TimeoutExpired:
            if stopped is not None and stopped():
                process.kill()
                process.communicate()
                return ""
    if process.returncode not in (0, FOUND):
        raise CommandError(error.strip() or out.strip() or f"status {process.returncode}")
    return out


def asked(arguments: list[str], stopped: Any = None) -> Any:
    """Run the command with `--json` and return its document; None where it was stopped."""
    out = ended(begun([*arguments, "--json", "--lang", language()]), stopped)
    return json.loads(out) if out.strip() else None

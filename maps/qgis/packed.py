"""The plugin for QGIS as the archive that QGIS installs from."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files

import gazetteer

FOLDER = "gazetteer_qgis"
"""What QGIS calls the plugin by."""
_STAMP = (1980, 1, 1, 0, 0, 0)
_SOURCES = ("metadata.txt", "__init__.py", "algorithms.py", "command.py", "findings.py",
            "locator.py", "plugin.py", "provider.py")  # fmt: skip


def plugin() -> bytes:
    """Return the plugin (.zip) that QGIS 3.22 and later installs: the same bytes each time.

    It calls the installed `gazetteer` as a process and takes none of its libraries into QGIS.

    Examples
    --------
    >>> zipfile.ZipFile(io.BytesIO(plugin())).namelist()[0]
    'gazetteer_qgis/metadata.txt'
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in _SOURCES:
            text = files("maps").joinpath("qgis", "plugin", name).read_text(encoding="utf-8")
            told = text.replace("@version@", gazetteer.__version__)
            archive.writestr(zipfile.ZipInfo(f"{FOLDER}/{name}", _STAMP), told)
    return content.getvalue()

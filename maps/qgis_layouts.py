"""Layouts (打印布局) of a project."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from gazetteer.common.language import Language
from maps.qgis_parts import View


def write(root: ET.Element, *, name: str, view: View, language: Language) -> None:
    """Write the layouts."""

"""Libraries that take long to load, loaded when first used: a command waits for what it needs.

pandas, GeoPandas, pyproj and SQLAlchemy take a second together, numpy and shapely a tenth; checking
or finding one name needs none of them. Import them from here where they are not needed at once:
``from gazetteer.common.lazy import pd``.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any


class Lazy(ModuleType):
    """Stands for a module and loads it when one of its names is asked for.

    Examples
    --------
    >>> decimals = Lazy("decimal")
    >>> decimals.Decimal("0.10")
    Decimal('0.10')
    >>> Lazy("decimal").nothing
    Traceback (most recent call last):
    AttributeError: module 'decimal' has no attribute 'nothing'
    """

    def __getattr__(self, name: str) -> Any:
        """Return a name of the module, and keep it for the next time."""
        found = getattr(import_module(self.__name__), name)
        setattr(self, name, found)
        return found


def face(package: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package whose public names are loaded when first asked for.

    Where each lives is told once: by what the package imports under ``if TYPE_CHECKING``. So the
    source has to be there, as in every wheel; a folder of compiled files alone is refused.

    Parameters
    ----------
    package
        The package, as ``__name__`` has it.

    Examples
    --------
    >>> asked = face("gazetteer")
    >>> asked("InputError").__name__
    'InputError'
    >>> asked("nothing")
    Traceback (most recent call last):
    AttributeError: module 'gazetteer' has no public name 'nothing'
    """

    def public(name: str) -> Any:
        homes = _homes(package)
        if name not in homes:
            raise AttributeError(f"module {package!r} has no public name {name!r}")
        module, member = homes[name]
        # a module of the package itself is imported: asking the package for it would come back here
        found = None if module == package else getattr(import_module(module), member, None)
        found = import_module(f"{module}.{member}") if found is None else found
        setattr(sys.modules[package], name, found)
        return found

    return public


@cache
def _homes(package: str) -> dict[str, tuple[str, str]]:
    """Return each name that a package imports for type checkers: its module, its name there."""
    loader = sys.modules[package].__loader__
    source = getattr(loader, "get_source", lambda _: None)(package)
    if source is None:
        raise ImportError(f"the source of {package} is missing: install it with its .py files")
    blocks = ast.parse(source).body
    imports = [
        node
        for block in blocks
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
    ]
    return {
        each.asname or each.name: (node.module or "", each.name)
        for node in imports
        for each in node.names
    }


if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import pyproj
    import shapely
else:
    gpd, pd, pyproj = Lazy("geopandas"), Lazy("pandas"), Lazy("pyproj")
    np, shapely = Lazy("numpy"), Lazy("shapely")

__all__ = ["Lazy", "face", "gpd", "np", "pd", "pyproj", "shapely"]

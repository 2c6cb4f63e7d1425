"""Libraries that take long to load, loaded when first used: a command waits for what it needs.

pandas, GeoPandas, pyproj and SQLAlchemy take a second together, numpy and shapely a tenth; checking
or finding one name needs none of them. Import them from here where they are not needed at once:
``from gazetteer.common.lazy import pd``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
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


def face(package: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package whose public names are loaded when first asked for.

    Parameters
    ----------
    package
        The package, as ``__name__`` has it.
    names
        Public name to where it lives: ``module:name``, or ``module`` for a module itself.

    Examples
    --------
    >>> asked = face("gazetteer.common", {"InputError": "gazetteer.common.errors:InputError"})
    >>> asked("InputError").__name__
    'InputError'
    >>> asked("nothing")
    Traceback (most recent call last):
    AttributeError: module 'gazetteer.common' has no public name 'nothing'
    """

    def public(name: str) -> Any:
        if name not in names:
            raise AttributeError(f"module {package!r} has no public name {name!r}")
        module, _, member = names[name].partition(":")
        loaded = import_module(module)
        found = getattr(loaded, member) if member else loaded
        setattr(sys.modules[package], name, found)
        return found

    return public


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

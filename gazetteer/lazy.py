"""Libraries that take long to load, loaded when first used: a command waits for what it needs.

pandas, GeoPandas, pyproj and SQLAlchemy take a second together, numpy and shapely a tenth; checking
or finding one name needs none of them. Import them from here where they are not needed at once:
``from gazetteer.lazy import pd``.
"""

from __future__ import annotations

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


if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import pyproj
    import shapely
else:
    gpd, pd, pyproj = Lazy("geopandas"), Lazy("pandas"), Lazy("pyproj")
    np, shapely = Lazy("numpy"), Lazy("shapely")

__all__ = ["Lazy", "gpd", "np", "pd", "pyproj", "shapely"]

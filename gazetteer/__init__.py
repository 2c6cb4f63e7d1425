"""Place names: model, codes, romanization, naming rules, search, signs, and the county file.

What stands in ``__all__`` is public and kept: it changes with a word in the changelog and a release
that still takes the old form. Everything else is private and may change.

Examples
--------
>>> import gazetteer as gz
>>> gz.romanize("长乐镇").romanization
'Chánglè Zhèn'
>>> gz.open("no-such-county.gpkg")
Traceback (most recent call last):
gazetteer.common.errors.StoreError: ...
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.common.lazy import face

__version__ = "0.2.0"


def open(path: str | Path, *, writing: bool = False) -> County:  # noqa: A001
    """Open a county file; use it in a ``with`` block.

    Parameters
    ----------
    path
        The GeoPackage.
    writing
        False opens it for reading only.

    Returns
    -------
    County
        `County.layer` gives its layers as (Geo)DataFrames in EPSG:4490.

    Raises
    ------
    StoreError
        When the file is missing, not a county file, newer than this program or locked.

    Examples
    --------
    >>> open("no-such-county.gpkg")
    Traceback (most recent call last):
    gazetteer.common.errors.StoreError: ...
    """
    from gazetteer.store import County

    return County(Path(path), writing=writing)


if TYPE_CHECKING:
    from gazetteer import exchange as exchange
    from gazetteer import release as release
    from gazetteer import signs as signs
    from gazetteer.common.errors import ConflictError as ConflictError
    from gazetteer.common.errors import CrsError as CrsError
    from gazetteer.common.errors import GazetteerError as GazetteerError
    from gazetteer.common.errors import InputError as InputError
    from gazetteer.common.errors import StaleError as StaleError
    from gazetteer.common.errors import StoreError as StoreError
    from gazetteer.common.errors import UnknownError as UnknownError
    from gazetteer.common.findings import Finding as Finding
    from gazetteer.common.language import Text as Text
    from gazetteer.names import romanization as romanization
    from gazetteer.names import rules as rules
    from gazetteer.names.romanization import romanize as romanize
    from gazetteer.office.names.finding import at as places_at
    from gazetteer.office.names.finding import search as search
    from gazetteer.store import County as County

__getattr__ = face(__name__)

__all__ = [
    "ConflictError",
    "County",
    "CrsError",
    "Finding",
    "GazetteerError",
    "InputError",
    "StaleError",
    "StoreError",
    "Text",
    "UnknownError",
    "exchange",
    "open",
    "places_at",
    "release",
    "romanization",
    "romanize",
    "rules",
    "search",
    "signs",
]

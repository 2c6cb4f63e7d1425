"""Everything that comes in and goes out as a table or layer.

`read` turns a file of any format into a frame of canonical columns, and returns each row that
cannot land with its reason; `write` and `write_rejects` are the way out.

What is asked for is loaded then: finding a name needs `gazetteer.common.codes` and none of the
libraries that read files (a third of a second).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gazetteer.exchange.fields import KINDS
    from gazetteer.exchange.formats.geonames import MAPPING as GEONAMES
    from gazetteer.exchange.headers import labels
    from gazetteer.exchange.reading import Reading, read
    from gazetteer.exchange.writing import FORMATS, Written, write, write_rejects

__all__ = [
    "FORMATS",
    "GEONAMES",
    "KINDS",
    "Reading",
    "Written",
    "labels",
    "read",
    "write",
    "write_rejects",
]

_HOMES = {
    "FORMATS": "writing",
    "GEONAMES": "formats.geonames",
    "KINDS": "fields",
    "Reading": "reading",
    "Written": "writing",
    "labels": "headers",
    "read": "reading",
    "write": "writing",
    "write_rejects": "writing",
}
_OTHERWISE = {"GEONAMES": "MAPPING"}
"""Names that are others in their homes."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    home = import_module(f"{__name__}.{_HOMES[name]}")
    found = globals()[name] = getattr(home, _OTHERWISE.get(name, name))
    return found

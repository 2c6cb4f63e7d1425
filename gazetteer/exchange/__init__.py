"""Everything that comes in and goes out as a table or layer.

`read` turns a file of any format into a frame of canonical columns, and returns each row that
cannot land with its reason; `write` and `write_rejects` are the way out.
"""

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

"""Everything that comes in and goes out as a table or layer.

`read` turns a file of any format into a frame of canonical columns, and returns each row that
cannot land with its reason; `opened` and `understand` are its halves, for tables that are there
already; `write` and `write_rejects` are the way out.

What is asked for is loaded then: what knows tables of fields alone needs none of the libraries that
read files (a third of a second).
"""

from typing import TYPE_CHECKING

from gazetteer.common.lazy import face

if TYPE_CHECKING:
    from gazetteer.exchange.formats.geonames import MAPPING as GEONAMES
    from gazetteer.exchange.headers import labels
    from gazetteer.exchange.reading import Reading, read, understand
    from gazetteer.exchange.sources.opening import Opened, opened
    from gazetteer.exchange.writing import FORMATS, Written, maker, write, write_rejects
    from gazetteer.kinds import FILES as KINDS

__getattr__ = face(__name__)

__all__ = [
    "FORMATS",
    "GEONAMES",
    "KINDS",
    "Opened",
    "Reading",
    "Written",
    "labels",
    "maker",
    "opened",
    "read",
    "understand",
    "write",
    "write_rejects",
]
